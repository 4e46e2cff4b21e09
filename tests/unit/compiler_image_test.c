// SPDX-License-Identifier: MIT
/*
 * Images of policies that mean the same, and of policies that do not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

static struct fngc_result *compile_as(const char *name, const char *text)
{
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	if (fngc_compile_text(&options, name, text, strlen(text), &result))
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	return result;
}

static struct fngc_result *compile(const char *text)
{
	return compile_as("t.yaml", text);
}

static bool same_bytes(const struct fngc_result *a,
		       const struct fngc_result *b)
{
	return a->image_size == b->image_size &&
	       !memcmp(a->image, b->image, a->image_size);
}

/* One section's bytes; where rules were written is not part of the meaning. */
static bool same_section(const struct fngc_result *a,
			 const struct fngc_result *b, u32 kind)
{
	const struct fng_image_header *ha = a->image, *hb = b->image;
	const struct fng_image_span *sa = &ha->section[kind];
	const struct fng_image_span *sb = &hb->section[kind];

	return sa->size == sb->size &&
	       !memcmp((const char *)a->image + sa->offset,
		       (const char *)b->image + sb->offset, sa->size);
}

static bool same_meaning(const struct fngc_result *a,
			 const struct fngc_result *b)
{
	for (u32 kind = 0; kind < FNG_NR_SECTIONS; kind++) {
		if (kind != FNG_SECTION_STRINGS && kind != FNG_SECTION_RULES &&
		    !same_section(a, b, kind))
			return false;
	}
	return true;
}

/* All but the last digit of a digest. */
#define SHA256	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"

/* Byte for byte the same: line by line, only the spelling differs. */
static const char *const equal[][2] = {
	{ "policy: t\nexec: { allow: [/a, /b] }\n",
	  "policy: \"t\"\nexec: { allow: ['/a', \"/b\"] }\n" },
	{ "policy: t\nexec: { default: deny, allow: [/a] }\n",
	  "policy: t # x\nexec: {   default: \"deny\", \"allow\":   [/a]}" },
	{ "policy: t\nfiles: { rules: [{ path: /a, allow: [read, write] }] }",
	  "{\"policy\": \"t\",\n\"files\": {\"rules\":[{\"path\": \"/a\","
	  " \"allow\": [\"write\", \"read\"]}]}}" },
	{ "policy: t\nmode: enforce\n", "policy: t\n" },
	{ "policy: t\nversion: 0\n", "policy: t\n" },
	{ "policy: t\nparams: { p: /a }\nexec: { allow: [\"${p}\"] }\n",
	  "policy: t\n\nexec: { allow: [/a] }\n" },
	{ "policy: t\nresponse: { errno: { exec: EACCES } }\n", "policy: t\n" },
	{ "policy: t\r\nexec: { allow: [/a] }\r\n",
	  "policy: t\nexec: { allow: [/a] }\n" },
	{ "policy: t\nattach: { cgroup: [/a, /b] }\n",
	  "policy: t\nattach: { cgroup: ['/{a,b}'] }\n" },
	{ "policy: t\nattach: { interface: [tap0, tap1] }\n",
	  "policy: t\nattach: { interface: ['tap{1,0}'] }\n" },
	{ "policy: t\nattach: { interface: ['tap*', tap1] }\n",
	  "policy: t\nattach: { interface: [tap1, 'tap*', 'tap-*'] }\n" },
};

