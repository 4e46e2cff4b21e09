// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ties a binding to the kernel's device: the hooks on it, the reference that
 * is held, and what the kernel tells of it. Everything is inside rtnl.
 */
#include <linux/hashtable.h>
#include <linux/if_arp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include <uapi/fnguard.h>

#include "device.h"
#include "netdev.h"
#include "seal.h"

#define DEVICE_HASH_BITS	10

static DEFINE_HASHTABLE(devices, DEVICE_HASH_BITS);

/* Bound devices, of all namespaces. */
static u32 nr_linked;

/**
 * fng_device_of() - the binding of a device, or NULL
 * @dev: the device
 */
struct fng_device *fng_device_of(const struct net_device *dev)
{
	struct fng_device *device;

	ASSERT_RTNL();
	hash_for_each_possible(devices, device, by_dev, (unsigned long)dev)
		if (device->dev == dev)
			return device;
	return NULL;
}

/**
 * fng_device_named() - the device that somebody names
 * @request: the device
 * @extack: told if there is none
 *
 * Return: a device that stays while rtnl is held, or ERR_PTR().
 */
struct net_device *fng_device_named(const struct fng_device_request *request,
				    struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	dev = __dev_get_by_index(request->net, request->ifindex);
	if (!dev || dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack,
			       "The network namespace has no device of that number");
		return ERR_PTR(-ENODEV);
	}
	return dev;
}

/* What its guest sends leaves by it, and what is sent to that comes in. */
static bool is_turned(const struct net_device *dev)
{
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	return ops && (!strcmp(ops->kind, "macvtap") ||
		       !strcmp(ops->kind, "ipvtap"));
}

/**
 * fng_device_check() - can what passes a device be judged?
 * @dev: the device
 * @extack: told why not
 */
int fng_device_check(const struct net_device *dev,
		     struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack,
			       "No guest is behind the loopback device; bind the host's end of a veth, or a tap");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER) {
		NL_SET_ERR_MSG(extack,
			       "Only Ethernet devices can be bound, such as tap and veth");
		return -EINVAL;
	}
	if (is_turned(dev)) {
		NL_SET_ERR_MSG(extack,
			       "A macvtap or ipvtap hands packets on by another device, and cannot be bound");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Somebody's word counts for more than a template's, but not than another's. */
static int check_room(const struct fng_device *device,
		      const struct fng_device *old,
		      struct netlink_ext_ack *extack)
{
	if (!old) {
		if (nr_linked < FNG_MAX_DEVICES)
			return 0;
		NL_SET_ERR_MSG(extack,
			       "4096 devices are bound already; unbind some first");
		return -ENOSPC;
	}
	if (fng_device_by_template(device))
		return 0;
	if (fng_device_by_template(old))
		return fng_seal_admit(extack);
	NL_SET_ERR_MSG(extack, "The device is already bound; unbind it first");
	return -EEXIST;
}

static int hook(struct fng_device *device, struct net_device *dev,
		struct netlink_ext_ack *extack)
{
	int err;

	fng_netdev_hook(device->ops, device, dev);
	err = nf_register_net_hooks(dev_net(dev), device->ops,
				    FNG_NR_DEVICE_HOOKS);
	if (err)
		NL_SET_ERR_MSG(extack,
			       "This kernel cannot judge what passes the device");
	return err;
}

/**
 * fng_device_link() - put a binding in force on a device
 * @device: the binding
 * @dev: the device; the binding that it has, if any, ends once this one is in
 *	force
 * @extack: told why not; packets may be judged by @device all the same, for a
 *	grace period
 */
int fng_device_link(struct fng_device *device, struct net_device *dev,
		    struct netlink_ext_ack *extack)
{
	struct fng_device *old = fng_device_of(dev);
	int err;

	err = fng_device_check(dev, extack) ?:
	      check_room(device, old, extack) ?: hook(device, dev, extack);
	if (err)
		return err;
	if (old)
		fng_device_unlink(old, FNG_EVENT_UNBOUND);
	device->dev = dev;
	netdev_hold(dev, &device->tracker, GFP_KERNEL);
	hash_add(devices, &device->by_dev, (unsigned long)dev);
	WRITE_ONCE(nr_linked, nr_linked + 1);
	fng_device_note_name(device);
	return 0;
}

/**
 * fng_device_unlink() - end a binding
 * @device: the binding
 * @kind: enum fng_event_kind, by which this is told
 *
 * Packets that are being judged go on until their grace period ends.
 */
void fng_device_unlink(struct fng_device *device, u32 kind)
{
	struct net_device *dev = device->dev;

	nf_unregister_net_hooks(dev_net(dev), device->ops,
				FNG_NR_DEVICE_HOOKS);
	hash_del(&device->by_dev);
	WRITE_ONCE(nr_linked, nr_linked - 1);
	device->dev = NULL;
	netdev_put(dev, &device->tracker);
	WRITE_ONCE(device->gone, jiffies ?: 1);
	fng_device_tell(kind, device);
}

/* Number of bound devices. Context: any. */
u32 fng_device_total(void)
{
	return READ_ONCE(nr_linked);
}

/*
 * The end of a pair, or what is on top of another device, is put into a guest
 * where it leaves the initial namespace: what comes in by it there is not what
 * the guest sends.
 */
static bool has_left(const struct fng_device *device)
{
	const struct rtnl_link_ops *ops = device->dev->rtnl_link_ops;

	return fng_device_by_template(device) &&
	       !net_eq(dev_net(device->dev), &init_net) &&
	       ops && ops->get_link_net;
}

static int on_name(struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct fng_device *device = fng_device_of(dev);

	if (device && has_left(device))
		fng_device_unlink(device, FNG_EVENT_UNBOUND);
	else if (device)
		fng_device_note_name(device);
	return fng_template_bind(dev, false, extack);
}

static void on_removal(struct net_device *dev)
{
	struct fng_device *device = fng_device_of(dev);

	if (device && dev->reg_state != NETREG_REGISTERED)
		fng_device_unlink(device, FNG_EVENT_DEVICE_REMOVED);
}

/*
 * A device that moves to another namespace is said to be unregistered as well,
 * and then to be registered there; it stays what it is meanwhile, and is down. So
 * is a device that is made: it is judged before its first packet. What a template
 * is to bind and cannot is not made, not renamed, and not set up where nobody
 * asks whether it may be moved.
 */
static int on_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct netlink_ext_ack *extack = netdev_notifier_info_to_extack(data);
	struct net_device *dev = netdev_notifier_info_to_dev(data);

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
		return notifier_from_errno(on_name(dev, extack));
	case NETDEV_PRE_UP:
		return notifier_from_errno(fng_template_bind(dev, true,
							     extack));
	case NETDEV_UNREGISTER:
		on_removal(dev);
		if (net_eq(dev_net(dev), &init_net))
			fng_template_forget(dev);
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_event };

int fng_device_link_init(void)
{
	return register_netdevice_notifier(&notifier);
}

/* Nothing is bound any more. */
void fng_device_link_exit(void)
{
	unregister_netdevice_notifier(&notifier);
}
