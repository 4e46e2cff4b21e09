// SPDX-License-Identifier: MIT
/*
 * Does a policy allow what was done?
 */
#include <string.h>

#include <learn/check.h>
#include <learn/text.h>

/* A name counts where the rules on addresses leave it open, as in the kernel. */
bool fngl_decide(const struct fng_image *image, const struct fngl_act *act,
		 struct fng_decision *decision)
{
	char access[FNGC_ACCESS_NAMES_SIZE], reason[128];
	struct fngc_query query;

	if (fngc_query_parse(act->verb, act->target, act->access ?
			     fngc_access_names(act->access, access) : NULL,
			     &query, reason, sizeof(reason)))
		return false;
	fngc_decide(image, &query, decision);
	if (!strcmp(act->verb, "connect") && *act->more &&
	    fng_egress_open(image, decision)) {
		strncpy(query.host, act->more, sizeof(query.host) - 1);
		fngc_decide(image, &query, decision);
	}
	return true;
}

/* The part of the floor that withholds a capability, see decide_scalar.c. */
static const char *floor_of(const char *capability)
{
	static const char *const parts[][2] = {
		{ "sys_admin", "mount" }, { "sys_module", "module" },
		{ "sys_boot", "reboot" }, { "sys_rawio", "kmem" },
		{ "sys_chroot", "chroot" }, { "bpf", "bpf" },
		{ "net_admin", "socket" }, { "sys_time", "time" },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strcmp(capability, parts[i][0]))
			return parts[i][1];
	return NULL;
}

/* Leaving the cgroup and talking to the module cannot be allowed. */
static const char *privilege_of(const struct fngl_act *act)
{
	if (!strcmp(act->verb, "capability"))
		return floor_of(act->target);
	if (!strcmp(act->verb, "privilege"))
		return act->target;
	if (!strcmp(act->verb, "floor") && strcmp(act->target, "cgroup") &&
	    strcmp(act->target, "control"))
		return act->target;
	return NULL;
}

void fngl_privileges(const struct fngl_acts *acts, struct fngl_acts *allowed)
{
	for (size_t i = 0; i < acts->nr; i++) {
		const char *privilege = privilege_of(&acts->v[i]);

		if (privilege)
			fngl_add(allowed, &(struct fngl_act) {
				.verb = "", .target = privilege, .more = "",
			});
	}
	fngl_settle(allowed);
}

static bool was_used(const struct fngl_acts *acts, const char *privilege)
{
	for (size_t i = 0; i < acts->nr; i++)
		if (strcmp(acts->v[i].verb, "capability") &&
		    !strcmp(privilege_of(&acts->v[i]) ?: "", privilege))
			return true;
	return false;
}

bool fngl_privileges_imply(const struct fngl_acts *acts)
{
	for (size_t i = 0; i < acts->nr; i++) {
		const char *part = privilege_of(&acts->v[i]);

		if (!strcmp(acts->v[i].verb, "capability") && part &&
		    !was_used(acts, part))
			return true;
	}
	return false;
}

static void decide_move(const struct fng_image *image,
			const struct fngl_act *act,
			struct fng_decision *decision)
{
	fngc_decide_gain(image, act->target, act->more,
			 strcmp(act->verb, FNGL_RENAME), decision);
}

static bool is_move(const struct fngl_act *act)
{
	return !strncmp(act->verb, FNGL_RENAME, strlen(FNGL_RENAME));
}

void fngl_check_moves(const struct fngl_acts *acts,
		      const struct fng_image *image, struct fngl_acts *more)
{
	struct fng_decision decision;

	for (size_t i = 0; i < acts->nr; i++) {
		const struct fngl_act *act = &acts->v[i];

		if (strcmp(act->verb, FNGL_RENAME))
			continue;
		decide_move(image, act, &decision);
		if (!decision.refused || decision.class != FNG_CLASS_FILES)
			continue;
		fngl_add(more, &(struct fngl_act) {
			.verb = "open", .target = act->target, .more = "",
			.access = decision.access,
		});
	}
}

static bool is_refused(const struct fng_image *image, const struct fngl_act *act,
		       struct fng_decision *decision)
{
	if (!is_move(act))
		return !fngl_decide(image, act, decision) || decision->refused;
	decide_move(image, act, decision);
	return decision->refused;
}

static void put_act(const struct fngl_act *act, FILE *out)
{
	char access[FNGC_ACCESS_NAMES_SIZE];

	fprintf(out, "#   %s ", act->verb);
	fngl_put_comment(out, act->target);
	if (act->access)
		fprintf(out, " %s", fngc_access_names(act->access, access));
	if (*act->more) {
		fputs(", ", out);
		fngl_put_comment(out, act->more);
	}
}

static void put_refused(const struct fng_image *image,
			const struct fngl_act *act,
			const struct fng_decision *decision, FILE *out)
{
	struct fngc_origin origin;

	put_act(act, out);
	if (!strcmp(act->verb, FNGL_OTHER)) {
		fputc('\n', out);
		return;
	}
	fngc_origin(image, decision->rule, &origin);
	fputs(": ", out);
	fngl_put_comment(out, origin.text);
	if (origin.line)
		fprintf(out, " (%s:%u)", origin.file, origin.line);
	fputc('\n', out);
}

void fngl_check(const struct fngl_acts *acts, const struct fng_image *image,
		FILE *out)
{
	struct fng_decision decision;
	bool any = false;

	for (size_t i = 0; i < acts->nr; i++) {
		memset(&decision, 0, sizeof(decision));
		decision.rule = FNG_RULE_NONE;
		if (!is_refused(image, &acts->v[i], &decision))
			continue;
		if (!any)
			fputs("# Refused all the same, by a template or because no rule can allow it:\n",
			      out);
		any = true;
		put_refused(image, &acts->v[i], &decision, out);
	}
}
