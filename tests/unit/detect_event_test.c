// SPDX-License-Identifier: MIT
/*
 * Detection: what conditions hold of which events, and that events are the same
 * to rules whether they come from the kernel or from a record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <jansson.h>
#include <libmnl/libmnl.h>

#include <detect/finding.h>

static struct fng_detect_rules rules;

static const struct fng_detect_match *condition(const char *text)
{
	char file[1024];
	int len = snprintf(file, sizeof(file),
			   "detect: t\nrules:\n  - { rule: r, about: a, "
			   "severity: low, match: %s }\n", text);

	fng_detect_rules_free(&rules);
	if (fng_detect_read_text(&rules, NULL, "t.yaml", file, len))
		fail_msg("%s: %s", text, rules.results[0]->diags[0].message);
	return &rules.v[0].step[0];
}

static int end(void **state)
{
	(void)state;
	fng_detect_rules_free(&rules);
	return 0;
}

#define TEXT(text)	{ text, sizeof(text) - 1 }

static const struct fng_detect_event open_event = {
	.kind = FNG_EVENT_DENIED,
	.class = FNG_CLASS_FILES,
	.hook = FNG_HOOK_FILE_OPEN,
	.access = FNG_ACCESS_READ | FNG_ACCESS_WRITE,
	.stdio = true,
	.rule = 2,
	.repeat = 1,
	.cgroup = TEXT("/fn/api-1"),
	.policy = TEXT("api"),
	.object = TEXT("/etc/shadow"),
	.exe = TEXT("/usr/bin/python3.11"),
};

static const struct fng_detect_event connect_event = {
	.kind = FNG_EVENT_WOULD_DENY,
	.class = FNG_CLASS_EGRESS,
	.hook = FNG_HOOK_SOCKET_CONNECT,
	.rule = FNG_RULE_FLOOR | FNG_FLOOR_SOCKET,
	.family = 4,
	.addr = { 169, 254, 169, 254 },
	.port = 80,
	.proto = FNG_PROTO_TCP,
	.repeat = 1,
	.host = TEXT("a.b.example.com"),
};

static const struct fng_detect_event state_event = {
	.kind = FNG_EVENT_STATE,
	.class = FNG_NR_CLASSES,
	.hook = FNG_NR_HOOKS,
	.state = FNG_STATE_DEGRADED,
	.reason = TEXT("a canary open was not refused"),
	.rule = FNG_RULE_NONE,
	.repeat = 1,
};

static void conditions_hold_of_what_they_name(void **unused)
{
	static const struct {
		const char *condition;
		bool open, connect, state;
	} rows[] = {
		{ "{}", true, true, false },
		{ "{ kind: [denied] }", true, false, false },
		{ "{ kind: [would-deny, state] }", false, true, true },
		{ "{ kind: [observed] }", false, false, false },
		{ "{ stdio: network }", true, false, false },
		{ "{ class: [files] }", true, false, false },
		{ "{ class: [files, egress] }", true, true, false },
		{ "{ hook: [socket_connect] }", false, true, false },
		{ "{ access: [write] }", true, false, false },
		{ "{ access: [exec] }", false, false, false },
		{ "{ kind: [state], state: [degraded] }", false, false, true },
		{ "{ kind: [state], state: [idle] }", false, false, false },
		{ "{ state: [degraded] }", false, false, false },
		{ "{ kind: [state], reason: [a canary open was not refused] }",
		  false, false, true },
		{ "{ kind: [state], reason: [a canary] }", false, false,
		  false },
		{ "{ object: ['/etc/*'] }", true, false, false },
		{ "{ object: ['/etc'] }", false, false, false },
		{ "{ object: ['/etc/shadow/**'] }", false, false, false },
		{ "{ object: ['/etc/shadow-'] }", false, false, false },
		{ "{ object: [net_raw, '/e{tc,}/s?ado[a-z]'] }", true, false,
		  false },
		{ "{ object: [etc] }", false, false, false },
		{ "{ exe: ['/usr/bin/python*'] }", true, false, false },
		{ "{ exe: ['/usr/bin/perl'] }", false, false, false },
		{ "{ cgroup: ['/fn/*'] }", true, false, false },
		{ "{ cgroup: ['/fn'] }", false, false, false },
		{ "{ policy: [api] }", true, false, false },
		{ "{ policy: [ap, apis] }", false, false, false },
		{ "{ rule: ['floor:socket'] }", false, true, false },
		{ "{ rule: ['floor:mount'] }", false, false, false },
		{ "{ to: ['@metadata'] }", false, true, false },
		{ "{ to: ['169.254.0.0/16'] }", false, true, false },
		{ "{ to: ['169.254.169.255', '::/0'] }", false, false, false },
		{ "{ ports: [80] }", false, true, false },
		{ "{ ports: ['1-79', 81-90/tcp, 80/udp] }", false, false,
		  false },
		{ "{ ports: ['*/tcp'] }", false, true, false },
		{ "{ host: ['**.example.com'] }", false, true, false },
		{ "{ host: ['*.example.com', example.com] }", false, false,
		  false },
		{ "{ host: [a.b.example.com] }", false, true, false },
		{ "{ class: [egress], to: ['@metadata'], ports: [81] }", false,
		  false, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct fng_detect_match *match =
			condition(rows[i].condition);

		if (fng_detect_matches(match, &open_event) != rows[i].open ||
		    fng_detect_matches(match, &connect_event) !=
		    rows[i].connect ||
		    fng_detect_matches(match, &state_event) != rows[i].state)
			fail_msg("%s", rows[i].condition);
	}
}

