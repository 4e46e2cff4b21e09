// SPDX-License-Identifier: MIT
/*
 * Subset construction, sparse: a state's row is what the byte sets of its
 * members say for groups of byte classes, plus an exception for each byte that a
 * member names.
 */
#include <stdlib.h>

#include <compiler/dfa.h>
#include <compiler/mem.h>

/* A byte edge of a member, by class. */
struct literal {
	u32 class;
	u32 target;
};

/* A set edge of a member. */
struct spread {
	u32 set;
	u32 target;
};

/**
 * struct grouping - how some byte sets divide the byte classes
 * @group: per class, its group
 * @sample: per group, a class of it
 * @nr: number of groups
 */
struct grouping {
	u8 group[256];
	u8 sample[256];
	u32 nr;
};

/**
 * struct builder - state of the construction
 * @nfa: what is made deterministic
 * @rows: what comes out
 * @set_classes: per byte set, the classes in it
 * @subsets: members of each state
 * @groupings: known groupings, numbered by @grouping_ids
 * @grouping_ids: sorted byte set indices
 * @literals: byte edges of the state at hand
 * @spreads: set edges of the state at hand
 * @members: members of the target at hand
 * @stack: nodes whose empty edges are to be followed
 * @mark: per node, the last target that it was put into
 * @epoch: number of the target at hand
 * @useful: per node, it has edges other than empty ones, or accepts
 * @nr_exceptions: exceptions so far
 * @class_room: room for exceptions' classes
 * @target_room: room for their targets
 * @steps: work done
 */
struct builder {
	const struct fngc_nfa *nfa;
	struct fngc_rows *rows;
	struct fngc_byteset *set_classes;
	struct fngc_intern subsets;
	FNGC_ARRAY(struct grouping) groupings;
	struct fngc_intern grouping_ids;
	FNGC_ARRAY(struct literal) literals;
	FNGC_ARRAY(struct spread) spreads;
	FNGC_ARRAY(u32) members;
	FNGC_ARRAY(u32) stack;
	u32 *mark;
	u32 epoch;
	u8 *useful;
	size_t nr_exceptions;
	size_t class_room;
	size_t target_room;
	u64 steps;
};

static void prepare_sets(struct builder *b)
{
	const struct fngc_nfa *nfa = b->nfa;

	b->set_classes = fngc_xcalloc(nfa->sets.nr, sizeof(*b->set_classes));
	for (size_t i = 0; i < nfa->sets.nr; i++) {
		for (u32 byte = 0; byte < 256; byte++) {
			if (fngc_byteset_has(&nfa->sets.v[i], byte))
				fngc_byteset_add(&b->set_classes[i],
						 b->rows->map[byte]);
		}
	}
}

static void prepare_nodes(struct builder *b)
{
	const struct fngc_nfa *nfa = b->nfa;

	b->mark = fngc_xcalloc(nfa->nodes.nr, sizeof(*b->mark));
	b->useful = fngc_xcalloc(nfa->nodes.nr, 1);
	for (size_t i = 0; i < nfa->nodes.nr; i++) {
		u32 edge = nfa->nodes.v[i].edges;

		b->useful[i] = nfa->nodes.v[i].accepts != FNGC_NONE;
		for (; edge != FNGC_NONE; edge = nfa->edges.v[edge].next)
			b->useful[i] |= nfa->edges.v[edge].kind !=
					FNGC_EDGE_EMPTY;
	}
}

static void begin_target(struct builder *b)
{
	b->epoch++;
	b->members.nr = 0;
}

static void mark_node(struct builder *b, u32 node)
{
	if (b->mark[node] == b->epoch)
		return;
	b->mark[node] = b->epoch;
	*FNGC_PUSH(&b->stack) = node;
}

/* Adds a node and all that empty edges lead to. */
static void add_member(struct builder *b, u32 node)
{
	mark_node(b, node);
	while (b->stack.nr) {
		u32 at = b->stack.v[--b->stack.nr];
		u32 edge = b->nfa->nodes.v[at].edges;

		b->steps++;
		if (b->useful[at])
			*FNGC_PUSH(&b->members) = at;
		for (; edge != FNGC_NONE; edge = b->nfa->edges.v[edge].next) {
			if (b->nfa->edges.v[edge].kind == FNGC_EDGE_EMPTY)
				mark_node(b, b->nfa->edges.v[edge].target);
		}
	}
}

static u32 end_target(struct builder *b)
{
	if (b->members.nr > 1)
		qsort(b->members.v, b->members.nr, sizeof(u32),
		      fngc_compare_u32);
	return fngc_intern(&b->subsets, b->members.v, b->members.nr);
}

