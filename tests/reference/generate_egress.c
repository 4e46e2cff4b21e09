// SPDX-License-Identifier: MIT
#include "generate.h"

static const char *const bases[] = {
	"10.0.0.0", "10.0.0.1", "10.1.2.3", "127.0.0.1", "127.255.255.255",
	"0.0.0.0", "0.0.0.1", "169.254.169.254", "192.168.255.255",
	"255.255.255.255", "::", "::1", "::2", "::ffff:0:0",
	"::fffe:ffff:ffff", "::1:0:0:0", "::ffff:10.0.0.1", "fd00::1",
	"fd00:ec2::254", "2001:db8::", "::10.0.0.1", "64:ff9b::a00:1",
	"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

static const u8 prefixes[] = {
	128, 127, 126, 121, 120, 112, 104, 103, 97, 96, 95, 94, 80, 64, 48, 8,
	7, 1, 0,
};

static const u16 edges[] = { 1, 2, 22, 53, 80, 443, 8000, 8100, 65534, 65535 };

void ref_fill(u8 addr[16], u32 bits, bool ones)
{
	for (u32 bit = 128 - bits; bit < 128; bit++) {
		u8 mask = 0x80 >> bit % 8;

		addr[bit / 8] = ones ? addr[bit / 8] | mask :
				addr[bit / 8] & ~mask;
	}
}

void ref_step(u8 addr[16], bool up)
{
	for (u32 i = 16; i--;) {
		addr[i] += up ? 1 : -1;
		if (addr[i] != (up ? 0 : 0xff))
			return;
	}
}

/* A network that some rule has, or NULL. */
static const struct ref_network *earlier(struct ref_source *source,
					 const struct ref_policy *policy)
{
	const struct ref_egress_rule *rule;
	const struct ref_target *target;

	if (!policy->nr_egress)
		return NULL;
	rule = &policy->egress[ref_below(source, policy->nr_egress)];
	target = &rule->targets[ref_below(source, rule->nr_targets)];
	return target->set ? NULL : &target->network;
}

/* Beside, around, inside of or the same as one before. */
static void choose_network(struct ref_source *source,
			   const struct ref_policy *policy,
			   struct ref_network *network)
{
	const struct ref_network *other = earlier(source, policy);
	bool up = ref_chance(source, 50);

	if (other && ref_chance(source, 65)) {
		*network = *other;
		if (ref_chance(source, 40)) {
			ref_fill(network->addr, 128u - network->prefix, up);
			ref_step(network->addr, up);
		}
	} else {
		*network = ref_network_read(REF_PICK(source, bases));
	}
	if (ref_chance(source, 70))
		network->prefix = REF_PICK(source, prefixes);
	else if (ref_chance(source, 20))
		network->prefix = (u8)ref_below(source, 129);
	ref_fill(network->addr, 128u - network->prefix, false);
	network->style = (u8)ref_below(source, REF_NR_STYLES);
}

static u16 choose_port(struct ref_source *source,
		       const struct ref_policy *policy)
{
	const struct ref_egress_rule *rule;
	const struct ref_ports *ports;
	u32 port;

	if (!policy->nr_egress || ref_chance(source, 40))
		return REF_PICK(source, edges);
	rule = &policy->egress[ref_below(source, policy->nr_egress)];
	if (!rule->nr_ports)
		return (u16)(1 + ref_below(source, 65535));
	ports = &rule->ports[ref_below(source, rule->nr_ports)];
	port = ref_chance(source, 50) ? ports->first : ports->last;
	port += ref_below(source, 3);
	return (u16)(port < 2 ? 1 : port > 65536 ? 65535 : port - 1);
}

void ref_choose_ports(struct ref_source *source,
		      const struct ref_policy *policy, struct ref_ports *ports)
{
	u16 one = choose_port(source, policy);
	u16 other = ref_chance(source, 60) ? choose_port(source, policy) : one;

	ports->proto = (u8)ref_below(source, REF_NR_PROTOS);
	ports->every = ports->proto == REF_ICMP || ref_chance(source, 15);
	ports->first = one < other ? one : other;
	ports->last = one < other ? other : one;
}

static void choose_rule(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_egress_rule *rule)
{
	rule->effect = ref_chance(source, 55) ? REF_ALLOW : REF_DENY;
	rule->nr_targets = (u8)(1 + ref_below(source, REF_MAX_TARGETS));
	for (u32 i = 0; i < rule->nr_targets; i++) {
		struct ref_target *target = &rule->targets[i];

		if (ref_chance(source, 15))
			target->set = 1 + ref_below(source, ref_nr_sets());
		else
			choose_network(source, policy, &target->network);
	}
	rule->nr_ports = (u8)ref_below(source, REF_MAX_PORTS + 1);
	for (u32 i = 0; i < rule->nr_ports; i++)
		ref_choose_ports(source, policy, &rule->ports[i]);
}

void ref_generate_egress(struct ref_source *source, struct ref_policy *policy)
{
	u32 nr = ref_below(source, REF_MAX_EGRESS + 1);

	if (!ref_section_present(&policy->section[REF_EGRESS]))
		return;
	while (policy->nr_egress < nr) {
		choose_rule(source, policy, &policy->egress[policy->nr_egress]);
		policy->nr_egress++;
	}
}

/* Beside, over or the same as those of another rule; 0 is a port as well. */
static void choose_listen(struct ref_source *source,
			  const struct ref_policy *policy,
			  struct ref_ports *ports)
{
	static const u8 protos[] = { REF_TCP, REF_UDP, REF_SCTP, REF_OTHER };
	const struct ref_ports *other;

	ref_choose_ports(source, policy, ports);
	ports->proto = REF_PICK(source, protos);
	ports->every = ref_chance(source, 15);
	if (ref_chance(source, 20))
		ports->first = 0;
	if (!policy->nr_listen || ref_chance(source, 50))
		return;
	other = &policy->listen[ref_below(source, policy->nr_listen)].ports;
	if (other->last >= ports->first)
		ports->last = other->last;
}

void ref_generate_listen(struct ref_source *source, struct ref_policy *policy)
{
	u32 nr = ref_below(source, REF_MAX_LISTEN + 1);

	if (!ref_section_present(&policy->section[REF_LISTEN]))
		return;
	while (policy->nr_listen < nr) {
		struct ref_listen_rule *rule =
			&policy->listen[policy->nr_listen];

		rule->effect = ref_chance(source, 60) ? REF_ALLOW : REF_DENY;
		choose_listen(source, policy, &rule->ports);
		policy->nr_listen++;
	}
}
