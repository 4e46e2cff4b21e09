/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Between the parts that walk and decide.
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
	decision->audit = settings->mode != FNG_MODE_ENFORCE;
	decision->class = class;
	decision->err = (u16)settings->err;
	decision->rule = rule;
	decision->access = 0;
}

/* Number of the lowest access bit; within bounds whatever the mask is. */
static inline u32 fng_lowest_access(u32 mask)
{
	return (u32)__builtin_ctz(mask | 1u << (FNG_NR_ACCESS - 1));
}

/* The rules of defaults are not in the base. */
static inline u32 fng_rule_of(const struct fng_image *image, u8 class, u32 rule)
{
	return rule == FNG_RULE_DEFAULT ? image->classes[class].rule : rule;
}

/**
 * fng_accept_decide() - decide on an access to what an entry is about
 * @image: whose decision
 * @accept: the entry, of the image or its base
 * @access: FNG_ACCESS_* bits, all of one class
 * @decision: the decision; its rule is still as the entry says it
 */
static inline void fng_accept_decide(const struct fng_image *image,
				     const struct fng_image_accept *accept,
				     u32 access, struct fng_decision *decision)
{
	u32 missing = access & ~(u32)accept->granted;
	u32 bit = fng_lowest_access(missing ? missing : access);

	fng_decision_set(decision, image, fng_access_class(access),
			 missing != 0, accept->rule[bit]);
	decision->access = missing;
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

/* decide_egress.c */
const struct fng_image_port *fng_port_find(const struct fng_image *image,
					   const struct fng_image_portset *set,
					   u8 proto, u16 port);

/* base.c: apart, so that who has no base keeps no registers for it */
u32 fng_base_walk(const struct fng_image *image, u32 state, const char *name,
		  const char *end);
void fng_base_decide(const struct fng_image *image, u32 state, u32 access,
		     struct fng_decision *decision);

#endif /* FNGUARD_DECIDE_H */
