// SPDX-License-Identifier: MIT
/*
 * The path automaton of a policy, less what that of its base does as well. Both
 * are joined to one automaton, whose blocks tell which states of the policy do
 * the same as one of the base's. In their place come states that hand over.
 */
#include <stdlib.h>

#include <compiler/emit.h>
#include <compiler/partition.h>

/**
 * struct join - two automata as one
 * @rows: states of the policy, then those of the base
 * @class_of: per class of @rows, that of each automaton
 * @nr: exceptions so far
 */
struct join {
	struct fngc_rows rows;
	u8 class_of[256][2];
	u32 nr;
};

/* Bytes are alike if both automata say so. */
static void join_maps(struct join *j, const struct fngc_rows *whole,
		      const struct fngc_rows *base)
{
	struct fngc_rows *rows = &j->rows;

	for (u32 byte = 0; byte < 256; byte++) {
		u32 class = 0;

		while (class < rows->nr_classes &&
		       (j->class_of[class][0] != whole->map[byte] ||
			j->class_of[class][1] != base->map[byte]))
			class++;
		if (class == rows->nr_classes) {
			j->class_of[class][0] = whole->map[byte];
			j->class_of[class][1] = base->map[byte];
			rows->nr_classes++;
		}
		rows->map[byte] = class;
	}
}

static void join_row(struct join *j, const struct fngc_rows *from, u32 state,
		     u32 part, u32 first)
{
	struct fngc_rows *rows = &j->rows;
	u32 row[256], to = first + state;

	for (u32 class = 0; class < from->nr_classes; class++)
		row[class] = from->dflt[state];
	for (u32 i = from->start[state]; i < from->start[state + 1]; i++)
		row[from->class[i]] = from->target[i];
	rows->accept[to] = from->accept[state];
	rows->dflt[to] = first + from->dflt[state];
	for (u32 class = 0; class < rows->nr_classes; class++) {
		u32 target = row[j->class_of[class][part]];

		if (target == from->dflt[state])
			continue;
		rows->class[j->nr] = class;
		rows->target[j->nr++] = first + target;
	}
	rows->start[to + 1] = j->nr;
}

/* Exceptions of a state, counted in classes of the joined automaton. */
static size_t count_exceptions(const struct join *j,
			       const struct fngc_rows *from, u32 part)
{
	u32 width[256] = { 0 };
	size_t nr = 0;

	for (u32 class = 0; class < j->rows.nr_classes; class++)
		width[j->class_of[class][part]]++;
	for (u32 i = 0; i < from->start[from->nr]; i++)
		nr += width[from->class[i]];
	return nr;
}

static void join(struct join *j, const struct fngc_rows *whole,
		 const struct fngc_rows *base)
{
	struct fngc_rows *rows = &j->rows;
	size_t nr = (size_t)whole->nr + base->nr, exceptions;

	join_maps(j, whole, base);
	exceptions = count_exceptions(j, whole, 0) +
		     count_exceptions(j, base, 1) + 1;
	rows->nr = nr;
	rows->accept = fngc_xcalloc(nr, sizeof(u32));
	rows->dflt = fngc_xcalloc(nr, sizeof(u32));
	rows->start = fngc_xcalloc(nr + 1, sizeof(u32));
	rows->class = fngc_xcalloc(exceptions, sizeof(u8));
	rows->target = fngc_xcalloc(exceptions, sizeof(u32));
	for (u32 s = 0; s < whole->nr; s++)
		join_row(j, whole, s, 0, 0);
	for (u32 s = 0; s < base->nr; s++)
		join_row(j, base, s, 1, whole->nr);
}

/* Per state of @whole, the one of @base that does the same, or FNGC_NONE. */
static u32 *find_twins(const struct fngc_rows *whole,
		       const struct fngc_rows *base)
{
	u32 *twins = fngc_xcalloc(whole->nr, sizeof(*twins)), *by_block;
	struct fngc_blocks blocks;
	struct join j = { 0 };

	join(&j, whole, base);
	fngc_partition(&j.rows, &blocks);
	by_block = fngc_xcalloc(blocks.nr, sizeof(*by_block));
	memset(by_block, 0xff, blocks.nr * sizeof(*by_block));
	/* Of a start that is as dead as the dead state, the latter counts. */
	for (u32 s = base->nr; s--;)
		by_block[blocks.block[whole->nr + s]] = s;
	for (u32 s = 0; s < whole->nr; s++)
		twins[s] = by_block[blocks.block[s]];
	free(by_block);
	free(blocks.block);
	free(blocks.sample);
	fngc_rows_free(&j.rows);
	return twins;
}

/* The dead state is in both parts: nothing need be handed over for it. */
static bool is_handed(u32 twin)
{
	return twin != FNGC_NONE && twin != FNG_STATE_DEAD;
}

/*
 * The automaton with each state that has a twin reduced to a place where a walk
 * ends, which renumbering does not confuse with others: what it accepts says
 * which twin it was.
 */
static void cut(const struct fngc_rows *whole, const u32 *twins, u32 mark,
		struct fngc_rows *out)
{
	u32 nr = 0, total = whole->start[whole->nr];

	*out = *whole;
	out->accept = fngc_xcalloc(whole->nr, sizeof(u32));
	out->dflt = fngc_xcalloc(whole->nr, sizeof(u32));
	out->start = fngc_xcalloc((size_t)whole->nr + 1, sizeof(u32));
	out->class = fngc_xcalloc((size_t)total + 1, sizeof(u8));
	out->target = fngc_xcalloc((size_t)total + 1, sizeof(u32));
	for (u32 s = 0; s < whole->nr; s++) {
		bool handed = is_handed(twins[s]);

		out->accept[s] = handed ? mark + twins[s] : whole->accept[s];
		out->dflt[s] = handed ? s : whole->dflt[s];
		for (u32 i = whole->start[s]; !handed &&
		     i < whole->start[s + 1]; i++) {
			out->class[nr] = whole->class[i];
			out->target[nr++] = whole->target[i];
		}
		out->start[s + 1] = nr;
	}
}

/* Keeps each state, leaves out those that are not reached any more. */
static void renumber(const struct fngc_rows *rows, struct fngc_rows *out)
{
	struct fngc_blocks blocks = { .rows = rows, .nr = rows->nr };

	blocks.block = fngc_xcalloc(rows->nr, sizeof(u32));
	for (u32 s = 0; s < rows->nr; s++)
		blocks.block[s] = s;
	blocks.sample = blocks.block;
	fngc_renumber(&blocks, out);
	free(blocks.block);
}

void fngc_overlay_paths(const struct fngc_pool *pool,
			const struct fngc_rows *whole,
			const struct fngc_rows *base,
			const struct fngc_table *base_table,
			struct fngc_sections *own)
{
	u32 *twins = find_twins(whole, base), *to;
	u32 mark = pool->accepts.nr;
	struct fngc_rows rest, rows;

	cut(whole, twins, mark, &rest);
	renumber(&rest, &rows);
	to = fngc_xcalloc(rows.nr, sizeof(*to));
	for (u32 s = 0; s < rows.nr; s++) {
		to[s] = rows.accept[s] < mark ? FNGC_NONE :
			rows.accept[s] - mark;
		if (to[s] != FNGC_NONE)
			rows.accept[s] = base->accept[to[s]];
	}
	fngc_sections_paths(own, pool, &rows);
	fngc_table_hand_over(&rows, to, base_table, &own->path);
	free(to);
	free(twins);
	fngc_rows_free(&rest);
	fngc_rows_free(&rows);
}
