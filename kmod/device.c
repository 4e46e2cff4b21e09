// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings of policies to network devices.
 *
 * A binding follows its device: to another name, and to another network
 * namespace, with its hooks in force all the way. It ends with the device.
 *
 * Whoever needs both takes fng_control_mutex first and rtnl then. The notifier is
 * called inside rtnl and never takes the mutex: it only lets go of the device,
 * which nothing here ever keeps from being removed. What the mutex is needed for
 * is made up for by who has it next.
 */
#include <linux/hashtable.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "device.h"
#include "event.h"
#include "labels.h"
#include "ruleset.h"

#define DEVICE_HASH_BITS	10

/* How long events may still have to tell of a device that is gone. */
#define KEPT_FOR	(3 * HZ)

#define RESETS_A_SECOND	100

static DEFINE_HASHTABLE(by_id, DEVICE_HASH_BITS);

/* Of all devices; innermost. */
static DEFINE_SPINLOCK(facts_lock);

/* Written under fng_control_mutex. */
static u64 last_id = FNG_ID_OF_DEVICE;
static u32 nr_counted;

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

static void copy_facts(const struct fng_device *device,
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
	struct fng_device_facts facts;
	struct fng_notice notice = {
		.kind = kind,
		.cgroup_id = device->facts.id,
		.policy = facts.policy,
		.labels = facts.labels,
	};
	const struct fng_policy *policy;

	copy_facts(device, &facts);
	rcu_read_lock();
	policy = fng_ruleset_find(fng_ruleset_current(), facts.policy);
	notice.version = policy ? policy->image.meta->version : 0;
	rcu_read_unlock();
	fng_event_notice(&notice);
}

/* All that follows is under fng_control_mutex, but where it says otherwise. */

static void count(struct fng_device *device, int change)
{
	struct fng_policy *policy;

	policy = fng_ruleset_find(fng_ruleset_locked(), device->facts.policy);
	if (policy)
		policy->nr_bindings += change;
	device->counted = change > 0;
	WRITE_ONCE(nr_counted, nr_counted + change);
}

/**
 * fng_device_compute() - find what applies to a device
 * @device: the device
 * @ruleset: the current ruleset
 * @subject: filled
 */
void fng_device_compute(const struct fng_device *device,
			const struct fng_ruleset *ruleset,
			struct fng_subject *subject)
{
	/* Pairs with fng_device_rename(). */
	u8 named = smp_load_acquire(&device->named);
	struct fng_policy *policy;

	memset(subject, 0, sizeof(*subject));
	subject->cgroup_id = device->facts.id;
	subject->gen = ruleset->gen;
	subject->matters = true;
	subject->state = device->state;
	policy = fng_ruleset_bound(ruleset, device->policies[named]);
	if (policy)
		subject->policies[subject->nr++] = policy;
	else
		subject->excess = true;
}

static void free_subject(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct fng_subject, rcu));
}

/* Without memory, each packet finds out for itself. */
static int refresh(struct fng_device *device)
{
	struct fng_subject *fresh, *old;

	fresh = kmalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!fresh)
		return -ENOMEM;
	fng_device_compute(device, fng_ruleset_locked(), fresh);
	old = rcu_replace_pointer(device->subject, fresh, true);
	if (old)
		call_rcu(&old->rcu, free_subject);
	return 0;
}

static void release(struct fng_device *device)
{
	kfree(rcu_dereference_protected(device->subject, true));
	if (device->state)
		fng_cgroup_state_drop(device->facts.id);
	fng_flows_free(device->flows);
	kfree(device);
}

static void release_rcu(struct rcu_head *rcu)
{
	release(container_of(rcu, struct fng_device, rcu));
}

