// SPDX-License-Identifier: MIT
/*
 * Path rules and attach templates as automata.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/**
 * struct judge - turns sets of rules into accept entries
 * @model: the policy
 * @pool: where the entries go
 * @base: it is about the base
 */
struct judge {
	struct fngc_model *model;
	struct fngc_pool *pool;
	bool base;
};

static_assert(sizeof(struct fng_image_accept) % 4 == 0, "words");

/* The first of @rules with @effect on an access bit, or NULL. */
static struct fngc_entry *find_rule(struct fngc_model *model, const u32 *rules,
				    size_t nr, u8 effect, u32 bit)
{
	for (size_t i = 0; i < nr; i++) {
		struct fngc_entry *entry = &model->entries.v[rules[i]];

		if (entry->effect == effect && entry->access & bit)
			return entry;
	}
	return NULL;
}

/* For the lints: who decided here, and instead of whom. */
static void note_winner(struct fngc_model *model, const u32 *rules, size_t nr,
			u32 bit, struct fngc_entry *winner)
{
	winner->decides = true;
	for (size_t i = 0; i < nr; i++) {
		struct fngc_entry *entry = &model->entries.v[rules[i]];

		if (entry != winner && entry->access & bit)
			entry->beaten_by = winner - model->entries.v + 1;
	}
}

static void judge_bit(const struct judge *judge, const u32 *rules, size_t nr,
		      u32 number, struct fng_image_accept *accept)
{
	struct fngc_model *model = judge->model;
	u32 bit = 1u << number;
	u32 class = fng_access_class(bit);
	struct fngc_entry *entry;

	entry = find_rule(model, rules, nr, FNG_EFFECT_DENY, bit);
	if (entry)
		accept->denied |= bit;
	else
		entry = find_rule(model, rules, nr, FNG_EFFECT_ALLOW, bit);
	if (!(accept->denied & bit) &&
	    (entry || fngc_class_default(model, class) == FNG_EFFECT_ALLOW))
		accept->granted |= bit;
	if (entry) {
		accept->rule[number] = entry->rule;
		if (!judge->base)
			note_winner(model, rules, nr, bit, entry);
	} else if (model->section[class].set) {
		accept->rule[number] = model->dflt[class].rule;
	} else {
		accept->rule[number] = FNG_RULE_NONE;
	}
}

static u32 judge_rules(void *arg, const u32 *rules, size_t nr)
{
	struct fng_image_accept accept = { 0 };
	u32 words[sizeof(accept) / 4], id;
	struct judge *judge = arg;

	for (u32 bit = 0; bit < FNG_NR_ACCESS; bit++)
		judge_bit(judge, rules, nr, bit, &accept);
	memcpy(words, &accept, sizeof(words));
	id = fngc_intern(&judge->pool->accept_ids, words, sizeof(words) / 4);
	if (id == judge->pool->accepts.nr)
		*FNGC_PUSH(&judge->pool->accepts) = accept;
	return id;
}

/* The rule to show where there are too many states: one with many wildcards. */
static const struct fngc_place *widest(const struct fngc_model *model)
{
	const struct fngc_place *place = NULL;
	size_t most = 0;

	for (size_t i = 0; i < model->entries.nr; i++) {
		const struct fngc_entry *entry = &model->entries.v[i];
		size_t nr = 1;

		for (const char *p = entry->pattern; p && *p; p++)
			nr += *p == '*' || *p == '?';
		if (entry->pattern && nr > most) {
			most = nr;
			place = &entry->place;
		}
	}
	return place;
}

static bool too_much(struct fngc_compile *c, const struct fngc_place *place,
		     const char *what)
{
	fngc_error(c, place,
		   "patterns with several '*' or '**' multiply: name the "
		   "directories, or use fewer such patterns",
		   "the patterns are too entangled: they need %s", what);
	return false;
}

static_assert(FNG_MAX_TRANSITIONS == 4194304, "message");
static_assert(FNG_MAX_ACCEPTS == 65536, "message");

static void add_globs(struct fngc_nfa *nfa, const struct fngc_glob *globs,
		      size_t nr, u32 rule)
{
	for (size_t i = 0; i < nr; i++)
		fngc_nfa_add(nfa, &globs[i], rule);
}

