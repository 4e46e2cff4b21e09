// SPDX-License-Identifier: MIT
/*
 * Policies that are written of what was done: they allow it, and say what they do
 * not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include <learn/check.h>
#include <learn/learn.h>

static const char *const policy_path[] = { "../../policy/templates", "policy/templates", NULL };
static const char *const none[] = { NULL };

static void add(struct fngl_acts *acts, const char *verb, const char *target,
		u32 access, const char *more)
{
	fngl_add(acts, &(struct fngl_act) { verb, target, access, more });
}

/* Frees the acts; the text is to be freed. */
static char *write_named(const char *name, struct fngl_acts *acts,
			 const char *const *templates,
			 const char *const *params)
{
	const struct fngl_options options = {
		.name = name,
		.templates = templates,
		.compile = { .policy_path = policy_path, .params = params },
	};
	struct fngc_result *result;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	fngl_settle(acts);
	assert_int_equal(0, fngl_write(&options, acts, out, &result));
	fclose(out);
	fngl_free(acts);
	return text;
}

static char *write_with(struct fngl_acts *acts, const char *const *templates,
			const char *const *params)
{
	return write_named("t", acts, templates, params);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' in:\n%s", part, text);
}

#define REFUSED	"# Refused all the same"

static void everything_has_its_section(void **unused)
{
	struct fngl_acts acts = { 0 };
	char *text;

	add(&acts, "open", "/app/data", FNG_ACCESS_FILES, "");
	add(&acts, "exec", "/usr/bin/python3.11", 0, "");
	add(&acts, "map", "/usr/lib/libc.so.6", 0, "");
	add(&acts, "map", "/usr/bin/python3.11", 0, "");
	add(&acts, "unix", "host:/run/log.sock", 0, "");
	add(&acts, "listen", "8080/tcp", 0, "");
	add(&acts, "listen", "0/udp", 0, "");
	add(&acts, "socket", "inet/stream", 0, "");
	add(&acts, "socket", "inet6/stream", 0, "");
	add(&acts, "capability", "net_bind_service", 0, "");
	add(&acts, "privilege", "setuid", 0, "");
	add(&acts, "write-exec", "mmap", 0, "");
	add(&acts, "connect", "127.0.0.1:8080/tcp", 0, "");
	add(&acts, "connect", "[::1]:53/udp", 0, "");
	add(&acts, "connect", "192.0.2.1/icmp", 0, "");
	text = write_with(&acts, none, NULL);
	assert_has(text, "policy: t\nversion: 1\nexec:\n");
	assert_has(text, "  allow:\n    - \"/usr/bin/python3.11\"\n");
	assert_has(text, "  map:\n    - \"/usr/lib/libc.so.6\"\n  fileless");
	assert_has(text, "  fileless: deny\nmemory:\n  write-exec: allow\n");
	assert_has(text, "{ path: \"/app/data\", allow: [all] }\n");
	assert_has(text, "{ allow: { to: [\"127.0.0.1\"], ports: [8080/tcp] } }\n");
	assert_has(text, "{ allow: { to: [\"::1\"], ports: [53/udp] } }\n");
	assert_has(text, "{ allow: { to: [\"192.0.2.1\"], ports: [icmp] } }\n");
	assert_has(text, "  allow: [0/udp, 8080/tcp]\n");
	assert_has(text, "unix:\n  default: deny\n  allow:\n    - \"host:/run/log.sock\"\n");
	assert_has(text, "  families: [inet, inet6]\n  types: [stream]\n");
	assert_has(text, "  capabilities: [net_bind_service]\n  allow: [setuid]\n");
	assert_has_not(text, REFUSED);
	free(text);
	(void)unused;
}

static void nothing_is_a_policy_as_well(void **unused)
{
	struct fngl_acts acts = { 0 };
	char *text = write_with(&acts, NULL, NULL);

	assert_has_not(text, "extends");
	assert_has_not(text, "rules:");
	assert_has_not(text, REFUSED);
	free(text);
	(void)unused;
}

