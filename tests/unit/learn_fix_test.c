// SPDX-License-Identifier: MIT
/*
 * What would allow what a policy refuses: the rule that comes nearest, and a line
 * that does, once it is written where it is said to belong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include <learn/check.h>
#include <learn/fix.h>
#include <learn/nearest.h>

/* A comment names the list that it is in; lines are added there. */
static const char policy[] =
	"policy: t\n"
	"exec:\n"
	"  default: deny\n"
	"  allow:\n"
	"    - \"/usr/bin/python3*\"\n"
	"    - \"/app/bin/*\"\n"
	"    #exec.allow\n"
	"  map:\n"
	"    - \"/usr/lib/**\"\n"
	"    #exec.map\n"
	"  deny:\n"
	"    - \"/app/bin/debug\"\n"
	"memory:\n"
	"  write-exec: deny\n"
	"files:\n"
	"  default: deny\n"
	"  rules:\n"
	"    - { path: \"/app/data/*.json\", allow: [read] }\n"
	"    - { path: \"/app/**\", allow: [read] }\n"
	"    - { path: \"/var/cache/app\", allow: [read] }\n"
	"    - { path: \"/app/secrets/**\", deny: [all] }\n"
	"    #files.rules\n"
	"egress:\n"
	"  default: deny\n"
	"  resolvers: [10.0.0.2]\n"
	"  rules:\n"
	"    - { allow: { to: [10.0.0.0/8], ports: [443/tcp] } }\n"
	"    - { allow: { to: [10.1.2.0/24, 192.0.2.1], ports: [80/tcp] } }\n"
	"    - { allow: { to: [\"2001:db8::/32\"], ports: [443/tcp] } }\n"
	"    - { allow: { host: \"api.stripe.com\", ports: [443/tcp] } }\n"
	"    - { allow: { host: \"example.org\", ports: [8443/tcp] } }\n"
	"    #egress.rules\n"
	"listen:\n"
	"  default: deny\n"
	"  allow:\n"
	"    - 8080/tcp\n"
	"    - 53/udp\n"
	"    #listen.allow\n"
	"unix:\n"
	"  default: deny\n"
	"  allow:\n"
	"    - \"/run/fn/*.sock\"\n"
	"    #unix.allow\n"
	"sockets:\n"
	"  families:\n"
	"    - unix\n"
	"    - inet\n"
	"    #sockets.families\n"
	"  types:\n"
	"    - stream\n"
	"    #sockets.types\n"
	"privileges:\n"
	"  capabilities:\n"
	"    - chown\n"
	"    #privileges.capabilities\n"
	"  allow:\n"
	"    - time\n"
	"    #privileges.allow\n"
	"limits:\n"
	"  connect: 10/s burst 20\n";

/**
 * struct row - something that is refused
 * @verb: of the act
 * @target: of the act
 * @access: of the act
 * @host: of the act
 * @nearest: text of the nearest rule, or NULL
 * @how: how it is fixed
 * @where: where
 * @yaml: by what, or NULL
 */
struct row {
	const char *verb;
	const char *target;
	u32 access;
	const char *host;
	const char *nearest;
	enum fngl_how how;
	const char *where;
	const char *yaml;
};

