// SPDX-License-Identifier: MIT
/*
 * Names that change with each run, and names that do not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <learn/rules.h>
#include <learn/shape.h>

#define READ	FNG_ACCESS_READ
#define WRITE	(FNG_ACCESS_READ | FNG_ACCESS_WRITE)
#define MADE	(WRITE | FNG_ACCESS_CREATE)
#define GONE	(MADE | FNG_ACCESS_DELETE)

/* In parts, since some question marks mean something else to the compiler. */
#define UUID "????????" "-" "????" "-" "????" "-" "????" "-" "????????????"

static void names_have_their_patterns(void **unused)
{
	static const struct {
		const char *name;
		u32 access;
		const char *pattern;
		const char *reason;
	} rows[] = {
		{ "/etc/hosts", READ, "/etc/hosts", NULL },
		{ "/app/a b", READ, "/app/a b", NULL },
		{ "/app/[x]*?{y}\\", READ, "/app/\\[x\\]\\*\\?\\{y\\}\\\\",
		  NULL },
		{ "/app/${x}", READ, "/app/$\\{x\\}", NULL },
		{ "/etc/$$$$$$", WRITE, "/etc/$$$$$$", NULL },
		{ "/proc/1234/stat", READ, "/proc/[0-9]*/stat",
		  "numbers of processes, threads and descriptors" },
		{ "/proc/@self/fd/7", READ, "/proc/@self/fd/[0-9]*",
		  "numbers of processes, threads and descriptors" },
		{ "/proc/sys/net/ipv4/tcp_fin", READ,
		  "/proc/sys/net/ipv4/tcp_fin", NULL },
		{ "/data/123e4567-e89b-12d3-a456-426614174000.json", WRITE,
		  "/data/" UUID ".json",
		  "uuids" },
		{ "/data/123e4567-e89b-12d3-a456-42661417400", WRITE,
		  "/data/123e4567-e89b-12d3-a456-42661417400", NULL },
		{ "/var/lib/c0ffee0123456789/x", WRITE, "/var/lib/" "????????????????" "/x",
		  "ids in hexadecimal" },
		{ "/var/lib/123456789012/x", WRITE, "/var/lib/123456789012/x",
		  NULL },
		{ "/var/lib/deadbeefcafe/x", WRITE, "/var/lib/deadbeefcafe/x",
		  NULL },
		{ "/tmp/tmp8pzp0_6s", GONE, "/tmp/tmp????????",
		  "temporary names" },
		{ "/tmp/tmpabcdefgh.txt", GONE, "/tmp/tmp????????.txt",
		  "temporary names" },
		{ "/tmp/20j6acqf", GONE, "/tmp/????????", "temporary names" },
		{ "/tmp/database", WRITE, "/tmp/database", NULL },
		{ "/srv/20j6acqf", GONE, "/srv/20j6acqf", NULL },
		{ "/var/tmp/job.Ab3dE9", GONE, "/var/tmp/job.*",
		  "temporary names" },
		{ "/tmp/notes.backup", WRITE, "/tmp/notes.backup", NULL },
		{ "/dev/shm/app-4711.pid", WRITE, "/dev/shm/app-[0-9]*.pid",
		  "numbers that change" },
		{ "/run/app-4711.pid", WRITE, "/run/app-4711.pid", NULL },
		{ "/etc/deadbeef1234", WRITE, "/etc/deadbeef1234", NULL },
		{ "/home/u/.ssh/0123456789abcdef01", READ,
		  "/home/u/.ssh/0123456789abcdef01", NULL },
		{ "/etc/app-1.5", READ, "/etc/app-1.5", NULL },
		{ "/proc/sys/kernel/abcdef0123456789", READ,
		  "/proc/sys/kernel/abcdef0123456789", NULL },
		{ "/app/v1.2.3/main.js", READ, "/app/v[0-9]*/main.js",
		  "versions" },
		{ "/app/v1.2.3/state", WRITE, "/app/v1.2.3/state", NULL },
		{ "/usr/lib/python3.11/x.py", READ,
		  "/usr/lib/python[0-9]*/x.py", "versions" },
		{ "/app/__pycache__/m.cpython-311.pyc", READ,
		  "/app/__pycache__/*.pyc", "what Python compiles" },
		{ "/app/__pycache__/m.cpython-311.pyc.140234", GONE,
		  "/app/__pycache__/*.pyc.[0-9]*", "what Python compiles" },
		{ "/app/m.pyc", READ, "/app/m.pyc", NULL },
		{ "host:/run/user/1000/bus", FNG_ACCESS_UNIX,
		  "host:/run/user/1000/bus", NULL },
		{ "@worker-123e4567-e89b-12d3-a456-426614174000",
		  FNG_ACCESS_UNIX,
		  "@worker-" UUID,
		  "uuids" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fngc_arena arena = { 0 };
		struct fngl_shape shape = fngl_shape(&arena, rows[i].name,
						     rows[i].access);

		assert_string_equal(rows[i].pattern, shape.pattern);
		if (rows[i].reason)
			assert_string_equal(rows[i].reason, shape.reason);
		else
			assert_null(shape.reason);
		fngc_arena_free(&arena);
	}
	(void)unused;
}

static void siblings_have_a_suffix(void **unused)
{
	static const struct {
		const char *pattern;
		const char *siblings;
	} rows[] = {
		{ "/app/lib/a.py", "/app/lib/*.py" },
		{ "/app/[0-9]*/a.py", "/app/[0-9]*/*.py" },
		{ "/app/lib/name", NULL },
		{ "/app/lib/.hidden", NULL },
		{ "/app/lib/a.[0-9]*", NULL },
		{ "/app.d", NULL },
		{ "/app/a.py", NULL },
		{ "/etc/x/a.conf", NULL },
		{ "/etcetera/x/a.conf", "/etcetera/x/*.conf" },
		{ "/home/u/a.txt", NULL },
		{ "@a.b", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fngc_arena arena = { 0 };
		const char *found = fngl_siblings(&arena, rows[i].pattern);

		if (rows[i].siblings)
			assert_string_equal(rows[i].siblings, found);
		else
			assert_null(found);
		fngc_arena_free(&arena);
	}
	(void)unused;
}

static void add_files(struct fngl_acts *acts, int nr, const char *format,
		      u32 access)
{
	char name[64];

	for (int i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), format, 'a' + i);
		fngl_add(acts, &(struct fngl_act) {
			.verb = "open", .target = name, .access = access,
			.more = "",
		});
	}
}

