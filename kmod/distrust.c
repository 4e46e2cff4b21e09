// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name servers that guarded tasks have posed as: those who sent as from one, in the
 * network namespace where somebody asks it.
 *
 * What such a task has sent may still be on its way when the question is asked, and
 * what it sends later may not pass here again. So an address that was used like
 * this is not believed for a while, and who uses many makes all of its namespace
 * incredible.
 */
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "distrust.h"

#define DISTRUST_BITS	6

/* Longer than anything is on its way. */
#define DISTRUST_LIFE	(300 * HZ)

#define MAX_SERVERS	8

/**
 * struct distrust - what is not believed in a network namespace
 * @node: in the hash, by @net
 * @net: cookie of the namespace
 * @until: jiffies from which on all is forgotten
 * @all: nobody is believed
 * @nr: number of @servers
 * @servers: who is not
 */
struct distrust {
	struct hlist_node node;
	u64 net;
	unsigned long until;
	bool all;
	u32 nr;
	struct fng_endpoint servers[MAX_SERVERS];
};

/* Protects all below; taken in any context. */
static DEFINE_SPINLOCK(distrusts_lock);
static DEFINE_HASHTABLE(distrusts, DISTRUST_BITS);

static struct distrust *find(u64 net)
{
	struct distrust *distrust;

	hash_for_each_possible(distrusts, distrust, node, net)
		if (distrust->net == net)
			return distrust;
	return NULL;
}

static bool has(const struct distrust *distrust,
		const struct fng_endpoint *server)
{
	u32 i;

	for (i = 0; i < distrust->nr; i++)
		if (!memcmp(&distrust->servers[i], server, sizeof(*server)))
			return true;
	return distrust->all;
}

static struct distrust *find_or_make(u64 net)
{
	struct distrust *distrust = find(net);

	if (distrust)
		return distrust;
	distrust = kzalloc(sizeof(*distrust), GFP_ATOMIC | __GFP_NOWARN);
	if (!distrust)
		return NULL;
	distrust->net = net;
	hash_add(distrusts, &distrust->node, net);
	return distrust;
}

static void add(struct distrust *distrust, const struct fng_endpoint *server)
{
	if (has(distrust, server))
		return;
	if (distrust->nr < MAX_SERVERS)
		distrust->servers[distrust->nr++] = *server;
	else
		distrust->all = true;
}

/**
 * fng_distrust_add() - a guarded task speaks as from a name server
 * @net: cookie of its network namespace
 * @server: as who
 *
 * Return: false without memory; then it must not be let through.
 */
bool fng_distrust_add(u64 net, const struct fng_endpoint *server)
{
	struct distrust *distrust;
	unsigned long flags;

	spin_lock_irqsave(&distrusts_lock, flags);
	distrust = find_or_make(net);
	if (distrust) {
		add(distrust, server);
		distrust->until = jiffies + DISTRUST_LIFE;
	}
	spin_unlock_irqrestore(&distrusts_lock, flags);
	return distrust;
}

/**
 * fng_distrusted() - has a guarded task spoken as from a name server?
 * @net: cookie of the network namespace of who asks
 * @server: the name server, as it is known there
 */
bool fng_distrusted(u64 net, const struct fng_endpoint *server)
{
	struct distrust *distrust;
	unsigned long flags;
	bool found = false;

	spin_lock_irqsave(&distrusts_lock, flags);
	distrust = find(net);
	if (distrust && time_before(jiffies, distrust->until)) {
		found = has(distrust, server);
	} else if (distrust) {
		hash_del(&distrust->node);
		kfree(distrust);
	}
	spin_unlock_irqrestore(&distrusts_lock, flags);
	return found;
}

/* Nobody asks or answers any more. */
void fng_distrust_clear(void)
{
	struct distrust *distrust;
	struct hlist_node *next;
	unsigned long flags;
	int bucket;

	spin_lock_irqsave(&distrusts_lock, flags);
	hash_for_each_safe(distrusts, bucket, next, distrust, node) {
		hash_del(&distrust->node);
		kfree(distrust);
	}
	spin_unlock_irqrestore(&distrusts_lock, flags);
}
