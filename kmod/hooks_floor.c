// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks that carry the fixed floor: what no guarded function may do, whatever
 * its policy says.
 */
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/security.h>

#include <uapi/fnguard.h>

#include "hooks.h"
#include "judge_floor.h"

/**
 * struct guarded_cap - a capability that the floor withholds
 * @cap: CAP_*
 * @part: enum fng_floor
 * @name: for the event
 */
struct guarded_cap {
	int cap;
	u32 part;
	const char *name;
};

/*
 * CAP_SYS_ADMIN is the only check that the new mount API makes. Who has
 * CAP_NET_ADMIN over a network namespace can have its packets rewritten, routed
 * and wrapped after LOCAL_OUT: by traffic control, by routes and by tunnels.
 */
static const struct guarded_cap guarded_caps[] = {
	{ CAP_SYS_ADMIN, FNG_FLOOR_MOUNT, "CAP_SYS_ADMIN" },
	{ CAP_SYS_MODULE, FNG_FLOOR_MODULE, "CAP_SYS_MODULE" },
	{ CAP_SYS_BOOT, FNG_FLOOR_REBOOT, "CAP_SYS_BOOT" },
	{ CAP_SYS_RAWIO, FNG_FLOOR_KMEM, "CAP_SYS_RAWIO" },
	{ CAP_SYS_CHROOT, FNG_FLOOR_CHROOT, "CAP_SYS_CHROOT" },
	{ CAP_BPF, FNG_FLOOR_BPF, "CAP_BPF" },
	{ CAP_NET_ADMIN, FNG_FLOOR_SOCKET, "CAP_NET_ADMIN" },
};

static const struct guarded_cap *guarded_cap(int cap)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(guarded_caps); i++)
		if (guarded_caps[i].cap == cap)
			return &guarded_caps[i];
	return NULL;
}

static int floor_silent_verdict(const struct fng_subject *subject, u8 hook,
				u32 part)
{
	struct fng_judgement judgement;

	fng_judge_begin(&judgement, subject, hook);
	fng_judge_floor(&judgement, part);
	return fng_judge_end_silently(&judgement);
}

/*
 * Only the task's own credentials are judged: file systems check those of their
 * mounter on its behalf. What it does not hold is refused by the kernel anyway,
 * and a speculative check is refused without a report.
 */
static int judge_capable(const struct fng_subject *subject,
			 const struct cred *cred, int cap, unsigned int opts)
{
	const struct guarded_cap *guarded;

	if (cred != current_cred() || current_cred() != current_real_cred() ||
	    !cap_raised(cred->cap_effective, cap))
		return 0;
	guarded = guarded_cap(cap);
	if (!guarded)
		return 0;
	if (opts & CAP_OPT_NOAUDIT)
		return floor_silent_verdict(subject, FNG_HOOK_CAPABLE,
					    guarded->part);
	return fng_floor_verdict(subject, FNG_HOOK_CAPABLE, guarded->part,
				 guarded->name);
}

static int judge_load_data(const struct fng_subject *subject,
			   enum kernel_load_data_id id)
{
	switch (id) {
	case LOADING_MODULE:
		return fng_floor_verdict(subject, FNG_HOOK_KERNEL_LOAD_DATA,
					 FNG_FLOOR_MODULE, "init_module");
	case LOADING_KEXEC_IMAGE:
	case LOADING_KEXEC_INITRAMFS:
		return fng_floor_verdict(subject, FNG_HOOK_KERNEL_LOAD_DATA,
					 FNG_FLOOR_REBOOT, "kexec_load");
	default:
		return 0;
	}
}

static int judge_read_file(const struct fng_subject *subject,
			   enum kernel_read_file_id id)
{
	switch (id) {
	case READING_MODULE:
		return fng_floor_verdict(subject, FNG_HOOK_KERNEL_READ_FILE,
					 FNG_FLOOR_MODULE, "finit_module");
	case READING_KEXEC_IMAGE:
	case READING_KEXEC_INITRAMFS:
		return fng_floor_verdict(subject, FNG_HOOK_KERNEL_READ_FILE,
					 FNG_FLOOR_REBOOT, "kexec_file_load");
	default:
		return 0;
	}
}

/* The name is the only thing by which every kernel tells an io_uring. */
static int judge_anon_inode(const struct fng_subject *subject,
			    const struct qstr *name)
{
	static const struct qstr io_uring = QSTR_INIT("[io_uring]", 10);

	if (!name || name->len != io_uring.len ||
	    memcmp(name->name, io_uring.name, io_uring.len))
		return 0;
	return fng_floor_verdict(subject, FNG_HOOK_INIT_SECURITY_ANON,
				 FNG_FLOOR_IO_URING, "io_uring_setup");
}

