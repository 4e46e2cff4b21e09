// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Walking an automaton over a name.
 */
#include "decide.h"

/**
 * fng_dfa_walk() - advance an automaton over a name
 * @dfa: automaton that hands nothing over: of attach templates, or of a base
 * @state: state to start from
 * @name: name to consume; a NUL in it is a byte like any other
 * @len: bytes of @name
 *
 * Return: the state after the last byte.
 */
u32 fng_dfa_walk(const struct fng_dfa *dfa, u32 state, const char *name,
		 size_t len)
{
	fng_dfa_advance(dfa, &state, &name, name + len);
	return state;
}

/**
 * fng_path_walk() - find the state of a path
 * @image: whose path automaton
 * @name: the path; a NUL in it is a byte like any other
 * @len: bytes of @name
 *
 * Return: the state after the last byte; with FNG_STATE_BASE if it is one of the
 * base's.
 */
u32 fng_path_walk(const struct fng_image *image, const char *name, size_t len)
{
	const char *end = name + len;
	u32 state = FNG_STATE_START;

	if (!fng_dfa_advance(&image->path, &state, &name, end) ||
	    state == FNG_STATE_DEAD)
		return state;
	return fng_base_walk(image, state, name, end);
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

/**
 * fng_device_match() - does a template match a network device?
 * @image: whose templates
 * @name: of the device
 * @len: bytes of @name
 *
 * Return: how it does.
 */
enum fng_device_match fng_device_match(const struct fng_image *image,
				       const char *name, size_t len)
{
	u32 state = fng_dfa_walk(&image->device, FNG_STATE_START, name, len);

	return image->device.states[state].accept;
}
