/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of bindings: key=value,key=value.
 */
#ifndef FNGUARD_KMOD_LABELS_H
#define FNGUARD_KMOD_LABELS_H

struct netlink_ext_ack;

int fng_labels_check(const char *labels, struct netlink_ext_ack *extack);

#endif /* FNGUARD_KMOD_LABELS_H */