static void addresses_become_names(void **unused)
{
	struct fngl_acts acts = { 0 };
	char *text;

	add(&acts, "connect", "203.0.113.7:443/tcp", 0, "api.example.com");
	add(&acts, "connect", "203.0.113.8:443/tcp", 0, "api.example.com");
	add(&acts, "connect", "203.0.113.8:80/tcp", 0, "api.example.com");
	add(&acts, "connect", "10.0.0.9:5432/tcp", 0, "db.example.com");
	add(&acts, "connect", "10.0.0.2:53/udp", 0, "");
	add(&acts, "resolve", "api.example.com", 0, "10.0.0.2");
	add(&acts, "resolve", "db.example.com", 0, "10.0.0.2");
	text = write_with(&acts, none, NULL);
	assert_has(text, "  resolvers: [\"10.0.0.2\"]\n  dns: strict\n  rules:\n");
	assert_has(text, "{ host: \"api.example.com\", ports: [443/tcp, 80/tcp] } }\n");
	assert_has(text, "{ host: \"db.example.com\", ports: [5432/tcp], answers: any } }  # ");
	assert_has_not(text, "203.0.113.7");
	assert_has_not(text, "53/udp");
	assert_has_not(text, REFUSED);
	free(text);
	add(&acts, "resolve", "api.example.com.lan", 0, "10.0.0.2");
	text = write_with(&acts, none, NULL);
	assert_has(text, "  dns: any  # such as api.example.com.lan, ");
	free(text);
	(void)unused;
}

/* Else what is made under one name and put in the place of another is refused. */
static void names_that_are_given_are_allowed_before(void **unused)
{
	struct fngl_acts acts = { 0 };
	char *text;

	add(&acts, "open", "/app/state.new", FNG_ACCESS_WRITE |
	    FNG_ACCESS_CREATE | FNG_ACCESS_DELETE, "");
	add(&acts, "open", "/app/state", FNG_ACCESS_READ | FNG_ACCESS_CREATE,
	    "");
	add(&acts, FNGL_RENAME, "/app/state.new", 0, "/app/state");
	text = write_with(&acts, none, NULL);
	assert_has(text, "{ path: \"/app/state.new\", allow: [read,write,create,delete] }");
	assert_has(text, "{ path: \"/app/state\", allow: [read,create,delete] }");
	assert_has_not(text, REFUSED);
	free(text);
	add(&acts, FNGL_RENAME, "/app/a", 0, "/app/b");
	add(&acts, "exec", "/app/b", 0, "");
	text = write_with(&acts, none, NULL);
	assert_has(text, REFUSED);
	assert_has(text, "#   rename /app/a, /app/b: ");
	free(text);
	(void)unused;
}

static void templates_take_what_they_allow(void **unused)
{
	static const char *const extended[] = { "strict", "base", "python3",
						NULL };
	struct fngl_acts acts = { 0 };
	char *text;

	add(&acts, "open", "/usr/lib/python3.11/os.py", FNG_ACCESS_READ, "");
	add(&acts, "open", "/etc/python3.11/sitecustomize.py",
	    FNG_ACCESS_READ, "");
	add(&acts, "exec", "/usr/bin/python3.11", 0, "");
	add(&acts, "open", "/app/x", FNG_ACCESS_READ, "");
	text = write_with(&acts, NULL, NULL);
	assert_has(text, "extends: [python3]\n");
	assert_has_not(text, "/usr/bin/python3.11");
	assert_has_not(text, "os.py");
	assert_has(text, "/app/x");
	free(text);
	add(&acts, "open", "/etc/shadow", FNG_ACCESS_READ, "");
	add(&acts, "map", "/usr/lib/libc.so.6", 0, "");
	text = write_with(&acts, extended, NULL);
	assert_has(text, "extends: [strict, base, python3]\n");
	assert_has_not(text, "libc.so.6");
	assert_has(text, REFUSED);
	assert_has(text, "#   open /etc/shadow read: files deny all /etc/{shadow");
	free(text);
	(void)unused;
}

static void no_policy_extends_itself(void **unused)
{
	struct fngl_acts acts = { 0 };
	char *text;

	add(&acts, "open", "/usr/lib/python3.11/os.py", FNG_ACCESS_READ, "");
	add(&acts, "open", "/etc/python3.11/sitecustomize.py",
	    FNG_ACCESS_READ, "");
	add(&acts, "exec", "/usr/bin/python3.11", 0, "");
	text = write_named("python3", &acts, NULL, NULL);
	assert_has(text, "policy: python3\n");
	assert_has_not(text, "extends");
	assert_has(text, "/usr/bin/python3.11");
	free(text);
	(void)unused;
}