static int fill(struct fng_device *device)
{
	ratelimit_state_init(&device->resets, HZ, RESETS_A_SECOND);
	/* What is beyond is not worth a line in the log. */
	ratelimit_set_flags(&device->resets, RATELIMIT_MSG_ON_RELEASE);
	device->flows = fng_flows_create();
	rcu_read_lock();
	device->state = fng_cgroup_state_get(device->facts.id);
	rcu_read_unlock();
	if (!device->flows || !device->state)
		return -ENOMEM;
	return refresh(device);
}

static struct fng_device *allocate(const char *policy, const char *labels)
{
	struct fng_device *device = kzalloc(sizeof(*device),
					    GFP_KERNEL_ACCOUNT);

	if (!device)
		return NULL;
	device->facts.id = ++last_id;
	strscpy(device->facts.policy, policy, sizeof(device->facts.policy));
	strscpy(device->policies[0], policy, sizeof(device->policies[0]));
	strscpy(device->facts.labels, labels, sizeof(device->facts.labels));
	if (!fill(device))
		return device;
	release(device);
	return NULL;
}

static int check_bind(const char *policy, const char *labels,
		      struct netlink_ext_ack *extack)
{
	int err = fng_labels_check(labels, extack);

	if (err)
		return err;
	if (!fng_ruleset_find(fng_ruleset_locked(), policy)) {
		NL_SET_ERR_MSG(extack,
			       "No policy of that name is loaded; load it first");
		return -ENOENT;
	}
	fng_device_settle();
	if (nr_counted < FNG_MAX_DEVICES)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "4096 devices are bound already; unbind some first");
	return -ENOSPC;
}

/* Inside rtnl: it cannot be removed before it is counted. */
static void publish(struct fng_device *device, struct fng_device_facts *facts)
{
	count(device, 1);
	hash_add_rcu(by_id, &device->by_id, device->facts.id);
	copy_facts(device, facts);
	fng_device_tell(FNG_EVENT_BOUND, device);
}

/**
 * fng_device_bind() - bind a policy to a network device
 * @request: the device
 * @policy: name of a loaded policy
 * @labels: key=value,key=value, or empty
 * @facts: filled
 * @extack: told why not
 */
int fng_device_bind(const struct fng_device_request *request,
		    const char *policy, const char *labels,
		    struct fng_device_facts *facts,
		    struct netlink_ext_ack *extack)
{
	struct fng_device *device;
	int err;

	lockdep_assert_held(&fng_control_mutex);
	err = check_bind(policy, labels, extack);
	if (err)
		return err;
	device = allocate(policy, labels);
	if (!device)
		return -ENOMEM;
	/* As for a cgroup: nobody may judge it who does not know the policy. */
	cond_synchronize_rcu(fng_ruleset_find(fng_ruleset_locked(),
					      policy)->rcu_cookie);
	rtnl_lock();
	err = fng_device_link(device, request, extack);
	if (!err)
		publish(device, facts);
	rtnl_unlock();
	if (err)
		call_rcu(&device->rcu, release_rcu);
	return err;
}

/**
 * fng_device_unbind() - let a device pass everything again
 * @request: the device
 * @facts: filled
 * @extack: told why not
 */
int fng_device_unbind(const struct fng_device_request *request,
		      struct fng_device_facts *facts,
		      struct netlink_ext_ack *extack)
{
	struct fng_device *device;

	lockdep_assert_held(&fng_control_mutex);
	rtnl_lock();
	device = fng_device_linked(request, extack);
	if (!IS_ERR(device)) {
		copy_facts(device, facts);
		fng_device_unlink(device, FNG_EVENT_UNBOUND);
	}
	rtnl_unlock();
	fng_device_settle();
	return PTR_ERR_OR_ZERO(device);
}

/* Unbinds every device. */
void fng_device_clear(void)
{
	struct fng_device *device;
	int bucket;

	rtnl_lock();
	hash_for_each(by_id, bucket, device, by_id)
		if (device->dev)
			fng_device_unlink(device, FNG_EVENT_UNBOUND);
	rtnl_unlock();
	fng_device_settle();
}

/**
 * fng_device_settle() - take devices that are gone off their policies' counts
 *
 * Who is about to look at such a count calls it first.
 */
