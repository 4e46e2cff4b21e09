// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging a destination by every policy that applies.
 *
 * A function talks to few destinations, often. Each CPU remembers which ones all
 * policies of a subject allowed, whatever their number and size; what is refused
 * or audited is always judged anew. The serial number of a subject is never used
 * again, so there is nothing to forget: with any change, the next subject of the
 * cgroup asks under another number.
 */
#include "judge_egress.h"
#include "learn.h"
#include "names.h"

DEFINE_PER_CPU(struct fng_allowed_cache, fng_allowed_cache);

/* What is remembered of a destination that was allowed. */
static struct fng_allowed allowed_of(u64 serial,
				     const struct fng_endpoint *endpoint,
				     unsigned long until)
{
	struct fng_allowed allowed = { .serial = serial, .until = until };
	const size_t size = sizeof(allowed.head);

	static_assert(sizeof(*endpoint) - sizeof(allowed.head) <=
		      sizeof(allowed.tail));
	memcpy(&allowed.head, endpoint, size);
	memcpy(allowed.tail, (const u8 *)endpoint + size,
	       sizeof(*endpoint) - size);
	return allowed;
}

/*
 * What limits say has to be asked each time, and what is observed be looked at:
 * those who only look for whether nothing has to be, see fng_v4_allowed(), do not
 * find it.
 */
static u64 serial_of(const struct fng_subject *subject)
{
	return fng_subject_limits(subject, FNG_CARES_OF_DESTINATIONS) ?
	       ~subject->serial : subject->serial;
}

static struct fng_allowed *slot_of(const struct fng_allowed *allowed)
{
	return fng_allowed_slot(allowed->serial, allowed->head ^
				allowed->tail[0] ^ allowed->tail[1]);
}

/**
 * fng_endpoint_allowed() - is it known that every policy allows a destination?
 * @subject: whose policies
 * @endpoint: destination
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if it has to be judged.
 */
bool fng_endpoint_allowed(const struct fng_subject *subject,
			  const struct fng_endpoint *endpoint)
{
	struct fng_allowed wanted = allowed_of(serial_of(subject), endpoint, 0);
	const struct fng_allowed *slot;
	bool allowed;

	if (!in_task())
		return false;
	preempt_disable();
	slot = slot_of(&wanted);
	allowed = !memcmp(slot, &wanted, offsetof(typeof(wanted), until)) &&
		  time_before(jiffies, slot->until);
	preempt_enable();
	return allowed;
}

/*
 * In a cgroup that proves the hooks, every call has to get there; and so have the
 * questions of one that resolves names.
 */
static bool may_remember(const struct fng_subject *subject,
			 const struct fng_endpoint *endpoint)
{
	return in_task() && subject->serial && endpoint->family &&
	       !subject->canary &&
	       !(fng_subject_resolves(subject) && endpoint->port == FNG_DNS_PORT);
}

static void remember(const struct fng_subject *subject,
		     const struct fng_endpoint *endpoint, unsigned long until)
{
	struct fng_allowed allowed = allowed_of(serial_of(subject), endpoint,
						until);

	if (!may_remember(subject, endpoint))
		return;
	preempt_disable();
	*slot_of(&allowed) = allowed;
	preempt_enable();
}

/* What one policy says; @until is brought forward to when that is to be asked again. */
static void decide(const struct fng_subject *subject, u8 policy,
		   const struct fng_endpoint *endpoint,
		   struct fng_decision *decision, unsigned long *until)
{
	const struct fng_image *image = &subject->policies[policy]->image;

	fng_egress_decide(image, endpoint, decision);
	if (image->nr_hosts && fng_egress_open(image, decision))
		fng_names_decide(subject, policy, endpoint, decision, until);
}

/**
 * fng_endpoint_decide() - what one policy says of a destination
 * @subject: whose policies
 * @policy: index of the policy
 * @endpoint: the destination
 * @decision: the decision
 */
void fng_endpoint_decide(const struct fng_subject *subject, u8 policy,
			 const struct fng_endpoint *endpoint,
			 struct fng_decision *decision)
{
	unsigned long until = jiffies;

	decide(subject, policy, endpoint, decision, &until);
}

/**
 * fng_judge_endpoint() - judge a destination by every policy that applies
 * @judgement: being made
 * @endpoint: destination
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_endpoint(struct fng_judgement *judgement,
			const struct fng_endpoint *endpoint)
{
	const struct fng_subject *subject = judgement->subject;
	unsigned long until = jiffies + FNG_ALLOWED_EVER;
	struct fng_decision decision;
	u8 i;

	if (unlikely(subject->quarantined)) {
		fng_judge_quarantine(judgement, FNG_CLASS_EGRESS);
		return;
	}
	for (i = 0; i < subject->nr; i++) {
		decide(subject, i, endpoint, &decision, &until);
		fng_judge_add(judgement, i, &decision);
	}
	if (!fng_judge_refuses(judgement))
		remember(subject, endpoint, until);
}

/* Is there something else that may be sent to the address? */
static bool is_reachable(const struct fng_subject *subject, u8 policy,
			 const struct fng_endpoint *endpoint)
{
	const struct fng_image *image = &subject->policies[policy]->image;

	return fng_egress_reachable(image, endpoint) ||
	       (image->nr_hosts &&
		fng_names_reachable(subject, policy, endpoint));
}