static const struct row rows[] = {
	{ "open", "/app/data/x.json", FNG_ACCESS_WRITE, "", "files allow read /app/data/*.json", FNGL_ADD, "files.rules",
	  "- { path: \"/app/data/x.json\", allow: [write] }" },
	{ "open", "/app/data/x.csv", FNG_ACCESS_WRITE | FNG_ACCESS_CREATE, "", "files allow read /app/data/*.json", FNGL_ADD,
	  "files.rules", "- { path: \"/app/data/x.csv\", allow: [write,create] }" },
	{ "open", "/var/cache/other", FNG_ACCESS_READ, "", "files allow read /var/cache/app", FNGL_ADD, "files.rules",
	  "- { path: \"/var/cache/other\", allow: [read] }" },
	{ "open", "/etc/passwd", FNG_ACCESS_READ, "", NULL, FNGL_ADD, "files.rules", "- { path: \"/etc/passwd\", allow: [read] }" },
	{ "open", "/etc/a*b", FNG_ACCESS_READ, "", NULL, FNGL_ADD, "files.rules", "- { path: \"/etc/a\\\\*b\", allow: [read] }" },
	{ "open", "/app/secrets/key", FNG_ACCESS_READ, "", "files allow read /app/**", FNGL_REMOVE, NULL, NULL },
	{ "exec", "/usr/bin/perl", 0, "", "exec allow /usr/bin/python3*", FNGL_ADD, "exec.allow", "- \"/usr/bin/perl\"" },
	{ "exec", "/bin/sh", 0, "", NULL, FNGL_ADD, "exec.allow", "- \"/bin/sh\"" },
	{ "exec", "/app/bin/debug", 0, "", "exec allow /app/bin/*", FNGL_REMOVE, NULL, NULL },
	{ "map", "/usr/local/lib/x.so", 0, "", "exec map /usr/lib/**", FNGL_ADD, "exec.map", "- \"/usr/local/lib/x.so\"" },
	{ "write-exec", "mmap", 0, "", NULL, FNGL_SET, "memory", "write-exec: allow" },
	{ "connect", "10.1.2.3:8080/tcp", 0, "", "egress allow to 10.1.2.0/24, 192.0.2.1 ports 80/tcp", FNGL_ADD, "egress.rules",
	  "- { allow: { to: [\"10.1.2.3\"], ports: [8080/tcp] } }" },
	{ "connect", "192.0.2.2:443/tcp", 0, "", "egress allow to 10.0.0.0/8 ports 443/tcp", FNGL_ADD, "egress.rules",
	  "- { allow: { to: [\"192.0.2.2\"], ports: [443/tcp] } }" },
	{ "connect", "192.0.2.9:22/tcp", 0, "", NULL, FNGL_ADD, "egress.rules",
	  "- { allow: { to: [\"192.0.2.9\"], ports: [22/tcp] } }" },
	{ "connect", "[2001:db8::1]:80/tcp", 0, "", "egress allow to 2001:db8::/32 ports 443/tcp", FNGL_ADD, "egress.rules",
	  "- { allow: { to: [\"2001:db8::1\"], ports: [80/tcp] } }" },
	{ "connect", "203.0.113.9:443/tcp", 0, "files.stripe.com", "egress allow host api.stripe.com ports 443/tcp", FNGL_ADD,
	  "egress.rules", "- { allow: { host: \"files.stripe.com\", ports: [443/tcp] } }" },
	{ "connect", "203.0.113.9:80/tcp", 0, "example.org", "egress allow host example.org ports 8443/tcp", FNGL_ADD,
	  "egress.rules", "- { allow: { host: \"example.org\", ports: [80/tcp] } }" },
	{ "listen", "8081/tcp", 0, "", "listen allow 8080/tcp", FNGL_ADD, "listen.allow", "- 8081/tcp" },
	{ "listen", "5353/udp", 0, "", "listen allow 53/udp", FNGL_ADD, "listen.allow", "- 5353/udp" },
	{ "unix", "/run/fn/a/b.sock", 0, "", "unix allow /run/fn/*.sock", FNGL_ADD, "unix.allow", "- \"/run/fn/a/b.sock\"" },
	{ "unix", "@fn", 0, "", NULL, FNGL_ADD, "unix.allow", "- \"@fn\"" },
	{ "unix", "host:/run/log.sock", 0, "", NULL, FNGL_ADD, "unix.allow", "- \"host:/run/log.sock\"" },
	{ "socket", "inet6/stream", 0, "", NULL, FNGL_ADD, "sockets.families", "- inet6" },
	{ "socket", "inet/dgram", 0, "", NULL, FNGL_ADD, "sockets.types", "- dgram" },
	{ "capability", "net_raw", 0, "", NULL, FNGL_ADD, "privileges.capabilities", "- net_raw" },
	{ "privilege", "setuid", 0, "", NULL, FNGL_ADD, "privileges.allow", "- setuid" },
	{ "floor", "chroot", 0, "", NULL, FNGL_ADD, "privileges.allow", "- chroot" },
	{ "floor", "cgroup", 0, "", NULL, FNGL_NOTHING, NULL, NULL },
	{ "floor", "control", 0, "", NULL, FNGL_NOTHING, NULL, NULL },
};

