// SPDX-License-Identifier: MIT
/*
 * Host rules as an automaton of names, with the ports that each may be talked to.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/**
 * struct judge - turns sets of rules into what a name is given
 * @model: the policy
 * @pool: where that goes
 */
struct judge {
	struct fngc_model *model;
	struct fngc_pool *pool;
};

typedef FNGC_ARRAY(u32) indexes;

static bool has_allow(const struct fngc_model *model, const u32 *rules,
		      size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (model->entries.v[rules[i]].effect == FNG_EFFECT_ALLOW)
			return true;
	}
	return false;
}

/* The port set of some rules, if they allow anything: denials alone decide nothing. */
static u32 ports_of(const struct judge *judge, const u32 *rules, size_t nr)
{
	const struct fngc_pool *pool = judge->pool;
	const struct fng_image_portset *set;
	u32 id;

	if (!has_allow(judge->model, rules, nr))
		return FNG_HOST_NO_PORTS;
	id = fngc_portset(judge->model, rules, nr, judge->pool, false);
	set = &pool->portsets.v[id];
	for (u32 i = set->start[0]; i < set->start[FNG_PROTO_OTHER]; i++) {
		if (pool->ports.v[i].effect == FNG_EFFECT_ALLOW)
			return id;
	}
	return FNG_HOST_NO_PORTS;
}

/* The ports of special addresses are those of rules that mean them, too. */
static u32 special_ports(const struct judge *judge, const u32 *rules, size_t nr)
{
	indexes kept = { 0 };
	u32 set;

	for (size_t i = 0; i < nr; i++) {
		const struct fngc_entry *entry =
			&judge->model->entries.v[rules[i]];

		if (entry->special || entry->effect == FNG_EFFECT_DENY)
			*FNGC_PUSH(&kept) = rules[i];
	}
	set = ports_of(judge, kept.v, kept.nr);
	free(kept.v);
	return set;
}

/* A deny only takes a name out of what others allow. */
static u32 judge_rules(void *arg, const u32 *rules, size_t nr)
{
	const struct judge *judge = arg;
	struct fng_image_host host;
	u32 words[2], id;

	host.portset = ports_of(judge, rules, nr);
	if (host.portset == FNG_HOST_NO_PORTS)
		return 0;
	host.special = special_ports(judge, rules, nr);
	words[0] = host.portset;
	words[1] = host.special;
	id = fngc_intern(&judge->pool->host_ids, words, 2);
	if (id == judge->pool->hosts.nr)
		*FNGC_PUSH(&judge->pool->hosts) = host;
	return id + 1;
}

static const struct fngc_place *add_hosts(const struct fngc_model *model,
					  struct fngc_nfa *nfa)
{
	const struct fngc_place *last = NULL;

	for (size_t i = 0; i < model->entries.nr; i++) {
		const struct fngc_entry *entry = &model->entries.v[i];

		for (size_t j = 0; entry->host && j < entry->nr_host_globs; j++)
			fngc_nfa_add(nfa, &entry->host_globs[j], i);
		if (entry->host)
			last = &entry->place;
	}
	return last;
}

static bool too_much(struct fngc_compile *c, const struct fngc_place *place,
		     const char *what)
{
	fngc_error(c, place, "use fewer host rules, or wider ones",
		   "the host rules need %s", what);
	return false;
}

bool fngc_hosts_build(struct fngc_compile *c, struct fngc_pool *pool,
		      struct fngc_draft *draft)
{
	struct judge judge = { &c->model, pool };
	const struct fngc_place *place;
	const char *bad = NULL;
	struct fngc_nfa nfa;

	fngc_nfa_init(&nfa);
	place = add_hosts(&c->model, &nfa);
	if (place)
		bad = fngc_automaton(&nfa, judge_rules, &judge, &draft->host,
				     NULL);
	fngc_nfa_free(&nfa);
	if (!bad && pool->hosts.nr > FNG_MAX_HOSTS)
		bad = "more than 65535 different sets of ports";
	return bad ? too_much(c, place, bad) : true;
}

static_assert(FNG_MAX_HOSTS == 65535, "message");
