// SPDX-License-Identifier: MIT
/*
 * observe: what is reported when it is allowed, too.
 */
#include <compiler/emit.h>
#include <compiler/lint.h>
#include <compiler/schema.h>

const char *const fngc_observable_words[] = {
	"exec", "map", "open", "connect", "listen", NULL
};

char *fngc_observe_text(const struct fng_image_meta *meta, char *buf)
{
	char *to = buf;

	*to = '\0';
	for (int word = 0; fngc_observable_words[word]; word++) {
		if (!(meta->observe >> word & 1))
			continue;
		if (to != buf)
			to = stpcpy(to, ",");
		to = stpcpy(to, fngc_observable_words[word]);
	}
	if (meta->observe)
		snprintf(to, buf + FNGC_OBSERVE_TEXT_SIZE - to,
			 ", one in %gms, %u at once",
			 (double)(meta->observe_cost >> FNG_LIMIT_SHIFT) / 1e6,
			 meta->observe_burst);
	return buf;
}

void fngc_parse_observe(const struct fngc_scope *scope,
			const struct fngc_key *key,
			const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_bits_add(scope, &scope->c->model.observe, node, word);
}

void fngc_parse_observe_rate(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	struct fngc_model *model = &scope->c->model;
	u64 cost, burst;

	if (!fngc_read_rate(scope, node, &cost, &burst))
		return;
	if (!burst || burst > FNG_MAX_OBSERVE_BURST) {
		fngc_error(scope->c, &node->place,
			   burst ? "write a smaller burst" :
				   "leave observe out to report nothing",
			   "from 1 to %u may be reported at once",
			   FNG_MAX_OBSERVE_BURST);
		return;
	}
	fngc_scalar_set(scope->c, scope->layer, &model->observe_cost, cost,
			&node->place);
	fngc_scalar_set(scope->c, scope->layer, &model->observe_burst, burst,
			&node->place);
	(void)key;
}

/* Unless the policy says otherwise, 100/s. */
void fngc_observe_emit(const struct fngc_model *model,
		       struct fng_image_meta *meta)
{
	const u64 cost = 10000000ull << FNG_LIMIT_SHIFT;
	bool said = model->observe_cost.set;

	if (!model->observe.set)
		return;
	meta->observe = model->observe.value;
	meta->observe_cost = said ? model->observe_cost.value : cost;
	meta->observe_burst = said ? model->observe_burst.value : 100;
}

void fngc_lint_observe(struct fngc_compile *c)
{
	const struct fngc_model *model = &c->model;

	if (model->observe_cost.set && !model->observe.set)
		fngc_warning(c, &model->observe_cost.place, NULL,
			     "a rate of reports, and observe reports nothing");
	if (model->observe.set && model->interfaces.nr)
		fngc_warning(c, &model->observe.place, NULL,
			     "what guests behind devices do is not observed");
}
