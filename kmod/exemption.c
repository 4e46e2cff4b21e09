// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exemptions: cgroups in which rules refuse nothing for a while, and only tell.
 *
 * A subject is computed with the deadline in it, and whoever would refuse asks the
 * clock: nobody has to come by for an exemption to end, and what is allowed costs
 * what it did. The table is for who asks what there is, and for telling its end.
 * It is changed in the order of bindings: the table, the generation, the cached
 * subjects.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "deadline.h"
#include "event.h"
#include "exemption.h"
#include "recheck.h"
#include "ruleset.h"
#include "seal.h"
#include "subject.h"

/**
 * struct exemption - a cgroup that is exempt, with all below it
 * @cgroup: the cgroup; a reference is held until the last reader is gone
 * @until: when it ends, in ns since boot, suspend included
 * @reason: the operator's
 *
 * Never changed once it is in the table.
 */
struct exemption {
	struct cgroup *cgroup;
	u64 until;
	char reason[FNG_MAX_EXEMPTION_REASON + 1];
};

/* RCU readers; written under fng_control_mutex, as are those below. */
static struct exemption __rcu *table[FNG_MAX_EXEMPTIONS];
static u64 generation = 1;
static u32 nr_exemptions;

/* Changes whenever another cgroup is exempt, or one no more. */
u64 fng_exemption_gen(void)
{
	/* Pairs with put(). */
	return smp_load_acquire(&generation);
}

/* Cgroups that are exempt, or were a moment ago. */
u32 fng_exemption_count(void)
{
	return READ_ONCE(nr_exemptions);
}

/**
 * fng_exemption_until() - until when is a cgroup exempt?
 * @cgroup: on the v2 hierarchy
 *
 * Context: any, inside rcu_read_lock().
 * Return: ns since boot, which may be over; 0 if it is not.
 */
u64 fng_exemption_until(struct cgroup *cgroup)
{
	const struct exemption *exemption;
	u64 until = 0;
	u32 i;

	if (likely(!READ_ONCE(nr_exemptions)))
		return 0;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		exemption = rcu_dereference(table[i]);
		if (exemption && exemption->until > until &&
		    cgroup_is_descendant(cgroup, exemption->cgroup))
			until = exemption->until;
	}
	return until;
}

/**
 * fng_exemption_describe() - tell of an exemption
 * @index: of a place in the table, below FNG_MAX_EXEMPTIONS
 * @facts: filled
 *
 * Context: any.
 * Return: false if there is none in that place.
 */
bool fng_exemption_describe(u32 index, struct fng_exemption_facts *facts)
{
	const struct exemption *exemption;

	facts->left = 0;
	rcu_read_lock();
	exemption = rcu_dereference(table[index]);
	if (exemption) {
		facts->cgroup_id = cgroup_id(exemption->cgroup);
		facts->left = fng_deadline_left(exemption->until);
		strscpy(facts->reason, exemption->reason,
			sizeof(facts->reason));
	}
	rcu_read_unlock();
	return facts->left;
}

/* All that follows is under fng_control_mutex. */

static struct exemption *get(u32 index)
{
	return rcu_dereference_protected(table[index],
					 lockdep_is_held(&fng_control_mutex));
}

/* Returns the place of a cgroup's exemption, or FNG_MAX_EXEMPTIONS. */
static u32 find(u64 id)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (get(i) && cgroup_id(get(i)->cgroup) == id)
			break;
	return i;
}

/* The same of an empty one. */
static u32 find_room(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (!get(i))
			break;
	return i;
}

static void release(struct exemption *exemption)
{
	cgroup_put(exemption->cgroup);
	kfree(exemption);
}

/* Returns the one that was there, by which nobody judges any more, or NULL. */
static struct exemption *put(u32 index, struct cgroup *cgroup,
			     struct exemption *fresh)
{
	struct exemption *old = get(index);

	rcu_assign_pointer(table[index], fresh);
	WRITE_ONCE(nr_exemptions, nr_exemptions + !!fresh - !!old);
	/* Whoever sees the new generation sees the changed table. */
	smp_store_release(&generation, generation + 1);
	fng_subject_invalidate(cgroup);
	synchronize_rcu();
	return old;
}

static void tell_ended(const struct exemption *exemption, const char *why)
{
	char reason[sizeof(exemption->reason) + 32];
	const struct fng_notice notice = {
		.kind = FNG_EVENT_EXEMPTION_ENDED,
		.cgroup_id = cgroup_id(exemption->cgroup),
		.reason = reason,
	};

	snprintf(reason, sizeof(reason), "%s: %s", why, exemption->reason);
	fng_event_notice(&notice);
}

/*
 * What was let pass does not outlive it: connections are judged once more. Whoever
 * hears that it has ended finds it ended.
 */
