// SPDX-License-Identifier: MIT
/*
 * Destinations by address: between two places where some range begins or ends all
 * addresses are alike, and so are all ports between two such places.
 */
#include <stdlib.h>

#include <compiler/diff_egress.h>
#include <engine/address.h>

typedef unsigned __int128 address;

/* The first addresses of stretches that are special, or are not any more. */
static const u32 turns4[] = {
	0x01000000, 0x0a000000, 0x0b000000, 0x64400000, 0x64800000, 0x7f000000,
	0x80000000, 0xa9fe0000, 0xa9ff0000, 0xac100000, 0xac200000, 0xc0000000,
	0xc0000100, 0xc0a80000, 0xc0a90000, 0xc6120000, 0xc6140000, 0xe0000000,
};

/* The same of IPv6, by their first halves. */
static const u64 turns6[] = {
	0x0001000000000000, 0x0064ff9b00010000, 0x0064ff9b00020000,
	0x0100000000000000, 0x0100000000000001, 0x2001000000000000,
	0x2001020000000000, 0xfc00000000000000, 0xfe00000000000000,
	0xfe80000000000000, 0xff00000000000000,
};

/* Where addresses of IPv4 are inside of those of IPv6, and how far from the end. */
static const struct wrapped {
	u64 high;
	u32 shift;
} wrapped[] = {
	{ 0x0064ff9b00000000, 0 }, { 0x2002000000000000, 80 },
};

/* What reads well as an example: they are for documents. */
#define ORDINARY4	0xcb007101u
#define ORDINARY6	((address)0x20010db800000000 << 64 | 1)

/**
 * struct kind - addresses that are decided alike, whatever the port
 * @part: per side, the part that has a range for them
 * @set: per side, its port set, or NULL
 * @special: they mean something else on each network
 * @example: one of them
 */
struct kind {
	const struct fng_image *part[2];
	const struct fng_image_portset *set[2];
	bool special;
	struct fng_endpoint example;
};

/**
 * struct mapper - addresses of one family while they are looked at
 * @differ: the comparison
 * @family: 4 or 6
 * @cuts: where something begins or ends, ascending
 * @ids: kinds of addresses
 * @kinds: those of @ids
 */
struct mapper {
	struct fngc_differ *differ;
	u8 family;
	FNGC_ARRAY(address) cuts;
	struct fngc_intern ids;
	FNGC_ARRAY(struct kind) kinds;
};

static address load(const u8 *bytes)
{
	struct fng_v6 value = fng_load_v6(bytes);

	return (address)value.high << 64 | value.low;
}

static struct fng_endpoint endpoint_of(const struct mapper *mapper,
				       address value)
{
	struct fng_endpoint endpoint = { .family = mapper->family };
	u32 size = mapper->family == 4 ? 4 : 16;

	for (u32 i = size; i--; value >>= 8)
		endpoint.addr[i] = value;
	return endpoint;
}

static void cut(struct mapper *mapper, address first, address last)
{
	*FNGC_PUSH(&mapper->cuts) = first;
	/* Behind the last of all, this is 0, which is no cut. */
	*FNGC_PUSH(&mapper->cuts) = last + 1;
}

static void cut_part(struct mapper *mapper, const struct fng_image *part)
{
	for (u32 i = 0; mapper->family == 4 && i < part->nr_v4; i++)
		cut(mapper, part->v4[i].first, part->v4[i].last);
	for (u32 i = 0; mapper->family == 6 && i < part->nr_v6; i++)
		cut(mapper, load(part->v6[i].first), load(part->v6[i].last));
}

static void cut_wrapped(struct mapper *mapper, const struct wrapped *in)
{
	address first = (address)in->high << 64;

	cut(mapper, first, first + (((address)1 << (32 + in->shift)) - 1));
	for (size_t i = 0; i < ARRAY_SIZE(turns4); i++)
		*FNGC_PUSH(&mapper->cuts) = first +
					    ((address)turns4[i] << in->shift);
}

