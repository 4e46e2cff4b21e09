// SPDX-License-Identifier: MIT
/*
 * Networks of all rules as disjoint ranges, each with the port set of the rules
 * that cover it. Networks nest or are apart, so a stack of open ones is enough.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/* Rules that cover some address, added up over all ranges. */
#define MAX_COVERS	(24u << 20)

/* A network of a rule. */
struct span {
	fngc_u128 first;
	fngc_u128 last;
	u32 rule;
};

/* A network that is open at the address at hand, and all rules up to it. */
struct level {
	fngc_u128 last;
	u32 set;
};

/**
 * struct sweep - one address family
 * @c: compilation
 * @pool: where port sets go
 * @draft: whose rules
 * @out: where ranges go
 * @family: 4 or 6
 * @spans: networks, by first address, the larger ones first
 * @levels: open networks, the smallest on top
 * @sets: sets of rules
 * @portset_of: per set of rules, its port set, or FNGC_NONE
 * @at: first address that is not dealt with
 * @done: there is no such address
 */
struct sweep {
	struct fngc_compile *c;
	struct fngc_pool *pool;
	const struct fngc_draft *draft;
	fngc_segments *out;
	u8 family;
	FNGC_ARRAY(struct span) spans;
	FNGC_ARRAY(struct level) levels;
	struct fngc_intern *sets;
	FNGC_ARRAY(u32) portset_of;
	fngc_u128 at;
	bool done;
};

/* IPv4 addresses written as IPv6: judged as IPv4, so no IPv6 range has them. */
#define MAPPED_FIRST	((fngc_u128)0xffffull << 32)
#define MAPPED_LAST	(MAPPED_FIRST | 0xffffffffull)

static fngc_u128 to_number(const u8 *bytes, u8 family)
{
	fngc_u128 number = 0;

	for (u32 i = 0; i < (family == 6 ? 16 : 4); i++)
		number = number << 8 | bytes[i];
	return number;
}

static void add_span(struct sweep *s, fngc_u128 first, fngc_u128 last, u32 rule)
{
	*FNGC_PUSH(&s->spans) = (struct span){ first, last, rule };
}

/*
 * A gateway makes an address of IPv4 of these: NAT64's well-known prefix has it at
 * the end, that of 6to4 in front of what is the site's own.
 */
#define NAT64		((fngc_u128)0x0064ff9bull << 96)
#define SIX_TO_FOUR	((fngc_u128)0x2002ull << 112)
#define SITE_BITS	80

/* What may not be reached may not be reached through a gateway either. */
static void add_behind_gateways(struct sweep *s, fngc_u128 first,
				fngc_u128 last, u32 rule)
{
	add_span(s, NAT64 | first, NAT64 | last, rule);
	add_span(s, SIX_TO_FOUR | first << SITE_BITS,
		 SIX_TO_FOUR + ((last + 1) << SITE_BITS) - 1, rule);
}

static void add_range(struct sweep *s, const struct fngc_range *range, u32 rule)
{
	u8 effect = s->c->model.entries.v[rule].effect;
	fngc_u128 first = to_number(range->first, range->family);
	fngc_u128 last = to_number(range->last, range->family);

	if (range->family != s->family) {
		if (s->family == 6 && effect == FNG_EFFECT_DENY)
			add_behind_gateways(s, first, last, rule);
		return;
	}
	if (s->family != 6 || last < MAPPED_FIRST || first > MAPPED_LAST) {
		add_span(s, first, last, rule);
		return;
	}
	if (first < MAPPED_FIRST)
		add_span(s, first, MAPPED_FIRST - 1, rule);
	if (last > MAPPED_LAST)
		add_span(s, MAPPED_LAST + 1, last, rule);
}

