// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what a policy that learns would refuse to the acts that it remembers.
 */
#include <fnguard/hooks.h>

#include "entering.h"
#include "learn.h"

/* A launcher does what no function does; but the program that it starts is one. */
static bool is_launchers(const struct fng_judgement *judgement)
{
	return !judgement->enters && judgement->hook != FNG_HOOK_BPRM_CHECK &&
	       in_task() && fng_entering(current);
}

/**
 * fng_learn_act() - remember an act, if the policy that refuses it learns
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: of that policy, a refusal
 * @act: what was done; its class is set
 *
 * Context: any, inside rcu_read_lock().
 * Return: does it learn? Then the refusal is none.
 */
bool fng_learn_act(const struct fng_judgement *judgement, u8 policy,
		   const struct fng_decision *decision, struct fng_act *act)
{
	const struct fng_policy *learner = judgement->subject->policies[policy];

	if (!fng_learns(learner, decision->class))
		return false;
	act->class = decision->class;
	if (!judgement->silent && !is_launchers(judgement))
		fng_acts_add(learner->acts, act);
	return true;
}

static bool is_fileless(const struct fng_decision *decision,
			const struct fng_name *name)
{
	return decision->class == FNG_CLASS_EXEC &&
	       name->kind != FNG_NAME_PATH &&
	       name->kind != FNG_NAME_UNDECIDABLE;
}

/**
 * fng_learn_named() - the same of what was done with a name
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: of that policy, a refusal
 * @name: the name
 *
 * Return: as fng_learn_act(); false as well if no rule can be about the name.
 */
bool fng_learn_named(const struct fng_judgement *judgement, u8 policy,
		     const struct fng_decision *decision,
		     const struct fng_name *name)
{
	struct fng_act act = {
		.kind = FNG_ACT_NAME,
		.access = decision->access,
		.name = name->text,
		.len = name->len,
	};

	if (is_fileless(decision, name))
		return fng_learn_number(judgement, policy, decision,
					FNG_ACT_FILELESS, 0);
	if (name->kind > FNG_NAME_TMPFILE)
		return false;
	return fng_learn_act(judgement, policy, decision, &act);
}

/**
 * fng_learn_number() - the same of what is only a number
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: of that policy, a refusal
 * @kind: enum fng_act_kind
 * @number: see there
 *
 * Return: as fng_learn_act().
 */
bool fng_learn_number(const struct fng_judgement *judgement, u8 policy,
		      const struct fng_decision *decision,
		      enum fng_act_kind kind, u32 number)
{
	struct fng_act act = { .kind = kind, .number = number };

	return fng_learn_act(judgement, policy, decision, &act);
}

/* What is no refusal, but said by nothing that is refused. */
static void learn_besides(const struct fng_judgement *judgement, u8 policy,
			  u8 class, struct fng_act *act)
{
	const struct fng_decision decision = { .class = class };

	fng_learn_act(judgement, policy, &decision, act);
}

/**
 * fng_learn_move() - remember that a file gets another name, or one more
 * @judgement: being made
 * @policy: index into the subject's policies
 * @move: what becomes what
 *
 * Whoever allows both names has to know that more must not be allowed under the
 * new one.
 */
void fng_learn_move(const struct fng_judgement *judgement, u8 policy,
		    const struct fng_move *move)
{
	struct fng_act act = {
		.kind = FNG_ACT_MOVE,
		.number = move->tree,
		.name = move->from->text,
		.len = move->from->len,
		.target = move->to->text,
		.target_len = move->to->len,
	};

	learn_besides(judgement, policy, FNG_CLASS_FILES, &act);
}

/**
 * fng_learn_question() - remember that a name server is asked
 * @judgement: being made
 * @policy: index into the subject's policies
 * @server: who is asked
 * @question: what it is asked; NULL if that cannot be told
 */
void fng_learn_question(const struct fng_judgement *judgement, u8 policy,
			const struct fng_endpoint *server,
			const struct fng_dns_question *question)
{
	struct fng_act act = { .kind = FNG_ACT_ASK, .endpoint = *server };

	if (question) {
		act.name = question->name;
		act.len = question->len;
	}
	learn_besides(judgement, policy, FNG_CLASS_EGRESS, &act);
}

/* Of who can be reached, the address says nothing. */
static struct fng_act act_of_endpoint(const struct fng_decision *decision,
				      const struct fng_object *object)
{
	struct fng_act act = {
		.kind = FNG_ACT_LISTEN,
		.endpoint.port = object->endpoint.port,
		.endpoint.proto = object->endpoint.proto,
	};

	if (decision->class == FNG_CLASS_LISTEN)
		return act;
	act.kind = FNG_ACT_CONNECT;
	act.endpoint = object->endpoint;
	act.name = object->name;
	act.len = object->name_len;
	return act;
}

/**
 * fng_learn_endpoint() - remember an endpoint, if the policy that refuses it learns
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: of that policy, a refusal
 * @endpoint: where something goes, or where others reach it
 *
 * Return: as fng_learn_act().
 */
bool fng_learn_endpoint(const struct fng_judgement *judgement, u8 policy,
			const struct fng_decision *decision,
			const struct fng_endpoint *endpoint)
{
	const struct fng_object object = { .endpoint = *endpoint };
	struct fng_act act = act_of_endpoint(decision, &object);

	return fng_learn_act(judgement, policy, decision, &act);
}

/* Could a rule on endpoints allow it? The guard itself may have a reason, too. */
static bool is_of_ends(const struct fng_decision *decision)
{
	return (decision->class == FNG_CLASS_EGRESS ||
		decision->class == FNG_CLASS_LISTEN) &&
	       (decision->rule & ~FNG_RULE_INDEX_MASK) != FNG_RULE_GUARD;
}

static struct fng_act act_of(const struct fng_decision *decision,
			     const struct fng_object *object)
{
	if (object->kind == FNG_OBJECT_ENDPOINT && is_of_ends(decision))
		return act_of_endpoint(decision, object);
	return (struct fng_act) {
		.kind = FNG_ACT_OTHER,
		.number = decision->rule,
		.access = decision->access,
		.name = object->name,
		.len = min_t(u32, object->name_len, FNG_MAX_PATH),
	};
}

/*
 * A datagram socket that is connected has sent nothing yet; and many are, only to
 * find out by which address of this machine that would be.
 */
static bool is_only_choice(const struct fng_judgement *judgement,
			   const struct fng_object *object)
{
	return judgement->hook == FNG_HOOK_SOCKET_CONNECT &&
	       object->endpoint.proto == FNG_PROTO_UDP;
}

/**
 * fng_learn_object() - remember what is known at the end of a judgement only
 * @judgement: with all that refuse it
 * @policy: one of those, by index
 * @object: what the access was to
 *
 * Return: as fng_learn_act().
 */
bool fng_learn_object(const struct fng_judgement *judgement, u8 policy,
		      const struct fng_object *object)
{
	const struct fng_decision *decision = &judgement->decisions[policy];
	struct fng_act act = act_of(decision, object);

	if (is_only_choice(judgement, object) || judgement->entering)
		return fng_learns(judgement->subject->policies[policy],
				  decision->class);
	return fng_learn_act(judgement, policy, decision, &act);
}
