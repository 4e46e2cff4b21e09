// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where answers of name servers are read: in every network namespace, before the
 * socket that they are for is looked for. In one that has no room for that, nobody
 * learns an address.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "distrust.h"
#include "dns.h"
#include "dns_tcp.h"
#include "hooks.h"
#include "query.h"

/* Nearly all packets are from somebody else, and told by as little as this. */
static __always_inline bool is_answer(const struct sk_buff *skb, u8 protocol,
				      int transport)
{
	return (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) &&
	       fng_dns_from_server(skb, transport);
}

static unsigned int hook_v4(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (is_answer(skb, ip->protocol,
		      skb_network_offset(skb) + ip->ihl * 4))
		return fng_dns_receive_v4(skb, state);
	return NF_ACCEPT;
}

static unsigned int hook_v6(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	int transport = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	u8 next = ipv6_hdr(skb)->nexthdr;

	if (is_answer(skb, next, transport) || ipv6_ext_hdr(next))
		return fng_dns_receive_v6(skb, state);
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = hook_v4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = INT_MAX,
	},
	{
		.hook = hook_v6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = INT_MAX,
	},
};

/**
 * struct dns_net - a network namespace
 * @read: answers are read there; written as it is met, and never again
 */
struct dns_net {
	bool read;
};

static unsigned int dns_net_id;

/*
 * Whoever has a namespace of his own may have filled it with hooks, which must not
 * keep others from their rules.
 */
static int __net_init dns_net_init(struct net *net)
{
	struct dns_net *dns = net_generic(net, dns_net_id);
	int err = nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));

	dns->read = !err;
	return err == -E2BIG && net != &init_net ? 0 : err;
}

static void __net_exit dns_net_exit(struct net *net)
{
	const struct dns_net *dns = net_generic(net, dns_net_id);

	if (dns->read)
		nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

static struct pernet_operations dns_net_ops = {
	.init = dns_net_init,
	.exit = dns_net_exit,
	.id = &dns_net_id,
	.size = sizeof(struct dns_net),
};

static bool started;

/* Does a policy in force believe what is read, or may one that does come back? */
static bool relied;

bool fng_dns_relied(void)
{
	return READ_ONCE(relied);
}

/**
 * fng_dns_rely() - say whether what is read is believed
 * @is_relied: before somebody believes it; false: after the last who does
 *
 * Who speaks as a name server and is none is kept from it meanwhile.
 */
void fng_dns_rely(bool is_relied)
{
	lockdep_assert_held(&fng_control_mutex);
	WRITE_ONCE(relied, is_relied);
}

/**
 * fng_dns_start() - read answers in every network namespace with room for a hook
 *
 * Every packet that is received costs more from now on.
 */
int fng_dns_start(void)
{
	int err;

	lockdep_assert_held(&fng_control_mutex);
	if (started)
		return 0;
	err = register_pernet_subsys(&dns_net_ops);
	started = !err;
	return err;
}

/* What was asked is forgotten, and so is who cannot be believed. */
void fng_dns_clear(void)
{
	fng_dns_tcp_clear();
	fng_query_clear();
	fng_distrust_clear();
}

/* No longer; returns after the last was read, and nothing asked is remembered. */
void fng_dns_stop(void)
{
	lockdep_assert_held(&fng_control_mutex);
	WRITE_ONCE(relied, false);
	if (!started)
		return;
	unregister_pernet_subsys(&dns_net_ops);
	/* Who is in a hook still is not waited for there. */
	synchronize_net();
	fng_dns_clear();
	started = false;
}
