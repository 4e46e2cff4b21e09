/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging an access to a named file by every policy that applies.
 */
#ifndef FNGUARD_KMOD_JUDGE_PATH_H
#define FNGUARD_KMOD_JUDGE_PATH_H

#include "judge.h"
#include "name.h"

/**
 * struct fng_move - a file gets another name, or one more
 * @from: name it has
 * @to: name it gets
 * @access: what is done under the name it has: FNG_ACCESS_DELETE or
 *	FNG_ACCESS_LINK
 * @tree: it is a directory, which cannot be linked, and what is below it goes
 *	with it
 */
struct fng_move {
	const struct fng_name *from;
	const struct fng_name *to;
	u32 access;
	bool tree;
};

bool fng_path_rules_apply(const struct fng_subject *subject, u32 access);
void fng_judge_name(struct fng_judgement *judgement,
		    const struct fng_name *name, u32 access);
void fng_judge_peer(struct fng_judgement *judgement, u8 policy,
		    const struct fng_name *name);
void fng_judge_peer_move(struct fng_judgement *judgement,
			 const struct fng_name *from);
void fng_judge_move(struct fng_judgement *judgement,
		    const struct fng_move *move);
void fng_judge_subtree(struct fng_judgement *judgement,
		       const struct fng_name *dir);
const struct fng_name *fng_judge_name_of(const struct fng_judgement *judgement);
int fng_judge_report_named(struct fng_judgement *judgement,
			   const struct fng_name *name);

/**
 * fng_judge_end_named() - the verdict on a named file
 * @judgement: with every decision added
 * @name: for the event
 *
 * Return: as fng_judge_end().
 */
static inline int fng_judge_end_named(struct fng_judgement *judgement,
				      const struct fng_name *name)
{
	if (likely(!fng_judge_refuses(judgement)))
		return 0;
	return fng_judge_report_named(judgement, name);
}

#endif /* FNGUARD_KMOD_JUDGE_PATH_H */
