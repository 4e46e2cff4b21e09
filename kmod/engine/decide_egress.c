// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a destination may be talked to: the range that its address is in, then
 * the range of ports behind it. And on which ports others may talk to the
 * function: the same without addresses.
 */
#include "address.h"
#include "decide.h"

#define LOOPBACK_V4	0x7f000001u

static bool v6_above(struct fng_v6 a, struct fng_v6 b)
{
	return a.high > b.high || (a.high == b.high && a.low > b.low);
}

static const struct fng_image_portset *find_v4(const struct fng_image *image,
					       u32 addr)
{
	const struct fng_image_v4 *range = image->v4;
	u32 left = image->nr_v4;
	const u32 *step;
	u32 half;

	if (image->v4_steps) {
		/* The range before those that begin alike may reach into them. */
		step = &image->v4_steps[addr >> image->v4_shift];
		half = step[0] ? step[0] - 1 : 0;
		range += half;
		left = step[1] - half;
	}
	if (!left)
		return NULL;
	for (; left > 1; left -= half) {
		half = left / 2;
		if (range[half].first <= addr)
			range += half;
	}
	if (addr < range->first || addr > range->last)
		return NULL;
	return &image->portsets[range->portset];
}

static const struct fng_image_portset *find_v6(const struct fng_image *image,
					       struct fng_v6 addr)
{
	const struct fng_image_v6 *range = image->v6;
	u32 left = image->nr_v6;
	u32 half;

	if (!left)
		return NULL;
	for (; left > 1; left -= half) {
		half = left / 2;
		if (!v6_above(fng_load_v6(range[half].first), addr))
			range += half;
	}
	if (v6_above(fng_load_v6(range->first), addr) ||
	    v6_above(addr, fng_load_v6(range->last)))
		return NULL;
	return &image->portsets[range->portset];
}

/**
 * fng_port_find() - the range of a port set that a port is in
 * @image: part that the set is of
 * @set: the set
 * @proto: enum fng_proto but FNG_PROTO_OTHER
 * @port: the port; of no matter where the protocol has none
 *
 * Return: NULL if it is in none.
 */
const struct fng_image_port *fng_port_find(const struct fng_image *image,
					   const struct fng_image_portset *set,
					   u8 proto, u16 port)
{
	const struct fng_image_port *range = &image->ports[set->start[proto]];
	u32 left = set->start[proto + 1] - set->start[proto];
	u32 half;

	if (!left)
		return NULL;
	if (proto == FNG_PROTO_ICMP)
		port = 0;
	for (; left > 1; left -= half) {
		half = left / 2;
		if (range[half].first <= port)
			range += half;
	}
	return port < range->first || port > range->last ? NULL : range;
}

/* The kernel connects to the unspecified address as to itself. */
static const struct fng_image_portset *
find_address_v4(const struct fng_image *image, u32 addr)
{
	return find_v4(image, addr ? addr : LOOPBACK_V4);
}

static const struct fng_image_portset *
find_address(const struct fng_image *image, const struct fng_endpoint *endpoint)
{
	struct fng_v6 addr;

	if (endpoint->family == 4)
		return find_address_v4(image, fng_load_be32(endpoint->addr));
	addr = fng_load_v6(endpoint->addr);
	if (!addr.high && addr.low >> 32 == FNG_MAPPED_PREFIX)
		return find_address_v4(image, (u32)addr.low);
	if (!addr.high && !addr.low)
		addr.low = 1;
	return find_v6(image, addr);
}

/**
 * fng_egress_decide() - decide on talking to a destination
 * @image: whose decision
 * @endpoint: the destination
 * @decision: the decision
 *
 * What the policy's own ranges cover is decided by them alone, if only by having
 * no ports there.
 *
 * No rule can name a protocol that is none of the four. It is refused where ICMP
 * is, as by a rule that denies everything, and never allowed by a rule.
 *
 * If the decision is the default's, see fng_egress_open(), the names that the
 * destination has may still say otherwise.
 */
