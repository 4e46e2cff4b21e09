// SPDX-License-Identifier: MIT
/*
 * Names that may be used for something under one policy and not under the other:
 * files, code and Unix sockets; directories that may be moved; and files that
 * have lost their names.
 */
#include <stdlib.h>

#include <compiler/differ.h>
#include <compiler/walk_pairs.h>

/* How a name has begun; what follows @ is free. */
enum shape {
	SHAPE_EMPTY,
	SHAPE_ROOT,
	SHAPE_DIRECTORY,
	SHAPE_PATH,
	SHAPE_ABSTRACT_EMPTY,
	SHAPE_ABSTRACT,
	SHAPE_HOST_DIRECTORY,
	SHAPE_HOST_PATH,
	SHAPE_PREFIX,
};

/* A path as the kernel asks about it: no name in it is empty. */
static u8 next_of_path(u8 shape, u8 byte)
{
	if (shape == SHAPE_EMPTY)
		return byte == '/' ? SHAPE_ROOT : FNGC_NOWHERE;
	if (shape == SHAPE_PATH)
		return byte == '/' ? SHAPE_DIRECTORY : SHAPE_PATH;
	return byte == '/' ? FNGC_NOWHERE : SHAPE_PATH;
}

/* The letters of the prefix have the shapes from SHAPE_PREFIX on. */
static u8 next_of_prefix(u8 at, u8 byte)
{
	if (at == strlen(FNG_PEER_HOST))
		return byte == '/' ? SHAPE_HOST_DIRECTORY : FNGC_NOWHERE;
	if (byte != (u8)FNG_PEER_HOST[at])
		return FNGC_NOWHERE;
	return SHAPE_PREFIX + at + 1;
}

static u8 next_of_name(u8 shape, u8 byte)
{
	switch (shape) {
	case SHAPE_EMPTY:
		if (byte == FNG_PEER_ABSTRACT)
			return SHAPE_ABSTRACT_EMPTY;
		return byte == '/' ? SHAPE_ROOT : next_of_prefix(0, byte);
	case SHAPE_ABSTRACT_EMPTY:
	case SHAPE_ABSTRACT:
		return SHAPE_ABSTRACT;
	case SHAPE_HOST_PATH:
		return byte == '/' ? SHAPE_HOST_DIRECTORY : SHAPE_HOST_PATH;
	case SHAPE_HOST_DIRECTORY:
		return byte == '/' ? FNGC_NOWHERE : SHAPE_HOST_PATH;
	case SHAPE_ROOT:
	case SHAPE_DIRECTORY:
	case SHAPE_PATH:
		return next_of_path(shape, byte);
	default:
		return next_of_prefix(shape - SHAPE_PREFIX, byte);
	}
}

/* What is asked about a name of this shape. */
static u32 access_of(u8 shape)
{
	switch (shape) {
	case SHAPE_ROOT:
	case SHAPE_PATH:
		return FNG_ACCESS_ALL;
	case SHAPE_ABSTRACT:
	case SHAPE_HOST_PATH:
		return FNG_ACCESS_UNIX;
	default:
		return 0;
	}
}

static void decide_both(const struct fngc_differ *differ,
			const struct fngc_pair *pair, u32 access,
			struct fng_decision decisions[2])
{
	for (u32 side = 0; side < 2; side++)
		fng_path_decide(differ->image[side], pair->state[side], access,
				&decisions[side]);
}

/* Of the bits, those that are decided as the lowest is, by the same rules. */
static u32 decided_alike(const struct fngc_differ *differ,
			 const struct fngc_pair *pair, u32 bits,
			 struct fng_decision decisions[2])
{
	struct fng_decision others[2];
	u32 alike = bits & -bits;

	decide_both(differ, pair, alike, decisions);
	for (u32 left = bits & ~alike; left; left &= left - 1) {
		decide_both(differ, pair, left & -left, others);
		if (others[0].refused == decisions[0].refused &&
		    others[0].rule == decisions[0].rule &&
		    others[1].rule == decisions[1].rule)
			alike |= left & -left;
	}
	return alike;
}

