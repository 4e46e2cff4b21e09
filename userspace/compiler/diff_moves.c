// SPDX-License-Identifier: MIT
/*
 * Directories that may get another name under one policy and not under the other.
 *
 * What the engine says of a move depends on the masks of the states behind the
 * old name and the new one, and on whether these are one state. So a few
 * directories of each kind of masks stand for all: the first, one that has
 * another state before, and one that has another state after. What is one state
 * under one policy and two under the other is found state by state.
 */
#include <stdlib.h>

#include <compiler/differ.h>
#include <compiler/walk_pairs.h>

/**
 * struct few - those that stand for all with the same masks
 * @first: of them, an index of a pair
 * @other: per side, another with another state, or @first
 */
struct few {
	u32 first;
	u32 other[2];
};

/**
 * struct mover - directories while they are compared
 * @differ: the comparison
 * @pairs: of states
 * @ids: kinds of masks
 * @few: per id, the directories that stand for it
 */
struct mover {
	struct fngc_differ *differ;
	const struct fngc_pairs *pairs;
	struct fngc_intern ids;
	FNGC_ARRAY(struct few) few;
};

static const struct fng_image_state *state_of(const struct fng_image *image,
					      u32 state)
{
	return state & FNG_STATE_BASE ?
	       &image->base->path.states[state & ~FNG_STATE_BASE] :
	       &image->path.states[state];
}

static u32 masks_of(const struct mover *mover, u32 at, u32 side)
{
	const struct fng_image_state *state =
		state_of(mover->differ->image[side],
			 mover->pairs->v[at].state[side]);

	return (state->any & FNG_ACCESS_TREE_GAIN) |
	       (state->every & FNG_ACCESS_TREE_GAIN) << 16;
}

static void add(struct mover *mover, const u32 words[3], u32 at)
{
	u32 id = fngc_intern(&mover->ids, words, 3);
	const struct fngc_pair *pairs = mover->pairs->v;
	struct few *few;

	if (id == mover->few.nr)
		*FNGC_PUSH(&mover->few) = (struct few){ at, { at, at } };
	few = &mover->few.v[id];
	for (u32 side = 0; side < 2; side++) {
		if (few->other[side] == few->first &&
		    pairs[at].state[side] != pairs[few->first].state[side])
			few->other[side] = at;
	}
}

static void compare_move(struct mover *mover, u32 from, u32 to)
{
	const struct fngc_pairs *pairs = mover->pairs;
	struct fngc_differ *differ = mover->differ;
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++)
		fng_tree_gain_decide(differ->image[side],
				     pairs->v[from].state[side],
				     pairs->v[to].state[side],
				     &decisions[side]);
	found = fngc_differ_decided(differ, FNGC_ABOUT_MOVE, decisions, 0, 0);
	if (!found)
		return;
	found->example.name = fngc_directory_name(pairs, from, &differ->arena);
	found->example.to = fngc_directory_name(pairs, to, &differ->arena);
}

static void compare_few(struct mover *mover, const struct few *from,
			const struct few *to)
{
	const u32 old[] = { from->first, from->other[0], from->other[1] };
	const u32 new[] = { to->first, to->other[0], to->other[1] };

	for (size_t i = 0; i < ARRAY_SIZE(old); i++)
		for (size_t j = 0; j < ARRAY_SIZE(new); j++)
			compare_move(mover, old[i], new[j]);
}

static void forget(struct mover *mover)
{
	fngc_intern_free(&mover->ids);
	mover->few.nr = 0;
}

static bool compare_all(struct mover *mover, const u32 *directories, size_t nr)
{
	size_t kinds;

	for (size_t i = 0; i < nr; i++) {
		const u32 words[3] = {
			masks_of(mover, directories[i], 0),
			masks_of(mover, directories[i], 1),
		};

		add(mover, words, directories[i]);
	}
	kinds = mover->few.nr;
	for (size_t i = 0; i < kinds && kinds <= FNGC_MAX_PAIRS / kinds; i++)
		for (size_t j = 0; j < kinds; j++)
			compare_few(mover, &mover->few.v[i], &mover->few.v[j]);
	forget(mover);
	return !kinds || kinds <= FNGC_MAX_PAIRS / kinds;
}

/* Those with one state on one side, one kind after the other. */
static void compare_state(struct mover *mover, u32 side, const u32 *directories,
			  size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const u32 words[3] = {
			masks_of(mover, directories[i], !side),
		};

		add(mover, words, directories[i]);
	}
	for (size_t i = 0; i < mover->few.nr; i++)
		for (size_t j = 0; j < mover->few.nr; j++)
			compare_few(mover, &mover->few.v[i], &mover->few.v[j]);
	forget(mover);
}

static int order(const void *left, const void *right, void *state_of_pair)
{
	const u32 *states = state_of_pair;
	u32 a = states[*(const u32 *)left], b = states[*(const u32 *)right];

	return a < b ? -1 : a > b;
}

static void compare_states(struct mover *mover, u32 side, u32 *directories,
			   size_t nr)
{
	u32 *states = fngc_xcalloc(mover->pairs->nr, sizeof(*states));
	size_t end;

	for (size_t i = 0; i < mover->pairs->nr; i++)
		states[i] = mover->pairs->v[i].state[side];
	qsort_r(directories, nr, sizeof(*directories), order, states);
	for (size_t i = 0; i < nr; i = end) {
		end = i + 1;
		while (end < nr &&
		       states[directories[end]] == states[directories[i]])
			end++;
		if (end - i > 1)
			compare_state(mover, side, directories + i, end - i);
	}
	free(states);
}

bool fngc_diff_moves(struct fngc_differ *differ, const struct fngc_pairs *pairs,
		     const u32 *directories, size_t nr)
{
	struct mover mover = { .differ = differ, .pairs = pairs };
	u32 *sorted = fngc_xcalloc(nr, sizeof(*sorted));
	bool complete;

	if (nr)
		memcpy(sorted, directories, nr * sizeof(*sorted));
	complete = compare_all(&mover, directories, nr);
	for (u32 side = 0; complete && side < 2; side++)
		compare_states(&mover, side, sorted, nr);
	free(sorted);
	free(mover.few.v);
	return complete;
}
