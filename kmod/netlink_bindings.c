// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of bound cgroups, explicit bindings first, then what templates bind.
 *
 * The list of what to look at is made when the dump starts; what is told of each
 * is looked up when its turn comes. No lock is held from one message to the
 * next, and a dump of many thousands costs each of them once.
 */
#include <linux/cgroup.h>
#include <linux/mm.h>

#include "activation.h"
#include "attr.h"
#include "binding.h"
#include "netlink.h"
#include "place.h"
#include "protect.h"
#include "ruleset.h"
#include "subject.h"

/**
 * struct entry - something to look at
 * @cgroup_id: a cgroup
 * @policy: name of the policy bound to it; empty: look for templates that match
 */
struct entry {
	u64 cgroup_id;
	char policy[FNG_MAX_POLICY_NAME + 1];
};

/**
 * struct list - state of one dump
 * @nr: number of @entries
 * @max: room in @entries
 * @next: entry that is next
 * @template: of the ruleset's templates, the next for entry @next
 * @path: for the path of the cgroup at hand
 * @entries: what to look at
 */
struct list {
	u32 nr;
	u32 max;
	u32 next;
	u32 template;
	char path[PATH_MAX];
	struct entry entries[];
};

static struct list **list_of(struct netlink_callback *cb)
{
	return (struct list **)cb->ctx;
}

/* What does not fit is only counted. */
static struct entry *append(struct list *list)
{
	u32 i = list->nr++;

	return i < list->max ? &list->entries[i] : NULL;
}

static void append_binding(const struct fng_binding *binding, void *data)
{
	struct entry *entry = append(data);

	if (!entry)
		return;
	entry->cgroup_id = binding->cgroup_id;
	strscpy(entry->policy, binding->policy, sizeof(entry->policy));
}

static void append_subject(const struct fng_subject *subject, void *data)
{
	struct entry *entry = append(data);

	if (!entry)
		return;
	entry->cgroup_id = subject->cgroup_id;
	entry->policy[0] = 0;
}

static void fill(struct list *list)
{
	list->nr = 0;
	fng_binding_for_each(append_binding, list);
	fng_subject_for_each(append_subject, list);
}

static struct list *make_list(u32 max)
{
	struct list *list;

	list = kvzalloc(struct_size(list, entries, max), GFP_KERNEL_ACCOUNT);
	if (!list)
		return NULL;
	list->max = max;
	fill(list);
	return list;
}

int fng_netlink_bindings_start(struct netlink_callback *cb)
{
	struct list *list;
	u32 max;
	int err;

	err = fng_netlink_admit(cb->skb, cb->extack);
	if (err)
		return err;
	max = fng_binding_total() + fng_subject_count() + 64;
	list = make_list(max);
	while (list && list->nr > list->max) {
		max = list->nr + list->nr / 8;
		kvfree(list);
		list = make_list(max);
	}
	if (!list)
		return -ENOMEM;
	*list_of(cb) = list;
	cb->min_dump_alloc = FNG_DUMP_ALLOC;
	return 0;
}

int fng_netlink_bindings_done(struct netlink_callback *cb)
{
	kvfree(*list_of(cb));
	return 0;
}

static int put_common(struct sk_buff *skb, u64 cgroup_id, const char *path,
		      const char *policy)
{
	if (fng_attr_put_u64(skb, FNG_A_CGROUP_ID, cgroup_id) ||
	    (path[0] && nla_put_string(skb, FNG_A_CGROUP_PATH, path)) ||
	    nla_put_string(skb, FNG_A_POLICY_NAME, policy))
		return -EMSGSIZE;
	return 0;
}

static const struct fng_binding *find(u64 cgroup_id, const char *policy)
{
	const struct fng_binding *binding = NULL;

	while ((binding = fng_binding_next(cgroup_id, binding)))
		if (!strcmp(binding->policy, policy))
			return binding;
	return NULL;
}