/**
 * fng_judge_route() - judge the choice of a destination that sends nothing
 * @judgement: being made
 * @endpoint: destination
 *
 * Before they choose between the addresses of a name, libraries find out from
 * which of their own they would be reached, by connecting a datagram socket to
 * some port of each. So an address is refused only if nothing may be sent to it;
 * what is sent is judged for itself.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_route(struct fng_judgement *judgement,
		     const struct fng_endpoint *endpoint)
{
	const struct fng_subject *subject = judgement->subject;
	unsigned long until = jiffies + FNG_ALLOWED_EVER;
	struct fng_decision decision;
	bool certain = true;
	u8 i;

	if (unlikely(subject->quarantined)) {
		fng_judge_quarantine(judgement, FNG_CLASS_EGRESS);
		return;
	}
	for (i = 0; i < subject->nr; i++) {
		decide(subject, i, endpoint, &decision, &until);
		if (decision.refused && is_reachable(subject, i, endpoint))
			certain = false;
		else
			fng_judge_add(judgement, i, &decision);
	}
	if (certain && !fng_judge_refuses(judgement))
		remember(subject, endpoint, until);
}

/**
 * fng_judge_answer() - lift refusals of a datagram that answers
 * @judgement: by the rules of egress, of which some refuse it, or would
 *
 * Where nothing but the default refuses it; what a rule denies stays denied: who
 * calls is who says that he does.
 */
void fng_judge_answer(struct fng_judgement *judgement)
{
	unsigned long refusing = judgement->refused_mask |
				 judgement->audit_mask;
	unsigned int i;

	for_each_set_bit(i, &refusing, FNG_MAX_APPLIED)
		if (fng_egress_open(&judgement->subject->policies[i]->image,
				    &judgement->decisions[i]))
			fng_judge_lift(judgement, i);
}

/**
 * fng_judge_learned() - let those who learn have an answer by the port it is from
 * @judgement: by the rules of egress
 * @served: the port that somebody came to, and its protocol
 *
 * Who comes in is who he says he is, on as many ports as he likes; so a port is
 * what somebody answers from, and an answer nothing that goes out.
 */
void fng_judge_learned(struct fng_judgement *judgement,
		       const struct fng_endpoint *served)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		if (!fng_learns(subject->policies[i], FNG_CLASS_LISTEN))
			continue;
		fng_listen_decide(&subject->policies[i]->image, served->proto,
				  served->port, &decision);
		if (decision.refused)
			fng_learn_endpoint(judgement, i, &decision, served);
		if (fng_learns(subject->policies[i], FNG_CLASS_EGRESS))
			fng_judge_lift(judgement, i);
	}
}

/**
 * fng_endpoint_name() - say by which name a destination is known, in an event
 * @subject: who goes there
 * @object: the destination; gets the name, if there is one
 *
 * Context: any, inside rcu_read_lock(), until which ends the name is valid.
 */
void fng_endpoint_name(const struct fng_subject *subject,
		       struct fng_object *object)
{
	const struct fng_learned *learned;

	learned = fng_names_find(subject->state, &object->endpoint);
	if (!learned)
		return;
	object->name = learned->name;
	object->name_len = learned->len;
}

/**
 * fng_judge_query() - judge a question to a name server
 * @judgement: being made
 * @server: who is asked
 * @question: what is asked; NULL if that cannot be told
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_query(struct fng_judgement *judgement,
		     const struct fng_endpoint *server,
		     const struct fng_dns_question *question)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (fng_learns(subject->policies[i], FNG_CLASS_EGRESS)) {
			fng_learn_question(judgement, i, server, question);
			continue;
		}
		/* No rule allows the name of the root, which is empty. */
		fng_dns_decide(image, question ? question->name : "",
			       question ? question->len : 0, &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_port() - judge by which port others reach somebody
 * @judgement: being made
 * @proto: enum fng_proto
 * @port: the port; 0 for one that the kernel chooses
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_port(struct fng_judgement *judgement, u8 proto, u16 port)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		fng_listen_decide(&subject->policies[i]->image, proto, port,
				  &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_accepted() - judge by which port, or one that the kernel chose
 * @judgement: being made
 * @proto: enum fng_proto
 * @port: the port
 *
 * As fng_judge_port(), but who allows port 0 has nothing against it.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_judge_accepted(struct fng_judgement *judgement, u8 proto, u16 port)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		fng_listen_decide(image, proto, 0, &decision);
		if (!decision.refused)
			continue;
		fng_listen_decide(image, proto, port, &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_traffic() - refuse traffic for a reason of the guard's own
 * @judgement: being made; policies without such rules have nothing against it
 * @class: FNG_CLASS_EGRESS or FNG_CLASS_LIMITS, or FNG_CLASS_LISTEN for what
 *	others send
 * @reason: why
 */
void fng_judge_traffic(struct fng_judgement *judgement, enum fng_class class,
		       enum fng_guard_rule reason)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision = {
		.class = class,
		.rule = FNG_RULE_GUARD | reason,
	};
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image_class *settings =
			&subject->policies[i]->image.classes[class];

		decision.refused = settings->present;
		decision.audit = settings->mode != FNG_MODE_ENFORCE;
		decision.err = settings->err;
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_unread() - refuse what leaves and cannot be read
 * @judgement: being made
 * @reason: why
 *
 * Neither rules on where it goes nor limits on that can allow it.
 */
void fng_judge_unread(struct fng_judgement *judgement,
		      enum fng_guard_rule reason)
{
	fng_judge_traffic(judgement, FNG_CLASS_EGRESS, reason);
	if (fng_subject_limits(judgement->subject, FNG_LIMITS_OF_TRAFFIC))
		fng_judge_traffic(judgement, FNG_CLASS_LIMITS, reason);
}