void fng_egress_decide(const struct fng_image *image,
		       const struct fng_endpoint *endpoint,
		       struct fng_decision *decision)
{
	const struct fng_image_portset *set = find_address(image, endpoint);
	const struct fng_image_port *range = NULL;
	const struct fng_image *part = image;
	bool other = endpoint->proto >= FNG_PROTO_OTHER;
	u8 proto = other ? FNG_PROTO_ICMP : endpoint->proto;

	if (!set && image->base) {
		part = image->base;
		set = find_address(part, endpoint);
	}
	if (set)
		range = fng_port_find(part, set, proto, endpoint->port);
	if (!range || (other && range->effect != FNG_EFFECT_DENY))
		fng_class_default(image, FNG_CLASS_EGRESS, decision);
	else
		fng_decision_set(decision, image, FNG_CLASS_EGRESS,
				 range->effect == FNG_EFFECT_DENY, range->rule);
}

#define NR_PORTS	65536u

/* Does the set let anything through, or leave a port to a default that does? */
static bool lets_through(const struct fng_image *image,
			 const struct fng_image_portset *set, u32 proto,
			 bool dflt)
{
	u32 next = 0;
	u32 i;

	for (i = set->start[proto]; i < set->start[proto + 1]; i++) {
		const struct fng_image_port *range = &image->ports[i];

		if (range->effect == FNG_EFFECT_ALLOW ||
		    (dflt && range->first > next))
			return true;
		next = range->last + 1u;
	}
	return dflt && next < NR_PORTS;
}

static bool set_lets_through(const struct fng_image *image,
			     const struct fng_image_portset *set, bool dflt)
{
	u32 proto;

	for (proto = 0; proto < FNG_PROTO_OTHER; proto++)
		if (lets_through(image, set, proto, dflt))
			return true;
	return false;
}

/**
 * fng_egress_reachable() - may anything be sent to an address?
 * @image: whose decision
 * @endpoint: with the address; its port and protocol do not matter
 */
bool fng_egress_reachable(const struct fng_image *image,
			  const struct fng_endpoint *endpoint)
{
	const struct fng_image_portset *set = find_address(image, endpoint);
	const struct fng_image *part = image;
	struct fng_decision dflt;

	fng_class_default(image, FNG_CLASS_EGRESS, &dflt);
	if (!set && image->base) {
		part = image->base;
		set = find_address(part, endpoint);
	}
	return set ? set_lets_through(part, set, !dflt.refused) : !dflt.refused;
}

/**
 * fng_listen_decide() - decide on being reached on a port
 * @image: whose decision
 * @proto: enum fng_proto; FNG_PROTO_OTHER gets the default
 * @port: the port; 0 for one that the kernel chooses
 * @decision: the decision
 */
void fng_listen_decide(const struct fng_image *image, u8 proto, u16 port,
		       struct fng_decision *decision)
{
	const struct fng_image_portset *set;
	const struct fng_image_port *range = NULL;

	if (image->classes[FNG_CLASS_LISTEN].present &&
	    proto < FNG_PROTO_OTHER) {
		set = &image->portsets[image->meta->listen];
		range = fng_port_find(image, set, proto, port);
	}
	if (!range)
		fng_class_default(image, FNG_CLASS_LISTEN, decision);
	else
		fng_decision_set(decision, image, FNG_CLASS_LISTEN,
				 range->effect == FNG_EFFECT_DENY, range->rule);
}

/**
 * fng_listen_names() - does a rule, and no default, allow to be reached on a port?
 * @image: whose decision
 * @proto: enum fng_proto
 * @port: the port; 0 for one that the kernel chooses
 */
bool fng_listen_names(const struct fng_image *image, u8 proto, u16 port)
{
	const struct fng_image_class *settings =
		&image->classes[FNG_CLASS_LISTEN];
	struct fng_decision decision;

	fng_listen_decide(image, proto, port, &decision);
	return settings->present && !decision.refused &&
	       decision.rule != settings->rule;
}
