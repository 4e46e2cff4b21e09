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
	const char *end = name + len;

	while (name < end && state != FNG_STATE_DEAD)
		state = fng_dfa_step(dfa, state, (u8)*name++);
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
