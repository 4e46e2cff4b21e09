// SPDX-License-Identifier: MIT
/*
 * What to write into a policy for it to allow one act more.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <compiler/schema.h>
#include <learn/check.h>
#include <learn/egress.h>
#include <learn/fix.h>
#include <learn/shape.h>
#include <learn/text.h>

/**
 * struct list - a list of the policy language
 * @verb: of acts that its items allow
 * @where: its name
 * @rules: how the texts of its rules begin
 */
static const struct list {
	const char *verb;
	const char *where;
	const char *rules;
} lists[] = {
	{ "open", "files.rules", "files allow " },
	{ "exec", "exec.allow", "exec allow " },
	{ "map", "exec.map", "exec map " },
	{ "unix", "unix.allow", "unix allow " },
	{ "connect", "egress.rules", "egress allow " },
	{ "resolve", "egress.rules", "egress allow " },
	{ "listen", "listen.allow", "listen allow " },
	{ "capability", "privileges.capabilities", "privileges capabilities" },
	{ "privilege", "privileges.allow", "privileges allow" },
	{ "floor", "privileges.allow", "privileges allow" },
};

static const char *const guard_advice[FNG_NR_GUARD_RULES] = {
	[FNG_GUARD_TOO_MANY] = "more policies apply than can; unbind some of them, or of the cgroups above",
	[FNG_GUARD_NO_STATE] = "the kernel had no memory to remember the cgroup by; it is tried again at the next access",
	[FNG_GUARD_UNDECIDABLE] = "it has no name that rules could be about: too long, or not reachable from the function's root",
	[FNG_GUARD_ENTERING] = "it was done before the function's own program was executed; if that is a runtime of containers, declare it as a launcher",
	[FNG_GUARD_NOT_IP] = "no rule is about anything but IP",
	[FNG_GUARD_POSES] = "it speaks as a name server, of which none may be guarded",
	[FNG_GUARD_QUARANTINE] = "the cgroup is in quarantine; find out what it was refused before, then let it out with fnguard cgroup release",
};

static const char *text_of(const struct fng_image *image, u32 rule)
{
	const char *strings;
	const struct fng_image_rule *written = fng_rule_find(image, rule,
							     &strings);

	return written ? strings + written->text : "";
}

static bool starts(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* The last rule of a list, since those of templates come first; or its section. */
static u32 last_of(const struct fng_image *image, const char *rules)
{
	size_t len = strcspn(rules, " ");

	for (u32 i = fng_rules_count(image); i-- > 0;)
		if (starts(text_of(image, i), rules))
			return i;
	for (u32 i = 0; i < fng_rules_count(image); i++)
		if (!strncmp(text_of(image, i), rules, len + 1))
			return i;
	return FNG_RULE_NONE;
}

static const char *take(struct fngc_arena *arena, FILE *out, char **text)
{
	const char *kept;
	char *start;
	size_t len;

	if (fclose(out))
		abort();
	for (start = *text; *start == ' '; start++)
		;
	len = strcspn(start, "\n");
	kept = fngc_strndup(arena, start, len);
	free(*text);
	return kept;
}

static const char *item_of(struct fngc_arena *arena, const struct fngl_act *act)
{
	char access[FNGC_ACCESS_NAMES_SIZE];
	bool quoted = *act->target == '/' || !strcmp(act->verb, "unix");
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (!strcmp(act->verb, "connect")) {
		fngl_put_endpoint(act, out);
	} else if (!strcmp(act->verb, "resolve")) {
		fprintf(out, "- { allow: { host: \"%s\" } }", act->target);
	} else if (!strcmp(act->verb, "open")) {
		fputs("- { path: ", out);
		fngl_put_quoted(out, fngl_literal(arena, act->target));
		fprintf(out, ", allow: [%s] }",
			fngc_access_names(act->access, access));
	} else if (quoted) {
		fputs("- ", out);
		fngl_put_quoted(out, fngl_literal(arena, act->target));
	} else {
		fprintf(out, "- %s", act->target);
	}
	return take(arena, out, &text);
}

static const struct list *list_of(const char *verb)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (!strcmp(lists[i].verb, verb))
			return &lists[i];
	return NULL;
}