/* Nine are many, and only what is read is guessed. */
static void many_names_get_one_rule(void **unused)
{
	struct fngc_arena arena = { 0 };
	struct fngl_rules rules = { 0 };
	struct fngl_acts acts = { 0 };

	add_files(&acts, FNGL_MANY, "/app/many/%c.py", READ);
	add_files(&acts, FNGL_MANY - 1, "/app/some/%c.py", READ);
	add_files(&acts, FNGL_MANY, "/app/written/%c.db", WRITE);
	fngl_settle(&acts);
	fngl_rules_make(&rules, &acts, "open", 0, false, &arena);
	assert_int_equal(1 + FNGL_MANY - 1 + FNGL_MANY, rules.nr);
	assert_string_equal("/app/many/*.py", rules.v[0].pattern);
	assert_string_equal("many names in one directory", rules.v[0].reason);
	assert_int_equal(READ, rules.v[0].access);
	assert_string_equal("/app/some/a.py", rules.v[1].pattern);
	free(rules.v);
	memset(&rules, 0, sizeof(rules));
	fngl_rules_make(&rules, &acts, "open", 0, true, &arena);
	assert_int_equal(3 * FNGL_MANY - 1, rules.nr);
	free(rules.v);
	fngl_free(&acts);
	fngc_arena_free(&arena);
	(void)unused;
}

/* What is done with one of them may be done with all that look like it. */
static void what_looks_alike_has_one_rule(void **unused)
{
	struct fngc_arena arena = { 0 };
	struct fngl_rules rules = { 0 };
	struct fngl_acts acts = { 0 };

	fngl_add(&acts, &(struct fngl_act) { "open", "/tmp/tmpaaaaaaaa",
					     READ, "" });
	fngl_add(&acts, &(struct fngl_act) { "open", "/tmp/tmpbbbbbbbb",
					     FNG_ACCESS_WRITE, "" });
	fngl_settle(&acts);
	fngl_rules_make(&rules, &acts, "open", 0, false, &arena);
	assert_int_equal(1, rules.nr);
	assert_int_equal(WRITE, rules.v[0].access);
	free(rules.v);
	fngl_free(&acts);
	fngc_arena_free(&arena);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_have_their_patterns),
		cmocka_unit_test(siblings_have_a_suffix),
		cmocka_unit_test(many_names_get_one_rule),
		cmocka_unit_test(what_looks_alike_has_one_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