/**
 * struct compiled - a policy
 * @result: its compilation
 * @parts: its images
 */
struct compiled {
	struct fngc_result *result;
	struct fngc_parts parts;
};

static void compile(const char *text, struct compiled *compiled)
{
	struct fng_image_error error;

	if (fngc_compile_text(NULL, "t.yaml", text, strlen(text), &compiled->result))
		fail_msg("%s in:\n%s", compiled->result->diags[0].message, text);
	assert_int_equal(0, fngc_parts_verify(compiled->result->image, compiled->result->image_size, &compiled->parts, &error));
}

static void assert_text(const char *expected, const char *seen)
{
	if (expected)
		assert_string_equal(expected, seen ?: "(none)");
	else
		assert_null(seen);
}

/* The policy with a line more, or in place of another. */
static char *change(const char *text, const struct fngl_fix *fix)
{
	size_t key = strcspn(fix->yaml, ":") + 1;
	char marker[64], *changed;
	const char *at;

	snprintf(marker, sizeof(marker), "    #%s\n", fix->where);
	if (fix->how == FNGL_SET)
		snprintf(marker, sizeof(marker), "  %.*s", (int)key, fix->yaml);
	at = strstr(text, marker);
	assert_non_null(at);
	if (asprintf(&changed, "%.*s%s%s\n%s", (int)(at - text), text, fix->how == FNGL_SET ? "  " : "    ", fix->yaml,
		     strchr(at, '\n') + 1) < 0)
		abort();
	return changed;
}

/* What is said to be changed is enough. */
static void assert_allowed(const char *text, const struct fngl_fix *fix, const struct fngl_act *act, size_t part)
{
	char *changed = change(text, fix);
	struct fng_decision decision;
	struct compiled compiled;

	compile(changed, &compiled);
	assert_true(fngl_decide(&compiled.parts.part[part].image, act, &decision));
	if (decision.refused)
		fail_msg("%s %s is still refused by:\n%s", act->verb, act->target, changed);
	fngc_result_free(compiled.result);
	free(changed);
}

static void check_nearest(const struct fng_image *image, const struct fngl_act *act, const char *expected)
{
	u32 rule = fngl_nearest(image, act);
	struct fngc_origin origin;

	fngc_origin(image, rule, &origin);
	assert_text(expected, rule == FNG_RULE_NONE ? NULL : origin.text);
}

static void check_row(const struct compiled *compiled, const struct row *row)
{
	const struct fngl_act act = { row->verb, row->target, row->access, row->host };
	const struct fng_image *image = &compiled->parts.part[0].image;
	struct fngc_arena arena = { 0 };
	struct fng_decision decision;
	struct fngl_fix fix;

	assert_true(fngl_decide(image, &act, &decision));
	assert_true(decision.refused);
	check_nearest(image, &act, row->nearest);
	fngl_fix_find(&compiled->parts, image, &act, decision.rule, &arena, &fix);
	assert_int_equal(row->how, fix.how);
	assert_text(row->where, fix.where);
	assert_text(row->yaml, fix.yaml);
	assert_true(fix.yaml || fix.advice);
	if (fix.yaml)
		assert_allowed(policy, &fix, &act, 0);
	fngc_arena_free(&arena);
}

static void each_refusal_has_its_line(void **unused)
{
	struct compiled compiled;

	compile(policy, &compiled);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		print_message("# %s %s\n", rows[i].verb, rows[i].target);
		check_row(&compiled, &rows[i]);
	}
	fngc_result_free(compiled.result);
	(void)unused;
}