static int compare_literals(const void *left, const void *right)
{
	const struct literal *a = left, *b = right;

	return a->class < b->class ? -1 : a->class > b->class;
}

static void collect_edges(struct builder *b, u32 state)
{
	const struct fngc_nfa *nfa = b->nfa;
	size_t nr;
	const u32 *members = fngc_interned(&b->subsets, state, &nr);

	b->literals.nr = 0;
	b->spreads.nr = 0;
	for (size_t i = 0; i < nr; i++) {
		u32 at = nfa->nodes.v[members[i]].edges;

		for (; at != FNGC_NONE; at = nfa->edges.v[at].next) {
			const struct fngc_edge *edge = &nfa->edges.v[at];

			b->steps++;
			if (edge->kind == FNGC_EDGE_BYTE)
				*FNGC_PUSH(&b->literals) = (struct literal){
					b->rows->map[edge->byte],
					edge->target };
			else if (edge->kind == FNGC_EDGE_SET)
				*FNGC_PUSH(&b->spreads) = (struct spread){
					edge->set, edge->target };
		}
	}
	if (b->literals.nr > 1)
		qsort(b->literals.v, b->literals.nr, sizeof(struct literal),
		      compare_literals);
}

/* Divides the classes by membership in each of the sets. */
static void divide(const struct builder *b, const u32 *sets, size_t nr,
		   struct grouping *grouping)
{
	u32 nr_classes = b->rows->nr_classes;

	memset(grouping, 0, sizeof(*grouping));
	grouping->nr = 1;
	for (size_t i = 0; i < nr; i++) {
		s32 number[256][2];
		u32 groups = 0;

		memset(number, -1, sizeof(number));
		for (u32 class = 0; class < nr_classes; class++) {
			bool in = fngc_byteset_has(&b->set_classes[sets[i]],
						   class);
			s32 *n = &number[grouping->group[class]][in];

			if (*n < 0) {
				grouping->sample[groups] = class;
				*n = groups++;
			}
			grouping->group[class] = *n;
		}
		grouping->nr = groups;
	}
}

/* The grouping of the state at hand, by the byte sets of its members. */
static u32 find_grouping(struct builder *b)
{
	size_t nr = 0;
	u32 id;

	begin_target(b);
	for (size_t i = 0; i < b->spreads.nr; i++)
		*FNGC_PUSH(&b->members) = b->spreads.v[i].set;
	qsort(b->members.v, b->members.nr, sizeof(u32), fngc_compare_u32);
	for (size_t i = 0; i < b->members.nr; i++) {
		if (!i || b->members.v[i] != b->members.v[i - 1])
			b->members.v[nr++] = b->members.v[i];
	}
	id = fngc_intern(&b->grouping_ids, b->members.v, nr);
	if (id == b->groupings.nr)
		divide(b, b->members.v, nr, FNGC_PUSH(&b->groupings));
	return id;
}

/* What the set edges say for one group of classes. */
static void add_spreads(struct builder *b, u32 class)
{
	b->steps += b->spreads.nr;
	for (size_t i = 0; i < b->spreads.nr; i++) {
		const struct spread *spread = &b->spreads.v[i];

		if (fngc_byteset_has(&b->set_classes[spread->set], class))
			add_member(b, spread->target);
	}
}

/* The row of a state, every class written out. */
static void dense_row(struct builder *b, u32 state, u32 row[256])
{
	u32 by_group[256];
	const struct grouping *grouping;
	u32 id;

	collect_edges(b, state);
	if (b->spreads.nr) {
		id = find_grouping(b);
		grouping = &b->groupings.v[id];
		for (u32 group = 0; group < grouping->nr; group++) {
			begin_target(b);
			add_spreads(b, grouping->sample[group]);
			by_group[group] = end_target(b);
		}
		for (u32 class = 0; class < b->rows->nr_classes; class++)
			row[class] = by_group[grouping->group[class]];
	} else {
		memset(row, 0, b->rows->nr_classes * sizeof(*row));
	}
	for (size_t i = 0; i < b->literals.nr;) {
		u32 class = b->literals.v[i].class;

		begin_target(b);
		add_spreads(b, class);
		for (; i < b->literals.nr && b->literals.v[i].class == class;
		     i++)
			add_member(b, b->literals.v[i].target);
		row[class] = end_target(b);
	}
}

/* A frequent target: exact where it matters, when one has the majority. */
static u32 majority(const u32 *row, u32 nr)
{
	u32 candidate = row[0], votes = 0;

	for (u32 i = 0; i < nr; i++) {
		if (!votes)
			candidate = row[i];
		votes += row[i] == candidate ? 1 : -1;
	}
	return candidate;
}

