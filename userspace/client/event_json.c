// SPDX-License-Identifier: MIT
/*
 * An event as JSON. One table says which attribute becomes which key.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>

#include <fnguard/access.h>
#include "event.h"
#include "names.h"

char *fng_time_text(u64 ns, char *text)
{
	time_t seconds = ns / 1000000000;
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(text, FNG_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, FNG_TIME_SIZE - n, ".%09uZ",
		 (unsigned int)(ns % 1000000000));
	return text;
}

const char *fng_rule_name(u32 rule, char *buf, size_t size)
{
	static const char *const floors[] = FNG_FLOOR_NAMES;
	static const char *const guards[] = FNG_GUARD_RULE_NAMES;
	u32 index = rule & FNG_RULE_INDEX_MASK;

	if (rule == FNG_RULE_NONE)
		return "none";
	if (rule & FNG_RULE_FLOOR)
		snprintf(buf, size, "floor:%s",
			 index < FNG_NR_FLOORS ? floors[index] : "unknown");
	else if (rule & FNG_RULE_GUARD)
		snprintf(buf, size, "guard:%s",
			 index < FNG_NR_GUARD_RULES ? guards[index] : "unknown");
	else
		return NULL;
	return buf;
}

typedef void (*put_fn)(struct fng_json *json, const char *key,
		       const struct fng_event *event, unsigned int type);

static u64 number(const struct fng_event *event, unsigned int type)
{
	return fng_attr_number(&event->attrs, type);
}

static void put_number(struct fng_json *json, const char *key,
		       const struct fng_event *event, unsigned int type)
{
	fng_json_number(json, key, number(event, type));
}

static void put_time(struct fng_json *json, const char *key,
		     const struct fng_event *event, unsigned int type)
{
	char text[FNG_TIME_SIZE];

	fng_json_string(json, key, fng_time_text(number(event, type), text));
}

static void put_flag(struct fng_json *json, const char *key,
		     const struct fng_event *event, unsigned int type)
{
	(void)event;
	(void)type;
	fng_json_true(json, key);
}

static void put_string(struct fng_json *json, const char *key,
		       const struct fng_event *event, unsigned int type)
{
	fng_json_string(json, key, fng_attr_string(&event->attrs, type));
}

/* Names are bytes; if they are not UTF-8, what they really are goes beside. */
static void put_bytes(struct fng_json *json, const char *key,
		      const struct fng_event *event, unsigned int type)
{
	const struct nlattr *attr = event->attrs.attr[type];
	char hex[32];

	if (fng_json_bytes(json, key, fng_attr_data(attr), fng_attr_size(attr)))
		return;
	snprintf(hex, sizeof(hex), "%s_hex", key);
	fng_json_hex(json, hex, fng_attr_data(attr), fng_attr_size(attr));
}

static void put_hash(struct fng_json *json, const char *key,
		     const struct fng_event *event, unsigned int type)
{
	char text[20];

	snprintf(text, sizeof(text), "%016llx",
		 (unsigned long long)number(event, type));
	fng_json_string(json, key, text);
}

static void put_address(struct fng_json *json, const char *key,
			const struct fng_event *event, unsigned int type)
{
	const struct nlattr *attr = event->attrs.attr[type];
	size_t size = fng_attr_size(attr);
	char text[INET6_ADDRSTRLEN];

	if (size == 4)
		inet_ntop(AF_INET, fng_attr_data(attr), text, sizeof(text));
	else if (size == 16)
		inet_ntop(AF_INET6, fng_attr_data(attr), text, sizeof(text));
	else
		return;
	fng_json_string(json, key, text);
}

static void put_errno(struct fng_json *json, const char *key,
		      const struct fng_event *event, unsigned int type)
{
	const char *name = fng_errno_name(number(event, type));

	if (name)
		fng_json_string(json, key, name);
	else
		put_number(json, key, event, type);
}

/* Standard descriptors that are sockets of the network, by number. */
static void put_stdio(struct fng_json *json, const char *key,
		      const struct fng_event *event, unsigned int type)
{
	u64 mask = number(event, type);
	unsigned int fd;

	fng_json_open(json, key, '[');
	for (fd = 0; fd < 3; fd++)
		if (mask & (1u << fd))
			fng_json_number(json, NULL, fd);
	fng_json_close(json, ']');
}

static void put_access(struct fng_json *json, const char *key,
		       const struct fng_event *event, unsigned int type)
{
	u64 mask = number(event, type);
	unsigned int bit;

	fng_json_open(json, key, '[');
	for (bit = 0; bit < FNG_NR_ACCESS; bit++)
		if (mask & (1u << bit))
			fng_json_string(json, NULL, fng_access_name(bit));
	fng_json_close(json, ']');
}

/* "tenant=acme,function=pay" as an object. */
static void put_labels(struct fng_json *json, const char *key,
		       const struct fng_event *event, unsigned int type)
{
	const char *text = fng_attr_string(&event->attrs, type), *equals;
	char name[FNG_MAX_LABELS + 1];
	size_t length, n;

	fng_json_open(json, key, '{');
	for (; *text; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		equals = memchr(text, '=', length);
		n = equals ? (size_t)(equals - text) : length;
		if (n >= sizeof(name))
			continue;
		memcpy(name, text, n);
		name[n] = '\0';
		fng_json_bytes(json, name, text + n + !!equals,
			       length - n - !!equals);
	}
	fng_json_close(json, '}');
}

