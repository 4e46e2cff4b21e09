// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/address.h>
#include <compiler/glob.h>
#include <compiler/host.h>

/**
 * struct draft - a rule while its keys are read
 * @ranges: addresses
 * @host: name of hosts, as the path that it is matched as
 * @special: its special addresses count, too
 * @ports: ports
 */
struct draft {
	fngc_ranges ranges;
	const char *host;
	bool special;
	FNGC_ARRAY(struct fngc_ports) ports;
};

static void *keep(struct fngc_compile *c, void *from, size_t nr, size_t size)
{
	void *kept = fngc_alloc(&c->arena, nr * size);

	return nr ? memcpy(kept, from, nr * size) : kept;
}

/* Ports that nobody wrote: a deny leaves nothing open, an allow the usual. */
static void default_ports(struct draft *draft, u8 effect)
{
	if (draft->ports.nr)
		return;
	*FNGC_PUSH(&draft->ports) = (struct fngc_ports){
		.first = 0,
		.last = 65535,
		.protos = effect == FNG_EFFECT_DENY ? FNGC_PROTO_ALL :
			  FNGC_PROTO_USUAL,
	};
}

void fngc_parse_egress_rule(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	if (!fngc_walk(scope, key->child, node))
		return;
	if (node->nr != 1)
		fngc_error(scope->c, &node->place,
			   "write { allow: { to: [...], ports: [...] } }",
			   "a rule is either allow or deny");
}

/* Items of a list as a reader would recognise them, cut where it gets long. */
static const char *list_text(struct fngc_compile *c,
			     const struct fngc_scope *scope,
			     const struct fngc_node *list)
{
	char text[160];
	size_t used = 0, nr = 0;

	for (const struct fngc_node *i = list->child; i; i = i->next, nr++) {
		const char *item = fngc_text(scope, i);

		if (!item || used + strlen(item) + 24 > sizeof(text))
			break;
		used += sprintf(text + used, "%s%s", nr ? ", " : "", item);
	}
	text[used] = '\0';
	if (nr < list->nr)
		sprintf(text + used, "%s%zu more", nr ? ", " : "",
			list->nr - nr);
	return fngc_strdup(&c->arena, text);
}

static const char *rule_text(const struct fngc_scope *scope,
			     const char *effect, bool special,
			     const struct fngc_node *node)
{
	const struct fngc_node *host = fngc_map_get(node, "host");
	const struct fngc_node *to = fngc_map_get(node, "to");
	const struct fngc_node *ports = fngc_map_get(node, "ports");

	return fngc_sprintf(&scope->c->arena, "egress %s %s %s%s%s%s", effect,
			    host ? "host" : "to",
			    host ? fngc_text(scope, host) :
				   list_text(scope->c, scope, to),
			    ports ? " ports " : "",
			    ports ? list_text(scope->c, scope, ports) : "",
			    special ? " answers any" : "");
}

/* A rule is about addresses or about names; a denied name has none that counts. */
static bool check_target(const struct fngc_scope *scope, u32 effect,
			 const struct fngc_node *node)
{
	const struct fngc_node *host = fngc_map_get(node, "host");
	const struct fngc_node *answers = fngc_map_get(node, "answers");
	const struct fngc_node *to = fngc_map_get(node, "to");

	if (!to == !host)
		fngc_error(scope->c, &node->place,
			   "write { to: [...] } or { host: ... }, and a rule "
			   "for each",
			   "the rule needs either to or host");
	else if (answers && !host)
		fngc_error(scope->c, &answers->place, NULL,
			   "answers are about a host, which the rule has not");
	else if (answers && effect == FNG_EFFECT_DENY)
		fngc_error(scope->c, &answers->place, NULL,
			   "a deny rule is about all answers for its host");
	else
		return true;
	return false;
}

void fngc_parse_egress_effect(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node)
{
	struct fngc_compile *c = scope->c;
	struct fngc_entry entry = {
		.class = FNG_CLASS_EGRESS,
		.effect = strcmp(key->name, "allow") ? FNG_EFFECT_DENY :
			  FNG_EFFECT_ALLOW,
		.layer = scope->layer,
		.place = node->place,
	};
	struct fngc_scope inner = *scope;
	struct draft draft = { 0 };

	inner.out = &draft;
	if (fngc_walk(&inner, key->child, node) &&
	    check_target(scope, entry.effect, node)) {
		default_ports(&draft, entry.effect);
		entry.ranges = keep(c, draft.ranges.v, draft.ranges.nr,
				    sizeof(*draft.ranges.v));
		entry.nr_ranges = draft.ranges.nr;
		entry.host = draft.host;
		entry.special = draft.special;
		if (entry.host)
			fngc_glob_parse(c, &node->place, entry.host,
					&entry.host_globs,
					&entry.nr_host_globs);
		entry.ports = keep(c, draft.ports.v, draft.ports.nr,
				   sizeof(*draft.ports.v));
		entry.nr_ports = draft.ports.nr;
		entry.text = rule_text(scope, key->name, draft.special, node);
		*FNGC_PUSH(&c->model.entries) = entry;
	}
	free(draft.ranges.v);
	free(draft.ports.v);
}

static void add_set(const struct fngc_scope *scope,
		    const struct fngc_place *place, const char *name)
{
	const struct fngc_set *set = fngc_set_find(scope, place, name);
	struct draft *draft = scope->out;

	for (size_t i = 0; set && i < set->nr_ranges; i++)
		*FNGC_PUSH(&draft->ranges) = set->ranges[i];
}

static const char *to_help(const char *text)
{
	if (strchr(text, ':') || !strpbrk(text, "ghijklmnopqrstuvwxyz"))
		return NULL;
	return "a name is written host: instead of to:, a set @name";
}

void fngc_parse_egress_to(const struct fngc_scope *scope,
			  const struct fngc_key *key,
			  const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node), *bad;
	struct draft *draft = scope->out;
	struct fngc_range range;

	if (!text)
		return;
	if (*text == '@') {
		add_set(scope, &node->place, text + 1);
		return;
	}
	bad = fngc_network_parse(scope->c, text, &range);
	if (bad)
		fngc_error(scope->c, &node->place, to_help(text), "%s", bad);
	else
		*FNGC_PUSH(&draft->ranges) = range;
	(void)key;
}

void fngc_parse_egress_ports(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node), *bad;
	struct draft *draft = scope->out;
	struct fngc_ports ports;

	if (!text)
		return;
	bad = fngc_ports_parse(scope->c, text, 1, &ports);
	if (bad)
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
	else
		*FNGC_PUSH(&draft->ports) = ports;
	(void)key;
}

void fngc_parse_egress_host(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);
	struct draft *draft = scope->out;

	if (text)
		draft->host = fngc_host_pattern(scope->c, &node->place, text);
	(void)key;
}

void fngc_parse_egress_answers(const struct fngc_scope *scope,
			       const struct fngc_key *key,
			       const struct fngc_node *node)
{
	struct draft *draft = scope->out;

	draft->special = fngc_word(scope, node, key->words) == 1;
}
