// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings of policies to network devices.
 *
 * A binding follows its device: to another name, and to another network
 * namespace, with its hooks in force all the way. It ends with the device.
 *
 * Whoever needs both takes fng_control_mutex first and rtnl then. The notifier is
 * called inside rtnl and never takes the mutex: it lets go of a device, which
 * nothing here ever keeps from being removed, and binds what templates match, by
 * the ruleset that is published. So bindings are made and ended, and what applies
 * to them computed, inside rtnl. Only what counts policies' bindings takes the
 * mutex; templates' are not counted, and for others it is made up for by who has
 * it next. Whoever publishes a ruleset goes through all devices afterwards, so
 * that it does not matter by which the notifier has looked.
 */
#include <linux/hashtable.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "candidate.h"
#include "device.h"
#include "event.h"
#include "labels.h"
#include "ruleset.h"
#include "tally.h"
#include "trial.h"

/* How long events may still have to tell of a device that is gone. */
#define KEPT_FOR	(3 * HZ)

static atomic64_t last_id = ATOMIC64_INIT(FNG_ID_OF_DEVICE);

/* All that follows is under fng_control_mutex, but where it says otherwise. */

static void count(struct fng_device *device, int change)
{
	struct fng_policy *policy;

	policy = fng_ruleset_find(fng_ruleset_locked(), device->facts.policy);
	if (policy)
		policy->nr_bindings += change;
	device->counted = change > 0;
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
	u8 i;

	memset(subject, 0, sizeof(*subject));
	subject->cgroup_id = device->facts.id;
	subject->gen = ruleset->gen;
	subject->matters = true;
	subject->state = device->state;
	if (fng_device_by_template(device)) {
		fng_template_find(ruleset, device->matched, device->only_named,
				  subject);
	} else {
		policy = fng_ruleset_bound(ruleset, device->policies[named]);
		if (policy)
			subject->policies[subject->nr++] = policy;
		else
			subject->excess = true;
	}
	fng_candidate_apply(subject, ruleset);
	fng_tally_look(subject);
	for (i = 0; i < subject->nr; i++)
		subject->learns_ports |= fng_learns(subject->policies[i],
						    FNG_CLASS_LISTEN);
	fng_tally_limits(subject);
}

static void free_subject(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct fng_subject, rcu));
}

static void compute(struct fng_device *device, struct fng_subject *subject)
{
	rcu_read_lock();
	fng_device_compute(device, fng_ruleset_current(), subject);
	if (fng_device_by_template(device) && subject->nr)
		fng_device_note_policy(device, fng_policy_name(subject->policies[0]));
	rcu_read_unlock();
}

/* Without memory, each packet finds out for itself. */
static int refresh(struct fng_device *device)
{
	struct fng_subject *fresh, *old;

	fresh = kmalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!fresh)
		return -ENOMEM;
	compute(device, fresh);
	if (!fresh->state) {
		kfree(fresh);
		return -ENOMEM;
	}
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
	device->flows = fng_flows_create();
	rcu_read_lock();
	device->state = fng_cgroup_state_get(device->facts.id);
	rcu_read_unlock();
	if (!device->flows || !device->state)
		return -ENOMEM;
	return refresh(device);
}

static struct fng_device *finish(struct fng_device *device)
{
	if (!fill(device))
		return device;
	release(device);
	return NULL;
}

static struct fng_device *allocate(void)
{
	struct fng_device *device = kzalloc(sizeof(*device),
					    GFP_KERNEL_ACCOUNT);

	if (device)
		device->facts.id = atomic64_inc_return(&last_id);
	return device;
}

static struct fng_device *create(const char *policy, const char *labels)
{
	struct fng_device *device = allocate();

	if (!device)
		return NULL;
	strscpy(device->facts.policy, policy, sizeof(device->facts.policy));
	strscpy(device->policies[0], policy, sizeof(device->policies[0]));
	strscpy(device->facts.labels, labels, sizeof(device->facts.labels));
	return finish(device);
}

static struct fng_device *create_by_template(const char *name, bool only_named)
{
	struct fng_device *device = allocate();

	if (!device)
		return NULL;
	device->facts.template = true;
	strscpy(device->matched, name, sizeof(device->matched));
	device->only_named = only_named;
	return finish(device);
}

static int check_bind(const char *policy, const char *labels,
		      struct netlink_ext_ack *extack)
{
	int err = fng_labels_check(labels, extack);

	if (err)
		return err;
	if (fng_ruleset_find(fng_ruleset_locked(), policy))
		return fng_trial_admit_binding(policy, extack);
	NL_SET_ERR_MSG(extack,
		       "No policy of that name is loaded; load it first");
	return -ENOENT;
}

static int link_named(struct fng_device *device,
		      const struct fng_device_request *request,
		      struct netlink_ext_ack *extack)
{
	struct net_device *dev = fng_device_named(request, extack);