/* What the kernel's automaton says of a pattern and a path. */
static bool automaton_matches(const char *pattern, const char *path)
{
	struct fng_decision decision;
	struct fngc_result *result;
	char text[256];
	int len = snprintf(text, sizeof(text),
			   "policy: t\nfiles: { default: deny, rules: "
			   "[{ path: '%s', allow: [read] }] }\n", pattern);

	assert_int_equal(fngc_compile_text(NULL, "t.yaml", text, len, &result),
			 0);
	fng_name_decide(&result->view, path, strlen(path), FNG_ACCESS_READ,
			&decision);
	fngc_result_free(result);
	return !decision.refused;
}

static void patterns_mean_what_they_mean_in_policies(void **unused)
{
	static const char *const patterns[] = {
		"/a", "/*", "/**", "/a/*", "/a/**", "/**/b", "/a/**/b", "/a*b",
		"/a**b", "/?", "/a/?*", "/[a-c]", "/[^a]*", "/**/.ssh/**",
		"/{a,a/b,}c", "/a\\*", "/**/*.{x,y}",
	};
	static const char *const paths[] = {
		"/a", "/b", "/a/b", "/a/b/b", "/a/x/y/b", "/ab", "/axb",
		"/a/xb", "/a/.b", "/c", "/ac", "/a/bc", "/.ssh/id", "/.ssh",
		"/h/u/.ssh/id/x", "/a*", "/a.x", "/a/b.y", "/a/.y", "/a/b/c",
	};
	char condition_text[128];

	(void)unused;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		const struct fng_detect_match *match;

		snprintf(condition_text, sizeof(condition_text),
			 "{ object: ['%s'] }", patterns[i]);
		match = condition(condition_text);
		for (size_t j = 0; j < sizeof(paths) / sizeof(*paths); j++) {
			struct fng_detect_event event = open_event;

			event.object = (struct fng_detect_text){
				paths[j], strlen(paths[j])
			};
			if (fng_detect_matches(match, &event) !=
			    automaton_matches(patterns[i], paths[j]))
				fail_msg("%s and %s", patterns[i], paths[j]);
		}
	}
}

/* Whatever a function calls its files. */
static void names_need_not_be_text(void **unused)
{
	struct fng_detect_event event = open_event;
	static char name[5000];

	(void)unused;
	event.object = (struct fng_detect_text)TEXT("/etc/\xff\xc3");
	assert_true(fng_detect_matches(condition("{ object: ['/etc/*'] }"),
				       &event));
	event.object = (struct fng_detect_text)TEXT("/etc/shadow\0x");
	assert_false(fng_detect_matches(condition("{ object: [/etc/shadow] }"),
					&event));
	memset(name, '/', sizeof(name));
	event.object = (struct fng_detect_text){ name, sizeof(name) };
	assert_false(fng_detect_matches(condition("{ object: ['/**'] }"),
					&event));
	event.object.size = 0;
	assert_false(fng_detect_matches(condition("{ object: ['/**'] }"),
					&event));
	event = connect_event;
	event.host = (struct fng_detect_text)TEXT("...");
	assert_false(fng_detect_matches(condition("{ host: ['**.a'] }"),
					&event));
	event.host = (struct fng_detect_text){ name, 253 };
	assert_false(fng_detect_matches(condition("{ host: ['**.a'] }"),
					&event));
}

