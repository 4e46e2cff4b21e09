// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explicit bindings of policies to cgroups.
 *
 * Every change is made in the same order: the hash, the generation, the cached
 * subjects. Whoever computed a subject from the old hash either finds that the
 * generation has moved, or is retired with the cached subjects.
 *
 * More than 500 lines: all that changes the hash is here.
 */
#include <linux/cgroup.h>
#include <linux/hashtable.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "activation.h"
#include "binding.h"
#include "clock.h"
#include "event.h"
#include "labels.h"
#include "protect.h"
#include "ruleset.h"
#include "subject.h"
#include "trial.h"

#define BINDING_HASH_BITS	14

/* Removed cgroups that are remembered for their sockets' sake. */
#define MAX_TOMBSTONES		16384

static DEFINE_HASHTABLE(bindings, BINDING_HASH_BITS);

/* Written under fng_control_mutex. */
static u64 generation = 1;
static u32 nr_live, nr_dead;

/* Bindings of removed cgroups, oldest first; under fng_control_mutex. */
static LIST_HEAD(tombs);

u64 fng_binding_gen(void)
{
	/* Pairs with bump(). */
	return smp_load_acquire(&generation);
}

u32 fng_binding_total(void)
{
	return READ_ONCE(nr_live);
}

static void bump(void)
{
	/* Whoever sees the new generation sees the changed hash. */
	smp_store_release(&generation, generation + 1);
}

static bool is_online(const struct cgroup *cgroup)
{
	return READ_ONCE(cgroup->self.flags) & CSS_ONLINE;
}

static struct fng_binding *allocate(struct cgroup *cgroup, const char *policy,
				    const char *labels)
{
	size_t size = strlen(labels) + 1;
	struct fng_binding *binding;

	binding = kzalloc(struct_size(binding, labels, size),
			  GFP_KERNEL_ACCOUNT);
	if (!binding)
		return NULL;
	cgroup_get(cgroup);
	binding->cgroup = cgroup;
	binding->cgroup_id = cgroup_id(cgroup);
	binding->since = fng_clock_now();
	strscpy(binding->policy, policy, sizeof(binding->policy));
	memcpy(binding->labels, labels, size);
	return binding;
}

static void release(struct fng_binding *binding)
{
	cgroup_put(binding->cgroup);
	kfree(binding);
}

static void release_rcu(struct rcu_head *rcu)
{
	release(container_of(rcu, struct fng_binding, rcu));
}

/* Counts a live binding at the policy that it names. */
static void count_live(const struct fng_binding *binding, int change)
{
	struct fng_policy *policy;

	policy = fng_ruleset_find(fng_ruleset_locked(), binding->policy);
	if (policy)
		policy->nr_bindings += change;
	WRITE_ONCE(nr_live, nr_live + change);
}

static void bury(struct fng_binding *binding)
{
	WRITE_ONCE(binding->dead, true);
	list_add_tail(&binding->tomb, &tombs);
	nr_dead++;
}

static void uncount(struct fng_binding *binding)
{
	if (!binding->dead) {
		count_live(binding, -1);
		return;
	}
	list_del(&binding->tomb);
	nr_dead--;
}

static void drop(struct fng_binding *binding)
{
	uncount(binding);
	hash_del_rcu(&binding->node);
	fng_activation_end(binding->activation);
	bump();
	fng_subject_invalidate(binding->cgroup);
	call_rcu(&binding->rcu, release_rcu);
}

/**
 * fng_binding_next() - iterate over the bindings of one cgroup
 * @cgroup_id: the cgroup
 * @previous: NULL, or what the last call returned
 */
const struct fng_binding *fng_binding_next(u64 cgroup_id,
					   const struct fng_binding *previous)
{
	struct hlist_head *bucket;
	struct hlist_node *node;
	struct fng_binding *binding;

	bucket = &bindings[hash_min(cgroup_id, HASH_BITS(bindings))];
	node = previous ? rcu_dereference_raw(hlist_next_rcu(&previous->node)) :
			  rcu_dereference_raw(hlist_first_rcu(bucket));
	for (; node; node = rcu_dereference_raw(hlist_next_rcu(node))) {
		binding = hlist_entry(node, struct fng_binding, node);
		if (binding->cgroup_id == cgroup_id)
			return binding;
	}
	return NULL;
}

