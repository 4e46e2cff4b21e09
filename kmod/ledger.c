// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: exact counts of refusals.
 *
 * Of every policy, the sum of its rows and of its other refusals is the sum of
 * its counters; recycling a row moves what it counted and told to the latter.
 */
#include <linux/sched.h>

#include "activation.h"
#include "ledger.h"
#include "place.h"

/* Bumped whenever a row is recycled: a dump that saw it is not consistent. */
static u64 generation = 1;

static atomic64_t denied = ATOMIC64_INIT(0);
static atomic64_t unheard = ATOMIC64_INIT(0);

struct fng_other fng_ledger_other[FNG_NR_VERDICTS];

static struct fng_policy *policy_of(const struct fng_judgement *judgement,
				    u8 policy)
{
	const struct fng_subject *subject = judgement->subject;

	return policy < subject->nr ? subject->policies[policy] : NULL;
}

static void make_key(struct fng_row_key *key,
		     const struct fng_judgement *judgement, u8 policy,
		     u8 verdict)
{
	const struct fng_policy *of = policy_of(judgement, policy);

	memset(key, 0, sizeof(*key));
	key->cgroup_id = judgement->subject->cgroup_id;
	key->policy_id = of ? of->id : 0;
	key->rule = judgement->decisions[policy].rule;
	key->activation = judgement->subject->activation;
	key->class = judgement->decisions[policy].class;
	key->hook = judgement->hook;
	key->verdict = verdict;
	key->entering = judgement->entering;
}

/* Canary tasks are refused to prove that it works; that is not a denial. */
static bool is_canary(const struct fng_row_key *key)
{
	return key->rule == (FNG_RULE_GUARD | FNG_GUARD_CANARY);
}

static void count_other(struct fng_policy *policy, u8 verdict)
{
	struct fng_other *other = policy ? policy->other : fng_ledger_other;

	atomic64_inc(&other[verdict].count);
}

static void count_cgroup(struct fng_cgroup *state, u8 class, bool audit)
{
	if (!state)
		return;
	atomic64_inc(audit && class != FNG_CLASS_SUBJECT ?
		     &state->audited[class] : &state->denied[class]);
}

bool fng_ledger_count(const struct fng_judgement *judgement, u8 policy,
		      bool audit)
{
	struct fng_cgroup *state = judgement->subject->state;
	struct fng_policy *of = policy_of(judgement, policy);
	bool first = policy == fng_judge_first(judgement, audit);
	struct fng_row_key key;
	bool sample;

	make_key(&key, judgement, policy, audit);
	if (of)
		fng_policy_count(&of->counters, key.rule, key.hook);
	count_cgroup(state, key.class, audit);
	if (first && !audit && !is_canary(&key))
		atomic64_inc(&denied);
	if (!fng_row_count(&key, state, first, &sample))
		count_other(of, audit);
	return sample;
}

/**
 * fng_ledger_note() - count something that is no refusal by what is in force
 * @judgement: what was judged; the rule that it is about is in its decisions
 * @policy: whose
 * @verdict: what became of it
 * @wanted: as a sample, and not only in a number
 *
 * Context: any, inside rcu_read_lock().
 * Return: true if a sample is due: then fng_event_noted() must be called.
 */
bool fng_ledger_note(const struct fng_judgement *judgement, u8 policy,
		     enum fng_verdict verdict, bool wanted)
{
	struct fng_row_key key;
	bool sample;

	make_key(&key, judgement, policy, verdict);
	if (!fng_row_count(&key, judgement->subject->state, wanted, &sample))
		count_other(policy_of(judgement, policy), verdict);
	return sample;
}

/**
 * fng_ledger_sampled() - the row for which a sample was promised
 * @judgement: the same as for fng_ledger_count(), or fng_ledger_note()
 * @policy: the root-most that refuses, or the same
 * @verdict: what became of it
 *
 * Return: index of the row, valid until fng_row_settle(); FNG_ROW_NONE if the
 *	caller was not promised one.
 */
