// SPDX-License-Identifier: MIT
/*
 * Policies that extend the same template: when their bases are the same bytes,
 * and when there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <compiler/compiler.h>

/* Rules of the large template; the small one has the first two of them. */
#define NR_RULES	200

static char directory[] = "/tmp/base_test.XXXXXX";

static void write_template(const char *name, const char *head, u32 nr)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/templates/%s.yaml", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "template: %s\n%sfiles:\n  rules:\n", name, head);
	for (u32 i = 0; i < nr; i++)
		fprintf(file, "    - { path: '/srv/%03u/*.json', %s: [read] }\n",
			i, i % 10 ? "allow" : "deny");
	assert_int_equal(fclose(file), 0);
}

static int begin(void **unused)
{
	char path[64];

	(void)unused;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/templates", directory);
	if (mkdir(path, 0700))
		return -1;
	write_template("large", "", NR_RULES);
	write_template("small", "", 2);
	write_template("net", "egress: { rules: [{ allow: { to: [@any] } }] }\n",
		       NR_RULES);
	write_template("names", "egress: { resolvers: [10.0.0.2], rules: ["
		       "{ allow: { host: '**.example.com' } }] }\n", NR_RULES);
	return 0;
}

static int end(void **unused)
{
	char command[64];

	(void)unused;
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command);
}

static struct fngc_result *compile(const char *text)
{
	const char *const path[] = { directory, NULL };
	const struct fngc_options options = { .policy_path = path };
	struct fngc_result *result;

	if (fngc_compile_text(&options, "t.yaml", text, strlen(text), &result))
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	return result;
}

static const struct fng_image_span *base_span(const struct fngc_result *r)
{
	const struct fng_image_header *header = r->image;

	return &header->section[FNG_SECTION_BASE];
}

static bool same_base(const struct fngc_result *a, const struct fngc_result *b)
{
	const struct fng_image_span *sa = base_span(a), *sb = base_span(b);

	return sa->size && sa->size == sb->size &&
	       !memcmp((const char *)a->image + sa->offset,
		       (const char *)b->image + sb->offset, sa->size);
}

/* What is the policy's own is nothing of the base's. */
static const char *const same[] = {
	"policy: a\nextends: [large]\n",
	"policy: b\nversion: 7\nextends: [large]\n",
	"policy: c\nextends: [large]\nmode: audit\n",
	"policy: c\nextends: [large]\nfiles: { mode: audit }\n",
	"policy: d\nextends: [large]\nattach: { cgroup: ['/fn/*'] }\n",
	"policy: e\nextends: [large]\nresponse: { errno: { files: EIO } }\n",
	"policy: f\nextends: [large]\nfiles: { default: deny }\n",
	"policy: g\nextends: [large]\nfiles: { rules: ["
	"{ path: '/own/**', allow: [all] }] }\n",
	"policy: h\nextends: [large]\nfiles: { rules: ["
	"{ path: '/srv/01?/**', deny: [read] }] }\n",
	"policy: i\nextends: [large]\nmemory: {}\nfiles: { rules: ["
	"{ path: /srv/001/a.json, allow: [write] }] }\n",
};

/* What a base depends on: defaults, the sections there are, and the rules. */
static const char *const different[] = {
	"policy: a\nextends: [large]\nfiles: { default: allow }\n",
	"policy: b\nextends: [large]\nexec: {}\n",
	"policy: c\nextends: [net]\n",
	"policy: d\nextends: [large]\noverride: [{ rule: 'large:5', "
	"reason: x }]\n",
	"policy: e\nextends: [large]\nfiles: { rules: ["
	"{ path: '/srv/001/*.json', allow: [read] }] }\n",
};

/* Nothing to share, or too little of it. */
static const char *const flat[] = {
	"policy: a\nfiles: { rules: [{ path: '/a', allow: [read] }] }\n",
	"policy: b\nextends: [small]\n",
	"policy: c\nextends: [large]\nfiles: { rules: ["
	"{ path: '/{a,b}/**/*.json', deny: [read] },"
	"{ path: '/**/c/*/*.json', deny: [read] }] }\n",
};

#define NR(array) (sizeof(array) / sizeof(*(array)))

static void test_same(void **unused)
{
	struct fngc_result *first = compile(same[0]);

	for (size_t i = 0; i < NR(same); i++) {
		struct fngc_result *other = compile(same[i]);

		if (!same_base(first, other))
			fail_msg("has another base: %s", same[i]);
		assert_true(other->image_size - base_span(other)->size < 8000);
		fngc_result_free(other);
	}
	fngc_result_free(first);
	(void)unused;
}

