// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The shape of an image: header, section table, number of records.
 */
#include "verify.h"

/**
 * struct bounds - what a section's size may be
 * @record: bytes of one record
 * @min: fewest records
 * @max: most records; a base has none in the sections that only a policy has
 */
struct bounds {
	u32 record;
	u32 min;
	u32 max;
};

#define MAP_SIZE	256

static const struct bounds bounds[FNG_NR_SECTIONS] = {
	[FNG_SECTION_CLASSES] = {
		sizeof(struct fng_image_class), FNG_NR_CLASSES, FNG_NR_CLASSES
	},
	[FNG_SECTION_STRINGS] = {
		1, 1, FNG_MAX_STRINGS
	},
	[FNG_SECTION_RULES] = {
		sizeof(struct fng_image_rule), 0, FNG_MAX_RULES
	},
	[FNG_SECTION_PATH_MAP] = {
		1, MAP_SIZE, MAP_SIZE
	},
	[FNG_SECTION_PATH_STATES] = {
		sizeof(struct fng_image_state), FNG_STATE_START + 1,
		FNG_MAX_STATES
	},
	[FNG_SECTION_PATH_TRANS] = {
		sizeof(struct fng_image_trans), 1, FNG_MAX_TRANSITIONS
	},
	[FNG_SECTION_PATH_ACCEPT] = {
		sizeof(struct fng_image_accept), 1, FNG_MAX_ACCEPTS
	},
	[FNG_SECTION_V4] = {
		sizeof(struct fng_image_v4), 0, FNG_MAX_RANGES
	},
	[FNG_SECTION_V6] = {
		sizeof(struct fng_image_v6), 0, FNG_MAX_RANGES
	},
	[FNG_SECTION_PORTSETS] = {
		sizeof(struct fng_image_portset), 0, FNG_MAX_PORTSETS
	},
	[FNG_SECTION_PORTS] = {
		sizeof(struct fng_image_port), 0, FNG_MAX_PORTS
	},
	[FNG_SECTION_META] = {
		sizeof(struct fng_image_meta), 1, 1
	},
	/* Those of each kind of templates are there together or not at all. */
	[FNG_SECTION_CGROUP_MAP] = {
		1, 0, MAP_SIZE
	},
	[FNG_SECTION_CGROUP_STATES] = {
		sizeof(struct fng_image_state), 0, FNG_MAX_STATES
	},
	[FNG_SECTION_CGROUP_TRANS] = {
		sizeof(struct fng_image_trans), 0, FNG_MAX_TRANSITIONS
	},
	[FNG_SECTION_DEVICE_MAP] = {
		1, 0, MAP_SIZE
	},
	[FNG_SECTION_DEVICE_STATES] = {
		sizeof(struct fng_image_state), 0, FNG_MAX_STATES
	},
	[FNG_SECTION_DEVICE_TRANS] = {
		sizeof(struct fng_image_trans), 0, FNG_MAX_TRANSITIONS
	},
	[FNG_SECTION_DIGESTS] = {
		sizeof(struct fng_image_digest), 0, FNG_MAX_DIGESTS
	},
	/* These are there together or not at all, too. */
	[FNG_SECTION_HOST_MAP] = {
		1, 0, MAP_SIZE
	},
	[FNG_SECTION_HOST_STATES] = {
		sizeof(struct fng_image_state), 0, FNG_MAX_STATES
	},
	[FNG_SECTION_HOST_TRANS] = {
		sizeof(struct fng_image_trans), 0, FNG_MAX_TRANSITIONS
	},
	[FNG_SECTION_HOSTS] = {
		sizeof(struct fng_image_host), 0, FNG_MAX_HOSTS
	},
	[FNG_SECTION_RESOLVERS] = {
		sizeof(struct fng_image_resolver), 0, FNG_MAX_RESOLVERS
	},
	[FNG_SECTION_LIMITS] = {
		sizeof(struct fng_image_limit), 0, FNG_NR_LIMITS
	},
};

static int exceeds(const struct fng_verifier *v, const void *field,
		   const char *reason)
{
	fng_refuse(v, field, reason);
	return -E2BIG;
}

