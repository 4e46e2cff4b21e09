/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter: what leaves, judged by the cgroup that created the socket.
 */
#ifndef FNGUARD_KMOD_EGRESS_H
#define FNGUARD_KMOD_EGRESS_H

#include <linux/types.h>

#include <fnguard/access.h>

struct fng_endpoint;
struct fng_judgement;
struct sock;

int fng_egress_start(void);
void fng_egress_stop(void);

void fng_judge_endpoint(struct fng_judgement *judgement,
			const struct fng_endpoint *endpoint);
void fng_judge_traffic(struct fng_judgement *judgement,
		       enum fng_guard_rule reason);
u8 fng_egress_proto(u8 protocol);

#endif /* FNGUARD_KMOD_EGRESS_H */
