// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection from locking the operator out. The root cgroup is never bound, nor
 * is one that holds PID 1, the caller or the agent: refused when a policy is
 * loaded or bound, skipped with an event when a template meets it later.
 *
 * Who is skipped for being there could free a cgroup that is guarded by going
 * there. Once the guard is sealed, only where they were by then is skipped.
 */
#include <linux/kernfs.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>

#include "protect.h"
#include "ruleset.h"
#include "seal.h"
#include "subject.h"

static struct pid *init_pid;

/* The agent's process; written under fng_control_mutex, freed by RCU. */
static struct pid __rcu *agent_pid;

/* Where PID 1 and the agent were when the guard was sealed; then set once. */
static struct cgroup *homes[2];

static bool holds(struct cgroup *cgroup, struct pid *pid)
{
	struct task_struct *task;
	bool found;

	rcu_read_lock();
	task = pid ? pid_task(pid, PIDTYPE_PID) : NULL;
	found = task && cgroup_is_descendant(task_dfl_cgroup(task), cgroup);
	rcu_read_unlock();
	return found;
}

static bool holds_agent(struct cgroup *cgroup)
{
	bool found;

	rcu_read_lock();
	found = holds(cgroup, rcu_dereference(agent_pid));
	rcu_read_unlock();
	return found;
}

/**
 * fng_protect_walk() - advance a template automaton over one cgroup's name
 * @image: whose templates
 * @state: state after the parent's name
 * @cgroup: not the root
 *
 * A cgroup of the v2 hierarchy cannot be renamed, and its node lives as long as
 * it does.
 */
u32 fng_protect_walk(const struct fng_image *image, u32 state,
		     struct cgroup *cgroup)
{
	const char *name;

	rcu_read_lock();
	name = rcu_dereference_raw(cgroup->kn->name);
	state = fng_dfa_walk(&image->cgroup, state, "/", 1);
	state = fng_dfa_walk(&image->cgroup, state, name, strlen(name));
	rcu_read_unlock();
	return state;
}

static bool holds_home(struct cgroup *cgroup)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(homes); i++)
		if (homes[i] && cgroup_is_descendant(homes[i], cgroup))
			return true;
	return false;
}

/**
 * fng_protect_holds_vital() - is a cgroup skipped by templates?
 * @cgroup: the cgroup
 *
 * Return: whether it, or one below it, holds PID 1 or the agent, or has held them
 *	when the guard was sealed.
 */
bool fng_protect_holds_vital(struct cgroup *cgroup)
{
	if (fng_sealed())
		return holds_home(cgroup);
	return holds(cgroup, init_pid) || holds_agent(cgroup);
}

/**
 * fng_protect_bind_check() - may this cgroup be bound by the caller?
 * @cgroup: the cgroup
 * @extack: told why not
 */
int fng_protect_bind_check(struct cgroup *cgroup,
			   struct netlink_ext_ack *extack)
{
	if (!cgroup->level) {
		NL_SET_ERR_MSG(extack, "The root cgroup is never bound");
		return -EPERM;
	}
	if (holds(cgroup, init_pid)) {
		NL_SET_ERR_MSG(extack,
			       "The cgroup holds PID 1 and is never bound");
		return -EPERM;
	}
	if (holds(cgroup, task_pid(current))) {
		NL_SET_ERR_MSG(extack,
			       "The cgroup holds the caller, who would lock himself out");
		return -EPERM;
	}
	if (fng_sealed() ? holds_home(cgroup) : holds_agent(cgroup)) {
		NL_SET_ERR_MSG(extack,
			       "The cgroup holds the agent and is never bound");
		return -EPERM;
	}
	return 0;
}

static bool template_holds(const struct fng_image *image, struct cgroup *cgroup)
{
	u32 state = FNG_STATE_START;
	u32 level;

	for (level = 1; level <= cgroup->level; level++) {
		state = fng_protect_walk(image, state,
					 cgroup->ancestors[level]);
		if (fng_cgroup_match(image, state))
			return true;
	}
	return false;
}

static bool template_holds_pid(const struct fng_image *image, struct pid *pid)
{
	struct task_struct *task;
	bool found;

	rcu_read_lock();
	task = pid ? pid_task(pid, PIDTYPE_PID) : NULL;
	found = task && template_holds(image, task_dfl_cgroup(task));
	rcu_read_unlock();
	return found;
}

/* By their names: who is started again is in another cgroup that is called so. */
static bool template_holds_home(const struct fng_image *image)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(homes); i++)
		if (homes[i] && template_holds(image, homes[i]))
			return true;
	return false;
}

