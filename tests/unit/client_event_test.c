// SPDX-License-Identifier: MIT
/*
 * Events: what the reader makes of netlink bytes, good and bad.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <jansson.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include <fnguard/access.h>
#include <fnguard/hooks.h>
#include <client/event.h>

static char buf[8192] __attribute__((aligned(8)));
static struct nlmsghdr *header;

static void begin(void)
{
	struct genlmsghdr *genl;

	memset(buf, 0, sizeof(buf));
	header = mnl_nlmsg_put_header(buf);
	header->nlmsg_type = 0x20;
	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = FNG_CMD_EVENTS;
	genl->version = FNG_FAMILY_VERSION;
}

static struct nlattr *put_event(u64 seq, u32 kind)
{
	struct nlattr *nest = mnl_attr_nest_start(header, FNG_A_EVENT);

	mnl_attr_put_u32(header, FNG_A_KIND, kind);
	mnl_attr_put_u64(header, FNG_A_SEQ, seq);
	return nest;
}

static struct {
	int events;
	int malformed;
	u64 missed;
	char text[FNG_EVENT_JSON_SIZE];
} seen;

static void on_event(const struct fng_event *event, u64 missed, void *data)
{
	struct fng_json json;

	(void)data;
	seen.missed += missed;
	if (!event) {
		seen.malformed++;
		return;
	}
	seen.events++;
	fng_json_init(&json, seen.text, sizeof(seen.text));
	fng_event_json(event, &json);
	assert_false(json.overflow);
	seen.text[json.len] = '\0';
}

static int receive(struct fng_stream *stream)
{
	return fng_stream_message(stream, buf, header->nlmsg_len, on_event,
				  NULL);
}

/* Reads one event and parses what it was written as. */
static json_t *as_json(void)
{
	struct fng_stream stream = { .seq = 0 };
	json_error_t error;
	json_t *object;

	memset(&seen, 0, sizeof(seen));
	assert_int_equal(receive(&stream), 1);
	assert_int_equal(seen.events, 1);
	object = json_loads(seen.text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			    &error);
	if (!object)
		fail_msg("%s in %s", error.text, seen.text);
	return object;
}

static const char *string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void denied_open_is_told(void **state)
{
	struct nlattr *nest, *verdict;
	json_t *object, *list;

	(void)state;
	begin();
	nest = put_event(7, FNG_EVENT_DENIED);
	mnl_attr_put_u64(header, FNG_A_TIME_WALL, 1700000000123456789ULL);
	mnl_attr_put_u32(header, FNG_A_HOOK_ID, FNG_HOOK_FILE_OPEN);
	mnl_attr_put_u32(header, FNG_A_CLASS, FNG_CLASS_FILES);
	mnl_attr_put_u32(header, FNG_A_ACCESS, FNG_ACCESS_READ |
					       FNG_ACCESS_WRITE);
	mnl_attr_put_u32(header, FNG_A_ERRNO, EACCES);
	mnl_attr_put(header, FNG_A_OBJECT, 11, "/etc/shadow");
	mnl_attr_put_strz(header, FNG_A_LABELS, "tenant=acme,function=pay");
	mnl_attr_put_u32(header, FNG_A_RULE_ID, 3);
	mnl_attr_put_strz(header, FNG_A_RULE_FILE, "api.yaml");
	mnl_attr_put_u32(header, FNG_A_RULE_LINE, 14);
	mnl_attr_put_strz(header, FNG_A_RULE_TEXT, "deny \"/etc/**\"");
	verdict = mnl_attr_nest_start(header, FNG_A_VERDICT);
	mnl_attr_put_strz(header, FNG_A_POLICY_NAME, "base");
	mnl_attr_put_u32(header, FNG_A_RULE_ID, FNG_RULE_FLOOR |
						FNG_FLOOR_BPF);
	mnl_attr_put(header, FNG_A_REFUSED, 0, NULL);
	mnl_attr_nest_end(header, verdict);
	verdict = mnl_attr_nest_start(header, FNG_A_VERDICT);
	mnl_attr_put_strz(header, FNG_A_POLICY_NAME, "leaf");
	mnl_attr_nest_end(header, verdict);
	mnl_attr_nest_end(header, nest);

	object = as_json();
	assert_string_equal(string(object, "kind"), "denied");
	assert_string_equal(string(object, "time"),
			    "2023-11-14T22:13:20.123456789Z");
	assert_int_equal(json_integer_value(json_object_get(object, "time_ns")),
			 1700000000123456789LL);
	assert_string_equal(string(object, "hook"), "file_open");
	assert_string_equal(string(object, "class"), "files");
	assert_string_equal(string(object, "errno"), "EACCES");
	assert_string_equal(string(object, "object"), "/etc/shadow");
	assert_null(json_object_get(object, "object_hex"));
	assert_string_equal(string(object, "rule"), "deny \"/etc/**\"");
	assert_string_equal(string(object, "rule_file"), "api.yaml");
	assert_string_equal(string(json_object_get(object, "labels"),
				   "function"), "pay");
	assert_int_equal(json_array_size(json_object_get(object, "access")), 2);
	list = json_object_get(object, "verdicts");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(string(json_array_get(list, 0), "rule"),
			    "floor:bpf");
	assert_true(json_is_true(json_object_get(json_array_get(list, 0),
						 "refused")));
	assert_string_equal(string(json_array_get(list, 1), "policy"), "leaf");
	assert_null(json_object_get(json_array_get(list, 1), "refused"));
	json_decref(object);
}

