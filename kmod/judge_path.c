// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging an access to a named file by every policy that applies.
 */
#include "judge_path.h"

/**
 * fng_path_rules_apply() - is there any reason to find a file's name?
 * @subject: who
 * @access: FNG_ACCESS_* of one class
 *
 * Return: false if every policy grants @access whatever the name is.
 */
bool fng_path_rules_apply(const struct fng_subject *subject, u32 access)
{
	const struct fng_image *image;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		image = &subject->policies[i]->image;
		if (image->classes[fng_access_class(access)].present)
			return true;
	}
	return false;
}

static void undecidable(const struct fng_image *image, u32 access,
			struct fng_decision *decision)
{
	u8 class = fng_access_class(access);
	const struct fng_image_class *settings = &image->classes[class];

	decision->refused = settings->present;
	decision->audit = settings->mode == FNG_MODE_AUDIT;
	decision->class = class;
	decision->err = settings->err;
	decision->rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE;
	decision->access = access;
}

static u32 state_of(const struct fng_image *image, const struct fng_name *name)
{
	return fng_dfa_walk(&image->path, FNG_STATE_START, name->text,
			    name->len);
}

/* The state after the '/' that turns a directory's name into a prefix. */
static u32 state_below(const struct fng_image *image,
		       const struct fng_name *dir)
{
	u32 state = state_of(image, dir);

	/* The root's name ends in one already. */
	return dir->len == 1 ? state : fng_dfa_step(&image->path, state, '/');
}

static void decide_named(const struct fng_image *image,
			 const struct fng_name *name, u32 access,
			 struct fng_decision *decision)
{
	fng_path_decide(image, state_of(image, name), access, decision);
}

/* Code must come from a file that somebody put there under a name. */
static void decide_code(const struct fng_image *image,
			const struct fng_name *name, u32 access,
			struct fng_decision *decision)
{
	switch (name->kind) {
	case FNG_NAME_PATH:
		decide_named(image, name, access, decision);
		break;
	case FNG_NAME_UNDECIDABLE:
		undecidable(image, access, decision);
		break;
	default:
		fng_fileless_decide(image, decision);
		decision->access = access;
	}
}

static void decide_file(const struct fng_image *image,
			const struct fng_name *name, u32 access,
			struct fng_decision *decision)
{
	switch (name->kind) {
	case FNG_NAME_PATH:
	case FNG_NAME_TMPFILE:
		decide_named(image, name, access, decision);
		break;
	case FNG_NAME_DELETED:
		fng_nameless_decide(image, access, decision);
		break;
	case FNG_NAME_PSEUDO:
		/* Opened again by a descriptor that the task already holds. */
		decision->refused = false;
		break;
	default:
		undecidable(image, access, decision);
	}
}

/**
 * fng_judge_name() - judge an access to a file
 * @judgement: being made
 * @name: of the file
 * @access: FNG_ACCESS_* of one class
 */
void fng_judge_name(struct fng_judgement *judgement,
		    const struct fng_name *name, u32 access)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (access & FNG_ACCESS_CODE)
			decide_code(image, name, access, &decision);
		else
			decide_file(image, name, access, &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

static bool both_named(const struct fng_name *a, const struct fng_name *b)
{
	return a->kind <= FNG_NAME_TMPFILE && b->kind <= FNG_NAME_TMPFILE;
}

/**
 * fng_judge_move() - judge that a file gets another name
 * @judgement: being made; both names were judged for themselves before, so one
 *	that cannot be decided is refused already
 * @from: name it has
 * @to: name it gets
 */
void fng_judge_move(struct fng_judgement *judgement,
		    const struct fng_name *from, const struct fng_name *to)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	if (!both_named(from, to))
		return;
	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		fng_gain_decide(image, state_of(image, from),
				state_of(image, to), &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_tree_move() - judge that a directory gets another name
 * @judgement: being made, see fng_judge_move()
 * @from: name it has
 * @to: name it gets
 */
void fng_judge_tree_move(struct fng_judgement *judgement,
			 const struct fng_name *from,
			 const struct fng_name *to)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	if (!both_named(from, to))
		return;
	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		fng_tree_gain_decide(image, state_below(image, from),
				     state_below(image, to), &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_subtree() - judge that a directory goes away under its name
 * @judgement: being made, see fng_judge_move()
 * @dir: name of the directory
 */
void fng_judge_subtree(struct fng_judgement *judgement,
		       const struct fng_name *dir)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	if (dir->kind > FNG_NAME_TMPFILE)
		return;
	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		fng_subtree_decide(image, state_below(image, dir), &decision);
		fng_judge_add(judgement, i, &decision);
	}
}

/**
 * fng_judge_report_named() - the slow part of fng_judge_end_named()
 * @judgement: with a refusal
 * @name: for the event
 *
 * Return: as fng_judge_end().
 */
int fng_judge_report_named(struct fng_judgement *judgement,
			   const struct fng_name *name)
{
	struct fng_object object = {
		.kind = FNG_OBJECT_NAME,
		.name = name->text,
		.name_len = name->len,
	};

	return fng_judge_end(judgement, &object);
}
