// SPDX-License-Identifier: MIT
/*
 * What the policies of a cgroup say of one refusal, and what would allow it.
 */
#include <string.h>

#include <learn/check.h>
#include <learn/fix.h>
#include <learn/nearest.h>
#include "session.h"
#include "why.h"

static bool decide(const struct fng_image *image, const void *what,
		   struct fng_decision *decision)
{
	return fngl_decide(image, what, decision);
}

/* Of a name of which only the start is remembered, nothing can be said. */
static bool is_cut(const json_t *event)
{
	return fng_why_number(event, "object_len") >
	       (json_int_t)json_string_length(json_object_get(event, "object")) ||
	       json_object_get(event, "object_hex");
}

/* The kernel calls so what has lost its name; a rule would be about another file. */
static bool is_deleted(const json_t *event)
{
	static const char mark[] = " (deleted)";
	const char *name = fng_why_text(event, "object");
	size_t len = strlen(name);

	return len >= strlen(mark) && !strcmp(name + len - strlen(mark), mark);
}

/* Is it for its name that it is refused? Else no line about that helps. */
static bool is_for_name(const struct fng_image *image, const struct fngl_act *act)
{
	struct fng_decision decision;

	return !decide(image, act, &decision) || decision.refused;
}

/* Why a list cannot be added to; NULL if it can. */
static const char *obstacle(const json_t *event, const struct fng_image *image,
			    const struct fngl_act *act)
{
	if (is_cut(event))
		return "only the start of its name is remembered, or it is no text; write a rule with a pattern";
	if (is_deleted(event))
		return "it was deleted, so that no rule is about its name; where rules deny anything by name, what has lost its own is refused";
	return is_for_name(image, act) ? NULL :
	       "its name is allowed, and it is refused for something else";
}

static void add_fix(json_t *answer, const json_t *event,
		    const struct fng_offline *policy, const struct fngl_act *act,
		    u32 rule)
{
	static const char *const hows[] = FNGL_HOW_NAMES;
	struct fngc_arena arena = { 0 };
	const char *why = obstacle(event, &policy->image, act);
	struct fngl_fix fix;
	json_t *object;

	fngl_fix_find(&policy->parts, &policy->image, act, rule, &arena, &fix);
	if (why && fix.how == FNGL_ADD)
		fix = (struct fngl_fix) {
			.how = FNGL_NOTHING, .after = FNG_RULE_NONE,
			.advice = why,
		};
	if (fng_why_gains(event) && fix.how == FNGL_ADD)
		fix.advice = "it was moved, and may not be used for more under its new name: by this it may be so under this one, too; of a directory, what is below counts";
	object = json_pack("{s:s}", "how", hows[fix.how]);
	fng_set_text(object, "where", fix.where);
	fng_set_text(object, "yaml", fix.yaml);
	fng_set_text(object, "advice", fix.advice);
	if (fix.after != FNG_RULE_NONE)
		fng_answer_set_rule(object, policy, fix.after);
	json_object_del(object, "rule");
	json_object_set_new(answer, "fix", object);
	fngc_arena_free(&arena);
}

static void add_nearest(json_t *answer, const struct fng_offline *policy,
			const struct fngl_act *act)
{
	u32 rule = fngl_nearest(&policy->image, act);
	json_t *object;

	if (rule == FNG_RULE_NONE)
		return;
	object = json_object();
	fng_answer_set_rule(object, policy, rule);
	json_object_set_new(answer, "nearest", object);
}

static void add_refusal(json_t *answer, const json_t *event,
			const struct fng_offline *policy,
			const struct fngl_act *act, u32 rule)
{
	fng_answer_set_rule(answer, policy, rule);
	if (!is_cut(event))
		add_nearest(answer, policy, act);
	add_fix(answer, event, policy, act, rule);
}

/* What the kernel says that it has decided; and of who allowed it, by which rule. */
static void add_verdict(json_t *answer, const json_t *event,
			const json_t *verdict, const struct fng_offline *policy,
			const struct fngl_act *act)
{
	struct fng_decision decision;

	if (strcmp(fng_why_text(answer, "verdict"), "allow"))
		add_refusal(answer, event, policy, act,
			    fng_why_number(verdict, "rule_id"));
	else if (!is_cut(event) && decide(&policy->image, act, &decision) &&
		 !decision.refused)
		fng_answer_set_rule(answer, policy, decision.rule);
}

static json_t *answer_of(struct fng_shelf *shelf, const json_t *event,
			 const json_t *verdict, const struct fngl_act *act)
{
	const char *name = fng_why_text(verdict, "policy");
	const char *phase = fng_why_text(verdict, "phase");
	json_t *answer = json_object();
	struct fng_offline policy;

	fng_set_text(answer, "policy", name);
	fng_set_text(answer, "phase", phase);
	fng_set_text(answer, "verdict",
		     json_object_get(verdict, "refused") ? "deny" :
		     json_object_get(verdict, "would_refuse") ? "audit" :
								"allow");
	if (fng_shelf_view(shelf, name, phase, &policy))
		add_verdict(answer, event, verdict, &policy, act);
	else
		json_object_set_new(answer, "replaced", json_true());
	return answer;
}

