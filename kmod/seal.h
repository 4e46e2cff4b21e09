/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seal: from then until reboot, what is enforced can only be added to.
 */
#ifndef FNGUARD_KMOD_SEAL_H
#define FNGUARD_KMOD_SEAL_H

#include <linux/types.h>

struct key;
struct fng_policy;
struct netlink_ext_ack;

/* Any context. */
bool fng_sealed(void);

/* Under fng_control_mutex. */
void fng_seal(struct key *certificates);
int fng_seal_admit(struct netlink_ext_ack *extack);
int fng_seal_admit_policy(const struct fng_policy *policy,
			  struct netlink_ext_ack *extack);

/* Process context; sleeps. */
int fng_seal_vouch(struct fng_policy *policy, const void *signature, u32 size,
		   struct netlink_ext_ack *extack);

#endif /* FNGUARD_KMOD_SEAL_H */