static void add_exception(struct builder *b, u32 class, u32 target)
{
	struct fngc_rows *rows = b->rows;
	size_t nr = b->nr_exceptions++;

	rows->class = fngc_grow(rows->class, &b->class_room, nr + 1, 1);
	rows->target = fngc_grow(rows->target, &b->target_room, nr + 1,
				 sizeof(*rows->target));
	rows->class[nr] = class;
	rows->target[nr] = target;
}

static u32 accept_of(struct builder *b, u32 state, fngc_accept_fn accept,
		     void *arg)
{
	const struct fngc_nfa *nfa = b->nfa;
	size_t nr;
	const u32 *members = fngc_interned(&b->subsets, state, &nr);

	b->members.nr = 0;
	for (size_t i = 0; i < nr; i++) {
		u32 at = nfa->nodes.v[members[i]].accepts;

		for (; at != FNGC_NONE; at = nfa->accepts.v[at].next)
			*FNGC_PUSH(&b->members) = nfa->accepts.v[at].rule;
	}
	if (!b->members.nr)
		return 0;
	b->steps += b->members.nr;
	qsort(b->members.v, b->members.nr, sizeof(u32), fngc_compare_u32);
	return accept(arg, b->members.v, b->members.nr);
}

#define TEXT_OF(number)	#number
#define TEXT(macro)	TEXT_OF(macro)

static const char *over_limit(const struct builder *b)
{
	if (b->subsets.nr > FNG_MAX_STATES)
		return "more than 2097152 states";
	if (b->subsets.pool_nr > FNGC_MAX_MEMBERS)
		return "more than 25165824 positions in their states";
	if (b->nr_exceptions > FNGC_MAX_EXCEPTIONS)
		return "more than 12582912 transitions between their states";
	if (b->steps > FNGC_MAX_STEPS)
		return "more than " TEXT(FNGC_MAX_STEPS)
		       " steps to build their states";
	return NULL;
}

static_assert(FNG_MAX_STATES == 2097152, "message");
static_assert(FNGC_MAX_MEMBERS == 25165824, "message");
static_assert(FNGC_MAX_EXCEPTIONS == 12582912, "message");

static const char *build_rows(struct builder *b, fngc_accept_fn accept,
			      void *arg)
{
	struct fngc_rows *rows = b->rows;
	size_t room[3] = { 0 };
	u32 row[256], state;
	const char *bad = NULL;

	for (state = 0; state < b->subsets.nr && !bad; state++) {
		rows->accept = fngc_grow(rows->accept, &room[0], state + 1, 4);
		rows->dflt = fngc_grow(rows->dflt, &room[1], state + 1, 4);
		rows->start = fngc_grow(rows->start, &room[2], state + 2, 4);
		dense_row(b, state, row);
		rows->accept[state] = accept_of(b, state, accept, arg);
		rows->dflt[state] = majority(row, rows->nr_classes);
		rows->start[state] = b->nr_exceptions;
		for (u32 class = 0; class < rows->nr_classes; class++) {
			if (row[class] != rows->dflt[state])
				add_exception(b, class, row[class]);
		}
		rows->start[state + 1] = b->nr_exceptions;
		bad = over_limit(b);
	}
	rows->nr = state;
	return bad;
}

static void release(struct builder *b)
{
	fngc_intern_free(&b->subsets);
	fngc_intern_free(&b->grouping_ids);
	free(b->groupings.v);
	free(b->literals.v);
	free(b->spreads.v);
	free(b->members.v);
	free(b->stack.v);
	free(b->set_classes);
	free(b->mark);
	free(b->useful);
}

const char *fngc_subsets(const struct fngc_nfa *nfa, fngc_accept_fn accept,
			 void *arg, struct fngc_rows *rows)
{
	struct builder b = { .nfa = nfa, .rows = rows };
	const char *bad;

	memset(rows, 0, sizeof(*rows));
	rows->nr_classes = fngc_nfa_classes(nfa, rows->map);
	prepare_sets(&b);
	prepare_nodes(&b);
	fngc_intern(&b.subsets, NULL, 0);
	begin_target(&b);
	add_member(&b, 0);
	/* No rules: the start is a state of its own nevertheless. */
	if (!b.members.nr)
		*FNGC_PUSH(&b.members) = 0;
	end_target(&b);
	bad = build_rows(&b, accept, arg);
	release(&b);
	return bad;
}

void fngc_rows_free(struct fngc_rows *rows)
{
	free(rows->accept);
	free(rows->dflt);
	free(rows->start);
	free(rows->class);
	free(rows->target);
	memset(rows, 0, sizeof(*rows));
}
