// SPDX-License-Identifier: MIT
/*
 * Conditions: what an event has to be.
 */
#include <stdlib.h>

#include <client/event.h>
#include <compiler/address.h>
#include <compiler/host.h>
#include <detect/parser.h>

void fng_detect_parse_kind(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	int word = fngc_word(scope, node, key->words);

	if (word < 0)
		return;
	if (!word)
		draft->match.kinds |= FNG_DETECT_REFUSED;
	else
		draft->match.kinds |= FNG_DETECT_KIND(word);
}

void fng_detect_parse_stdio(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;

	if (fngc_word(scope, node, key->words) >= 0)
		draft->match.stdio = true;
}

void fng_detect_parse_bits(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	int word = fngc_word(scope, node, key->words);

	if (word < 0)
		return;
	if (!strcmp(key->name, "class"))
		draft->match.classes |= 1u << word;
	else if (!strcmp(key->name, "hook"))
		draft->match.hooks |= 1ull << word;
	else if (!strcmp(key->name, "access"))
		draft->match.access |= 1u << word;
	else
		draft->match.states |= 1u << word;
}

static void add_globs(fng_detect_glob_array *array,
		      const struct fngc_glob *globs, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		*FNGC_PUSH(array) = globs[i];
}

void fng_detect_parse_paths(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node);
	const struct fngc_glob *globs;
	size_t nr;

	if (!text || !fngc_glob_parse(scope->c, &node->place, text, &globs,
				      &nr))
		return;
	add_globs(!strcmp(key->name, "exe") ? &draft->exes : &draft->cgroups,
		  globs, nr);
}

/* A name without wildcards: of a capability, a family or a call. */
static void add_name(const struct fngc_scope *scope,
		     const struct fngc_node *node, const char *text)
{
	struct fng_detect_draft *draft = scope->out;
	struct fngc_item *items;
	struct fngc_glob glob;
	size_t nr = strlen(text);

	if (!nr || nr > FNG_MAX_EVENT_OBJECT || strpbrk(text, "*?[{")) {
		fngc_error(scope->c, &node->place, NULL,
			   "a pattern must start with '/', 'host:/' or '@', "
			   "and another name has at most %u bytes and no "
			   "wildcards", FNG_MAX_EVENT_OBJECT);
		return;
	}
	items = fngc_alloc(&scope->c->arena, nr * sizeof(*items));
	for (size_t i = 0; i < nr; i++) {
		items[i].kind = FNGC_BYTE;
		items[i].byte = text[i];
	}
	glob = (struct fngc_glob){ .items = items, .nr = nr };
	add_globs(&draft->objects, &glob, 1);
}

void fng_detect_parse_object(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node);
	const struct fngc_glob *globs;
	size_t nr;

	(void)key;
	if (!text)
		return;
	if (*text && !strchr("/@", *text) &&
	    strncmp(text, FNG_PEER_HOST, strlen(FNG_PEER_HOST)))
		add_name(scope, node, text);
	else if (fngc_glob_parse_peer(scope->c, &node->place, text, &globs,
				      &nr))
		add_globs(&draft->objects, globs, nr);
}

void fng_detect_parse_host(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node);
	const struct fngc_glob *globs;
	size_t nr;

	(void)key;
	if (text)
		text = fngc_host_pattern(scope->c, &node->place, text);
	if (text && fngc_glob_parse(scope->c, &node->place, text, &globs, &nr))
		add_globs(&draft->hosts, globs, nr);
}

static void add_set(const struct fngc_scope *scope,
		    const struct fngc_place *place, const char *name)
{
	struct fng_detect_draft *draft = scope->out;
	struct fngc_scope inner = *scope;
	const struct fngc_set *set;

	inner.keys = NULL;
	set = fngc_set_find(&inner, place, name);
	for (size_t i = 0; set && i < set->nr_ranges; i++)
		*FNGC_PUSH(&draft->ranges) = set->ranges[i];
}

void fng_detect_parse_to(const struct fngc_scope *scope,
			 const struct fngc_key *key,
			 const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node), *bad;
	struct fngc_range range;

	(void)key;
	if (!text)
		return;
	if (*text == '@') {
		add_set(scope, &node->place, text + 1);
		return;
	}
	bad = fngc_network_parse(scope->c, text, &range);
	if (bad)
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
	else
		*FNGC_PUSH(&draft->ranges) = range;
}

