/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who talked to a guest, and whom it talked to: what has no socket on this host has
 * nothing else to tell an answer by.
 */
#ifndef FNGUARD_KMOD_FLOW_H
#define FNGUARD_KMOD_FLOW_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include "frame.h"

struct fng_flows;

/**
 * enum fng_flow_kind - what is remembered
 * @FNG_FLOW_SERVED: a peer sent to a port that the guest may be reached on
 * @FNG_FLOW_ASKED: the guest sent to a peer that it may send to
 * @FNG_FLOW_NEIGHBOUR: a peer is on the link: it sent what cannot have been
 *	forwarded
 * @FNG_FLOW_HEARD: a peer sent something to the guest, of any protocol
 * @FNG_FLOW_FRAGMENTS_OUT: the first fragment of a packet of the guest passed
 * @FNG_FLOW_FRAGMENTS_IN: the same of a packet to the guest
 * @FNG_NR_FLOW_KINDS: number of kinds
 */
enum fng_flow_kind {
	FNG_FLOW_SERVED,
	FNG_FLOW_ASKED,
	FNG_FLOW_NEIGHBOUR,
	FNG_FLOW_HEARD,
	FNG_FLOW_FRAGMENTS_OUT,
	FNG_FLOW_FRAGMENTS_IN,
	FNG_NR_FLOW_KINDS
};

/**
 * struct fng_flow - one of them
 * @peer: address of the other end; behind one of IPv4, zeroes
 * @id: of fragments; else 0
 * @peer_port: port of the other end; 0 where there are none
 * @port: port of the guest; the same
 * @family: 4 or 6
 * @protocol: as it is numbered in IP
 * @kind: enum fng_flow_kind
 * @reserved: zero: a flow is hashed as bytes
 * @own: address of the guest, if it is one that names are asked for there; else
 *	zeroes
 */
struct fng_flow {
	u8 peer[16];
	u32 id;
	u16 peer_port;
	u16 port;
	u8 family;
	u8 protocol;
	u8 kind;
	u8 reserved[5];
	u8 own[16];
};

static_assert(sizeof(struct fng_flow) == 48, "no holes in what is hashed");

/* Process context; may sleep. */
struct fng_flows *fng_flows_create(void);
void fng_flows_free(struct fng_flows *flows);

/* Any context; never sleeps, never allocates. */
struct fng_flow fng_flow_of(const struct fng_frame *frame, u8 kind,
			    bool received);
bool fng_flow_known(const struct fng_flows *flows, const struct fng_flow *flow);
void fng_flow_note(struct fng_flows *flows, const struct fng_flow *flow);

#endif /* FNGUARD_KMOD_FLOW_H */
