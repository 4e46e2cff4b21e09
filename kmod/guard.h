/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard as a whole: arming, proof, canary, state.
 */
#ifndef FNGUARD_KMOD_GUARD_H
#define FNGUARD_KMOD_GUARD_H

#include <linux/types.h>
#include <uapi/fnguard.h>
#include <fnguard/hooks.h>

struct cgroup;
struct key;
struct netlink_ext_ack;

#define FNG_MODULE_VERSION	"0.1.0"

/* Longest reason that fng_guard_state() gives, with its NUL. */
#define FNG_REASON_SIZE	128

int fng_guard_init(void);
void fng_guard_hold_module(void);
void fng_guard_exit(void);

/* All under fng_control_mutex; may sleep. */
int fng_guard_attach(struct netlink_ext_ack *extack);
int fng_guard_arm(struct cgroup *canary, int hook,
		  struct netlink_ext_ack *extack);
int fng_guard_prove(struct netlink_ext_ack *extack);
int fng_guard_disarm(const char *reason, struct netlink_ext_ack *extack);
int fng_guard_seal(struct key *certificates, struct netlink_ext_ack *extack);
void fng_guard_refresh(void);

/* Any context. */
enum fng_state fng_guard_state(char reason[FNG_REASON_SIZE]);
bool fng_hook_proven(enum fng_hook hook);
bool fng_hook_absent(enum fng_hook hook);

#endif /* FNGUARD_KMOD_GUARD_H */
