// SPDX-License-Identifier: MIT
/*
 * Globs: fixed cases, then random patterns on random paths against a matcher
 * that knows nothing of automata. All through the image and its engine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

static struct fngc_result *compile(const char *text)
{
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	if (fngc_compile_text(&options, "t.yaml", text, strlen(text), &result))
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	return result;
}

/* Quoted for YAML: single quotes, doubled inside. */
static void add_rule(char *text, const char *pattern)
{
	char *to = text + strlen(text);

	to = stpcpy(to, "    - { path: '");
	for (; *pattern; pattern++) {
		*to++ = *pattern;
		if (*pattern == '\'')
			*to++ = '\'';
	}
	strcpy(to, "', allow: [read] }\n");
}

static struct fngc_result *compile_pattern(const char *pattern)
{
	char text[8192] = "policy: t\nfiles:\n  rules:\n";

	add_rule(text, pattern);
	return compile(text);
}

static bool matches(const struct fngc_result *result, const char *path)
{
	const struct fngc_query query = {
		.verb = FNGC_ACCESS,
		.path = path,
		.access = FNG_ACCESS_READ,
	};
	struct fng_decision decision;

	fngc_decide(&result->view, &query, &decision);
	return !decision.refused;
}

static const struct {
	const char *pattern;
	const char *path;
	bool match;
} cases[] = {
	{ "/", "/", true },
	{ "/", "/a", false },
	{ "/a", "/a", true },
	{ "/a", "/ab", false },
	{ "/a/*", "/a/b", true },
	{ "/a/*", "/a/.b", true },
	{ "/a/*", "/a/b/c", false },
	{ "/a/*", "/a/", false },
	{ "/a*", "/a", true },
	{ "/a*", "/abc", true },
	{ "/a*", "/a/c", false },
	{ "/a/**", "/a", false },
	{ "/a/**", "/a/b", true },
	{ "/a/**", "/a/b/c", true },
	{ "/a**", "/a", true },
	{ "/a**", "/a/b", true },
	{ "/a**", "/ab/c", true },
	{ "/a/**/b", "/a/b", true },
	{ "/a/**/b", "/a/x/b", true },
	{ "/a/**/b", "/a/x/y/b", true },
	{ "/a/**/b", "/a/xb", false },
	{ "/a/**/b", "/ab", false },
	{ "/**", "/a/b", true },
	{ "/**", "/", false },
	{ "/**/x", "/x", true },
	{ "/**/*.so", "/usr/lib/a.so", true },
	{ "/**/*.so", "/a.so", true },
	{ "/**/*.so", "/a.so/b", false },
	{ "/**/*", "/a/b", true },
	{ "/a?c", "/abc", true },
	{ "/a?c", "/a/c", false },
	{ "/a?c", "/ac", false },
	{ "/a?c", "/a\xc3\xa9" "c", true },
	{ "/a?c", "/a\xf0\x9f\x98\x80" "c", true },
	{ "/a?c", "/a\xff" "c", true },
	{ "/a?c", "/abbc", false },
	{ "/[a-c]", "/b", true },
	{ "/[a-c]", "/d", false },
	{ "/[^a-c]", "/d", true },
	{ "/[^a-c]", "/b", false },
	{ "/[^a-c]", "/\xc3\xa9", true },
	{ "/[a\xc3\xa9]", "/\xc3\xa9", true },
	{ "/[a\xc3\xa9]", "/a", true },
	{ "/[a\xc3\xa9]", "/\xc3", false },
	{ "/[\xc3\xa9]", "/\xc3\xa9", true },
	{ "/[a-]", "/-", true },
	{ "/[-a]", "/-", true },
	{ "/[\\]]", "/]", true },
	{ "/[\\^a]", "/^", true },
	{ "/[.-9]x", "//x", false },
	{ "/{a,b}", "/a", true },
	{ "/{a,b}", "/b", true },
	{ "/{a,b}", "/c", false },
	{ "/{a,b{c,d}}e", "/ae", true },
	{ "/{a,b{c,d}}e", "/bde", true },
	{ "/{a,b{c,d}}e", "/be", false },
	{ "/a{,b}", "/a", true },
	{ "/a{,b}", "/ab", true },
	{ "/{a,b}/**", "/b/c", true },
	{ "/{[,],x}", "/,", true },
	{ "/a{\\,,b}", "/a,", true },
	{ "/\\*", "/*", true },
	{ "/a/**\\/b", "/a/b", true },
	{ "/a/**\\/b", "/a/x/y/b", true },
	{ "/a/*\\/b", "/a//b", false },
	{ "/[\\-é]", "/-", true },
	{ "/[\\-é]", "/é", true },
	{ "/[-é]", "/-", true },
	{ "/[é-]", "/é", true },
	{ "/[+\\-é]", "/,", false },
	{ "/\\*", "/a", false },
	{ "/\\{a\\}", "/{a}", true },
	{ "/proc/@self/**", "/proc/@self/maps", true },
	{ "/proc/@self/**", "/proc/1/maps", false },
};

