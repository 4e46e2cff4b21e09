// SPDX-License-Identifier: MIT
/*
 * Destinations: every rule is looked at, every bit of a network compared.
 */
#include "reference.h"

/**
 * struct place - a destination; IPv4 is ::ffff:0:0/96 here
 * @addr: address
 * @proto: enum ref_proto
 * @port: port
 */
struct place {
	u8 addr[16];
	u8 proto;
	u16 port;
};

static bool is_v4(const u8 addr[16])
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(addr, mapped, sizeof(mapped));
}

/* Whoever connects to no address at all reaches itself. */
static void replace_unspecified(u8 addr[16])
{
	static const u8 none[16];

	if (!memcmp(addr, none, 16))
		addr[15] = 1;
	else if (is_v4(addr) && !memcmp(addr + 12, none, 4))
		memcpy(addr + 12, "\x7f\0\0\1", 4);
}

static struct place place_of(const struct ref_request *request)
{
	struct place place = { .proto = request->proto,
			       .port = request->port };

	if (request->family == 4) {
		memset(place.addr + 10, 0xff, 2);
		memcpy(place.addr + 12, request->addr, 4);
	} else {
		memcpy(place.addr, request->addr, 16);
	}
	replace_unspecified(place.addr);
	if (place.proto == REF_ICMP)
		place.port = 0;
	return place;
}

/* A network of IPv6 has no address of IPv4, however it is written. */
static bool has_address(const struct ref_network *network, const u8 addr[16])
{
	if (network->prefix < 96 && is_v4(addr))
		return false;
	for (u32 bit = 0; bit < network->prefix; bit++) {
		u8 mask = 0x80 >> bit % 8;

		if ((network->addr[bit / 8] & mask) != (addr[bit / 8] & mask))
			return false;
	}
	return true;
}

static bool set_has(const struct ref_set *set, const u8 addr[16])
{
	for (const char *const *text = set->networks; *text; text++) {
		struct ref_network network = ref_network_read(*text);

		if (has_address(&network, addr))
			return true;
	}
	return false;
}

static bool rule_has_address(const struct ref_egress_rule *rule,
			     const u8 addr[16])
{
	for (u32 i = 0; i < rule->nr_targets; i++) {
		const struct ref_target *target = &rule->targets[i];

		if (target->set ? set_has(&ref_sets[target->set - 1], addr) :
		    has_address(&target->network, addr))
			return true;
	}
	return false;
}

/* Without a protocol: TCP and UDP. */
static bool has_port(const struct ref_ports *ports, const struct place *place)
{
	if (ports->proto == REF_OTHER ? place->proto > REF_UDP :
	    place->proto != ports->proto)
		return false;
	return ports->every ||
	       (place->port >= ports->first && place->port <= ports->last);
}

/* Without ports: an allow rule covers TCP and UDP, a deny rule everything. */
static bool rule_has_port(const struct ref_egress_rule *rule,
			  const struct place *place)
{
	if (!rule->nr_ports)
		return rule->effect == REF_DENY || place->proto <= REF_UDP;
	for (u32 i = 0; i < rule->nr_ports; i++) {
		if (has_port(&rule->ports[i], place))
			return true;
	}
	return false;
}

/* The only rule that can refuse a protocol beyond the four refuses ICMP too. */
static const struct ref_egress_rule *find(const struct ref_policy *policy,
					  struct place place, u8 effect)
{
	const struct ref_egress_rule *found = NULL;

	if (place.proto == REF_OTHER && effect == REF_ALLOW)
		return NULL;
	if (place.proto == REF_OTHER)
		place.proto = REF_ICMP;

	for (u32 i = 0; i < policy->nr_egress; i++) {
		const struct ref_egress_rule *rule = &policy->egress[i];

		if (!rule->overridden && rule->effect == effect &&
		    (!found || rule->line < found->line) &&
		    rule_has_address(rule, place.addr) &&
		    rule_has_port(rule, &place))
			found = rule;
	}
	return found;
}

struct ref_verdict ref_decide_connect(const struct ref_policy *policy,
				      const struct ref_request *request)
{
	const struct ref_section *section = &policy->section[REF_EGRESS];
	struct place place = place_of(request);
	const struct ref_egress_rule *rule = find(policy, place, REF_DENY);

	if (!rule)
		rule = find(policy, place, REF_ALLOW);
	if (rule)
		return ref_verdict_of(policy, REF_EGRESS,
				      rule->effect == REF_DENY, rule->line);
	return ref_verdict_of(policy, REF_EGRESS,
			      ref_default_effect(section) == REF_DENY,
			      ref_default_line(section));
}

static const struct ref_listen_rule *find_listen(const struct ref_policy *policy,
						 const struct place *place,
						 u8 effect)
{
	const struct ref_listen_rule *found = NULL;

	for (u32 i = 0; i < policy->nr_listen; i++) {
		const struct ref_listen_rule *rule = &policy->listen[i];

		if (!rule->overridden && rule->effect == effect &&
		    (!found || rule->line < found->line) &&
		    has_port(&rule->ports, place))
			found = rule;
	}
	return found;
}

struct ref_verdict ref_decide_listen(const struct ref_policy *policy,
				     const struct ref_request *request)
{
	const struct ref_section *section = &policy->section[REF_LISTEN];
	const struct place place = {
		.proto = request->proto,
		.port = request->port,
	};
	const struct ref_listen_rule *rule;

	rule = find_listen(policy, &place, REF_DENY);
	if (!rule)
		rule = find_listen(policy, &place, REF_ALLOW);
	if (rule)
		return ref_verdict_of(policy, REF_LISTEN,
				      rule->effect == REF_DENY, rule->line);
	return ref_verdict_of(policy, REF_LISTEN,
			      ref_default_effect(section) == REF_DENY,
			      ref_default_line(section));
}
