// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/nfa.h>

static u32 new_node(struct fngc_nfa *nfa)
{
	struct fngc_nfa_node *node = FNGC_PUSH(&nfa->nodes);

	node->edges = FNGC_NONE;
	node->accepts = FNGC_NONE;
	return nfa->nodes.nr - 1;
}

static u32 intern_set(struct fngc_nfa *nfa, const struct fngc_byteset *set)
{
	u32 words[8], id;

	memcpy(words, set, sizeof(words));
	id = fngc_intern(&nfa->set_ids, words, 8);
	if (id == nfa->sets.nr)
		*FNGC_PUSH(&nfa->sets) = *set;
	return id;
}

static void add_range(struct fngc_byteset *set, u32 first, u32 last)
{
	for (u32 byte = first; byte <= last; byte++)
		fngc_byteset_add(set, byte);
}

static u32 range_set(struct fngc_nfa *nfa, u32 first, u32 last)
{
	struct fngc_byteset set = { 0 };

	add_range(&set, first, last);
	return intern_set(nfa, &set);
}

/* All bytes, NUL included, which no path has: it saves transitions. */
static u32 any_set(struct fngc_nfa *nfa)
{
	return range_set(nfa, 0, 255);
}

static u32 no_slash_set(struct fngc_nfa *nfa)
{
	struct fngc_byteset set = { 0 };

	add_range(&set, 0, '/' - 1);
	add_range(&set, '/' + 1, 255);
	return intern_set(nfa, &set);
}

static struct fngc_edge *add_edge(struct fngc_nfa *nfa, u32 from, u32 target,
				  u8 kind)
{
	struct fngc_edge *edge = FNGC_PUSH(&nfa->edges);

	edge->next = nfa->nodes.v[from].edges;
	edge->target = target;
	edge->kind = kind;
	edge->key = FNGC_NO_KEY;
	nfa->nodes.v[from].edges = nfa->edges.nr - 1;
	return edge;
}

static struct fngc_edge *add_byte(struct fngc_nfa *nfa, u32 from, u32 target,
				  u8 byte)
{
	struct fngc_edge *edge = add_edge(nfa, from, target, FNGC_EDGE_BYTE);

	fngc_byteset_add(&nfa->bytes, byte);
	edge->byte = byte;
	return edge;
}

static struct fngc_edge *add_set(struct fngc_nfa *nfa, u32 from, u32 target,
				 u32 set)
{
	struct fngc_edge *edge = add_edge(nfa, from, target, FNGC_EDGE_SET);

	edge->set = set;
	return edge;
}

/* The characters of two to four bytes, beside the single bytes of the set. */
static void add_wide(struct fngc_nfa *nfa, u32 from, u32 target)
{
	static const u8 lead[][2] = {
		{ 0xc2, 0xdf }, { 0xe0, 0xef }, { 0xf0, 0xf4 },
	};
	u32 inner = range_set(nfa, 0x80, 0xbf);
	u32 next = target;

	for (size_t i = 0; i < 3; i++) {
		u32 middle = new_node(nfa);

		add_set(nfa, middle, next, inner);
		add_set(nfa, from, middle, range_set(nfa, lead[i][0],
						     lead[i][1]));
		next = middle;
	}
}

static bool is_way(const struct fngc_edge *edge, const struct fngc_item *item,
		   u32 set)
{
	if (edge->key != item->kind)
		return false;
	if (item->kind == FNGC_BYTE)
		return edge->byte == item->byte;
	return item->kind != FNGC_CHAR || edge->set == set;
}

static u32 find_way(const struct fngc_nfa *nfa, u32 node,
		    const struct fngc_item *item, u32 set)
{
	u32 i = nfa->nodes.v[node].edges;

	for (; i != FNGC_NONE; i = nfa->edges.v[i].next) {
		if (is_way(&nfa->edges.v[i], item, set))
			return nfa->edges.v[i].target;
	}
	return FNGC_NONE;
}

