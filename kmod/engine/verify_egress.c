// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Address ranges and the ports behind them: in order, so that they can be
 * searched by halving.
 */
#include "verify.h"

static int check_v4(const struct fng_verifier *v)
{
	const struct fng_image_v4 *range = v->image.v4;
	u32 i;

	for (i = 0; i < v->image.nr_v4; i++, range++) {
		if (range->last < range->first)
			return fng_refuse(v, &range->last,
					  "an address range ends before it starts");
		if (i && range->first <= range[-1].last)
			return fng_refuse(v, &range->first,
					  "address ranges overlap or are unsorted");
		if (range->portset >= v->image.nr_portsets)
			return fng_refuse(v, &range->portset,
					  "an address range has no set of ports");
	}
	return 0;
}

/* ::ffff:0:0/96 is IPv4 in disguise and judged as such. */
static bool meets_mapped(const struct fng_image_v6 *range)
{
	static const u8 first[16] = { [10] = 0xff, [11] = 0xff };
	static const u8 last[16] = { [10] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	return memcmp(range->first, last, sizeof(last)) <= 0 &&
	       memcmp(range->last, first, sizeof(first)) >= 0;
}

static int check_v6(const struct fng_verifier *v)
{
	const struct fng_image_v6 *range = v->image.v6;
	u32 i;

	for (i = 0; i < v->image.nr_v6; i++, range++) {
		if (memcmp(range->last, range->first, sizeof(range->last)) < 0)
			return fng_refuse(v, range->last,
					  "an address range ends before it starts");
		if (i && memcmp(range->first, range[-1].last,
				sizeof(range->first)) <= 0)
			return fng_refuse(v, range->first,
					  "address ranges overlap or are unsorted");
		if (meets_mapped(range))
			return fng_refuse(v, range->first,
					  "an IPv6 range covers mapped IPv4");
		if (range->portset >= v->image.nr_portsets)
			return fng_refuse(v, &range->portset,
					  "an address range has no set of ports");
	}
	return 0;
}

static int check_port(const struct fng_verifier *v,
		      const struct fng_image_port *port)
{
	if (port->last < port->first)
		return fng_refuse(v, &port->last,
				  "a port range ends before it starts");
	if (port->effect >= FNG_NR_EFFECTS)
		return fng_refuse(v, &port->effect,
				  "a port range has no known effect");
	if (port->reserved)
		return fng_refuse(v, &port->reserved,
				  "a reserved field is not zero");
	if (!fng_rule_valid(v, port->rule))
		return fng_refuse(v, &port->rule,
				  "a port range is decided by no rule");
	return 0;
}

static int check_order(const struct fng_verifier *v, u32 start, u32 end)
{
	const struct fng_image_port *ports = v->image.ports;
	u32 i;

	for (i = start; i < end; i++)
		if (i > start && ports[i].first <= ports[i - 1].last)
			return fng_refuse(v, &ports[i].first,
					  "port ranges overlap or are unsorted");
	return 0;
}

static int check_portset(const struct fng_verifier *v,
			 const struct fng_image_portset *set)
{
	const u32 *start = set->start;
	u32 proto;
	int err;

	for (proto = 0; proto < FNG_PROTO_OTHER; proto++) {
		if (start[proto + 1] < start[proto] ||
		    start[proto + 1] > v->image.nr_ports)
			return fng_refuse(v, &start[proto + 1],
					  "a set of ports has no such ranges");
		err = check_order(v, start[proto], start[proto + 1]);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The sets share the table out between them, so that each range is looked at
 * once however many sets there are.
 */
static int check_portsets(const struct fng_verifier *v)
{
	const struct fng_image_portset *sets = v->image.portsets;
	u32 next = 0;
	u32 i;
	int err;

	for (i = 0; i < v->image.nr_portsets; i++) {
		if (sets[i].start[0] != next)
			return fng_refuse(v, &sets[i].start[0],
					  "sets of ports overlap or leave a gap");
		err = check_portset(v, &sets[i]);
		if (err)
			return err;
		next = sets[i].start[FNG_PROTO_OTHER];
	}
	if (next != v->image.nr_ports)
		return fng_refuse(v, &v->image.ports[next],
				  "a port range belongs to no set");
	return 0;
}

static int check_absent(const struct fng_verifier *v)
{
	if (v->image.classes[FNG_CLASS_EGRESS].present)
		return 0;
	if (v->image.nr_v4)
		return fng_refuse(v, v->image.v4,
				  "an absent class has address ranges");
	if (v->image.nr_v6)
		return fng_refuse(v, v->image.v6,
				  "an absent class has address ranges");
	return 0;
}

/* The ports to listen on are a set like those of an address range. */
static int check_listen(const struct fng_verifier *v)
{
	const u32 *listen = &v->image.meta->listen;

	if (!v->image.classes[FNG_CLASS_LISTEN].present) {
		if (*listen)
			return fng_refuse(v, listen,
					  "an absent class has a set of ports");
		return 0;
	}
	if (*listen >= v->image.nr_portsets)
		return fng_refuse(v, listen,
				  "the ports to listen on are no set");
	return 0;
}

/**
 * fng_verify_egress() - verify address ranges and ports
 * @v: verifier that has seen shape and tables
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_egress(const struct fng_verifier *v)
{
	u32 i;
	int err;

	err = check_v4(v);
	if (err)
		return err;
	err = check_v6(v);
	if (err)
		return err;
	for (i = 0; i < v->image.nr_ports; i++) {
		err = check_port(v, &v->image.ports[i]);
		if (err)
			return err;
	}
	err = check_portsets(v);
	if (err)
		return err;
	err = check_absent(v);
	if (err || v->is_base)
		return err;
	return check_listen(v);
}
