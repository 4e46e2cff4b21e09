// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who talked to a guest, and whom it talked to.
 *
 * A table of one size, whatever anybody sends: in each bucket, what was not seen
 * for the longest time makes room. It holds keyed hashes of 64 bits, so that
 * nobody outside of the kernel can tell which flows share a bucket, or are taken
 * for each other.
 */
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "egress_proto.h"
#include "flow.h"

#define NR_BUCKETS	256
#define NR_WAYS		4

/**
 * struct entry - a flow that was seen
 * @hash: of the flow; 0 if the entry is free
 * @seen: when it was last seen, in seconds since boot
 */
struct entry {
	u64 hash;
	u64 seen;
};

/**
 * struct fng_flows - the flows of one device
 * @lock: taken in any context to write; readers take what they find
 * @key: of the hash
 * @entries: by bucket
 */
struct fng_flows {
	spinlock_t lock;	/* of writers */
	siphash_key_t key;
	struct entry entries[NR_BUCKETS][NR_WAYS];
};

/*
 * Seconds for which each is remembered after it was last seen. A connection
 * that is idle for longer than the two hours after which the ends ask each
 * other, if they do at all, has to be heard of by the peer first.
 */
static const u32 lifetimes[FNG_NR_FLOW_KINDS] = {
	[FNG_FLOW_SERVED] = 3 * 3600,
	[FNG_FLOW_ASKED] = 180,
	[FNG_FLOW_NEIGHBOUR] = 3600,
	[FNG_FLOW_HEARD] = 3 * 3600,
	[FNG_FLOW_FRAGMENTS_OUT] = 30,
	[FNG_FLOW_FRAGMENTS_IN] = 30,
};

/* Datagrams that nobody answers for minutes are not going to be. */
#define LIFETIME_OF_DATAGRAMS	180

static u32 lifetime_of(const struct fng_flow *flow)
{
	if (flow->kind == FNG_FLOW_SERVED && flow->protocol == IPPROTO_UDP)
		return LIFETIME_OF_DATAGRAMS;
	return lifetimes[flow->kind];
}

struct fng_flows *fng_flows_create(void)
{
	struct fng_flows *flows = kvzalloc(sizeof(*flows), GFP_KERNEL_ACCOUNT);

	if (!flows)
		return NULL;
	spin_lock_init(&flows->lock);
	get_random_bytes(&flows->key, sizeof(flows->key));
	return flows;
}

void fng_flows_free(struct fng_flows *flows)
{
	kvfree(flows);
}

static u64 hash_of(const struct fng_flows *flows, const struct fng_flow *flow)
{
	return siphash(flow, sizeof(*flow), &flows->key) ?: 1;
}

/*
 * Writers clear the hash before they change the time, so that no flow can be
 * found with that of another.
 */
static bool is_seen(const struct entry *entry, u64 hash, u64 since)
{
	if (READ_ONCE(entry->hash) != hash)
		return false;
	/* Pairs with put(). */
	smp_rmb();
	if (READ_ONCE(entry->seen) < since)
		return false;
	/* The same the other way round. */
	smp_rmb();
	return READ_ONCE(entry->hash) == hash;
}

static bool find(const struct fng_flows *flows, u64 hash, u64 since)
{
	const struct entry *entry = flows->entries[hash % NR_BUCKETS];
	int i;

	for (i = 0; i < NR_WAYS; i++)
		if (is_seen(&entry[i], hash, since))
			return true;
	return false;
}

/**
 * fng_flow_of() - what is, or may be, remembered of a frame
 * @frame: the frame; of a packet of IP
 * @kind: enum fng_flow_kind
 * @received: the guest sent it
 *
 * Context: any.
 */
struct fng_flow fng_flow_of(const struct fng_frame *frame, u8 kind,
			    bool received)
{
	const struct fng_endpoint *to = &frame->packet.endpoint;
	const struct fng_endpoint *peer = received ? to : &frame->source;
	const struct fng_endpoint *own = received ? &frame->source : to;
	struct fng_flow flow = {
		.family = peer->family,
		.protocol = frame->packet.protocol,
		.kind = kind,
	};

	memcpy(flow.peer, peer->addr, sizeof(flow.peer));
	switch (kind) {
	case FNG_FLOW_NEIGHBOUR:
		break;
	case FNG_FLOW_HEARD:
		/* Of a datagram that nobody waits for, ICMP tells. */
		flow.protocol = 0;
		break;
	case FNG_FLOW_FRAGMENTS_OUT:
	case FNG_FLOW_FRAGMENTS_IN:
		flow.id = frame->packet.id;
		break;
	default:
		flow.peer_port = peer->port;
		flow.port = own->port;
		/* Who answers for a name server has to be the one asked. */
		if (kind == FNG_FLOW_SERVED && own->port == FNG_DNS_PORT)
			memcpy(flow.own, own->addr, own->family == 4 ? 4 : 16);
	}
	return flow;
}

/**
 * fng_flow_known() - was a flow seen lately?
 * @flows: of the device
 * @flow: the flow
 */
bool fng_flow_known(const struct fng_flows *flows, const struct fng_flow *flow)
{
	u64 now = ktime_get_boottime_seconds();
	u32 lifetime = lifetime_of(flow);

	return find(flows, hash_of(flows, flow),
		    now > lifetime ? now - lifetime : 0);
}

/* The entry of the flow, or the one that makes room for it. */
static struct entry *choose(struct entry *bucket, u64 hash)
{
	struct entry *oldest = bucket;
	int i;

	for (i = 0; i < NR_WAYS; i++) {
		if (bucket[i].hash == hash)
			return &bucket[i];
		if (bucket[i].seen < oldest->seen)
			oldest = &bucket[i];
	}
	return oldest;
}

static void put(struct entry *entry, u64 hash, u64 now)
{
	if (entry->hash != hash) {
		WRITE_ONCE(entry->hash, 0);
		/* Pairs with is_seen(). */
		smp_wmb();
	}
	WRITE_ONCE(entry->seen, now);
	/* Who finds the hash finds its time. */
	smp_wmb();
	WRITE_ONCE(entry->hash, hash);
}

/**
 * fng_flow_note() - a flow is seen
 * @flows: of the device
 * @flow: the flow
 *
 * Most were seen this very second, and nothing is written for them.
 */
void fng_flow_note(struct fng_flows *flows, const struct fng_flow *flow)
{
	u64 now = ktime_get_boottime_seconds();
	u64 hash = hash_of(flows, flow);
	unsigned long flags;

	if (find(flows, hash, now))
		return;
	spin_lock_irqsave(&flows->lock, flags);
	put(choose(flows->entries[hash % NR_BUCKETS], hash), hash, now);
	spin_unlock_irqrestore(&flows->lock, flags);
}
