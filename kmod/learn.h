/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From what a policy that learns would refuse to the acts that it remembers.
 *
 * Such a policy refuses what one that audits would; but it tells nobody, counts
 * nothing and remembers instead what was done. So who does not learn pays nothing
 * for it: only what is refused comes here.
 */
#ifndef FNGUARD_KMOD_LEARN_H
#define FNGUARD_KMOD_LEARN_H

#include "act.h"
#include "engine/dns.h"
#include "judge_path.h"

bool fng_learn_act(const struct fng_judgement *judgement, u8 policy,
		   const struct fng_decision *decision, struct fng_act *act);
bool fng_learn_named(const struct fng_judgement *judgement, u8 policy,
		     const struct fng_decision *decision,
		     const struct fng_name *name);
bool fng_learn_number(const struct fng_judgement *judgement, u8 policy,
		      const struct fng_decision *decision,
		      enum fng_act_kind kind, u32 number);
void fng_learn_move(const struct fng_judgement *judgement, u8 policy,
		    const struct fng_move *move);
void fng_learn_question(const struct fng_judgement *judgement, u8 policy,
			const struct fng_endpoint *server,
			const struct fng_dns_question *question);
bool fng_learn_endpoint(const struct fng_judgement *judgement, u8 policy,
			const struct fng_decision *decision,
			const struct fng_endpoint *endpoint);
bool fng_learn_object(const struct fng_judgement *judgement, u8 policy,
		      const struct fng_object *object);

/**
 * fng_judge_add_named() - fng_judge_add() of a decision on a name
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: what it says
 * @name: of what
 */
static __always_inline void
fng_judge_add_named(struct fng_judgement *judgement, u8 policy,
		    const struct fng_decision *decision,
		    const struct fng_name *name)
{
	if (likely(!decision->refused) ||
	    fng_learn_named(judgement, policy, decision, name))
		return;
	if (fng_judge_add(judgement, policy, decision))
		judgement->names[policy] = name;
}

/**
 * fng_judge_add_number() - the same of a decision on what is only a number
 * @judgement: being made
 * @policy: index into the subject's policies
 * @decision: what it says
 * @kind: enum fng_act_kind
 * @number: see there
 */
static __always_inline void
fng_judge_add_number(struct fng_judgement *judgement, u8 policy,
		     const struct fng_decision *decision,
		     enum fng_act_kind kind, u32 number)
{
	if (likely(!decision->refused) ||
	    fng_learn_number(judgement, policy, decision, kind, number))
		return;
	fng_judge_add(judgement, policy, decision);
}

#endif /* FNGUARD_KMOD_LEARN_H */