static void what_differs_has_another_key(void **unused)
{
	static const struct fng_detect_event none = {
		.class = FNG_NR_CLASSES, .hook = FNG_NR_HOOKS,
		.rule = FNG_RULE_NONE,
	};
	struct fng_detect_event other = connect_event;

	(void)unused;
	assert_int_equal(fng_detect_key(FNG_DETECT_NOTHING, &none), 1);
	for (u32 what = FNG_DETECT_OBJECT; what <= FNG_DETECT_POLICY; what++)
		assert_int_equal(fng_detect_key(what, &none), 0);
	other.port = 81;
	for (u32 what = FNG_DETECT_NOTHING; what <= FNG_DETECT_POLICY; what++) {
		bool same = fng_detect_key(what, &connect_event) ==
			    fng_detect_key(what, &other);

		assert_int_equal(same, what != FNG_DETECT_DESTINATION &&
				       what != FNG_DETECT_PORT);
	}
}

static char buf[8192] __attribute__((aligned(8)));

/* A message that is one event, with one of each attribute that counts. */
static struct nlmsghdr *message(bool device)
{
	static const u8 v6[16] = { 0xfd, [15] = 1 };
	struct nlmsghdr *header = mnl_nlmsg_put_header(buf);

	mnl_attr_put_u32(header, FNG_A_KIND, FNG_EVENT_DENIED);
	mnl_attr_put_u64(header, FNG_A_TIME_BOOT, 123456789012ull);
	mnl_attr_put_u64(header, FNG_A_TIME_WALL, 1700000000123456789ull);
	mnl_attr_put_u64(header, device ? FNG_A_DEVICE_ID : FNG_A_CGROUP_ID,
			 4711);
	mnl_attr_put_strz(header, FNG_A_CGROUP_PATH, "/fn/\"a\"");
	mnl_attr_put_strz(header, FNG_A_POLICY_NAME, "api");
	mnl_attr_put_u32(header, FNG_A_HOOK_ID, FNG_HOOK_LOCAL_OUT);
	mnl_attr_put_u32(header, FNG_A_CLASS, FNG_CLASS_EGRESS);
	mnl_attr_put_u32(header, FNG_A_ACCESS, FNG_ACCESS_READ |
					       FNG_ACCESS_EXEC);
	mnl_attr_put(header, FNG_A_OBJECT, 4, "/a/b");
	mnl_attr_put(header, FNG_A_ADDR, 16, v6);
	mnl_attr_put_u16(header, FNG_A_PORT, 65535);
	mnl_attr_put_u32(header, FNG_A_PROTO, FNG_PROTO_UDP);
	mnl_attr_put(header, FNG_A_HOST, 3, "a.b");
	mnl_attr_put_u32(header, FNG_A_RULE_ID, FNG_RULE_FLOOR | 3);
	mnl_attr_put_u32(header, FNG_A_TGID, 4242);
	mnl_attr_put_u64(header, FNG_A_START_TIME, 99000000000ull);
	mnl_attr_put(header, FNG_A_EXE, 7, "/bin/sh");
	mnl_attr_put_u32(header, FNG_A_STATE, FNG_STATE_UNATTENDED);
	mnl_attr_put_strz(header, FNG_A_REASON, "for no reason");
	mnl_attr_put_u64(header, FNG_A_REPEAT, 12);
	return header;
}

static void assert_same_text(struct fng_detect_text a, struct fng_detect_text b)
{
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.at, b.at, a.size);
}

static void assert_same(const struct fng_detect_event *a,
			const struct fng_detect_event *b)
{
	assert_memory_equal(a, b, offsetof(struct fng_detect_event, cgroup));
	assert_same_text(a->cgroup, b->cgroup);
	assert_same_text(a->policy, b->policy);
	assert_same_text(a->reason, b->reason);
	assert_same_text(a->object, b->object);
	assert_same_text(a->host, b->host);
	assert_same_text(a->exe, b->exe);
}

