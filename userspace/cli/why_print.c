// SPDX-License-Identifier: MIT
/*
 * One refusal as text: what, who, what each policy said, and what would allow it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "why.h"

/* What a function has named must not steer the terminal. */
static void put(const char *before, const json_t *object, const char *key)
{
	const char *text = fng_why_text(object, key);

	if (!*text)
		return;
	fputs(before, stdout);
	fng_output_text(text, strlen(text));
}

static void put_rule(const char *before, const json_t *object)
{
	put(before, object, "rule");
	put(" (", object, "at");
	puts(*fng_why_text(object, "at") ? ")" : "");
}

static void put_ago(json_int_t seconds)
{
	static const struct {
		json_int_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t i = 0;

	while (i < 3 && seconds < units[i].seconds)
		i++;
	printf("%" JSON_INTEGER_FORMAT "%s ago", seconds / units[i].seconds,
	       units[i].name);
}

static void print_head(const json_t *denial)
{
	json_int_t count = fng_why_number(denial, "count");
	bool denied = !strcmp(fng_why_text(denial, "verdict"), "denied");

	fputs(fng_output_escape(denied ? FNG_BAD : FNG_WARN), stdout);
	fputs(denied ? "denied" : "would deny", stdout);
	put(" ", denial, "operation");
	fputs(fng_output_escape(FNG_PLAIN), stdout);
	put(" -> ", denial, "errno");
	if (json_object_get(denial, "killed"))
		fputs(" and killed", stdout);
	fputs(", ", stdout);
	put_ago(fng_why_number(denial, "ago"));
	if (count > 1)
		printf(", %" JSON_INTEGER_FORMAT " times", count);
	putchar('\n');
}

static void print_who(const json_t *denial)
{
	json_int_t pid = fng_why_number(denial, "pid");
	json_int_t id = fng_why_number(denial, "cgroup_id");

	fputs("  by       ", stdout);
	if (pid)
		printf("pid %" JSON_INTEGER_FORMAT, pid);
	put(pid ? " (" : "(", denial, "comm");
	fputs(*fng_why_text(denial, "comm") ? ") in " : "in ", stdout);
	if (*fng_why_text(denial, "cgroup"))
		put("", denial, "cgroup");
	else if (id)
		printf("cgroup %" JSON_INTEGER_FORMAT " (gone)", id);
	put("device ", denial, "device");
	put(", activation ", denial, "activation");
	putchar('\n');
}

static void print_fix(const json_t *fix)
{
	const char *how = fng_why_text(fix, "how"), *at = fng_why_text(fix, "at");

	if (!strcmp(how, "add")) {
		put("    fix    add to ", fix, "where");
		put(*at ? ", after " : "", fix, "at");
	} else if (!strcmp(how, "set")) {
		put("    fix    set in ", fix, "where");
		put(*at ? ", instead of " : "", fix, "at");
	} else if (!strcmp(how, "remove")) {
		put("    fix    change the rule at ", fix, "at");
	} else {
		fputs("    fix    none", stdout);
	}
	putchar('\n');
	put("             ", fix, "yaml");
	if (*fng_why_text(fix, "yaml"))
		putchar('\n');
	put("    note   ", fix, "advice");
	if (*fng_why_text(fix, "advice"))
		putchar('\n');
}

static void print_policy(const json_t *answer)
{
	const json_t *verdict = json_object_get(answer, "verdict");

	printf("  %s%-8s", fng_output_escape(fng_answer_colour(verdict)),
	       json_string_value(verdict));
	fputs(fng_output_escape(FNG_PLAIN), stdout);
	put(" ", answer, "policy");
	put(", phase ", answer, "phase");
	if (json_object_get(answer, "replaced")) {
		puts(*fng_why_text(answer, "policy") ? ": it has changed since" :
						  " a policy that was replaced since");
		return;
	}
	put_rule(*fng_why_text(answer, "policy") ? ": " : " ", answer);
	if (json_object_get(answer, "nearest"))
		put_rule("    nearest ", json_object_get(answer, "nearest"));
	if (json_object_get(answer, "fix"))
		print_fix(json_object_get(answer, "fix"));
}

static void print_policies(const json_t *answers)
{
	const json_t *answer;
	size_t i;

	json_array_foreach(answers, i, answer)
		print_policy(answer);
}

void fng_why_print(const json_t *denial)
{
	const char *now = fng_why_text(denial, "now");

	print_head(denial);
	print_who(denial);
	print_policies(json_object_get(denial, "policies"));
	if (json_object_get(denial, "policies_now"))
		puts("  now      by the policies that apply today:");
	print_policies(json_object_get(denial, "policies_now"));
	if (!strcmp(now, "allow"))
		puts("  now      it is allowed: the policies have changed since");
	else if (!strcmp(now, "audit"))
		puts("  now      it is allowed, and told");
	putchar('\n');
}
