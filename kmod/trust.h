/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Certificates, and what they vouch for.
 */
#ifndef FNGUARD_KMOD_TRUST_H
#define FNGUARD_KMOD_TRUST_H

#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/types.h>

struct file;
struct key;

#define FNG_TRUST_DIGEST_SIZE	32

#ifdef CONFIG_SYSTEM_DATA_VERIFICATION

/* All in process context; they sleep. */
struct key *fng_trust_create(struct netlink_ext_ack *extack);
int fng_trust_add(struct key *ring, u32 number, const void *certificate,
		  u32 size, struct netlink_ext_ack *extack);
void fng_trust_drop(struct key *ring);
int fng_trust_check(struct key *ring, const void *data, u32 size,
		    const void *signature, u32 signature_size,
		    struct netlink_ext_ack *extack);
int fng_trust_digest(struct file *file, u8 sha256[FNG_TRUST_DIGEST_SIZE],
		     struct netlink_ext_ack *extack);

#else

/* Nothing can be trusted, so nobody comes to have what the others take. */
static inline struct key *fng_trust_create(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "This kernel was built without CONFIG_SYSTEM_DATA_VERIFICATION: it cannot check signatures");
	return ERR_PTR(-EOPNOTSUPP);
}

static inline int fng_trust_add(struct key *ring, u32 number,
				const void *certificate, u32 size,
				struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static inline void fng_trust_drop(struct key *ring)
{
}

static inline int fng_trust_check(struct key *ring, const void *data, u32 size,
				  const void *signature, u32 signature_size,
				  struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static inline int fng_trust_digest(struct file *file,
				   u8 sha256[FNG_TRUST_DIGEST_SIZE],
				   struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

#endif /* CONFIG_SYSTEM_DATA_VERIFICATION */

#endif /* FNGUARD_KMOD_TRUST_H */
