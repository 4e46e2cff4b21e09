/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter on a bound device.
 */
#ifndef FNGUARD_KMOD_NETDEV_H
#define FNGUARD_KMOD_NETDEV_H

struct fng_device;
struct net_device;
struct nf_hook_ops;

void fng_netdev_hook(struct nf_hook_ops *ops, struct fng_device *device,
		     struct net_device *dev);

#endif /* FNGUARD_KMOD_NETDEV_H */