static void cut_special(struct mapper *mapper)
{
	if (mapper->family == 4) {
		for (size_t i = 0; i < ARRAY_SIZE(turns4); i++)
			*FNGC_PUSH(&mapper->cuts) = turns4[i];
		return;
	}
	/* Behind those that are mapped, which are not looked at. */
	*FNGC_PUSH(&mapper->cuts) = (address)(FNG_MAPPED_PREFIX + 1) << 32;
	for (size_t i = 0; i < ARRAY_SIZE(turns6); i++)
		*FNGC_PUSH(&mapper->cuts) = (address)turns6[i] << 64;
	for (size_t i = 0; i < ARRAY_SIZE(wrapped); i++)
		cut_wrapped(mapper, &wrapped[i]);
}

static int compare_addresses(const void *left, const void *right)
{
	address a = *(const address *)left, b = *(const address *)right;

	return a < b ? -1 : a > b;
}

static bool is_cut(const struct mapper *mapper, address value)
{
	return value && (mapper->family == 6 || value >> 32 == 0);
}

/* Not the unspecified address, which is taken for loopback. */
static void sort_cuts(struct mapper *mapper)
{
	size_t nr = 0;

	*FNGC_PUSH(&mapper->cuts) = 1;
	*FNGC_PUSH(&mapper->cuts) = mapper->family == 4 ? ORDINARY4 :
				    ORDINARY6;
	qsort(mapper->cuts.v, mapper->cuts.nr, sizeof(*mapper->cuts.v),
	      compare_addresses);
	for (size_t i = 0; i < mapper->cuts.nr; i++) {
		if (is_cut(mapper, mapper->cuts.v[i]) &&
		    (!nr || mapper->cuts.v[i] != mapper->cuts.v[nr - 1]))
			mapper->cuts.v[nr++] = mapper->cuts.v[i];
	}
	mapper->cuts.nr = nr;
}

/* The range that an address is in, none before it any more: *at moves on. */
static const struct fng_image_portset *find4(const struct fng_image *part,
					     u32 *at, address value)
{
	while (*at < part->nr_v4 && part->v4[*at].last < value)
		++*at;
	return *at < part->nr_v4 && part->v4[*at].first <= value ?
	       &part->portsets[part->v4[*at].portset] : NULL;
}

static const struct fng_image_portset *find6(const struct fng_image *part,
					     u32 *at, address value)
{
	while (*at < part->nr_v6 && load(part->v6[*at].last) < value)
		++*at;
	return *at < part->nr_v6 && load(part->v6[*at].first) <= value ?
	       &part->portsets[part->v6[*at].portset] : NULL;
}

/* What the own part has no range for is a matter of the base. */
static void find_sets(const struct mapper *mapper, u32 at[2][2], address value,
		      struct kind *kind)
{
	for (u32 side = 0; side < 2; side++) {
		const struct fng_image *part = mapper->differ->image[side];

		for (u32 i = 0; part && !kind->set[side]; i++) {
			kind->part[side] = part;
			kind->set[side] = mapper->family == 4 ?
				find4(part, &at[side][i], value) :
				find6(part, &at[side][i], value);
			part = part->base;
		}
	}
}

static u32 number_of(const struct kind *kind, const struct fng_image *image,
		     u32 side)
{
	if (!kind->set[side])
		return 0;
	return 2 * (u32)(kind->set[side] - kind->part[side]->portsets) + 1 +
	       (kind->part[side] != image);
}

/* The address that reads well stands for its kind. */
static void add_kind(struct mapper *mapper, const struct kind *kind, bool fine)
{
	const u32 words[] = {
		number_of(kind, mapper->differ->image[0], 0),
		number_of(kind, mapper->differ->image[1], 1), kind->special,
	};
	u32 id = fngc_intern(&mapper->ids, words, ARRAY_SIZE(words));

	if (id == mapper->kinds.nr)
		*FNGC_PUSH(&mapper->kinds) = *kind;
	else if (fine)
		mapper->kinds.v[id] = *kind;
}