void fng_device_settle(void)
{
	struct fng_device *device;
	int bucket;

	lockdep_assert_held(&fng_control_mutex);
	hash_for_each(by_id, bucket, device, by_id)
		if (device->counted && READ_ONCE(device->gone))
			count(device, -1);
}

static void drop(struct fng_device *device)
{
	hash_del_rcu(&device->by_id);
	call_rcu(&device->rcu, release_rcu);
}

/**
 * fng_device_collect() - forget devices that are gone
 *
 * Context: a periodic worker, under fng_control_mutex.
 */
void fng_device_collect(void)
{
	struct fng_device *device;
	struct hlist_node *next;
	int bucket;

	fng_device_settle();
	hash_for_each_safe(by_id, bucket, next, device, by_id) {
		unsigned long gone = READ_ONCE(device->gone);

		if (gone && time_after(jiffies, gone + KEPT_FOR))
			drop(device);
	}
}

/* The ruleset has changed: computes again what applies to each device. */
void fng_device_refresh(void)
{
	struct fng_device *device;
	int bucket;

	lockdep_assert_held(&fng_control_mutex);
	hash_for_each(by_id, bucket, device, by_id)
		if (!READ_ONCE(device->gone))
			refresh(device);
}

static void rename(struct fng_device *device, const char *to)
{
	u8 named = !device->named;
	bool counted = device->counted;

	strscpy(device->policies[named], to, sizeof(device->policies[named]));
	/* Whoever sees the number sees the name. */
	smp_store_release(&device->named, named);
	if (counted)
		count(device, -1);
	spin_lock(&facts_lock);
	strscpy(device->facts.policy, to, sizeof(device->facts.policy));
	spin_unlock(&facts_lock);
	if (counted)
		count(device, 1);
}

/**
 * fng_device_rename() - let bindings name the policy that they mean
 * @from: name of the policy whose heir is in the published ruleset
 * @to: the heir
 *
 * Context: a grace period after that was published, so that nobody judges by the
 *	one before, and nobody reads the name that is written over.
 */
void fng_device_rename(const char *from, const char *to)
{
	struct fng_device *device;
	int bucket;

	lockdep_assert_held(&fng_control_mutex);
	hash_for_each(by_id, bucket, device, by_id)
		if (!strcmp(device->facts.policy, from))
			rename(device, to);
}

/* What follows is for anybody. */

static const struct fng_device *find_id(u64 id)
{
	const struct fng_device *device;

	hash_for_each_possible_rcu(by_id, device, by_id, id)
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
		copy_facts(device, facts);
	rcu_read_unlock();
	return device;
}

/**
 * fng_device_next() - go through the bound devices in the order of their ids
 * @id: of the last one, or 0; set to that of the next
 * @facts: filled
 *
 * Return: false if there are no more.
 */
bool fng_device_next(u64 *id, struct fng_device_facts *facts)
{
	const struct fng_device *device, *next = NULL;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(by_id, bucket, device, by_id)
		if (device->facts.id > *id && !READ_ONCE(device->gone) &&
		    (!next || device->facts.id < next->facts.id))
			next = device;
	if (next) {
		copy_facts(next, facts);
		*id = facts->id;
	}
	rcu_read_unlock();
	return next;
}

/* Number of bound devices. */
u32 fng_device_total(void)
{
	return READ_ONCE(nr_counted);
}

int fng_device_init(void)
{
	return fng_device_link_init();
}

/* No command can arrive any more, and nothing is bound. */
void fng_device_exit(void)
{
	struct fng_device *device;
	struct hlist_node *next;
	int bucket;

	fng_device_link_exit();
	mutex_lock(&fng_control_mutex);
	hash_for_each_safe(by_id, bucket, next, device, by_id)
		drop(device);
	mutex_unlock(&fng_control_mutex);
	/* release_rcu() and free_subject() are our text. */
	rcu_barrier();
}
