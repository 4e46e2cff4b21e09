// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter on a bound device: what a guest behind it sends, judged by the rules
 * for egress, and what others open towards it, by those for listening.
 *
 * There is no socket, and so no connection that was judged when it opened: every
 * packet of the guest is judged by where it goes. Else one that makes its
 * segments itself could send whatever it likes, to whomever it likes, as if it
 * were answering. An answer is what goes to a peer that was let in, from the port
 * that it came to.
 */
#include <linux/kernel.h>
#include <linux/netfilter_netdev.h>

#include "device.h"
#include "frame.h"
#include "hooks.h"
#include "judge_egress.h"
#include "judge_limit.h"
#include "netdev.h"
#include "netdev_dns.h"
#include "reject.h"

/* How often a guest is told what it is refused. */
#define REJECTS_A_SECOND	100

/* More than a limit allows; nobody is told. Errnos are negative. */
#define OVER_LIMIT	1

/**
 * struct passage - a frame that is being judged
 * @device: where
 * @subject: by which policies
 * @skb: as it came
 * @frame: the frame
 */
struct passage {
	struct fng_device *device;
	const struct fng_subject *subject;
	struct sk_buff *skb;
	struct fng_frame frame;
};

static bool is_known(const struct passage *passage, u8 kind, bool received)
{
	struct fng_flow flow = fng_flow_of(&passage->frame, kind, received);

	return fng_flow_known(passage->device->flows, &flow);
}

static void note(const struct passage *passage, u8 kind, bool received)
{
	struct fng_flow flow = fng_flow_of(&passage->frame, kind, received);

	fng_flow_note(passage->device->flows, &flow);
}

/* What no rule can be about has no address, but for what could be read of it. */
static int conclude(struct fng_judgement *judgement,
		    const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;
	struct fng_object object = { .no_task = true };
	char text[sizeof("ethertype 0xffff")];

	if (frame->packet.endpoint.family) {
		object.kind = FNG_OBJECT_ENDPOINT;
		object.endpoint = frame->packet.endpoint;
	} else {
		object.kind = FNG_OBJECT_NAME;
		object.name_len = scnprintf(text, sizeof(text),
					    "ethertype 0x%04x", frame->type);
		object.name = text;
	}
	if (frame->packet.endpoint.family && fng_judge_refuses(judgement))
		fng_endpoint_name(passage->subject, &object);
	return fng_judge_end(judgement, &object);
}

static enum fng_guard_rule reason_of(const struct passage *passage)
{
	return passage->frame.kind == FNG_FRAME_OTHER ? FNG_GUARD_NOT_IP :
							FNG_GUARD_UNDECIDABLE;
}

static int refuse_frame(struct fng_judgement *judgement,
			const struct passage *passage, enum fng_class class)
{
	fng_judge_traffic(judgement, class, reason_of(passage));
	return conclude(judgement, passage);
}

/* Who gets it may read it otherwise, and it may speak as a name server. */
static int refuse_unread(struct fng_judgement *judgement,
			 const struct passage *passage)
{
	if (passage->frame.kind == FNG_FRAME_ODD && fng_dns_relied())
		fng_judge_guard(judgement, FNG_GUARD_UNDECIDABLE);
	else
		fng_judge_unread(judgement, reason_of(passage));
	return conclude(judgement, passage);
}

/*
 * Does every policy name the port as one to be reached on? Where a section is
 * missing, or only its default allows, anybody may come in, but that opens no way
 * out: it would be one from every port.
 */
static bool is_served(const struct passage *passage, u16 port)
{
	u8 proto = fng_egress_proto(passage->frame.packet.protocol);
	const struct fng_subject *subject = passage->subject;
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++)
		if (!fng_listen_names(&subject->policies[i]->image, proto,
				      port))
			return false;
	return subject->nr;
}

