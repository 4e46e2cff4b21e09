// SPDX-License-Identifier: MIT
/*
 * Destinations by name. A name only matters where an address is left open, so that
 * each kind of names is put together with each kind of such addresses.
 */
#include <stdlib.h>

#include <compiler/diff_egress.h>
#include <compiler/walk_pairs.h>

/**
 * struct kind - names that the host rules of both policies treat alike
 * @host: per side, what they give them, or NULL
 * @name: one of them, as it is written
 */
struct kind {
	const struct fng_image_host *host[2];
	const char *name;
};

/**
 * struct grant - what host rules allow a kind of names
 * @special: to addresses that mean something else on each network
 * @proto: enum fng_proto
 * @span: the ports
 * @rule: per side, the rule that allows it, or FNG_RULE_NONE
 * @name: one of the names
 */
struct grant {
	bool special;
	u8 proto;
	struct fngc_span span;
	u32 rule[2];
	const char *name;
};

/**
 * struct namer - names while they are looked at
 * @differ: the comparison
 * @ids: what tells @grants from each other
 * @grants: all kinds of names that are allowed anything
 */
struct namer {
	struct fngc_differ *differ;
	struct fngc_intern ids;
	FNGC_ARRAY(struct grant) grants;
};

enum shape { SHAPE_EMPTY, SHAPE_SLASH, SHAPE_NAME };

/* Names are walked as paths of their labels, and believed if they are such. */
static u8 next_of_host(u8 shape, u8 byte)
{
	if (byte == '/')
		return shape == SHAPE_SLASH ? FNGC_NOWHERE : SHAPE_SLASH;
	if (shape == SHAPE_EMPTY)
		return FNGC_NOWHERE;
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       byte == '-' || byte == '_' ? SHAPE_NAME : FNGC_NOWHERE;
}

static u32 step_host(const struct fng_image *image, u32 state, u8 byte)
{
	return fng_dfa_step(&image->host, state, byte);
}

static const struct fng_image_host *host_of(const struct fng_image *image,
					    u32 state)
{
	u32 accept = image->host.states[state].accept;

	return accept ? &image->hosts[accept - 1] : NULL;
}

/* "/com/example/api" as it is written: api.example.com */
static const char *write_name(const struct fngc_pairs *pairs, u32 at,
			      struct fngc_arena *arena)
{
	char *path = fngc_pairs_name(pairs, at, arena);
	char *name = fngc_alloc(arena, strlen(path) + 1), *to = name;

	for (char *slash; (slash = strrchr(path, '/')); *slash = '\0')
		to += sprintf(to, "%s%s", to == name ? "" : ".", slash + 1);
	return name;
}

static void compare_resolve(struct fngc_differ *differ, const char *name)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++)
		fng_dns_decide(differ->image[side], name, strlen(name),
			       &decisions[side]);
	found = fngc_differ_decided(differ, FNGC_ABOUT_RESOLVE, decisions, 0,
				    0);
	if (found)
		found->example.name = name;
}

/* What the host rules say by themselves of an address that is left open. */
static u32 rule_of(const struct fng_image *image,
		   const struct fng_image_host *host,
		   const struct fng_endpoint *endpoint)
{
	struct fng_decision decision = { .refused = true };

	if (host)
		fng_host_decide(image, host, endpoint, &decision);
	return decision.refused ? FNG_RULE_NONE : decision.rule;
}

static void add_grant(struct namer *namer, const struct kind *kind,
		      struct grant *grant)
{
	/* One that anybody may have, and loopback. */
	struct fng_endpoint endpoint = {
		.family = 4,
		.proto = grant->proto,
		.port = fngc_span_port(grant->span),
		.addr = { grant->special ? 127 : 8, 0, 0, 1 },
	};
	u32 words[] = { grant->special, grant->proto, grant->span.first,
			grant->span.last, 0, 0 };

