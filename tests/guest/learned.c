// SPDX-License-Identifier: GPL-2.0-only
/*
 * What policies that learn have seen.
 */
#include <stdio.h>
#include <string.h>

#include "learned.h"

/**
 * struct search - a search for an act
 * @learned: what is looked for
 * @found: what was found
 */
struct search {
	const struct learned *learned;
	struct found found;
};

/* What was learned ends with a policy of the name that does not learn. */
void learned_begin(void)
{
	guard_load("policy: learn\n");
	guard_load(LEARNER);
}

static bool has_port(u32 kind)
{
	return kind == FNG_ACT_CONNECT || kind == FNG_ACT_ASK ||
	       kind == FNG_ACT_LISTEN;
}

static const char *name_of(const struct fng_client_act *act)
{
	switch (act->kind) {
	case FNG_ACT_CONNECT:
		return act->address;
	case FNG_ACT_ASK:
		return act->host;
	default:
		return act->name;
	}
}

static bool is(const struct fng_client_act *act, const struct learned *learned)
{
	const char *target = act->kind == FNG_ACT_CONNECT ? act->host :
			     act->kind == FNG_ACT_ASK ? act->address :
							act->target;

	return act->kind == learned->kind &&
	       (!learned->name || !strcmp(name_of(act), learned->name)) &&
	       (!learned->target || !strcmp(target, learned->target)) &&
	       (has_port(act->kind) ? act->port : act->number) ==
	       learned->number;
}

static int compare(const struct fng_client_act *act, void *data)
{
	struct search *search = data;

	search->found.all++;
	if (!is(act, search->learned))
		return 0;
	search->found.times++;
	search->found.access |= act->access;
	return 0;
}

struct found learned_find(const char *policy, const struct learned *learned)
{
	struct search search = { .learned = learned };

	if (fng_client_learn(guard_client(), policy, compare, &search,
			     &search.found.unkept))
		die("no list of acts: %s", guard_client()->error);
	return search.found;
}

static int print(const struct fng_client_act *act, void *data)
{
	printf("# act %u number %u access %#x name '%s' target '%s' address '%s' port %u host '%s' rule %#x\n",
	       act->kind, act->number, act->access, act->name, act->target,
	       act->address, act->port, act->host, act->rule);
	(void)data;
	return 0;
}

void learned_print(const char *policy)
{
	u64 unkept;

	fng_client_learn(guard_client(), policy, print, NULL, &unkept);
}
