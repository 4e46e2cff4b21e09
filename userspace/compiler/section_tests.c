// SPDX-License-Identifier: MIT
/*
 * Inline tests: read with the policy, run on its image.
 */
#include <compiler/schema.h>

/**
 * struct draft - a test while its keys are read
 * @test: the test
 * @verb: kind of question, NULL until one was seen
 * @target: what about
 * @place: where @target is
 * @access: access words, for open
 */
struct draft {
	struct fngc_test test;
	const char *verb;
	const char *target;
	struct fngc_place place;
	const char *access;
};

static void add_test(const struct fngc_scope *scope, struct draft *draft)
{
	struct fngc_compile *c = scope->c;
	struct fngc_test *test = &draft->test;
	char reason[256];

	if (fngc_query_parse(draft->verb, draft->target, draft->access,
			     &test->query, reason, sizeof(reason))) {
		fngc_error(c, &draft->place, NULL, "%s", reason);
		return;
	}
	test->text = fngc_sprintf(&c->arena, "%s %s%s%s%s%s", draft->verb,
				  draft->target, draft->access ? " " : "",
				  draft->access ? draft->access : "",
				  test->phase ? " in " : "",
				  test->phase ? test->phase : "");
	*FNGC_PUSH(&c->model.tests) = *test;
}

void fngc_parse_test(const struct fngc_scope *scope, const struct fngc_key *key,
		     const struct fngc_node *node)
{
	struct draft draft = { 0 };
	struct fngc_scope inner = *scope;

	draft.test.file = node->place.source->path;
	draft.test.line = node->place.line;
	draft.test.column = node->place.column;
	inner.out = &draft;
	if (!fngc_walk(&inner, key->child, node))
		return;
	if (draft.verb)
		add_test(scope, &draft);
	else
		fngc_error(scope->c, &node->place,
			   "add open, exec, map, connect or another",
			   "the test asks nothing");
}

void fngc_parse_test_question(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node)
{
	struct draft *draft = scope->out;

	if (draft->verb)
		fngc_error(scope->c, &node->place, NULL,
			   "the test asks two things: %s and %s", draft->verb,
			   key->name);
	draft->verb = key->name;
	draft->place = node->place;
	draft->target = fngc_text(scope, node);
}

void fngc_parse_test_access(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct draft *draft = scope->out;
	int word = fngc_word(scope, node, key->words);

	if (word < 0)
		return;
	draft->access = fngc_sprintf(&scope->c->arena, "%s%s%s",
				     draft->access ? draft->access : "",
				     draft->access ? "," : "",
				     key->words[word]);
}

void fngc_parse_test_expect(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	struct draft *draft = scope->out;
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		draft->test.expect = word;
}

/* Phases may be written behind: whether there is such a one is looked at later. */
void fngc_parse_test_phase(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct draft *draft = scope->out;

	draft->test.phase = fngc_text(scope, node);
	(void)key;
}

void fngc_parse_test_rule(const struct fngc_scope *scope,
			  const struct fngc_key *key,
			  const struct fngc_node *node)
{
	struct draft *draft = scope->out;

	draft->test.rule = fngc_text(scope, node);
	(void)key;
}

/* "strict:14", "strict.yaml:14" or the text of the rule. */
static bool is_rule(const struct fngc_origin *origin, const char *rule)
{
	size_t len = strlen(origin->file);
	char line[16];

	if (!strcmp(rule, origin->text))
		return true;
	snprintf(line, sizeof(line), ":%u", origin->line);
	if (len && !strncmp(rule, origin->file, len) &&
	    !strcmp(rule + len, line))
		return true;
	len = len > 5 && !strcmp(origin->file + len - 5, ".yaml") ? len - 5 :
	      len;
	return len && !strncmp(rule, origin->file, len) &&
	       !strcmp(rule + len, line);
}

size_t fngc_tests(struct fngc_result *result, const struct fngc_test **tests)
{
	struct fngc_compile *c = fngc_private(result);

	for (size_t i = 0; i < c->model.tests.nr && result->image; i++) {
		struct fngc_test *test = &c->model.tests.v[i];
		const struct fng_image *view = &result->view;
		bool allowed;

		if (test->phase)
			view = fngc_phase_view(result, test->phase);
		fngc_decide(view, &test->query, &test->decision);
		fngc_origin(view, test->decision.rule, &test->origin);
		allowed = !test->decision.refused;
		test->passed = allowed == (test->expect == FNG_EFFECT_ALLOW) &&
			       (!test->rule ||
				is_rule(&test->origin, test->rule));
	}
	*tests = c->model.tests.v;
	return result->image ? c->model.tests.nr : 0;
}
