// SPDX-License-Identifier: MIT
/*
 * egress.resolvers and egress.dns: who tells which addresses names have.
 */
#include <compiler/address.h>

#define DNS_PORT	53

const char *const fngc_dns_words[] = { "any", "strict", NULL };
const char *const fngc_answer_words[] = { "public", "any", NULL };

/* A name server may be asked: that is a rule like any other. */
static void allow_resolver(const struct fngc_scope *scope,
			   const struct fngc_node *node, const char *text,
			   const struct fngc_range *range)
{
	struct fngc_compile *c = scope->c;
	struct fngc_ports *ports = fngc_alloc(&c->arena, sizeof(*ports));
	struct fngc_range *kept = fngc_alloc(&c->arena, sizeof(*kept));
	struct fngc_entry *entry = FNGC_PUSH(&c->model.entries);

	*ports = (struct fngc_ports){ DNS_PORT, DNS_PORT, FNGC_PROTO_USUAL };
	*kept = *range;
	*entry = (struct fngc_entry){
		.class = FNG_CLASS_EGRESS,
		.effect = FNG_EFFECT_ALLOW,
		.layer = scope->layer,
		.place = node->place,
		.ranges = kept,
		.nr_ranges = 1,
		.ports = ports,
		.nr_ports = 1,
		.text = fngc_sprintf(&c->arena, "egress resolvers %s", text),
	};
}

static bool is_known(const struct fngc_model *model,
		     const struct fng_image_resolver *resolver)
{
	for (size_t i = 0; i < model->resolvers.nr; i++) {
		if (!memcmp(&model->resolvers.v[i], resolver,
			    sizeof(*resolver)))
			return true;
	}
	return false;
}

void fngc_parse_resolvers(const struct fngc_scope *scope,
			  const struct fngc_key *key,
			  const struct fngc_node *node)
{
	struct fngc_model *model = &scope->c->model;
	const char *text = fngc_text(scope, node), *bad;
	struct fng_image_resolver resolver = { 0 };
	struct fngc_range range;

	if (!text)
		return;
	bad = fngc_network_parse(scope->c, text, &range);
	if (!bad && memcmp(range.first, range.last, sizeof(range.first)))
		bad = "a resolver is one address, not a network";
	if (bad) {
		fngc_error(scope->c, &node->place, NULL, "%s", bad);
		return;
	}
	resolver.family = range.family;
	memcpy(resolver.addr, range.first, range.family == 6 ? 16 : 4);
	if (is_known(model, &resolver))
		return;
	if (model->resolvers.nr == FNG_MAX_RESOLVERS) {
		fngc_error(scope->c, &node->place, NULL,
			   "the policy has more than %u resolvers",
			   FNG_MAX_RESOLVERS);
		return;
	}
	*FNGC_PUSH(&model->resolvers) = resolver;
	allow_resolver(scope, node, text, &range);
	(void)key;
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
