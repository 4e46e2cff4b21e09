// SPDX-License-Identifier: MIT
/*
 * Images by somebody who wants the verifier to fail: every way in which another
 * module's verifier once did is a test here, and so is every field of a good
 * image set to every number that is likely to hurt.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "engine_drive.h"
#include "engine_test.h"

static int verify(struct image_blob blob, struct fng_image *image)
{
	struct fng_image_error error = { 0 };
	int err = fng_image_verify(blob.data, blob.size, the_base(), image,
				   &error);

	/* To have found something and to refuse are the same. */
	assert_int_equal(!err, !error.reason);
	assert_true(error.offset <= blob.size);
	return err;
}

/* Accepted means that nothing whatever that is asked of it does harm. */
static void assert_harmless(struct image_blob blob)
{
	struct fng_image image;

	if (!verify(blob, &image))
		engine_drive(&image, blob.data, blob.size);
}

static void *records(struct image_blob blob, u32 section)
{
	return blob.data + image_offset(blob, section);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * CVE-2026-23407: the check of one index was skipped for states with a flag
 * set. Every index of every record must be checked whatever else it says.
 */
static void no_index_is_checked_on_a_condition(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct fng_image_state *states = records(blob, FNG_SECTION_PATH_STATES);
	struct fng_image_trans *trans = records(blob, FNG_SECTION_PATH_TRANS);
	u32 nr_states = image_size(blob, FNG_SECTION_PATH_STATES) / 16;
	u32 nr_trans = image_size(blob, FNG_SECTION_PATH_TRANS) / 8;
	struct fng_image image;
	u32 i, good;

	(void)state;
	for (i = 0; i < nr_states; i++) {
		good = states[i].dflt;
		states[i].dflt = nr_states;
		assert_int_equal(verify(blob, &image), -EINVAL);
		states[i].dflt = good;
		good = states[i].base;
		states[i].base = nr_trans;
		assert_int_equal(verify(blob, &image), -EINVAL);
		states[i].base = good;
	}
	for (i = 0; i < nr_trans; i++) {
		good = trans[i].next;
		trans[i].next = nr_states;
		assert_int_equal(verify(blob, &image), -EINVAL);
		trans[i].next = good;
	}
	assert_accepted(blob, &image);
	image_free(blob);
}

/*
 * The same for slots that nobody owns and for settings of classes that are
 * absent: nothing reads them today.
 */
static void what_nothing_reads_is_checked(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_SPARSE);
	struct fng_image_trans *trans = records(blob, FNG_SECTION_PATH_TRANS);
	struct fng_image_meta *meta = records(blob, FNG_SECTION_META);
	struct fng_image image;

	(void)state;
	while (trans->check != FNG_STATE_UNOWNED)
		trans++;
	trans->next = ~0u;
	assert_int_equal(verify(blob, &image), -EINVAL);
	trans->next = 0;
	meta->write_exec = ~0u;
	assert_int_equal(verify(blob, &image), -EINVAL);
	meta->write_exec = 0;
	meta->types_rule = FULL_NR_RULES;
	assert_int_equal(verify(blob, &image), -EINVAL);
	meta->types_rule = FNG_RULE_NONE;
	assert_accepted(blob, &image);
	image_free(blob);
}

/**
 * struct chain - an image of many states, each leading to one more
 * @blob: the image
 * @states: its states
 * @nr: number of them
 */
struct chain {
	struct image_blob blob;
	struct fng_image_state *states;
	u32 nr;
};

/* SAMPLE_BARE with its automaton replaced: one class of bytes, one slot. */
static struct chain chain_build(u32 nr)
{
	struct image_blob bare = sample_build(SAMPLE_BARE);
	u32 at = image_offset(bare, FNG_SECTION_PATH_STATES);
	u32 rest = image_offset(bare, FNG_SECTION_PATH_TRANS);
	u32 moved = (nr - image_size(bare, FNG_SECTION_PATH_STATES) / 16) * 16;
	struct chain chain = { .nr = nr };
	struct fng_image_header *header;
	u32 i;

	chain.blob.size = bare.size + moved;
	chain.blob.data = calloc(1, chain.blob.size);
	assert_non_null(chain.blob.data);
	memcpy(chain.blob.data, bare.data, rest);
	memcpy(chain.blob.data + rest + moved, bare.data + rest,
	       bare.size - rest);
	header = (void *)chain.blob.data;
	header->size = chain.blob.size;
	header->section[FNG_SECTION_PATH_STATES].size = nr * 16;
	for (i = FNG_SECTION_PATH_TRANS; i < FNG_NR_SECTIONS; i++)
		header->section[i].offset += moved;
	chain.states = (void *)(chain.blob.data + at);
	for (i = 0; i < nr; i++)
		chain.states[i] = (struct fng_image_state) {
			.dflt = i && i + 1 < nr ? i + 1 : 0,
			.any = FNG_ACCESS_ALL,
			.every = FNG_ACCESS_ALL,
		};
	image_free(bare);
	return chain;
}

