/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter: what leaves, judged by the cgroup that created the socket.
 */
#ifndef FNGUARD_KMOD_EGRESS_H
#define FNGUARD_KMOD_EGRESS_H

int fng_egress_start(void);
void fng_egress_stop(void);

#endif /* FNGUARD_KMOD_EGRESS_H */
