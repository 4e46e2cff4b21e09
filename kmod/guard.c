// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard as a whole: arming, proof, canary, state.
 *
 * While hooks are attached the module pins itself. The pin is dropped only if
 * every hook could be detached again.
 */
#include <linux/cgroup.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/workqueue.h>

#include "attach.h"
#include "binding.h"
#include "canary.h"
#include "compat.h"
#include "connection.h"
#include "device.h"
#include "dns.h"
#include "egress.h"
#include "entering.h"
#include "event.h"
#include "exemption.h"
#include "guard.h"
#include "protect.h"
#include "recheck.h"
#include "ruleset.h"
#include "seal.h"
#include "subject.h"
#include "trial.h"

/* How often the canary opens its file, and every how many canaries we collect. */
#define CANARY_PERIOD	HZ
#define COLLECT_EVERY	5

/**
 * struct guard - the guard's state
 * @armed: every hook is attached
 * @proven: every hook has refused a canary task since
 * @canary_failed: the last canary open was not refused
 * @stuck: a hook could not be detached; nothing can be armed again
 * @told: state that was last reported as an event
 *
 * Written under fng_control_mutex, read anywhere.
 */
struct guard {
	bool armed;
	bool proven;
	bool canary_failed;
	bool stuck;
	enum fng_state told;
};

static struct guard guard;

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watch_work, watch);
static unsigned int watch_count;

static enum fng_state state_of(const char **reason)
{
	*reason = "";
	if (READ_ONCE(guard.stuck)) {
		*reason = "a hook could not be detached; reboot";
		return FNG_STATE_DEGRADED;
	}
	if (!READ_ONCE(guard.armed))
		return FNG_STATE_IDLE;
	if (!READ_ONCE(guard.proven)) {
		*reason = "the hooks are attached but not proven; run fnguard arm";
		return FNG_STATE_DEGRADED;
	}
	if (READ_ONCE(guard.canary_failed)) {
		*reason = "a canary open was not refused";
		return FNG_STATE_DEGRADED;
	}
	if (fng_agent_declared() && !fng_agent_alive()) {
		*reason = "the agent is gone";
		return FNG_STATE_UNATTENDED;
	}
	return FNG_STATE_ENFORCING;
}

/**
 * fng_guard_state() - what the guard is doing
 * @reason: filled with why, empty where the state speaks for itself
 *
 * Context: any.
 */
enum fng_state fng_guard_state(char reason[FNG_REASON_SIZE])
{
	const char *why;
	enum fng_state state = state_of(&why);

	strscpy(reason, why, FNG_REASON_SIZE);
	return state;
}

static void tell_state(void)
{
	const char *why;
	struct fng_notice notice = {
		.kind = FNG_EVENT_STATE,
		.state = state_of(&why),
	};

	lockdep_assert_held(&fng_control_mutex);
	if (notice.state == guard.told)
		return;
	guard.told = notice.state;
	notice.reason = why;
	fng_event_notice(&notice);
}

static u32 nr_policies(void)
{
	return rcu_dereference_protected(fng_ruleset,
					 lockdep_is_held(&fng_control_mutex))->nr;
}

/**
 * fng_guard_refresh() - let the hooks judge if there is anything to judge by
 *
 * Called after every change of the ruleset and of the proof. A runtime may have
 * been upgraded since the last.
 * Context: under fng_control_mutex; sleeps.
 */
void fng_guard_refresh(void)
{
	bool active;

	lockdep_assert_held(&fng_control_mutex);
	active = guard.armed && (nr_policies() || fng_canary_cgroup);
	/* Whoever asks could have mounted something over their paths. */
	if (active && !fng_sealed())
		fng_launchers_resolve();
	fng_ruleset_activate(active);
	fng_device_refresh();
	tell_state();
}

static void canary_check(void)
{
	bool failed;

	if (!guard.armed || !fng_ruleset_active())
		return;
	failed = !fng_canary_open_refused();
	if (failed && !guard.canary_failed)
		pr_alert("a canary open was not refused: hooks are not in force\n");
	WRITE_ONCE(guard.canary_failed, failed);
}

static void watch(struct work_struct *work)
{
	mutex_lock(&fng_control_mutex);
	canary_check();
	tell_state();
	fng_exemption_collect();
	fng_trial_collect();
	if (++watch_count % COLLECT_EVERY == 0) {
		fng_binding_collect();
		fng_device_collect();
		fng_subject_collect();
	}
	mutex_unlock(&fng_control_mutex);
	queue_delayed_work(system_long_wq, &watch_work, CANARY_PERIOD);
}

