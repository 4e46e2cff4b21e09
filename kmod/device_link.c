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

#define DEVICE_HASH_BITS	10

static DEFINE_HASHTABLE(devices, DEVICE_HASH_BITS);

static struct fng_device *find(const struct net_device *dev)
{
	struct fng_device *device;

	ASSERT_RTNL();
	hash_for_each_possible(devices, device, by_dev, (unsigned long)dev)
		if (device->dev == dev)
			return device;
	return NULL;
}

static struct net_device *find_dev(const struct fng_device_request *request,
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

static int check(const struct net_device *dev, struct netlink_ext_ack *extack)
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
	if (find(dev)) {
		NL_SET_ERR_MSG(extack,
			       "The device is already bound; unbind it first");
		return -EEXIST;
	}
	return 0;
}

/**
 * fng_device_link() - put a binding in force on a device
 * @device: the binding
 * @request: the device
 * @extack: told why not; packets may be judged by @device all the same, for a
 *	grace period
 */
int fng_device_link(struct fng_device *device,
		    const struct fng_device_request *request,
		    struct netlink_ext_ack *extack)
{
	struct net_device *dev = find_dev(request, extack);
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = check(dev, extack);
	if (err)
		return err;
	fng_netdev_hook(device->ops, device, dev);
	err = nf_register_net_hooks(request->net, device->ops,
				    FNG_NR_DEVICE_HOOKS);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "This kernel cannot judge what passes the device");
		return err;
	}
	device->dev = dev;
	netdev_hold(dev, &device->tracker, GFP_KERNEL);
	hash_add(devices, &device->by_dev, (unsigned long)dev);
	fng_device_note_name(device);
	return 0;
}

/**
 * fng_device_linked() - the binding of a device
 * @request: the device
 * @extack: told if there is none
 *
 * Return: a binding, or ERR_PTR().
 */
struct fng_device *fng_device_linked(const struct fng_device_request *request,
				     struct netlink_ext_ack *extack)
{
	struct net_device *dev = find_dev(request, extack);
	struct fng_device *device;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	device = find(dev);
	if (device)
		return device;
	NL_SET_ERR_MSG(extack, "The device is not bound");
	return ERR_PTR(-ENOENT);
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
	device->dev = NULL;
	netdev_put(dev, &device->tracker);
	WRITE_ONCE(device->gone, jiffies ?: 1);
	fng_device_tell(kind, device);
}

/*
 * A device that moves to another namespace is said to be unregistered as well,
 * and then to be registered there; it stays what it is meanwhile.
 */
static int on_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	struct fng_device *device;

	if (event != NETDEV_UNREGISTER && event != NETDEV_REGISTER &&
	    event != NETDEV_CHANGENAME)
		return NOTIFY_DONE;
	device = find(dev);
	if (!device)
		return NOTIFY_DONE;
	if (event != NETDEV_UNREGISTER)
		fng_device_note_name(device);
	else if (dev->reg_state != NETREG_REGISTERED)
		fng_device_unlink(device, FNG_EVENT_DEVICE_REMOVED);
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
