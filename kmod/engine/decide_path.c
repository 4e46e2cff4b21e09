// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a name may be used for, and what a change of names would win.
 */
#include "decide.h"

static const struct fng_image_state *own_state(const struct fng_image *image,
					       u32 state)
{
	return &image->path.states[state];
}

static const struct fng_image_state *base_state(const struct fng_image *image,
						u32 state)
{
	return &image->base->path.states[state & ~FNG_STATE_BASE];
}

static const struct fng_image_state *state_of(const struct fng_image *image,
					      u32 state)
{
	return state & FNG_STATE_BASE ? base_state(image, state) :
	       own_state(image, state);
}

static const struct fng_image_accept *accept_of(const struct fng_image *image,
						u32 state)
{
	return state & FNG_STATE_BASE ?
	       &image->base->accepts[base_state(image, state)->accept] :
	       &image->accepts[own_state(image, state)->accept];
}

static inline void decide_own(const struct fng_image *image, u32 state,
			      u32 access, struct fng_decision *decision)
{
	fng_accept_decide(image, &image->accepts[own_state(image, state)->accept],
			  access, decision);
}

/**
 * fng_path_decide() - decide on an access to a named file
 * @image: whose decision
 * @state: state of the path automaton after the name
 * @access: FNG_ACCESS_* bits, all of one class
 * @decision: the decision
 */
void fng_path_decide(const struct fng_image *image, u32 state, u32 access,
		     struct fng_decision *decision)
{
	if (state & FNG_STATE_BASE)
		fng_base_decide(image, state, access, decision);
	else
		decide_own(image, state, access, decision);
}

/**
 * fng_name_decide() - walk a name and decide on an access to it
 * @image: whose decision
 * @name: the name
 * @len: bytes of @name
 * @access: FNG_ACCESS_* bits, all of one class
 * @decision: the decision, as of fng_path_decide()
 *
 * Most of what is decided is this. Where the name ends in the policy's own part,
 * as in a flat image it always does, nothing is asked about a base.
 */
void fng_name_decide(const struct fng_image *image, const char *name,
		     size_t len, u32 access, struct fng_decision *decision)
{
	const char *end = name + len;
	u32 state = FNG_STATE_START;

	if (fng_dfa_advance(&image->path, &state, &name, end) &&
	    state != FNG_STATE_DEAD)
		fng_base_decide(image, fng_base_walk(image, state, name, end),
				access, decision);
	else
		decide_own(image, state, access, decision);
}

/*
 * The class that answers for bits of several. One that enforces goes first, or
 * auditing one class would let through what another refuses; one that audits then.
 */
static u8 answering_class(const struct fng_image *image, u32 access)
{
	static const u8 order[] = {
		FNG_CLASS_FILES, FNG_CLASS_EXEC, FNG_CLASS_UNIX
	};
	u32 best = FNG_NR_MODES;
	u8 class = FNG_CLASS_FILES;
	u32 i;

	for (i = 0; i < sizeof(order); i++) {
		u32 mode = image->classes[order[i]].mode;

		if (!(access & fng_class_access(order[i])) || mode >= best)
			continue;
		best = mode;
		class = order[i];
	}
	return class;
}

static void nothing_gained(const struct fng_image *image,
			   struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_FILES, false,
			 FNG_RULE_NONE);
}

/**
 * fng_gain_decide() - decide on a file's getting another name
 * @image: whose decision
 * @from: state of the path automaton after the name it has
 * @to: state after the name it gets
 * @decision: the decision; refused if more could be done with the file under
 *	the new name than under the old
 */
void fng_gain_decide(const struct fng_image *image, u32 from, u32 to,
		     struct fng_decision *decision)
{
	const struct fng_image_accept *before = accept_of(image, from);
	const struct fng_image_accept *after = accept_of(image, to);
	u32 gained = after->granted & ~(u32)before->granted & FNG_ACCESS_GAIN;
	u32 bit;
	u8 class;