/* All that follows is under fng_control_mutex. */

static struct fng_binding *find(u64 cgroup_id, const char *policy)
{
	struct fng_binding *binding;

	hash_for_each_possible(bindings, binding, node, cgroup_id)
		if (binding->cgroup_id == cgroup_id &&
		    (!policy || !strcmp(binding->policy, policy)))
			return binding;
	return NULL;
}

static u32 count_of(u64 cgroup_id)
{
	struct fng_binding *binding;
	u32 nr = 0;

	hash_for_each_possible(bindings, binding, node, cgroup_id)
		nr += binding->cgroup_id == cgroup_id;
	return nr;
}

static int check_gen(u64 gen, struct netlink_ext_ack *extack)
{
	if (!gen || gen == generation)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The bindings have changed since they were looked at; look again and retry");
	return -ESTALE;
}

static int check_target(struct cgroup *cgroup, struct netlink_ext_ack *extack)
{
	if (is_online(cgroup))
		return fng_protect_bind_check(cgroup, extack);
	NL_SET_ERR_MSG(extack, "The cgroup is being removed");
	return -ENODEV;
}

/* Is there room for another one? */
static int check_room(struct cgroup *cgroup, const char *policy,
		      struct netlink_ext_ack *extack)
{
	u64 id = cgroup_id(cgroup);

	if (find(id, policy)) {
		NL_SET_ERR_MSG(extack,
			       "The policy is already bound to this cgroup");
		return -EEXIST;
	}
	if (count_of(id) >= FNG_MAX_APPLIED) {
		NL_SET_ERR_MSG(extack,
			       "Eight policies are bound to this cgroup already; more cannot apply");
		return -E2BIG;
	}
	return 0;
}

static int check_add(struct cgroup *cgroup, const char *policy,
		     const char *labels, struct netlink_ext_ack *extack)
{
	int err;

	err = fng_labels_check(labels, extack);
	if (err)
		return err;
	if (!fng_ruleset_find(fng_ruleset_locked(), policy)) {
		NL_SET_ERR_MSG(extack,
			       "No policy of that name is loaded; load it first");
		return -ENOENT;
	}
	err = fng_trial_admit_binding(policy, extack);
	if (err)
		return err;
	if (nr_live >= FNG_MAX_BINDINGS) {
		NL_SET_ERR_MSG(extack,
			       "65536 bindings exist already; remove some first");
		return -ENOSPC;
	}
	return check_target(cgroup, extack);
}

/*
 * A reader that still judges by a ruleset without the policy must not meet the
 * binding: it would refuse. Loads and binds are usually further apart than a
 * grace period; then there is nothing to wait for.
 */
static void wait_for_readers(const char *policy)
{
	cond_synchronize_rcu(fng_ruleset_find(fng_ruleset_locked(),
					      policy)->rcu_cookie);
}

/**
 * fng_binding_add() - bind a policy to a cgroup
 * @cgroup: on the v2 hierarchy; a reference of its own is taken
 * @policy: name of a loaded policy
 * @labels: key=value,key=value, or empty
 * @gen: generation of the bindings that the caller knows, or 0
 * @partial: told whether tasks were in the cgroup already. They are looked for
 *	after the binding is in force, so that nobody slips in between.
 * @extack: told why not
 */
int fng_binding_add(struct cgroup *cgroup, const char *policy,
		    const char *labels, u64 gen, bool *partial,
		    struct netlink_ext_ack *extack)
{
	struct fng_binding *binding;
	int err;

	err = check_gen(gen, extack) ?:
	      check_add(cgroup, policy, labels, extack) ?:
	      check_room(cgroup, policy, extack);
	if (err)
		return err;
	binding = allocate(cgroup, policy, labels);
	if (!binding)
		return -ENOMEM;
	wait_for_readers(policy);
	count_live(binding, 1);
	hash_add_rcu(bindings, &binding->node, binding->cgroup_id);
	bump();
	fng_subject_invalidate(cgroup);
	*partial = cgroup_is_populated(cgroup);
	WRITE_ONCE(binding->partial, *partial);
	return 0;
}