static int attach(struct netlink_ext_ack *extack)
{
	int err;

	err = fng_entering_start();
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "The scheduler's tracepoints could not be followed");
		return err;
	}
	err = fng_attach_all(extack);
	if (err) {
		WRITE_ONCE(guard.stuck, fng_attached());
		goto err_entering;
	}
	fng_connection_start();
	err = fng_egress_start();
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "The netfilter hooks could not be registered");
		goto err_hooks;
	}
	return 0;

err_hooks:
	if (fng_detach_all())
		WRITE_ONCE(guard.stuck, true);
err_entering:
	if (!guard.stuck)
		fng_entering_stop();
	return err;
}

/**
 * fng_guard_attach() - attach all hooks, if they are not yet
 * @extack: told why it failed; then nothing is attached
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_guard_attach(struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&fng_control_mutex);
	if (guard.stuck) {
		NL_SET_ERR_MSG(extack,
			       "A hook could not be detached before; reboot");
		return -EIO;
	}
	if (guard.armed)
		return 0;
	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "The module is being removed");
		return -ENODEV;
	}
	err = attach(extack);
	if (err) {
		if (!guard.stuck)
			module_put(THIS_MODULE);
		return err;
	}
	WRITE_ONCE(guard.armed, true);
	WRITE_ONCE(guard.proven, false);
	WRITE_ONCE(guard.canary_failed, false);
	fng_guard_refresh();
	return 0;
}

/**
 * fng_guard_arm() - attach all hooks and start, or continue, their proof
 * @canary: cgroup whose tasks are refused
 * @hook: enum fng_hook that refuses them, or -1 for all
 * @extack: told why it failed
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_guard_arm(struct cgroup *canary, int hook,
		  struct netlink_ext_ack *extack)
{
	u64 id = cgroup_id(canary);
	int err;

	err = fng_protect_bind_check(canary, extack);
	if (err)
		return err;
	if (fng_cgroup_guarded(canary)) {
		NL_SET_ERR_MSG(extack,
			       "A policy applies to the canary cgroup; use one that is free");
		return -EBUSY;
	}
	err = fng_guard_attach(extack);
	if (err)
		return err;
	fng_canary_select(hook);
	if (fng_canary_cgroup != id) {
		fng_canary_begin(id);
		fng_subject_invalidate(canary);
		fng_guard_refresh();
	}
	return 0;
}

#define MISSED(id, nr, name) \
	[nr] = "The hook " name " did not refuse the canary task",
static const char *const missed[FNG_NR_HOOKS] = { FNG_HOOKS(MISSED) };
#undef MISSED

/**
 * fng_guard_prove() - end the proof and draw the conclusion
 * @extack: told which hook was not reached
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_guard_prove(struct netlink_ext_ack *extack)
{
	unsigned int hook;

	lockdep_assert_held(&fng_control_mutex);
	if (!guard.armed || !fng_canary_cgroup) {
		NL_SET_ERR_MSG(extack, "No proof is running; arm first");
		return -EINVAL;
	}
	fng_canary_end();
	for (hook = 0; hook < FNG_NR_HOOKS; hook++) {
		if (FNG_HOOK_IS_NETDEV(hook) || fng_hook_absent(hook) ||
		    fng_canary_hit(hook))
			continue;
		WRITE_ONCE(guard.proven, false);
		fng_guard_refresh();
		fng_extack_set(extack, missed[hook]);
		return -ENOMSG;
	}
	WRITE_ONCE(guard.proven, true);
	fng_guard_refresh();
	return 0;
}

static void tell_disarmed(const char *reason)
{
	struct fng_notice notice = {
		.kind = FNG_EVENT_STATE,
		.state = FNG_STATE_IDLE,
		.reason = reason,
	};

	pr_notice("disarmed: %s\n", reason);
	guard.told = FNG_STATE_IDLE;
	fng_event_notice(&notice);
}

/**
 * fng_guard_disarm() - drop all policies and bindings and detach all hooks
 * @reason: the operator's, for the event
 * @extack: told why it failed
 *
 * Context: under fng_control_mutex; sleeps for several grace periods.
 */