/* Neither leaving the cgroup nor talking to the guard is anything one can allow. */
static bool is_liftable(const char *part)
{
	for (size_t i = 0; fngc_privilege_words[i]; i++)
		if (!strcmp(fngc_privilege_words[i], part))
			return true;
	return false;
}

static void set_nothing(struct fngl_fix *fix, const char *advice)
{
	*fix = (struct fngl_fix) {
		.how = FNGL_NOTHING, .after = FNG_RULE_NONE, .advice = advice,
	};
}

static void set_key(struct fngl_fix *fix, const char *where, const char *yaml,
		    u32 rule, const char *advice)
{
	*fix = (struct fngl_fix) {
		.how = FNGL_SET, .where = where, .yaml = yaml, .after = rule,
		.advice = advice,
	};
}

static const char *advice_on_host(const struct fng_image *image,
				  const struct fngl_act *act)
{
	if (!*act->more)
		return image->nr_hosts ?
		       "if it was reached by a name, allow that by host: which name it was is not known where no rule is about the name" :
		       NULL;
	return fngl_is_special(act) ?
	       "by this, whoever answers for the name chooses which address of yours is reached; a rule on the address allows that one alone" :
	       NULL;
}

static void add_item(const struct fng_image *image, const struct fngl_act *act,
		     struct fngc_arena *arena, struct fngl_fix *fix)
{
	const struct list *list = list_of(act->verb);

	*fix = (struct fngl_fix) {
		.how = FNGL_ADD, .where = list->where,
		.yaml = item_of(arena, act),
		.after = last_of(image, list->rules),
	};
	if (!strcmp(act->verb, "connect"))
		fix->advice = advice_on_host(image, act);
	else if (!strcmp(act->verb, "resolve"))
		fix->advice = "whoever may ask for a name may also send to it, by this rule to each port of tcp and udp: add the ports that are meant";
}

static bool is_allowed(const struct fng_image *image, const char *word)
{
	static const char *const verbs[] = { "privilege", "floor" };
	struct fng_decision decision;
	struct fngc_query query;
	char reason[128];

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (fngc_query_parse(verbs[i], word, NULL, &query, reason,
				     sizeof(reason)))
			continue;
		fngc_decide(image, &query, &decision);
		return !decision.refused;
	}
	return false;
}

/* Once there is a list, it has to name what was allowed without one. */
static const char *whole_list(const struct fng_image *image, const char *part,
			      struct fngc_arena *arena)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "allow: [%s", part);
	for (size_t i = 0; fngc_privilege_words[i]; i++)
		if (is_allowed(image, fngc_privilege_words[i]))
			fprintf(out, ", %s", fngc_privilege_words[i]);
	fputc(']', out);
	return take(arena, out, &text);
}

static void lift_floor(const struct fng_image *image, const struct fngl_act *act,
		       struct fngc_arena *arena, struct fngl_fix *fix)
{
	if (!is_liftable(act->target)) {
		set_nothing(fix, "no policy can allow it: it is what keeps the guard in place");
		return;
	}
	if (image->classes[FNG_CLASS_PRIVILEGES].present)
		add_item(image, act, arena, fix);
	else
		set_key(fix, "privileges",
			whole_list(image, act->target, arena), FNG_RULE_NONE,
			NULL);
	fix->advice = "this lifts a part of the fixed floor: whoever may do it can get around other rules";
}

/* A family or a type, whichever the policy misses. */
static void add_half(const struct fng_image *image, const struct fngl_act *act,
		     u32 rule, struct fngc_arena *arena, struct fngl_fix *fix)
{
	size_t len = strcspn(act->target, "/");
	bool family = rule == image->meta->families_rule;

	*fix = (struct fngl_fix) {
		.how = FNGL_ADD, .after = rule,
		.where = family ? "sockets.families" : "sockets.types",
		.yaml = family ? fngc_sprintf(arena, "- %.*s", (int)len,
					      act->target) :
				 fngc_sprintf(arena, "- %s",
					      act->target + len + 1),
	};
}

