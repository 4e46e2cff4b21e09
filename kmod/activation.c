// SPDX-License-Identifier: GPL-2.0-only
/*
 * Activations: uses of one cgroup by one function after the other.
 *
 * A pool of warm sandboxes keeps its cgroups. What is remembered of one belongs to
 * the function that used it, so that nothing of it may be left for the next: the
 * state is dropped as that of a cgroup which is gone, and made anew at first sight.
 * Rows of the ledger stay, each with the number of the activation that it counts
 * for; what that was called is kept here.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "activation.h"
#include "binding.h"
#include "event.h"
#include "exemption.h"
#include "recheck.h"
#include "ruleset.h"
#include "seal.h"
#include "subject.h"

#define NAME_CHARACTERS							\
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"	\
	"._:/@+-"

/**
 * struct activation - an activation
 * @rcu: for freeing after the last reader
 * @over: its binding is gone; never taken back
 * @facts: what is known of it
 */
struct activation {
	struct rcu_head rcu;
	bool over;
	struct fng_activation_facts facts;
};

/* By number, the latest FNG_MAX_ACTIVATIONS; written under fng_control_mutex. */
static DEFINE_XARRAY(activations);
static u32 last;

/**
 * fng_activation_describe() - tell of an activation
 * @number: its number; 0 is none
 * @facts: filled
 *
 * Return: false if there was none, or it was forgotten.
 */
bool fng_activation_describe(u32 number, struct fng_activation_facts *facts)
{
	const struct activation *activation;

	if (!number)
		return false;
	rcu_read_lock();
	activation = xa_load(&activations, number);
	if (activation)
		*facts = activation->facts;
	rcu_read_unlock();
	return activation;
}

/**
 * fng_activation_is_over() - can nothing be counted for an activation any more?
 * @number: its number; 0 is none
 *
 * Return: true as well if it was forgotten, being one of so many.
 */
bool fng_activation_is_over(u32 number)
{
	const struct activation *activation;
	bool over;

	if (!number)
		return false;
	rcu_read_lock();
	activation = xa_load(&activations, number);
	over = !activation || READ_ONCE(activation->over);
	rcu_read_unlock();
	return over;
}

/**
 * fng_activation_end() - the binding that an activation has made is gone
 * @number: of the activation; 0 is none
 *
 * Context: under fng_control_mutex, which keeps it from being forgotten.
 */
void fng_activation_end(u32 number)
{
	struct activation *activation = number ? xa_load(&activations, number) :
						 NULL;

	if (activation)
		WRITE_ONCE(activation->over, true);
}

static void forget(u32 number)
{
	struct activation *activation = xa_erase(&activations, number);

	if (activation)
		kfree_rcu(activation, rcu);
}

static int check_name(const char *name, struct netlink_ext_ack *extack)
{
	if (!name)
		return 0;
	if (*name && !name[strspn(name, NAME_CHARACTERS)])
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The name of an activation is 1 to 63 of [A-Za-z0-9._:/@+-]");
	return -EINVAL;
}

/* Makes one known under a number that nothing is counted for yet. */
static int add(u32 number, const char *name, const char *labels)
{
	struct activation *activation;
	int err;

	activation = kzalloc(sizeof(*activation), GFP_KERNEL_ACCOUNT);
	if (!activation)
		return -ENOMEM;
	if (name)
		strscpy(activation->facts.name, name,
			sizeof(activation->facts.name));
	else
		snprintf(activation->facts.name,
			 sizeof(activation->facts.name), "#%u", number);
	strscpy(activation->facts.labels, labels,
		sizeof(activation->facts.labels));
	err = xa_err(xa_store(&activations, number, activation, GFP_KERNEL));
	if (err)
		kfree(activation);
	return err;
}

static void tell(u32 number, u64 cgroup_id, const char *policy)
{
	struct fng_activation_facts facts;
	const struct fng_notice notice = {
		.kind = FNG_EVENT_ACTIVATED,
		.cgroup_id = cgroup_id,
		.policy = policy,
		.version = fng_ruleset_version(policy),
		.labels = facts.labels,
		.activation = number,
	};

	if (fng_activation_describe(number, &facts))
		fng_event_notice(&notice);
}

/* 0 is none; there are too many to be counted twice. */
static u32 after(u32 number)
{
	return number + 1 ?: 1;
}

/**
 * fng_activate() - let another function use a cgroup
 * @cgroup: without tasks, in it and below
 * @policy: name of a loaded policy, which takes the place of those that the cgroup
 *	is bound to explicitly
 * @name: what the host calls it; NULL if it does not
 * @labels: key=value,key=value, or empty
 * @extack: told why not
 *
 * Context: under fng_control_mutex; sleeps.
 * Return: 0, or a negative errno, and nothing has changed.
 */
int fng_activate(struct cgroup *cgroup, const char *policy, const char *name,
		 const char *labels, struct netlink_ext_ack *extack)
{
	u32 number = after(last);
	int err;

	err = fng_seal_admit(extack) ?: check_name(name, extack) ?:
	      add(number, name, labels);
	if (err)
		return err;
	fng_recheck_begin();
	err = fng_binding_activate(cgroup, policy, labels, number, extack);
	if (err) {
		forget(number);
		fng_recheck_start();
		return err;
	}
	fng_subject_reset(cgroup);
	fng_exemption_reset(cgroup);
	fng_recheck_start();
	last = number;
	forget(number - FNG_MAX_ACTIVATIONS);
	tell(number, cgroup_id(cgroup), policy);
	return 0;
}

/* Nobody can activate or tell any more. */
void fng_activation_exit(void)
{
	struct activation *activation;
	unsigned long number;

	xa_for_each(&activations, number, activation)
		kfree(activation);
	xa_destroy(&activations);
}