static void addresses_are_told(void **state)
{
	static const u8 v4[4] = { 169, 254, 169, 254 };
	struct in6_addr v6;
	struct nlattr *nest;
	json_t *object;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_WOULD_DENY);
	mnl_attr_put(header, FNG_A_ADDR, 4, v4);
	mnl_attr_put_u16(header, FNG_A_PORT, 65535);
	mnl_attr_put_u32(header, FNG_A_PROTO, FNG_PROTO_UDP);
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_string_equal(string(object, "addr"), "169.254.169.254");
	assert_int_equal(json_integer_value(json_object_get(object, "port")),
			 65535);
	assert_string_equal(string(object, "proto"), "udp");
	json_decref(object);

	begin();
	nest = put_event(2, FNG_EVENT_DENIED);
	inet_pton(AF_INET6, "fd00::1", &v6);
	mnl_attr_put(header, FNG_A_ADDR, 16, &v6);
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_string_equal(string(object, "addr"), "fd00::1");
	json_decref(object);
}

static void exemption_is_told(void **state)
{
	struct nlattr *nest;
	json_t *object;

	(void)state;
	begin();
	nest = put_event(3, FNG_EVENT_EXEMPTED);
	mnl_attr_put_u32(header, FNG_A_SECONDS, 900);
	mnl_attr_put_strz(header, FNG_A_REASON, "a look");
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_string_equal(string(object, "kind"), "exempted");
	assert_string_equal(string(object, "reason"), "a look");
	assert_int_equal(json_integer_value(json_object_get(object,
							    "seconds")), 900);
	json_decref(object);

	begin();
	nest = put_event(4, FNG_EVENT_EXEMPTION_ENDED);
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_string_equal(string(object, "kind"), "exemption-ended");
	assert_null(json_object_get(object, "seconds"));
	json_decref(object);
}

static void an_address_of_no_family_is_left_out(void **state)
{
	struct nlattr *nest;
	json_t *object;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_DENIED);
	mnl_attr_put(header, FNG_A_ADDR, 5, "12345");
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_null(json_object_get(object, "addr"));
	json_decref(object);
}

static void unknown_numbers_have_a_name(void **state)
{
	struct nlattr *nest;
	json_t *object;

	(void)state;
	begin();
	nest = put_event(1, 4000000000u);
	mnl_attr_put_u32(header, FNG_A_HOOK_ID, FNG_NR_HOOKS);
	mnl_attr_put_u32(header, FNG_A_CLASS, 0xffffffff);
	mnl_attr_put_u32(header, FNG_A_PROTO, 77);
	mnl_attr_put_u32(header, FNG_A_ERRNO, 99999);
	mnl_attr_put_u32(header, FNG_A_RULE_ID, FNG_RULE_GUARD | 999);
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_string_equal(string(object, "kind"), "unknown");
	assert_string_equal(string(object, "hook"), "unknown");
	assert_string_equal(string(object, "class"), "unknown");
	assert_string_equal(string(object, "rule"), "guard:unknown");
	assert_int_equal(json_integer_value(json_object_get(object, "errno")),
			 99999);
	json_decref(object);
}

/* A function chooses its file names; none may forge a line of the log. */
static void hostile_names_are_safe(void **state)
{
	static const char name[] = "/tmp/\"\n{\"kind\":\"x\"}\\\x1b[31m\x7f\xff\0\xc3";
	struct nlattr *nest;
	json_t *object;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_DENIED);
	mnl_attr_put(header, FNG_A_OBJECT, sizeof(name) - 1, name);
	mnl_attr_put_strz(header, FNG_A_COMM, "\xed\xa0\x80");
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_null(strpbrk(seen.text, "\n\x1b\x7f"));
	assert_int_equal(json_object_size(object), 5);
	assert_non_null(string(object, "object"));
	assert_memory_equal(string(object, "object_hex"), "2f746d702f220a", 14);
	assert_string_equal(string(object, "comm"),
			    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	json_decref(object);
}

static void labels_without_values_do_not_confuse(void **state)
{
	json_t *object, *labels;
	struct nlattr *nest;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_BOUND);
	mnl_attr_put_strz(header, FNG_A_LABELS, "a=1,,b,c==x,\"=\xff");
	mnl_attr_nest_end(header, nest);
	object = as_json();
	labels = json_object_get(object, "labels");
	assert_string_equal(string(labels, "a"), "1");
	assert_string_equal(string(labels, "b"), "");
	assert_string_equal(string(labels, "c"), "=x");
	assert_string_equal(string(labels, "\""), "\xef\xbf\xbd");
	json_decref(object);
}