static void a_record_is_what_was_recorded(void **unused)
{
	static char text[FNG_EVENT_JSON_SIZE];

	(void)unused;
	for (int device = 0; device < 2; device++) {
		struct fng_detect_event read, loaded;
		struct nlmsghdr *header;
		struct fng_event event;
		struct fng_json json;
		json_t *object;

		memset(buf, 0, sizeof(buf));
		header = message(device);
		assert_int_equal(fng_event_parse(&event,
						 mnl_nlmsg_get_payload(header),
						 mnl_nlmsg_get_payload_len(header)),
				 0);
		fng_detect_event_read(&read, &event);
		assert_int_equal(read.cgroup_id, 4711);
		assert_int_equal(read.repeat, 12);
		assert_int_equal(read.family, 6);
		fng_json_init(&json, text, sizeof(text));
		fng_event_json(&event, &json);
		object = json_loadb(text, json.len, 0, NULL);
		assert_true(fng_detect_event_load(&loaded, object));
		assert_same(&read, &loaded);
		json_decref(object);
	}
}

static void what_is_no_event_is_not_loaded(void **unused)
{
	static const char *const texts[] = {
		"{}", "[]", "3", "{\"kind\":\"denied\"}",
		"{\"kind\":\"denied\",\"boot_ns\":\"1\"}",
		"{\"kind\":\"none\",\"boot_ns\":1}",
		"{\"kind\":\"finding\",\"boot_ns\":1}",
		"{\"kind\":7,\"boot_ns\":1}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *object = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct fng_detect_event event;

		if (fng_detect_event_load(&event, object))
			fail_msg("%s", texts[i]);
		json_decref(object);
	}
}

/* Wrong kinds of values are as good as none. */
static void odd_records_are_survived(void **unused)
{
	json_t *object = json_loads("{\"kind\":\"denied\",\"boot_ns\":5,"
				    "\"access\":[1,{},\"read\",\"x\"],"
				    "\"object\":5,\"addr\":\"x:y\",\"port\":-1,"
				    "\"class\":[],\"rule_id\":\"x\","
				    "\"repeat\":0,\"cgroup\":{}}", 0, NULL);
	struct fng_detect_event event;

	(void)unused;
	assert_true(fng_detect_event_load(&event, object));
	assert_int_equal(event.access, FNG_ACCESS_READ);
	assert_int_equal(event.family, 0);
	assert_int_equal(event.class, FNG_NR_CLASSES);
	assert_int_equal(event.rule, FNG_RULE_NONE);
	assert_int_equal(event.repeat, 1);
	assert_null(event.object.at);
	assert_null(event.cgroup.at);
	json_decref(object);
}

static void a_finding_is_whole(void **unused)
{
	static char text[FNG_FINDING_JSON_SIZE];
	struct fng_detect_event event = open_event;
	struct fng_finding finding = {
		.event = &event, .count = 3, .suppressed = 2,
		.first = 4000000000ull, .last = 5500000000ull,
	};
	struct fng_json json;
	json_t *object;

	(void)unused;
	condition("{}");
	finding.rule = &rules.v[0];
	event.wall = 1700000000000000000ull;
	event.cgroup = (struct fng_detect_text)TEXT("/fn/\"\n\xff");
	event.json = (struct fng_detect_text)TEXT("{\"kind\":\"denied\"}");
	fng_json_init(&json, text, sizeof(text));
	fng_finding_json(&finding, "done", &json);
	object = json_loadb(text, json.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
#define STRING(key) json_string_value(json_object_get(object, key))
	assert_string_equal(STRING("kind"), "finding");
	assert_string_equal(STRING("rule"), "r");
	assert_string_equal(STRING("severity"), "low");
	assert_string_equal(STRING("action"), "report");
	assert_string_equal(STRING("outcome"), "done");
	assert_string_equal(STRING("first"), "2023-11-14T22:13:18.500000000Z");
	assert_string_equal(STRING("last"), "2023-11-14T22:13:20.000000000Z");
	assert_null(STRING("attack_id"));
	assert_int_equal(json_integer_value(json_object_get(object, "count")),
			 3);
	assert_true(json_is_object(json_object_get(object, "event")));
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_hold_of_what_they_name),
		cmocka_unit_test(patterns_mean_what_they_mean_in_policies),
		cmocka_unit_test(names_need_not_be_text),
		cmocka_unit_test(what_differs_has_another_key),
		cmocka_unit_test(a_record_is_what_was_recorded),
		cmocka_unit_test(what_is_no_event_is_not_loaded),
		cmocka_unit_test(odd_records_are_survived),
		cmocka_unit_test(a_finding_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