static void find_kinds(struct mapper *mapper)
{
	u32 at[2][2] = { { 0 } };

	for (size_t i = 0; i < mapper->cuts.nr; i++) {
		address value = mapper->cuts.v[i];
		struct kind kind = { .example = endpoint_of(mapper, value) };

		/* Mapped addresses are those of IPv4, which are looked at. */
		if (mapper->family == 6 && value >> 32 == FNG_MAPPED_PREFIX)
			continue;
		find_sets(mapper, at, value, &kind);
		kind.special = fng_address_special(&kind.example);
		add_kind(mapper, &kind, value == ORDINARY4 ||
					value == ORDINARY6);
	}
}

static void add_open(struct fngc_open *open, const struct fngc_stretch *stretch)
{
	const u32 words[] = {
		stretch->special, stretch->proto, stretch->span.first,
		stretch->span.last, stretch->open[0], stretch->open[1],
		stretch->decision[0].refused, stretch->decision[1].refused,
		stretch->decision[0].rule, stretch->decision[1].rule,
	};
	u32 id = fngc_intern(&open->ids, words, ARRAY_SIZE(words));

	if (id == open->v.nr)
		*FNGC_PUSH(&open->v) = *stretch;
}

static void compare_stretch(struct mapper *mapper, struct fngc_stretch *stretch,
			    struct fngc_open *open)
{
	struct fngc_differ *differ = mapper->differ;
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++) {
		fng_egress_decide(differ->image[side], &stretch->endpoint,
				  &stretch->decision[side]);
		stretch->open[side] = fng_egress_open(differ->image[side],
						      &stretch->decision[side]);
	}
	found = fngc_differ_decided(differ, FNGC_ABOUT_CONNECT,
				    stretch->decision, 1u << stretch->proto, 0);
	if (found)
		found->example.endpoint = stretch->endpoint;
	if (stretch->open[0] || stretch->open[1])
		add_open(open, stretch);
}

static void compare_kind(struct mapper *mapper, const struct kind *kind,
			 struct fngc_open *open)
{
	for (u32 proto = 0; proto < FNG_NR_PROTOS; proto++) {
		struct fngc_stretch stretch = {
			.special = kind->special,
			.proto = proto,
			.endpoint = kind->example,
		};
		fngc_cuts cuts = { 0 };

		for (u32 side = 0; side < 2; side++)
			fngc_cuts_add(&cuts, kind->part[side], kind->set[side],
				      proto);
		fngc_cuts_sort(&cuts);
		for (size_t i = 0; i < cuts.nr; i++) {
			stretch.span = fngc_cuts_span(&cuts, i);
			stretch.endpoint.proto = proto;
			stretch.endpoint.port = fngc_has_ports(proto) ?
				fngc_span_port(stretch.span) : 0;
			compare_stretch(mapper, &stretch, open);
		}
		free(cuts.v);
	}
}

static void compare_family(struct fngc_differ *differ, u8 family,
			   struct fngc_open *open)
{
	struct mapper mapper = { .differ = differ, .family = family };

	for (u32 side = 0; side < 2; side++) {
		cut_part(&mapper, differ->image[side]);
		if (differ->image[side]->base)
			cut_part(&mapper, differ->image[side]->base);
	}
	cut_special(&mapper);
	sort_cuts(&mapper);
	find_kinds(&mapper);
	/* Ordinary ones first: they read well. */
	for (u32 special = 0; special < 2; special++)
		for (size_t i = 0; i < mapper.kinds.nr; i++)
			if (mapper.kinds.v[i].special == special)
				compare_kind(&mapper, &mapper.kinds.v[i], open);
	free(mapper.cuts.v);
	free(mapper.kinds.v);
	fngc_intern_free(&mapper.ids);
}

void fngc_diff_addresses(struct fngc_differ *differ, struct fngc_open *open)
{
	compare_family(differ, 4, open);
	compare_family(differ, 6, open);
}
