// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The automata: after this, no byte of any name leads out of their tables.
 */
#include "verify.h"

/**
 * struct subject - one automaton while it is being verified
 * @dfa: the automaton
 * @accepts: what its states grant; NULL for templates and hosts, which only match
 * @nr_trans: number of its transition slots
 * @nr_eq: number of its equivalence classes
 * @nr_accepts: what a state's accept must be below
 * @absent: access bits of classes that the policy does not have
 * @base: the base, whose states these can hand over to; or NULL
 */
struct subject {
	const struct fng_dfa *dfa;
	const struct fng_image_accept *accepts;
	u32 nr_trans;
	u32 nr_eq;
	u32 nr_accepts;
	u16 absent;
	const struct fng_image *base;
};

/* A policy without templates matches nothing, one without hosts no name. */
static const u8 no_map[256];
static const struct fng_image_state no_states[FNG_STATE_START + 1];
static const struct fng_image_trans no_trans[1];

static u32 count_classes(const u8 map[256])
{
	u32 max = 0;
	u32 i;

	for (i = 0; i < 256; i++)
		if (map[i] > max)
			max = map[i];
	return max + 1;
}

static u16 absent_access(const struct fng_image_class *classes)
{
	u32 absent = 0;
	u32 i;

	for (i = 0; i < FNG_NR_CLASSES; i++)
		if (!classes[i].present)
			absent |= fng_class_access(i);
	return (u16)absent;
}

static bool decides(const struct fng_verifier *v, u32 rule)
{
	return fng_rule_valid(v, rule) ||
	       (v->is_base && rule == FNG_RULE_DEFAULT);
}

static int check_accept(const struct fng_verifier *v, const struct subject *s,
			const struct fng_image_accept *accept)
{
	u32 i;

	if ((accept->granted | accept->denied) & ~FNG_ACCESS_ALL)
		return fng_refuse(v, &accept->granted,
				  "an access is not known");
	if (accept->granted & accept->denied)
		return fng_refuse(v, &accept->denied,
				  "an access is both granted and denied");
	if (s->absent & ~accept->granted)
		return fng_refuse(v, &accept->granted,
				  "an absent class does not grant an access");
	for (i = 0; i < FNG_NR_ACCESS; i++)
		if (s->absent & 1u << i ?
		    accept->rule[i] != FNG_RULE_NONE :
		    !decides(v, accept->rule[i]))
			return fng_refuse(v, &accept->rule[i],
					  "an access is decided by no rule");
	return 0;
}

/**
 * uncovered() - find the mask of a state that leaves something out
 * @state: the state
 * @any: what its mask of the same name must include
 * @every: what its mask of the same name must be included in
 * @deny: what its mask of the same name must include
 *
 * Return: the mask, NULL if all is well.
 */
static const u16 *uncovered(const struct fng_image_state *state, u16 any,
			    u16 every, u16 deny)
{
	if (any & ~state->any)
		return &state->any;
	if (state->every & ~every)
		return &state->every;
	if (deny & ~state->deny)
		return &state->deny;
	return NULL;
}

static int check_successor(const struct fng_verifier *v,
			   const struct fng_image_state *state,
			   const struct fng_image_state *next)
{
	const u16 *mask = uncovered(state, next->any, next->every, next->deny);

	if (mask)
		return fng_refuse(v, mask,
				  "a state's masks do not cover its successors");
	return 0;
}

static int check_masks(const struct fng_verifier *v, const struct subject *s,
		       const struct fng_image_state *state)
{
	const struct fng_image_accept *accept = &s->accepts[state->accept];
	const u16 *mask = uncovered(state, accept->granted, accept->granted,
				   accept->denied);

	if (mask)
		return fng_refuse(v, mask,
				  "a state's masks do not cover what it accepts");
	if (state->any & ~FNG_ACCESS_ALL)
		return fng_refuse(v, &state->any,
				  "a state's masks have unknown accesses");
	if (state->deny & ~FNG_ACCESS_ALL)
		return fng_refuse(v, &state->deny,
				  "a state's masks have unknown accesses");
	if (s->absent & ~state->every)
		return fng_refuse(v, &state->every,
				  "an absent class does not grant below a state");
	if (s->absent & state->deny)
		return fng_refuse(v, &state->deny,
				  "an absent class denies below a state");
	return 0;
}

static int check_no_masks(const struct fng_verifier *v,
			  const struct fng_image_state *state)
{
	const u16 *mask = uncovered(state, 0, 0, 0);

	if (!mask && state->any)
		mask = &state->any;
	if (!mask && state->deny)
		mask = &state->deny;
	if (mask)
		return fng_refuse(v, mask, "a state without paths has masks");
	return 0;
}

/* The state that another one's default is, or hands over to; or NULL. */
static const struct fng_image_state *find_state(const struct subject *s,
						u32 state)
{
	const struct fng_dfa *dfa = s->dfa;

	if (state & FNG_STATE_BASE) {
		if (!s->base)
			return NULL;
		dfa = &s->base->path;
		state &= ~FNG_STATE_BASE;
	}
	return state < dfa->nr_states ? &dfa->states[state] : NULL;
}

static int check_state_indexes(const struct fng_verifier *v,
			       const struct subject *s,
			       const struct fng_image_state *state)
{
	if (s->nr_eq > s->nr_trans || state->base > s->nr_trans - s->nr_eq)
		return fng_refuse(v, &state->base,
				  "a state's slots lie beyond the table");
	if (!find_state(s, state->dflt))
		return fng_refuse(v, &state->dflt,
				  "a state's default is no state");
	if (state->accept >= s->nr_accepts)
		return fng_refuse(v, &state->accept,
				  "a state accepts nothing that there is");
	return 0;
}