/* The same decisions, by other words for them. */
static const char *const equivalent[][2] = {
	{ "policy: t\nexec: { allow: [/usr/bin/a] }\n",
	  "policy: t\nexec: { default: deny, allow: ['/usr/bin/[a]'] }\n" },
	{ "policy: t\nexec: { allow: ['/a{b,c}'] }\n",
	  "policy: t\nexec: { allow: ['/a[bc]'] }\n" },
	{ "policy: t\nexec: { allow: ['/a/***'] }\n",
	  "policy: t\nexec: { allow: ['/a/**'] }\n" },
	{ "policy: t\nfiles: { rules: [{ path: /a, allow: [all] }] }\n",
	  "policy: t\nfiles: { rules: [{ path: /a, allow: [read, write, create,"
	  " delete, attr, link] }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { to: [@any] } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { to: ['::/0', 0.0.0.0/0],"
	  " ports: ['*'] } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/8], "
	  "ports: [53] } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { to: ['::ffff:10.0.0.0/104'],"
	  " ports: [53/udp, 53/tcp] } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/8], "
	  "ports: [1-9/tcp] } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/9, "
	  "10.128.0.0/9, 10.1.2.3], ports: [5-9/tcp, 1-4/tcp] } }] }\n" },
	{ "policy: t\nsockets: { families: [unix, inet] }\n",
	  "policy: t\nsockets: { families: [inet, unix, inet] }\n" },
	{ "policy: t\nexec: {}\n", "policy: t\nexec: { fileless: deny }\n" },
	{ "policy: t\negress: { rules: [{ allow: { host: '*.a.example' } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { host: '*.A.Example.', "
	  "answers: public, ports: ['*/tcp', '*/udp'] } }] }\n" },
	{ "policy: t\negress: { resolvers: [10.0.0.2] }\n",
	  "policy: t\negress: { dns: any, resolvers: ['::ffff:10.0.0.2/128', "
	  "10.0.0.2/32] }\n" },
	{ "policy: t\nexec: { sha256: { /a: " SHA256 "a, /b: " SHA256 "b } }\n",
	  "policy: t\nexec: { sha256: { /b: " SHA256 "B, /a: " SHA256 "A } }\n" },
	{ "policy: t\nlimits: { connect: 1/s, dns-label: 1 }\n",
	  "policy: t\nlimits: { dns-label: 1, connect: 1/s }\n" },
};

