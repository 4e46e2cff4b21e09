// SPDX-License-Identifier: MIT
/*
 * The ports of all rules that cover an address, or of those to listen on: deny beats allow, the first rule
 * wins among equals.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/* A stretch of ports of one rule, on one protocol. */
struct stretch {
	u32 first;
	u32 end;
	u16 effect;
	struct fngc_entry *entry;
};

/**
 * struct painter - one protocol of one port set
 * @stretches: what rules say, the strongest first
 * @cuts: where some stretch begins or ends, ascending
 * @next: per segment between cuts, the next one that has no rule yet
 * @owner: per segment, the stretch that decides
 */
struct painter {
	FNGC_ARRAY(struct stretch) stretches;
	FNGC_ARRAY(u32) cuts;
	u32 *next;
	const struct stretch **owner;
};

static void collect(struct painter *p, struct fngc_model *model,
		    const u32 *rules, size_t nr, u32 proto, u8 effect)
{
	for (size_t i = 0; i < nr; i++) {
		struct fngc_entry *entry = &model->entries.v[rules[i]];

		if (entry->effect != effect)
			continue;
		for (size_t j = 0; j < entry->nr_ports; j++) {
			const struct fngc_ports *ports = &entry->ports[j];

			if (!(ports->protos & FNGC_PROTO_BIT(proto)))
				continue;
			*FNGC_PUSH(&p->stretches) = (struct stretch){
				ports->first, ports->last + 1, effect,
				entry };
			*FNGC_PUSH(&p->cuts) = ports->first;
			*FNGC_PUSH(&p->cuts) = ports->last + 1;
		}
	}
}

static void sort_cuts(struct painter *p)
{
	size_t nr = 0;

	qsort(p->cuts.v, p->cuts.nr, sizeof(u32), fngc_compare_u32);
	for (size_t i = 0; i < p->cuts.nr; i++) {
		if (!nr || p->cuts.v[i] != p->cuts.v[nr - 1])
			p->cuts.v[nr++] = p->cuts.v[i];
	}
	p->cuts.nr = nr;
}

static u32 find_cut(const struct painter *p, u32 port)
{
	const u32 *cut = bsearch(&port, p->cuts.v, p->cuts.nr, sizeof(u32),
				 fngc_compare_u32);

	return cut - p->cuts.v;
}

/* The first segment from @at on without an owner; shortens the way to it. */
static u32 next_free(struct painter *p, u32 at)
{
	u32 end = at;

	while (p->next[end] != end)
		end = p->next[end];
	while (p->next[at] != end) {
		u32 next = p->next[at];

		p->next[at] = end;
		at = next;
	}
	return end;
}

static void paint(struct painter *p)
{
	p->next = fngc_xcalloc(p->cuts.nr, sizeof(*p->next));
	p->owner = fngc_xcalloc(p->cuts.nr, sizeof(*p->owner));
	for (size_t i = 0; i < p->cuts.nr; i++)
		p->next[i] = i;
	for (size_t i = 0; i < p->stretches.nr; i++) {
		const struct stretch *stretch = &p->stretches.v[i];
		u32 end = find_cut(p, stretch->end);
		u32 at = next_free(p, find_cut(p, stretch->first));

		while (at < end) {
			p->owner[at] = stretch;
			p->next[at] = at + 1;
			at = next_free(p, at);
		}
	}
}

/* Writes the port ranges, those of one rule that touch as one. */
static void write_ports(struct painter *p, struct fngc_pool *pool, bool base)
{
	struct fng_image_port *last = NULL;

	for (size_t i = 0; i + 1 < p->cuts.nr; i++) {
		const struct stretch *owner = p->owner[i];

		if (!owner) {
			last = NULL;
			continue;
		}
		owner->entry->decides |= !base;
		if (last && last->rule == owner->entry->rule) {
			last->last = p->cuts.v[i + 1] - 1;
			continue;
		}
		last = FNGC_PUSH(&pool->ports);
		last->first = p->cuts.v[i];
		last->last = p->cuts.v[i + 1] - 1;
		last->effect = owner->effect;
		last->rule = owner->entry->rule;
	}
}

static void paint_proto(struct fngc_model *model, const u32 *rules,
			size_t nr, u32 proto, struct fngc_pool *pool, bool base)
{
	struct painter p = { 0 };

	collect(&p, model, rules, nr, proto, FNG_EFFECT_DENY);
	collect(&p, model, rules, nr, proto, FNG_EFFECT_ALLOW);
	if (p.stretches.nr) {
		sort_cuts(&p);
		paint(&p);
		write_ports(&p, pool, base);
	}
	free(p.stretches.v);
	free(p.cuts.v);
	free(p.next);
	free(p.owner);
}

/* What makes a port set what it is, as words. */
static u32 identify(struct fngc_pool *pool,
		    const struct fng_image_portset *set)
{
	FNGC_ARRAY(u32) words = { 0 };
	u32 id;

	for (u32 proto = 0; proto <= FNG_PROTO_OTHER; proto++)
		*FNGC_PUSH(&words) = set->start[proto] - set->start[0];
	for (u32 i = set->start[0]; i < set->start[FNG_PROTO_OTHER]; i++) {
		const struct fng_image_port *port = &pool->ports.v[i];

		*FNGC_PUSH(&words) = (u32)port->first << 16 | port->last;
		*FNGC_PUSH(&words) = port->effect;
		*FNGC_PUSH(&words) = port->rule;
	}
	id = fngc_intern(&pool->portset_ids, words.v, words.nr);
	free(words.v);
	return id;
}

u32 fngc_portset(struct fngc_model *model, const u32 *rules, size_t nr,
		 struct fngc_pool *pool, bool base)
{
	struct fng_image_portset set;
	u32 id;

	for (u32 proto = 0; proto < FNG_PROTO_OTHER; proto++) {
		set.start[proto] = pool->ports.nr;
		paint_proto(model, rules, nr, proto, pool, base);
	}
	set.start[FNG_PROTO_OTHER] = pool->ports.nr;
	id = identify(pool, &set);
	if (id == pool->portsets.nr)
		*FNGC_PUSH(&pool->portsets) = set;
	else
		pool->ports.nr = set.start[0];
	return id;
}

u32 fngc_portset_listen(struct fngc_model *model, struct fngc_pool *pool)
{
	FNGC_ARRAY(u32) rules = { 0 };
	u32 set;

	if (!model->section[FNG_CLASS_LISTEN].set)
		return FNGC_NONE;
	for (size_t i = 0; i < model->entries.nr; i++) {
		if (model->entries.v[i].class == FNG_CLASS_LISTEN)
			*FNGC_PUSH(&rules) = i;
	}
	set = fngc_portset(model, rules.v, rules.nr, pool, false);
	free(rules.v);
	return set;
}
