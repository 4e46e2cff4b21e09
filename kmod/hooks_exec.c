// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on what code may run: images that are executed, and file contents that
 * become executable memory.
 *
 * bprm_check is reached once for each level, script and interpreters. What
 * ld.so maps when it is run by hand, and every shared object, is only seen by
 * mmap_file and file_mprotect.
 */
#include <linux/binfmts.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/personality.h>
#include <linux/security.h>

#include "drift.h"
#include "entering.h"
#include "hooks.h"
#include "judge_descriptor.h"
#include "judge_drift.h"
#include "judge_limit.h"
#include "judge_memory.h"
#include "judge_path.h"
#include "observe.h"

/* Two functions of the kernel that make mappings, one name for those who look. */
#define FNG_HOOK_MMAP_ADDR	FNG_HOOK_MMAP_FILE

static const struct fng_object anonymous = {
	.kind = FNG_OBJECT_NAME,
	.name = "[anonymous]",
	.name_len = sizeof("[anonymous]") - 1,
};

/* What has no name is code by another rule, or is not. */
static int judge_code(struct fng_judgement *judgement, struct file *file,
		      u32 access)
{
	struct fng_name name;
	int err;

	fng_name_begin();
	fng_name_of_path(fng_file_path(file), FNG_NAME_FIRST, &name);
	fng_judge_name(judgement, &name, access);
	if (unlikely(fng_subject_inspects(judgement->subject)) &&
	    name.kind == FNG_NAME_PATH) {
		fng_judge_drift(judgement, file, access);
		fng_judge_digest(judgement, file, &name, access);
	}
	err = fng_judge_end_named(judgement, &name);
	fng_name_end();
	return err;
}

/* Interpreters come later, under names of their own. */
static bool is_first_image(const struct linux_binprm *bprm)
{
	return bprm->interp == bprm->filename;
}

/* From now on it is no launcher. */
static noinline int enter(const struct fng_subject *subject)
{
	int err = fng_judge_inherited(subject);

	if (!err)
		fng_entering_leave(current);
	return err;
}

static noinline void observe_image(const struct fng_subject *subject,
				   const struct linux_binprm *bprm)
{
	const struct fng_sighting sighting = {
		.subject = subject,
		.hook = FNG_HOOK_BPRM_CHECK,
		.what = FNG_OBSERVABLE_EXEC,
	};

	fng_observe_file(&sighting, &bprm->file->f_path, FNG_ACCESS_EXEC);
}

static int judge_bprm_check(const struct fng_subject *subject,
			    struct linux_binprm *bprm)
{
	struct fng_judgement judgement __uninitialized;
	int err;

	if (fng_entering(current) && fng_launcher(bprm->file))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_BPRM_CHECK);
	if (unlikely(subject->quarantined))
		fng_judge_quarantine(&judgement, FNG_CLASS_EXEC);
	err = judge_code(&judgement, bprm->file, FNG_ACCESS_EXEC);
	if (!err && is_first_image(bprm))
		err = fng_judge_once(subject, FNG_HOOK_BPRM_CHECK,
				     FNG_LIMIT_EXEC, bprm->filename);
	if (!err && fng_entering_known(current))
		err = enter(subject);
	if (!err && fng_observes(subject, FNG_OBSERVABLE_EXEC))
		observe_image(subject, bprm);
	return err;
}

/*
 * Memory that no file backs holds code only after it was written. A policy that
 * speaks about write-exec has decided that; for one that does not, it is code
 * without a file.
 */
static void judge_anonymous(struct fng_judgement *judgement)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (image->classes[FNG_CLASS_MEMORY].present)
			fng_write_exec_decide(image, &decision);
		else
			fng_fileless_decide(image, &decision);
		fng_judge_add_number(judgement, i, &decision,
				     decision.class == FNG_CLASS_MEMORY ?
				     FNG_ACT_WRITE_EXEC : FNG_ACT_FILELESS, 0);
	}
}

static bool on_noexec_mount(const struct file *file)
{
	const struct vfsmount *mnt = file->f_path.mnt;

	return mnt->mnt_flags & MNT_NOEXEC ||
	       mnt->mnt_sb->s_iflags & SB_I_NOEXEC;
}

/* security_mmap_file() works this out only after its entry was hooked. */
static bool becomes_executable(const struct file *file, unsigned long prot)
{
	if (prot & PROT_EXEC)
		return true;
	if (!(prot & PROT_READ) ||
	    !(current->personality & READ_IMPLIES_EXEC))
		return false;
	return !file || !on_noexec_mount(file);
}

/*
 * What was written to a shared mapping is the file's, and was judged as that.
 * Private pages that were written are no file's, whatever they were copied from.
 */
static void judge_written(struct fng_judgement *judgement, bool shared)
{
	if (shared)
		fng_judge_write_exec(judgement);
	else
		judge_anonymous(judgement);
}

/* Could the file be changed through the mapping, now or by mprotect()? */
static bool may_store(const struct file *file, unsigned long flags)
{
	return file && file->f_mode & FMODE_WRITE &&
	       (flags & MAP_TYPE) != MAP_PRIVATE;
}