static void compare_access(struct fngc_differ *differ,
			   const struct fngc_pairs *pairs, u32 at, u32 access)
{
	const struct fngc_pair *pair = &pairs->v[at];
	struct fng_decision decisions[2];
	struct fngc_difference *found;
	u32 bits, alike;

	if (!access)
		return;
	decide_both(differ, pair, access, decisions);
	bits = decisions[0].access ^ decisions[1].access;
	for (; bits; bits &= ~alike) {
		alike = decided_alike(differ, pair, bits, decisions);
		found = fngc_differ_decided(differ, FNGC_ABOUT_NAME, decisions,
					    alike, alike);
		if (!found)
			continue;
		found->example.name = fngc_pairs_name(pairs, at,
						      &differ->arena);
		found->example.access = alike & -alike;
	}
}

static void compare_directory(struct fngc_differ *differ,
			      const struct fngc_pairs *pairs, u32 at)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++)
		fng_subtree_decide(differ->image[side],
				   pairs->v[at].state[side], &decisions[side]);
	found = fngc_differ_decided(differ, FNGC_ABOUT_DIRECTORY, decisions, 0,
				    0);
	if (found)
		found->example.name = fngc_directory_name(pairs, at,
							   &differ->arena);
}

/* How moves of directories differ. */
static bool compare_moves(struct fngc_differ *differ,
			  const struct fngc_pairs *pairs)
{
	FNGC_ARRAY(u32) directories = { 0 };
	bool complete;

	for (size_t i = 0; i < pairs->nr; i++) {
		if (pairs->v[i].shape == SHAPE_DIRECTORY)
			*FNGC_PUSH(&directories) = i;
	}
	complete = fngc_diff_moves(differ, pairs, directories.v,
				   directories.nr);
	free(directories.v);
	return complete;
}

static void compare_nameless(struct fngc_differ *differ)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 left = FNG_ACCESS_FILES; left; left &= left - 1) {
		for (u32 side = 0; side < 2; side++)
			fng_nameless_decide(differ->image[side], left & -left,
					    &decisions[side]);
		found = fngc_differ_decided(differ, FNGC_ABOUT_NAMELESS,
					    decisions, left & -left, 0);
		if (found)
			found->example.access = left & -left;
	}
}

static void compare_names(struct fngc_differ *differ,
			  const struct fngc_pairs *pairs)
{
	for (size_t i = 0; i < pairs->nr; i++) {
		u32 access = access_of(pairs->v[i].shape);

		compare_access(differ, pairs, i, access & FNG_ACCESS_CODE);
		compare_access(differ, pairs, i, access & FNG_ACCESS_FILES);
		compare_access(differ, pairs, i, access & FNG_ACCESS_UNIX);
		if (pairs->v[i].shape == SHAPE_DIRECTORY)
			compare_directory(differ, pairs, i);
	}
}

/*
 * The policy's own part has a state for each of the base's that it hands over
 * to, and both have a dead one. What is one state to the engine gets one number.
 */
static u32 step_path(const struct fng_image *image, u32 state, u8 byte)
{
	state = fng_path_step(image, state, byte);
	if (!(state & FNG_STATE_BASE) &&
	    image->path.states[state].dflt & FNG_STATE_BASE)
		state = image->path.states[state].dflt;
	return state == (FNG_STATE_BASE | FNG_STATE_DEAD) ? FNG_STATE_DEAD :
	       state;
}

static void add_map(struct fngc_automata *automata, const struct fng_dfa *dfa)
{
	automata->maps[automata->nr_maps++] = dfa->map;
}

int fngc_diff_paths(struct fngc_differ *differ)
{
	const struct fngc_names names = { next_of_name, "/host:@",
					  FNG_MAX_PATH - 1 };
	struct fngc_automata automata = {
		.image = { differ->image[0], differ->image[1] },
		.step = step_path,
	};
	struct fngc_pairs pairs;
	bool complete;

	for (u32 side = 0; side < 2; side++) {
		add_map(&automata, &differ->image[side]->path);
		if (differ->image[side]->base)
			add_map(&automata, &differ->image[side]->base->path);
	}
	complete = fngc_pairs_walk(&automata, &names, &pairs);
	if (complete) {
		compare_names(differ, &pairs);
		compare_nameless(differ);
		complete = compare_moves(differ, &pairs);
	}
	fngc_pairs_free(&pairs);
	return complete ? 0 :
	       fngc_differ_fail(differ, "the rules on paths have more than 16,777,216 pairs of states");
}