static int check_zero(const struct fng_verifier *v, u32 start, u32 end)
{
	u32 at;

	for (at = start; at < end; at++)
		if (v->blob[at])
			return fng_refuse(v, &v->blob[at],
					  "bytes between sections are not zero");
	return 0;
}

/* Sums are not formed before they are known to be inside: nothing overflows. */
static int check_span(const struct fng_verifier *v,
		      const struct fng_image_span *span, u32 end_of_previous)
{
	if (span->offset % FNG_IMAGE_ALIGN)
		return fng_refuse(v, &span->offset,
				  "a section is not aligned");
	if (span->offset < end_of_previous)
		return fng_refuse(v, &span->offset,
				  "sections overlap or are out of order");
	if (span->offset > v->size)
		return fng_refuse(v, &span->offset,
				  "a section starts beyond the image");
	if (span->size > v->size - span->offset)
		return fng_refuse(v, &span->size,
				  "a section ends beyond the image");
	return check_zero(v, end_of_previous, span->offset);
}

static int check_count(struct fng_verifier *v, u32 section)
{
	static const struct bounds empty = { 1, 0, 0 };
	const struct fng_image_span *span = &v->header->section[section];
	const struct bounds *b = &bounds[section];

	if (v->is_base && section >= FNG_NR_BASE_SECTIONS)
		b = &empty;

	if (span->size % b->record)
		return fng_refuse(v, &span->size,
				  "a section's size does not fit its records");
	v->nr[section] = span->size / b->record;
	if (v->nr[section] < b->min)
		return fng_refuse(v, &span->size,
				  "a section has too few records");
	if (v->nr[section] > b->max)
		return exceeds(v, &span->size,
			       "a section has too many records");
	return 0;
}

/* Where an image's base is has been found out before. */
static int check_sections(struct fng_verifier *v)
{
	u32 nr = v->is_base ? FNG_NR_SECTIONS : FNG_SECTION_BASE;
	const struct fng_image_span *span;
	u32 end = sizeof(*v->header);
	u32 i;
	int err;

	for (i = 0; i < nr; i++) {
		span = &v->header->section[i];
		err = check_span(v, span, end);
		if (err)
			return err;
		err = check_count(v, i);
		if (err)
			return err;
		end = span->offset + span->size;
	}
	return check_zero(v, end, v->size);
}

/* An automaton that need not be there; its states follow its map. */
static int check_optional(const struct fng_verifier *v, u32 map)
{
	const struct fng_image_span *section = v->header->section;
	u32 states = map + 1;
	u32 trans = map + 2;

	if (!v->nr[map] && !v->nr[states] && !v->nr[trans])
		return 0;
	if (v->nr[map] != MAP_SIZE)
		return fng_refuse(v, &section[map].size,
				  "an automaton has no map of bytes");
	if (v->nr[states] <= FNG_STATE_START)
		return fng_refuse(v, &section[states].size,
				  "an automaton has no states");
	if (!v->nr[trans])
		return fng_refuse(v, &section[trans].size,
				  "an automaton has no transitions");
	return 0;
}

static int check_automata(const struct fng_verifier *v)
{
	int err;

	err = check_optional(v, FNG_SECTION_CGROUP_MAP) ?:
	      check_optional(v, FNG_SECTION_DEVICE_MAP);
	if (err)
		return err;
	return check_optional(v, FNG_SECTION_HOST_MAP);
}

static const void *section(const struct fng_verifier *v, u32 kind)
{
	return v->blob + v->header->section[kind].offset;
}