static bool template_holds_agent(const struct fng_image *image)
{
	bool found;

	if (fng_sealed())
		return template_holds_home(image);
	rcu_read_lock();
	found = template_holds_pid(image, rcu_dereference(agent_pid));
	rcu_read_unlock();
	return found;
}

/**
 * fng_protect_load_check() - would a policy's templates lock anybody out?
 * @policy: about to be loaded
 * @extack: told whom
 */
int fng_protect_load_check(const struct fng_policy *policy,
			   struct netlink_ext_ack *extack)
{
	const struct fng_image *image = &policy->image;

	if (!fng_policy_has_templates(policy))
		return 0;
	if (template_holds_pid(image, init_pid)) {
		NL_SET_ERR_MSG(extack,
			       "attach.cgroup matches a cgroup that holds PID 1");
		return -EPERM;
	}
	if (template_holds_pid(image, task_pid(current))) {
		NL_SET_ERR_MSG(extack,
			       "attach.cgroup matches a cgroup that holds the caller, who would lock himself out");
		return -EPERM;
	}
	if (template_holds_agent(image)) {
		NL_SET_ERR_MSG(extack,
			       "attach.cgroup matches a cgroup that holds the agent");
		return -EPERM;
	}
	return 0;
}

/**
 * fng_agent_set() - remember who the agent is
 * @pid: its process; a reference is taken
 *
 * What was skipped for the sake of the old one is looked at again.
 *
 * Context: sleeps.
 */
void fng_agent_set(struct pid *pid)
{
	struct pid *old;

	lockdep_assert_held(&fng_control_mutex);
	old = rcu_replace_pointer(agent_pid, get_pid(pid),
				  lockdep_is_held(&fng_control_mutex));
	/* A struct pid is freed with its last reference, without a grace period. */
	synchronize_rcu();
	put_pid(old);
	fng_subject_invalidate(&cgrp_dfl_root.cgrp);
}

/* A reference for good: it is looked at until reboot. */
static struct cgroup *get_cgroup_of(struct pid *pid)
{
	struct task_struct *task;
	struct cgroup *cgroup = NULL;

	rcu_read_lock();
	task = pid ? pid_task(pid, PIDTYPE_PID) : NULL;
	while (task) {
		cgroup = task_dfl_cgroup(task);
		if (cgroup_tryget(cgroup))
			break;
		cpu_relax();
	}
	rcu_read_unlock();
	return cgroup;
}

/* Has an agent ever said that it is one? */
bool fng_agent_declared(void)
{
	return rcu_access_pointer(agent_pid);
}

/* Does the declared agent still run? */
bool fng_agent_alive(void)
{
	struct pid *pid;
	bool alive;

	rcu_read_lock();
	pid = rcu_dereference(agent_pid);
	alive = pid && pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return alive;
}

static void leave_homes(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(homes); i++) {
		if (homes[i])
			cgroup_put(homes[i]);
		homes[i] = NULL;
	}
}

static bool any_template_holds_home(void)
{
	const struct fng_ruleset *ruleset = fng_ruleset_locked();
	u32 i;

	for (i = 0; i < ruleset->nr_templates; i++)
		if (template_holds_home(&ruleset->policies[ruleset->templates[i]]->image))
			return true;
	return false;
}

/**
 * fng_protect_seal() - remember where PID 1 and the agent are
 * @extack: told why the guard cannot be sealed
 *
 * Nobody could let an agent in again that is started anew in a cgroup that a
 * template matches, so there must be none.
 *
 * Context: under fng_control_mutex, before the guard is sealed.
 */
int fng_protect_seal(struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&fng_control_mutex);
	if (fng_agent_declared() && !fng_agent_alive()) {
		NL_SET_ERR_MSG(extack,
			       "The agent has ended; start it again before the guard is sealed");
		return -ESRCH;
	}
	homes[0] = get_cgroup_of(init_pid);
	homes[1] = get_cgroup_of(rcu_dereference_protected(agent_pid, true));
	if (!any_template_holds_home())
		return 0;
	leave_homes();
	NL_SET_ERR_MSG(extack,
		       "attach.cgroup of a loaded policy matches the cgroup of PID 1 or the agent");
	return -EBUSY;
}

int fng_protect_init(void)
{
	rcu_read_lock();
	init_pid = get_pid(find_pid_ns(1, &init_pid_ns));
	rcu_read_unlock();
	return init_pid ? 0 : -ESRCH;
}

void fng_protect_exit(void)
{
	put_pid(init_pid);
	put_pid(rcu_dereference_protected(agent_pid, true));
}
