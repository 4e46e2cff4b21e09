// SPDX-License-Identifier: GPL-2.0-only
/*
 * What guarded cgroups ask name servers, and what these answer.
 *
 * A question is noted when it leaves, and the answer read before whoever asked can
 * read it: when a function knows an address, so do we, and no race is left for it
 * to win. Nobody in between holds anything up, and nothing depends on the agent.
 *
 * An answer counts if it comes from where the question went to, a resolver of the
 * policy's. That may be an address of the function's own network namespace, which
 * the host has put somebody behind: what a guarded socket in there says itself as
 * a name server is not believed.
 */
#include <linux/netfilter.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/sock.h>

#include "cgroup_state.h"
#include "distrust.h"
#include "dns.h"
#include "dns_tcp.h"
#include "hooks.h"
#include "judge_limit.h"
#include "names.h"
#include "query.h"
#include "ruleset.h"
#include "translate.h"

static bool source_of(const struct sk_buff *skb,
		      const struct fng_packet *packet,
		      struct fng_endpoint *from)
{
	__be16 buffer, *port;

	port = skb_header_pointer(skb, packet->transport, sizeof(buffer),
				  &buffer);
	if (!port)
		return false;
	from->family = packet->endpoint.family;
	from->proto = packet->endpoint.proto;
	from->port = ntohs(*port);
	if (from->family == 4)
		memcpy(from->addr, &ip_hdr(skb)->saddr, 4);
	else
		memcpy(from->addr, &ipv6_hdr(skb)->saddr, 16);
	return true;
}

/* Bytes of the message, as the header of UDP has them; 0 if there are none. */
static u32 message_length(const struct sk_buff *skb, u32 transport)
{
	struct udphdr buffer;
	const struct udphdr *udp;
	u32 left;

	udp = skb_header_pointer(skb, transport, sizeof(buffer), &buffer);
	if (!udp || ntohs(udp->len) < sizeof(*udp))
		return 0;
	left = skb->len - transport - sizeof(*udp);
	return min_t(u32, left, ntohs(udp->len) - sizeof(*udp));
}

/*
 * What lies in pages may be the sender's, who could write something else there
 * before it is sent. What is somebody else's as well cannot be moved.
 */
static bool is_linear(struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) ||
	       (!skb_shared(skb) && !skb_linearize(skb));
}

/**
 * fng_dns_read_question() - read what is asked over UDP
 * @skb: the packet; may be made linear
 * @transport: offset of the transport header
 * @question: filled
 *
 * Segments that the device is left to cut are several questions at once, of which
 * we could read the first.
 *
 * Return: false if it cannot be read.
 */
bool fng_dns_read_question(struct sk_buff *skb, u32 transport,
			   struct fng_dns_question *question)
{
	u32 len = message_length(skb, transport);

	if (skb_is_gso(skb) || !len || len > FNG_DNS_MAX_QUESTION ||
	    !is_linear(skb))
		return false;
	return !fng_dns_question_parse(skb->data + transport +
				       sizeof(struct udphdr), len, false,
				       question);
}

/* Would some policy make use of the answer? Those in force come first. */
static bool is_wanted(const struct fng_subject *subject,
		      const struct fng_endpoint *resolver,
		      const struct fng_dns_question *question, bool *aside)
{
	const struct fng_endpoint plain = fng_names_plain(resolver);
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		*aside = i >= fng_subject_in_force(subject);
		if (fng_learns(subject->policies[i], FNG_CLASS_EGRESS))
			return true;
		if (image->nr_hosts && fng_resolver_known(image, &plain) &&
		    fng_host_find(image, question->name, question->len))
			return true;
	}
	return false;
}

/* A datagram that rules refuse fails like all that are when they leave. */
static int refusal(const struct fng_conversation *between, int err)
{
	return between->server.proto == FNG_PROTO_UDP ? -EPERM : err;
}

/**
 * fng_dns_ask() - may a question be asked? If so, the answer will be believed
 * @asker: who asks
 * @between: the conversation
 * @question: the question; NULL if it cannot be read
 *
 * Context: any, inside rcu_read_lock().
 * Return: 0, or the negative errno of a refusal: for a datagram, of one by a limit
 *	only.
 */
