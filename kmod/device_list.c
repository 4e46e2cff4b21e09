// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of bound devices, and what can be told of each.
 */
#include <linux/hashtable.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "device.h"
#include "event.h"

DEFINE_HASHTABLE(fng_devices, FNG_DEVICE_HASH_BITS);

/* Of all devices; innermost. */
static DEFINE_SPINLOCK(facts_lock);

/**
 * fng_device_note_name() - note by what a device can be found
 * @device: that is linked
 *
 * Context: inside rtnl.
 */
void fng_device_note_name(struct fng_device *device)
{
	struct fng_device_facts *facts = &device->facts;
	const struct net_device *dev = device->dev;

	spin_lock(&facts_lock);
	strscpy(facts->name, dev->name, sizeof(facts->name));
	facts->ifindex = dev->ifindex;
	facts->netns = dev_net(dev)->ns.inum;
	spin_unlock(&facts_lock);
}

/**
 * fng_device_note_policy() - note the policy that is told
 * @device: the binding
 * @policy: its name
 */
void fng_device_note_policy(struct fng_device *device, const char *policy)
{
	spin_lock(&facts_lock);
	strscpy(device->facts.policy, policy, sizeof(device->facts.policy));
	spin_unlock(&facts_lock);
}

/**
 * fng_device_copy_facts() - what can be told of a binding
 * @device: the binding
 * @facts: filled
 */
void fng_device_copy_facts(const struct fng_device *device,
			   struct fng_device_facts *facts)
{
	spin_lock(&facts_lock);
	*facts = device->facts;
	spin_unlock(&facts_lock);
}

/**
 * fng_device_tell() - report something about a binding
 * @kind: enum fng_event_kind
 * @device: the binding
 *
 * Context: process.
 */
void fng_device_tell(u32 kind, const struct fng_device *device)
{
	char reason[sizeof("attach.interface matches ") + IFNAMSIZ];
	struct fng_device_facts facts;
	struct fng_notice notice = {
		.kind = kind,
		.cgroup_id = device->facts.id,
		.policy = facts.policy,
		.labels = facts.labels,
	};
	const struct fng_policy *policy;

	fng_device_copy_facts(device, &facts);
	if (facts.template) {
		snprintf(reason, sizeof(reason), "attach.interface matches %s",
			 device->matched);
		notice.reason = reason;
	}
	rcu_read_lock();
	policy = fng_ruleset_find(fng_ruleset_current(), facts.policy);
	notice.version = policy ? policy->image.meta->version : 0;
	rcu_read_unlock();
	fng_event_notice(&notice);
}

/**
 * fng_device_publish() - put a binding into the list, and tell of it
 * @device: that is linked
 *
 * Context: inside rtnl.
 */
void fng_device_publish(struct fng_device *device)
{
	ASSERT_RTNL();
	hash_add_rcu(fng_devices, &device->by_id, device->facts.id);
	fng_device_tell(FNG_EVENT_BOUND, device);
}

static const struct fng_device *find_id(u64 id)
{
	const struct fng_device *device;

	hash_for_each_possible_rcu(fng_devices, device, by_id, id)
		if (device->facts.id == id)
			return device;
	return NULL;
}

/**
 * fng_device_describe() - what can be told of a bound device
 * @id: of the binding
 * @facts: filled
 *
 * Return: false if it is gone, and was so for a while.
 */
bool fng_device_describe(u64 id, struct fng_device_facts *facts)
{
	const struct fng_device *device;

	rcu_read_lock();
	device = find_id(id);
	if (device)
		fng_device_copy_facts(device, facts);
	rcu_read_unlock();
	return device;
}

static const struct fng_device *find_after(u64 id)
{
	const struct fng_device *device, *next = NULL;
	int bucket;

	hash_for_each_rcu(fng_devices, bucket, device, by_id)
		if (device->facts.id > id && !READ_ONCE(device->gone) &&
		    (!next || device->facts.id < next->facts.id))
			next = device;
	return next;
}

/* Those that templates bind may have several policies. */
static bool has_policy(const struct fng_device *device, u32 policy,
		       struct fng_device_facts *facts)
{
	struct fng_subject subject;

	fng_device_copy_facts(device, facts);
	if (!facts->template)
		return !policy;
	fng_device_compute(device, fng_ruleset_current(), &subject);
	if (policy >= fng_subject_in_force(&subject))
		return false;
	strscpy(facts->policy, fng_policy_name(subject.policies[policy]),
		sizeof(facts->policy));
	return true;
}

static bool find_next(struct fng_device_cursor *cursor,
		      struct fng_device_facts *facts)
{
	const struct fng_device *device = find_id(cursor->id);

	while (!device || !has_policy(device, cursor->policy, facts)) {
		device = find_after(cursor->id);
		if (!device)
			return false;
		cursor->id = device->facts.id;
		cursor->policy = 0;
	}
	cursor->policy++;
	return true;
}

/**
 * fng_device_next() - go through the policies of bound devices
 * @cursor: of the last one, from zeroes; moved on
 * @facts: filled
 *
 * Return: false if there are no more.
 */
bool fng_device_next(struct fng_device_cursor *cursor,
		     struct fng_device_facts *facts)
{
	bool found;

	rcu_read_lock();
	found = find_next(cursor, facts);
	rcu_read_unlock();
	return found;
}