/* Only the guard itself refuses where no policy is behind it. */
static json_t *answer_of_guard(const json_t *event)
{
	json_t *answer = json_pack("{s:s, s:{s:s}}", "verdict", "deny", "fix",
				   "how", "nothing");

	fng_set_text(answer, "rule", fng_why_text(event, "rule"));
	fng_set_text(json_object_get(answer, "fix"), "advice",
		     fngl_fix_advice(fng_why_number(event, "rule_id")));
	return answer;
}

static json_t *answers_of(struct fng_shelf *shelf, const json_t *event,
			  const struct fngl_act *act)
{
	const json_t *verdicts = json_object_get(event, "verdicts"), *verdict;
	json_t *answers = json_array();
	size_t i;

	/* A candidate refuses nothing, and its rules are not on the shelf. */
	json_array_foreach(verdicts, i, verdict)
		if (!json_object_get(verdict, "candidate"))
			json_array_append_new(answers, answer_of(shelf, event,
								 verdict, act));
	if (!i)
		json_array_append_new(answers, answer_of_guard(event));
	return answers;
}

/* Does a policy that has refused it allow its name? That tells nothing then. */
static bool any_beside(struct fng_shelf *shelf, const json_t *event,
		       const struct fngl_act *act)
{
	const json_t *verdict;
	struct fng_offline policy;
	size_t i;

	json_array_foreach(json_object_get(event, "verdicts"), i, verdict)
		if (json_object_get(verdict, "rule_id") &&
		    fng_shelf_view(shelf, fng_why_text(verdict, "policy"),
				   fng_why_text(verdict, "phase"), &policy) &&
		    !is_for_name(&policy.image, act))
			return true;
	return false;
}

/* Of code it matters as well what is in the file, which is not known any more. */
static bool decide_now(const struct fng_image *image, const void *what,
		       struct fng_decision *decision)
{
	const struct fngl_act *act = what;
	struct fng_decision inside;

	if (!decide(image, act, decision))
		return false;
	if (decision->refused || (strcmp(act->verb, "exec") &&
				  strcmp(act->verb, "map")))
		return true;
	fng_modified_decide(image, &inside);
	return !inside.refused &&
	       !fng_digest_find(image, act->target, strlen(act->target));
}

static bool any_replaced(const json_t *answers)
{
	const json_t *answer;
	size_t i;

	json_array_foreach(answers, i, answer)
		if (json_object_get(answer, "replaced"))
			return true;
	return false;
}

/* Those of today say by which rule they refuse it, and what would allow it. */
static void add_fixes_now(struct fng_shelf *shelf, const json_t *event,
			  json_t *answers, const struct fngl_act *act)
{
	struct fng_decision decision;
	struct fng_offline policy;
	json_t *answer;
	size_t i;

	json_array_foreach(answers, i, answer)
		if (fng_shelf_view(shelf, fng_why_text(answer, "policy"),
				   fng_why_text(answer, "phase"), &policy) &&
		    decide(&policy.image, act, &decision) && decision.refused)
			add_refusal(answer, event, &policy, act, decision.rule);
}

/*
 * What would be said if it was done again; nothing of a cgroup that is gone, nor where
 * not all of a name, or one of two, is known.
 */
static void add_now(json_t *denial, struct fng_shelf *shelf,
		    const json_t *event, const struct fngl_act *act)
{
	u64 id = fng_why_number(event, "cgroup_id");
	struct fng_client_subject subject;
	json_t *now, *answers;
	bool allowed;

	if (!id || is_cut(event) || is_deleted(event) || fng_why_gains(event) ||
	    any_beside(shelf, event, act) ||
	    fng_client_subject(shelf->client, id, &subject))
		return;
	now = fng_chain_ask(shelf, &subject, decide_now, act);
	if (!now)
		return;
	allowed = !strcmp(fng_why_text(now, "verdict"), "allow");
	answers = json_object_get(now, "policies");
	if (!allowed || !fng_why_moves(event))
		json_object_set(denial, "now", json_object_get(now, "verdict"));
	if (any_replaced(json_object_get(denial, "policies")) && !allowed) {
		add_fixes_now(shelf, event, answers, act);
		json_object_set(denial, "policies_now", answers);
	}
	json_decref(now);
}

void fng_why_answer(json_t *denial, struct fng_shelf *shelf,
		    const json_t *event, const struct fngl_act *act)
{
	json_object_set_new(denial, "policies", answers_of(shelf, event, act));
	add_now(denial, shelf, event, act);
}
