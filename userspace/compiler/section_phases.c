// SPDX-License-Identifier: MIT
/*
 * phases: their names, and when each is entered. What a section of one says is read
 * when the phase is compiled.
 */
#include <stdlib.h>

#include <compiler/schema.h>
#include <compiler/text.h>

const char *const fngc_phase_mode_words[] = { "enforce", "audit", NULL };

/* Parameters are used that only a phase uses. */
static void use_params(struct fngc_compile *c, const struct fngc_node *node)
{
	if (node->kind == FNGC_SCALAR)
		fngc_substitute(c, node);
	for (const struct fngc_node *i = node->child; i; i = i->next)
		use_params(c, node->kind == FNGC_MAP ? i->value : i);
}

/* The same event enters one phase, so that it is clear which. */
static void check_enter(struct fngc_compile *c,
			const struct fngc_phase_text *phase)
{
	static const char *const names[] = FNG_ENTER_NAMES;

	if (phase->enter != FNG_ENTER_LISTEN &&
	    phase->enter != FNG_ENTER_ACCEPT)
		return;
	for (u32 i = 0; i < phase->index; i++) {
		if (c->model.phases.v[i].enter == phase->enter)
			fngc_error(c, &phase->place, NULL,
				   "phase '%s' is entered by %s already",
				   c->model.phases.v[i].name,
				   names[phase->enter]);
	}
}

static void parse_phase(const struct fngc_scope *scope,
			const struct fngc_node *key)
{
	struct fngc_compile *c = scope->c;
	struct fngc_phase_text phase = {
		.name = key->text,
		.index = c->model.phases.nr,
		.place = key->place,
	};
	struct fngc_scope inner = *scope;

	if (!fngc_is_name(key->text, FNG_MAX_PHASE_NAME)) {
		fngc_error(c, &key->place, NULL,
			   "'%.80s' is not a name: [a-z0-9][a-z0-9._-]{0,%u}",
			   key->text, FNG_MAX_PHASE_NAME - 1);
		return;
	}
	if (key->value->kind != FNGC_MAP) {
		fngc_error(c, &key->value->place, NULL,
			   "a phase must be a mapping, not %s",
			   fngc_kind_name(key->value));
		return;
	}
	use_params(c, key->value);
	inner.out = &phase;
	if (!fngc_walk(&inner, "phases", key->value))
		return;
	if (!phase.sections)
		fngc_error(c, &key->place,
			   "name a section, as in exec: { allow: [] }",
			   "phase '%s' changes nothing", phase.name);
	check_enter(c, &phase);
	*FNGC_PUSH(&c->model.phases) = phase;
}

void fngc_parse_phases(const struct fngc_scope *scope,
		       const struct fngc_key *key, const struct fngc_node *node)
{
	/* They are known already to who compiles one of them. */
	if (scope->c->phase)
		return;
	if (!node->nr)
		fngc_error(scope->c, &node->place, NULL, "%s is empty",
			   key->name);
	if (node->nr > FNG_MAX_PHASES)
		fngc_error(scope->c, &node->place, NULL,
			   "the policy has more than %u phases",
			   FNG_MAX_PHASES);
	for (const struct fngc_node *i = node->child; i; i = i->next)
		parse_phase(scope, i);
}

void fngc_parse_phase_enter(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct fngc_phase_text *phase = scope->out;
	const char *text = fngc_text(scope, node);
	u64 seconds;

	if (!text)
		return;
	if (!strcmp(text, "listen")) {
		phase->enter = FNG_ENTER_LISTEN;
		return;
	}
	if (!strcmp(text, "accept")) {
		phase->enter = FNG_ENTER_ACCEPT;
		return;
	}
	if (!fngc_read_time(text, FNG_MAX_PHASE_TIME, &seconds) ||
	    seconds > FNG_MAX_PHASE_TIME) {
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is none of listen, accept, and times of at "
			   "most a year, such as 30s, 5m or 1h", text);
		return;
	}
	phase->enter = FNG_ENTER_TIME;
	phase->enter_after = seconds;
	(void)key;
}

void fngc_parse_phase_mode(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fngc_phase_text *phase = scope->out;
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		phase->tells = word;
}

void fngc_parse_phase_section(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node)
{
	struct fngc_phase_text *phase = scope->out;
	const struct fngc_node *digests = fngc_map_get(node, "sha256");

	/* Files are digested for a policy, and not for a phase. */
	if (digests && key->class == FNG_CLASS_EXEC)
		fngc_error(scope->c, &digests->place,
			   "what it says in the policy's exec is so in each phase",
			   "a phase carries no 'sha256'");
	phase->sections |= 1u << key->class;
	phase->section[key->class] = node->place;
}
