// SPDX-License-Identifier: MIT
/*
 * Address ranges: added up, and what is left of them where a base says the same.
 */
#include <compiler/emit.h>

void fngc_segment_add(fngc_segments *out, fngc_u128 first, fngc_u128 last,
		      u32 portset)
{
	struct fngc_segment *prev = out->nr ? &out->v[out->nr - 1] : NULL;

	/* Never across the gap of mapped addresses: it is one in first. */
	if (prev && prev->portset == portset && prev->last + 1 == first)
		prev->last = last;
	else
		*FNGC_PUSH(out) = (struct fngc_segment){ first, last, portset };
}

static const struct fngc_segment *segment(const fngc_segments *list, size_t at)
{
	return at < list->nr ? &list->v[at] : NULL;
}

/* The last address that is like @at: in the segment, before it, or without it. */
static fngc_u128 last_alike(const struct fngc_segment *segment, fngc_u128 at)
{
	if (!segment)
		return ~(fngc_u128)0;
	return segment->first > at ? segment->first - 1 : segment->last;
}

void fngc_overlay_egress(const fngc_segments *whole, const fngc_segments *base,
			 u32 no_ports, fngc_segments *own)
{
	size_t i = 0, j = 0;
	fngc_u128 at = 0;

	while (i < whole->nr || j < base->nr) {
		const struct fngc_segment *w = segment(whole, i);
		const struct fngc_segment *b = segment(base, j);
		fngc_u128 end_w = last_alike(w, at), end_b = last_alike(b, at);
		fngc_u128 last = end_w < end_b ? end_w : end_b;
		u32 said = w && w->first <= at ? w->portset : no_ports;
		u32 known = b && b->first <= at ? b->portset : no_ports;

		if (said != known)
			fngc_segment_add(own, at, last, said);
		i += w && w->last == last;
		j += b && b->last == last;
		at = last + 1;
	}
}
