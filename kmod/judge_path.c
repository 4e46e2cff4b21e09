// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging an access to a named file by every policy that applies.
 */
#include "judge_path.h"
#include "learn.h"

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
	decision->audit = settings->mode != FNG_MODE_ENFORCE;
	decision->class = class;
	decision->err = settings->err;
	decision->rule = FNG_RULE_GUARD | FNG_GUARD_UNDECIDABLE;
	decision->access = access;
}

static u32 state_of(const struct fng_image *image, const struct fng_name *name)
{
	return fng_path_walk(image, name->text, name->len);
}

/*
 * The state after the '/' that turns a directory's name, which ends in @state,
 * into a prefix.
 */
static u32 state_below(const struct fng_image *image,
		       const struct fng_name *dir, u32 state)
{
	/* The root's name ends in one already. */
	return dir->len == 1 ? state : fng_path_step(image, state, '/');
}

static void decide_named(const struct fng_image *image,
			 const struct fng_name *name, u32 access,
			 struct fng_decision *decision)
{
	fng_name_decide(image, name->text, name->len, access, decision);
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
		fng_judge_add_named(judgement, i, &decision, name);
	}
}

static bool both_named(const struct fng_name *a, const struct fng_name *b)
{
	return a->kind <= FNG_NAME_TMPFILE && b->kind <= FNG_NAME_TMPFILE;
}

/* As fng_judge_add_named(), of what is no access, so that nothing is to be learned. */
static void add(struct fng_judgement *judgement, u8 policy,
		const struct fng_decision *decision, const struct fng_name *name)
{
	if (fng_judge_add(judgement, policy, decision))
		judgement->names[policy] = name;
}

/* What a policy says of a move beyond the two accesses. */
static void judge_gain(struct fng_judgement *judgement, u8 policy,
		       const struct fng_move *move, u32 from, u32 to)
{
	const struct fng_image *image =
		&judgement->subject->policies[policy]->image;
	struct fng_decision decision;

	if (move->tree) {
		from = state_below(image, move->from, from);
		to = state_below(image, move->to, to);
		fng_subtree_decide(image, from, &decision);
		add(judgement, policy, &decision, move->from);
		fng_tree_gain_decide(image, from, to, &decision);
	} else {
		fng_gain_decide(image, from, to, &decision);
	}
	add(judgement, policy, &decision, move->from);
}

/* Each name is walked once: that is most of what a move costs. */
static void judge_named_move(struct fng_judgement *judgement, u8 policy,
			     const struct fng_move *move)
{
	const struct fng_image *image =
		&judgement->subject->policies[policy]->image;
	u32 from = state_of(image, move->from);
	u32 to = state_of(image, move->to);
	struct fng_decision decision;

	if (unlikely(judgement->subject->policies[policy]->acts))
		fng_learn_move(judgement, policy, move);
	fng_path_decide(image, from, move->access, &decision);
	fng_judge_add_named(judgement, policy, &decision, move->from);
	fng_path_decide(image, to, FNG_ACCESS_CREATE, &decision);
	fng_judge_add_named(judgement, policy, &decision, move->to);
	judge_gain(judgement, policy, move, from, to);
}

/**
 * fng_judge_move() - judge that a file gets another name, or one more
 * @judgement: being made
 * @move: what becomes what
 */
void fng_judge_move(struct fng_judgement *judgement,
		    const struct fng_move *move)
{
	u8 i;

	if (!both_named(move->from, move->to)) {
		fng_judge_name(judgement, move->from, move->access);
		fng_judge_name(judgement, move->to, FNG_ACCESS_CREATE);
		if (move->tree)
			fng_judge_subtree(judgement, move->from);
		return;
	}
	for (i = 0; i < judgement->subject->nr; i++)
		judge_named_move(judgement, i, move);
}

/**
 * fng_judge_subtree() - judge that a directory goes away under its name
 * @judgement: being made; the name was judged for itself before, so one that
 *	cannot be decided is refused already
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

		fng_subtree_decide(image, state_below(image, dir,
						      state_of(image, dir)),
				   &decision);
		add(judgement, i, &decision, dir);
	}
}

/**
 * fng_judge_name_of() - which name the verdict is about
 * @judgement: with a refusal, and every decision about a name
 */
const struct fng_name *fng_judge_name_of(const struct fng_judgement *judgement)
{
	bool audit = !judgement->refused_mask;

	return judgement->names[fng_judge_first(judgement, audit)];
}

/**
 * fng_judge_peer() - judge talking to a Unix socket by one of the policies
 * @judgement: being made
 * @policy: index in the subject
 * @name: of the socket, as that policy knows it
 */
void fng_judge_peer(struct fng_judgement *judgement, u8 policy,
		    const struct fng_name *name)
{
	const struct fng_image *image =
		&judgement->subject->policies[policy]->image;
	struct fng_decision decision;

	if (name->kind == FNG_NAME_PATH)
		decide_named(image, name, FNG_ACCESS_UNIX, &decision);
	else
		undecidable(image, FNG_ACCESS_UNIX, &decision);
	fng_judge_add_named(judgement, policy, &decision, name);
}

/**
 * fng_judge_peer_move() - judge that a Unix socket gets another name, or one more
 * @judgement: being made
 * @from: name it has
 */
void fng_judge_peer_move(struct fng_judgement *judgement,
			 const struct fng_name *from)
{
	const struct fng_subject *subject = judgement->subject;
	struct fng_decision decision;
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (from->kind == FNG_NAME_PATH)
			fng_peer_gain_decide(image, state_of(image, from),
					     &decision);
		else
			undecidable(image, FNG_ACCESS_UNIX, &decision);
		fng_judge_add_named(judgement, i, &decision, from);
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