/* What means something to a pattern, to YAML, to a terminal or to who reads it. */
static const char *const odd[] = {
	"*", "**", "?", "[xy]", "[!x]", "{x,y}", "\\", "\\*", "\"", "\", allow: [all] }", "'", ": ", " #", ",", "]", "}", "$", "${x}", "!", "&", "%", "@",
	"|", ">", "~", "`", " ", "  ", "\\x41", "\\n", "\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x80\x8b",
	"\xe2\x81\xa6", "\xef\xbb\xbf", "\xc3\xa4",
};

static void assert_verdict(const struct fng_image *image, const char *verb, const char *name, bool refused)
{
	const struct fngl_act act = { verb, name, strcmp(verb, "open") ? 0 : FNG_ACCESS_READ, "" };
	struct fng_decision decision;

	assert_true(fngl_decide(image, &act, &decision));
	if (decision.refused != refused)
		fail_msg("%s %s is %s", verb, name, refused ? "allowed as well" : "still refused");
}

/* The line for a name allows that name, and none that it could be mistaken for. */
static void check_odd(const struct compiled *compiled, const char *verb, const char *form, const char *odd)
{
	static const char *const others[] = { "", "x", "y", "a", " ", "xx", "n", "\\" };
	const struct fng_image *image = &compiled->parts.part[0].image;
	char name[64], other[64], *text;
	struct fngl_act act = { verb, name, strcmp(verb, "open") ? 0 : FNG_ACCESS_READ, "" };
	struct fngc_arena arena = { 0 };
	struct fng_decision decision;
	struct compiled changed;
	struct fngl_fix fix;

	snprintf(name, sizeof(name), form, odd);
	assert_true(fngl_decide(image, &act, &decision));
	fngl_fix_find(&compiled->parts, image, &act, decision.rule, &arena, &fix);
	for (const char *c = fix.yaml; *c; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f && strncmp(c, "\xe2\x80\xae", 3) && strncmp(c, "\xc2\x9b", 2));
	text = change(policy, &fix);
	compile(text, &changed);
	image = &changed.parts.part[0].image;
	assert_verdict(image, verb, name, false);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		snprintf(other, sizeof(other), form, others[i]);
		if (strcmp(other, name))
			assert_verdict(image, verb, other, true);
	}
	fngc_result_free(changed.result);
	fngc_arena_free(&arena);
	free(text);
}

static void a_line_is_about_one_name(void **unused)
{
	struct compiled compiled;

	compile(policy, &compiled);
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		check_odd(&compiled, "open", "/odd/b%sd", odd[i]);
		check_odd(&compiled, "exec", "/odd/b%sd", odd[i]);
		check_odd(&compiled, "map", "/odd/b%sd", odd[i]);
		check_odd(&compiled, "unix", "@b%sd", odd[i]);
		check_odd(&compiled, "unix", "host:/run/b%sd", odd[i]);
	}
	fngc_result_free(compiled.result);
	(void)unused;
}

/* How something is fixed in a phase of a policy. */
static void check_phase(const char *text, const char *target, const char *where, const char *yaml, bool advised)
{
	const struct fngl_act act = { "exec", target, 0, "" };
	struct fngc_arena arena = { 0 };
	struct fng_decision decision;
	struct compiled compiled;
	struct fngl_fix fix;
	size_t last;

	compile(text, &compiled);
	last = compiled.parts.nr - 1;
	assert_true(fngl_decide(&compiled.parts.part[last].image, &act, &decision));
	assert_true(decision.refused);
	fngl_fix_find(&compiled.parts, &compiled.parts.part[last].image, &act, decision.rule, &arena, &fix);
	assert_text(where, fix.where);
	assert_text(yaml, fix.yaml);
	assert_int_equal(advised, !!fix.advice);
	if (!advised)
		assert_allowed(text, &fix, &act, last);
	fngc_arena_free(&arena);
	fngc_result_free(compiled.result);
}

