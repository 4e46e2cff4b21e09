// SPDX-License-Identifier: MIT
/*
 * Digests: found by the whole path, among any number of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine_test.h"

static void digests_are_found_by_the_whole_path(void **state)
{
	static const struct {
		const char *name;
		u32 len;
		u32 rule;
	} rows[] = {
#define NAME(text)	text, sizeof(text) - 1
		{ NAME("/app/a"), FULL_DIGEST },
		{ NAME("/app/ab"), FULL_DIGEST_LONGER },
		{ "/app/ab", 6, FULL_DIGEST },
		{ NAME("/app/"), FNG_RULE_NONE },
		{ NAME("/app/aa"), FNG_RULE_NONE },
		{ NAME("/app/abc"), FNG_RULE_NONE },
		{ NAME("/app/b"), FNG_RULE_NONE },
		{ NAME("/app/a\0"), FNG_RULE_NONE },
		{ NAME("/app/a\xff"), FNG_RULE_NONE },
		{ NAME(""), FNG_RULE_NONE },
#undef NAME
	};
	struct subject s = subject_sample(SAMPLE_FULL);
	const struct fng_image_digest *digest;
	struct fng_decision d;
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++) {
		digest = fng_digest_find(&s.image, rows[i].name, rows[i].len);
		assert_int_equal(digest ? digest->rule : FNG_RULE_NONE,
				 rows[i].rule);
		if (!digest)
			continue;
		fng_digest_decide(&s.image, digest, &d);
		assert_true(d.refused);
		assert_int_equal(d.class, FNG_CLASS_EXEC);
		assert_int_equal(d.rule, rows[i].rule);
	}
	subject_free(&s);
}

/* Paths in the order of their bytes: prefixes first, high bytes last. */
static const char *const paths[] = {
	"/", "/a", "/a/b", "/a/b/c", "/ab", "/b", "/b\x7f", "/b\x80", "/c\xff",
};

/* What lies between and beside them, and none of which is one. */
static const char *const others[] = {
	"", "!", "//", "/A", "/a/", "/a/a", "/a/b/", "/a/b/b", "/a/b/c/", "/aa",
	"/abc", "/b/", "/b~", "/b\x7f\x7f", "/b\x81", "/c", "/c\xfe",
	"/c\xff\xff", "/d", "0", "\xff",
};

static struct subject subject_digests(u32 nr)
{
	struct image_builder b;
	u32 i;

	image_begin(&b, "digests");
	image_accept(&b, 0, 0, b.classes[FNG_CLASS_FILES].rule);
	image_portset(&b);
	for (i = 0; i < nr; i++)
		image_digest(&b, paths[i],
			     image_rule(&b, FNG_CLASS_EXEC, FNG_EFFECT_DENY,
					paths[i]));
	return subject_of(image_end(&b));
}

/* The name is alone in its allocation: whoever reads on is caught. */
static const struct fng_image_digest *find(const struct subject *s,
					   const char *name, size_t len)
{
	const struct fng_image_digest *digest;
	char *alone = malloc(len);

	assert_true(alone || !len);
	if (len)
		memcpy(alone, name, len);
	digest = fng_digest_find(&s->image, alone, len);
	free(alone);
	return digest;
}

static void each_of_any_number_is_found(void **state)
{
	u32 nr, i;

	(void)state;
	for (nr = 0; nr <= NR(paths); nr++) {
		struct subject s = subject_digests(nr);

		assert_int_equal(s.image.nr_digests, nr);
		for (i = 0; i < NR(paths); i++)
			assert_ptr_equal(find(&s, paths[i], strlen(paths[i])),
					 i < nr ? &s.image.digests[i] : NULL);
		subject_free(&s);
	}
}

static void what_is_between_them_is_not_found(void **state)
{
	u32 nr, i;

	(void)state;
	for (nr = 0; nr <= NR(paths); nr++) {
		struct subject s = subject_digests(nr);

		for (i = 0; i < NR(others); i++)
			if (find(&s, others[i], strlen(others[i])))
				fail_msg("%s among %u", others[i], nr);
		subject_free(&s);
	}
}

/* A NUL ends a path and no name: what is before it, or behind, does not count. */
static void a_name_with_a_nul_is_not_found(void **state)
{
	struct subject s = subject_digests(NR(paths));
	char name[32];
	u32 i;

	(void)state;
	for (i = 0; i < NR(paths); i++) {
		size_t len = strlen(paths[i]);

		memset(name, 0, sizeof(name));
		memcpy(name, paths[i], len);
		assert_null(find(&s, name, len + 1));
		assert_null(find(&s, name, sizeof(name)));
		name[len + 1] = 'x';
		assert_null(find(&s, name, len + 2));
		name[len - 1] = '\0';
		assert_null(find(&s, name, len));
	}
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_found_by_the_whole_path),
		cmocka_unit_test(each_of_any_number_is_found),
		cmocka_unit_test(what_is_between_them_is_not_found),
		cmocka_unit_test(a_name_with_a_nul_is_not_found),
	};

	return cmocka_run_group_tests_name("engine_digest", tests, NULL, NULL);
}