u32 fng_ledger_sampled(const struct fng_judgement *judgement, u8 policy,
		       enum fng_verdict verdict)
{
	struct fng_row_key key;

	make_key(&key, judgement, policy, verdict);
	return fng_row_index(&key);
}

/* What a row knew goes to its policy's other refusals, told and untold. */
static void fold(const struct fng_row *row, struct fng_policy *policy)
{
	struct fng_other *other;

	if (is_canary(&row->key))
		return;
	if (row->key.policy_id && (!policy || policy->leaving)) {
		if (fng_verdict_refuses(row->key.verdict))
			atomic64_add(fng_row_untold(row), &unheard);
		return;
	}
	other = policy ? policy->other : fng_ledger_other;
	other += row->key.verdict;
	atomic64_add(row->count, &other->count);
	other->reported += row->reported;
}

/* Frees a row that has nothing to tell, or that is not waited for. */
static bool recycle(u32 index, const struct fng_row *copy,
		    struct fng_policy *policy, bool wait)
{
	if (copy->inflight || (wait && fng_row_untold(copy)))
		return false;
	if (!fng_row_release(index, copy))
		return false;
	fold(copy, policy);
	WRITE_ONCE(generation, generation + 1);
	return true;
}

/* Is there nobody left who could be counted there once more? */
static bool is_over(const struct fng_row_key *key)
{
	return fng_place_is_gone(key->cgroup_id) ||
	       fng_activation_is_over(key->activation);
}

static void sweep_row(u32 index, const bool scarce[FNG_NR_VERDICTS])
{
	struct fng_policy *policy = NULL;
	struct fng_row copy;
	bool pressure;

	if (!fng_row_get(index, &copy))
		return;
	if (copy.key.policy_id)
		policy = fng_policy_find(copy.key.policy_id);
	if (copy.key.policy_id && (!policy || policy->leaving)) {
		if (!recycle(index, &copy, policy, policy) && policy)
			policy->untold = true;
		return;
	}
	pressure = scarce[copy.key.verdict];
	if ((pressure || is_canary(&copy.key)) && is_over(&copy.key))
		recycle(index, &copy, policy, !pressure);
	else if (pressure && !fng_verdict_refuses(copy.key.verdict))
		recycle(index, &copy, policy, true);
}

/**
 * fng_ledger_sweep() - free rows of policies and cgroups that are gone
 *
 * Functions live for less than anybody needs to ask what was refused to them, so
 * rows outlive their cgroups, and activations. Only when the table is nearly full
 * are those of what is over freed, told or not: what they counted goes to their
 * policy's other refusals. The same holds for the share of what is no refusal; there,
 * rows of functions that are still there make room as well once they are told,
 * since without a row nothing is reported. Rows of a leaving policy are freed once
 * everything was told; marks leaving policies for which that is not so yet. So are
 * those of canaries, which nobody asks for.
 *
 * Context: the event worker; sleeps.
 */
void fng_ledger_sweep(void)
{
	bool scarce[FNG_NR_VERDICTS];
	u32 index, verdict;

	for (verdict = 0; verdict < FNG_NR_VERDICTS; verdict++)
		scarce[verdict] = fng_row_scarce(verdict);
	for (index = 0; index < fng_row_total(); index++) {
		sweep_row(index, scarce);
		if (index % 256 == 0)
			cond_resched();
	}
}

/* Changes whenever a row is recycled. */
u64 fng_ledger_gen(void)
{
	return READ_ONCE(generation);
}

/* Accesses that were refused since the module was loaded. */
u64 fng_ledger_denied(void)
{
	return atomic64_read(&denied);
}

/* Refusals of which nobody heard before their policy was gone. */
u64 fng_ledger_unheard(void)
{
	return atomic64_read(&unheard) + fng_policy_given_up();
}

int fng_ledger_init(void)
{
	return fng_row_init();
}

void fng_ledger_exit(void)
{
	fng_row_exit();
}
