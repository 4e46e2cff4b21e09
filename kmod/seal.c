// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seal: from then until reboot, what is enforced can only be added to.
 *
 * It cannot be taken back, so there is nothing here that ends: a module whose
 * guard is sealed is armed, stays armed, and is not removed.
 */
#include <linux/netlink.h>
#include <linux/string.h>
#include <uapi/fnguard.h>

#include "memory.h"
#include "ruleset.h"
#include "seal.h"
#include "trust.h"

/* Who may sign policies; set once, under fng_control_mutex, and never changed. */
static struct key *trusted;

/* Whoever sees that the guard is sealed sees its certificates. */
bool fng_sealed(void)
{
	/* Pairs with fng_seal(). */
	return smp_load_acquire(&trusted);
}

/**
 * fng_seal() - let nobody take anything back any more
 * @certificates: keyring, of which this takes the reference
 *
 * The caller has seen to it that the guard is armed and not sealed.
 */
void fng_seal(struct key *certificates)
{
	lockdep_assert_held(&fng_control_mutex);
	/* Pairs with fng_sealed(). */
	smp_store_release(&trusted, certificates);
}

/**
 * fng_seal_admit() - may somebody take back what is enforced?
 * @extack: told why not
 */
int fng_seal_admit(struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&fng_control_mutex);
	if (!fng_sealed())
		return 0;
	NL_SET_ERR_MSG(extack,
		       FNG_REFUSED_SEALED " until reboot: what it enforces can only be added to");
	return -EPERM;
}

/* Bases are shared: those of the same bytes are the same. */
static bool is_same_part(const struct fng_policy *a, const struct fng_policy *b)
{
	return a->base == b->base && a->image.size == b->image.size &&
	       !memcmp(a->blob, b->blob, fng_policy_own(a));
}

static bool is_same(const struct fng_policy *a, const struct fng_policy *b)
{
	u32 i;

	if (a->nr_phases != b->nr_phases)
		return false;
	for (i = 0; i < fng_policy_nr_parts(a); i++)
		if (!is_same_part(fng_policy_part(a, i), fng_policy_part(b, i)))
			return false;
	return true;
}

/**
 * fng_seal_admit_policy() - may a policy be loaded?
 * @policy: not in the ruleset yet
 * @extack: told why not
 *
 * Nothing is unloaded once the guard is sealed. So the version that is loaded is
 * the highest that was, and to look at it is enough. Its very bytes may come
 * again: whoever loads a whole directory changes one of its files.
 */
int fng_seal_admit_policy(const struct fng_policy *policy,
			  struct netlink_ext_ack *extack)
{
	const struct fng_policy *loaded;

	if (!fng_sealed())
		return 0;
	if (!policy->vouched) {
		NL_SET_ERR_MSG(extack,
			       FNG_REFUSED_SEALED
			       ": a policy needs a signature; see fnguard policy sign");
		return -EPERM;
	}
	loaded = fng_ruleset_find(fng_ruleset_locked(), fng_policy_name(policy));
	if (!loaded || is_same(policy, loaded) ||
	    policy->image.meta->version > loaded->image.meta->version)
		return 0;
	NL_SET_ERR_MSG(extack,
		       FNG_REFUSED_SEALED ": a policy is replaced by a higher version only");
	return -EPERM;
}

static void *copy_part(const struct fng_policy *part, void *to)
{
	memcpy(to, part->blob, fng_policy_own(part));
	to += fng_policy_own(part);
	if (!part->base)
		return to;
	memcpy(to, part->base->blob, part->base->image.size);
	return to + part->base->image.size;
}

/* The bytes that came, of which the policy keeps the bases elsewhere. */
static void *copy_image(const struct fng_policy *policy)
{
	void *image = fng_memory_alloc(policy->size, 0);
	void *to = image;
	u32 i;

	for (i = 0; image && i < fng_policy_nr_parts(policy); i++)
		to = copy_part(fng_policy_part(policy, i), to);
	return image;
}

/**
 * fng_seal_vouch() - check the signature of a policy
 * @policy: not in any ruleset yet; remembers the result
 * @signature: copy of what came with it
 * @size: bytes of @signature
 * @extack: told what is wrong
 *
 * Before the guard is sealed nobody is trusted, and nothing is checked. If that
 * happens between this and the load, the policy is refused.
 */
int fng_seal_vouch(struct fng_policy *policy, const void *signature, u32 size,
		   struct netlink_ext_ack *extack)
{
	void *image;
	int err;

	if (!fng_sealed())
		return 0;
	image = copy_image(policy);
	if (!image)
		return -ENOMEM;
	err = fng_trust_check(trusted, image, policy->size, signature, size,
			      extack);
	kvfree(image);
	policy->vouched = !err;
	return err;
}