bool fngc_draft_has(const struct fngc_draft *draft,
		    const struct fngc_entry *entry)
{
	return !draft->base || fngc_entry_inherited(entry);
}

bool fngc_paths_build(struct fngc_compile *c, struct fngc_pool *pool,
		      struct fngc_draft *draft)
{
	struct judge judge = { &c->model, pool, draft->base };
	struct fngc_nfa nfa;
	const char *bad;
	u32 subsets;

	fngc_nfa_init(&nfa);
	for (size_t i = 0; i < c->model.entries.nr; i++) {
		const struct fngc_entry *entry = &c->model.entries.v[i];

		if (entry->pattern && fngc_draft_has(draft, entry))
			add_globs(&nfa, entry->globs, entry->nr_globs, i);
	}
	judge_rules(&judge, NULL, 0);
	bad = fngc_automaton(&nfa, judge_rules, &judge, &draft->path, &subsets);
	fngc_nfa_free(&nfa);
	if (draft->base)
		return !bad;
	c->result.stats.path_subsets = subsets;
	if (!bad && pool->accepts.nr > FNG_MAX_ACCEPTS)
		bad = "more than 65536 different verdicts";
	return bad ? too_much(c, widest(&c->model), bad) : true;
}

bool fngc_paths_fit(struct fngc_compile *c,
		    const struct fngc_sections *sections)
{
	if (sections->path.nr_trans > FNG_MAX_TRANSITIONS)
		return too_much(c, widest(&c->model),
				"more than 4194304 transitions");
	return true;
}

static u32 accept_any(void *arg, const u32 *rules, size_t nr)
{
	(void)arg;
	(void)rules;
	return nr > 0;
}

/* Rules come ascending, and those of devices are numbered by how they match. */
static u32 accept_last(void *arg, const u32 *rules, size_t nr)
{
	(void)arg;
	return nr ? rules[nr - 1] : FNG_DEVICE_UNMATCHED;
}

static bool build_templates(struct fngc_compile *c, struct fngc_nfa *nfa,
			    fngc_accept_fn accept,
			    const struct fngc_place *place,
			    struct fngc_table *table)
{
	struct fngc_rows rows = { 0 };
	const char *bad;

	bad = fngc_automaton(nfa, accept, NULL, &rows, NULL);
	if (!bad)
		fngc_table_pack(&rows, NULL, table);
	fngc_rows_free(&rows);
	if (!bad && table->nr_trans > FNG_MAX_TRANSITIONS)
		bad = "more than 4194304 transitions";
	return bad ? too_much(c, place, bad) : true;
}

static bool build_cgroups(struct fngc_compile *c, struct fngc_table *table)
{
	struct fngc_nfa nfa;
	bool fine;

	if (!c->model.attach.nr)
		return true;
	fngc_nfa_init(&nfa);
	for (size_t i = 0; i < c->model.attach.nr; i++)
		add_globs(&nfa, c->model.attach.v[i].globs,
			  c->model.attach.v[i].nr_globs, 0);
	fine = build_templates(c, &nfa, accept_any, &c->model.attach.v[0].place,
			       table);
	fngc_nfa_free(&nfa);
	return fine;
}

static void add_devices(struct fngc_compile *c, struct fngc_nfa *nfa,
			const struct fngc_attach *attach)
{
	for (size_t i = 0; i < attach->nr_globs; i++)
		fngc_nfa_add(nfa, &attach->globs[i],
			     fngc_glob_literal(c, &attach->globs[i]) ?
			     FNG_DEVICE_NAMED : FNG_DEVICE_MATCHED);
}

static bool build_devices(struct fngc_compile *c, struct fngc_table *table)
{
	struct fngc_nfa nfa;
	bool fine;

	if (!c->model.interfaces.nr)
		return true;
	fngc_nfa_init(&nfa);
	for (size_t i = 0; i < c->model.interfaces.nr; i++)
		add_devices(c, &nfa, &c->model.interfaces.v[i]);
	fine = build_templates(c, &nfa, accept_last,
			       &c->model.interfaces.v[0].place, table);
	fngc_nfa_free(&nfa);
	return fine;
}

bool fngc_attach_build(struct fngc_compile *c, struct fngc_templates *templates)
{
	return build_cgroups(c, &templates->cgroup) &&
	       build_devices(c, &templates->device);
}
