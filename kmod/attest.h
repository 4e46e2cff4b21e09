/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that userspace has digested.
 */
#ifndef FNGUARD_KMOD_ATTEST_H
#define FNGUARD_KMOD_ATTEST_H

#include <linux/types.h>

#include <fnguard/image.h>

#include "clock.h"

struct file;
struct netlink_ext_ack;

/**
 * struct fng_attestation - what somebody says of a file
 * @size: bytes of it, when it was digested
 * @ctime: its change time then, in nanoseconds
 * @moment: from fng_attest_begin(), before it was read
 * @sha256: digest of all that is in it
 */
struct fng_attestation {
	u64 size;
	u64 ctime;
	struct fng_moment moment;
	u8 sha256[FNG_SHA256_SIZE];
};

void fng_attest_exit(void);

/* May sleep. */
int fng_attest_begin(struct file *file, struct fng_moment *moment,
		     struct netlink_ext_ack *extack);

/* Under fng_control_mutex; may sleep. */
int fng_attest(struct file *file, const struct fng_attestation *said,
	       struct netlink_ext_ack *extack);

/* Any context, inside rcu_read_lock(). */
bool fng_attested(struct file *file, const u8 *sha256);

#endif /* FNGUARD_KMOD_ATTEST_H */
