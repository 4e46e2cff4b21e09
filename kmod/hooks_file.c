// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on files as objects: opening, truncating, changing attributes.
 */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/security.h>

#include "drift.h"
#include "hooks.h"
#include "judge_limit.h"
#include "judge_open.h"
#include "judge_path.h"
#include "observe.h"

/*
 * A stacked file system opens directories and copies of its layers with its
 * mounter's credentials, on mounts that nobody else can reach; a copy has no name
 * until it is complete. The user's own open was judged by the name in the stack.
 */
static bool is_layer(const struct path *path, const struct fng_name *name)
{
	return name->kind >= FNG_NAME_DELETED &&
	       current_cred() != current_real_cred() &&
	       !fng_name_reachable(path);
}

static int judge_named(struct fng_judgement *judgement, const struct path *path,
		       const struct fng_name *name, u32 access)
{
	if (access && !is_layer(path, name))
		fng_judge_name(judgement, name, access);
	return fng_judge_end_named(judgement, name);
}

static int judge_path(struct fng_judgement *judgement, const struct path *path,
		      u32 access)
{
	struct fng_name name;
	int err;

	fng_name_begin();
	fng_name_of_path(path, FNG_NAME_FIRST, &name);
	err = judge_named(judgement, path, &name, access);
	fng_name_end();
	return err;
}

/* O_TMPFILE makes a file linkable, by which it is told later, after this. */
static int judge_tmpfile(struct fng_judgement *judgement,
			 const struct path *path, u32 access)
{
	struct fng_name name;
	int err;

	fng_name_begin();
	fng_name_of_tmpfile(path, FNG_NAME_FIRST, &name);
	err = judge_named(judgement, path, &name, access);
	fng_name_end();
	return err;
}

static int judge_user_open(const struct fng_subject *subject,
			   struct file *file)
{
	struct fng_judgement judgement __uninitialized;
	u32 access;

	fng_judge_begin(&judgement, subject, FNG_HOOK_FILE_OPEN);
	fng_judge_open_floor(&judgement, file);
	/* What is opened to be executed is judged by the hooks on code. */
	access = file->f_flags & __FMODE_EXEC ? 0 :
		 fng_open_access(file);
	if (!judgement.refused_mask && !judgement.audit_mask &&
	    !fng_path_rules_apply(subject, access))
		return 0;
	if (file->f_flags & __O_TMPFILE)
		return judge_tmpfile(&judgement, &file->f_path, access);
	return judge_path(&judgement, &file->f_path, access);
}

/* Rules allow it: how much of it may be, and who wants to know? */
static noinline int judge_opening(const struct fng_subject *subject,
				  const struct file *file)
{
	const struct fng_sighting sighting = {
		.subject = subject,
		.hook = FNG_HOOK_FILE_OPEN,
		.what = FNG_OBSERVABLE_OPEN,
	};
	int err = fng_judge_once(subject, FNG_HOOK_FILE_OPEN, FNG_LIMIT_OPEN,
				 "open");

	if (!err && fng_observes(subject, FNG_OBSERVABLE_OPEN) &&
	    !(file->f_flags & __FMODE_EXEC))
		fng_observe_file(&sighting, &file->f_path,
				 fng_open_access(file));
	return err;
}

static int judge_file_open(const struct fng_subject *subject,
			   struct file *file)
{
	const u32 cares = BIT(FNG_LIMIT_OPEN) |
			  FNG_OBSERVE_BIT(FNG_OBSERVABLE_OPEN);
	int err = 0;

	if (unlikely(fng_canary_is_worker()))
		return -EPERM;
	if (IS_PRIVATE(file_inode(file)))
		return 0;
	if (!fng_file_is_backing(file)) {
		err = judge_user_open(subject, file);
		if (!err && fng_subject_limits(subject, cares))
			err = judge_opening(subject, file);
	}
	if (unlikely(subject->inspects) && !err)
		fng_drift_open(file);
	return err;
}

static int judge_path_access(const struct fng_subject *subject, u8 hook,
			     const struct path *path, u32 access)
{
	struct fng_judgement judgement __uninitialized;

	if (IS_PRIVATE(d_backing_inode(path->dentry)) ||
	    !fng_path_rules_apply(subject, access))
		return 0;
	fng_judge_begin(&judgement, subject, hook);
	return judge_path(&judgement, path, access);
}

FNG_HOOK_PROTOTYPE(security_file_open, struct file *);
FNG_HOOK_OWN(FILE_OPEN, true, subject->matters || fng_canary_is_worker(),
	     judge_file_open(subject, FNG_ARG(struct file *, 0)));
FNG_HOOK(PATH_TRUNCATE, security_path_truncate,
	 judge_path_access(subject, FNG_HOOK_PATH_TRUNCATE,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_WRITE),
	 const struct path *)
#ifdef FNG_HAVE_FILE_TRUNCATE
FNG_HOOK(FILE_TRUNCATE, security_file_truncate,
	 judge_path_access(subject, FNG_HOOK_FILE_TRUNCATE,
			   &FNG_ARG(struct file *, 0)->f_path,
			   FNG_ACCESS_WRITE),
	 struct file *)
#endif
FNG_HOOK(PATH_CHMOD, security_path_chmod,
	 judge_path_access(subject, FNG_HOOK_PATH_CHMOD,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_ATTR),
	 const struct path *, umode_t)
FNG_HOOK(PATH_CHOWN, security_path_chown,
	 judge_path_access(subject, FNG_HOOK_PATH_CHOWN,
			   FNG_ARG(const struct path *, 0), FNG_ACCESS_ATTR),
	 const struct path *, kuid_t, kgid_t)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY_OWN(FILE_OPEN, "security_file_open"),
	FNG_HOOK_ENTRY(PATH_TRUNCATE, "security_path_truncate"),
#ifdef FNG_HAVE_FILE_TRUNCATE
	FNG_HOOK_ENTRY(FILE_TRUNCATE, "security_file_truncate"),
#endif
	FNG_HOOK_ENTRY(PATH_CHMOD, "security_path_chmod"),
	FNG_HOOK_ENTRY(PATH_CHOWN, "security_path_chown"),
};

const struct fng_hook_group fng_hooks_file = { hooks, ARRAY_SIZE(hooks) };
