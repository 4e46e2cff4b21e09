// SPDX-License-Identifier: MIT
/*
 * From a draft to tables: of all that the pool has, each part of a policy gets
 * what it refers to, in the order in which it does.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/* What was picked so far: per index in the pool, its index in the tables. */
static u32 *picks(size_t nr)
{
	u32 *picked = fngc_xcalloc(nr + 1, sizeof(*picked));

	memset(picked, 0xff, nr * sizeof(*picked));
	return picked;
}

static u32 pick_accept(struct fngc_sections *sections,
		       const struct fngc_pool *pool, u32 accept, u32 *picked)
{
	if (picked[accept] == FNGC_NONE) {
		picked[accept] = sections->accepts.nr;
		*FNGC_PUSH(&sections->accepts) = pool->accepts.v[accept];
	}
	return picked[accept];
}

/* The first entry, of what no rule matches, is there even if no state is. */
void fngc_sections_paths(struct fngc_sections *sections,
			 const struct fngc_pool *pool,
			 const struct fngc_rows *rows)
{
	u32 *picked = picks(pool->accepts.nr);
	struct fngc_rows copy = *rows;

	copy.accept = fngc_xcalloc(rows->nr, sizeof(u32));
	pick_accept(sections, pool, 0, picked);
	for (u32 s = 0; s < rows->nr; s++)
		copy.accept[s] = pick_accept(sections, pool, rows->accept[s],
					     picked);
	fngc_table_pack(&copy, sections->accepts.v, &sections->path);
	free(copy.accept);
	free(picked);
}

static u32 pick_portset(struct fngc_sections *sections,
			const struct fngc_pool *pool, u32 portset, u32 *picked)
{
	const struct fng_image_portset *from = &pool->portsets.v[portset];
	struct fng_image_portset *to;
	u32 first = sections->ports.nr;

	if (picked[portset] != FNGC_NONE)
		return picked[portset];
	picked[portset] = sections->portsets.nr;
	to = FNGC_PUSH(&sections->portsets);
	for (u32 proto = 0; proto <= FNG_PROTO_OTHER; proto++)
		to->start[proto] = first + from->start[proto] - from->start[0];
	for (u32 i = from->start[0]; i < from->start[FNG_PROTO_OTHER]; i++)
		*FNGC_PUSH(&sections->ports) = pool->ports.v[i];
	return picked[portset];
}

static void add_hosts(struct fngc_sections *sections,
		      const struct fngc_pool *pool,
		      const struct fngc_rows *rows, u32 *picked)
{
	if (rows->nr)
		fngc_table_pack(rows, NULL, &sections->host);
	for (size_t i = 0; i < pool->hosts.nr; i++) {
		struct fng_image_host host = pool->hosts.v[i];

		host.portset = pick_portset(sections, pool, host.portset,
					    picked);
		if (host.special != FNG_HOST_NO_PORTS)
			host.special = pick_portset(sections, pool,
						    host.special, picked);
		*FNGC_PUSH(&sections->hosts) = host;
	}
}

static void to_bytes(fngc_u128 number, u8 bytes[16])
{
	for (u32 i = 16; i--; number >>= 8)
		bytes[i] = (u8)number;
}

void fngc_sections_egress(struct fngc_sections *sections,
			  const struct fngc_pool *pool,
			  const fngc_segments *v4, const fngc_segments *v6,
			  const struct fngc_draft *whole)
{
	u32 *picked = picks(pool->portsets.nr);

	for (size_t i = 0; i < v4->nr; i++)
		*FNGC_PUSH(&sections->v4) = (struct fng_image_v4){
			v4->v[i].first, v4->v[i].last,
			pick_portset(sections, pool, v4->v[i].portset, picked),
		};
	for (size_t i = 0; i < v6->nr; i++) {
		struct fng_image_v6 *range = FNGC_PUSH(&sections->v6);

		to_bytes(v6->v[i].first, range->first);
		to_bytes(v6->v[i].last, range->last);
		range->portset = pick_portset(sections, pool, v6->v[i].portset,
					      picked);
	}
	if (whole && whole->listen != FNGC_NONE)
		sections->listen = pick_portset(sections, pool, whole->listen,
						picked);
	if (whole)
		add_hosts(sections, pool, &whole->host, picked);
	free(picked);
}

void fngc_sections_free(struct fngc_sections *sections)
{
	fngc_table_free(&sections->path);
	free(sections->accepts.v);
	free(sections->v4.v);
	free(sections->v6.v);
	free(sections->portsets.v);
	free(sections->ports.v);
	fngc_table_free(&sections->host);
	free(sections->hosts.v);
}

void fngc_draft_free(struct fngc_draft *draft)
{
	fngc_rows_free(&draft->path);
	free(draft->v4.v);
	free(draft->v6.v);
	fngc_rows_free(&draft->host);
}

void fngc_pool_free(struct fngc_pool *pool)
{
	free(pool->accepts.v);
	free(pool->portsets.v);
	free(pool->ports.v);
	free(pool->hosts.v);
	fngc_intern_free(&pool->accept_ids);
	fngc_intern_free(&pool->portset_ids);
	fngc_intern_free(&pool->host_ids);
}
