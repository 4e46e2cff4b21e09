// SPDX-License-Identifier: MIT
/*
 * Destinations: every rule is looked at, every bit of a network compared.
 */
#include "reference.h"

/* Whoever connects to no address at all reaches itself. */
static void replace_unspecified(u8 addr[16])
{
	static const u8 none[16];

	if (!memcmp(addr, none, 16))
		addr[15] = 1;
	else if (ref_is_v4(addr) && !memcmp(addr + 12, none, 4))
		memcpy(addr + 12, "\x7f\0\0\1", 4);
}

void ref_address_of(const struct ref_request *request, u8 addr[16])
{
	memset(addr, 0, 16);
	if (request->family == 4) {
		memset(addr + 10, 0xff, 2);
		memcpy(addr + 12, request->addr, 4);
	} else {
		memcpy(addr, request->addr, 16);
	}
}

struct ref_place ref_place_of(const struct ref_request *request)
{
	struct ref_place place = { .proto = request->proto,
				   .port = request->port };

	ref_address_of(request, place.addr);
	replace_unspecified(place.addr);
	if (place.proto == REF_ICMP)
		place.port = 0;
	return place;
}

/* A network of IPv6 has no address of IPv4, however it is written. */
bool ref_has_address(const struct ref_network *network, const u8 addr[16])
{
	if (network->prefix < 96 && ref_is_v4(addr))
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

		if (ref_has_address(&network, addr))
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
		    ref_has_address(&target->network, addr))
			return true;
	}
	return false;
}

/* Without a protocol: TCP and UDP. */
static bool has_port(const struct ref_ports *ports, const struct ref_place *place)
{
	if (ports->proto == REF_OTHER ? place->proto > REF_UDP :
	    place->proto != ports->proto)
		return false;
	return ports->every ||
	       (place->port >= ports->first && place->port <= ports->last);
}

/* Without ports: an allow rule covers TCP and UDP, a deny rule everything. */
bool ref_has_port(const struct ref_ports *ports, u32 nr, u8 effect,
		  const struct ref_place *place)
{
	if (!nr)
		return effect == REF_DENY || place->proto <= REF_UDP;
	for (u32 i = 0; i < nr; i++) {
		if (has_port(&ports[i], place))
			return true;
	}
	return false;
}

static bool covers(const struct ref_egress_rule *rule,
		   const struct ref_place *place)
{
	return rule_has_address(rule, place->addr) &&
	       ref_has_port(rule->ports, rule->nr_ports, rule->effect, place);
}

/* The address of IPv4 that a gateway makes of one of IPv6, if it makes any. */
static bool unwrap(const u8 addr[16], u8 inner[16])
{
	static const u8 nat64[12] = { 0, 0x64, 0xff, 0x9b };
	const u8 *found = NULL;

	if (!memcmp(addr, nat64, 12))
		found = addr + 12;
	else if (!memcmp(addr, "\x20\x02", 2))
		found = addr + 2;
	else
		return false;
	memset(inner, 0, 10);
	memset(inner + 10, 0xff, 2);
	memcpy(inner + 12, found, 4);
	return true;
}

/* Only what is denied by its address of IPv4 is also denied behind a gateway. */
static bool covers_behind_gateway(const struct ref_egress_rule *rule,
				  const struct ref_place *place)
{
	struct ref_place inner = *place;

	return rule->effect == REF_DENY && unwrap(place->addr, inner.addr) &&
	       covers(rule, &inner);
}

/* A resolver may be asked, whatever else is said. */
static bool may_ask(const struct ref_resolver *resolver,
		    const struct ref_place *place)
{
	return place->proto <= REF_UDP && place->port == 53 &&
	       ref_has_address(&resolver->network, place->addr);
}

static u32 earlier(u32 line, u32 other)
{
	return !line || other < line ? other : line;
}

/* The only rule that can refuse a protocol beyond the four refuses ICMP too. */
static u32 find(const struct ref_policy *policy, struct ref_place place,
		u8 effect)
{
	u32 line = 0;

	if (place.proto == REF_OTHER && effect == REF_ALLOW)
		return 0;
	if (place.proto == REF_OTHER)
		place.proto = REF_ICMP;
	for (u32 i = 0; i < policy->nr_egress; i++) {
		const struct ref_egress_rule *rule = &policy->egress[i];

		if (!rule->overridden && rule->effect == effect &&
		    (covers(rule, &place) ||
		     covers_behind_gateway(rule, &place)))
			line = earlier(line, rule->line);
	}
	for (u32 i = 0; i < policy->nr_resolvers; i++) {
		const struct ref_resolver *resolver = &policy->resolvers[i];

		if (!resolver->overridden && effect == REF_ALLOW &&
		    may_ask(resolver, &place))
			line = earlier(line, resolver->line);
	}
	return line;
}

struct ref_verdict ref_decide_connect(const struct ref_policy *policy,
				      const struct ref_request *request)
{
	struct ref_place place = ref_place_of(request);
	u32 line = find(policy, place, REF_DENY);

	if (line)
		return ref_verdict_of(policy, REF_EGRESS, true, line);
	line = find(policy, place, REF_ALLOW);
	if (line)
		return ref_verdict_of(policy, REF_EGRESS, false, line);
	return ref_decide_default(policy, REF_EGRESS);
}

bool ref_connect_open(const struct ref_policy *policy,
		      const struct ref_request *request)
{
	struct ref_place place = ref_place_of(request);

	return !find(policy, place, REF_DENY) &&
	       !find(policy, place, REF_ALLOW);
}

static const struct ref_listen_rule *find_listen(const struct ref_policy *policy,
						 const struct ref_place *place,
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
	const struct ref_place place = {
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
	return ref_decide_default(policy, REF_LISTEN);
}