static int judge_mapping(const struct fng_subject *subject, struct file *file,
			 unsigned long prot, unsigned long flags)
{
	struct fng_judgement judgement __uninitialized;

	if (unlikely(subject->inspects) && may_store(file, flags))
		fng_drift_map_shared(file);
	if (!becomes_executable(file, prot))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_MMAP_FILE);
	if (!file) {
		judge_anonymous(&judgement);
		return fng_judge_end(&judgement, &anonymous);
	}
	if (prot & PROT_WRITE)
		judge_written(&judgement, flags & MAP_SHARED);
	if (!fng_path_rules_apply(subject, FNG_ACCESS_MAP))
		return fng_judge_end(&judgement, &anonymous);
	return judge_code(&judgement, file, FNG_ACCESS_MAP);
}

static noinline int judge_mapped(const struct fng_subject *subject,
				 struct file *file, unsigned long prot)
{
	const struct fng_sighting sighting = {
		.subject = subject,
		.hook = FNG_HOOK_MMAP_FILE,
		.what = FNG_OBSERVABLE_MAP,
	};
	int err = fng_judge_once(subject, FNG_HOOK_MMAP_FILE, FNG_LIMIT_MAP,
				 "mmap");

	if (!err && file && fng_observes(subject, FNG_OBSERVABLE_MAP) &&
	    becomes_executable(file, prot))
		fng_observe_file(&sighting, fng_file_path(file),
				 FNG_ACCESS_MAP);
	return err;
}

static int judge_mmap_file(const struct fng_subject *subject,
			   struct file *file, unsigned long prot,
			   unsigned long flags)
{
	const u32 cares = BIT(FNG_LIMIT_MAP) |
			  FNG_OBSERVE_BIT(FNG_OBSERVABLE_MAP);
	int err = judge_mapping(subject, file, prot, flags);

	if (!err && fng_subject_limits(subject, cares))
		err = judge_mapped(subject, file, prot);
	return err;
}

/*
 * Where reading implies executing, the heap is executable, and mmap_file is not
 * asked when it grows. What else comes this way has been judged there.
 */
static int judge_mmap_addr(const struct fng_subject *subject,
			   unsigned long addr)
{
	struct fng_judgement judgement __uninitialized;

	if (!(current->personality & READ_IMPLIES_EXEC) || !current->mm ||
	    addr != PAGE_ALIGN(READ_ONCE(current->mm->brk)))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_MMAP_ADDR);
	judge_anonymous(&judgement);
	return fng_judge_end(&judgement, &anonymous);
}

/*
 * Pages of a private mapping that were written are no longer the file's. Of a
 * shared mapping nothing tells whether it was, so it is enough that it could be.
 */
static bool was_written(const struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED && vma->vm_flags & VM_MAYWRITE)
		return true;
	return vma->vm_flags & VM_WRITE || (vma->vm_file && vma->anon_vma);
}

static int judge_file_mprotect(const struct fng_subject *subject,
			       struct vm_area_struct *vma, unsigned long prot)
{
	struct fng_judgement judgement __uninitialized;

	if (!(prot & PROT_EXEC))
		return 0;
	/* It is executable already, and must not become writable as well. */
	if (vma->vm_flags & VM_EXEC && !(prot & PROT_WRITE))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_FILE_MPROTECT);
	if (!vma->vm_file) {
		judge_anonymous(&judgement);
		return fng_judge_end(&judgement, &anonymous);
	}
	if (prot & PROT_WRITE || was_written(vma))
		judge_written(&judgement, vma->vm_flags & VM_SHARED);
	if (!fng_path_rules_apply(subject, FNG_ACCESS_MAP))
		return fng_judge_end(&judgement, &anonymous);
	return judge_code(&judgement, vma->vm_file, FNG_ACCESS_MAP);
}

FNG_HOOK(BPRM_CHECK, security_bprm_check,
	 judge_bprm_check(subject, FNG_ARG(struct linux_binprm *, 0)),
	 struct linux_binprm *)
FNG_HOOK(MMAP_FILE, security_mmap_file,
	 judge_mmap_file(subject, FNG_ARG(struct file *, 0),
			 FNG_ARG(unsigned long, 1), FNG_ARG(unsigned long, 2)),
	 struct file *, unsigned long, unsigned long)
FNG_HOOK(MMAP_ADDR, security_mmap_addr,
	 judge_mmap_addr(subject, FNG_ARG(unsigned long, 0)),
	 unsigned long)
FNG_HOOK(FILE_MPROTECT, security_file_mprotect,
	 judge_file_mprotect(subject, FNG_ARG(struct vm_area_struct *, 0),
			     FNG_ARG(unsigned long, 2)),
	 struct vm_area_struct *, unsigned long, unsigned long)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(BPRM_CHECK, "security_bprm_check"),
	FNG_HOOK_ENTRY(MMAP_FILE, "security_mmap_file"),
	FNG_HOOK_ENTRY(MMAP_ADDR, "security_mmap_addr"),
	FNG_HOOK_ENTRY(FILE_MPROTECT, "security_file_mprotect"),
};

const struct fng_hook_group fng_hooks_exec = { hooks, ARRAY_SIZE(hooks) };