static int put_binding(struct sk_buff *skb, const struct fng_binding *binding,
		       const char *path)
{
	struct fng_activation_facts facts;

	if (fng_activation_describe(binding->activation, &facts) &&
	    nla_put_string(skb, FNG_A_ACTIVATION, facts.name))
		return -EMSGSIZE;
	if (put_common(skb, binding->cgroup_id, path, binding->policy) ||
	    (binding->labels[0] &&
	     nla_put_string(skb, FNG_A_LABELS, binding->labels)) ||
	    (READ_ONCE(binding->partial) &&
	     nla_put_flag(skb, FNG_A_PARTIAL)) ||
	    (READ_ONCE(binding->dead) && nla_put_flag(skb, FNG_A_DEAD)))
		return -EMSGSIZE;
	return 0;
}

static int dump_binding(struct sk_buff *skb, struct netlink_callback *cb,
			const struct entry *entry, char *path)
{
	const struct fng_binding *binding;
	void *header;
	int err = 0;

	if (fng_place_path(entry->cgroup_id, path, PATH_MAX))
		path[0] = 0;
	header = fng_dump_begin(skb, cb, FNG_CMD_BIND_GET);
	if (!header)
		return -EMSGSIZE;
	rcu_read_lock();
	binding = find(entry->cgroup_id, entry->policy);
	if (binding)
		err = put_binding(skb, binding, path);
	rcu_read_unlock();
	if (!binding) {
		genlmsg_cancel(skb, header);
		return 0;
	}
	return fng_dump_end(skb, header, err);
}

/* Does the template match the cgroup, or one that it is in? */
static bool matches(const struct fng_policy *policy, struct cgroup *cgroup)
{
	const struct fng_image *image = &policy->image;
	u32 state = FNG_STATE_START;
	int level;

	for (level = 1; level <= cgroup->level; level++) {
		state = fng_protect_walk(image, state,
					 cgroup->ancestors[level]);
		if (fng_cgroup_match(image, state))
			return true;
	}
	return false;
}

static int dump_template(struct sk_buff *skb, struct netlink_callback *cb,
			 struct cgroup *cgroup, const char *path,
			 const char *policy)
{
	void *header = fng_dump_begin(skb, cb, FNG_CMD_BIND_GET);
	int err;

	if (!header)
		return -EMSGSIZE;
	err = put_common(skb, cgroup_id(cgroup), path, policy) ?:
	      nla_put_flag(skb, FNG_A_TEMPLATE);
	return fng_dump_end(skb, header, err);
}

static int dump_templates_of(struct sk_buff *skb, struct netlink_callback *cb,
			     struct cgroup *cgroup, struct list *list)
{
	const struct fng_ruleset *set;
	int err = 0;

	rcu_read_lock();
	set = fng_ruleset_current();
	for (; list->template < set->nr_templates; list->template++) {
		const struct fng_policy *policy =
			set->policies[set->templates[list->template]];

		if (find(cgroup_id(cgroup), fng_policy_name(policy)) ||
		    !matches(policy, cgroup))
			continue;
		err = dump_template(skb, cb, cgroup, list->path,
				    fng_policy_name(policy));
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

static int dump_templates(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct entry *entry, struct list *list)
{
	struct cgroup *cgroup = cgroup_get_from_id(entry->cgroup_id);
	int err;

	if (IS_ERR(cgroup))
		return 0;
	cgroup_path(cgroup, list->path, sizeof(list->path));
	err = dump_templates_of(skb, cb, cgroup, list);
	cgroup_put(cgroup);
	return err;
}

int fng_netlink_bindings_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct list *list = *list_of(cb);
	int err = 0;

	cb->seq = fng_ruleset_gen() + fng_binding_gen();
	for (; list->next < list->nr; list->next++, list->template = 0) {
		const struct entry *entry = &list->entries[list->next];

		if (entry->policy[0])
			err = dump_binding(skb, cb, entry, list->path);
		else
			err = dump_templates(skb, cb, entry, list);
		if (err)
			break;
	}
	return skb->len ?: err;
}
