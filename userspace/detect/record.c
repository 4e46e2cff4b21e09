// SPDX-License-Identifier: MIT
/*
 * From what was recorded.
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <string.h>

#include <client/names.h>
#include <detect/event.h>

typedef const char *(*name_fn)(u32 number);

/* The number that has a name; @nr if none has. */
static u32 by_name(const json_t *from, const char *key, name_fn name, u32 nr)
{
	const char *text = json_string_value(json_object_get(from, key));

	for (u32 i = 0; text && i < nr; i++) {
		if (!strcmp(name(i), text))
			return i;
	}
	return nr;
}

static u64 number(const json_t *from, const char *key)
{
	return json_integer_value(json_object_get(from, key));
}

static struct fng_detect_text text(const json_t *from, const char *key)
{
	const json_t *value = json_object_get(from, key);

	return (struct fng_detect_text){ json_string_value(value),
					 json_string_length(value) };
}

static u32 access_of(const json_t *from)
{
	const json_t *list = json_object_get(from, "access"), *word;
	u32 access = 0;
	size_t i;

	json_array_foreach(list, i, word) {
		for (u32 bit = 0; bit < FNG_NR_ACCESS; bit++) {
			if (json_is_string(word) &&
			    !strcmp(fng_access_name(bit),
				    json_string_value(word)))
				access |= 1u << bit;
		}
	}
	return access;
}

static void load_address(struct fng_detect_event *event, const json_t *from)
{
	const char *addr = json_string_value(json_object_get(from, "addr"));

	if (!addr)
		return;
	event->family = strchr(addr, ':') ? 6 : 4;
	if (inet_pton(event->family == 6 ? AF_INET6 : AF_INET, addr,
		      event->addr) != 1)
		event->family = 0;
	event->port = number(from, "port");
	event->proto = by_name(from, "proto", fng_proto_name, FNG_PROTO_OTHER);
}

static u64 place_of(const json_t *from)
{
	u64 cgroup = number(from, "cgroup_id");

	return cgroup ? cgroup : number(from, "device_id");
}

bool fng_detect_event_load(struct fng_detect_event *event, const json_t *from)
{
	u64 repeat = number(from, "repeat");

	memset(event, 0, sizeof(*event));
	event->kind = by_name(from, "kind", fng_event_kind_name,
			      FNG_NR_EVENT_KINDS);
	event->boot = number(from, "boot_ns");
	if (event->kind == FNG_NR_EVENT_KINDS || !event->kind || !event->boot)
		return false;
	event->wall = number(from, "time_ns");
	event->cgroup_id = place_of(from);
	event->class = by_name(from, "class", fng_class_name, FNG_NR_CLASSES);
	event->hook = by_name(from, "hook", fng_hook_name, FNG_NR_HOOKS);
	event->access = access_of(from);
	event->entering = json_is_true(json_object_get(from, "entering"));
	event->stdio = json_array_size(json_object_get(from, "network_stdio"));
	event->state = by_name(from, "state", fng_state_name,
			       FNG_STATE_DEGRADED + 1);
	event->rule = json_is_integer(json_object_get(from, "rule_id")) ?
		      number(from, "rule_id") : FNG_RULE_NONE;
	load_address(event, from);
	event->process = number(from, "tgid") ^ number(from, "start_ns") << 22;
	event->repeat = repeat ? repeat : 1;
	event->cgroup = text(from, "cgroup");
	event->policy = text(from, "policy");
	event->reason = text(from, "reason");
	event->object = text(from, "object");
	event->host = text(from, "host");
	event->exe = text(from, "exe");
	return true;
}
