// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the running kernel must offer. Options are known when the module is
 * built; how the machine is set up is only known when it is loaded.
 */
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/namei.h>
#include <linux/printk.h>

#include "precondition.h"

#ifndef CONFIG_X86_64
#error "fnguard supports x86-64 only"
#endif
#ifdef CONFIG_PREEMPT_RT
#error "fnguard cannot run on PREEMPT_RT: names are found with spinlocks held"
#endif
#ifndef CONFIG_SECURITY_PATH
#error "fnguard needs CONFIG_SECURITY_PATH"
#endif
#ifndef CONFIG_SECURITY_NETWORK
#error "fnguard needs CONFIG_SECURITY_NETWORK"
#endif
#ifndef CONFIG_SOCK_CGROUP_DATA
#error "fnguard needs CONFIG_SOCK_CGROUP_DATA"
#endif
#ifndef CONFIG_KPROBES_ON_FTRACE
#error "fnguard needs CONFIG_KPROBES_ON_FTRACE"
#endif
#ifndef CONFIG_KEYS
#error "fnguard needs CONFIG_KEYS"
#endif
#ifndef CONFIG_PERF_EVENTS
#error "fnguard needs CONFIG_PERF_EVENTS"
#endif
#ifndef CONFIG_UNIX
#error "fnguard needs CONFIG_UNIX"
#endif
#ifndef CONFIG_NETFILTER
#error "fnguard needs CONFIG_NETFILTER"
#endif

/*
 * On a host with cgroup v1 the functions' cgroups are in other hierarchies, and
 * nothing would ever be bound.
 */
static int check_unified_cgroup(void)
{
	struct path path;
	int err;

	err = kern_path("/sys/fs/cgroup", LOOKUP_FOLLOW | LOOKUP_DIRECTORY,
			&path);
	if (err) {
		pr_err("/sys/fs/cgroup cannot be opened: %d; fnguard needs the unified cgroup v2 hierarchy there\n",
		       err);
		return err;
	}
	if (path.mnt->mnt_sb->s_magic != CGROUP2_SUPER_MAGIC) {
		pr_err("/sys/fs/cgroup is not the unified cgroup v2 hierarchy; boot with systemd.unified_cgroup_hierarchy=1\n");
		err = -EOPNOTSUPP;
	}
	path_put(&path);
	return err;
}

/**
 * fng_precondition_check() - can the guard work on this machine?
 *
 * Context: process; sleeps.
 */
int fng_precondition_check(void)
{
	return check_unified_cgroup();
}
