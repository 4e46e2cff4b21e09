/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is recorded of a refusal, or of what is observed, at the moment it happens.
 */
#ifndef FNGUARD_KMOD_EVENT_RECORD_H
#define FNGUARD_KMOD_EVENT_RECORD_H

#include <linux/build_bug.h>
#include <linux/sched.h>

#include "judge.h"

/* Bytes of the executable's path that an event carries. */
#define FNG_MAX_EVENT_EXE	256

/**
 * struct fng_actor - a task, by the numbers of the initial namespaces
 * @pid: thread id; 0 if nobody acts
 * @tgid: process id
 * @ppid: process id of the parent
 * @uid: real user id
 * @loginuid: login user id; -1 if nobody ever logged in
 * @start: when the process started, in ns since boot
 * @comm: name of the thread
 */
struct fng_actor {
	u32 pid;
	u32 tgid;
	u32 ppid;
	u32 uid;
	u32 loginuid;
	u64 start;
	char comm[TASK_COMM_LEN];
};

/**
 * struct fng_record - one sample of a refusal, or of what is observed
 * @ready: completely written; see event_ring.c
 * @verdict: enum fng_verdict
 * @entering: the task had not entered yet
 * @killed: the task was killed for it
 * @hook: enum fng_hook
 * @class: enum fng_class
 * @object: enum fng_object_kind
 * @stdio: bit n: descriptor n is a socket of the network; of programs that are
 *	executed
 * @nr: number of @policies
 * @refused_mask: which of them refuse
 * @audit_mask: which of them would, but only audit
 * @candidates: which of them are not in force
 * @err: errno, positive
 * @row: row of the ledger, in which this sample is in flight
 * @rule: rule id of the root-most refusal, or that allows what is observed
 * @access: access bits that were refused
 * @cgroup_id: the cgroup
 * @activation: number of its activation, or 0
 * @policy_id: policy of the root-most refusal, or that observes, or 0
 * @boot: time since boot
 * @policies: ids of all policies that apply
 * @rules: rule ids of those that refuse
 * @actor: who
 * @endpoint: destination
 * @cookie: socket cookie
 * @name_len: bytes of the object's whole name
 * @name_hash: xxh64 of the whole name
 * @name_kept: bytes in @name
 * @exe_kept: bytes in @exe
 * @name: start of the object's name
 * @exe: start of the path of the task's executable
 */
struct fng_record {
	bool ready;
	u8 verdict;
	bool entering;
	bool killed;
	u8 hook;
	u8 class;
	u8 object;
	u8 stdio;
	u8 nr;
	u8 refused_mask;
	u8 audit_mask;
	u8 candidates;
	u16 err;
	u32 row;
	u32 rule;
	u32 access;
	u64 cgroup_id;
	u32 activation;
	u64 policy_id;
	u64 boot;
	u64 policies[FNG_MAX_APPLIED];
	u32 rules[FNG_MAX_APPLIED];
	struct fng_actor actor;
	struct fng_endpoint endpoint;
	u64 cookie;
	u64 name_hash;
	u32 name_len;
	u16 name_kept;
	u16 exe_kept;
	char name[FNG_MAX_EVENT_OBJECT];
	char exe[FNG_MAX_EVENT_EXE];
};

static_assert(sizeof(struct fng_record) <= 1024, "records are small");

int fng_record_init(void);
void fng_record_exit(void);

/* Any context, inside rcu_read_lock(). */
void fng_record_fill(struct fng_record *record,
		     const struct fng_judgement *judgement,
		     const struct fng_object *object, u8 policy);
void fng_record_renew(struct fng_record *record,
		      const struct fng_judgement *judgement,
		      const struct fng_object *object, u8 policy);
/* Any context, preemption disabled. */
void fng_record_fill_program(struct fng_record *record,
			     const struct fng_object *object);
/* Any context. */
void fng_actor_fill(struct fng_actor *actor);

#endif /* FNGUARD_KMOD_EVENT_RECORD_H */
