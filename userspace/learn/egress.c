// SPDX-License-Identifier: MIT
/*
 * Rules on where something was sent.
 */
#include <stdlib.h>
#include <string.h>

#include <learn/egress.h>

/**
 * struct target - a part of a rule on one name or address
 * @host: it is a name
 * @special: that has an address which means something else elsewhere
 * @to: the name or address
 * @ports: "443/tcp"
 */
struct target {
	bool host;
	bool special;
	const char *to;
	const char *ports;
};

/**
 * struct targets - all of them; of the same name or address one behind the other
 * @v: the targets
 * @nr: number of @v
 * @room: of @v
 * @arena: of their texts
 */
struct targets {
	struct target *v;
	size_t nr;
	size_t room;
	struct fngc_arena arena;
};

static bool is(const struct fngl_act *act, const char *verb)
{
	return !strcmp(act->verb, verb);
}

/* Who was asked, each once; beyond as many as a policy can have, they are not. */
static void find_resolvers(const struct fngl_acts *acts,
			   struct fngl_acts *resolvers)
{
	for (size_t i = 0; i < acts->nr; i++)
		if (is(&acts->v[i], "resolve") && *acts->v[i].more)
			fngl_add(resolvers, &(struct fngl_act) {
				.verb = "", .target = acts->v[i].more,
				.more = "",
			});
	fngl_settle(resolvers);
	if (resolvers->nr > FNG_MAX_RESOLVERS)
		resolvers->nr = FNG_MAX_RESOLVERS;
}

/* Who may be asked as a resolver needs no rule. */
static bool is_resolver(const struct fngl_acts *resolvers, const char *address)
{
	for (size_t i = 0; i < resolvers->nr; i++)
		if (!strcmp(resolvers->v[i].target, address))
			return true;
	return false;
}

/* Splits "1.2.3.4:443/tcp" and "[::1]:443/tcp"; of icmp there is no port. */
static void split(struct targets *targets, const char *text,
		  struct target *target)
{
	bool brackets = *text == '[';
	size_t len = strcspn(text, brackets ? "]" : ":/");

	target->to = fngc_strndup(&targets->arena, text + brackets,
				  len - brackets);
	text += len + brackets;
	target->ports = fngc_strdup(&targets->arena, text + (*text != '\0'));
}

bool fngl_is_special(const struct fngl_act *act)
{
	struct fngc_query query;
	char reason[128];

	return !fngc_query_parse(act->verb, act->target, NULL, &query, reason,
				 sizeof(reason)) &&
	       fng_address_special(&query.endpoint);
}

static int compare(const void *left, const void *right)
{
	const struct target *a = left, *b = right;

	return (b->host - a->host) ?: strcmp(a->to, b->to) ?:
	       strcmp(a->ports, b->ports);
}

static bool is_dns(const struct target *target)
{
	return !strncmp(target->ports, "53/", 3);
}

static void collect(struct targets *targets, const struct fngl_acts *resolvers,
		    const struct fngl_acts *left)
{
	for (size_t i = 0; i < left->nr; i++) {
		const struct fngl_act *act = &left->v[i];
		struct target target = { .host = *act->more };

		if (!is(act, "connect"))
			continue;
		split(targets, act->target, &target);
		if (is_dns(&target) && is_resolver(resolvers, target.to))
			continue;
		if (target.host) {
			target.to = act->more;
			target.special = fngl_is_special(act);
		}
		targets->v = fngc_grow(targets->v, &targets->room,
				       targets->nr + 1, sizeof(target));
		targets->v[targets->nr++] = target;
	}
	if (targets->nr)
		qsort(targets->v, targets->nr, sizeof(*targets->v), compare);
}

static bool same_rule(const struct target *a, const struct target *b)
{
	return a->host == b->host && !strcmp(a->to, b->to);
}

/* Writes the rule of the first target; returns the number of those it is about. */
static size_t write_rule(const struct target *target, size_t nr, FILE *out)
{
	const char *last = NULL;
	bool special = false;
	size_t i;

	fprintf(out, target->host ? "    - { allow: { host: \"%s\", ports: [" :
		"    - { allow: { to: [\"%s\"], ports: [", target->to);
	for (i = 0; i < nr && same_rule(target, &target[i]); i++) {
		special |= target[i].special;
		if (last && !strcmp(last, target[i].ports))
			continue;
		fprintf(out, "%s%s", last ? ", " : "", target[i].ports);
		last = target[i].ports;
	}
	fprintf(out, "]%s } }%s\n", special ? ", answers: any" : "",
		special ? "  # one of its addresses means something else elsewhere" :
		"");
	return i;
}

void fngl_put_endpoint(const struct fngl_act *act, FILE *out)
{
	struct targets targets = { 0 };
	struct fngl_acts none = { 0 };
	const struct fngl_acts one = { .v = (struct fngl_act *)act, .nr = 1 };

	collect(&targets, &none, &one);
	write_rule(targets.v, targets.nr, out);
	free(targets.v);
	fngc_arena_free(&targets.arena);
}

/* Whoever is asked decides where names lead, so that there should be few of them. */
static void write_resolvers(const struct fngl_acts *resolvers, FILE *out)
{
	if (!resolvers->nr)
		return;
	fputs("  resolvers: [", out);
	for (size_t i = 0; i < resolvers->nr; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : "",
			resolvers->v[i].target);
	fprintf(out, "]%s\n", resolvers->nr > 1 ?
		"  # each is believed about every name: keep those that are yours" :
		"");
}

static bool is_reached(const struct targets *targets, const char *name)
{
	for (size_t i = 0; i < targets->nr; i++)
		if (targets->v[i].host && !strcmp(targets->v[i].to, name))
			return true;
	return false;
}

/* Strict is possible only where whatever was asked about is in some rule. */
static void write_dns(const struct targets *targets,
		      const struct fngl_acts *acts, FILE *out)
{
	bool asked = false;

	for (size_t i = 0; i < acts->nr; i++) {
		if (!is(&acts->v[i], "resolve"))
			continue;
		asked = true;
		if (is_reached(targets, acts->v[i].target))
			continue;
		fprintf(out, "  dns: any  # such as %s, which was asked about and never reached\n",
			acts->v[i].target);
		return;
	}
	if (asked)
		fputs("  dns: strict\n", out);
}

void fngl_write_egress(const struct fngl_acts *acts,
		       const struct fngl_acts *left, FILE *out)
{
	struct fngl_acts resolvers = { 0 };
	struct targets targets = { 0 };

	find_resolvers(acts, &resolvers);
	collect(&targets, &resolvers, left);
	fputs("egress:\n  default: deny\n", out);
	write_resolvers(&resolvers, out);
	write_dns(&targets, acts, out);
	if (targets.nr)
		fputs("  rules:\n", out);
	for (size_t i = 0; i < targets.nr;)
		i += write_rule(&targets.v[i], targets.nr - i, out);
	free(targets.v);
	fngc_arena_free(&targets.arena);
	fngl_free(&resolvers);
}