static void end(u32 index, const char *why)
{
	struct exemption *old;

	fng_recheck_begin();
	old = put(index, get(index)->cgroup, NULL);
	fng_recheck_start();
	tell_ended(old, why);
	release(old);
}

static int check(struct cgroup *cgroup, u32 seconds, const char *reason,
		 struct netlink_ext_ack *extack)
{
	int err = fng_seal_admit(extack);

	if (err)
		return err;
	if (!seconds || seconds > FNG_MAX_EXEMPTION) {
		NL_SET_ERR_MSG(extack,
			       "A cgroup is exempt for at least a second and at most 24 hours");
		return -EINVAL;
	}
	if (!reason[0]) {
		NL_SET_ERR_MSG(extack, "An exemption needs a reason");
		return -EINVAL;
	}
	if (!fng_cgroup_guarded(cgroup)) {
		NL_SET_ERR_MSG(extack,
			       "No policy applies to the cgroup, so nothing is refused there");
		return -ENOENT;
	}
	return 0;
}

static struct exemption *allocate(struct cgroup *cgroup, u32 seconds,
				  const char *reason)
{
	struct exemption *exemption;

	exemption = kzalloc(sizeof(*exemption), GFP_KERNEL_ACCOUNT);
	if (!exemption)
		return NULL;
	cgroup_get(cgroup);
	exemption->cgroup = cgroup;
	exemption->until = fng_deadline_in(seconds);
	strscpy(exemption->reason, reason, sizeof(exemption->reason));
	return exemption;
}

/**
 * fng_exemption_add() - let rules refuse nothing in a cgroup, and all below it
 * @cgroup: a guarded one; a reference of its own is taken
 * @seconds: for how long
 * @reason: why, for the events
 * @extack: told why not
 *
 * Of a cgroup that is exempt already, time and reason are replaced.
 *
 * Context: under fng_control_mutex; sleeps for a grace period.
 */
int fng_exemption_add(struct cgroup *cgroup, u32 seconds, const char *reason,
		      struct netlink_ext_ack *extack)
{
	const struct fng_notice notice = {
		.kind = FNG_EVENT_EXEMPTED,
		.cgroup_id = cgroup_id(cgroup),
		.seconds = seconds,
		.reason = reason,
	};
	struct exemption *exemption, *old;
	u32 index = find(notice.cgroup_id);
	int err;

	err = check(cgroup, seconds, reason, extack);
	if (err)
		return err;
	if (index == ARRAY_SIZE(table))
		index = find_room();
	if (index == ARRAY_SIZE(table)) {
		NL_SET_ERR_MSG(extack,
			       "64 cgroups are exempt already; end an exemption first");
		return -ENOSPC;
	}
	exemption = allocate(cgroup, seconds, reason);
	if (!exemption)
		return -ENOMEM;
	fng_event_notice(&notice);
	old = put(index, cgroup, exemption);
	if (old)
		release(old);
	return 0;
}

/**
 * fng_exemption_end() - end an exemption before its time
 * @cgroup_id: the cgroup, which may be gone
 * @extack: told why not
 *
 * Context: as fng_exemption_add().
 */
int fng_exemption_end(u64 cgroup_id, struct netlink_ext_ack *extack)
{
	u32 index = find(cgroup_id);

	if (index == ARRAY_SIZE(table)) {
		NL_SET_ERR_MSG(extack, "The cgroup is not exempt");
		return -ENOENT;
	}
	end(index, "ended");
	return 0;
}

/**
 * fng_exemption_reset() - end those of a cgroup and of those below it
 * @cgroup: to be used by another function, which nobody has exempted
 *
 * Context: as fng_exemption_add().
 */
void fng_exemption_reset(struct cgroup *cgroup)
{
	u32 i;

	for (i = 0; nr_exemptions && i < ARRAY_SIZE(table); i++)
		if (get(i) && cgroup_is_descendant(get(i)->cgroup, cgroup))
			end(i, "another function uses the cgroup");
}

/**
 * fng_exemption_collect() - look after exemptions that have ended by themselves
 *
 * Context: a periodic worker, under fng_control_mutex; sleeps.
 */
void fng_exemption_collect(void)
{
	const struct exemption *exemption;
	u32 i;

	for (i = 0; nr_exemptions && i < ARRAY_SIZE(table); i++) {
		exemption = get(i);
		if (!exemption)
			continue;
		if (!(READ_ONCE(exemption->cgroup->self.flags) & CSS_ONLINE))
			end(i, "the cgroup was removed");
		else if (!fng_deadline_left(exemption->until))
			end(i, "expired");
	}
}

/* Ends them all; no policy is left that they could be about. */
void fng_exemption_clear(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (get(i))
			end(i, "disarmed");
}