static bool accept_same(const struct fng_image_accept *a,
			const struct fng_image_accept *b)
{
	return a->granted == b->granted && a->denied == b->denied;
}

/* A state that hands over is taken for the one that it hands over to. */
static int check_stand_in(const struct fng_verifier *v,
			  const struct subject *s,
			  const struct fng_image_state *state)
{
	u32 theirs = find_state(s, state->dflt)->accept;

	if (!accept_same(&s->accepts[state->accept], &s->base->accepts[theirs]))
		return fng_refuse(v, &state->accept,
				  "a state that hands over accepts otherwise");
	return 0;
}

static int check_state(const struct fng_verifier *v, const struct subject *s,
		       const struct fng_image_state *state)
{
	int err;

	err = check_state_indexes(v, s, state);
	if (err)
		return err;
	if (!s->accepts)
		return check_no_masks(v, state);
	err = check_masks(v, s, state);
	if (err)
		return err;
	err = check_successor(v, state, find_state(s, state->dflt));
	if (err || !(state->dflt & FNG_STATE_BASE))
		return err;
	return check_stand_in(v, s, state);
}

static int check_dead_state(const struct fng_verifier *v,
			    const struct fng_image_state *dead)
{
	if (dead->dflt != FNG_STATE_DEAD)
		return fng_refuse(v, &dead->dflt, "the dead state is left");
	if (dead->accept)
		return fng_refuse(v, &dead->accept,
				  "the dead state accepts something");
	return 0;
}

/* The states have been checked: their bases can be computed with. */
static int check_trans(const struct fng_verifier *v, const struct subject *s,
		       u32 slot)
{
	const struct fng_image_trans *trans = &s->dfa->trans[slot];
	const struct fng_image_state *states = s->dfa->states;

	if (trans->next >= s->dfa->nr_states)
		return fng_refuse(v, &trans->next,
				  "a transition leads to no state");
	if (trans->check == FNG_STATE_UNOWNED)
		return 0;
	if (trans->check >= s->dfa->nr_states)
		return fng_refuse(v, &trans->check,
				  "a transition is owned by no state");
	if (slot - states[trans->check].base >= s->nr_eq)
		return fng_refuse(v, &trans->check,
				  "a transition is out of its owner's reach");
	if (states[trans->check].dflt & FNG_STATE_BASE)
		return fng_refuse(v, &trans->check,
				  "a state that hands over owns a transition");
	if (trans->check == FNG_STATE_DEAD && trans->next != FNG_STATE_DEAD)
		return fng_refuse(v, &trans->next, "the dead state is left");
	return check_successor(v, &states[trans->check], &states[trans->next]);
}

static int check_automaton(const struct fng_verifier *v,
			   const struct subject *s)
{
	u32 i;
	int err;

	for (i = 0; i < s->dfa->nr_states; i++) {
		err = check_state(v, s, &s->dfa->states[i]);
		if (err)
			return err;
	}
	err = check_dead_state(v, &s->dfa->states[FNG_STATE_DEAD]);
	if (err)
		return err;
	for (i = 0; i < s->nr_trans; i++) {
		err = check_trans(v, s, i);
		if (err)
			return err;
	}
	return 0;
}

static int check_paths(const struct fng_verifier *v)
{
	const struct subject s = {
		.dfa = &v->image.path,
		.accepts = v->image.accepts,
		.nr_trans = v->nr[FNG_SECTION_PATH_TRANS],
		.nr_eq = count_classes(v->image.path.map),
		.nr_accepts = v->nr[FNG_SECTION_PATH_ACCEPT],
		.absent = absent_access(v->image.classes),
		.base = v->base,
	};
	u32 i;
	int err;

	for (i = 0; i < s.nr_accepts; i++) {
		err = check_accept(v, &s, &s.accepts[i]);
		if (err)
			return err;
	}
	if (s.base && !accept_same(&s.accepts[0], &s.base->accepts[0]))
		return fng_refuse(v, &s.accepts[0],
				  "what no rule matches is decided otherwise");
	return check_automaton(v, &s);
}

/* One that only tells which entry a name has, @nr_accepts of them with none. */
static int check_plain(const struct fng_verifier *v, struct fng_dfa *dfa,
		       u32 nr_trans, u32 nr_accepts)
{
	struct subject s = {
		.dfa = dfa,
		.nr_trans = nr_trans,
		.nr_accepts = nr_accepts,
	};

	if (!dfa->nr_states) {
		dfa->map = no_map;
		dfa->states = no_states;
		dfa->trans = no_trans;
		return 0;
	}
	s.nr_eq = count_classes(dfa->map);
	return check_automaton(v, &s);
}

/**
 * fng_verify_automata() - verify what paths, cgroups, devices and hosts are
 *	matched with
 * @v: verifier that has seen shape and tables
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_automata(struct fng_verifier *v)
{
	int err;

	err = check_paths(v);
	if (err)
		return err;
	err = check_plain(v, &v->image.cgroup, v->nr[FNG_SECTION_CGROUP_TRANS],
			  2);
	if (err)
		return err;
	err = check_plain(v, &v->image.device, v->nr[FNG_SECTION_DEVICE_TRANS],
			  FNG_NR_DEVICE_MATCHES);
	if (err)
		return err;
	return check_plain(v, &v->image.host, v->nr[FNG_SECTION_HOST_TRANS],
			   v->image.nr_hosts + 1);
}