static const char *const different[][2] = {
	{ "policy: t\n", "policy: u\n" },
	{ "policy: t\n", "policy: t\nversion: 1\n" },
	{ "policy: t\n", "policy: t\nmode: audit\n" },
	{ "policy: t\n", "policy: t\nexec: {}\n" },
	{ "policy: t\nexec: {}\n", "policy: t\nexec: { default: allow }\n" },
	{ "policy: t\nexec: {}\n", "policy: t\nexec: { fileless: allow }\n" },
	{ "policy: t\nexec: {}\n", "policy: t\nexec: { modified: deny }\n" },
	{ "policy: t\nexec: { sha256: { /a: " SHA256 "0 } }\n",
	  "policy: t\nexec: { sha256: { /a: " SHA256 "1 } }\n" },
	{ "policy: t\nexec: { sha256: { /a: " SHA256 "0 } }\n",
	  "policy: t\nexec: { sha256: { /abc: " SHA256 "0, /a: " SHA256 "0 } }\n" },
	{ "policy: t\nexec: {}\n", "policy: t\nexec: { mode: audit }\n" },
	{ "policy: t\nexec: { allow: [/a] }\n",
	  "policy: t\nexec: { allow: [/b] }\n" },
	{ "policy: t\nexec: { allow: [/a] }\n",
	  "policy: t\nexec: { map: [/a] }\n" },
	{ "policy: t\nexec: { allow: [/a] }\n",
	  "policy: t\nexec: { deny: [/a] }\n" },
	{ "policy: t\nexec: { allow: ['/a/*'] }\n",
	  "policy: t\nexec: { allow: ['/a/**'] }\n" },
	{ "policy: t\nfiles: { rules: [{ path: /a, allow: [read] }] }\n",
	  "policy: t\nfiles: { rules: [{ path: /a, allow: [write] }] }\n" },
	{ "policy: t\nmemory: {}\n", "policy: t\nmemory: {write-exec: allow}\n" },
	{ "policy: t\nsockets: { families: [unix] }\n",
	  "policy: t\nsockets: { types: [stream] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/8] } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/9] } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { to: [10.0.0.0/8] } }] }\n",
	  "policy: t\negress: { rules: [{ deny: { to: [10.0.0.0/8] } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { host: '*.a.example' } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { host: '**.a.example' } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { host: '*.a.example' } }] }\n",
	  "policy: t\negress: { rules: [{ deny: { host: '*.a.example' } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { host: a.example } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { host: a.example, "
	  "answers: any } }] }\n" },
	{ "policy: t\negress: { rules: [{ allow: { host: a.example } }] }\n",
	  "policy: t\negress: { rules: [{ allow: { host: example.a } }] }\n" },
	{ "policy: t\negress: { resolvers: [10.0.0.2] }\n",
	  "policy: t\negress: { rules: [{ allow: { to: [10.0.0.2], "
	  "ports: [53] } }] }\n" },
	{ "policy: t\negress: { resolvers: [10.0.0.2] }\n",
	  "policy: t\negress: { resolvers: [10.0.0.2], dns: strict }\n" },
	{ "policy: t\nexec: {}\nresponse: { errno: { exec: EIO } }\n",
	  "policy: t\nexec: {}\n" },
	{ "policy: t\nattach: { cgroup: [/a] }\n",
	  "policy: t\nattach: { cgroup: ['/a/*'] }\n" },
	{ "policy: t\nattach: { interface: [tap1] }\n",
	  "policy: t\nattach: { interface: ['tap[1]'] }\n" },
	{ "policy: t\nlimits: { connect: 1/s }\n",
	  "policy: t\nlimits: { connect: 2/s }\n" },
	{ "policy: t\nlimits: { connect: 1/s }\n",
	  "policy: t\nlimits: { connect: 1/s burst 2 }\n" },
	{ "policy: t\nlimits: { connect: 1/s }\n",
	  "policy: t\nlimits: { dns-queries: 1/s }\n" },
	{ "policy: t\nlimits: { dns-label: 1 }\n",
	  "policy: t\nlimits: { dns-label: 1, mode: audit }\n" },
	{ "policy: t\nlimits: { dns-label: 1 }\n", "policy: t\n" },
};

#define FOR_PAIRS(pairs, body)						\
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*(pairs)); i++) {	\
		struct fngc_result *a = compile((pairs)[i][0]);		\
		struct fngc_result *b = compile((pairs)[i][1]);		\
									\
		if (!(body))						\
			fail_msg("%s\n%s", (pairs)[i][0], (pairs)[i][1]); \
		fngc_result_free(a);					\
		fngc_result_free(b);					\
	}

static void test_equal(void **unused)
{
	FOR_PAIRS(equal, same_bytes(a, b));
	(void)unused;
}

static void test_equivalent(void **unused)
{
	FOR_PAIRS(equivalent, same_meaning(a, b));
	(void)unused;
}

static void test_different(void **unused)
{
	FOR_PAIRS(different, !same_meaning(a, b));
	(void)unused;
}

/* Where the file lies, and what lies in memory, leaves no trace. */
static void test_deterministic(void **unused)
{
	static const char text[] =
		"policy: t\nattach: { cgroup: [/fn/*] }\n"
		"exec: { allow: ['/usr/**/x*', /b], deny: ['/{c,d}/*'] }\n"
		"egress: { rules: [{ allow: { to: [@private, @any] } }] }\n";
	struct fngc_result *first = compile_as("/home/me/t.yaml", text);

	for (u32 i = 0; i < 20; i++) {
		void *hole = malloc(i * 4096 + 1);
		struct fngc_result *again = compile_as("x/t.yaml", text);

		assert_true(same_bytes(first, again));
		fngc_result_free(again);
		free(hole);
	}
	assert_null(memmem(first->image, first->image_size, "home", 4));
	fngc_result_free(first);
	(void)unused;
}