static void find_sections(struct fng_verifier *v)
{
	v->image = (struct fng_image) {
		.base = v->base,
		.meta = section(v, FNG_SECTION_META),
		.strings = section(v, FNG_SECTION_STRINGS),
		.rules = section(v, FNG_SECTION_RULES),
		.classes = section(v, FNG_SECTION_CLASSES),
		.path = {
			.map = section(v, FNG_SECTION_PATH_MAP),
			.states = section(v, FNG_SECTION_PATH_STATES),
			.trans = section(v, FNG_SECTION_PATH_TRANS),
			.nr_states = v->nr[FNG_SECTION_PATH_STATES],
		},
		.accepts = section(v, FNG_SECTION_PATH_ACCEPT),
		.cgroup = {
			.map = section(v, FNG_SECTION_CGROUP_MAP),
			.states = section(v, FNG_SECTION_CGROUP_STATES),
			.trans = section(v, FNG_SECTION_CGROUP_TRANS),
			.nr_states = v->nr[FNG_SECTION_CGROUP_STATES],
		},
		.device = {
			.map = section(v, FNG_SECTION_DEVICE_MAP),
			.states = section(v, FNG_SECTION_DEVICE_STATES),
			.trans = section(v, FNG_SECTION_DEVICE_TRANS),
			.nr_states = v->nr[FNG_SECTION_DEVICE_STATES],
		},
		.v4 = section(v, FNG_SECTION_V4),
		.v6 = section(v, FNG_SECTION_V6),
		.portsets = section(v, FNG_SECTION_PORTSETS),
		.ports = section(v, FNG_SECTION_PORTS),
		.digests = section(v, FNG_SECTION_DIGESTS),
		.host = {
			.map = section(v, FNG_SECTION_HOST_MAP),
			.states = section(v, FNG_SECTION_HOST_STATES),
			.trans = section(v, FNG_SECTION_HOST_TRANS),
			.nr_states = v->nr[FNG_SECTION_HOST_STATES],
		},
		.hosts = section(v, FNG_SECTION_HOSTS),
		.resolvers = section(v, FNG_SECTION_RESOLVERS),
		.limits = section(v, FNG_SECTION_LIMITS),
		.nr_rules = v->nr[FNG_SECTION_RULES],
		.nr_accepts = v->nr[FNG_SECTION_PATH_ACCEPT],
		.nr_v4 = v->nr[FNG_SECTION_V4],
		.nr_v6 = v->nr[FNG_SECTION_V6],
		.nr_portsets = v->nr[FNG_SECTION_PORTSETS],
		.nr_ports = v->nr[FNG_SECTION_PORTS],
		.nr_digests = v->nr[FNG_SECTION_DIGESTS],
		.nr_hosts = v->nr[FNG_SECTION_HOSTS],
		.nr_resolvers = v->nr[FNG_SECTION_RESOLVERS],
		.nr_limits = v->nr[FNG_SECTION_LIMITS],
		.size = v->header->size,
	};
}

/**
 * fng_verify_header() - verify what an image or a base says of itself
 * @v: verifier with blob, error and is_base set
 * @size: bytes of the blob, a base that follows it included
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_header(const struct fng_verifier *v, size_t size)
{
	u32 magic = v->is_base ? FNG_BASE_MAGIC : FNG_IMAGE_MAGIC;
	const struct fng_image_header *header = (const void *)v->blob;

	if (size < sizeof(*header))
		return fng_refuse(v, v->blob,
				  "the image is smaller than its header");
	if ((uintptr_t)v->blob % FNG_IMAGE_ALIGN)
		return fng_refuse(v, v->blob,
				  "the image is not aligned in memory");
	if (header->magic != magic)
		return fng_refuse(v, &header->magic,
				  "this is not an image of a policy");
	if (header->abi < FNG_IMAGE_ABI_MIN || header->abi > FNG_IMAGE_ABI) {
		fng_refuse(v, &header->abi, "the image's abi is not supported");
		return -EPROTONOSUPPORT;
	}
	if (size > FNG_MAX_IMAGE_SIZE)
		return exceeds(v, &header->size, "the image is too large");
	if (header->size != size)
		return fng_refuse(v, &header->size,
				  "the image's size is not what it says");
	if (header->nr_sections != FNG_NR_SECTIONS)
		return fng_refuse(v, &header->nr_sections,
				  "the number of sections is wrong");
	return 0;
}

/**
 * fng_verify_shape() - verify where sections are and how many records they have
 * @v: verifier whose header has been seen, with all set that is known before;
 *	gets all the rest
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_shape(struct fng_verifier *v)
{
	int err;

	v->header = (const struct fng_image_header *)v->blob;
	err = check_sections(v);
	if (err)
		return err;
	err = check_automata(v);
	if (err)
		return err;
	find_sections(v);
	return 0;
}