FNG_HOOK(CAPABLE, security_capable,
	 judge_capable(subject, FNG_ARG(const struct cred *, 0),
		       FNG_ARG(int, 2), FNG_ARG(unsigned int, 3)),
	 const struct cred *, struct user_namespace *, int, unsigned int)
FNG_HOOK(CREATE_USER_NS, security_create_user_ns,
	 fng_floor_verdict(subject, FNG_HOOK_CREATE_USER_NS,
			   FNG_FLOOR_USERNS, "user namespace"),
	 const struct cred *)
FNG_HOOK(SB_MOUNT, security_sb_mount,
	 fng_floor_verdict(subject, FNG_HOOK_SB_MOUNT, FNG_FLOOR_MOUNT, "mount"),
	 const char *, const struct path *, const char *, unsigned long, void *)
FNG_HOOK(MOVE_MOUNT, security_move_mount,
	 fng_floor_verdict(subject, FNG_HOOK_MOVE_MOUNT, FNG_FLOOR_MOUNT,
			   "move_mount"),
	 const struct path *, const struct path *)
FNG_HOOK(SB_PIVOTROOT, security_sb_pivotroot,
	 fng_floor_verdict(subject, FNG_HOOK_SB_PIVOTROOT, FNG_FLOOR_MOUNT,
			   "pivot_root"),
	 const struct path *, const struct path *)
FNG_HOOK(PATH_CHROOT, security_path_chroot,
	 fng_floor_verdict(subject, FNG_HOOK_PATH_CHROOT, FNG_FLOOR_CHROOT,
			   "chroot"),
	 const struct path *)
FNG_HOOK(KERNEL_LOAD_DATA, security_kernel_load_data,
	 judge_load_data(subject, FNG_ARG(enum kernel_load_data_id, 0)),
	 enum kernel_load_data_id, bool)
FNG_HOOK(KERNEL_READ_FILE, security_kernel_read_file,
	 judge_read_file(subject, FNG_ARG(enum kernel_read_file_id, 1)),
	 struct file *, enum kernel_read_file_id, bool)
FNG_HOOK(INIT_SECURITY_ANON, security_inode_init_security_anon,
	 judge_anon_inode(subject, FNG_ARG(const struct qstr *, 1)),
	 struct inode *, const struct qstr *, const struct inode *)

/* Newer kernels tell their own calls from the system call's by an argument. */
static_assert(__builtin_types_compatible_p(typeof(security_bpf),
					   int (int, union bpf_attr *,
						unsigned int)) ||
	      __builtin_types_compatible_p(typeof(security_bpf),
					   int (int, union bpf_attr *,
						unsigned int, bool)),
	      "the prototype of security_bpf has changed");
FNG_HOOK_JUDGE(BPF, fng_subject_guarded(subject),
	       fng_floor_verdict(subject, FNG_HOOK_BPF, FNG_FLOOR_BPF, "bpf"))

/**
 * fng_hook_control() - judge that current talks to our netlink family
 *
 * Not attached to anything: the family asks.
 *
 * Context: task.
 * Return: 0 or a negative errno.
 */
int fng_hook_control(void)
{
	const struct fng_subject *subject;
	struct fng_subject scratch;
	int err = 0;

	rcu_read_lock();
	subject = fng_hook_subject(&scratch);
	if (fng_subject_canary(subject))
		err = fng_canary_judge(subject, FNG_HOOK_CONTROL);
	else if (fng_subject_guarded(subject))
		err = fng_hook_ready(subject, FNG_HOOK_CONTROL) ?:
		      fng_floor_verdict(subject, FNG_HOOK_CONTROL,
					FNG_FLOOR_CONTROL, FNG_FAMILY_NAME);
	rcu_read_unlock();
	return err;
}

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(CAPABLE, "security_capable"),
	FNG_HOOK_ENTRY(CREATE_USER_NS, "security_create_user_ns"),
	FNG_HOOK_ENTRY(SB_MOUNT, "security_sb_mount"),
	FNG_HOOK_ENTRY(MOVE_MOUNT, "security_move_mount"),
	FNG_HOOK_ENTRY(SB_PIVOTROOT, "security_sb_pivotroot"),
	FNG_HOOK_ENTRY(PATH_CHROOT, "security_path_chroot"),
	FNG_HOOK_ENTRY(KERNEL_LOAD_DATA, "security_kernel_load_data"),
	FNG_HOOK_ENTRY(KERNEL_READ_FILE, "security_kernel_read_file"),
	FNG_HOOK_ENTRY(BPF, "security_bpf"),
	FNG_HOOK_ENTRY(INIT_SECURITY_ANON, "security_inode_init_security_anon"),
};

const struct fng_hook_group fng_hooks_floor = { hooks, ARRAY_SIZE(hooks) };