static void test_masks(void **unused)
{
	struct fngc_result *r = compile(
		"policy: t\nfiles: { rules: ["
		"{ path: '/tmp/**', allow: [read, write] },"
		"{ path: '/app/secrets/**', deny: [all] }] }\n");
	const struct fng_dfa *dfa = &r->view.path;
	u32 tmp = fng_path_walk(&r->view, "/tmp/a/", 7);
	u32 app = fng_path_walk(&r->view, "/app/", 5);
	u32 etc = fng_path_walk(&r->view, "/etc/", 5);

	assert_int_equal(dfa->states[tmp].every & FNG_ACCESS_FILES,
			 FNG_ACCESS_READ | FNG_ACCESS_WRITE);
	assert_int_equal(dfa->states[tmp].deny, 0);
	assert_int_equal(dfa->states[app].deny, FNG_ACCESS_FILES);
	assert_int_equal(dfa->states[app].any & FNG_ACCESS_FILES, 0);
	assert_int_equal(etc, FNG_STATE_DEAD);
	assert_int_equal(dfa->states[FNG_STATE_START].any & FNG_ACCESS_FILES,
			 FNG_ACCESS_READ | FNG_ACCESS_WRITE);
	/* The exec section is absent: code is granted everywhere. */
	assert_int_equal(dfa->states[etc].every,
			 FNG_ACCESS_CODE | FNG_ACCESS_UNIX);
	fngc_result_free(r);
	(void)unused;
}

static void test_devices(void **unused)
{
	static const struct {
		const char *name;
		enum fng_device_match match;
	} rows[] = {
		{ "tap-fn-", FNG_DEVICE_MATCHED },
		{ "tap-fn-1", FNG_DEVICE_MATCHED },
		{ "tap-fn-a.b", FNG_DEVICE_MATCHED },
		{ "tap-fn-7", FNG_DEVICE_NAMED },
		{ "tap-fn-77", FNG_DEVICE_MATCHED },
		{ "xtap-fn-1", FNG_DEVICE_UNMATCHED },
		{ "tap-fn", FNG_DEVICE_UNMATCHED },
		{ "veth3", FNG_DEVICE_MATCHED },
		{ "veth33", FNG_DEVICE_UNMATCHED },
		{ "vetha", FNG_DEVICE_UNMATCHED },
		{ "br0", FNG_DEVICE_NAMED },
		{ "br1", FNG_DEVICE_NAMED },
		{ "br2", FNG_DEVICE_UNMATCHED },
		{ "", FNG_DEVICE_UNMATCHED },
	};
	struct fngc_result *r = compile(
		"policy: t\nattach: { interface: ['tap-fn-*', tap-fn-7, "
		"'veth[0-9]', 'br{0,1}'] }\n");

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(fng_device_match(&r->view, rows[i].name,
						  strlen(rows[i].name)),
				 rows[i].match);
	fngc_result_free(r);
	(void)unused;
}

/* A copy to be tried has another name, attaches nowhere, and decides the same. */
static void test_renamed(void **unused)
{
	static const char text[] =
		"policy: t\nattach: { cgroup: [/fn/*], interface: [tap*] }\n"
		"files: { rules: [{ path: '/tmp/**', allow: [read] }] }\n";
	static const char detached[] =
		"policy: copy\n\n"
		"files: { rules: [{ path: '/tmp/**', allow: [read] }] }\n";
	const struct fngc_options options = { .isolated = true,
					      .rename = "copy" };
	struct fngc_result *renamed, *expected = compile(detached);

	assert_int_equal(fngc_compile_text(&options, "t.yaml", text,
					   strlen(text), &renamed), 0);
	assert_true(same_bytes(renamed, expected));
	fngc_result_free(renamed);
	fngc_result_free(expected);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_equivalent),
		cmocka_unit_test(test_different),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_renamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
