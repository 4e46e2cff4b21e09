// SPDX-License-Identifier: MIT
/*
 * Names of hosts: each rule's name is compared label by label, and each network
 * of special addresses bit by bit.
 */
#include "reference.h"

/* What anybody may not have, of IPv4 and of IPv6. */
static const char *const special4[] = {
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
	"169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16",
	"198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", NULL
};
static const char *const special6[] = {
	"::/16", "64:ff9b:1::/48", "100::/64", "2001::/23", "fc00::/7",
	"fe80::/10", "fec0::/10", "ff00::/8", NULL
};

static bool is_in(const char *text, const u8 addr[16])
{
	struct ref_network network = ref_network_read(text);

	return ref_has_address(&network, addr);
}

static bool is_in_one(const char *const *texts, const u8 addr[16])
{
	for (; *texts; texts++) {
		if (is_in(*texts, addr))
			return true;
	}
	return false;
}

/* The address of IPv4 that a gateway makes of one of IPv6, or that it is. */
static bool unwrap(const u8 addr[16], u8 inner[16])
{
	const u8 *four = NULL;

	if (ref_is_v4(addr) || is_in("64:ff9b::/96", addr))
		four = addr + 12;
	else if (is_in("2002::/16", addr))
		four = addr + 2;
	memset(inner, 0, 16);
	memset(inner + 10, 0xff, 2);
	if (four)
		memcpy(inner + 12, four, 4);
	return four;
}

static bool is_special(const u8 addr[16])
{
	u8 inner[16];

	return unwrap(addr, inner) ? is_in_one(special4, inner) :
				     is_in_one(special6, addr);
}

static u32 count_labels(const char *name)
{
	u32 nr = 1;

	for (; *name; name++)
		nr += *name == '.' && name[1];
	return nr;
}

/* The last labels of a name, this many of them. */
static const char *last_labels(const char *name, u32 nr)
{
	for (u32 more = count_labels(name); more > nr; more--)
		name = strchr(name, '.') + 1;
	return name;
}

/* A dot at the end and capitals mean nothing. */
static bool same_name(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);

	len_a -= a[len_a - 1] == '.';
	len_b -= b[len_b - 1] == '.';
	return len_a == len_b && !strncasecmp(a, b, len_a);
}

static bool rule_has_name(const struct ref_host_rule *rule, const char *name)
{
	u32 stars = (u32)strspn(rule->name, "*");
	const char *rest = rule->name + (stars ? stars + 1 : 0);
	u32 more = count_labels(name) - count_labels(rest);

	if (count_labels(name) < count_labels(rest))
		return false;
	if (stars == 2 ? !more : more != stars)
		return false;
	return same_name(last_labels(name, count_labels(rest)), rest);
}

/* Line of the first rule of an effect that says something, or 0. */
static u32 find(const struct ref_policy *policy, const char *name,
		const struct ref_place *place, u8 effect)
{
	bool special = effect == REF_ALLOW && is_special(place->addr);
	u32 line = 0;

	for (u32 i = 0; i < policy->nr_hosts; i++) {
		const struct ref_host_rule *rule = &policy->hosts[i];

		if (rule->overridden || rule->effect != effect ||
		    (special && !rule->special) ||
		    !rule_has_name(rule, name) ||
		    !ref_has_port(rule->ports, rule->nr_ports, effect, place))
			continue;
		if (!line || rule->line < line)
			line = rule->line;
	}
	return line;
}

/* Line of the rule that allows a name at a place, or 0. */
static u32 allowed_by(const struct ref_policy *policy, const char *name,
		      const struct ref_place *place)
{
	if (place->proto == REF_OTHER || find(policy, name, place, REF_DENY))
		return 0;
	return find(policy, name, place, REF_ALLOW);
}

static struct ref_verdict decide_open(const struct ref_policy *policy,
				      const char *name,
				      const struct ref_place *place)
{
	struct ref_verdict verdict = ref_decide_default(policy, REF_EGRESS);
	u32 line = allowed_by(policy, name, place);

	if (!verdict.refused || !line)
		return verdict;
	return ref_verdict_of(policy, REF_EGRESS, false, line);
}

struct ref_verdict ref_decide_host(const struct ref_policy *policy,
				   const struct ref_request *request)
{
	struct ref_place place = ref_place_of(request);

	if (!ref_connect_open(policy, request))
		return ref_decide_connect(policy, request);
	return decide_open(policy, request->name, &place);
}

/* Before it is asked for, a name has an address that anybody may have. */
struct ref_verdict ref_decide_name(const struct ref_policy *policy,
				   const struct ref_request *request)
{
	struct ref_place place = ref_place_of(request);

	memcpy(place.addr, ref_network_read("8.8.8.8").addr, 16);
	return decide_open(policy, request->name, &place);
}

/* Some port of some protocol: if any, one with which a range begins or ends. */
static bool may_be_used(const struct ref_policy *policy, const char *name)
{
	struct ref_place place = { .addr = { 0x20, 0x01, 0x0d, 0xb8 } };

	for (u32 i = 0; i < policy->nr_hosts * REF_MAX_PORTS; i++) {
		const struct ref_host_rule *rule =
			&policy->hosts[i / REF_MAX_PORTS];
		const struct ref_ports *ports = &rule->ports[i % REF_MAX_PORTS];
		const u16 edges[] = { 0, ports->first, ports->last + 1 };

		for (u32 j = 0; j < 3 * REF_OTHER; j++) {
			place.proto = (u8)(j / 3);
			place.port = place.proto == REF_ICMP ? 0 : edges[j % 3];
			if (allowed_by(policy, name, &place))
				return true;
		}
	}
	return false;
}

static bool has_resolver(const struct ref_policy *policy)
{
	for (u32 i = 0; i < policy->nr_resolvers; i++) {
		if (!policy->resolvers[i].overridden)
			return true;
	}
	return false;
}

/* Without a resolver, what nobody said is nobody's rule. */
struct ref_verdict ref_decide_resolve(const struct ref_policy *policy,
				      const struct ref_request *request)
{
	const struct ref_section *section = &policy->section[REF_EGRESS];
	const struct ref_setting *dns = ref_effective(policy->dns);
	bool strict = dns->said && dns->value == REF_DENY;

	return ref_verdict_of(policy, REF_EGRESS,
			      strict && !may_be_used(policy, request->name),
			      dns->said || has_resolver(policy) ?
			      ref_setting_line(section, dns) : 0);
}

/* Whoever answers has an address: none stands for another here. */
struct ref_verdict ref_decide_resolver(const struct ref_policy *policy,
				       const struct ref_request *request)
{
	struct ref_verdict verdict = { .refused = true };
	u8 addr[16];

	ref_address_of(request, addr);
	for (u32 i = 0; i < policy->nr_resolvers; i++) {
		const struct ref_resolver *resolver = &policy->resolvers[i];

		if (!resolver->overridden &&
		    ref_has_address(&resolver->network, addr))
			verdict.refused = false;
	}
	return verdict;
}