static bool is_answer(const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	if (frame->kind == FNG_FRAME_NEIGHBOUR)
		return is_known(passage, FNG_FLOW_NEIGHBOUR, true);
	return fng_frame_has_ports(frame) && !frame->opens &&
	       is_served(passage, frame->source.port) &&
	       is_known(passage, FNG_FLOW_SERVED, true);
}

/*
 * Is the frame what somebody was told on a port, whether or not one may be reached
 * on it? What tells that there is nobody is no answer.
 */
static bool is_told(const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	return fng_frame_has_ports(frame) && !frame->opens && !frame->resets &&
	       is_known(passage, FNG_FLOW_SERVED, true);
}

static void learn_port(struct fng_judgement *judgement,
		       const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;
	const struct fng_endpoint served = {
		.proto = fng_egress_proto(frame->packet.protocol),
		.port = frame->source.port,
	};

	if (unlikely(passage->subject->learns_ports) && is_told(passage))
		fng_judge_learned(judgement, &served);
}

/* Only the first fragment is judged; those that follow it pass for a while. */
static int judge_later(struct fng_judgement *judgement,
		       const struct passage *passage, u8 kind, bool received)
{
	if (is_known(passage, kind, received))
		return 0;
	return refuse_frame(judgement, passage,
			    received ? FNG_CLASS_EGRESS : FNG_CLASS_LISTEN);
}

/*
 * Others may believe it, if they have asked; so it does not matter what its own
 * policies say.
 */
static bool poses(const struct passage *passage)
{
	return fng_netdev_poses(&passage->frame) && fng_dns_relied() &&
	       !is_answer(passage);
}

static int refuse_to_pose(struct fng_judgement *judgement,
			  const struct passage *passage)
{
	/* Once a rule says that it serves there, it does not pose. */
	learn_port(judgement, passage);
	fng_judge_guard(judgement, FNG_GUARD_POSES);
	return conclude(judgement, passage);
}

static int judge_question(const struct passage *passage)
{
	if (!fng_subject_resolves(passage->subject) ||
	    !fng_netdev_asks(&passage->frame))
		return 0;
	return fng_netdev_ask(passage->skb, passage->device, passage->subject,
			      &passage->frame);
}

static int judge_by_rules(struct fng_judgement *judgement,
			  const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	if (frame->packet.before)
		return judge_later(judgement, passage, FNG_FLOW_FRAGMENTS_OUT,
				   true);
	if (poses(passage))
		return refuse_to_pose(judgement, passage);
	fng_judge_endpoint(judgement, &frame->packet.endpoint);
	learn_port(judgement, passage);
	if (fng_judge_refuses(judgement) && is_answer(passage)) {
		if (fng_frame_is_datagram(frame))
			fng_judge_answer(judgement);
		else if (!(judgement->refused_mask | fng_judge_audits(judgement)))
			judgement->audit_mask = 0;
		else
			return 0;
	}
	return conclude(judgement, passage) ?: judge_question(passage);
}

/* It opens nothing: it goes to somebody who is known, or nowhere. */
static bool goes_on(const struct fng_frame *frame)
{
	return frame->packet.protocol == IPPROTO_TCP && !frame->opens;
}

/* Was it sent something first? Else others could use up all that it may reach. */
static bool responds(const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	if ((goes_on(frame) || fng_frame_responds(frame)) &&
	    is_known(passage, FNG_FLOW_HEARD, true))
		return true;
	return is_answer(passage);
}

/*
 * Whoever is over a limit hears nothing: what he sends again may pass.
 *
 * Return: 0, or OVER_LIMIT.
 */
static noinline int judge_use(const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = frame->packet.endpoint,
		.no_task = true,
	};
	struct fng_use use = {
		.kinds = BIT(FNG_LIMIT_EGRESS) | BIT(FNG_LIMIT_EGRESS_TOTAL),
		.bytes = passage->skb->len,
		.goes_on = goes_on(frame),
		.object = &object,
	};

	if (!object.endpoint.family)
		return 0;
	if (frame->opens)
		use.kinds |= BIT(FNG_LIMIT_CONNECT);
	if (!responds(passage))
		use.kinds |= BIT(FNG_LIMIT_DESTINATIONS);
	return fng_judge_use(passage->subject, FNG_HOOK_NETDEV_INGRESS, &use) ?
	       OVER_LIMIT : 0;
}

