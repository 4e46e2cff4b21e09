/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Between the parts that decide.
 */
#ifndef FNGUARD_DECIDE_H
#define FNGUARD_DECIDE_H

#include "engine.h"

/**
 * fng_decision_set() - fill a decision in
 * @decision: what to fill
 * @image: whose decision it is
 * @class: class that decides
 * @refused: the verdict
 * @rule: rule id that decides
 */
static inline void fng_decision_set(struct fng_decision *decision,
				    const struct fng_image *image, u8 class,
				    bool refused, u32 rule)
{
	const struct fng_image_class *settings = &image->classes[class];

	decision->refused = refused;
	decision->audit = settings->mode == FNG_MODE_AUDIT;
	decision->class = class;
	decision->err = (u16)settings->err;
	decision->rule = rule;
	decision->access = 0;
}

/**
 * fng_dfa_advance() - walk until the end of a name, or out of the automaton
 * @dfa: automaton
 * @state: state to start from, then where the walk ended
 * @name: what to consume, then what is left
 * @end: end of the name
 *
 * Return: false at the end of the name; true if @state is the dead one, or one
 * of the base's that the last byte consumed is handed to.
 */
static inline bool fng_dfa_advance(const struct fng_dfa *dfa, u32 *state,
				   const char **name, const char *end)
{
	const struct fng_image_state *states = dfa->states;
	const struct fng_image_trans *trans = dfa->trans;
	const u8 *map = dfa->map;

	while (*name < end) {
		const struct fng_image_state *s = &states[*state];
		const struct fng_image_trans *t;

		t = &trans[s->base + map[(u8)*(*name)++]];
		if (t->check == *state) {
			*state = t->next;
			continue;
		}
		*state = s->dflt;
		/*
		 * Dead, which leads to itself only, or with FNG_STATE_BASE: no
		 * slot leads out, so one comparison here is enough for both.
		 */
		if ((s32)*state <= (s32)FNG_STATE_DEAD)
			return true;
	}
	return false;
}

/* automaton.c */
u32 fng_base_walk(const struct fng_image *image, u32 state, const char *name,
		  const char *end);

#endif /* FNGUARD_DECIDE_H */
