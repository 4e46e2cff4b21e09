/* SPDX-License-Identifier: MIT */
/*
 * An event, as rules see it: from the kernel, or from what was recorded.
 */
#ifndef DETECT_EVENT_H
#define DETECT_EVENT_H

#include <fnguard/access.h>
#include <fnguard/hooks.h>
#include <detect/rule.h>

struct fng_event;
struct json_t;

/**
 * struct fng_detect_text - bytes that belong to somebody else
 * @at: first byte, or NULL if there are none
 * @size: number of bytes
 */
struct fng_detect_text {
	const char *at;
	size_t size;
};

/**
 * struct fng_detect_event - what rules look at of an event
 * @kind: enum fng_event_kind
 * @boot: when, in ns since boot
 * @wall: when, in ns since 1970
 * @cgroup_id: of which cgroup or device; 0 if of neither
 * @class: enum fng_class, FNG_NR_CLASSES if there is none
 * @hook: enum fng_hook, FNG_NR_HOOKS if there is none
 * @access: FNG_ACCESS_* bits
 * @entering: the task was setting the function up, and is not the function
 * @stdio: some standard descriptor of who executes is a socket of the network
 * @state: enum fng_state, if the kind is FNG_EVENT_STATE
 * @rule: id of the rule, FNG_RULE_NONE if there is none
 * @family: 4 or 6, 0 if there is no address
 * @addr: 16 bytes in network order; IPv4 in the first 4
 * @port: port
 * @proto: enum fng_proto
 * @process: process, and when it was started; 0 if there is none
 * @repeat: how many of the same the event stands for
 * @cgroup: path of the cgroup
 * @policy: name of the policy
 * @reason: why the guard has come to a state
 * @object: name of the object
 * @host: name of the host
 * @exe: program of the task
 * @json: the event as JSON
 *
 * Texts are the caller's and need not end in NUL.
 */
struct fng_detect_event {
	u32 kind;
	u64 boot;
	u64 wall;
	u64 cgroup_id;
	u32 class;
	u32 hook;
	u32 access;
	bool entering;
	bool stdio;
	u32 state;
	u32 rule;
	u8 family;
	u8 addr[16];
	u16 port;
	u32 proto;
	u64 process;
	u64 repeat;
	struct fng_detect_text cgroup;
	struct fng_detect_text policy;
	struct fng_detect_text reason;
	struct fng_detect_text object;
	struct fng_detect_text host;
	struct fng_detect_text exe;
	struct fng_detect_text json;
};

/* Does a condition hold of an event? */
bool fng_detect_matches(const struct fng_detect_match *match,
			const struct fng_detect_event *event);

/*
 * A number that stands for what of an event is told apart, equal where that is
 * equal; 0 if the event has none, and 1 for FNG_DETECT_NOTHING.
 */
u64 fng_detect_key(enum fng_detect_what what,
		   const struct fng_detect_event *event);

/* From an event of the kernel, without @json; valid as long as @from. */
void fng_detect_event_read(struct fng_detect_event *event,
			   const struct fng_event *from);

/*
 * From an event as the agent and `fnguard --json events` write it, without
 * @json; valid as long as @from. False if it is none.
 */
bool fng_detect_event_load(struct fng_detect_event *event,
			   const struct json_t *from);

#endif /* DETECT_EVENT_H */
