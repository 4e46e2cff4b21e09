// SPDX-License-Identifier: MIT
/*
 * Rules, but for their conditions.
 */
#include <stdarg.h>
#include <stdlib.h>

#include <detect/parser.h>

#define SECOND	1000000000ull

/* Intervals that are compared; fewer are regular by chance. */
#define LEAST_BEATS	4

static struct fng_detect_rule *rule_of(const struct fngc_scope *scope)
{
	const struct fng_detect_file *file = scope->out;

	return file->rule;
}

void fng_detect_parse_name(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);

	(void)key;
	if (text && !fngc_is_name(text, FNG_MAX_POLICY_NAME))
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is no name: [a-z0-9][a-z0-9._-]{0,62}",
			   text);
}

void fng_detect_parse_rule_name(const struct fngc_scope *scope,
				const struct fngc_key *key,
				const struct fngc_node *node)
{
	const struct fng_detect_file *file = scope->out;
	const struct fng_detect_rules *rules = file->rules;

	fng_detect_parse_name(scope, key, node);
	for (size_t i = 0; i < rules->nr; i++) {
		const struct fng_detect_rule *other = &rules->v[i];

		if (other != file->rule && !strcmp(other->name, node->text))
			fngc_error(scope->c, &node->place, NULL,
				   "there is a rule '%.64s' at %s:%u already",
				   node->text, other->file, other->line);
	}
	file->rule->name = node->text;
}

void fng_detect_parse_about(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);

	(void)key;
	if (text && (!*text || strlen(text) > 200))
		fngc_error(scope->c, &node->place, NULL,
			   "about has between 1 and 200 bytes");
	rule_of(scope)->about = text;
}

void fng_detect_parse_severity(const struct fngc_scope *scope,
			       const struct fngc_key *key,
			       const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		rule_of(scope)->severity = word;
}

void fng_detect_parse_action(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word >= 0)
		rule_of(scope)->action = word;
}

static bool has_digits(const char *text, size_t nr)
{
	return strspn(text, "0123456789") == nr;
}

/* T1059, T1059.004 */
static bool is_technique(const char *text)
{
	if (*text != 'T' || !has_digits(text + 1, 4))
		return false;
	return !text[5] || (text[5] == '.' && has_digits(text + 6, 3) &&
			    !text[9]);
}

void fng_detect_parse_attack(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node);

	(void)key;
	if (text && !is_technique(text))
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is no id of ATT&CK, as in T1059.004", text);
	rule_of(scope)->attack = text;
}

void fng_detect_parse_step(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fng_detect_rule *rule = rule_of(scope);
	struct fng_detect_match match = { 0 };

	(void)key;
	if (rule->nr_steps == FNG_DETECT_MAX_STEPS)
		fngc_error(scope->c, &node->place, NULL,
			   "a sequence has at most %u steps",
			   FNG_DETECT_MAX_STEPS);
	else if (fng_detect_parse_match(scope, node, &match))
		rule->step[rule->nr_steps++] = match;
}

void fng_detect_parse_unless(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	struct fng_detect_rule *rule = rule_of(scope);

	(void)key;
	rule->excepts = true;
	fng_detect_parse_match(scope, node, &rule->unless);
}

void fng_detect_parse_what(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	int word = fngc_word(scope, node, key->words);

	if (word < 0)
		return;
	if (!strcmp(key->name, "by"))
		rule_of(scope)->by = word;
	else if (!strcmp(key->name, "first"))
		rule_of(scope)->first = word;
	else
		rule_of(scope)->distinct = word;
}

void fng_detect_parse_count(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	u64 count;

	(void)key;
	if (fngc_number(scope, node, 1, FNG_DETECT_MAX_COUNT, &count))
		rule_of(scope)->count = count;
}

void fng_detect_parse_after(const struct fngc_scope *scope,
			    const struct fngc_key *key,
			    const struct fngc_node *node)
{
	u64 after;

	(void)key;
	if (fngc_number(scope, node, 1, FNG_DETECT_MAX_COUNT, &after))
		rule_of(scope)->after = after;
}

void fng_detect_parse_jitter(const struct fngc_scope *scope,
			     const struct fngc_key *key,
			     const struct fngc_node *node)
{
	u64 jitter;

	(void)key;
	if (fngc_number(scope, node, 1, 50, &jitter))
		rule_of(scope)->jitter = jitter;
}

/* A time in ns, and where the text goes on; 0 if it is none. */
static u64 read_time(const char **text)
{
	size_t digits = strspn(*text, "0123456789");
	u64 time = strtoull(*text, NULL, 10), unit;
	char letter = (*text)[digits];

	unit = letter == 's' ? SECOND : letter == 'm' ? 60 * SECOND :
	       letter == 'h' ? 3600 * SECOND : 0;
	if (!digits || digits > 6 || **text == '0' || !unit ||
	    time * unit > FNG_DETECT_MAX_WINDOW)
		return 0;
	*text += digits + 1;
	return time * unit;
}

void fng_detect_parse_time(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node), *end = text;
	u64 time = text ? read_time(&end) : 0;

	if (text && (!time || *end))
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is no time from 1s to 24h, as in 10s, 5m "
			   "or 1h", text);
	if (!strcmp(key->name, "quiet"))
		rule_of(scope)->quiet = time;
	else
		rule_of(scope)->within = time;
}

