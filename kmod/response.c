// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows a refusal: who is refused is killed, or the cgroup comes into
 * quarantine.
 *
 * A hook may run under any lock. So the signal is sent by an irq_work of this CPU:
 * it comes as soon as interrupts are enabled, while the task is still here, and
 * what it needs is never held there, since locks of signals and of the scheduler
 * are only held with interrupts disabled.
 */
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include <fnguard/hooks.h>

#include "entering.h"
#include "event.h"
#include "recheck.h"
#include "response.h"
#include "ruleset.h"
#include "seal.h"

/**
 * struct victim - who is to be killed on a CPU
 * @work: kills
 * @pid: of the process, with a reference; NULL if nobody is
 */
struct victim {
	struct irq_work work;
	struct pid *pid;
};

static void strike(struct irq_work *work)
{
	struct victim *victim = container_of(work, struct victim, work);
	struct pid *pid = xchg(&victim->pid, NULL);

	if (!pid)
		return;
	kill_pid(pid, SIGKILL, 1);
	put_pid(pid);
}

static DEFINE_PER_CPU(struct victim, victims);

static atomic64_t kills = ATOMIC64_INIT(0);

/* Processes that were killed since the module was loaded. */
u64 fng_response_kills(void)
{
	return atomic64_read(&kills);
}

/* If somebody is to be killed here already, interrupts are disabled: it is us. */
static bool kill_current(void)
{
	struct pid *pid = get_pid(task_tgid(current));
	struct victim *victim;
	bool taken;

	preempt_disable();
	victim = this_cpu_ptr(&victims);
	taken = !cmpxchg(&victim->pid, NULL, pid);
	if (taken)
		irq_work_queue(&victim->work);
	preempt_enable();
	if (!taken)
		put_pid(pid);
	return taken;
}

/* What others pass is their doing, and not of who receives it. */
static bool is_others(const struct fng_judgement *judgement)
{
	return judgement->hook == FNG_HOOK_FILE_RECEIVE;
}

/**
 * fng_response_kill() - kill who is refused something, if a policy says so
 * @judgement: with refusals that are enforced, of what current does
 *
 * Whoever sets the function up is not the function, and neither is the kernel, nor
 * the process without which it stops.
 *
 * Return: true if it was not about to die already.
 */
bool fng_response_kill(const struct fng_judgement *judgement)
{
	if (!(judgement->capital_mask & judgement->refused_mask) ||
	    is_others(judgement) || fng_entering(current) ||
	    current->flags & PF_KTHREAD || is_global_init(current) ||
	    fatal_signal_pending(current) || !kill_current())
		return false;
	atomic64_inc(&kills);
	return true;
}

static void isolate(const struct fng_subject *subject,
		    const struct fng_policy *policy)
{
	const struct fng_image_meta *meta = policy->image.meta;
	char reason[48];
	const struct fng_notice notice = {
		.kind = FNG_EVENT_QUARANTINED,
		.cgroup_id = subject->cgroup_id,
		.policy = fng_policy_name(policy),
		.version = meta->version,
		.reason = reason,
	};

	if (!fng_subject_change(subject->cgroup_id,
				fng_cgroup_state_quarantine, NULL))
		return;
	snprintf(reason, sizeof(reason), "%u denials in %u s",
		 meta->quarantine, meta->quarantine_time);
	fng_event_notice(&notice);
	fng_recheck_wake();
}

/*
 * What the guard refuses for itself says nothing of the function, unless it was made
 * so that nobody can tell what it is; and packets over a rate are sent again.
 */
static bool is_evidence(const struct fng_decision *decision,
			const struct fng_object *object)
{
	switch (decision->class) {
	case FNG_CLASS_SUBJECT:
		return false;
	case FNG_CLASS_LIMITS:
		return !object->no_task;
	default:
		return (decision->rule & ~FNG_RULE_INDEX_MASK) !=
		       FNG_RULE_GUARD ||
		       decision->rule == (FNG_RULE_GUARD |
					  FNG_GUARD_UNDECIDABLE);
	}
}

static bool is_one_too_many(const struct fng_judgement *judgement, u8 policy,
			    const struct fng_object *object)
{
	const struct fng_subject *subject = judgement->subject;
	const struct fng_image_meta *meta = subject->policies[policy]->image.meta;

	return meta->quarantine && subject->usages[policy] &&
	       is_evidence(&judgement->decisions[policy], object) &&
	       fng_usage_denied(subject->usages[policy], meta->quarantine,
				meta->quarantine_time * NSEC_PER_SEC);
}

/**
 * fng_response_count() - count a refusal towards quarantine
 * @judgement: with refusals that are enforced
 * @object: what the access was to
 *
 * Each policy that refuses counts for itself. Whoever is entering is not the
 * function.
 */
void fng_response_count(const struct fng_judgement *judgement,
			const struct fng_object *object)
{
	const struct fng_subject *subject = judgement->subject;
	unsigned long refusing = judgement->refused_mask;
	unsigned int i;

	if (!subject->state || READ_ONCE(subject->state->quarantined) ||
	    fng_id_is_device(subject->cgroup_id) || judgement->entering ||
	    is_others(judgement))
		return;
	for_each_set_bit(i, &refusing, subject->nr)
		if (is_one_too_many(judgement, i, object))
			isolate(subject, subject->policies[i]);
}

/**
 * fng_response_release() - let a cgroup out of quarantine
 * @cgroup_id: the cgroup
 * @extack: told why not
 *
 * What was counted is forgotten, or the next denial would be one too many.
 *
 * Context: under fng_control_mutex.
 */
int fng_response_release(u64 cgroup_id, struct netlink_ext_ack *extack)
{
	const struct fng_notice notice = {
		.kind = FNG_EVENT_RELEASED,
		.cgroup_id = cgroup_id,
	};
	bool released;
	int err;

	err = fng_seal_admit(extack);
	if (err)
		return err;
	rcu_read_lock();
	released = fng_subject_change(cgroup_id, fng_cgroup_state_release,
				      NULL);
	rcu_read_unlock();
	if (!released) {
		NL_SET_ERR_MSG(extack, "The cgroup is not in quarantine");
		return -ENOENT;
	}
	fng_event_notice(&notice);
	return 0;
}

/* What a module has for each CPU cannot be initialised with addresses. */
void fng_response_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		init_irq_work(&per_cpu_ptr(&victims, cpu)->work, strike);
}

/* No hook can run any more, and no command can arrive. */
void fng_response_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		irq_work_sync(&per_cpu_ptr(&victims, cpu)->work);
}
