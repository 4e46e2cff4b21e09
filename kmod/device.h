/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bindings of policies to network devices.
 */
#ifndef FNGUARD_KMOD_DEVICE_H
#define FNGUARD_KMOD_DEVICE_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>

#include <fnguard/limits.h>

#include "flow.h"
#include "quota.h"
#include "subject.h"

struct net;
struct netlink_ext_ack;

#define FNG_NR_DEVICE_HOOKS	2
#define FNG_DEVICE_HASH_BITS	10

/**
 * struct fng_device_facts - what can be told of a bound device
 * @id: of the binding; has FNG_ID_OF_DEVICE set and is never used again
 * @ifindex: number of the device in its network namespace
 * @netns: inode of the namespace
 * @name: of the device
 * @policy: name of the policy, or of the first of several
 * @labels: key=value,key=value, or empty
 * @template: templates have bound it
 */
struct fng_device_facts {
	u64 id;
	u32 ifindex;
	u32 netns;
	char name[IFNAMSIZ];
	char policy[FNG_MAX_POLICY_NAME + 1];
	char labels[FNG_MAX_LABELS + 1];
	bool template;
};

/**
 * struct fng_device - what is bound to a device: a policy, by hand, or all whose
 *	templates match it
 * @by_id: in the hash of bindings; RCU readers, writers hold rtnl
 * @by_dev: in the hash of devices, until they are gone; under rtnl
 * @facts: what can be told of it. Name, number and namespace change under rtnl,
 *	the policy under fng_control_mutex or, of a template, rtnl, all with the
 *	lock of facts held, which is enough to read
 * @dev: the device, held by @tracker; under rtnl, NULL once it is gone
 * @tracker: of the reference
 * @ops: hooks on @dev
 * @gone: jiffies at which the binding ended, or 0; set under rtnl
 * @counted: it is among its policy's bindings; under fng_control_mutex. What
 *	templates bind is not.
 * @matched: name that templates have bound the device by, whatever it is called
 *	since; empty if somebody has bound it. Set once.
 * @only_named: only templates that have @matched written out apply. Set once.
 * @policies: name of the policy, at @named, and the name before, which readers
 *	may still look at; both empty if templates have bound it
 * @named: which of @policies is current; under fng_control_mutex, see
 *	fng_device_rename()
 * @subject: what applies to the device, of whichever ruleset; RCU readers,
 *	written under rtnl
 * @state: what the guard remembers of the device; dropped with the binding
 * @flows: who talked to it, owned
 * @rejects: how often the guest may still be told that it was refused
 * @rcu: for freeing after the last packet
 */
struct fng_device {
	struct hlist_node by_id;
	struct hlist_node by_dev;
	struct fng_device_facts facts;
	struct net_device *dev;
	netdevice_tracker tracker;
	struct nf_hook_ops ops[FNG_NR_DEVICE_HOOKS];
	unsigned long gone;
	bool counted;
	bool only_named;
	char matched[IFNAMSIZ];
	char policies[2][FNG_MAX_POLICY_NAME + 1];
	u8 named;
	struct fng_subject __rcu *subject;
	struct fng_cgroup *state;
	struct fng_flows *flows;
	struct fng_quota rejects;
	struct rcu_head rcu;
};

/**
 * struct fng_device_request - a device that somebody names
 * @net: network namespace that it is in
 * @ifindex: its number there
 */
struct fng_device_request {
	struct net *net;
	int ifindex;
};

/**
 * struct fng_device_cursor - how far a list of bindings has come
 * @id: of the binding at hand, 0 at the start
 * @policy: which of its policies comes next
 */
struct fng_device_cursor {
	u64 id;
	u32 policy;
};

/* Have templates bound it? */
static inline bool fng_device_by_template(const struct fng_device *device)
{
	return device->matched[0];
}

/* All bindings, by id, until they are forgotten; see struct fng_device. */
extern DECLARE_HASHTABLE(fng_devices, FNG_DEVICE_HASH_BITS);

int fng_device_init(void);
void fng_device_exit(void);

/* Under fng_control_mutex; may sleep. */
int fng_device_bind(const struct fng_device_request *request,
		    const char *policy, const char *labels,
		    struct fng_device_facts *facts,
		    struct netlink_ext_ack *extack);
int fng_device_unbind(const struct fng_device_request *request,
		      struct fng_device_facts *facts,
		      struct netlink_ext_ack *extack);
void fng_device_clear(void);
void fng_device_settle(void);
void fng_device_collect(void);
void fng_device_refresh(void);
void fng_device_rename(const char *from, const char *to);

/* Inside rtnl, which is enough. */
int fng_device_adopt(struct net_device *dev, bool only_named,
		     struct netlink_ext_ack *extack);

/* device_template.c: the same. */
int fng_template_bind(struct net_device *dev, bool told,
		      struct netlink_ext_ack *extack);
int fng_template_succeed(struct net_device *dev, bool *bound,
			 struct netlink_ext_ack *extack);
void fng_template_bind_all(const struct fng_ruleset *ruleset);
void fng_template_forget(const struct net_device *dev);
void fng_template_exit(void);
/* Any context, inside rcu_read_lock(). */
void fng_template_find(const struct fng_ruleset *ruleset, const char *name,
		       bool only_named, struct fng_subject *subject);

/* device_link.c: inside rtnl. */
int fng_device_link_init(void);
void fng_device_link_exit(void);
struct net_device *fng_device_named(const struct fng_device_request *request,
				    struct netlink_ext_ack *extack);
struct fng_device *fng_device_of(const struct net_device *dev);
int fng_device_check(const struct net_device *dev,
		     struct netlink_ext_ack *extack);
int fng_device_link(struct fng_device *device, struct net_device *dev,
		    struct netlink_ext_ack *extack);
void fng_device_unlink(struct fng_device *device, u32 kind);

/* Any context, inside rcu_read_lock(). */
void fng_device_compute(const struct fng_device *device,
			const struct fng_ruleset *ruleset,
			struct fng_subject *subject);

/* device_list.c: inside rtnl. */
void fng_device_publish(struct fng_device *device);
void fng_device_note_name(struct fng_device *device);

/* Process context. */
void fng_device_note_policy(struct fng_device *device, const char *policy);
void fng_device_copy_facts(const struct fng_device *device,
			   struct fng_device_facts *facts);
void fng_device_tell(u32 kind, const struct fng_device *device);
bool fng_device_describe(u64 id, struct fng_device_facts *facts);
bool fng_device_next(struct fng_device_cursor *cursor,
		     struct fng_device_facts *facts);
u32 fng_device_total(void);

#endif /* FNGUARD_KMOD_DEVICE_H */
