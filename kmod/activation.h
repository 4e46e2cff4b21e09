/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Activations: uses of one cgroup by one function after the other.
 */
#ifndef FNGUARD_KMOD_ACTIVATION_H
#define FNGUARD_KMOD_ACTIVATION_H

#include <fnguard/limits.h>
#include <linux/types.h>

struct cgroup;
struct netlink_ext_ack;

/**
 * struct fng_activation_facts - what is known of an activation
 * @name: the host's, or "#" and its number
 * @labels: of the binding that was made by it
 */
struct fng_activation_facts {
	char name[FNG_MAX_ACTIVATION + 1];
	char labels[FNG_MAX_LABELS + 1];
};

/* Under fng_control_mutex; sleeps. */
int fng_activate(struct cgroup *cgroup, const char *policy, const char *name,
		 const char *labels, struct netlink_ext_ack *extack);

/* Any context. */
bool fng_activation_describe(u32 number, struct fng_activation_facts *facts);
bool fng_activation_is_over(u32 number);

/* Under fng_control_mutex. */
void fng_activation_end(u32 number);

void fng_activation_exit(void);

#endif /* FNGUARD_KMOD_ACTIVATION_H */
