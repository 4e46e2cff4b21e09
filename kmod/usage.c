// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guarded cgroup, or the guest behind a device, has used of a policy's
 * limits.
 *
 * Each number is one atomic, which is all that a packet or a connection takes of
 * its own cgroup, and no lock. Addresses are only ever added, so that they are
 * looked for without a lock as well.
 */
#include <linux/in.h>
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "names.h"
#include "usage.h"

#define DESTINATION_BITS	6

/**
 * struct fng_destination - an address that something was sent to
 * @next: another with the same hash; set before it is found
 * @addr: the address; IPv4 as in ::ffff:0:0/96
 */
struct fng_destination {
	struct fng_destination *next;
	u8 addr[16];
};

/**
 * fng_usage_find() - the same as fng_usage_get() if it is there already
 * @usage: first of all that a cgroup has, or NULL
 * @policy: hash of the policy's name
 *
 * Return: NULL if it is not.
 */
struct fng_usage *fng_usage_find(struct fng_usage *usage, u64 policy)
{
	while (usage && usage->policy != policy)
		usage = usage->next;
	return usage;
}

/**
 * fng_usage_get() - what was used of a policy's limits
 * @usages: first of all that a cgroup has; one that was not there is added
 * @policy: hash of the policy's name
 *
 * Return: NULL without memory.
 */
struct fng_usage *fng_usage_get(struct fng_usage **usages, u64 policy)
{
	/* Pairs with the exchange below. */
	struct fng_usage *first = smp_load_acquire(usages);
	struct fng_usage *usage = fng_usage_find(first, policy);
	struct fng_usage *fresh;

	if (usage)
		return usage;
	fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	if (!fresh)
		return NULL;
	spin_lock_init(&fresh->lock);
	fresh->policy = policy;
	fresh->phase_at = ktime_get_ns();
	fresh->seed = get_random_u32();
	do {
		usage = fng_usage_find(first, policy);
		if (usage) {
			kfree(fresh);
			return usage;
		}
		fresh->next = first;
	} while (!try_cmpxchg(usages, &first, fresh));
	return fresh;
}

static void free_destinations(struct fng_destination **lists)
{
	struct fng_destination *next;
	u32 i;

	for (i = 0; lists && i < BIT(DESTINATION_BITS); i++) {
		for (; lists[i]; lists[i] = next) {
			next = lists[i]->next;
			kfree(lists[i]);
		}
	}
	kfree(lists);
}

/* Frees them all; nobody can find them any more. */
void fng_usage_free(struct fng_usage *usages)
{
	struct fng_usage *next;

	for (; usages; usages = next) {
		next = usages->next;
		free_destinations(usages->destinations);
		kfree(usages->denials);
		kfree(usages->sight);
		kfree(usages);
	}
}

/* A clock that may be asked in any context; it need not be exact. */
static u64 now(void)
{
	return ktime_get_mono_fast_ns();
}

static bool take_of_rate(atomic64_t *used, const struct fng_image_limit *limit,
			 u64 amount)
{
	s64 old = atomic64_read(used);
	bool taken;
	u64 until;

	do {
		until = old;
		taken = fng_limit_take(limit, now(), amount, &until);
	} while (until != old && !atomic64_try_cmpxchg(used, &old, until));
	return taken;
}

static bool take_of_total(atomic64_t *used, const struct fng_image_limit *limit,
			  u64 amount)
{
	s64 old = atomic64_read(used);

	do {
		if ((u64)old > limit->most || amount > limit->most - old)
			return false;
	} while (!atomic64_try_cmpxchg(used, &old, old + amount));
	return true;
}

/**
 * fng_usage_take() - use something, if the limit allows as much
 * @usage: of the policy whose limit it is
 * @limit: a rate, or FNG_LIMIT_EGRESS_TOTAL
 * @amount: how much
 *
 * Return: false if it does not.
 */
bool fng_usage_take(struct fng_usage *usage,
		    const struct fng_image_limit *limit, u64 amount)
{
	atomic64_t *used = &usage->used[limit->kind];

	return fng_limit_is_rate(limit->kind) ?
	       take_of_rate(used, limit, amount) :
	       take_of_total(used, limit, amount);
}