/*
 * Chains of states were followed to their end, which a cycle does not have.
 * Here they are only ever followed by the bytes of a name.
 */
static void cycles_end(void **state)
{
	struct chain chain = chain_build(1000);
	char name[5000];
	struct fng_image image;
	u32 i;

	(void)state;
	memset(name, '/', sizeof(name));
	/* All in one ring; then each in one of its own. */
	chain.states[chain.nr - 1].dflt = FNG_STATE_START;
	assert_accepted(chain.blob, &image);
	assert_int_equal(fng_path_walk(&image, name, 4999),
			 4999 % 999 + 1);
	engine_drive(&image, (const u8 *)name, 500);
	for (i = 1; i < chain.nr; i++)
		chain.states[i].dflt = i;
	assert_accepted(chain.blob, &image);
	assert_int_equal(fng_path_walk(&image, name, 4999),
			 FNG_STATE_START);
	image_free(chain.blob);
}

/* Start states came from the blob and were believed. Ours is a constant. */
static void there_is_a_start_state(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct fng_image_header *header = (void *)blob.data;
	struct fng_image image;
	u32 nr;

	(void)state;
	for (nr = 0; nr <= FNG_STATE_START; nr++) {
		header->section[FNG_SECTION_PATH_STATES].size = nr * 16;
		assert_int_equal(verify(blob, &image), -EINVAL);
	}
	image_free(blob);
}

/*
 * A macro consumed two bytes of the name where it meant one. The name is alone
 * in its allocation: whoever reads on is caught.
 */
static void a_walk_reads_each_byte_once(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	static const char text[] = "/usr/bin/env";
	u32 one_by_one = FNG_STATE_START;
	char *name;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		name = malloc(len);
		assert_true(name || !len);
		if (len)
			memcpy(name, text, len);
		assert_int_equal(fng_path_walk(&s.image, name, len),
				 one_by_one);
		one_by_one = fng_path_step(&s.image, one_by_one,
					   (u8)text[len]);
		free(name);
	}
	subject_free(&s);
}

/* A refused image leaves nothing behind that could be freed or used twice. */
static void a_refusal_gives_nothing_away(void **state)
{
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct image_blob before;
	struct fng_image image, untouched;
	u32 at;

	(void)state;
	memset(&image, 0x5a, sizeof(image));
	untouched = image;
	for (at = 0; at < blob.size; at++) {
		blob.data[at] ^= 0x80;
		before = image_copy(blob);
		if (verify(blob, &image))
			assert_memory_equal(&image, &untouched, sizeof(image));
		assert_memory_equal(blob.data, before.data, blob.size);
		image = untouched;
		image_free(before);
		blob.data[at] ^= 0x80;
	}
	image_free(blob);
}

static void *verify_chain(void *arg)
{
	struct chain *chain = arg;
	struct fng_image image;

	assert_accepted(chain->blob, &image);
	return NULL;
}

/*
 * Recursion once went as deep as the blob said. As many states as there may be,
 * each behind the other, on a small stack; which also wants indices of more
 * than 16 bits.
 */
static void depth_costs_no_stack(void **state)
{
	struct chain chain = chain_build(FNG_MAX_STATES);
	double start = seconds();
	pthread_attr_t attr;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstacksize(&attr, 64 << 10), 0);
	assert_int_equal(pthread_create(&thread, &attr, verify_chain, &chain),
			 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	assert_true(seconds() - start < 5);
	image_free(chain.blob);
}

/* What is far away is reached: no index is cut to 16 bits. */
static void indices_are_wide(void **state)
{
	struct chain chain = chain_build(70000);
	char *name = calloc(1, 69998);
	struct fng_image image;

	(void)state;
	assert_non_null(name);
	assert_accepted(chain.blob, &image);
	assert_int_equal(fng_path_walk(&image, name, 69998),
			 69999);
	free(name);
	image_free(chain.blob);
}

/* As many sets of ports as there may be, all of the same ports: in no time. */
static void sharing_cannot_make_it_quadratic(void **state)
{
	struct image_builder b;
	struct image_blob blob;
	struct fng_image_portset *sets;
	struct fng_image image;
	double start;
	u32 i;

	(void)state;
	image_begin(&b, "quadratic");
	image_accept(&b, 0, 0, 0);
	image_portset(&b);
	for (i = 0; i < 65536; i++)
		image_port(&b, FNG_PROTO_UDP, (u16)i, (u16)i, 1, 0);
	for (i = 0; i < 65535; i++)
		image_portset(&b);
	blob = image_end(&b);
	sets = records(blob, FNG_SECTION_PORTSETS);
	start = seconds();
	assert_accepted(blob, &image);
	for (i = 1; i < 65536; i++)
		sets[i] = sets[0];
	assert_int_equal(verify(blob, &image), -EINVAL);
	assert_true(seconds() - start < 2);
	image_free(blob);
}

