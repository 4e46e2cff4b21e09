// SPDX-License-Identifier: MIT
/*
 * A search with a first step finds what one without does.
 */
#include "engine_test.h"
#include "prng.h"

#define TCP		FNG_PROTO_TCP
#define PORT		443
#define MAX_RANGES	3000
#define ROUNDS		60

/**
 * struct layout - where ranges are
 * @nr: how many at most
 * @first: where the first may begin
 * @gap: most between two of them
 * @width: most that one covers beyond its first address
 */
struct layout {
	u32 nr;
	u32 first;
	u32 gap;
	u32 width;
};

static const struct layout layouts[] = {
	{ 0, 0, 1, 1 },
	{ 1, 0, 9, 9 },
	{ 15, 0, 0x10000000, 0x1000 },
	{ 16, 0, 0x10000000, 0x1000 },
	{ 17, 0x0a000000, 2, 1 },
	{ 100, 0xffffff00, 3, 2 },
	{ 1000, 0, 0x400000, 0x400000 },
	{ 1000, 0xc0a80000, 3, 1 },
	{ MAX_RANGES, 0, 0x100000, 0x80000 },
};

/* Each range has another rule, so that none can be taken for another. */
static void add_ranges(struct image_builder *b, const struct layout *layout,
		       struct prng *prng)
{
	u64 next = layout->first;
	u64 last;
	u32 i;

	for (i = 0; i < layout->nr; i++) {
		next += prng_below(prng, layout->gap);
		last = next + prng_below(prng, layout->width);
		if (last > 0xffffffff)
			return;
		image_v4(b, (u32)next, (u32)last, image_portset(b));
		image_port(b, TCP, PORT, PORT, FNG_EFFECT_ALLOW,
			   image_rule(b, FNG_CLASS_EGRESS, FNG_EFFECT_ALLOW,
				      "a range"));
		next = last + 1;
	}
}

static struct subject subject_in(const struct layout *layout,
				 struct prng *prng)
{
	struct image_builder b;

	image_begin(&b, "steps");
	image_accept(&b, 0, 0, 0);
	image_portset(&b);
	add_ranges(&b, layout, prng);
	return subject_of(image_end(&b));
}

static void assert_same(const struct fng_image *with,
			const struct fng_image *without, u32 addr)
{
	struct fng_endpoint end = { .family = 4, .proto = TCP, .port = PORT };
	struct fng_decision expected, seen;

	addr = htonl(addr);
	memcpy(end.addr, &addr, sizeof(addr));
	fng_egress_decide(without, &end, &expected);
	fng_egress_decide(with, &end, &seen);
	assert_int_equal(seen.refused, expected.refused);
	assert_int_equal(seen.rule, expected.rule);
}

/* Every end of a range, what is beside it, and anything. */
static void compare(const struct fng_image *with,
		    const struct fng_image *without, struct prng *prng)
{
	u32 i;

	assert_same(with, without, 0);
	assert_same(with, without, 0xffffffff);
	for (i = 0; i < with->nr_v4; i++) {
		assert_same(with, without, with->v4[i].first - 1);
		assert_same(with, without, with->v4[i].first);
		assert_same(with, without, with->v4[i].last);
		assert_same(with, without, with->v4[i].last + 1);
		assert_same(with, without, prng_next(prng));
	}
}

static void try_layout(const struct layout *layout, struct prng *prng)
{
	struct subject s = subject_in(layout, prng);
	struct fng_image with = s.image;
	u32 number = fng_steps_number(&with);
	u32 *steps = malloc(number * sizeof(*steps));

	memset(steps, 0xff, number * sizeof(*steps));
	assert_int_equal(!number, with.nr_v4 < 16);
	if (number) {
		fng_steps_set(&with, steps);
		assert_int_equal(1u << (32 - with.v4_shift), number - 1);
	}
	compare(&with, &s.image, prng);
	free(steps);
	subject_free(&s);
}

static void first_steps_change_no_decision(void **state)
{
	struct prng prng = prng_begin("first steps");
	u32 round;
	size_t i;

	(void)state;
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < NR(layouts); i++)
			try_layout(&layouts[i], &prng);
}

/* A power of two that is no less than the ranges, and one to end by. */
static void there_are_about_as_many_steps_as_ranges(void **state)
{
	static const struct {
		u32 ranges;
		u32 steps;
	} rows[] = {
		{ 0, 0 }, { 1, 0 }, { 15, 0 }, { 16, 17 }, { 17, 33 },
		{ 32, 33 }, { 33, 65 }, { 32768, 32769 }, { 32769, 65537 },
		{ 65536, 65537 }, { 65537, 65537 }, { 1000000, 65537 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		struct fng_image image = { .nr_v4 = rows[i].ranges };

		assert_int_equal(fng_steps_number(&image), rows[i].steps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_steps_change_no_decision),
		cmocka_unit_test(there_are_about_as_many_steps_as_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