/* A run of bytes of @set: empty too, or of one at least. */
static u32 add_run(struct fngc_nfa *nfa, u32 node, u8 key, u32 set, bool empty)
{
	u32 target = new_node(nfa);
	struct fngc_edge *edge;

	add_set(nfa, target, target, set);
	if (empty)
		edge = add_edge(nfa, node, target, FNGC_EDGE_EMPTY);
	else
		edge = add_set(nfa, node, target, set);
	edge->key = key;
	return target;
}

static u32 add_dirs(struct fngc_nfa *nfa, u32 node)
{
	u32 run = new_node(nfa);
	u32 target = new_node(nfa);

	add_set(nfa, run, run, any_set(nfa));
	add_byte(nfa, run, target, '/');
	add_edge(nfa, node, run, FNGC_EDGE_EMPTY);
	add_edge(nfa, node, target, FNGC_EDGE_EMPTY)->key = FNGC_DIRS;
	return target;
}

static u32 add_char(struct fngc_nfa *nfa, u32 node,
		    const struct fngc_byteset *bytes, u32 set)
{
	u32 target = new_node(nfa);

	if (fngc_byteset_has(bytes, 0x80))
		add_wide(nfa, node, target);
	add_set(nfa, node, target, set)->key = FNGC_CHAR;
	return target;
}

static u32 add_way(struct fngc_nfa *nfa, u32 node, const struct fngc_item *item,
		   u32 set)
{
	u32 target;

	switch (item->kind) {
	case FNGC_BYTE:
		target = new_node(nfa);
		add_byte(nfa, node, target, item->byte)->key = FNGC_BYTE;
		return target;
	case FNGC_CHAR:
		return add_char(nfa, node, item->set, set);
	case FNGC_STAR:
	case FNGC_STAR1:
		return add_run(nfa, node, item->kind, no_slash_set(nfa),
			       item->kind == FNGC_STAR);
	case FNGC_ANY:
	case FNGC_ANY1:
		return add_run(nfa, node, item->kind, any_set(nfa),
			       item->kind == FNGC_ANY);
	default:
		return add_dirs(nfa, node);
	}
}

void fngc_nfa_init(struct fngc_nfa *nfa)
{
	memset(nfa, 0, sizeof(*nfa));
	new_node(nfa);
}

void fngc_nfa_add(struct fngc_nfa *nfa, const struct fngc_glob *glob, u32 rule)
{
	struct fngc_nfa_accept *accept;
	u32 node = 0;

	for (size_t i = 0; i < glob->nr; i++) {
		const struct fngc_item *item = &glob->items[i];
		u32 set = item->kind == FNGC_CHAR ? intern_set(nfa, item->set) :
			  0;
		u32 next = find_way(nfa, node, item, set);

		node = next != FNGC_NONE ? next : add_way(nfa, node, item, set);
	}
	accept = FNGC_PUSH(&nfa->accepts);
	accept->rule = rule;
	accept->next = nfa->nodes.v[node].accepts;
	nfa->nodes.v[node].accepts = nfa->accepts.nr - 1;
}

void fngc_nfa_free(struct fngc_nfa *nfa)
{
	free(nfa->nodes.v);
	free(nfa->edges.v);
	free(nfa->accepts.v);
	free(nfa->sets.v);
	fngc_intern_free(&nfa->set_ids);
}

/* Splits every class into the bytes that are in @set and those that are not. */
static u32 split_classes(u8 map[256], const struct fngc_byteset *set)
{
	s32 number[256][2];
	u32 nr = 0;

	memset(number, -1, sizeof(number));
	for (u32 byte = 0; byte < 256; byte++) {
		s32 *n = &number[map[byte]][fngc_byteset_has(set, byte)];

		if (*n < 0)
			*n = nr++;
		map[byte] = *n;
	}
	return nr;
}

u32 fngc_nfa_classes(const struct fngc_nfa *nfa, u8 map[256])
{
	u32 nr = 1;

	memset(map, 0, 256);
	for (u32 byte = 0; byte < 256; byte++) {
		struct fngc_byteset set = { 0 };

		fngc_byteset_add(&set, byte);
		if (fngc_byteset_has(&nfa->bytes, byte))
			nr = split_classes(map, &set);
	}
	for (size_t i = 0; i < nfa->sets.nr && nr < 256; i++)
		nr = split_classes(map, &nfa->sets.v[i]);
	return nr;
}