static int compare_spans(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static void collect(struct sweep *s)
{
	const struct fngc_model *model = &s->c->model;

	for (size_t i = 0; i < model->entries.nr; i++) {
		const struct fngc_entry *entry = &model->entries.v[i];

		if (!fngc_draft_has(s->draft, entry))
			continue;
		for (size_t j = 0; j < entry->nr_ranges; j++)
			add_range(s, &entry->ranges[j], i);
	}
	if (s->spans.nr)
		qsort(s->spans.v, s->spans.nr, sizeof(*s->spans.v),
		      compare_spans);
}

static u32 portset_of(struct sweep *s, u32 set)
{
	const u32 *rules;
	size_t nr;

	while (s->portset_of.nr <= set)
		*FNGC_PUSH(&s->portset_of) = FNGC_NONE;
	if (s->portset_of.v[set] == FNGC_NONE) {
		rules = fngc_interned(s->sets, set, &nr);
		s->portset_of.v[set] = fngc_portset(&s->c->model, rules, nr,
						    s->pool, s->draft->base);
	}
	return s->portset_of.v[set];
}

/* Everything from where we are to @last belongs to the smallest open network. */
static void write_range(struct sweep *s, fngc_u128 last)
{
	u32 set;

	if (s->done || s->at > last)
		return;
	set = s->levels.v[s->levels.nr - 1].set;
	fngc_segment_add(s->out, s->at, last, portset_of(s, set));
	s->at = last + 1;
	s->done = !s->at || (s->family == 4 && s->at >> 32);
}

/* Closes the networks that end before @first. */
static void close_before(struct sweep *s, fngc_u128 first)
{
	while (s->levels.nr && s->levels.v[s->levels.nr - 1].last < first) {
		write_range(s, s->levels.v[s->levels.nr - 1].last);
		s->levels.nr--;
	}
	if (s->levels.nr && first)
		write_range(s, first - 1);
	s->at = first;
}

/* Opens the network at @i with all rules that have it; returns how many. */
static size_t open_network(struct sweep *s, size_t i)
{
	const struct span *span = &s->spans.v[i];
	FNGC_ARRAY(u32) rules = { 0 };
	size_t nr = 0, below = 0;

	if (s->levels.nr) {
		u32 set = s->levels.v[s->levels.nr - 1].set;
		const u32 *old = fngc_interned(s->sets, set, &below);

		for (size_t j = 0; j < below; j++)
			*FNGC_PUSH(&rules) = old[j];
	}
	for (; i + nr < s->spans.nr; nr++) {
		const struct span *other = &s->spans.v[i + nr];

		if (other->first != span->first || other->last != span->last)
			break;
		*FNGC_PUSH(&rules) = other->rule;
	}
	qsort(rules.v, rules.nr, sizeof(u32), fngc_compare_u32);
	below = 0;
	for (size_t j = 0; j < rules.nr; j++) {
		if (!j || rules.v[j] != rules.v[j - 1])
			rules.v[below++] = rules.v[j];
	}
	*FNGC_PUSH(&s->levels) = (struct level){
		span->last, fngc_intern(s->sets, rules.v, below) };
	free(rules.v);
	return nr;
}

static bool too_much(const struct sweep *s, const char *what, size_t max)
{
	const struct fngc_model *model = &s->c->model;

	if (s->draft->base)
		return false;
	fngc_error(s->c, &model->section[FNG_CLASS_EGRESS].place,
		   "use fewer rules for the same addresses",
		   "the egress rules have more than %zu %s", max, what);
	return false;
}

static bool check_limits(const struct sweep *s)
{
	if (s->out->nr > FNG_MAX_RANGES)
		return too_much(s, "separate ranges of addresses",
				FNG_MAX_RANGES);
	if (s->pool->portsets.nr > FNG_MAX_PORTSETS)
		return too_much(s, "different sets of ports", FNG_MAX_PORTSETS);
	if (s->pool->ports.nr > FNG_MAX_PORTS)
		return too_much(s, "ranges of ports", FNG_MAX_PORTS);
	if (s->sets->pool_nr > MAX_COVERS)
		return too_much(s, "overlaps", MAX_COVERS);
	return true;
}

static bool sweep_family(struct fngc_compile *c, struct fngc_pool *pool,
			 struct fngc_draft *draft, u8 family)
{
	struct fngc_intern sets = { 0 };
	struct sweep s = {
		.c = c,
		.pool = pool,
		.draft = draft,
		.out = family == 4 ? &draft->v4 : &draft->v6,
		.family = family,
		.sets = &sets,
	};
	bool fine = true;

	collect(&s);
	for (size_t i = 0; i < s.spans.nr && fine;) {
		close_before(&s, s.spans.v[i].first);
		i += open_network(&s, i);
		fine = check_limits(&s);
	}
	while (s.levels.nr && fine) {
		write_range(&s, s.levels.v[s.levels.nr - 1].last);
		s.levels.nr--;
	}
	fine = fine && check_limits(&s);
	fngc_intern_free(&sets);
	free(s.spans.v);
	free(s.levels.v);
	free(s.portset_of.v);
	return fine;
}

bool fngc_egress_build(struct fngc_compile *c, struct fngc_pool *pool,
		       struct fngc_draft *draft)
{
	return sweep_family(c, pool, draft, 4) &&
	       sweep_family(c, pool, draft, 6);
}