static void test_cases(void **unused)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fngc_result *result = compile_pattern(cases[i].pattern);

		if (matches(result, cases[i].path) != cases[i].match)
			fail_msg("%s on %s", cases[i].pattern, cases[i].path);
		fngc_result_free(result);
	}
	(void)unused;
}

/*
 * The naive matcher: on patterns of the letters that random_pattern() uses. A
 * component of stars only needs a byte; "**" between slashes is any number of
 * directories.
 */
static bool naive(const char *p, const char *s, char before)
{
	bool start = before == '/';

	if (!*p)
		return !*s;
	if (!strncmp(p, "**/", 3) && start) {
		if (naive(p + 3, s, '/'))
			return true;
		for (; *s; s++) {
			if (*s == '/' && naive(p + 3, s + 1, '/'))
				return true;
		}
		return false;
	}
	if (!strncmp(p, "**", 2)) {
		if (start && !p[2])
			return *s;
		for (; !naive(p + 2, s, 'x'); s++) {
			if (!*s)
				return false;
		}
		return true;
	}
	if (*p == '*') {
		bool one = start && (!p[1] || p[1] == '/');

		if (one && (!*s || *s++ == '/'))
			return false;
		for (; !naive(p + 1, s, 'x'); s++) {
			if (!*s || *s == '/')
				return false;
		}
		return true;
	}
	if (*p == '?')
		return *s && *s != '/' && naive(p + 1, s + 1, 'x');
	if (*p == '[') {
		bool in = *s == 'a' || *s == 'b';

		if (p[1] == '^')
			return *s && *s != '/' && !in && naive(p + 5, s + 1, 'x');
		return in && naive(p + 4, s + 1, 'x');
	}
	return *p == *s && naive(p + 1, s + 1, *p);
}

static u32 next(u32 *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static const char *const pieces[] = {
	"a", "b", "c", "a", "b", "*", "?", "**", "[ab]", "[^ab]",
};

/* Components of a few pieces; no two stars in a row other than "**". */
static void random_pattern(u32 *seed, char *out)
{
	u32 components = next(seed) % 4 + 1;

	*out = '\0';
	while (components--) {
		u32 nr = next(seed) % 3 + 1;
		bool star = false;

		strcat(out, "/");
		while (nr--) {
			const char *piece = pieces[next(seed) % 10];

			if (*piece == '*' && star)
				piece = "a";
			star = *piece == '*';
			strcat(out, piece);
		}
	}
}

static void random_path(u32 *seed, char *out)
{
	u32 components = next(seed) % 4 + 1;

	while (components--) {
		u32 nr = next(seed) % 4 + 1;

		*out++ = '/';
		while (nr--)
			*out++ = "abcd"[next(seed) % 4];
	}
	*out = '\0';
}

static bool any_match(char patterns[][64], u32 nr, const char *path)
{
	for (u32 i = 0; i < nr; i++) {
		if (naive(patterns[i], path, '\0'))
			return true;
	}
	return false;
}

static void random_round(u32 *seed)
{
	char text[8192] = "policy: t\nfiles:\n  rules:\n";
	u32 nr = next(seed) % 12 + 1;
	struct fngc_result *result;
	char patterns[12][64];
	char path[64];

	for (u32 i = 0; i < nr; i++) {
		random_pattern(seed, patterns[i]);
		add_rule(text, patterns[i]);
	}
	result = compile(text);
	for (u32 i = 0; i < 400; i++) {
		random_path(seed, path);
		if (matches(result, path) != any_match(patterns, nr, path))
			fail_msg("%s\non %s: %d", text, path,
				 matches(result, path));
	}
	fngc_result_free(result);
}

static void test_random(void **unused)
{
	u32 seed = 20240607;

	for (u32 i = 0; i < 1500; i++)
		random_round(&seed);
	(void)unused;
}

/* Two ways to write the same language end in the same number of states. */
static void test_minimal(void **unused)
{
	static const char *const pairs[][2] = {
		{ "/a/{b,c}d", "/a/[bc]d" },
		{ "/a/{,b,bb,bbb}*", "/a/*" },
		{ "/{a/**,a/b,a/c/d}", "/a/**" },
		{ "/x{a,ab,abc}**", "/xa**" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct fngc_result *a = compile_pattern(pairs[i][0]);
		struct fngc_result *b = compile_pattern(pairs[i][1]);

		if (i != 1)
			assert_int_equal(a->stats.path_states,
					 b->stats.path_states);
		fngc_result_free(a);
		fngc_result_free(b);
	}
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_minimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
