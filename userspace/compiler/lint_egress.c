// SPDX-License-Identifier: MIT
#include <compiler/lint.h>

static bool is_everything(const struct fngc_range *range)
{
	size_t size = range->family == 6 ? 16 : 4;

	for (size_t i = 0; i < size; i++) {
		if (range->first[i] || range->last[i] != 0xff)
			return false;
	}
	return true;
}

/* Families that the rule names at all, and those that it names in full. */
static void families_of(const struct fngc_entry *entry, bool some[2],
			bool all[2])
{
	for (size_t i = 0; i < entry->nr_ranges; i++) {
		bool six = entry->ranges[i].family == 6;

		some[six] = true;
		all[six] |= is_everything(&entry->ranges[i]);
	}
}

static bool allows_port(const struct fngc_entry *entry, u32 proto, u32 port)
{
	for (size_t i = 0; i < entry->nr_ports; i++) {
		const struct fngc_ports *ports = &entry->ports[i];

		if (ports->protos & FNGC_PROTO_BIT(proto) &&
		    port >= ports->first && port <= ports->last)
			return true;
	}
	return false;
}

static void lint_entry(struct fngc_compile *c, const struct fngc_entry *entry)
{
	bool some[2] = { false }, all[2] = { false };

	families_of(entry, some, all);
	if (all[0] != all[1] && some[0] != some[1])
		fngc_warning(c, &entry->place, "write @any for both",
			     "the rule covers all of IPv%d, and nothing of "
			     "IPv%d", all[0] ? 4 : 6, all[0] ? 6 : 4);
	if ((all[0] || all[1]) && entry->effect == FNG_EFFECT_ALLOW &&
	    allows_port(entry, FNG_PROTO_TCP, 80))
		fngc_warning(c, &entry->place,
			     "allow 443/tcp, or name the hosts",
			     "plain HTTP (80/tcp) to any address");
}

/* To be believed is no use to a resolver that nobody can ask. */
static void lint_resolver(struct fngc_compile *c,
			  const struct fngc_entry *entry)
{
	struct fng_endpoint endpoint = {
		.family = entry->ranges->family,
		.proto = FNG_PROTO_UDP,
		.port = entry->ports->first,
	};
	struct fng_decision decision;

	memcpy(endpoint.addr, entry->ranges->first, sizeof(endpoint.addr));
	fng_egress_decide(&c->result.view, &endpoint, &decision);
	if (decision.refused)
		fngc_warning(c, &entry->place, NULL,
			     "the resolver cannot be asked: '%.80s' refuses it",
			     c->rules.v[decision.rule].text);
}

/* Names only matter where their addresses are refused, and are learned. */
static void lint_host(struct fngc_compile *c, const struct fngc_entry *entry)
{
	const struct fngc_model *model = &c->model;

	if (model->dflt[FNG_CLASS_EGRESS].value == FNG_EFFECT_ALLOW &&
	    model->dns.value == FNG_EFFECT_ALLOW)
		fngc_warning(c, &entry->place,
			     "deny by default, and allow what is needed",
			     "host rules change nothing under 'default: allow'");
	else if (!model->resolvers.nr)
		fngc_warning(c, &entry->place,
			     "name those that the function asks: resolvers: "
			     "[10.0.0.2]",
			     "host rules never apply: without resolvers, no "
			     "address of a name is known");
}

void fngc_lint_egress(struct fngc_compile *c)
{
	bool hosts = false;

	for (size_t i = 0; i < c->model.entries.nr; i++) {
		const struct fngc_entry *entry = &c->model.entries.v[i];

		if (entry->class == FNG_CLASS_EGRESS)
			lint_entry(c, entry);
		if (entry->resolver)
			lint_resolver(c, entry);
		if (entry->host && !hosts)
			lint_host(c, entry);
		hosts |= entry->host != NULL;
	}
}
