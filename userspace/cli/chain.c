// SPDX-License-Identifier: MIT
/*
 * The policies that apply to a cgroup, asked one after the other.
 */
#include <stdlib.h>
#include <string.h>

#include <compiler/mem.h>
#include "chain.h"
#include "session.h"

static struct fng_offline *fetch(struct fng_shelf *shelf, const char *name)
{
	struct fng_offline *policy;
	size_t size;
	void *image;

	if (fng_client_policy_image(shelf->client, name, &image, &size))
		return NULL;
	policy = fngc_xcalloc(1, sizeof(*policy));
	if (fng_offline_take(policy, name, image, size)) {
		fng_offline_free(policy);
		free(policy);
		return NULL;
	}
	return policy;
}

static struct fng_offline *find(struct fng_shelf *shelf, const char *name)
{
	struct fng_offline *policy;
	size_t i;

	for (i = 0; i < shelf->nr; i++)
		if (!strcmp(shelf->v[i]->image.meta->name, name))
			return shelf->v[i];
	policy = fetch(shelf, name);
	if (!policy)
		return NULL;
	shelf->v = realloc(shelf->v, (shelf->nr + 1) * sizeof(*shelf->v));
	if (!shelf->v)
		abort();
	shelf->v[shelf->nr++] = policy;
	return policy;
}

bool fng_shelf_view(struct fng_shelf *shelf, const char *name, const char *phase,
		    struct fng_offline *view)
{
	struct fng_offline *policy = find(shelf, name);
	const struct fng_image *image;

	if (!policy)
		return false;
	image = *phase ? fngc_parts_phase(&policy->parts, phase) :
			 &policy->parts.part[0].image;
	if (!image)
		return false;
	*view = *policy;
	view->image = *image;
	return true;
}

void fng_shelf_free(struct fng_shelf *shelf)
{
	for (size_t i = 0; i < shelf->nr; i++) {
		fng_offline_free(shelf->v[i]);
		free(shelf->v[i]);
	}
	free(shelf->v);
}

static bool is_sending(const struct fng_decision *decision)
{
	return decision->class == FNG_CLASS_EGRESS ||
	       (decision->class == FNG_CLASS_EXEC &&
		!(decision->access & FNG_ACCESS_MAP));
}

/* What the kernel adds to what the rules say. */
static void apply_state(const struct fng_client_subject *subject,
			struct fng_decision *decision)
{
	if (subject->seconds && decision->class != FNG_CLASS_FLOOR)
		decision->audit = true;
	if (!subject->quarantined || !is_sending(decision))
		return;
	decision->refused = true;
	decision->audit = false;
	decision->rule = FNG_RULE_GUARD | FNG_GUARD_QUARANTINE;
}

static const char *worse(const char *verdict, const struct fng_decision *decision)
{
	if (!decision->refused || !strcmp(verdict, "deny"))
		return verdict;
	return fng_answer_verdict(decision);
}

json_t *fng_chain_ask(struct fng_shelf *shelf,
		      const struct fng_client_subject *subject,
		      fng_chain_fn decide, const void *what)
{
	const char *verdict = subject->excess ? "deny" : "allow";
	json_t *policies = json_array();
	struct fng_decision decision;
	struct fng_offline view;

	for (u32 i = 0; i < subject->nr; i++) {
		const struct fng_client_applied *applied = &subject->applied[i];

		if (!fng_shelf_view(shelf, applied->policy, applied->phase,
				    &view) ||
		    !decide(&view.image, what, &decision)) {
			json_decref(policies);
			return NULL;
		}
		apply_state(subject, &decision);
		verdict = worse(verdict, &decision);
		json_array_append_new(policies, fng_answer(&view, &decision));
	}
	return json_pack("{s:s, s:o}", "verdict", verdict, "policies", policies);
}
