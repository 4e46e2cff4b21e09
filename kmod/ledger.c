// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: exact counts of refusals.
 *
 * Of every policy, the sum of its rows and of its other refusals is the sum of
 * its counters; recycling a row moves what it counted and told to the latter.
 */
#include <linux/cgroup.h>
#include <linux/sched.h>

#include "ledger.h"

/* Rows that are checked for a removed cgroup at one sweep. */
#define SWEEP_ROWS	512u

/* Bumped whenever a row is recycled: a dump that saw it is not consistent. */
static u64 generation = 1;

static atomic64_t denied = ATOMIC64_INIT(0);
static atomic64_t unheard = ATOMIC64_INIT(0);

struct fng_other fng_ledger_other[2];

static struct fng_policy *policy_of(const struct fng_judgement *judgement,
				    u8 policy)
{
	const struct fng_subject *subject = judgement->subject;

	return policy < subject->nr ? subject->policies[policy] : NULL;
}

static void make_key(struct fng_row_key *key,
		     const struct fng_judgement *judgement, u8 policy,
		     bool audit)
{
	const struct fng_policy *of = policy_of(judgement, policy);

	memset(key, 0, sizeof(*key));
	key->cgroup_id = judgement->subject->cgroup_id;
	key->policy_id = of ? of->id : 0;
	key->rule = judgement->rule[policy];
	key->class = judgement->class[policy];
	key->hook = judgement->hook;
	key->audit = audit;
}

static u8 first_policy(const struct fng_judgement *judgement, bool audit)
{
	u8 mask = audit ? judgement->audit_mask : judgement->refused_mask;

	return mask ? __ffs(mask) : 0;
}

static void count_other(struct fng_policy *policy, bool audit)
{
	struct fng_other *other = policy ? policy->other : fng_ledger_other;

	atomic64_inc(&other[audit].count);
}

static void count_cgroup(struct fng_cgroup *state, u8 class, bool audit)
{
	if (!state)
		return;
	atomic64_inc(audit ? &state->audited[class] : &state->denied[class]);
}

bool fng_ledger_count(const struct fng_judgement *judgement, u8 policy,
		      bool audit)
{
	struct fng_cgroup *state = judgement->subject->state;
	struct fng_policy *of = policy_of(judgement, policy);
	bool first = policy == first_policy(judgement, audit);
	struct fng_row_key key;
	bool sample;

	make_key(&key, judgement, policy, audit);
	if (of)
		atomic64_inc(fng_policy_counter(of, key.rule, key.hook));
	count_cgroup(state, key.class, audit);
	if (first && !audit)
		atomic64_inc(&denied);
	if (!fng_row_count(&key, state, first, &sample))
		count_other(of, audit);
	return sample;
}

/**
 * fng_ledger_sampled() - the row for which a sample was promised
 * @judgement: the same as for fng_ledger_count()
 * @audit: the same
 *
 * Return: index of the row, valid until fng_row_settle(); FNG_ROW_NONE if the
 *	caller was not promised one.
 */
u32 fng_ledger_sampled(const struct fng_judgement *judgement, bool audit)
{
	struct fng_row_key key;

	make_key(&key, judgement, first_policy(judgement, audit), audit);
	return fng_row_index(&key);
}

static bool is_gone(u64 cgroup_id)
{
	struct cgroup *cgroup = cgroup_get_from_id(cgroup_id);

	if (IS_ERR(cgroup))
		return true;
	cgroup_put(cgroup);
	return false;
}

/* What a row knew goes to its policy's other refusals, told and untold. */
static void fold(const struct fng_row *row, struct fng_policy *policy)
{
	struct fng_other *other;

	if (row->key.policy_id && (!policy || policy->leaving)) {
		atomic64_add(fng_row_untold(row), &unheard);
		return;
	}
	other = policy ? policy->other : fng_ledger_other;
	other += row->key.audit;
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

static bool under_pressure(void)
{
	return fng_row_used() > fng_row_total() - fng_row_total() / 8;
}

static void sweep_row(u32 index, bool check_cgroup)
{
	struct fng_policy *policy = NULL;
	struct fng_row copy;

	if (!fng_row_get(index, &copy))
		return;
	if (copy.key.policy_id)
		policy = fng_policy_find(copy.key.policy_id);
	if (copy.key.policy_id && (!policy || policy->leaving)) {
		if (!recycle(index, &copy, policy, policy) && policy)
			policy->untold = true;
		return;
	}
	if (check_cgroup && is_gone(copy.key.cgroup_id))
		recycle(index, &copy, policy, !under_pressure());
}

/**
 * fng_ledger_sweep() - free rows of policies and cgroups that are gone
 * @leaving: policies are leaving: look at every row, and mark those policies of
 *	which something is still to be told
 *
 * A row is freed once everything it counted was told, or, if the table is nearly
 * full, at once; then the rest is told without the cgroup.
 *
 * Context: the event worker; sleeps.
 */
void fng_ledger_sweep(bool leaving)
{
	static u32 cursor;
	u32 checks = under_pressure() ? fng_row_total() : SWEEP_ROWS;
	u32 nr = leaving ? fng_row_total() : min(checks, fng_row_total());
	u32 i;

	for (i = 0; i < nr; i++) {
		sweep_row(cursor, i < checks);
		if (++cursor == fng_row_total())
			cursor = 0;
		if (i % 64 == 0)
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
	return atomic64_read(&unheard);
}

int fng_ledger_init(void)
{
	return fng_row_init();
}

void fng_ledger_exit(void)
{
	fng_row_exit();
}
