// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What is asked of a base, once the policy's own part has handed a name over.
 */
#include "decide.h"

/**
 * fng_base_walk() - go on with a name that was handed over
 * @image: whose base
 * @state: FNG_STATE_BASE and the state that it was handed to
 * @name: what follows the byte that was handed over with it
 * @end: end of the name
 *
 * Return: FNG_STATE_BASE and the state after the last byte.
 */
u32 fng_base_walk(const struct fng_image *image, u32 state, const char *name,
		  const char *end)
{
	name--;
	return FNG_STATE_BASE | fng_dfa_walk(&image->base->path,
					     state & ~FNG_STATE_BASE, name,
					     (size_t)(end - name));
}

/**
 * fng_path_step() - find the state of a path that is one byte longer
 * @image: whose path automaton
 * @state: state of the path
 * @byte: byte to consume
 *
 * Return: as fng_path_walk().
 */
u32 fng_path_step(const struct fng_image *image, u32 state, u8 byte)
{
	if (!(state & FNG_STATE_BASE))
		state = fng_dfa_step(&image->path, state, byte);
	/* The policy's own part has handed the byte over, or had done before. */
	if (state & FNG_STATE_BASE)
		state = FNG_STATE_BASE |
			fng_dfa_step(&image->base->path,
				     state & ~FNG_STATE_BASE, byte);
	return state;
}

/**
 * fng_base_decide() - decide on an access to a file whose name ends in the base
 * @image: whose decision
 * @state: FNG_STATE_BASE and the state after the name
 * @access: FNG_ACCESS_* bits, all of one class
 * @decision: the decision
 */
void fng_base_decide(const struct fng_image *image, u32 state, u32 access,
		     struct fng_decision *decision)
{
	const struct fng_image *base = image->base;
	u32 accept = base->path.states[state & ~FNG_STATE_BASE].accept;

	fng_accept_decide(image, &base->accepts[accept], access, decision);
	decision->rule = fng_rule_of(image, decision->class, decision->rule);
}