static void gaps_are_counted(void **state)
{
	struct fng_stream stream = { .seq = 0 };

	(void)state;
	memset(&seen, 0, sizeof(seen));
	begin();
	mnl_attr_nest_end(header, put_event(5, FNG_EVENT_DENIED));
	mnl_attr_nest_end(header, put_event(6, FNG_EVENT_DENIED));
	mnl_attr_nest_end(header, put_event(9, FNG_EVENT_DENIED));
	assert_int_equal(receive(&stream), 3);
	assert_int_equal(seen.events, 3);
	assert_int_equal(seen.missed, 2);

	/* The module was loaded again. */
	begin();
	mnl_attr_nest_end(header, put_event(1, FNG_EVENT_STATE));
	receive(&stream);
	assert_int_equal(seen.missed, 2);
}

static void malformed_attributes_are_refused(void **state)
{
	static const struct {
		int type;
		size_t size;
	} bad[] = {
		{ FNG_A_KIND, 3 }, { FNG_A_KIND, 0 }, { FNG_A_SEQ, 4 },
		{ FNG_A_PORT, 4 }, { FNG_A_COMM, 0 }, { FNG_A_REASON, 4 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct fng_stream stream = { .seq = 0 };
		struct nlattr *nest;

		memset(&seen, 0, sizeof(seen));
		begin();
		nest = mnl_attr_nest_start(header, FNG_A_EVENT);
		mnl_attr_put(header, bad[i].type, bad[i].size, "abcdefgh");
		mnl_attr_nest_end(header, nest);
		mnl_attr_nest_end(header, put_event(1, FNG_EVENT_DENIED));
		receive(&stream);
		assert_int_equal(seen.malformed, 1);
		assert_int_equal(seen.events, 1);
	}
}

/* Cut off anywhere, in memory that ends there: nothing is read beyond it. */
static void cut_off_events_are_survived(void **state)
{
	struct nlattr *nest, *verdict;
	struct fng_event event;
	struct fng_json json;
	size_t size, cut;
	char text[1024];
	void *copy;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_DENIED);
	mnl_attr_put_strz(header, FNG_A_COMM, "python3");
	verdict = mnl_attr_nest_start(header, FNG_A_VERDICT);
	mnl_attr_put_strz(header, FNG_A_POLICY_NAME, "p");
	mnl_attr_nest_end(header, verdict);
	mnl_attr_nest_end(header, nest);
	size = mnl_attr_get_payload_len(nest);
	for (cut = 0; cut <= size; cut++) {
		copy = malloc(cut ?: 1);
		memcpy(copy, mnl_attr_get_payload(nest), cut);
		if (!fng_event_parse(&event, copy, cut)) {
			fng_json_init(&json, text, sizeof(text));
			fng_event_json(&event, &json);
		}
		free(copy);
	}
}

static void other_messages_are_ignored(void **state)
{
	struct fng_stream stream = { .seq = 0 };

	(void)state;
	memset(&seen, 0, sizeof(seen));
	begin();
	mnl_attr_nest_end(header, put_event(1, FNG_EVENT_DENIED));
	((struct genlmsghdr *)mnl_nlmsg_get_payload(header))->cmd =
		FNG_CMD_STATUS;
	assert_int_equal(receive(&stream), 0);
	begin();
	header->nlmsg_type = NLMSG_ERROR;
	assert_int_equal(receive(&stream), 0);
	begin();
	header->nlmsg_len = sizeof(*header) + 2;
	assert_int_equal(receive(&stream), 0);
	header->nlmsg_len = 4;
	assert_int_equal(receive(&stream), 0);
	assert_int_equal(seen.events, 0);
}

static void more_verdicts_than_policies_are_cut(void **state)
{
	struct nlattr *nest, *verdict;
	json_t *object;
	int i;

	(void)state;
	begin();
	nest = put_event(1, FNG_EVENT_DENIED);
	for (i = 0; i < 3 * FNG_MAX_APPLIED; i++) {
		verdict = mnl_attr_nest_start(header, FNG_A_VERDICT);
		mnl_attr_put_strz(header, FNG_A_POLICY_NAME, "p");
		mnl_attr_nest_end(header, verdict);
	}
	mnl_attr_nest_end(header, nest);
	object = as_json();
	assert_int_equal(json_array_size(json_object_get(object, "verdicts")),
			 FNG_MAX_APPLIED);
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(denied_open_is_told),
		cmocka_unit_test(addresses_are_told),
		cmocka_unit_test(exemption_is_told),
		cmocka_unit_test(an_address_of_no_family_is_left_out),
		cmocka_unit_test(unknown_numbers_have_a_name),
		cmocka_unit_test(hostile_names_are_safe),
		cmocka_unit_test(labels_without_values_do_not_confuse),
		cmocka_unit_test(gaps_are_counted),
		cmocka_unit_test(malformed_attributes_are_refused),
		cmocka_unit_test(cut_off_events_are_survived),
		cmocka_unit_test(other_messages_are_ignored),
		cmocka_unit_test(more_verdicts_than_policies_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