void fng_detect_parse_interval(const struct fngc_scope *scope,
			       const struct fngc_key *key,
			       const struct fngc_node *node)
{
	const char *text = fngc_text(scope, node), *end = text;
	struct fng_detect_rule *rule = rule_of(scope);

	(void)key;
	if (!text)
		return;
	rule->beat_min = read_time(&end);
	if (rule->beat_min && *end++ == '-')
		rule->beat_max = read_time(&end);
	if (!rule->beat_max || *end || rule->beat_max < rule->beat_min)
		fngc_error(scope->c, &node->place, NULL,
			   "'%.64s' is no interval, as in 5s-10m", text);
}

__attribute__((format(printf, 4, 5)))
static void need(const struct fngc_scope *scope, const struct fngc_node *node,
		 bool condition, const char *fmt, ...)
{
	char message[128];
	va_list args;

	if (condition)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	fngc_error(scope->c, &node->place, NULL, "%s", message);
}

static void check_sequence(const struct fngc_scope *scope,
			   const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	need(scope, node, rule->nr_steps > 1,
	     "a sequence has two steps at least");
	need(scope, node, rule->within, "a sequence needs within");
	need(scope, node, !rule->count && !rule->distinct && !rule->beat_min,
	     "a sequence has no count, distinct or interval");
}

static void check_beats(const struct fngc_scope *scope,
			const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	need(scope, node, rule->count > LEAST_BEATS &&
	     rule->count <= FNG_DETECT_MAX_KEPT,
	     "with an interval, count is from %u to %u", LEAST_BEATS + 1,
	     FNG_DETECT_MAX_KEPT);
	need(scope, node, !rule->within && !rule->distinct,
	     "with an interval, there is no within and no distinct");
}

static void check_first(const struct fngc_scope *scope,
			const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	need(scope, node, rule->after && rule->first,
	     "first needs after, and after first");
	need(scope, node, !rule->count && !rule->distinct && !rule->by &&
	     !rule->within && !rule->beat_min && rule->nr_steps == 1,
	     "with first, there is nothing but match, after and quiet");
}

static void check_count(const struct fngc_scope *scope,
			const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	need(scope, node, rule->count < 2 || rule->within,
	     "count needs within: in which time");
	need(scope, node, rule->count > 1 || !rule->within,
	     "within needs count: how many");
	need(scope, node, !rule->distinct ||
	     (rule->count > 1 && rule->count <= FNG_DETECT_MAX_KEPT),
	     "with distinct, count is from 2 to %u", FNG_DETECT_MAX_KEPT);
	need(scope, node, !rule->jitter, "jitter is about an interval");
}

static void check_unless(const struct fngc_scope *scope,
			 const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	for (u32 i = 0; i < rule->nr_steps; i++)
		need(scope, fngc_map_get(node, "unless"), !rule->unless.any ||
		     rule->step[i].kinds & ~rule->unless.kinds,
		     "nothing is left of the rule");
}

static void check_shape(const struct fngc_scope *scope,
			const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);
	bool sequence = fngc_map_get(node, "sequence");

	need(scope, node, sequence != !!fngc_map_get(node, "match"),
	     "a rule has either match or sequence");
	if (rule->first || rule->after)
		check_first(scope, node);
	else if (sequence)
		check_sequence(scope, node);
	else if (rule->beat_min)
		check_beats(scope, node);
	else
		check_count(scope, node);
	if (rule->excepts)
		check_unless(scope, node);
}

/* What is right, but cannot have been meant. */
static void check_sense(const struct fngc_scope *scope,
			const struct fngc_node *node)
{
	const struct fng_detect_rule *rule = rule_of(scope);

	if (!rule->step[0].any || rule->nr_steps > 1 || rule->excepts)
		return;
	need(scope, node, rule->action == FNG_DETECT_REPORT,
	     "a rule that matches everything may only report");
	if (rule->count < 2)
		fngc_warning(scope->c, &node->place,
			     "write a class, an object or a count",
			     "rule '%s' matches every event of its kinds",
			     rule->name);
}

static void set_defaults(struct fng_detect_rule *rule)
{
	if (!rule->count)
		rule->count = 1;
	if (!rule->jitter)
		rule->jitter = 20;
	if (!rule->quiet)
		rule->quiet = rule->within > 60 * SECOND ? rule->within :
			      60 * SECOND;
}

void fng_detect_parse_rule(const struct fngc_scope *scope,
			   const struct fngc_key *key,
			   const struct fngc_node *node)
{
	struct fng_detect_file *file = scope->out;
	struct fng_detect_rules *rules = file->rules;

	(void)key;
	if (rules->nr == FNG_DETECT_MAX_RULES) {
		fngc_error(scope->c, &node->place, NULL,
			   "there are more than %u rules",
			   FNG_DETECT_MAX_RULES);
		return;
	}
	file->rule = FNGC_PUSH(rules);
	file->rule->file = scope->layer->source->path;
	file->rule->line = node->place.line;
	file->rule->name = "";
	if (!fngc_walk(scope, "detect.rule", node))
		return;
	check_shape(scope, node);
	check_sense(scope, node);
	set_defaults(file->rule);
}
