// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that policies bind by their names.
 *
 * A name is chosen by whoever makes the device, so that only those in the initial
 * network namespace match, which no guest can make, rename or move. The name that
 * matched last is the one that counts: a device that is called otherwise since
 * stays bound, and another template that matches its new name takes it over.
 *
 * All is inside rtnl. The ruleset is read under RCU, since the notifier must not
 * take fng_control_mutex; see device.c for why that is enough.
 */
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <uapi/fnguard.h>

#include "device.h"
#include "event.h"

/* A route to half of the world is one of two that make a default route. */
#define MAX_DEFAULT_PREFIX	1

static bool has_default_v4(const struct net_device *dev)
{
	struct flowi4 flow = { .flowi4_oif = dev->ifindex };
	struct fib_result result;
	bool found;

	rcu_read_lock();
	found = !fib_lookup(&init_net, &flow, &result, FIB_LOOKUP_NOREF) &&
		result.prefixlen <= MAX_DEFAULT_PREFIX;
	rcu_read_unlock();
	return found;
}

#if IS_ENABLED(CONFIG_IPV6)
static bool has_default_v6(const struct net_device *dev)
{
	struct rt6_info *route;
	bool found;

	if (!ipv6_mod_enabled())
		return false;
	route = rt6_lookup(&init_net, &in6addr_any, NULL, dev->ifindex, NULL,
			   RT6_LOOKUP_F_IFACE);
	if (!route)
		return false;
	found = route->rt6i_dst.plen <= MAX_DEFAULT_PREFIX;
	ip6_rt_put(route);
	return found;
}
#else
static bool has_default_v6(const struct net_device *dev)
{
	return false;
}
#endif

/*
 * Devices that the host has reached the world by, by their numbers: one that is
 * set down has no routes when it is set up again, and gets them later. Inside rtnl.
 */
static DEFINE_XARRAY(uplinks);

/* Does the host reach the world by it, or did it when that was asked before? */
static bool is_uplink(const struct net_device *dev)
{
	if (xa_load(&uplinks, dev->ifindex))
		return true;
	if (!has_default_v4(dev) && !has_default_v6(dev))
		return false;
	/* Without memory it is asked again. */
	xa_store(&uplinks, dev->ifindex, xa_mk_value(0), GFP_KERNEL);
	return true;
}

/**
 * fng_template_forget() - a device is gone from the initial network namespace
 * @dev: the device
 *
 * Context: inside rtnl.
 */
void fng_template_forget(const struct net_device *dev)
{
	xa_erase(&uplinks, dev->ifindex);
}

/* All of them; nobody looks any more. */
void fng_template_exit(void)
{
	xa_destroy(&uplinks);
}

static bool matches(const struct fng_policy *policy, const char *name,
		    bool only_named)
{
	enum fng_device_match match;

	match = fng_device_match(&policy->image, name, strlen(name));
	return match == FNG_DEVICE_NAMED ||
	       (match == FNG_DEVICE_MATCHED && !only_named);
}

/**
 * fng_template_find() - find the policies whose templates match a name
 * @ruleset: the current ruleset
 * @name: the name
 * @only_named: only those that have it written out
 * @subject: they are added to its policies
 */
void fng_template_find(const struct fng_ruleset *ruleset, const char *name,
		       bool only_named, struct fng_subject *subject)
{
	u32 i;

	for (i = 0; i < ruleset->nr_devices; i++) {
		struct fng_policy *policy =
			ruleset->policies[ruleset->devices[i]];

		if (!matches(policy, name, only_named))
			continue;
		if (subject->nr == FNG_MAX_APPLIED) {
			subject->excess = true;
			return;
		}
		subject->policies[subject->nr++] = policy;
	}
}

static void note_skipped(const struct fng_policy *policy,
			 const struct net_device *dev, const char *why)
{
	char reason[128];
	const struct fng_notice notice = {
		.kind = FNG_EVENT_SKIPPED,
		.policy = fng_policy_name(policy),
		.version = policy->image.meta->version,
		.reason = reason,
	};

	snprintf(reason, sizeof(reason), "%s: %s", dev->name, why);
	fng_event_notice(&notice);
}

