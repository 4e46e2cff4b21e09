// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Walking an automaton over a name.
 */
#include "engine.h"

/**
 * fng_dfa_walk() - advance an automaton over a name
 * @dfa: automaton of a verified image
 * @state: state to start from
 * @name: name to consume; a NUL in it is a byte like any other
 * @len: bytes of @name
 *
 * Return: the state after the last byte.
 */
u32 fng_dfa_walk(const struct fng_dfa *dfa, u32 state, const char *name,
		 size_t len)
{
	const struct fng_image_state *states = dfa->states;
	const struct fng_image_trans *trans = dfa->trans;
	const char *end = name + len;
	const u8 *map = dfa->map;

	while (name < end) {
		const struct fng_image_state *s = &states[state];
		const struct fng_image_trans *t;

		t = &trans[s->base + map[(u8)*name++]];
		if (t->check == state) {
			state = t->next;
			continue;
		}
		state = s->dflt;
		/* Leads to itself only: to look for it here is enough. */
		if (state == FNG_STATE_DEAD)
			break;
	}
	return state;
}

/**
 * fng_cgroup_match() - does an attach template match a cgroup?
 * @image: whose templates
 * @state: state after the cgroup's path from the v2 root
 *
 * Return: true if one does.
 */
bool fng_cgroup_match(const struct fng_image *image, u32 state)
{
	return image->cgroup.states[state].accept;
}