static void a_phase_has_its_own_lists(void **unused)
{
	static const char start[] =
		"policy: t\nexec:\n  default: deny\n  allow:\n    - \"/bin/a\"\n    - \"/bin/b\"\n    #exec.allow\n"
		"phases:\n  serve:\n";
	char own[512], inherited[512];

	snprintf(own, sizeof(own), "%s   exec:\n    allow:\n    - \"/bin/a\"\n    #phases.serve.exec.allow\n", start);
	snprintf(inherited, sizeof(inherited), "%s   files: { default: deny, rules: [] }\n", start);
	check_phase(own, "/bin/b", "phases.serve.exec.allow", "- \"/bin/b\"", false);
	check_phase(own, "/bin/c", "phases.serve.exec.allow", "- \"/bin/c\"", true);
	check_phase(inherited, "/bin/c", "exec.allow", "- \"/bin/c\"", false);
	(void)unused;
}

/* That a part of the floor is lifted is not left unsaid for a phase. */
static void a_phase_keeps_what_else_is_said(void **unused)
{
	static const char text[] = "policy: t\nprivileges: { allow: [time] }\nphases:\n  serve:\n    privileges: { allow: [] }\n";
	static const struct fngl_act act = { "floor", "chroot", 0, "" };
	struct fngc_arena arena = { 0 };
	struct compiled compiled;
	struct fngl_fix fix;

	compile(text, &compiled);
	fngl_fix_find(&compiled.parts, &compiled.parts.part[1].image, &act, FNG_RULE_FLOOR | FNG_FLOOR_CHROOT, &arena, &fix);
	assert_text("phases.serve.privileges.allow", fix.where);
	assert_true(strstr(fix.advice, "floor") && strstr(fix.advice, "phases before"));
	fngc_result_free(compiled.result);
	fngc_arena_free(&arena);
	(void)unused;
}

/* Where there was no list, one has to name what was allowed without it. */
static void lifting_the_floor_refuses_nothing_else(void **unused)
{
	static const char text[] = "policy: t\nfiles: { default: deny, rules: [] }\nprivileges:\n";
	static const struct fngl_act act = { "floor", "chroot", 0, "" }, other = { "privilege", "setuid", 0, "" };
	char without[128], *with;
	struct fngc_arena arena = { 0 };
	struct fng_decision decision;
	struct compiled compiled;
	struct fngl_fix fix;

	snprintf(without, sizeof(without), "%.*s", (int)(strstr(text, "privileges") - text), text);
	compile(without, &compiled);
	fngl_fix_find(&compiled.parts, &compiled.parts.part[0].image, &act, FNG_RULE_FLOOR | FNG_FLOOR_CHROOT, &arena, &fix);
	assert_int_equal(FNGL_SET, fix.how);
	assert_text("privileges", fix.where);
	fngc_result_free(compiled.result);
	if (asprintf(&with, "%s  %s\n", text, fix.yaml) < 0)
		abort();
	compile(with, &compiled);
	assert_true(fngl_decide(&compiled.parts.part[0].image, &act, &decision) && !decision.refused);
	assert_true(fngl_decide(&compiled.parts.part[0].image, &other, &decision) && !decision.refused);
	fngc_result_free(compiled.result);
	fngc_arena_free(&arena);
	free(with);
	(void)unused;
}

/* What was done too often is no act; the rule tells. */
static void check_limit(const char *limit, enum fngl_how how, const char *yaml)
{
	static const struct fngl_act act = { FNGL_OTHER, "", 0, "" };
	struct fngc_arena arena = { 0 };
	struct compiled compiled;
	struct fngl_fix fix;
	u32 rule = 0;
	char text[128];
	struct fngc_origin origin;

	snprintf(text, sizeof(text), "policy: t\nlimits:\n  %s\n", limit);
	compile(text, &compiled);
	for (;; rule++) {
		fngc_origin(&compiled.parts.part[0].image, rule, &origin);
		if (!strncmp(origin.text, "limits ", 7))
			break;
	}
	fngl_fix_find(&compiled.parts, &compiled.parts.part[0].image, &act, rule, &arena, &fix);
	assert_int_equal(how, fix.how);
	assert_text(how == FNGL_SET ? "limits" : NULL, fix.where);
	assert_text(yaml, fix.yaml);
	assert_non_null(fix.advice);
	fngc_result_free(compiled.result);
	fngc_arena_free(&arena);
}