	for (u32 side = 0; side < 2; side++)
		grant->rule[side] = rule_of(namer->differ->image[side],
					    kind->host[side], &endpoint);
	if (grant->rule[0] == FNG_RULE_NONE && grant->rule[1] == FNG_RULE_NONE)
		return;
	words[4] = grant->rule[0];
	words[5] = grant->rule[1];
	if (fngc_intern(&namer->ids, words, ARRAY_SIZE(words)) ==
	    namer->grants.nr)
		*FNGC_PUSH(&namer->grants) = *grant;
}

static const struct fng_image_portset *set_of(const struct fng_image *image,
					      const struct fng_image_host *host,
					      bool special)
{
	u32 set = FNG_HOST_NO_PORTS;

	if (host)
		set = special ? host->special : host->portset;
	return set == FNG_HOST_NO_PORTS ? NULL : &image->portsets[set];
}

static void add_grants(struct namer *namer, const struct kind *kind,
		       bool special, u32 proto)
{
	struct grant grant = {
		.special = special, .proto = proto, .name = kind->name,
	};
	fngc_cuts cuts = { 0 };

	for (u32 side = 0; side < 2; side++) {
		const struct fng_image *image = namer->differ->image[side];

		fngc_cuts_add(&cuts, image,
			      set_of(image, kind->host[side], special), proto);
	}
	fngc_cuts_sort(&cuts);
	for (size_t i = 0; i < cuts.nr; i++) {
		grant.span = fngc_cuts_span(&cuts, i);
		add_grant(namer, kind, &grant);
	}
	free(cuts.v);
}

static void look_at(struct namer *namer, const struct kind *kind)
{
	compare_resolve(namer->differ, kind->name);
	for (u32 proto = 0; proto < FNG_PROTO_OTHER; proto++) {
		add_grants(namer, kind, false, proto);
		add_grants(namer, kind, true, proto);
	}
}

static u32 number_of(const struct fng_image *image,
		     const struct fng_image_host *host)
{
	return host ? host - image->hosts + 1 : 0;
}

/* Each kind of names once, by the first of them, which is the shortest. */
static void find_kinds(struct namer *namer, const struct fngc_pairs *pairs)
{
	const struct fng_image *const *image = namer->differ->image;
	struct fngc_intern known = { 0 };

	for (size_t i = 0; i < pairs->nr; i++) {
		const struct fngc_pair *pair = &pairs->v[i];
		struct kind kind = {
			.host = { host_of(image[0], pair->state[0]),
				  host_of(image[1], pair->state[1]) },
		};
		u32 words[] = { number_of(image[0], kind.host[0]),
				number_of(image[1], kind.host[1]) };
		u32 nr = known.nr;

		if (pair->shape != SHAPE_NAME ||
		    fngc_intern(&known, words, 2) != nr)
			continue;
		kind.name = write_name(pairs, i, &namer->differ->arena);
		look_at(namer, &kind);
	}
	fngc_intern_free(&known);
}

static bool meet(const struct fngc_stretch *stretch, const struct grant *grant)
{
	return stretch->special == grant->special &&
	       stretch->proto == grant->proto &&
	       stretch->span.first <= grant->span.last &&
	       grant->span.first <= stretch->span.last;
}

/* Is some answer another for the name? Else the address alone says all. */
static bool named(const struct fngc_stretch *stretch, const struct grant *grant)
{
	return (stretch->open[0] && grant->rule[0] != FNG_RULE_NONE) ||
	       (stretch->open[1] && grant->rule[1] != FNG_RULE_NONE);
}

