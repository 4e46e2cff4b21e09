// SPDX-License-Identifier: MIT
/*
 * Do two images say the same of connections? Whatever is different in what
 * decides on them is noticed, and nothing else is.
 */
#include <stdlib.h>

#include "engine_breakage.h"

/**
 * struct tables - an image whose tables can be changed, each alone in its
 *	allocation so that one too many is noticed
 * @s: what they are from
 * @image: with these tables
 * @meta: its table, as are those that follow
 */
struct tables {
	struct subject s;
	struct fng_image image;
	struct fng_image_meta *meta;
	struct fng_image_class *classes;
	struct fng_image_v4 *v4;
	struct fng_image_v6 *v6;
	struct fng_image_portset *portsets;
	struct fng_image_port *ports;
};

static void *copy_of(const void *from, size_t size)
{
	void *copy = malloc(size);

	assert_non_null(copy);
	return memcpy(copy, from, size);
}

#define COPY(t, field, nr) \
	((t)->image.field = (t)->field = \
	 copy_of((t)->s.image.field, (nr) * sizeof(*(t)->field)))

static void tables_make(struct tables *t)
{
	t->s = subject_sample(SAMPLE_FULL);
	t->image = t->s.image;
	t->image.nr_hosts = 0;
	COPY(t, meta, 1);
	COPY(t, classes, FNG_NR_CLASSES);
	COPY(t, v4, t->image.nr_v4);
	COPY(t, v6, t->image.nr_v6);
	COPY(t, portsets, t->image.nr_portsets);
	COPY(t, ports, t->image.nr_ports);
}

static void tables_free(struct tables *t)
{
	free(t->meta);
	free(t->classes);
	free(t->v4);
	free(t->v6);
	free(t->portsets);
	free(t->ports);
	subject_free(&t->s);
}

static int setup(void **state)
{
	struct tables *pair = calloc(2, sizeof(*pair));

	tables_make(&pair[0]);
	tables_make(&pair[1]);
	*state = pair;
	return 0;
}

static int teardown(void **state)
{
	struct tables *pair = *state;

	tables_free(&pair[0]);
	tables_free(&pair[1]);
	free(pair);
	return 0;
}

static void assert_same(const struct tables *pair, bool same)
{
	assert_int_equal(fng_traffic_same(&pair[0].image, &pair[1].image),
			 same);
	assert_int_equal(fng_traffic_same(&pair[1].image, &pair[0].image),
			 same);
}

/* Changes a byte of the one, and changes it back. */
static void flip(const struct tables *pair, void *at, bool same)
{
	u8 *byte = at;

	*byte ^= 1;
	assert_same(pair, same);
	*byte ^= 1;
	assert_same(pair, true);
}

/* One less of something. */
static void shorten(const struct tables *pair, u32 *nr)
{
	--*nr;
	assert_same(pair, false);
	++*nr;
	assert_same(pair, true);
}

static void flip_class(const struct tables *pair, u32 class, bool same)
{
	struct fng_image_class *of = &pair[0].classes[class];

	flip(pair, &of->present, same);
	flip(pair, &of->mode, same);
	flip(pair, &of->dflt, same);
}

static void two_of_the_same_are_the_same(void **state)
{
	assert_same(*state, true);
}

static void classes_of_connections_are_compared(void **state)
{
	u32 class;

	for (class = 0; class < FNG_NR_CLASSES; class++)
		flip_class(*state, class, class != FNG_CLASS_EGRESS &&
					  class != FNG_CLASS_LISTEN);
	flip(*state, &((struct tables *)*state)->meta->listen, false);
	flip(*state, &((struct tables *)*state)->meta->version, true);
}

static void addresses_are_compared(void **state)
{
	struct tables *t = *state;
	u32 nr_v4 = t->image.nr_v4, nr_v6 = t->image.nr_v6;

	flip(t, t->v4, false);
	flip(t, (u8 *)&t->v4[nr_v4] - 1, false);
	flip(t, t->v6, false);
	flip(t, (u8 *)&t->v6[nr_v6] - 1, false);
	shorten(t, &t->image.nr_v4);
	shorten(t, &t->image.nr_v6);
}

/* Rules may have other numbers. */
static void ports_are_compared_but_for_their_rules(void **state)
{
	struct tables *t = *state;
	u32 i, nr = t->image.nr_ports;

	for (i = 0; i < nr; i++) {
		flip(t, &t->ports[i].first, false);
		flip(t, &t->ports[i].last, false);
		flip(t, &t->ports[i].effect, false);
		flip(t, &t->ports[i].rule, true);
	}
	flip(t, t->portsets, false);
	flip(t, (u8 *)&t->portsets[t->image.nr_portsets] - 1, false);
	shorten(t, &t->image.nr_ports);
	shorten(t, &t->image.nr_portsets);
}

static void who_has_names_of_hosts_is_like_nobody(void **state)
{
	struct tables *t = *state;

	t[0].image.nr_hosts = 1;
	assert_same(t, false);
	t[1].image.nr_hosts = 1;
	assert_same(t, false);
}

static void bases_are_compared(void **state)
{
	struct tables *t = *state, base[2];

	tables_make(&base[0]);
	tables_make(&base[1]);
	t[0].image.base = &base[0].image;
	assert_same(t, false);
	t[1].image.base = &base[1].image;
	assert_same(t, true);
	flip(t, base[1].v4, false);
	flip(t, t[1].v4, false);
	t[0].image.base = NULL;
	assert_same(t, false);
	tables_free(&base[0]);
	tables_free(&base[1]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(two_of_the_same_are_the_same),
		TEST(classes_of_connections_are_compared),
		TEST(addresses_are_compared),
		TEST(ports_are_compared_but_for_their_rules),
		TEST(who_has_names_of_hosts_is_like_nobody),
		TEST(bases_are_compared),
	};

	return cmocka_run_group_tests_name("engine_traffic", tests, NULL, NULL);
}
