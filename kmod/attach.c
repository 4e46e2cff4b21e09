// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching to kernel functions through ftrace.
 *
 * The flags are those of live patching. IPMODIFY lets a callback redirect the
 * call and excludes a second redirector; PERMANENT keeps the hooks when
 * kernel.ftrace_enabled is cleared, and makes registration fail if it already
 * is, where without it registration would succeed and hook nothing.
 *
 * Leaving is safe because nothing wraps the hooked function: a callback decides
 * and returns, and a refused call runs a leaf stub. unregister_ftrace_function()
 * waits until every task that was in the callback or its trampoline has passed a
 * voluntary switch, which also covers the stub. A task may be preempted there
 * but never sleeps there. If an unregistration fails, the module stays pinned
 * for good: its text may still be called.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "attach.h"
#include "dispatch.h"
#include "hook_table.h"
#include "ruleset.h"
#include "stubs.h"
#include "symbol.h"

#ifndef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#error "fnguard needs CONFIG_DYNAMIC_FTRACE_WITH_ARGS"
#endif

/* A BPF trampoline that is being changed answers EAGAIN for milliseconds. */
#define ATTACH_TRIES	100

/* Address of the stub for a negative errno, 0 if there is none. */
static unsigned long stub_of(int err)
{
	switch (-err) {
#define STUB_CASE(name) case name: return (unsigned long)fng_stub_##name;
	FNG_ERRNOS(STUB_CASE)
#undef STUB_CASE
	default:
		return 0;
	}
}

/**
 * fng_attach_errno_known() - is there a stub for this errno?
 * @err: negative errno
 */
bool fng_attach_errno_known(int err)
{
	return stub_of(err);
}

/**
 * fng_attach_refuse() - make the hooked call return an errno
 * @regs: registers of the hooked call
 * @err: negative errno; one without a stub becomes EPERM
 *
 * Only the instruction pointer is changed, see stubs.S.
 */
void notrace fng_attach_refuse(struct pt_regs *regs, int err)
{
	regs->ip = stub_of(err) ?: stub_of(-EPERM);
}

/* The hooked functions, by the index of their hook; under fng_control_mutex. */
static struct fng_symbol *functions;

/* In messages, where it is not known which of them. */
static const char shared_functions[] = "one of the functions hooked together";

static struct ftrace_ops *ops_of(const struct fng_hook_entry *hook)
{
	return hook->ops ?: &fng_dispatch_ops;
}

static bool registered(const struct ftrace_ops *ops)
{
	return ops->flags & FTRACE_OPS_FL_ENABLED;
}

static int attach(struct ftrace_ops *ops)
{
	int tries, err;

	if (registered(ops))
		return 0;
	for (tries = 0; tries < ATTACH_TRIES; tries++) {
		err = register_ftrace_function(ops);
		if (err != -EAGAIN)
			break;
		usleep_range(1000, 2000);
	}
	return err;
}

static int detach(struct ftrace_ops *ops, const char *what)
{
	int err;

	if (!registered(ops))
		return 0;
	err = unregister_ftrace_function(ops);
	if (err)
		pr_err("still attached to %s: %d\n", what, err);
	return err;
}

static void explain(const char *what, int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EBUSY:
		pr_err("%s is held by a live patch or another guard, or kernel.ftrace_enabled is 0\n",
		       what);
		NL_SET_ERR_MSG(extack,
			       "A hook is held by a live patch or another guard, or kernel.ftrace_enabled is 0; see the kernel log");
		break;
	case -ENOENT:
	case -EINVAL:
		pr_err("%s cannot be traced on this kernel\n", what);
		NL_SET_ERR_MSG(extack,
			       "This kernel lacks a function that must be hooked; see the kernel log");
		break;
	default:
		pr_err("cannot attach to %s: %d\n", what, err);
		NL_SET_ERR_MSG(extack,
			       "A hook could not be attached; see the kernel log");
	}
}