int fng_dns_ask(const struct fng_dns_asker *asker,
		const struct fng_conversation *between,
		const struct fng_dns_question *question)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = between->server,
		.name = question ? question->name : NULL,
		.name_len = question ? question->len : 0,
		.cookie = asker->cookie,
		.no_task = true,
	};
	const struct fng_use use = {
		.kinds = FNG_LIMITS_OF_QUESTIONS,
		.label = question ? fng_label_longest(question->name,
						      question->len) :
				    FNG_LABEL_UNKNOWN,
		.object = &object,
	};
	const struct fng_subject *subject = asker->subject;
	struct fng_judgement judgement __uninitialized;
	bool aside;
	int err;

	fng_judge_begin(&judgement, subject, asker->hook);
	fng_judge_query(&judgement, &between->server, question);
	err = fng_judge_end(&judgement, &object);
	if (err)
		return refusal(between, err);
	if (fng_subject_limits(subject, FNG_LIMITS_OF_QUESTIONS))
		err = fng_judge_use(subject, asker->hook, &use);
	if (!err && question &&
	    is_wanted(subject, &between->server, question, &aside))
		fng_query_add(between, subject->cgroup_id, question, aside);
	return err;
}

static bool is_own_address(struct net *net, const struct fng_endpoint *addr)
{
	struct in6_addr six;
	__be32 four;

	if (addr->family == 4) {
		memcpy(&four, addr->addr, sizeof(four));
		return inet_addr_type(net, four) == RTN_LOCAL;
	}
	memcpy(&six, addr->addr, sizeof(six));
	return ipv6_chk_addr(net, &six, NULL, 0);
}

/*
 * Whose name it speaks in is not its own. That is others' concern, whatever its own
 * policies say.
 */
static int refuse_to_pose(const struct fng_subject *subject,
			  const struct sock *sk,
			  const struct fng_conversation *between)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = between->server,
		.cookie = atomic64_read(&sk->sk_cookie),
		.no_task = true,
	};
	struct fng_judgement judgement __uninitialized;

	fng_judge_begin(&judgement, subject, FNG_HOOK_LOCAL_OUT);
	fng_judge_guard(&judgement, FNG_GUARD_POSES);
	return fng_judge_end(&judgement, &object);
}

/* A guarded task speaks as from a name server: as which, to those who ask it? */
static int distrust(const struct sk_buff *skb, const struct sock *sk,
		    const struct fng_subject *subject,
		    const struct fng_conversation *between)
{
	const struct nf_conn *ct = fng_translation_dns(skb);
	struct fng_endpoint server = between->client;

	if (between->client.port == FNG_DNS_PORT &&
	    !is_own_address(sock_net(sk), &between->client))
		return refuse_to_pose(subject, sk, between);
	if (ct && fng_translation_answers(skb))
		server = fng_translation_original(ct, &between->client);
	if (server.port != FNG_DNS_PORT ||
	    fng_distrust_add(between->net, &server))
		return 0;
	return -ENOMEM;
}

static int send_message(struct sk_buff *skb, const struct sock *sk,
			const struct fng_subject *subject, u32 transport,
			const struct fng_conversation *between)
{
	struct fng_dns_question question __uninitialized;
	const struct fng_dns_asker asker = {
		.subject = subject,
		.hook = FNG_HOOK_LOCAL_OUT,
		.cookie = atomic64_read(&sk->sk_cookie),
	};
	bool readable = fng_dns_read_question(skb, transport, &question);

	return fng_dns_ask(&asker, between, readable ? &question : NULL);
}

/* Following connections takes something of each, and of their order. */
static int send_segment(struct sk_buff *skb, const struct sock *sk,
			const struct fng_subject *subject,
			const struct fng_packet *packet,
			const struct fng_conversation *between)
{
	if (!subject->resolves)
		return 0;
	return fng_dns_tcp_send(skb, sk, subject, packet->transport, between);
}

/**
 * fng_dns_sent() - a packet of a guarded cgroup, to a name server or as from one
 * @skb: the packet, which may go where it goes
 * @sk: its socket
 * @subject: the cgroup's
 * @packet: what was read of @skb
 *
 * Return: 0, or the negative errno of a refusal, as fng_dns_ask().
 */