/**
 * fng_usage_give_back() - it was not used after all
 * @usage: the same as for fng_usage_take(), which has said true
 * @limit: the same
 * @amount: the same
 */
void fng_usage_give_back(struct fng_usage *usage,
			 const struct fng_image_limit *limit, u64 amount)
{
	if (fng_limit_is_rate(limit->kind))
		amount = fng_limit_price(limit, amount);
	atomic64_sub(amount, &usage->used[limit->kind]);
}

static struct fng_destination **list_of(const struct fng_usage *usage,
					struct fng_destination **lists,
					const u8 addr[16])
{
	u32 hash = jhash(addr, 16, usage->seed);

	return &lists[hash & (BIT(DESTINATION_BITS) - 1)];
}

static bool is_known(const struct fng_usage *usage, const u8 addr[16])
{
	const struct fng_destination *known;
	struct fng_destination **lists;

	/* Pairs with the beginning of add(). */
	lists = smp_load_acquire(&usage->destinations);
	if (!lists)
		return false;
	/* Pairs with the end of it. */
	known = smp_load_acquire(list_of(usage, lists, addr));
	while (known && memcmp(known->addr, addr, sizeof(known->addr)))
		known = known->next;
	return known;
}

/* What is sent to no address goes to the host's own, which packets have. */
static void address_of(const struct fng_endpoint *endpoint, u8 addr[16])
{
	const struct fng_endpoint plain = fng_names_plain(endpoint);
	const __be32 loopback = htonl(INADDR_LOOPBACK);

	memset(addr, 0, 16);
	if (plain.family == 6) {
		memcpy(addr, plain.addr, 16);
		if (!memchr_inv(addr, 0, 16))
			addr[15] = 1;
		return;
	}
	memset(addr + 10, 0xff, 2);
	memcpy(addr + 12, plain.addr, 4);
	if (!memchr_inv(addr + 12, 0, 4))
		memcpy(addr + 12, &loopback, 4);
}

/**
 * fng_usage_reached() - was something sent to an address?
 * @usage: of a policy that limits that
 * @endpoint: the address; its port and protocol do not matter
 */
bool fng_usage_reached(const struct fng_usage *usage,
		       const struct fng_endpoint *endpoint)
{
	u8 addr[16];

	address_of(endpoint, addr);
	return is_known(usage, addr);
}

/**
 * fng_usage_reaches() - could something be sent to an address?
 * @usage: of the policy whose limit it is
 * @limit: FNG_LIMIT_DESTINATIONS
 * @endpoint: the address; its port and protocol do not matter
 *
 * Return: true if something was before, or it is one of as many as may be.
 */
bool fng_usage_reaches(const struct fng_usage *usage,
		       const struct fng_image_limit *limit,
		       const struct fng_endpoint *endpoint)
{
	u8 addr[16];

	address_of(endpoint, addr);
	return is_known(usage, addr) ||
	       READ_ONCE(usage->nr_destinations) < limit->most;
}

/* Takes over what it uses of @lists and @fresh, which are NULL then. */
static int add(struct fng_usage *usage, u64 most,
	       struct fng_destination ***lists, struct fng_destination **fresh)
{
	struct fng_destination **list;

	lockdep_assert_held(&usage->lock);
	if (is_known(usage, (*fresh)->addr))
		return 0;
	if (usage->nr_destinations >= most)
		return -ENOSPC;
	if (!usage->destinations) {
		/* Whoever sees it sees that it is empty. */
		smp_store_release(&usage->destinations, *lists);
		*lists = NULL;
	}
	list = list_of(usage, usage->destinations, (*fresh)->addr);
	(*fresh)->next = *list;
	/* Whoever sees it sees what is in it. */
	smp_store_release(list, *fresh);
	*fresh = NULL;
	WRITE_ONCE(usage->nr_destinations, usage->nr_destinations + 1);
	return 0;
}

/**
 * fng_usage_reach() - something is sent to an address
 * @usage: the same as for fng_usage_reaches()
 * @limit: the same
 * @endpoint: the same
 *
 * Return: 0, -ENOSPC if something was sent to as many others as may be, or
 *	-ENOMEM.
 */