static void probe_callback(unsigned long ip, unsigned long parent_ip,
			   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

/* Attached to one function after the other to see which of them is the one. */
static FNG_ATTACH_OPS(probe, probe_callback);

static bool obstructed(const struct fng_symbol *function)
{
	int err;

	err = ftrace_set_filter_ip(&probe, function->entry, 0, true) ?:
		      attach(&probe);
	detach(&probe, function->name);
	return err;
}

/* Of several functions that are registered together, ftrace does not say. */
static const char *shared_obstacle(void)
{
	const struct fng_hook_entry *hook;
	unsigned int i;

	fng_for_each_hook(hook, i)
		if (!hook->ops && obstructed(&functions[i]))
			return hook->function;
	return shared_functions;
}

static int find_functions(struct netlink_ext_ack *extack)
{
	const struct fng_hook_entry *hook;
	unsigned int i, nr = 0;
	int err;

	fng_for_each_hook(hook, i)
		nr++;
	functions = kcalloc(nr, sizeof(*functions), GFP_KERNEL);
	if (!functions)
		return -ENOMEM;
	fng_for_each_hook(hook, i)
		functions[i].name = hook->function;
	err = fng_symbol_find_all(functions, nr);
	if (!err)
		return 0;
	for (i = 0; functions[i].entry; i++)
		;
	explain(err == -ENOMEM ? shared_functions : functions[i].name, err,
		extack);
	kfree(functions);
	functions = NULL;
	return err;
}

static int set_filter(const struct fng_hook_entry *hook,
		      const struct fng_symbol *function, bool first)
{
	int err = ftrace_set_filter_ip(ops_of(hook), function->entry, 0, first);

	if (!err && !hook->ops)
		fng_dispatch_add(function->entry, hook->judge);
	return err;
}

/*
 * Until Linux 6.12 at least, ftrace_free_filter() leaves the freed hashes in the
 * ops, so filters are set once, and stay.
 */
static int set_filters(struct netlink_ext_ack *extack)
{
	static bool done;
	const struct fng_hook_entry *hook;
	bool shared = false;
	unsigned int i;
	int err;

	if (done)
		return 0;
	err = functions ? 0 : find_functions(extack);
	if (err)
		return err;
	fng_for_each_hook(hook, i) {
		err = set_filter(hook, &functions[i], hook->ops || !shared);
		if (err) {
			explain(hook->function, err, extack);
			return err;
		}
		shared |= !hook->ops;
	}
	done = true;
	return 0;
}

static int attach_shared(struct netlink_ext_ack *extack)
{
	int err = attach(&fng_dispatch_ops);

	if (err)
		explain(err == -EBUSY ? shared_obstacle() : shared_functions,
			err, extack);
	return err;
}

static int attach_own(const struct fng_hook_entry *hook,
		      struct netlink_ext_ack *extack)
{
	int err = attach(hook->ops);

	if (err)
		explain(hook->function, err, extack);
	return err;
}

/**
 * fng_attach_all() - attach every hook, or none
 * @extack: told which kind of obstacle there was
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_attach_all(struct netlink_ext_ack *extack)
{
	const struct fng_hook_entry *hook;
	unsigned int i;
	int err;

	err = set_filters(extack) ?: attach_shared(extack);
	fng_for_each_hook(hook, i)
		if (!err && hook->ops)
			err = attach_own(hook, extack);
	if (err)
		fng_detach_all();
	return err;
}

/**
 * fng_detach_all() - detach every hook that is attached
 *
 * Context: under fng_control_mutex; sleeps for several grace periods.
 * Return: 0, or the first error; hooks that failed stay attached.
 */
int fng_detach_all(void)
{
	int first = detach(&fng_dispatch_ops, shared_functions);
	const struct fng_hook_entry *hook;
	unsigned int i;
	int err;

	fng_for_each_hook(hook, i) {
		err = hook->ops ? detach(hook->ops, hook->function) : 0;
		first = first ?: err;
	}
	return first;
}

/**
 * fng_attach_exit() - free what attaching left behind
 *
 * Context: nothing is attached, and nothing will be.
 */
void fng_attach_exit(void)
{
	const struct fng_hook_entry *hook;
	unsigned int i;

	fng_for_each_hook(hook, i)
		if (hook->ops)
			ftrace_free_filter(hook->ops);
	ftrace_free_filter(&fng_dispatch_ops);
	ftrace_free_filter(&probe);
	kfree(functions);
}

/* Is any hook attached? */
bool fng_attached(void)
{
	const struct fng_hook_entry *hook;
	unsigned int i;

	if (registered(&probe) || registered(&fng_dispatch_ops))
		return true;
	fng_for_each_hook(hook, i)
		if (hook->ops && registered(hook->ops))
			return true;
	return false;
}

/**
 * fng_attach_has() - does this build hook that function at all?
 * @id: enum fng_hook
 */
bool fng_attach_has(u8 id)
{
	const struct fng_hook_entry *hook;
	unsigned int i;

	fng_for_each_hook(hook, i)
		if (hook->id == id)
			return true;
	return false;
}