static void put_rule(struct fng_json *json, const char *key,
		     const struct fng_event *event, unsigned int type)
{
	char buf[64];
	const char *name = fng_rule_name(number(event, type), buf, sizeof(buf));

	put_number(json, key, event, type);
	if (name)
		fng_json_string(json, "rule", name);
	else if (event->attrs.attr[FNG_A_RULE_TEXT])
		put_string(json, "rule", event, FNG_A_RULE_TEXT);
}

#define PUT_NAME(what)							\
static void put_##what(struct fng_json *json, const char *key,		\
		       const struct fng_event *event, unsigned int type)\
{									\
	fng_json_string(json, key, fng_##what##_name(number(event, type)));\
}
PUT_NAME(state)
PUT_NAME(event_kind)
PUT_NAME(hook)
PUT_NAME(class)
PUT_NAME(proto)

static const struct {
	unsigned int type;
	const char *key;
	put_fn put;
} members[] = {
	{ FNG_A_TIME_WALL, "time", put_time },
	{ FNG_A_KIND, "kind", put_event_kind },
	{ FNG_A_SEQ, "seq", put_number },
	{ FNG_A_STATE, "state", put_state },
	{ FNG_A_REASON, "reason", put_string },
	{ FNG_A_SECONDS, "seconds", put_number },
	{ FNG_A_POLICY_NAME, "policy", put_string },
	{ FNG_A_PHASE, "phase", put_string },
	{ FNG_A_POLICY_VERSION, "version", put_number },
	{ FNG_A_CGROUP_PATH, "cgroup", put_string },
	{ FNG_A_CGROUP_ID, "cgroup_id", put_number },
	{ FNG_A_IFNAME, "device", put_string },
	{ FNG_A_IFINDEX, "ifindex", put_number },
	{ FNG_A_DEVICE_ID, "device_id", put_number },
	{ FNG_A_ACTIVATION, "activation", put_string },
	{ FNG_A_LABELS, "labels", put_labels },
	{ FNG_A_TEMPLATE, "template", put_flag },
	{ FNG_A_PARTIAL, "partial", put_flag },
	{ FNG_A_HOOK_ID, "hook", put_hook },
	{ FNG_A_CLASS, "class", put_class },
	{ FNG_A_ACCESS, "access", put_access },
	{ FNG_A_ERRNO, "errno", put_errno },
	{ FNG_A_OBJECT, "object", put_bytes },
	{ FNG_A_OBJECT_LEN, "object_len", put_number },
	{ FNG_A_OBJECT_HASH, "object_hash", put_hash },
	{ FNG_A_ADDR, "addr", put_address },
	{ FNG_A_PORT, "port", put_number },
	{ FNG_A_PROTO, "proto", put_proto },
	{ FNG_A_HOST, "host", put_bytes },
	{ FNG_A_RULE_ID, "rule_id", put_rule },
	{ FNG_A_RULE_FILE, "rule_file", put_string },
	{ FNG_A_RULE_LINE, "rule_line", put_number },
	{ FNG_A_PID, "pid", put_number },
	{ FNG_A_TGID, "tgid", put_number },
	{ FNG_A_PPID, "ppid", put_number },
	{ FNG_A_UID, "uid", put_number },
	{ FNG_A_LOGINUID, "loginuid", put_number },
	{ FNG_A_COMM, "comm", put_string },
	{ FNG_A_EXE, "exe", put_bytes },
	{ FNG_A_START_TIME, "start_ns", put_number },
	{ FNG_A_SOCKET_COOKIE, "socket_cookie", put_number },
	{ FNG_A_STDIO, "network_stdio", put_stdio },
	{ FNG_A_ENTERING, "entering", put_flag },
	{ FNG_A_KILLED, "killed", put_flag },
	{ FNG_A_REPEAT, "repeat", put_number },
	{ FNG_A_COUNT, "count", put_number },
	{ FNG_A_REPORTED, "reported", put_number },
	{ FNG_A_TIME_WALL, "time_ns", put_number },
	{ FNG_A_TIME_BOOT, "boot_ns", put_number },
};

static void put_verdict(struct fng_json *json, const struct nlattr *nest)
{
	struct fng_event inner = { .nr_verdicts = 0 };

	if (fng_attrs_parse(&inner.attrs, fng_attr_data(nest),
			    fng_attr_size(nest)))
		return;
	fng_json_open(json, NULL, '{');
	if (inner.attrs.attr[FNG_A_POLICY_NAME])
		put_string(json, "policy", &inner, FNG_A_POLICY_NAME);
	if (inner.attrs.attr[FNG_A_PHASE])
		put_string(json, "phase", &inner, FNG_A_PHASE);
	if (inner.attrs.attr[FNG_A_RULE_ID])
		put_rule(json, "rule_id", &inner, FNG_A_RULE_ID);
	if (inner.attrs.attr[FNG_A_REFUSED])
		fng_json_true(json, "refused");
	if (inner.attrs.attr[FNG_A_AUDIT])
		fng_json_true(json, "would_refuse");
	if (inner.attrs.attr[FNG_A_CANDIDATE])
		fng_json_true(json, "candidate");
	fng_json_close(json, '}');
}

void fng_event_json(const struct fng_event *event, struct fng_json *json)
{
	size_t i;

	fng_json_open(json, NULL, '{');
	for (i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (event->attrs.attr[members[i].type])
			members[i].put(json, members[i].key, event,
				       members[i].type);
	if (event->nr_verdicts) {
		fng_json_open(json, "verdicts", '[');
		for (i = 0; i < event->nr_verdicts; i++)
			put_verdict(json, event->verdict[i]);
		fng_json_close(json, ']');
	}
	fng_json_close(json, '}');
}