static void compare_both(struct namer *namer, const struct fngc_stretch *stretch,
			 const struct grant *grant)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;
	struct fngc_span span = stretch->span;

	if (grant->span.first > span.first)
		span.first = grant->span.first;
	if (grant->span.last < span.last)
		span.last = grant->span.last;
	for (u32 side = 0; side < 2; side++) {
		decisions[side] = stretch->decision[side];
		if (!stretch->open[side] || grant->rule[side] == FNG_RULE_NONE)
			continue;
		decisions[side].refused = false;
		decisions[side].rule = grant->rule[side];
	}
	found = fngc_differ_decided(namer->differ, FNGC_ABOUT_HOST, decisions,
				    1u << stretch->proto, 0);
	if (!found)
		return;
	found->example.name = grant->name;
	found->example.endpoint = stretch->endpoint;
	if (fngc_has_ports(stretch->proto))
		found->example.endpoint.port = fngc_span_port(span);
}

static int compare_named(struct namer *namer, const struct fngc_open *open)
{
	if (namer->grants.nr && open->v.nr > FNGC_MAX_PAIRS / namer->grants.nr)
		return fngc_differ_fail(namer->differ, "there are more than 16,777,216 pairs of rules on addresses and names");
	for (size_t i = 0; i < open->v.nr; i++) {
		for (size_t j = 0; j < namer->grants.nr; j++) {
			const struct fngc_stretch *stretch = &open->v.v[i];
			const struct grant *grant = &namer->grants.v[j];

			if (meet(stretch, grant) && named(stretch, grant))
				compare_both(namer, stretch, grant);
		}
	}
	return 0;
}

static int compare_hosts(struct fngc_differ *differ,
			 const struct fngc_open *open)
{
	const struct fngc_automata automata = {
		{ differ->image[0], differ->image[1] }, step_host,
		{ differ->image[0]->host.map, differ->image[1]->host.map }, 2
	};
	const struct fngc_names names = { next_of_host, "/.",
					  FNG_MAX_HOST_NAME + 1 };
	struct namer namer = { .differ = differ };
	struct fngc_pairs pairs;
	int err = 0;

	if (fngc_pairs_walk(&automata, &names, &pairs)) {
		find_kinds(&namer, &pairs);
		err = compare_named(&namer, open);
	} else {
		err = fngc_differ_fail(differ, "the host rules have more than 16,777,216 pairs of states");
	}
	fngc_pairs_free(&pairs);
	fngc_intern_free(&namer.ids);
	free(namer.grants.v);
	return err;
}

static bool believes(const struct fng_image *image,
		     const struct fng_image_resolver *resolver)
{
	struct fng_endpoint endpoint = { .family = resolver->family };

	memcpy(endpoint.addr, resolver->addr, sizeof(endpoint.addr));
	return fng_resolver_known(image, &endpoint);
}

static void compare_resolvers(struct fngc_differ *differ, u32 side)
{
	static const char *const words[] = { "not believed", "believed" };
	const struct fng_image *image = differ->image[side];
	const struct fngc_difference difference = {
		.change = side ? FNGC_CHANGE_ALLOWED : FNGC_CHANGE_REFUSED,
		.about = FNGC_ABOUT_RESOLVER,
		.class = FNG_CLASS_EGRESS,
		.answer = {
			{ words[!side], FNG_RULE_NONE },
			{ words[side], FNG_RULE_NONE },
		},
	};

	for (u32 i = 0; i < image->nr_resolvers; i++) {
		struct fngc_difference *found = NULL;

		if (!believes(differ->image[!side], &image->resolvers[i]))
			found = fngc_differ_add(differ, &difference, i);
		if (!found)
			continue;
		found->example.endpoint.family = image->resolvers[i].family;
		memcpy(found->example.endpoint.addr, image->resolvers[i].addr,
		       sizeof(found->example.endpoint.addr));
	}
}

int fngc_diff_egress(struct fngc_differ *differ)
{
	struct fngc_open open = { 0 };
	int err;

	fngc_diff_addresses(differ, &open);
	err = compare_hosts(differ, &open) ?: fngc_diff_answers(differ, &open);
	compare_resolvers(differ, 0);
	compare_resolvers(differ, 1);
	fngc_intern_free(&open.ids);
	free(open.v.v);
	return err;
}