void fng_detect_parse_ports(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node), *bad;
	struct fngc_ports ports;

	(void)key;
	if (!text)
		return;
	bad = fngc_ports_parse(scope->c, text, 0, &ports);
	if (bad)
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
	else
		*FNGC_PUSH(&draft->ports) = ports;
}

void fng_detect_parse_policy(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node);

	(void)key;
	if (text && !fngc_is_name(text, FNG_MAX_POLICY_NAME))
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is no name of a policy", text);
	else if (text)
		*FNGC_PUSH(&draft->policies) = text;
}

void fng_detect_parse_reason(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	struct fng_detect_draft *draft = scope->out;
	const char *text = fngc_text(scope, node);

	(void)key;
	if (text)
		*FNGC_PUSH(&draft->reasons) = text;
}

/* Names of the guard's own rules from @base on, and their ids beside them. */
static void list_rules(struct fngc_compile *c, u32 base, u32 nr,
		       const char **words, u32 *ids)
{
	char name[64];

	for (u32 i = 0; i < nr; i++) {
		ids[i] = base | i;
		words[i] = fngc_strdup(&c->arena,
				       fng_rule_name(ids[i], name,
						     sizeof(name)));
	}
}

void fng_detect_parse_own_rule(const struct fngc_scope *scope,
			       const struct fngc_key *key,
			       const struct fngc_node *node)
{
	const char *words[FNG_NR_FLOORS + FNG_NR_GUARD_RULES + 1] = { 0 };
	u32 ids[FNG_NR_FLOORS + FNG_NR_GUARD_RULES];
	struct fng_detect_draft *draft = scope->out;
	int word;

	(void)key;
	list_rules(scope->c, FNG_RULE_FLOOR, FNG_NR_FLOORS, words, ids);
	list_rules(scope->c, FNG_RULE_GUARD, FNG_NR_GUARD_RULES,
		   words + FNG_NR_FLOORS, ids + FNG_NR_FLOORS);
	word = fngc_word(scope, node, words);
	if (word >= 0)
		*FNGC_PUSH(&draft->rules) = ids[word];
}

/* What was collected in an array goes to the arena, and the array. */
#define KEEP(c, array) \
	keep(c, (array)->v, (array)->nr, sizeof(*(array)->v))

static const void *keep(struct fngc_compile *c, void *v, size_t nr, size_t size)
{
	void *kept = fngc_alloc(&c->arena, (nr + 1) * size);

	if (nr)
		memcpy(kept, v, nr * size);
	free(v);
	return kept;
}

static struct fng_detect_globs keep_globs(struct fngc_compile *c,
					  fng_detect_glob_array *array)
{
	struct fng_detect_globs globs = { .nr = array->nr };

	globs.v = KEEP(c, array);
	return globs;
}

static bool is_any(const struct fng_detect_match *match)
{
	return !match->classes && !match->hooks && !match->access &&
	       !match->states && !match->stdio && !match->objects.nr && !match->exes.nr &&
	       !match->cgroups.nr && !match->hosts.nr && !match->nr_ranges &&
	       !match->nr_ports && !match->nr_policies && !match->nr_reasons &&
	       !match->nr_rules;
}

static void finish(struct fngc_compile *c, struct fng_detect_draft *draft,
		   struct fng_detect_match *match)
{
	*match = draft->match;
	if (!match->kinds)
		match->kinds = FNG_DETECT_REFUSED;
	match->objects = keep_globs(c, &draft->objects);
	match->exes = keep_globs(c, &draft->exes);
	match->cgroups = keep_globs(c, &draft->cgroups);
	match->hosts = keep_globs(c, &draft->hosts);
	match->nr_ranges = draft->ranges.nr;
	match->ranges = KEEP(c, &draft->ranges);
	match->nr_ports = draft->ports.nr;
	match->ports = KEEP(c, &draft->ports);
	match->nr_policies = draft->policies.nr;
	match->policies = KEEP(c, &draft->policies);
	match->nr_reasons = draft->reasons.nr;
	match->reasons = KEEP(c, &draft->reasons);
	match->nr_rules = draft->rules.nr;
	match->rules = KEEP(c, &draft->rules);
	match->any = is_any(match);
}

bool fng_detect_parse_match(const struct fngc_scope *scope,
			    const struct fngc_node *node,
			    struct fng_detect_match *match)
{
	struct fng_detect_draft draft = { 0 };
	struct fngc_scope inner = *scope;
	bool fine;

	inner.out = &draft;
	fine = fngc_walk(&inner, "detect.match", node);
	finish(scope->c, &draft, match);
	return fine;
}