static void test_different(void **unused)
{
	struct fngc_result *first = compile(same[0]);

	for (size_t i = 0; i < NR(different); i++) {
		struct fngc_result *other = compile(different[i]);

		assert_non_null(other->view.base);
		if (same_base(first, other))
			fail_msg("has the same base: %s", different[i]);
		fngc_result_free(other);
	}
	fngc_result_free(first);
	(void)unused;
}

static void test_flat(void **unused)
{
	for (size_t i = 0; i < NR(flat); i++) {
		struct fngc_result *r = compile(flat[i]);

		if (r->view.base)
			fail_msg("has a base: %s", flat[i]);
		assert_int_equal(base_span(r)->size, 0);
		fngc_result_free(r);
	}
	(void)unused;
}

static void ask(const struct fngc_result *r, const char *path, u32 access,
		bool refused, const char *file, u32 line)
{
	const struct fngc_query query = {
		.verb = FNGC_ACCESS,
		.path = path,
		.access = access,
	};
	struct fng_decision decision;
	struct fngc_origin origin;

	fngc_decide(&r->view, &query, &decision);
	fngc_origin(&r->view, decision.rule, &origin);
	if (decision.refused != refused || origin.line != line ||
	    strcmp(origin.file, file))
		fail_msg("%s: %s by %s:%u", path,
			 decision.refused ? "refused" : "allowed",
			 origin.file, origin.line);
}

/* A rule's place is told wherever it is kept. */
static void test_origins(void **unused)
{
	struct fngc_result *r = compile(
		"policy: t\nextends: [large]\nfiles:\n  default: deny\n"
		"  rules:\n"
		"    - { path: '/srv/001/b*', deny: [read] }\n"
		"    - { path: '/srv/000/a', allow: [write] }\n");

	assert_non_null(r->view.base);
	assert_int_equal(fng_rules_count(&r->view), r->nr_rules);
	ask(r, "/srv/000/a.json", FNG_ACCESS_READ, true, "large.yaml", 4);
	ask(r, "/srv/001/a.json", FNG_ACCESS_READ, false, "large.yaml", 5);
	ask(r, "/srv/001/b.json", FNG_ACCESS_READ, true, "t.yaml", 6);
	ask(r, "/srv/001/b", FNG_ACCESS_READ, true, "t.yaml", 6);
	ask(r, "/srv/001/c", FNG_ACCESS_READ, true, "t.yaml", 4);
	ask(r, "/srv/000/a", FNG_ACCESS_WRITE, false, "t.yaml", 7);
	ask(r, "/srv/199/x.json", FNG_ACCESS_READ, false, "large.yaml", 203);
	ask(r, "/srv/200/x.json", FNG_ACCESS_READ, true, "t.yaml", 4);
	fngc_result_free(r);
	(void)unused;
}

static void ask_host(const struct fngc_result *r, const char *name,
		     const char *file, u32 line)
{
	struct fngc_query query;
	struct fng_decision decision;
	struct fngc_origin origin;
	char reason[128];

	assert_int_equal(fngc_query_parse("connect", name, NULL, &query, reason,
					  sizeof(reason)), 0);
	fngc_decide(&r->view, &query, &decision);
	fngc_origin(&r->view, decision.rule, &origin);
	if (origin.line != line || strcmp(origin.file, file))
		fail_msg("%s: by %s:%u", name, origin.file, origin.line);
}

/* Names are the policy's, whoever wrote the rules, as their ids are not. */
static void test_hosts(void **unused)
{
	struct fngc_result *r = compile(
		"policy: t\nextends: [names]\negress:\n  rules:\n"
		"    - { allow: { host: a.example.com, ports: [443/tcp] } }\n"
		"    - { deny: { host: b.example.com } }\n");

	assert_non_null(r->view.base);
	assert_int_equal(r->view.base->nr_hosts, 0);
	assert_int_equal(r->view.nr_resolvers, 1);
	ask_host(r, "a.example.com:443", "t.yaml", 5);
	ask_host(r, "a.example.com:80", "names.yaml", 2);
	ask_host(r, "c.example.com:443", "names.yaml", 2);
	ask_host(r, "b.example.com:443", "t.yaml", 4);
	ask_host(r, "10.0.0.2:53/udp", "names.yaml", 2);
	fngc_result_free(r);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_different),
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests_name("compiler_base", tests, begin, end);
}