/* Those of the cgroup go that are not the one. */
static void drop_others(const struct fng_binding *fresh)
{
	struct fng_binding *binding;
	struct hlist_node *next;

	hash_for_each_possible_safe(bindings, binding, next, node,
				    fresh->cgroup_id) {
		if (binding->cgroup_id != fresh->cgroup_id || binding == fresh)
			continue;
		WRITE_ONCE(binding->replaced, true);
		uncount(binding);
		hash_del_rcu(&binding->node);
		fng_activation_end(binding->activation);
		call_rcu(&binding->rcu, release_rcu);
	}
}

/**
 * fng_binding_activate() - bind a cgroup without tasks to one policy alone
 * @cgroup: as for fng_binding_add()
 * @policy: the same; may be bound to it already
 * @labels: the same
 * @activation: number of the activation
 * @extack: told why not
 *
 * At no moment is it bound to none of those before and after.
 */
int fng_binding_activate(struct cgroup *cgroup, const char *policy,
			 const char *labels, u32 activation,
			 struct netlink_ext_ack *extack)
{
	struct fng_binding *fresh;
	int err;

	err = check_add(cgroup, policy, labels, extack);
	if (err)
		return err;
	fresh = allocate(cgroup, policy, labels);
	if (!fresh)
		return -ENOMEM;
	fresh->activation = activation;
	wait_for_readers(policy);
	if (cgroup_is_populated(cgroup)) {
		NL_SET_ERR_MSG(extack,
			       "There are tasks in the cgroup, or below: they would be taken for the next function's");
		release(fresh);
		return -EBUSY;
	}
	count_live(fresh, 1);
	hash_add_rcu(bindings, &fresh->node, fresh->cgroup_id);
	drop_others(fresh);
	bump();
	fng_subject_invalidate(cgroup);
	return 0;
}

/**
 * fng_binding_remove() - unbind a cgroup
 * @cgroup_id: the cgroup, which may be gone
 * @policy: unbind this one only, or NULL
 * @gen: generation of the bindings that the caller knows, or 0
 * @extack: told why not
 */
int fng_binding_remove(u64 cgroup_id, const char *policy, u64 gen,
		       struct netlink_ext_ack *extack)
{
	struct fng_binding *binding;
	int err;

	err = check_gen(gen, extack);
	if (err)
		return err;
	binding = find(cgroup_id, policy);
	if (!binding) {
		NL_SET_ERR_MSG(extack,
			       "The cgroup has no such binding; what a template binds ends with its policy");
		return -ENOENT;
	}
	for (; binding; binding = find(cgroup_id, policy))
		drop(binding);
	return 0;
}

/* Removes every binding. */
void fng_binding_clear(void)
{
	struct fng_binding *binding;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(bindings, bucket, next, binding, node)
		drop(binding);
}

/**
 * fng_binding_count() - live bindings that name a policy
 * @policy: its name
 *
 * Context: under fng_control_mutex.
 */
u32 fng_binding_count(const char *policy)
{
	const struct fng_policy *found;

	found = fng_ruleset_find(fng_ruleset_locked(), policy);
	return found ? found->nr_bindings : 0;
}

static void free_list(struct fng_binding *binding)
{
	struct fng_binding *next;

	for (; binding; binding = next) {
		next = binding->next;
		release(binding);
	}
}

/* Nobody can tell one from the other, so that no subject has to be retired. */
static void replace(struct fng_binding *old, struct fng_binding *fresh)
{
	uncount(old);
	if (fresh->dead)
		bury(fresh);
	else
		count_live(fresh, 1);
	hlist_replace_rcu(&old->node, &fresh->node);
	bump();
	call_rcu(&old->rcu, release_rcu);
}

static void drop_named(const char *policy, bool dead_only)
{
	struct fng_binding *binding;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(bindings, bucket, next, binding, node)
		if (!strcmp(binding->policy, policy) &&
		    (binding->dead || !dead_only))
			drop(binding);
}

/**
 * fng_binding_prepare_rename() - make what fng_binding_rename() needs
 * @from: name of the policy whose bindings are to be taken
 * @to: name of a loaded policy
 * @list: to an empty one, a new binding is added for each, unless its cgroup has @to
 *
 * Return: 0, or -ENOMEM and there is nothing to be freed.
 */
