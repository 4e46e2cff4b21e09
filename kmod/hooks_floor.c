// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks that carry the fixed floor: what no guarded function may do, whatever
 * its policy says.
 */
#include <linux/bpf.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/security.h>

#include <uapi/fnguard.h>

#include "hooks.h"
#include "judge_floor.h"
#include "judge_privilege.h"

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

static bool is_named(const struct qstr *name, const char *text)
{
	return name->len == strlen(text) && !memcmp(name->name, text, name->len);
}

/* The name is the only thing by which every kernel tells what it is for. */
static int judge_anon_inode(const struct fng_subject *subject,
			    const struct qstr *name)
{
	if (!name)
		return 0;
	if (is_named(name, "[io_uring]"))
		return fng_floor_verdict(subject, FNG_HOOK_INIT_SECURITY_ANON,
					 FNG_FLOOR_IO_URING, "io_uring_setup");
	if (is_named(name, "[userfaultfd]"))
		return fng_privilege_verdict(subject,
					     FNG_HOOK_INIT_SECURITY_ANON,
					     FNG_PRIVILEGE_USERFAULTFD,
					     "userfaultfd");
	return 0;
}

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