noinline int fng_dns_sent(struct sk_buff *skb, const struct sock *sk,
			  const struct fng_subject *subject,
			  const struct fng_packet *packet)
{
	struct fng_conversation between = {
		.net = sock_net(sk)->net_cookie,
		.server = packet->endpoint,
	};
	int err;

	if (!source_of(skb, packet, &between.client))
		return 0;
	err = distrust(skb, sk, subject, &between);
	if (err)
		return refusal(&between, err);
	if (!fng_subject_resolves(subject) ||
	    between.server.port != FNG_DNS_PORT)
		return 0;
	if (packet->endpoint.proto == FNG_PROTO_TCP)
		return send_segment(skb, sk, subject, packet, &between);
	return send_message(skb, sk, subject, packet->transport, &between);
}

/**
 * struct answer - an answer while it is read
 * @state: of the cgroup that asked
 * @question: what it asked
 * @resolver: who answers
 * @aside: only candidates have asked
 */
struct answer {
	struct fng_cgroup *state;
	const struct fng_dns_question *question;
	const struct fng_endpoint *resolver;
	bool aside;
};

static void learn(void *data, const struct fng_dns_address *address)
{
	const struct answer *answer = data;

	fng_names_learn(answer->state, answer->question, answer->resolver,
			address, answer->aside);
}

/**
 * fng_dns_read() - learn what an answer says, if somebody has asked
 * @message: what may be one
 * @len: bytes of it
 * @between: the conversation
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_dns_read(const u8 *message, u32 len,
		  const struct fng_conversation *between)
{
	struct fng_dns_question question __uninitialized;
	struct answer answer = {
		.question = &question,
		.resolver = &between->server,
	};
	u64 cgroup_id;

	if (fng_dns_question_parse(message, len, true, &question) ||
	    !fng_query_take(between, &question, &cgroup_id, &answer.aside))
		return;
	answer.state = fng_cgroup_state_find(cgroup_id);
	if (answer.state)
		fng_dns_answer_parse(message, len, &question, learn, &answer);
}

/**
 * fng_dns_receive() - learn what a datagram says, if it answers somebody
 * @skb: the packet; may be made linear
 * @transport: offset of the transport header
 * @between: the conversation
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_dns_receive(struct sk_buff *skb, u32 transport,
		     const struct fng_conversation *between)
{
	u32 len = message_length(skb, transport);

	if (len && !skb_is_gso(skb) && is_linear(skb))
		fng_dns_read(skb->data + transport + sizeof(struct udphdr),
			     len, between);
}

/* In IPv4, a datagram may have no checksum. */
static bool is_broken(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct fng_packet *packet)
{
	struct udphdr buffer;
	const struct udphdr *udp;

	if (packet->endpoint.family == 4 &&
	    packet->endpoint.proto == FNG_PROTO_UDP) {
		udp = skb_header_pointer(skb, packet->transport, sizeof(buffer),
					 &buffer);
		if (udp && !udp->check)
			return false;
	}
	return nf_checksum(skb, state->hook, packet->transport,
			   packet->protocol, state->pf);
}

/*
 * Whatever else is wrong with it, it is for the socket to refuse. Only what TCP
 * has to bring once more is not let through to it.
 */
static unsigned int receive(struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    const struct fng_packet *packet)
{
	struct fng_conversation between = {
		.net = state->net->net_cookie,
		.client = packet->endpoint,
	};

	if (!fng_dns_concerns(skb, packet) ||
	    !source_of(skb, packet, &between.server) ||
	    is_broken(skb, state, packet))
		return NF_ACCEPT;
	if (packet->endpoint.proto == FNG_PROTO_UDP)
		fng_dns_receive(skb, packet->transport, &between);
	else if (!fng_dns_tcp_receive(skb, packet->transport, &between))
		return NF_DROP;
	return NF_ACCEPT;
}

/* A packet that seems to be from a name server was received; for LOCAL_IN. */
unsigned int fng_dns_receive_v4(struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct fng_packet packet = {};

	if (!fng_packet_read_v4(skb, skb_network_offset(skb), &packet))
		return NF_ACCEPT;
	return receive(skb, state, &packet);
}

/* The same, or it is not plain where that would be told by. */
unsigned int fng_dns_receive_v6(struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct fng_packet packet = {};

	if (!fng_packet_read_v6(skb, skb_network_offset(skb), &packet))
		return NF_ACCEPT;
	return receive(skb, state, &packet);
}
