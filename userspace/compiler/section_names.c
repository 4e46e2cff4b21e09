// SPDX-License-Identifier: MIT
/*
 * egress.resolvers and egress.dns: who tells which addresses names have.
 */
#include <stdlib.h>

#include <compiler/address.h>

#define DNS_PORT	53

static const struct fngc_ports dns_ports = {
	DNS_PORT, DNS_PORT, FNGC_PROTO_USUAL
};

const char *const fngc_dns_words[] = { "any", "strict", NULL };
const char *const fngc_answer_words[] = { "public", "any", NULL };

/* A name server may be asked: that is a rule like any other. */
void fngc_parse_resolvers(const struct fngc_scope *scope,
			  const struct fngc_key *key,
			  const struct fngc_node *node)
{
	struct fngc_compile *c = scope->c;
	const char *text = fngc_text(scope, node), *bad;
	struct fngc_range *range = fngc_alloc(&c->arena, sizeof(*range));

	if (!text)
		return;
	bad = fngc_network_parse(c, text, range);
	if (!bad && memcmp(range->first, range->last, sizeof(range->first)))
		bad = "a resolver is one address, not a network";
	if (bad) {
		fngc_error(c, &node->place, NULL, "%s", bad);
		return;
	}
	*FNGC_PUSH(&c->model.entries) = (struct fngc_entry){
		.class = FNG_CLASS_EGRESS,
		.effect = FNG_EFFECT_ALLOW,
		.layer = scope->layer,
		.place = node->place,
		.ranges = range,
		.nr_ranges = 1,
		.resolver = true,
		.ports = &dns_ports,
		.nr_ports = 1,
		.text = fngc_sprintf(&c->arena, "egress resolvers %s", text),
	};
	(void)key;
}

static int compare_resolvers(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct fng_image_resolver));
}

void fngc_resolvers_collect(struct fngc_compile *c)
{
	struct fngc_model *model = &c->model;

	for (size_t i = 0; i < model->entries.nr; i++) {
		const struct fngc_entry *entry = &model->entries.v[i];
		struct fng_image_resolver *resolver;

		if (!entry->resolver)
			continue;
		if (model->resolvers.nr == FNG_MAX_RESOLVERS) {
			fngc_error(c, &entry->place, NULL,
				   "the policy has more than %u resolvers",
				   FNG_MAX_RESOLVERS);
			return;
		}
		resolver = FNGC_PUSH(&model->resolvers);
		resolver->family = entry->ranges->family;
		memcpy(resolver->addr, entry->ranges->first,
		       resolver->family == 6 ? 16 : 4);
	}
	if (model->resolvers.nr)
		qsort(model->resolvers.v, model->resolvers.nr,
		      sizeof(*model->resolvers.v), compare_resolvers);
}

void fngc_parse_dns(const struct fngc_scope *scope, const struct fngc_key *key,
		    const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		fngc_scalar_set(scope->c, scope->layer, &scope->c->model.dns,
				word ? FNG_EFFECT_DENY : FNG_EFFECT_ALLOW,
				&node->place);
}