static void parameters_are_written(void **unused)
{
	static const char *const extended[] = { "static-binary", NULL };
	static const char *const params[] = { "binary=/app/worker", NULL };
	struct fngl_acts acts = { 0 };
	struct fngc_result *result;
	char *text;

	add(&acts, "exec", "/app/worker", 0, "");
	text = write_with(&acts, extended, params);
	assert_has(text, "extends: [static-binary]\nparams:\n  binary: \"/app/worker\"\n");
	assert_has(text, "exec:\n  default: deny\n  fileless");
	assert_int_equal(0, fngc_compile_text(&(struct fngc_options) {
		.policy_path = policy_path }, "t", text, strlen(text),
		&result));
	fngc_result_free(result);
	free(text);
	(void)unused;
}

static void what_no_rule_allows_is_said(void **unused)
{
	struct fngl_acts acts = { .unkept = 7 };
	char *text;

	add(&acts, FNGL_OTHER, "/tmp/x (deleted)\n- evil", 0,
	    "files: refused whatever it is called");
	add(&acts, "floor", "cgroup", 0, "");
	add(&acts, "floor", "mount", 0, "");
	add(&acts, "capability", "sys_admin", 0, "");
	text = write_with(&acts, none, NULL);
	assert_has(text, "# It is not complete: 7 times ");
	assert_has(text, "#   other /tmp/x (deleted)?- evil, files: refused whatever it is called\n");
	assert_has(text, "#   floor cgroup: ");
	assert_has(text, "  capabilities: [sys_admin]\n  allow: [mount]\n");
	assert_has_not(text, "#   floor mount");
	assert_has_not(text, "#   capability");
	free(text);
	(void)unused;
}

/* What is wider than what was done has a remark. */
static void what_goes_further_is_said(void **unused)
{
	struct fngl_acts acts = { 0 };
	char address[24], *text;

	add(&acts, "socket", "inet/stream", 0, "");
	add(&acts, "socket", "netlink/raw", 0, "");
	add(&acts, "capability", "sys_admin", 0, "");
	text = write_with(&acts, none, NULL);
	assert_has(text, "  types: [raw, stream]  # of every family");
	assert_has(text, "  allow: [mount]  # also what capabilities");
	free(text);
	add(&acts, "socket", "inet/stream", 0, "");
	add(&acts, "socket", "unix/stream", 0, "");
	text = write_with(&acts, none, NULL);
	assert_has(text, "  types: [stream]\n");
	free(text);
	for (int i = 0; i <= FNG_MAX_RESOLVERS; i++) {
		snprintf(address, sizeof(address), "192.0.2.%d", 100 + i);
		add(&acts, "resolve", "a.example.com", 0, address);
		strcat(address, ":53/udp");
		add(&acts, "connect", address, 0, "");
	}
	text = write_with(&acts, none, NULL);
	assert_has(text, "\"192.0.2.115\"]  # each is believed");
	assert_has(text, "to: [\"192.0.2.116\"], ports: [53/udp]");
	assert_has_not(text, "\"192.0.2.115\"], ports");
	free(text);
	(void)unused;
}

static void an_order_does_not_depend_on_time(void **unused)
{
	struct fngl_acts one = { 0 }, other = { 0 };
	char *first, *second;

	add(&one, "open", "/app/b", FNG_ACCESS_READ, "");
	add(&one, "open", "/app/a", FNG_ACCESS_READ, "");
	add(&other, "open", "/app/a", FNG_ACCESS_READ, "");
	add(&other, "open", "/app/b", FNG_ACCESS_READ, "");
	add(&other, "open", "/app/a", FNG_ACCESS_READ, "");
	first = write_with(&one, none, NULL);
	second = write_with(&other, none, NULL);
	assert_string_equal(first, second);
	free(first);
	free(second);
	(void)unused;
}

