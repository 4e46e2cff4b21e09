// SPDX-License-Identifier: MIT
#include <compiler/glob.h>
#include <compiler/schema.h>

/**
 * struct draft - a rule while its keys are read
 * @path: the pattern
 * @place: where it is
 * @globs: it, parsed
 * @nr_globs: number of @globs
 * @access: access bits, by effect
 */
struct draft {
	const char *path;
	struct fngc_place place;
	const struct fngc_glob *globs;
	size_t nr_globs;
	u32 access[FNG_NR_EFFECTS];
};

static void add_rule(const struct fngc_scope *scope, const struct draft *draft,
		     u8 effect)
{
	if (!draft->access[effect])
		return;
	*FNGC_PUSH(&scope->c->model.entries) = (struct fngc_entry){
		.class = FNG_CLASS_FILES,
		.effect = effect,
		.access = draft->access[effect],
		.layer = scope->layer,
		.place = draft->place,
		.pattern = draft->path,
		.globs = draft->globs,
		.nr_globs = draft->nr_globs,
	};
}

void fngc_parse_files_rule(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct draft draft = { 0 };
	struct fngc_scope inner = *scope;
	u32 both;

	inner.out = &draft;
	if (!fngc_walk(&inner, key->child, node))
		return;
	both = draft.access[FNG_EFFECT_ALLOW] & draft.access[FNG_EFFECT_DENY];
	if (both)
		fngc_error(scope->c, &node->place, NULL,
			   "the rule allows and denies the same");
	if (!draft.access[FNG_EFFECT_ALLOW] && !draft.access[FNG_EFFECT_DENY])
		fngc_error(scope->c, &node->place,
			   "add allow: [...] or deny: [...]",
			   "the rule neither allows nor denies anything");
	add_rule(scope, &draft, FNG_EFFECT_DENY);
	add_rule(scope, &draft, FNG_EFFECT_ALLOW);
}

void fngc_parse_files_path(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct draft *draft = scope->out;

	draft->place = node->place;
	draft->path = fngc_text(scope, node);
	if (draft->path)
		fngc_glob_parse(scope->c, &node->place, draft->path,
				&draft->globs, &draft->nr_globs);
	(void)key;
}

static const char *code_help(const char *text)
{
	if (strcmp(text, "exec") && strcmp(text, "map") &&
	    strcmp(text, "execute"))
		return NULL;
	return "what may run is said in the exec section";
}

void fngc_parse_files_access(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	u8 effect = strcmp(key->name, "allow") ? FNG_EFFECT_DENY :
		    FNG_EFFECT_ALLOW;
	struct draft *draft = scope->out;
	const char *text = fngc_text(scope, node);
	int word;

	if (!text)
		return;
	if (code_help(text)) {
		fngc_error(scope->c, &node->place, code_help(text),
			   "'%s' is not an access to files", text);
		return;
	}
	word = fngc_word(scope, node, fngc_access_words);
	if (word < 0)
		return;
	draft->access[effect] |= fngc_access_words[word + 1] ? 1u << word :
				 FNG_ACCESS_FILES;
}