/* Reserved words were read and forgotten; here every one must be zero. */
static void reserved_is_zero_everywhere(void **state)
{
	static const struct {
		u32 section;
		u32 record;
		u32 at;
		u32 width;
	} rows[] = {
#define ROW(section, type, field) { section, sizeof(struct type), \
		offsetof(struct type, field), sizeof(((struct type *)0)->field) }
		ROW(FNG_SECTION_RULES, fng_image_rule, reserved),
		ROW(FNG_SECTION_CLASSES, fng_image_class, reserved),
		ROW(FNG_SECTION_CLASSES, fng_image_class, reserved2),
		ROW(FNG_SECTION_PORTS, fng_image_port, reserved),
		ROW(FNG_SECTION_RESOLVERS, fng_image_resolver, reserved),
#undef ROW
	};
	struct image_blob blob = sample_build(SAMPLE_FULL);
	struct fng_image image;
	size_t i;
	u32 at, bit;

	(void)state;
	for (i = 0; i < NR(rows); i++)
		for (at = rows[i].at; at < image_size(blob, rows[i].section);
		     at += rows[i].record)
			for (bit = 0; bit < rows[i].width * 8; bit++) {
				u8 *byte = blob.data + at + bit / 8 +
					image_offset(blob, rows[i].section);

				*byte = (u8)(1u << bit % 8);
				assert_int_equal(verify(blob, &image), -EINVAL);
				*byte = 0;
			}
	image_free(blob);
}

/* The image cut off after every byte, as it is and with a size to match. */
static void every_truncation_is_refused(void **state)
{
	struct image_blob blob = sample_build(*(enum sample *)*state);
	struct image_blob part;
	struct fng_image image;
	u32 size;

	for (size = 0; size < blob.size; size++) {
		part = blob;
		part.size = size;
		part = image_copy(part);
		assert_int_equal(verify(part, &image), -EINVAL);
		if (size >= 16) {
			((struct fng_image_header *)part.data)->size = size;
			assert_int_equal(verify(part, &image), -EINVAL);
		}
		image_free(part);
	}
	image_free(blob);
}

/* Each word of the image set to each number that is likely to hurt. */
static void every_word_is_refused_or_harmless(void **state)
{
	struct image_blob blob = sample_build(*(enum sample *)*state);
	u32 at, good, nr_states, i;

	nr_states = image_size(blob, FNG_SECTION_PATH_STATES) / 16;
	for (at = 0; at + 4 <= blob.size; at += 4) {
		memcpy(&good, blob.data + at, 4);
		const u32 values[] = {
			0, 1, 2, good + 1, good - 1, good ^ 0x80000000,
			nr_states - 1, nr_states, blob.size - 1, blob.size,
			blob.size + 1, 0x7fffffff, 0x80000000, ~0u - 1, ~0u,
		};

		for (i = 0; i < NR(values); i++) {
			memcpy(blob.data + at, &values[i], 4);
			assert_harmless(blob);
		}
		memcpy(blob.data + at, &good, 4);
	}
	image_free(blob);
}

/* The same for bytes, which is what masks and maps are made of. */
static void every_byte_is_refused_or_harmless(void **state)
{
	struct image_blob blob = sample_build(*(enum sample *)*state);
	u32 at, i;
	u8 good;

	for (at = 0; at < blob.size; at++) {
		good = blob.data[at];
		const u8 values[] = {
			0, 1, 0x7f, 0x80, 0xff, (u8)(good + 1), (u8)(good - 1),
		};

		for (i = 0; i < NR(values); i++) {
			blob.data[at] = values[i];
			assert_harmless(blob);
		}
		blob.data[at] = good;
	}
	image_free(blob);
}

int main(void)
{
	static enum sample full = SAMPLE_FULL;
	static enum sample sparse = SAMPLE_SPARSE;
	static enum sample bare = SAMPLE_BARE;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_index_is_checked_on_a_condition),
		cmocka_unit_test(what_nothing_reads_is_checked),
		cmocka_unit_test(cycles_end),
		cmocka_unit_test(there_is_a_start_state),
		cmocka_unit_test(a_walk_reads_each_byte_once),
		cmocka_unit_test(a_refusal_gives_nothing_away),
		cmocka_unit_test(depth_costs_no_stack),
		cmocka_unit_test(indices_are_wide),
		cmocka_unit_test(sharing_cannot_make_it_quadratic),
		cmocka_unit_test(reserved_is_zero_everywhere),
		cmocka_unit_test_prestate(every_truncation_is_refused, &full),
		cmocka_unit_test_prestate(every_truncation_is_refused, &sparse),
		cmocka_unit_test_prestate(every_truncation_is_refused, &bare),
		cmocka_unit_test_prestate(every_word_is_refused_or_harmless,
					  &full),
		cmocka_unit_test_prestate(every_word_is_refused_or_harmless,
					  &sparse),
		cmocka_unit_test_prestate(every_word_is_refused_or_harmless,
					  &bare),
		cmocka_unit_test_prestate(every_byte_is_refused_or_harmless,
					  &full),
		cmocka_unit_test_prestate(every_byte_is_refused_or_harmless,
					  &sparse),
	};

	return cmocka_run_group_tests_name("engine_hostile", tests, NULL, NULL);
}
