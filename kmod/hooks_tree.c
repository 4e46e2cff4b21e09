// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on names: what is made, removed, linked and renamed.
 *
 * The kernel holds the parents' locks in all of them, so entries keep their
 * names while they are judged.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/security.h>

#include "hooks.h"
#include "judge_path.h"

static bool exempt(const struct fng_subject *subject, const struct path *dir)
{
	if (IS_PRIVATE(d_backing_inode(dir->dentry)))
		return true;
	return !fng_path_rules_apply(subject, FNG_ACCESS_FILES) &&
	       !fng_path_rules_apply(subject, FNG_ACCESS_CODE) &&
	       !fng_path_rules_apply(subject, FNG_ACCESS_UNIX);
}

static bool is_socket(const struct dentry *dentry)
{
	return d_is_special(dentry) &&
	       S_ISSOCK(d_backing_inode(dentry)->i_mode);
}

static int judge_entry(const struct fng_subject *subject, u8 hook,
		       const struct path *dir, struct dentry *dentry,
		       u32 access)
{
	struct fng_judgement judgement;
	struct fng_name name;
	int err;

	if (exempt(subject, dir))
		return 0;
	fng_judge_begin(&judgement, subject, hook);
	fng_name_begin();
	fng_name_of_child(dir, dentry, FNG_NAME_FIRST, &name);
	fng_judge_name(&judgement, &name, access);
	if (hook == FNG_HOOK_PATH_RMDIR)
		fng_judge_subtree(&judgement, &name);
	err = fng_judge_end_named(&judgement, &name);
	fng_name_end();
	return err;
}

/* Of the two names, the one that is refused. */
static int end(struct fng_judgement *judgement)
{
	if (likely(!fng_judge_refuses(judgement)))
		return 0;
	return fng_judge_report_named(judgement, fng_judge_name_of(judgement));
}

static int judge_path_link(const struct fng_subject *subject,
			   struct dentry *old, const struct path *dir,
			   struct dentry *dentry)
{
	struct path path = { .mnt = dir->mnt, .dentry = old };
	struct fng_judgement judgement;
	struct fng_name from, to;
	const struct fng_move move = {
		.from = &from,
		.to = &to,
		.access = FNG_ACCESS_LINK,
	};
	int err;

	if (exempt(subject, dir))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_PATH_LINK);
	fng_name_begin();
	fng_name_of_path(&path, FNG_NAME_FIRST, &from);
	fng_name_of_child(dir, dentry, FNG_NAME_SECOND, &to);
	fng_judge_move(&judgement, &move);
	if (is_socket(old))
		fng_judge_peer_move(&judgement, &from);
	err = end(&judgement);
	fng_name_end();
	return err;
}

/* One direction of a rename: @dentry, called @from, becomes @to. */
static void judge_moved(struct fng_judgement *judgement,
			const struct dentry *dentry,
			const struct fng_name *from, const struct fng_name *to)
{
	const struct fng_move move = {
		.from = from,
		.to = to,
		.access = FNG_ACCESS_DELETE,
		.tree = d_is_dir(dentry),
	};

	fng_judge_move(judgement, &move);
	if (is_socket(dentry))
		fng_judge_peer_move(judgement, from);
}

/* What the new name was is replaced. */
static void judge_replaced(struct fng_judgement *judgement,
			   const struct dentry *dentry,
			   const struct fng_name *name)
{
	if (d_is_negative(dentry))
		return;
	fng_judge_name(judgement, name, FNG_ACCESS_DELETE);
	if (d_is_dir(dentry))
		fng_judge_subtree(judgement, name);
}

static int judge_path_rename(const struct fng_subject *subject,
			     const struct path *old_dir,
			     struct dentry *old_dentry,
			     const struct path *new_dir,
			     struct dentry *new_dentry, unsigned int flags)
{
	struct fng_judgement judgement;
	struct fng_name from, to;
	int err;

	if (exempt(subject, old_dir))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_PATH_RENAME);
	fng_name_begin();
	fng_name_of_child(old_dir, old_dentry, FNG_NAME_FIRST, &from);
	fng_name_of_child(new_dir, new_dentry, FNG_NAME_SECOND, &to);
	judge_moved(&judgement, old_dentry, &from, &to);
	if (flags & RENAME_EXCHANGE)
		judge_moved(&judgement, new_dentry, &to, &from);
	else
		judge_replaced(&judgement, new_dentry, &to);
	err = end(&judgement);
	fng_name_end();
	return err;
}

#define DIR	FNG_ARG(const struct path *, 0)
#define DENTRY	FNG_ARG(struct dentry *, 1)

FNG_HOOK(PATH_UNLINK, security_path_unlink,
	 judge_entry(subject, FNG_HOOK_PATH_UNLINK, DIR, DENTRY,
		     FNG_ACCESS_DELETE),
	 const struct path *, struct dentry *)
FNG_HOOK(PATH_RMDIR, security_path_rmdir,
	 judge_entry(subject, FNG_HOOK_PATH_RMDIR, DIR, DENTRY,
		     FNG_ACCESS_DELETE),
	 const struct path *, struct dentry *)
FNG_HOOK(PATH_MKDIR, security_path_mkdir,
	 judge_entry(subject, FNG_HOOK_PATH_MKDIR, DIR, DENTRY,
		     FNG_ACCESS_CREATE),
	 const struct path *, struct dentry *, umode_t)
FNG_HOOK(PATH_MKNOD, security_path_mknod,
	 judge_entry(subject, FNG_HOOK_PATH_MKNOD, DIR, DENTRY,
		     FNG_ACCESS_CREATE),
	 const struct path *, struct dentry *, umode_t, unsigned int)
FNG_HOOK(PATH_SYMLINK, security_path_symlink,
	 judge_entry(subject, FNG_HOOK_PATH_SYMLINK, DIR, DENTRY,
		     FNG_ACCESS_CREATE),
	 const struct path *, struct dentry *, const char *)
FNG_HOOK(PATH_LINK, security_path_link,
	 judge_path_link(subject, FNG_ARG(struct dentry *, 0),
			 FNG_ARG(const struct path *, 1),
			 FNG_ARG(struct dentry *, 2)),
	 struct dentry *, const struct path *, struct dentry *)
FNG_HOOK(PATH_RENAME, security_path_rename,
	 judge_path_rename(subject, DIR, DENTRY,
			   FNG_ARG(const struct path *, 2),
			   FNG_ARG(struct dentry *, 3),
			   FNG_ARG(unsigned int, 4)),
	 const struct path *, struct dentry *, const struct path *,
	 struct dentry *, unsigned int)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(PATH_UNLINK, "security_path_unlink"),
	FNG_HOOK_ENTRY(PATH_RMDIR, "security_path_rmdir"),
	FNG_HOOK_ENTRY(PATH_MKDIR, "security_path_mkdir"),
	FNG_HOOK_ENTRY(PATH_MKNOD, "security_path_mknod"),
	FNG_HOOK_ENTRY(PATH_SYMLINK, "security_path_symlink"),
	FNG_HOOK_ENTRY(PATH_LINK, "security_path_link"),
	FNG_HOOK_ENTRY(PATH_RENAME, "security_path_rename"),
};

const struct fng_hook_group fng_hooks_tree = { hooks, ARRAY_SIZE(hooks) };