int fng_usage_reach(struct fng_usage *usage,
		    const struct fng_image_limit *limit,
		    const struct fng_endpoint *endpoint)
{
	struct fng_destination **lists = NULL;
	struct fng_destination *fresh;
	unsigned long flags;
	u8 addr[16];
	int err = -ENOMEM;

	address_of(endpoint, addr);
	if (is_known(usage, addr))
		return 0;
	fresh = kmalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	if (!READ_ONCE(usage->destinations))
		lists = kcalloc(BIT(DESTINATION_BITS), sizeof(*lists),
				GFP_ATOMIC | __GFP_NOWARN);
	spin_lock_irqsave(&usage->lock, flags);
	if (fresh && (lists || usage->destinations)) {
		memcpy(fresh->addr, addr, sizeof(addr));
		err = add(usage, limit->most, &lists, &fresh);
	}
	spin_unlock_irqrestore(&usage->lock, flags);
	kfree(lists);
	kfree(fresh);
	return err;
}

/**
 * struct fng_denials - when the last refusals were
 * @room: in @at
 * @nr: of them, that are there
 * @next: where the next one goes, the oldest's place once all are there
 * @at: by the clock of limits
 */
struct fng_denials {
	u32 room;
	u32 nr;
	u32 next;
	u64 at[];
};

/* Takes over as many as there is room for, the oldest first. */
static void take_over(struct fng_denials *fresh, const struct fng_denials *old)
{
	u32 nr = old ? min(old->nr, fresh->room) : 0;
	u32 i;

	for (i = nr; i; i--)
		fresh->at[fresh->nr++] =
			old->at[(old->next + old->room - i) % old->room];
	fresh->next = fresh->nr % fresh->room;
}

/* Are there as many as there is room for, none too long ago? */
static bool note_denial(struct fng_denials *denials, u64 window)
{
	u64 at = now();

	denials->at[denials->next] = at;
	denials->next = (denials->next + 1) % denials->room;
	denials->nr = min(denials->nr + 1, denials->room);
	return denials->nr == denials->room &&
	       at - denials->at[denials->next] <= window;
}

static bool fits(const struct fng_denials *denials, u32 most)
{
	return denials && denials->room == most;
}

/* Without room for as many, takes @fresh, which is NULL then; false if that is. */
static bool deny(struct fng_usage *usage, struct fng_denials **fresh, u32 most,
		 u64 window, bool *reached)
{
	unsigned long flags;
	bool noted;

	spin_lock_irqsave(&usage->lock, flags);
	if (!fits(usage->denials, most) && *fresh) {
		take_over(*fresh, usage->denials);
		swap(usage->denials, *fresh);
	}
	noted = fits(usage->denials, most);
	if (noted)
		*reached = note_denial(usage->denials, window);
	spin_unlock_irqrestore(&usage->lock, flags);
	return noted;
}

/**
 * fng_usage_denied() - count a refusal
 * @usage: of the policy that refuses
 * @most: how many it takes
 * @window: in how many ns
 *
 * Return: true if these were as many, or there is no memory to count them.
 */
bool fng_usage_denied(struct fng_usage *usage, u32 most, u64 window)
{
	struct fng_denials *fresh = NULL;
	bool reached = true;

	if (deny(usage, &fresh, most, window, &reached))
		return reached;
	fresh = kzalloc(struct_size(fresh, at, most), GFP_ATOMIC | __GFP_NOWARN);
	if (!fresh)
		return true;
	fresh->room = most;
	deny(usage, &fresh, most, window, &reached);
	kfree(fresh);
	return reached;
}

/**
 * fng_usage_pardon() - forget all refusals
 * @usages: first of all that a cgroup has
 */
void fng_usage_pardon(struct fng_usage *usages)
{
	unsigned long flags;

	for (; usages; usages = usages->next) {
		spin_lock_irqsave(&usages->lock, flags);
		if (usages->denials)
			usages->denials->nr = 0;
		spin_unlock_irqrestore(&usages->lock, flags);
	}
}