	if (!gained) {
		nothing_gained(image, decision);
		return;
	}
	class = answering_class(image, gained);
	gained &= fng_class_access(class);
	bit = fng_lowest_access(gained);
	fng_decision_set(decision, image, class, true,
			 fng_rule_of(image, class, before->rule[bit]));
	decision->access = gained;
}

/* Which rule it was that matters below a directory is not known. */
static void decide_below(const struct fng_image *image, u32 access,
			 struct fng_decision *decision)
{
	u8 class;

	if (!access) {
		nothing_gained(image, decision);
		return;
	}
	class = answering_class(image, access);
	fng_decision_set(decision, image, class, true,
			 image->classes[class].rule);
	decision->access = access & fng_class_access(class);
}

/**
 * fng_subtree_decide() - decide on a directory's going away under its name
 * @image: whose decision
 * @state: state of the path automaton after the name and a '/'
 * @decision: the decision; refused if an explicit deny could match below
 *
 * A name that may not be talked to is of interest only if the directory gets
 * another one, which fng_tree_gain_decide() decides on.
 */
void fng_subtree_decide(const struct fng_image *image, u32 state,
			struct fng_decision *decision)
{
	decide_below(image, state_of(image, state)->deny & ~FNG_ACCESS_UNIX,
		     decision);
}

/*
 * The policy's own part has a state for each of the base's that it hands over
 * to, and both parts have a dead one: what is the same gets the same number.
 */
static u32 same_state(const struct fng_image *image, u32 state)
{
	if (!(state & FNG_STATE_BASE) &&
	    own_state(image, state)->dflt & FNG_STATE_BASE)
		state = own_state(image, state)->dflt;
	return state == (FNG_STATE_BASE | FNG_STATE_DEAD) ? FNG_STATE_DEAD :
	       state;
}

/**
 * fng_tree_gain_decide() - decide on a directory's getting another name
 * @image: whose decision
 * @from: state of the path automaton after the name it has and a '/'
 * @to: state after the name it gets and a '/'
 * @decision: the decision; refused if more could be done with anything below
 *	it than before
 */
void fng_tree_gain_decide(const struct fng_image *image, u32 from, u32 to,
			  struct fng_decision *decision)
{
	u32 gained = 0;

	if (same_state(image, from) != same_state(image, to))
		gained = state_of(image, to)->any &
			 ~(u32)state_of(image, from)->every &
			 FNG_ACCESS_TREE_GAIN;
	decide_below(image, gained, decision);
}

/**
 * fng_nameless_decide() - decide on an access to a file that lost its name
 * @image: whose decision
 * @access: FNG_ACCESS_* bits, all of the files class
 * @decision: the decision
 *
 * It may have been one that a rule denies by name, so that any such rule refuses
 * it; and a link would give it any name.
 */
void fng_nameless_decide(const struct fng_image *image, u32 access,
			 struct fng_decision *decision)
{
	const struct fng_image_state *all = &image->path.states[FNG_STATE_START];
	u32 named = access & FNG_ACCESS_LINK ?
		    FNG_ACCESS_FILES | FNG_ACCESS_CODE : access;

	fng_class_default(image, FNG_CLASS_FILES, decision);
	if (image->classes[FNG_CLASS_FILES].present && all->deny & named)
		decision->refused = true;
	if (decision->refused)
		decision->access = access;
}

/**
 * fng_peer_gain_decide() - decide on a socket's getting another name
 * @image: whose decision
 * @from: state of the path automaton after the name it has
 * @decision: the decision; refused if it must not be talked to under that name
 *
 * Who may talk to it wins nothing, whatever it is called then.
 */
void fng_peer_gain_decide(const struct fng_image *image, u32 from,
			  struct fng_decision *decision)
{
	u32 granted = accept_of(image, from)->granted;

	fng_class_default(image, FNG_CLASS_UNIX, decision);
	decision->refused = !(granted & FNG_ACCESS_UNIX);
	if (decision->refused)
		decision->access = FNG_ACCESS_UNIX;
}
