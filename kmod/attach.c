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
#include <linux/string.h>

#include "attach.h"
#include "ruleset.h"
#include "stubs.h"

#ifndef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#error "fnguard needs CONFIG_DYNAMIC_FTRACE_WITH_ARGS"
#endif

/* A BPF trampoline that is being changed answers EAGAIN for milliseconds. */
#define ATTACH_TRIES	100

DEFINE_STATIC_KEY_FALSE(fng_attach_key);

static const struct fng_hook_group *const groups[] = {
	&fng_hooks_exec,
	&fng_hooks_file,
	&fng_hooks_tree,
	&fng_hooks_socket,
	&fng_hooks_floor,
	&fng_hooks_cgroup,
};

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

static int attach(struct fng_attachment *hook)
{
	char name[KSYM_NAME_LEN];
	int tries, err;

	strscpy(name, hook->function, sizeof(name));
	err = ftrace_set_filter(&hook->ops, name, strlen(name), 1);
	if (err)
		return err;
	for (tries = 0; tries < ATTACH_TRIES; tries++) {
		err = register_ftrace_function(&hook->ops);
		if (err != -EAGAIN)
			break;
		usleep_range(1000, 2000);
	}
	hook->attached = !err;
	return err;
}

static int detach(struct fng_attachment *hook)
{
	int err;

	if (!hook->attached)
		return 0;
	err = unregister_ftrace_function(&hook->ops);
	if (err) {
		pr_err("cannot detach from %s: %d\n", hook->function, err);
		return err;
	}
	hook->attached = false;
	return 0;
}

static void explain(const struct fng_attachment *hook, int err,
		    struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EBUSY:
		pr_err("%s is held by a live patch or another guard, or kernel.ftrace_enabled is 0\n",
		       hook->function);
		NL_SET_ERR_MSG(extack,
			       "A hook is held by a live patch or another guard, or kernel.ftrace_enabled is 0; see the kernel log");
		break;
	case -EINVAL:
		pr_err("%s cannot be traced on this kernel\n", hook->function);
		NL_SET_ERR_MSG(extack,
			       "This kernel lacks a function that must be hooked; see the kernel log");
		break;
	default:
		pr_err("cannot attach to %s: %d\n", hook->function, err);
		NL_SET_ERR_MSG(extack,
			       "A hook could not be attached; see the kernel log");
	}
}

/**
 * fng_attach_all() - attach every hook, or none
 * @extack: told which kind of obstacle there was
 *
 * Context: under fng_control_mutex; sleeps.
 */
int fng_attach_all(struct netlink_ext_ack *extack)
{
	unsigned int g, i;
	int err;

	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		for (i = 0; i < groups[g]->nr; i++) {
			err = attach(&groups[g]->hooks[i]);
			if (err) {
				explain(&groups[g]->hooks[i], err, extack);
				fng_detach_all();
				return err;
			}
		}
	}
	return 0;
}

/**
 * fng_detach_all() - detach every hook that is attached
 *
 * Context: under fng_control_mutex; sleeps for several grace periods.
 * Return: 0, or the first error; hooks that failed stay attached.
 */
int fng_detach_all(void)
{
	unsigned int g, i;
	int first = 0;
	int err;

	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		for (i = 0; i < groups[g]->nr; i++) {
			err = detach(&groups[g]->hooks[i]);
			if (err && !first)
				first = err;
		}
	}
	return first;
}

/**
 * fng_attach_exit() - free what attaching left behind
 *
 * Filters are kept while the module is loaded: until Linux 6.12 at least,
 * ftrace_free_filter() leaves the freed hashes in the ops, and setting a filter
 * again would free them again.
 *
 * Context: nothing is attached, and nothing will be.
 */
void fng_attach_exit(void)
{
	unsigned int g, i;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->nr; i++)
			ftrace_free_filter(&groups[g]->hooks[i].ops);
}

/* Is any hook attached? */
bool fng_attached(void)
{
	unsigned int g, i;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->nr; i++)
			if (groups[g]->hooks[i].attached)
				return true;
	return false;
}

/**
 * fng_attach_has() - does this build hook that function at all?
 * @hook: enum fng_hook
 */
bool fng_attach_has(u8 hook)
{
	unsigned int g, i;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->nr; i++)
			if (groups[g]->hooks[i].id == hook)
				return true;
	return false;
}

/**
 * fng_attach_activate() - let the hooks judge, or return at once
 * @active: whether there is anything to judge by
 *
 * Context: under fng_control_mutex; sleeps.
 */
void fng_attach_activate(bool active)
{
	lockdep_assert_held(&fng_control_mutex);
	if (active)
		static_branch_enable(&fng_attach_key);
	else
		static_branch_disable(&fng_attach_key);
}