/* "exec 10/s burst 20" with twice the numbers; nothing has no double. */
static const char *doubled(struct fngc_arena *arena, const char *text)
{
	char *line;
	size_t size;
	FILE *out = open_memstream(&line, &size);
	bool named = false;

	while (*text) {
		char *end = (char *)text;
		unsigned long long number;

		if (isdigit((unsigned char)*text)) {
			number = strtoull(text, &end, 10);
			fprintf(out, "%llu", number ? 2 * number : 1);
		} else if (*text == ' ' && !named) {
			named = true;
			fputs(": ", out);
			end++;
		} else {
			fputc(*end++, out);
		}
		text = end;
	}
	return take(arena, out, &line);
}

/* Some limits have a greatest number, and none a rate of just "1". */
static bool is_limit(const char *line)
{
	struct fngc_result *result;
	char text[256];
	int err;

	snprintf(text, sizeof(text), "policy: x\nlimits: { %s }\n", line);
	err = fngc_compile_text(NULL, "", text, strlen(text), &result);
	fngc_result_free(result);
	return !err;
}

static void raise_limit(const struct fng_image *image, u32 rule,
			struct fngc_arena *arena, struct fngl_fix *fix)
{
	const char *line = doubled(arena, text_of(image, rule) +
					  strlen("limits "));

	if (is_limit(line))
		set_key(fix, "limits", line, rule,
			"no rule allows more than a limit; this one is twice as much, if the function is to do so much of it");
	else
		*fix = (struct fngl_fix) {
			.how = FNGL_REMOVE, .after = rule,
			.advice = "no rule allows more than a limit; raise this one, or leave it out to limit nothing",
		};
}

/* Returns false if it is none of the settings that allow or deny as a whole. */
static bool set_switch(const struct fng_image *image, u32 rule,
		       struct fngl_fix *fix)
{
	const struct fng_image_meta *meta = image->meta;

	if (rule == meta->fileless_rule)
		set_key(fix, "exec", "fileless: allow", rule,
			"code that is in no file can be anything: better have it in one");
	else if (rule == meta->modified_rule)
		set_key(fix, "exec", "modified: allow", rule,
			"the file was changed after the cgroup was bound, or is being written; better bind or start the function anew");
	else if (rule == meta->write_exec_rule)
		set_key(fix, "memory", "write-exec: allow", rule, NULL);
	else
		return false;
	return true;
}

static bool is_denial(const char *text)
{
	const char *effect = strchr(text, ' ');

	return effect && starts(effect, " deny ");
}

static void find_written(const struct fng_image *image,
			 const struct fngl_act *act, u32 rule,
			 struct fngc_arena *arena, struct fngl_fix *fix)
{
	const char *text = text_of(image, rule);

	if (starts(text, "limits "))
		raise_limit(image, rule, arena, fix);
	else if (set_switch(image, rule, fix))
		return;
	else if (starts(text, "exec sha256 "))
		*fix = (struct fngl_fix) {
			.how = FNGL_REMOVE, .after = rule,
			.advice = "the file is not the one that this digest is of, or nobody has digested it: see fnguard policy attest",
		};
	else if (is_denial(text))
		*fix = (struct fngl_fix) {
			.how = FNGL_REMOVE, .after = rule,
			.advice = "deny beats allow: narrow this rule or remove it; one of a template is removed by override",
		};
	else if (!strcmp(act->verb, "socket"))
		add_half(image, act, rule, arena, fix);
	else if (!strcmp(act->verb, FNGL_BELOW))
		set_nothing(fix, "no directory can be moved or removed below which a rule denies something, or more would be allowed than before: change the rules on what is below");
	else if (!list_of(act->verb))
		set_nothing(fix, "no rule can be about it, for what it is called");
	else
		add_item(image, act, arena, fix);
}