	return IS_ERR(dev) ? PTR_ERR(dev) :
			     fng_device_link(device, dev, extack);
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
	device = create(policy, labels);
	if (!device)
		return -ENOMEM;
	/* As for a cgroup: nobody may judge it who does not know the policy. */
	cond_synchronize_rcu(fng_ruleset_find(fng_ruleset_locked(),
					      policy)->rcu_cookie);
	rtnl_lock();
	err = link_named(device, request, extack);
	/* Inside rtnl: it cannot be removed before it is counted. */
	if (!err) {
		count(device, 1);
		fng_device_copy_facts(device, facts);
		fng_device_publish(device);
	}
	rtnl_unlock();
	if (err)
		call_rcu(&device->rcu, release_rcu);
	return err;
}

/**
 * fng_device_adopt() - bind a device to the policies whose templates match it
 * @dev: the device; the binding that it has, if any, ends
 * @only_named: only those that have its name written out
 * @extack: told why not
 *
 * Context: inside rtnl.
 */
int fng_device_adopt(struct net_device *dev, bool only_named,
		     struct netlink_ext_ack *extack)
{
	struct fng_device *device = create_by_template(dev->name, only_named);
	int err;

	if (!device)
		return -ENOMEM;
	err = fng_device_link(device, dev, extack);
	if (err)
		call_rcu(&device->rcu, release_rcu);
	else
		fng_device_publish(device);
	return err;
}

static struct fng_device *find_bound(const struct net_device *dev,
				     struct netlink_ext_ack *extack)
{
	struct fng_device *device = fng_device_of(dev);

	if (!device)
		NL_SET_ERR_MSG(extack, "The device is not bound");
	else if (fng_device_by_template(device))
		NL_SET_ERR_MSG(extack,
			       "The device has no such binding; what a template binds ends with its policy");
	else
		return device;
	return ERR_PTR(-ENOENT);
}

/* Templates that match have their way again, without a packet between. */
static int unbind(const struct fng_device_request *request,
		  struct fng_device_facts *facts,
		  struct netlink_ext_ack *extack)
{
	struct net_device *dev = fng_device_named(request, extack);
	struct fng_device *device;
	bool bound;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	device = find_bound(dev, extack);
	if (IS_ERR(device))
		return PTR_ERR(device);
	fng_device_copy_facts(device, facts);
	err = fng_template_succeed(dev, &bound, extack);
	if (!err && !bound)
		fng_device_unlink(device, FNG_EVENT_UNBOUND);
	return err;
}

/**
 * fng_device_unbind() - end the binding of a device
 * @request: the device
 * @facts: filled
 * @extack: told why not
 */
int fng_device_unbind(const struct fng_device_request *request,
		      struct fng_device_facts *facts,
		      struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&fng_control_mutex);
	rtnl_lock();
	err = unbind(request, facts, extack);
	rtnl_unlock();
	fng_device_settle();
	return err;
}

/* Unbinds every device. */
void fng_device_clear(void)
{
	struct fng_device *device;
	int bucket;

	rtnl_lock();
	hash_for_each(fng_devices, bucket, device, by_id)
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
	rtnl_lock();
	hash_for_each(fng_devices, bucket, device, by_id)
		if (device->counted && device->gone)
			count(device, -1);
	rtnl_unlock();
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
	rtnl_lock();
	hash_for_each_safe(fng_devices, bucket, next, device, by_id)
		if (device->gone && !device->counted &&
		    time_after(jiffies, device->gone + KEPT_FOR))
			drop(device);
	rtnl_unlock();
}

/* What no template matches any more is not bound any more. */
static void refresh_or_end(struct fng_device *device)
{
	struct fng_subject subject;

	compute(device, &subject);
	if (fng_subject_guarded(&subject))
		refresh(device);
	else
		fng_device_unlink(device, FNG_EVENT_UNBOUND);
}

/* The ruleset has changed: computes again what applies to each device. */
void fng_device_refresh(void)
{
	struct fng_device *device;
	int bucket;

	lockdep_assert_held(&fng_control_mutex);
	rtnl_lock();
	fng_template_bind_all(fng_ruleset_locked());
	hash_for_each(fng_devices, bucket, device, by_id)
		if (device->dev)
			refresh_or_end(device);
	rtnl_unlock();
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
	fng_device_note_policy(device, to);
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
	rtnl_lock();
	hash_for_each(fng_devices, bucket, device, by_id)
		if (!fng_device_by_template(device) &&
		    !strcmp(device->facts.policy, from))
			rename(device, to);
	rtnl_unlock();
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
	fng_template_exit();
	rtnl_lock();
	hash_for_each_safe(fng_devices, bucket, next, device, by_id)
		drop(device);
	rtnl_unlock();
	/* release_rcu() and free_subject() are our text. */
	rcu_barrier();
}
