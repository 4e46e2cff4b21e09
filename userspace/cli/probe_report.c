// SPDX-License-Identifier: MIT
/*
 * What was found out by trying techniques of attack.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include "cli.h"
#include "output.h"
#include "probe.h"

static const char *const outcomes[] = {
	[FNG_OUTCOME_REFUSED] = "refused",
	[FNG_OUTCOME_OPEN] = "open",
	[FNG_OUTCOME_SKIPPED] = "skipped",
};

static enum fng_colour outcome_colour(const json_t *value)
{
	const char *text = json_string_value(value);

	if (!strcmp(text, outcomes[FNG_OUTCOME_REFUSED]))
		return FNG_GOOD;
	return strcmp(text, outcomes[FNG_OUTCOME_OPEN]) ? FNG_WARN : FNG_BAD;
}

static char *text_or_dash(const json_t *value)
{
	return strdup(json_string_value(value) ?: "-");
}

static char *yes_or_no(const json_t *value)
{
	return strdup(json_is_true(value) ? "yes" : "no");
}

static const struct fng_column list_columns[] = {
	{ "technique", "TECHNIQUE", NULL, NULL },
	{ "threat", "THREAT", NULL, NULL },
	{ "attack_id", "ATT&CK", text_or_dash, NULL },
	{ "summary", "WHAT IT DOES", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static const struct fng_column columns[] = {
	{ "outcome", "OUTCOME", NULL, outcome_colour },
	{ "technique", "TECHNIQUE", NULL, NULL },
	{ "threat", "THREAT", NULL, NULL },
	{ "attack_id", "ATT&CK", text_or_dash, NULL },
	{ "errno", "ANSWER", text_or_dash, NULL },
	{ "reported", "REPORTED", yes_or_no, NULL },
	{ "rule", "RULE", text_or_dash, NULL },
	{ "reason", "REASON", text_or_dash, NULL },
	{ "summary", "WHAT IT DOES", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static json_t *describe(const struct fng_technique *technique)
{
	return json_pack("{s:s, s:s, s:o, s:s}", "technique", technique->name,
			 "threat", fng_threat_name(technique->threat),
			 "attack_id", text_or_null(technique->attack_id),
			 "summary", technique->summary);
}

void fng_probe_print_list(void)
{
	const struct fng_technique *technique;
	json_t *rows = json_array();
	size_t i;

	for (i = 0; (technique = fng_technique_at(i)); i++)
		json_array_append_new(rows, describe(technique));
	fng_output_table(rows, list_columns);
}

static json_t *answer(int err)
{
	char buf[32];

	if (!err)
		return json_null();
	return json_string(fng_answer_name(err, buf, sizeof(buf)));
}

static json_t *row_of(const struct fng_finding *finding)
{
	json_t *row = describe(finding->technique);

	json_object_set_new(row, "outcome",
			    json_string(outcomes[finding->outcome]));
	json_object_set_new(row, "reported", json_boolean(finding->reported));
	json_object_set_new(row, "errno", answer(finding->err));
	json_object_set_new(row, "rule", text_or_null(finding->rule));
	json_object_set_new(row, "reason", text_or_null(finding->reason));
	return row;
}

/**
 * struct score - how many findings there are of each kind
 * @of: by outcome
 * @reported: of those that were refused
 */
struct score {
	unsigned int of[FNG_OUTCOME_SKIPPED + 1];
	unsigned int reported;
};

/* Of one threat, or with FNG_NR_THREATS, of all. */
static struct score count(const struct fng_finding *findings, size_t nr,
			  enum fng_threat threat)
{
	struct score score = { 0 };
	size_t i;

	for (i = 0; i < nr; i++) {
		if (threat != FNG_NR_THREATS &&
		    findings[i].technique->threat != threat)
			continue;
		score.of[findings[i].outcome]++;
		score.reported += findings[i].outcome == FNG_OUTCOME_REFUSED &&
				  findings[i].reported;
	}
	return score;
}

static void print_score(const char *name, const struct score *score)
{
	unsigned int refused = score->of[FNG_OUTCOME_REFUSED];
	unsigned int open = score->of[FNG_OUTCOME_OPEN];

	printf("%-21s %3u refused, %3u reported, %3u open, %3u skipped", name,
	       refused, score->reported, open, score->of[FNG_OUTCOME_SKIPPED]);
	if (refused + open)
		printf(": %u %%", 100 * refused / (refused + open));
	putchar('\n');
}

static void print_scores(const struct fng_finding *findings, size_t nr)
{
	struct score score;
	int threat;

	putchar('\n');
	for (threat = 0; threat < FNG_NR_THREATS; threat++) {
		score = count(findings, nr, threat);
		print_score(fng_threat_name(threat), &score);
	}
	score = count(findings, nr, FNG_NR_THREATS);
	print_score("all", &score);
}

/* Was the same line needed for a finding before this one? */
static bool is_repeated(const struct fng_finding *findings, size_t i)
{
	const struct fng_remedy *remedy = findings[i].technique->remedy;
	size_t n;

	for (n = 0; n < i; n++)
		if (findings[n].outcome == FNG_OUTCOME_OPEN &&
		    !strcmp(findings[n].technique->remedy->section,
			    remedy->section) &&
		    !strcmp(findings[n].technique->remedy->line, remedy->line))
			return true;
	return false;
}

static bool belongs(const struct fng_finding *findings, size_t i,
		    const char *section, bool item)
{
	const struct fng_remedy *remedy = findings[i].technique->remedy;

	return findings[i].outcome == FNG_OUTCOME_OPEN &&
	       !strcmp(remedy->section, section) &&
	       (*remedy->line == '-') == item && !is_repeated(findings, i);
}

/* Settings of a section, or the items of its rules, below a heading. */
static void print_lines(const struct fng_finding *findings, size_t nr,
			const char *section, bool item, const char *heading)
{
	bool first = true;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!belongs(findings, i, section, item))
			continue;
		if (first && *heading)
			puts(heading);
		first = false;
		printf("%s%s\n", item ? "    " : "  ",
		       findings[i].technique->remedy->line);
	}
}

static bool is_open(const struct fng_finding *findings, size_t nr,
		    const char *section)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (belongs(findings, i, section, true) ||
		    belongs(findings, i, section, false))
			return true;
	return false;
}

static void print_remedies(const struct fng_finding *findings, size_t nr)
{
	static const char *const sections[] = FNG_CLASS_NAMES;
	size_t i;

	printf("\nWhat is open would be closed by these lines, each in its section of the policy:\n\n");
	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		if (!is_open(findings, nr, sections[i]))
			continue;
		printf("%s:\n", sections[i]);
		print_lines(findings, nr, sections[i], false, "");
		print_lines(findings, nr, sections[i], true, "  rules:");
	}
}

int fng_probe_report(const struct fng_finding *findings, size_t nr)
{
	struct score score = count(findings, nr, FNG_NR_THREATS);
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_array_append_new(rows, row_of(&findings[i]));
	fng_output_table(rows, columns);
	if (!fng_output_json) {
		print_scores(findings, nr);
		if (score.of[FNG_OUTCOME_OPEN])
			print_remedies(findings, nr);
	}
	if (!score.of[FNG_OUTCOME_REFUSED] || score.of[FNG_OUTCOME_OPEN] ||
	    score.reported != score.of[FNG_OUTCOME_REFUSED])
		return FNG_EXIT_FAILED;
	return FNG_EXIT_DONE;
}
