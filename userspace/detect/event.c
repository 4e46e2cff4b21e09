// SPDX-License-Identifier: MIT
/*
 * From what the kernel sends.
 */
#include <string.h>

#include <client/event.h>
#include <detect/event.h>

static u32 number_or(const struct fng_attrs *attrs, unsigned int type,
		     u32 absent)
{
	return attrs->attr[type] ? fng_attr_number(attrs, type) : absent;
}

static struct fng_detect_text bytes(const struct fng_attrs *attrs,
				    unsigned int type)
{
	const struct nlattr *attr = attrs->attr[type];

	if (!attr)
		return (struct fng_detect_text){ 0 };
	return (struct fng_detect_text){ fng_attr_data(attr),
					 fng_attr_size(attr) };
}

static struct fng_detect_text string(const struct fng_attrs *attrs,
				     unsigned int type)
{
	const char *text = fng_attr_string(attrs, type);

	if (!attrs->attr[type])
		return (struct fng_detect_text){ 0 };
	return (struct fng_detect_text){ text, strlen(text) };
}

static void read_address(struct fng_detect_event *event,
			 const struct fng_attrs *attrs)
{
	struct fng_detect_text addr = bytes(attrs, FNG_A_ADDR);

	if (addr.size != 4 && addr.size != 16)
		return;
	event->family = addr.size == 4 ? 4 : 6;
	memcpy(event->addr, addr.at, addr.size);
	event->port = fng_attr_number(attrs, FNG_A_PORT);
	event->proto = number_or(attrs, FNG_A_PROTO, FNG_PROTO_OTHER);
}

/* A device's id is none of a cgroup's. */
static u64 place_of(const struct fng_attrs *attrs)
{
	return attrs->attr[FNG_A_CGROUP_ID] ?
	       fng_attr_number(attrs, FNG_A_CGROUP_ID) :
	       fng_attr_number(attrs, FNG_A_DEVICE_ID);
}

/* The number of a process is used again, together with its start it is not. */
static u64 process_of(const struct fng_attrs *attrs)
{
	return fng_attr_number(attrs, FNG_A_TGID) ^
	       fng_attr_number(attrs, FNG_A_START_TIME) << 22;
}

void fng_detect_event_read(struct fng_detect_event *event,
			   const struct fng_event *from)
{
	const struct fng_attrs *attrs = &from->attrs;
	u64 repeat = fng_attr_number(attrs, FNG_A_REPEAT);

	memset(event, 0, sizeof(*event));
	event->kind = fng_attr_number(attrs, FNG_A_KIND);
	if (event->kind >= FNG_NR_EVENT_KINDS)
		event->kind = 0;
	event->boot = fng_attr_number(attrs, FNG_A_TIME_BOOT);
	event->wall = fng_attr_number(attrs, FNG_A_TIME_WALL);
	event->cgroup_id = place_of(attrs);
	event->class = number_or(attrs, FNG_A_CLASS, FNG_NR_CLASSES);
	event->hook = number_or(attrs, FNG_A_HOOK_ID, FNG_NR_HOOKS);
	event->access = fng_attr_number(attrs, FNG_A_ACCESS);
	event->entering = fng_attr_flag(attrs, FNG_A_ENTERING);
	event->stdio = fng_attr_number(attrs, FNG_A_STDIO);
	event->state = fng_attr_number(attrs, FNG_A_STATE);
	event->rule = number_or(attrs, FNG_A_RULE_ID, FNG_RULE_NONE);
	read_address(event, attrs);
	event->process = process_of(attrs);
	event->repeat = repeat ? repeat : 1;
	event->cgroup = string(attrs, FNG_A_CGROUP_PATH);
	event->policy = string(attrs, FNG_A_POLICY_NAME);
	event->reason = string(attrs, FNG_A_REASON);
	event->object = bytes(attrs, FNG_A_OBJECT);
	event->host = bytes(attrs, FNG_A_HOST);
	event->exe = bytes(attrs, FNG_A_EXE);
}