/* What the other end says next is expected, and so are fragments that follow. */
static void note_sent(const struct passage *passage)
{
	const struct fng_packet *packet = &passage->frame.packet;

	if (packet->before)
		return;
	if (packet->fragment)
		note(passage, FNG_FLOW_FRAGMENTS_OUT, true);
	if (packet->protocol != IPPROTO_TCP &&
	    packet->endpoint.proto != FNG_PROTO_ICMP)
		note(passage, FNG_FLOW_ASKED, true);
}

/* What only the link is about does not leave it. */
static int judge_received(struct fng_judgement *judgement,
			  const struct passage *passage)
{
	int err;

	switch (passage->frame.kind) {
	case FNG_FRAME_LINK:
		return 0;
	case FNG_FRAME_OTHER:
	case FNG_FRAME_ODD:
		return refuse_unread(judgement, passage);
	}
	err = judge_by_rules(judgement, passage);
	if (!err && fng_subject_limits(passage->subject,
				       FNG_LIMITS_OF_DESTINATIONS))
		err = judge_use(passage);
	if (!err)
		note_sent(passage);
	return err;
}

/*
 * Is the packet no attempt to reach the guest? Without the segment that asks for
 * it, there is no connection to which another could belong.
 */
static bool is_expected(const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	if (frame->packet.protocol == IPPROTO_TCP)
		return !frame->opens;
	return fng_frame_responds(frame) ||
	       is_known(passage, FNG_FLOW_ASKED, false);
}

static int judge_opening(struct fng_judgement *judgement,
			 const struct passage *passage)
{
	const struct fng_endpoint *to = &passage->frame.packet.endpoint;

	/* See fng_judge_learned(). */
	judgement->silent = true;
	fng_judge_port(judgement, to->proto, to->port);
	return conclude(judgement, passage);
}

static int judge_sent_to_guest(struct fng_judgement *judgement,
			       const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;
	bool opens = !is_expected(passage);
	int err = 0;

	if (opens)
		err = judge_opening(judgement, passage);
	if (err)
		return err;
	/* To these nobody responds; and they may be of our own. */
	if (fng_subject_limits(passage->subject, FNG_LIMITS_OF_PACKETS) &&
	    !frame->resets && !fng_frame_responds(frame))
		note(passage, FNG_FLOW_HEARD, false);
	if (frame->packet.fragment)
		note(passage, FNG_FLOW_FRAGMENTS_IN, false);
	/* Nothing comes after a reset; and it may be one of our own. */
	if (fng_subject_resolves(passage->subject) && fng_netdev_speaks(frame))
		fng_netdev_hear(passage->skb, passage->device, frame);
	if (fng_frame_has_ports(frame) && !frame->resets &&
	    ((opens && passage->subject->learns_ports) ||
	     is_served(passage, frame->packet.endpoint.port)))
		note(passage, FNG_FLOW_SERVED, false);
	return 0;
}

static int judge_sent(struct fng_judgement *judgement,
		      const struct passage *passage)
{
	const struct fng_frame *frame = &passage->frame;

	switch (frame->kind) {
	case FNG_FRAME_LINK:
	case FNG_FRAME_NEIGHBOUR:
		if (frame->packet.protocol == IPPROTO_ICMPV6)
			note(passage, FNG_FLOW_NEIGHBOUR, false);
		return 0;
	case FNG_FRAME_OTHER:
	case FNG_FRAME_ODD:
		return refuse_frame(judgement, passage, FNG_CLASS_LISTEN);
	}
	if (frame->packet.before)
		return judge_later(judgement, passage, FNG_FLOW_FRAGMENTS_IN,
				   false);
	return judge_sent_to_guest(judgement, passage);
}