const char *fngl_fix_advice(u32 rule)
{
	u32 index = rule & FNG_RULE_INDEX_MASK;

	if ((rule & ~FNG_RULE_INDEX_MASK) != FNG_RULE_GUARD)
		return NULL;
	return index < FNG_NR_GUARD_RULES ? guard_advice[index] : NULL;
}

static void find(const struct fng_image *image, const struct fngl_act *act,
		 u32 rule, struct fngc_arena *arena, struct fngl_fix *fix)
{
	if (rule == FNG_RULE_NONE)
		set_nothing(fix, NULL);
	else if (rule & FNG_RULE_FLOOR)
		lift_floor(image, act, arena, fix);
	else if (rule & FNG_RULE_GUARD)
		set_nothing(fix, fngl_fix_advice(rule));
	else
		find_written(image, act, rule, arena, fix);
}

/* The next rule of a section from @rule on; FNG_RULE_NONE if there is none. */
static u32 next_of(const struct fng_image *image, u32 rule, const char *section)
{
	size_t len = strcspn(section, ".");

	for (; rule < fng_rules_count(image); rule++) {
		const char *text = text_of(image, rule);

		if (!strncmp(text, section, len) && text[len] == ' ')
			return rule;
	}
	return FNG_RULE_NONE;
}

static bool same_rule(const struct fng_image *a, u32 rule_a,
		      const struct fng_image *b, u32 rule_b)
{
	const char *strings_a, *strings_b;
	const struct fng_image_rule *first = fng_rule_find(a, rule_a, &strings_a);
	const struct fng_image_rule *second = fng_rule_find(b, rule_b, &strings_b);

	return first->line == second->line &&
	       !strcmp(strings_a + first->text, strings_b + second->text);
}

/* A phase takes over what it does not name, as it was written. */
static bool same_section(const struct fng_image *a, const struct fng_image *b,
			 const char *section)
{
	u32 first = next_of(a, 0, section), second = next_of(b, 0, section);

	while (first != FNG_RULE_NONE && second != FNG_RULE_NONE) {
		if (!same_rule(a, first, b, second))
			return false;
		first = next_of(a, first + 1, section);
		second = next_of(b, second + 1, section);
	}
	return first == second;
}

/* The part in which the section is written that @image has. */
static size_t home_of(const struct fngc_parts *parts,
		      const struct fng_image *image, const char *section)
{
	size_t i = parts->nr - 1;

	while (i && strcmp(parts->part[i].image.meta->phase, image->meta->phase))
		i--;
	while (i && same_section(&parts->part[i - 1].image, image, section))
		i--;
	return i;
}

static void place(const struct fngc_parts *parts, const struct fng_image *image,
		  const struct fngl_act *act, struct fngc_arena *arena,
		  struct fngl_fix *fix)
{
	static const char before[] = "what the policy starts in, and the phases before this one, have to allow it as well";
	size_t home = home_of(parts, image, fix->where);
	struct fng_decision decision;
	bool refused = false;

	if (!home)
		return;
	fix->where = fngc_sprintf(arena, "phases.%s.%s",
				  parts->part[home].image.meta->phase,
				  fix->where);
	for (size_t i = 0; i < home; i++)
		refused |= fngl_decide(&parts->part[i].image, act, &decision) &&
			   decision.refused;
	if (refused)
		fix->advice = fix->advice ?
			      fngc_sprintf(arena, "%s; %s", fix->advice, before) :
			      before;
}

void fngl_fix_find(const struct fngc_parts *parts, const struct fng_image *image,
		   const struct fngl_act *act, u32 rule,
		   struct fngc_arena *arena, struct fngl_fix *fix)
{
	find(image, act, rule, arena, fix);
	if (fix->where)
		place(parts, image, act, arena, fix);
}
