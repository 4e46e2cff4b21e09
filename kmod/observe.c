// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reporting what is allowed, where a policy wants to know of it.
 *
 * What is done is judged once more, and nobody learns from that: only so is it
 * known which rule allows it, and whether an event has told of it already.
 */
#include <linux/jhash.h>

#include <fnguard/hooks.h>

#include "entering.h"
#include "event.h"
#include "judge_egress.h"
#include "ledger.h"
#include "observe.h"
#include "sight.h"

/* What a launcher does is not the function's; the program that it starts is. */
static bool is_launchers(const struct fng_sighting *sighting)
{
	return sighting->hook != FNG_HOOK_BPRM_CHECK && fng_entering(current);
}

static void begin(struct fng_judgement *judgement,
		  const struct fng_sighting *sighting)
{
	fng_judge_begin(judgement, sighting->subject, sighting->hook);
	judgement->silent = true;
}

/* Who learns has told nobody, and a candidate something else. */
static bool is_told(const struct fng_judgement *judgement)
{
	unsigned long audits = judgement->audit_mask &
			       ~judgement->subject->candidates;
	unsigned int i;

	for_each_set_bit(i, &audits, judgement->subject->nr)
		if (!fng_learns(judgement->subject->policies[i],
				judgement->decisions[i].class))
			return true;
	return judgement->refused_mask;
}

static const struct fng_image_meta *meta_of(const struct fng_subject *subject,
					    u8 policy)
{
	return subject->policies[policy]->image.meta;
}

/* The root-most policy that wants to know; some do. */
static u8 observer_of(const struct fng_sighting *sighting)
{
	const struct fng_subject *subject = sighting->subject;
	u8 i = 0;

	while (i + 1 < subject->nr &&
	       !(meta_of(subject, i)->observe & BIT(sighting->what)))
		i++;
	return i;
}

static u32 hash_of(const struct fng_sighting *sighting,
		   const struct fng_object *object, u32 access, u32 seed)
{
	seed ^= sighting->hook | access << 8;
	if (object->kind == FNG_OBJECT_ENDPOINT)
		return jhash(&object->endpoint, sizeof(object->endpoint), seed);
	return jhash(object->name, object->name_len, seed);
}

static void conclude(struct fng_judgement *judgement, u8 policy,
		     const struct fng_sighting *sighting,
		     const struct fng_object *object)
{
	const struct fng_subject *subject = sighting->subject;
	struct fng_usage *usage = subject->usages[policy];
	u32 access = judgement->decisions[policy].access;
	bool wanted = usage &&
		fng_sight_wanted(usage, meta_of(subject, policy),
				 hash_of(sighting, object, access,
					 usage->seed));

	/* Nothing is refused, so that nothing else is left of the judgement. */
	judgement->audit_mask = 0;
	if (fng_ledger_note(judgement, policy, FNG_VERDICT_OBSERVED, wanted))
		fng_event_noted(judgement, object, policy,
				FNG_VERDICT_OBSERVED);
}

/* What is allowed though a rule refuses it, as by who learns, no rule allows. */
static u32 rule_of(const struct fng_decision *decision)
{
	return decision->refused ? FNG_RULE_NONE : decision->rule;
}

static u32 rule_of_name(const struct fng_image *image,
			const struct fng_name *name, u32 access)
{
	struct fng_decision decision;

	if (name->kind != FNG_NAME_PATH)
		return FNG_RULE_NONE;
	fng_name_decide(image, name->text, name->len, access, &decision);
	return rule_of(&decision);
}

static void observe_name(const struct fng_sighting *sighting,
			 const struct fng_name *name, u32 access)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_NAME,
		.name = name->text,
		.name_len = name->len,
	};
	u8 policy = observer_of(sighting);
	struct fng_judgement judgement __uninitialized;

	begin(&judgement, sighting);
	fng_judge_name(&judgement, name, access);
	if (is_told(&judgement))
		return;
	judgement.decisions[policy] = (struct fng_decision) {
		.class = fng_access_class(access),
		.access = access,
		.rule = rule_of_name(&sighting->subject->policies[policy]->image,
				     name, access),
	};
	conclude(&judgement, policy, sighting, &object);
}

/**
 * fng_observe_file() - report an allowed access to a file
 * @sighting: who does what
 * @path: of the file
 * @access: FNG_ACCESS_* of one class
 */
void fng_observe_file(const struct fng_sighting *sighting,
		      const struct path *path, u32 access)
{
	struct fng_name name;

	if (!access || is_launchers(sighting))
		return;
	fng_name_begin();
	fng_name_of_path(path, FNG_NAME_FIRST, &name);
	observe_name(sighting, &name, access);
	fng_name_end();
}

static bool is_only_choice(const struct fng_sighting *sighting,
			   const struct fng_endpoint *endpoint)
{
	return sighting->hook == FNG_HOOK_SOCKET_CONNECT &&
	       endpoint->proto == FNG_PROTO_UDP;
}

/**
 * fng_observe_endpoint() - report an allowed choice of a destination
 * @sighting: who does what
 * @endpoint: the destination
 */
void fng_observe_endpoint(const struct fng_sighting *sighting,
			  const struct fng_endpoint *endpoint)
{
	struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = *endpoint,
	};
	u8 policy = observer_of(sighting);
	struct fng_judgement judgement __uninitialized;

	if (is_launchers(sighting))
		return;
	begin(&judgement, sighting);
	if (is_only_choice(sighting, endpoint))
		fng_judge_route(&judgement, endpoint);
	else
		fng_judge_endpoint(&judgement, endpoint);
	if (is_told(&judgement))
		return;
	fng_endpoint_decide(sighting->subject, policy, endpoint,
			    &judgement.decisions[policy]);
	judgement.decisions[policy].rule =
		rule_of(&judgement.decisions[policy]);
	fng_endpoint_name(sighting->subject, &object);
	conclude(&judgement, policy, sighting, &object);
}

/**
 * fng_observe_port() - report that something can be reached on a port
 * @sighting: who does what
 * @local: the port, with its protocol
 */
void fng_observe_port(const struct fng_sighting *sighting,
		      const struct fng_endpoint *local)
{
	const struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = *local,
	};
	u8 policy = observer_of(sighting);
	struct fng_judgement judgement __uninitialized;

	if (is_launchers(sighting))
		return;
	begin(&judgement, sighting);
	fng_judge_port(&judgement, local->proto, local->port);
	if (is_told(&judgement))
		return;
	fng_listen_decide(&sighting->subject->policies[policy]->image,
			  local->proto, local->port,
			  &judgement.decisions[policy]);
	judgement.decisions[policy].rule =
		rule_of(&judgement.decisions[policy]);
	conclude(&judgement, policy, sighting, &object);
}