typedef int passage_judge(struct fng_judgement *judgement,
			  const struct passage *passage);

static noinline int judge_passage(const struct passage *passage, u8 hook,
				  passage_judge *judge)
{
	struct fng_judgement judgement __uninitialized;
	int err;

	err = fng_hook_ready(passage->subject, hook);
	if (err)
		return err;
	fng_judge_begin(&judgement, passage->subject, hook);
	return judge(&judgement, passage);
}

static void reject(const struct passage *passage, const struct sk_buff *skb)
{
	const struct fng_frame *frame = &passage->frame;

	struct fng_quota *quota = &passage->device->rejects;

	if (!fng_quota_spent(quota) && !passage->subject->excess &&
	    fng_reject_wanted(skb, frame) &&
	    fng_quota_take(quota, REJECTS_A_SECOND))
		fng_reject_packet(skb, frame);
}

static unsigned int judge_as(const struct passage *passage,
			     const struct sk_buff *skb, u8 hook,
			     passage_judge *judge)
{
	bool received = hook == FNG_HOOK_NETDEV_INGRESS;

	int err = judge_passage(passage, hook, judge);

	if (received && err < 0)
		reject(passage, skb);
	return err ? NF_DROP : NF_ACCEPT;
}

/*
 * What was computed for another ruleset serves until there is memory for more.
 * Apart from the rest, for which the subject would be cleared at every packet.
 */
static noinline unsigned int meet(struct passage *passage,
				  const struct sk_buff *skb, u8 hook,
				  passage_judge *judge)
{
	struct fng_subject scratch;

	fng_device_compute(passage->device, fng_ruleset_current(), &scratch);
	passage->subject = &scratch;
	return judge_as(passage, skb, hook, judge);
}

static unsigned int judge_skb(struct fng_device *device, struct sk_buff *skb,
			      u8 hook,
			      void (*read)(const struct sk_buff *skb,
					   struct fng_frame *frame),
			      passage_judge *judge)
{
	struct passage passage = { .device = device, .skb = skb };
	unsigned int verdict = NF_ACCEPT;

	rcu_read_lock();
	if (fng_ruleset_active()) {
		passage.subject = rcu_dereference(device->subject);
		read(skb, &passage.frame);
		if (likely(passage.subject->gen == READ_ONCE(fng_judged_gen)))
			verdict = judge_as(&passage, skb, hook, judge);
		else
			verdict = meet(&passage, skb, hook, judge);
	}
	rcu_read_unlock();
	return verdict;
}

static unsigned int hook_ingress(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	return judge_skb(priv, skb, FNG_HOOK_NETDEV_INGRESS,
			 fng_frame_read_received, judge_received);
}

static unsigned int hook_egress(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return judge_skb(priv, skb, FNG_HOOK_NETDEV_EGRESS,
			 fng_frame_read_sent, judge_sent);
}

/**
 * fng_netdev_hook() - say how a device is to be hooked
 * @ops: filled in, FNG_NR_DEVICE_HOOKS of them
 * @device: the binding
 * @dev: the device
 *
 * First to see what the guest sends, which another hook might take elsewhere, and
 * last what is sent to it, which one might change.
 */
void fng_netdev_hook(struct nf_hook_ops *ops, struct fng_device *device,
		     struct net_device *dev)
{
	const struct nf_hook_ops hooks[FNG_NR_DEVICE_HOOKS] = {
		{
			.hook = hook_ingress,
			.dev = dev,
			.priv = device,
			.pf = NFPROTO_NETDEV,
			.hooknum = NF_NETDEV_INGRESS,
			.priority = INT_MIN,
		}, {
			.hook = hook_egress,
			.dev = dev,
			.priv = device,
			.pf = NFPROTO_NETDEV,
			.hooknum = NF_NETDEV_EGRESS,
			.priority = INT_MAX,
		},
	};

	memcpy(ops, hooks, sizeof(hooks));
}