int fng_binding_prepare_rename(const char *from, const char *to,
			       struct fng_binding **list)
{
	struct fng_binding *old, *fresh;
	int bucket;

	hash_for_each(bindings, bucket, old, node) {
		if (strcmp(old->policy, from) || find(old->cgroup_id, to))
			continue;
		fresh = allocate(old->cgroup, to, old->labels);
		if (!fresh) {
			free_list(*list);
			return -ENOMEM;
		}
		fresh->since = old->since;
		fresh->partial = old->partial;
		fresh->activation = old->activation;
		fresh->dead = old->dead;
		fresh->next = *list;
		*list = fresh;
	}
	return 0;
}

/**
 * fng_binding_rename() - let bindings name the policy that they mean
 * @from: name of the policy whose heir is in the published ruleset
 * @list: from fng_binding_prepare_rename(), with the mutex held since
 */
void fng_binding_rename(const char *from, struct fng_binding *list)
{
	struct fng_binding *fresh;

	/* Those who judge by the ruleset before, where the two are not the same. */
	synchronize_rcu();
	for (fresh = list; fresh; fresh = fresh->next)
		replace(find(fresh->cgroup_id, from), fresh);
	drop_named(from, false);
}

/**
 * fng_binding_forget() - drop the tombstones that name a policy
 * @policy: about to be unloaded: there is nothing left to judge them by
 */
void fng_binding_forget(const char *policy)
{
	drop_named(policy, true);
}

static void declare_dead(struct fng_binding *binding)
{
	struct fng_notice notice = {
		.kind = FNG_EVENT_CGROUP_DIED,
		.cgroup_id = binding->cgroup_id,
		.policy = binding->policy,
		.version = fng_ruleset_version(binding->policy),
		.labels = binding->labels,
	};

	count_live(binding, -1);
	bury(binding);
	fng_event_notice(&notice);
}

/*
 * Does anybody but our bindings hold this removed cgroup?
 *
 * A removed cgroup's count is switched to a plain atomic, to which the initial
 * reference no longer belongs; while the switch is under way a large bias is in
 * it, and it reads as held. Every socket holds a reference of its own, and once
 * no task is inside, no new one can be had but from an old one. So the count is
 * never too low, and a tombstone is never dropped too early. It may be too high
 * for long: page cache that is charged to the cgroup holds it as well. Then the
 * tombstone stays, up to MAX_TOMBSTONES of them.
 */
static bool is_held(const struct fng_binding *binding)
{
	const struct percpu_ref *ref = &binding->cgroup->self.refcnt;

	return (unsigned long)atomic_long_read(&ref->data->count) >
	       count_of(binding->cgroup_id);
}

/**
 * fng_binding_collect() - look after bindings whose cgroup was removed
 *
 * The removal is an event, once. The binding stays as a tombstone for sockets
 * that live on, and goes when nobody else holds the cgroup.
 *
 * Context: a periodic worker, under fng_control_mutex.
 */
void fng_binding_collect(void)
{
	struct fng_binding *binding;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(bindings, bucket, next, binding, node) {
		if (is_online(binding->cgroup))
			continue;
		if (!binding->dead)
			declare_dead(binding);
		else if (!is_held(binding))
			drop(binding);
	}
	while (nr_dead > MAX_TOMBSTONES)
		drop(list_first_entry(&tombs, struct fng_binding, tomb));
}

/**
 * fng_binding_for_each() - visit every binding
 * @fn: called inside rcu_read_lock(); must not sleep
 * @data: handed to @fn
 */
void fng_binding_for_each(void (*fn)(const struct fng_binding *binding,
				     void *data), void *data)
{
	struct fng_binding *binding;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(bindings, bucket, binding, node)
		fn(binding, data);
	rcu_read_unlock();
}

/* No command can arrive and no hook can run any more. */
void fng_binding_exit(void)
{
	mutex_lock(&fng_control_mutex);
	fng_binding_clear();
	mutex_unlock(&fng_control_mutex);
	/* release_rcu() is our text. */
	rcu_barrier();
}