static void what_was_dumped_is_read(void **unused)
{
	struct fngl_acts acts = { .unkept = 3 }, again = { .unkept = 1 };
	json_t *dump;

	add(&acts, "open", "/app/a", FNG_ACCESS_READ | FNG_ACCESS_WRITE, "");
	add(&acts, "connect", "192.0.2.1:443/tcp", 0, "api.example.com");
	add(&acts, "resolve", "api.example.com", 0, "10.0.0.2");
	add(&acts, FNGL_RENAME, "/a", 0, "/b");
	add(&acts, FNGL_OTHER, "", 0, "why");
	fngl_settle(&acts);
	dump = fngl_dump(&acts, "t");
	assert_string_equal("t", fngl_read(&again, dump));
	assert_string_equal("t", fngl_read(&again, dump));
	fngl_settle(&again);
	assert_int_equal(acts.nr, again.nr);
	assert_int_equal(7, again.unkept);
	for (size_t i = 0; i < acts.nr; i++) {
		assert_string_equal(acts.v[i].verb, again.v[i].verb);
		assert_string_equal(acts.v[i].target, again.v[i].target);
		assert_string_equal(acts.v[i].more, again.v[i].more);
		assert_int_equal(acts.v[i].access, again.v[i].access);
	}
	json_decref(dump);
	fngl_free(&acts);
	fngl_free(&again);
	(void)unused;
}

/* A file comes from another host, and its words become rules. */
static void what_is_no_dump_is_refused(void **unused)
{
	static const char *const dumps[] = {
		"[]", "{}",
		"{\"policy\": \"t\\nevil: 1\", \"unkept\": 0, \"acts\": []}",
		"{\"policy\": \"t\", \"acts\": []}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": {}}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [1]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"open\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"open\", \"target\": \"relative\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"capability\", \"target\": \"x]\\nevil: [\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"rename\", \"target\": \"/a\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"connect\", \"target\": \"192.0.2.1:1/tcp\", \"host\": \"a\\\"]\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"resolve\", \"target\": \"a.b\", \"resolver\": \"x\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"open\", \"target\": \"/a\\nb\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"socket\", \"target\": \"inet\"}]}",
		"{\"policy\": \"t\", \"unkept\": 0, \"acts\": [{\"verb\": \"connect\", \"target\": \"example.com:443\"}]}",
		"{\"policy\": \"t\", \"unkept\": -5, \"acts\": []}",
	};

	for (size_t i = 0; i < sizeof(dumps) / sizeof(*dumps); i++) {
		json_t *dump = json_loads(dumps[i], 0, NULL);
		struct fngl_acts acts = { 0 };

		assert_non_null(dump);
		if (fngl_read(&acts, dump))
			fail_msg("%s was read", dumps[i]);
		json_decref(dump);
		fngl_free(&acts);
	}
	(void)unused;
}

static void who_learns_allows_nothing_by_rules(void **unused)
{
	static const char *const cgroups[] = { "/fn/a-*", NULL };
	const struct fngl_options options = {
		.name = "t", .cgroups = cgroups,
	};
	struct fngc_result *result;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	fngl_write_learner(&options, out);
	fclose(out);
	assert_int_equal(0, fngc_compile_text(NULL, "t", text, size, &result));
	for (u32 class = 0; class < FNG_CLASS_SUBJECT; class++) {
		assert_int_equal(FNG_MODE_LEARN,
				 result->view.classes[class].mode);
		if (class < FNG_CLASS_LIMITS)
			assert_true(result->view.classes[class].present);
	}
	assert_has(text, "attach:\n  cgroup:\n    - \"/fn/a-*\"\n");
	fngc_result_free(result);
	free(text);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_has_its_section),
		cmocka_unit_test(nothing_is_a_policy_as_well),
		cmocka_unit_test(addresses_become_names),
		cmocka_unit_test(names_that_are_given_are_allowed_before),
		cmocka_unit_test(templates_take_what_they_allow),
		cmocka_unit_test(no_policy_extends_itself),
		cmocka_unit_test(parameters_are_written),
		cmocka_unit_test(what_no_rule_allows_is_said),
		cmocka_unit_test(what_goes_further_is_said),
		cmocka_unit_test(an_order_does_not_depend_on_time),
		cmocka_unit_test(what_was_dumped_is_read),
		cmocka_unit_test(what_is_no_dump_is_refused),
		cmocka_unit_test(who_learns_allows_nothing_by_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