/* @named: also those that have the name written out. */
static void tell_skipped(const struct net_device *dev, bool named, bool told,
			 const char *why)
{
	const struct fng_ruleset *ruleset;
	u32 i;

	rcu_read_lock();
	ruleset = fng_ruleset_current();
	for (i = 0; i < ruleset->nr_devices; i++) {
		struct fng_policy *policy =
			ruleset->policies[ruleset->devices[i]];

		if ((told && READ_ONCE(policy->skips_told)) ||
		    !matches(policy, dev->name, false) ||
		    (!named && matches(policy, dev->name, true)))
			continue;
		note_skipped(policy, dev, why);
	}
	rcu_read_unlock();
}

static bool has_same(const struct fng_subject *a, const struct fng_subject *b)
{
	return a->nr == b->nr && a->excess == b->excess &&
	       !memcmp(a->policies, b->policies, a->nr * sizeof(*a->policies));
}

/* Is there something to bind that is not bound yet? */
static bool is_new(const struct net_device *dev, bool only_named)
{
	const struct fng_device *device = fng_device_of(dev);
	struct fng_subject wanted = { 0 }, bound = { 0 };
	const struct fng_ruleset *ruleset;
	bool result;

	rcu_read_lock();
	ruleset = fng_ruleset_current();
	fng_template_find(ruleset, dev->name, only_named, &wanted);
	if (device && fng_device_by_template(device))
		fng_device_compute(device, ruleset, &bound);
	result = wanted.nr && !has_same(&wanted, &bound);
	rcu_read_unlock();
	return result;
}

static int adopt(struct net_device *dev, bool told, bool *bound,
		 struct netlink_ext_ack *extack)
{
	struct netlink_ext_ack unfit = { 0 };
	bool uplink;
	int err;

	*bound = false;
	if (!net_eq(dev_net(dev), &init_net) || !is_new(dev, false))
		return 0;
	if (fng_device_check(dev, &unfit)) {
		tell_skipped(dev, true, told, unfit._msg);
		return 0;
	}
	uplink = is_uplink(dev);
	if (uplink)
		tell_skipped(dev, false, told,
			     "the host's default route leads there; write its name out to bind it");
	if (uplink && !is_new(dev, true))
		return 0;
	err = fng_device_adopt(dev, uplink, extack);
	*bound = !err;
	return err;
}

/**
 * fng_template_bind() - bind a device if templates match its name
 * @dev: the device
 * @told: what is skipped was told before
 * @extack: told why not
 *
 * Nothing is done where somebody has bound the device.
 *
 * Return: an error only if it is to be bound and cannot be.
 */
int fng_template_bind(struct net_device *dev, bool told,
		      struct netlink_ext_ack *extack)
{
	const struct fng_device *device = fng_device_of(dev);
	bool bound;

	if (device && !fng_device_by_template(device))
		return 0;
	return adopt(dev, told, &bound, extack);
}

/**
 * fng_template_succeed() - let templates take over what somebody has bound
 * @dev: the device
 * @bound: set: a template has bound it, and the binding before has ended
 * @extack: told why not
 */
int fng_template_succeed(struct net_device *dev, bool *bound,
			 struct netlink_ext_ack *extack)
{
	return adopt(dev, true, bound, extack);
}

static void bind_present(struct net_device *dev)
{
	struct netlink_ext_ack extack = { 0 };

	if (fng_template_bind(dev, true, &extack))
		tell_skipped(dev, true, false, extack._msg ?: "no memory");
}

/**
 * fng_template_bind_all() - bind the devices that are there already
 * @ruleset: was published just now
 *
 * Context: under fng_control_mutex, inside rtnl.
 */
void fng_template_bind_all(const struct fng_ruleset *ruleset)
{
	struct net_device *dev;
	u32 i;

	if (!ruleset->nr_devices)
		return;
	for_each_netdev(&init_net, dev)
		bind_present(dev);
	for (i = 0; i < ruleset->nr_devices; i++)
		WRITE_ONCE(ruleset->policies[ruleset->devices[i]]->skips_told,
			   true);
}