int fng_guard_disarm(const char *reason, struct netlink_ext_ack *extack)
{
	struct fng_ruleset *empty;
	int err;

	lockdep_assert_held(&fng_control_mutex);
	err = fng_seal_admit(extack);
	if (err)
		return err;
	if (guard.stuck) {
		NL_SET_ERR_MSG(extack,
			       "A hook could not be detached before; reboot");
		return -EIO;
	}
	if (!guard.armed)
		return 0;
	/* What can be refused comes before anything is given up. */
	empty = fng_ruleset_prepare_clear();
	if (!empty) {
		NL_SET_ERR_MSG(extack, "No memory to clear the ruleset");
		return -ENOMEM;
	}
	fng_canary_end();
	fng_trial_clear();
	/* Nobody is to be judged by half of what there was. */
	fng_ruleset_activate(false);
	synchronize_rcu();
	fng_ruleset_publish(empty);
	fng_exemption_clear();
	fng_binding_clear();
	fng_device_clear();
	fng_egress_stop();
	fng_connection_stop();
	fng_recheck_stop();
	fng_dns_stop();
	/* Questions are followed where nobody reads answers, too. */
	fng_dns_clear();
	err = fng_detach_all();
	if (err) {
		WRITE_ONCE(guard.stuck, true);
		NL_SET_ERR_MSG(extack,
			       "A hook could not be detached; the module stays");
		return err;
	}
	fng_entering_stop();
	WRITE_ONCE(guard.armed, false);
	WRITE_ONCE(guard.proven, false);
	tell_disarmed(reason);
	module_put(THIS_MODULE);
	return 0;
}

/**
 * fng_guard_seal() - let what is enforced only be added to, until reboot
 * @certificates: keyring of who may sign policies; taken if this succeeds
 * @extack: told why it failed
 *
 * What is not proven to refuse would be sealed as it is: armed, but for nothing.
 *
 * Context: under fng_control_mutex.
 */
int fng_guard_seal(struct key *certificates, struct netlink_ext_ack *extack)
{
	const struct fng_notice notice = { .kind = FNG_EVENT_SEALED };
	const char *why;
	enum fng_state state = state_of(&why);
	int err;

	if (fng_sealed()) {
		NL_SET_ERR_MSG(extack,
			       FNG_REFUSED_SEALED " already, and so it stays until reboot");
		return -EPERM;
	}
	if (state != FNG_STATE_ENFORCING && state != FNG_STATE_UNATTENDED) {
		NL_SET_ERR_MSG(extack,
			       "Only a guard that is enforcing can be sealed; run fnguard arm");
		return -EINVAL;
	}
	if (fng_canary_cgroup) {
		NL_SET_ERR_MSG(extack,
			       "The hooks are being proven; try again when that is over");
		return -EBUSY;
	}
	err = fng_trial_admit(extack) ?: fng_protect_seal(extack);
	if (err)
		return err;
	fng_seal(certificates);
	/* What is skipped because somebody was there is skipped no more. */
	synchronize_rcu();
	fng_subject_invalidate(&cgrp_dfl_root.cgrp);
	pr_notice("sealed: until reboot, what is enforced can only be added to\n");
	fng_event_notice(&notice);
	return 0;
}

/* Has that hook refused a canary task, in the proof that counts? */
bool fng_hook_proven(enum fng_hook hook)
{
	return READ_ONCE(guard.proven) && fng_canary_hit(hook);
}

/* Does the kernel that this module was built for lack that hook? */
bool fng_hook_absent(enum fng_hook hook)
{
	return hook != FNG_HOOK_LOCAL_OUT && hook != FNG_HOOK_CONTROL &&
	       !fng_attach_has(hook);
}

int fng_guard_init(void)
{
	queue_delayed_work(system_long_wq, &watch_work, CANARY_PERIOD);
	return 0;
}

/**
 * fng_guard_hold_module() - do not let the module go while it is attached
 *
 * It is pinned then, and only removed by force, which takes no notice of that:
 * code that is in use would be freed. Whoever does so waits here for ever, and
 * everything stays as it is.
 *
 * Context: process; sleeps.
 */
void fng_guard_hold_module(void)
{
	while (READ_ONCE(guard.armed) || READ_ONCE(guard.stuck)) {
		pr_alert("armed, and not removed by force\n");
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
	}
}

/* The module is not pinned, so nothing is attached. */
void fng_guard_exit(void)
{
	cancel_delayed_work_sync(&watch_work);
	fng_attach_exit();
}