static void a_limit_is_doubled(void **unused)
{
	check_limit("connect: 10/s burst 20", FNGL_SET, "connect: 20/s burst 40");
	check_limit("egress: 1MiB/s burst 64KiB", FNGL_SET, "egress: 2MiB/s burst 128KiB");
	check_limit("destinations: 0", FNGL_SET, "destinations: 1");
	(void)unused;
}

/* No line is proposed that the compiler would refuse. */
static void a_limit_that_cannot_be_doubled(void **unused)
{
	check_limit("dns-label: 40", FNGL_REMOVE, NULL);
	check_limit("destinations: 600", FNGL_REMOVE, NULL);
	check_limit("connect: 0", FNGL_REMOVE, NULL);
	check_limit("connect: 600000000/s", FNGL_REMOVE, NULL);
	(void)unused;
}

/* One that has a name is talked to for either, as by the kernel. */
static void a_destination_has_an_address_and_a_name(void **unused)
{
	static const struct fngl_act by_address = { "connect", "10.9.9.9:443/tcp", 0, "www.example.net" };
	static const struct fngl_act by_name = { "connect", "203.0.113.9:443/tcp", 0, "api.stripe.com" };
	static const struct fngl_act special = { "connect", "192.168.1.1:80/tcp", 0, "www.example.net" };
	static const struct fngl_act question = { "resolve", "www.example.net", 0, "" };
	struct fngc_arena arena = { 0 };
	struct fng_decision decision;
	struct compiled compiled;
	struct fngl_fix fix;

	compile(policy, &compiled);
	assert_true(fngl_decide(&compiled.parts.part[0].image, &by_address, &decision) && !decision.refused);
	assert_true(fngl_decide(&compiled.parts.part[0].image, &by_name, &decision) && !decision.refused);
	assert_true(fngl_decide(&compiled.parts.part[0].image, &special, &decision) && decision.refused);
	fngl_fix_find(&compiled.parts, &compiled.parts.part[0].image, &special, decision.rule, &arena, &fix);
	assert_true(fix.yaml && strstr(fix.yaml, "answers: any") && fix.advice && strstr(fix.advice, "chooses"));
	fngl_fix_find(&compiled.parts, &compiled.parts.part[0].image, &question, compiled.parts.part[0].image.meta->dns_rule,
		      &arena, &fix);
	assert_true(fix.yaml && fix.advice && strstr(fix.advice, "ports"));
	fngc_result_free(compiled.result);
	fngc_arena_free(&arena);
	(void)unused;
}

static void the_guard_says_what_to_do(void **unused)
{
	for (u32 i = 0; i < FNG_NR_GUARD_RULES; i++)
		if (i != FNG_GUARD_CANARY)
			assert_non_null(fngl_fix_advice(FNG_RULE_GUARD | i));
	assert_null(fngl_fix_advice(FNG_RULE_GUARD | FNG_NR_GUARD_RULES));
	assert_null(fngl_fix_advice(0));
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_refusal_has_its_line),
		cmocka_unit_test(a_line_is_about_one_name),
		cmocka_unit_test(a_phase_has_its_own_lists),
		cmocka_unit_test(a_phase_keeps_what_else_is_said),
		cmocka_unit_test(lifting_the_floor_refuses_nothing_else),
		cmocka_unit_test(a_limit_is_doubled),
		cmocka_unit_test(a_limit_that_cannot_be_doubled),
		cmocka_unit_test(a_destination_has_an_address_and_a_name),
		cmocka_unit_test(the_guard_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
