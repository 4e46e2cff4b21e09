// SPDX-License-Identifier: MIT
/*
 * From lines of JSON to what a report says.
 */
#include <stdlib.h>
#include <string.h>

#include <report/report.h>

/* In case somebody counts more than there can be. */
#define MOST	(1ull << 53)

/* Bytes of a text that are kept; events have no longer ones. */
#define MOST_TEXT	512

bool fng_report_init(struct fng_report *report, u64 since)
{
	memset(report, 0, sizeof(*report));
	report->since = since;
	report->function = calloc(FNG_REPORT_MAX_FUNCTIONS,
				  sizeof(*report->function));
	report->row = calloc(FNG_REPORT_MAX_ROWS, sizeof(*report->row));
	report->note = calloc(FNG_REPORT_MAX_NOTES, sizeof(*report->note));
	return report->function && report->row && report->note &&
	       fng_report_index_init(&report->functions,
				     2 * FNG_REPORT_MAX_FUNCTIONS) &&
	       fng_report_index_init(&report->rows, 2 * FNG_REPORT_MAX_ROWS);
}

void fng_report_free(struct fng_report *report)
{
	for (u32 i = 0; i < report->nr_functions; i++) {
		free(report->function[i].place);
		free(report->function[i].policies);
	}
	for (u32 i = 0; i < report->nr_rows; i++) {
		free(report->row[i].what);
		free(report->row[i].object);
		free(report->row[i].rule);
	}
	for (u32 i = 0; i < report->nr_notes; i++) {
		free(report->note[i].severity);
		free(report->note[i].title);
		free(report->note[i].text);
		free(report->note[i].attack);
		free(report->note[i].place);
	}
	free(report->function);
	free(report->row);
	free(report->note);
	fng_report_index_free(&report->functions);
	fng_report_index_free(&report->rows);
}

static const char *text_of(const json_t *event, const char *key)
{
	return json_string_value(json_object_get(event, key));
}

static u64 number_of(const json_t *event, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(event, key));

	if (value < 0)
		return 0;
	return (u64)value > MOST && strcmp(key, "time_ns") ? MOST : (u64)value;
}

static char *copy(const char *text)
{
	return text ? strndup(text, MOST_TEXT) : NULL;
}

/* The same of what may have NUL bytes in it: abstract names of sockets do. */
static char *copy_bytes(const json_t *value)
{
	size_t size = json_string_length(value), n = 0;
	const char *text = json_string_value(value);
	char *bytes;

	if (!text)
		return NULL;
	size = size > MOST_TEXT ? MOST_TEXT : size;
	bytes = malloc(2 * size + 1);
	for (size_t i = 0; bytes && i < size; i++) {
		if (!text[i])
			bytes[n++] = '\\';
		bytes[n++] = text[i] ?: '0';
	}
	if (bytes)
		bytes[n] = '\0';
	return bytes;
}

/* FNV-1a, of texts one after the other; NULL is another than an empty one. */
static u64 mix(u64 hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return (hash ^ (text ? 0x100 : 0x101)) * 0x100000001b3ull;
}

#define MIX_START	0xcbf29ce484222325ull

/* Either may be NULL. */
static bool is_same(const char *one, const char *other)
{
	return one && other ? !strcmp(one, other) : one == other;
}

/* What has no name any more has a number. */
static char *place_of(const json_t *event)
{
	const char *path = text_of(event, "cgroup");
	const char *device = text_of(event, "device");
	u64 id = number_of(event, "cgroup_id");
	char *place = NULL;

	if (path)
		return copy(path);
	if (device)
		return asprintf(&place, "device %.64s", device) < 0 ? NULL : place;
	if (!id)
		return strdup("(others)");
	return asprintf(&place, "cgroup %llu (gone)",
			(unsigned long long)id) < 0 ? NULL : place;
}

/* Whoever chooses names can have two of them share a key. */
static u32 find_function(const struct fng_report *report, const char *place,
			 u64 *key)
{
	u32 number;

	*key = mix(MIX_START, place);
	while ((number = fng_report_index_find(&report->functions, *key)) !=
	       FNG_REPORT_NONE &&
	       !is_same(report->function[number].place, place))
		++*key;
	return number;
}

/* NULL if there is no room for another. */
static struct fng_report_function *function_of(struct fng_report *report,
					       const json_t *event)
{
	char *place = place_of(event);
	u64 key;
	u32 number = find_function(report, place, &key);

	if (number != FNG_REPORT_NONE || !place ||
	    report->nr_functions == FNG_REPORT_MAX_FUNCTIONS) {
		free(place);
		return number == FNG_REPORT_NONE ? NULL :
		       &report->function[number];
	}
	number = report->nr_functions++;
	fng_report_index_add(&report->functions, key, number);
	report->function[number].place = place;
	return &report->function[number];
}

static bool is_among(const char *names, const char *name)
{
	size_t size = strlen(name);
	const char *at = names;

	while (at && (at = strstr(at, name))) {
		if ((at == names || at[-1] == ' ') &&
		    (!at[size] || at[size] == ','))
			return true;
		at++;
	}
	return false;
}

static void add_policy(struct fng_report_function *function,
		       const json_t *event)
{
	const char *name = text_of(event, "policy");
	char *names = NULL;

	if (!name || is_among(function->policies, name) ||
	    (function->policies && strlen(function->policies) > 200))
		return;
	if (asprintf(&names, "%s%s%s", function->policies ?: "",
		     function->policies ? ", " : "", name) < 0)
		return;
	free(function->policies);
	function->policies = names;
}

static const char *verb_of(const char *hook)
{
	static const char *const verbs[][2] = {
		{ "bprm_check", "execute" }, { "mmap_file", "map as code" },
		{ "file_open", "open" }, { "socket_connect", "connect" },
		{ "socket_sendmsg", "send" }, { "socket_bind", "bind" },
		{ "socket_listen", "listen" }, { "path_unlink", "remove" },
		{ "path_rename", "rename" }, { "path_mkdir", "make directory" },
		{ "capable", "use capability" },
		{ "socket_create", "make socket" },
	};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(verbs[i][0], hook))
			return verbs[i][1];
	return hook;
}

/* "open (read, write)" */
static char *what_of(const json_t *event)
{
	const json_t *list = json_object_get(event, "access"), *word;
	const char *hook = text_of(event, "hook") ?: "something";
	char *text = strdup(verb_of(hook)), *longer;
	bool open = !strcmp(hook, "file_open");
	size_t i;

	json_array_foreach(list, i, word) {
		if (!text || !json_is_string(word) || !open)
			break;
		if (asprintf(&longer, "%s%s%.16s", text, i ? ", " : " for ",
			     json_string_value(word)) < 0)
			break;
		free(text);
		text = longer;
	}
	return text;
}

static char *object_of(const json_t *event)
{
	const char *addr = text_of(event, "addr"), *host = text_of(event, "host");
	const char *proto = text_of(event, "proto") ?: "ip";
	bool six = addr && strchr(addr, ':');
	char *text = NULL;

	if (!addr)
		return copy_bytes(json_object_get(event, "object"));
	return asprintf(&text, "%s%.64s%s:%llu/%.16s%s%.256s%s", six ? "[" : "", addr,
			six ? "]" : "",
			(unsigned long long)number_of(event, "port"), proto,
			host ? " (" : "", host ?: "", host ? ")" : "") < 0 ?
	       NULL : text;
}

static char *rule_of(const json_t *event)
{
	const char *rule = text_of(event, "rule");
	const char *file = text_of(event, "rule_file");
	char *text = NULL;

	if (!rule || !file)
		return copy(rule);
	return asprintf(&text, "%.256s \342\200\224 %.256s:%llu", rule, file,
			(unsigned long long)number_of(event, "rule_line")) < 0 ?
	       NULL : text;
}

static bool is_same_row(const struct fng_report_row *one,
			const struct fng_report_row *other)
{
	return one->function == other->function &&
	       one->verdict == other->verdict &&
	       one->network == other->network &&
	       is_same(one->what, other->what) &&
	       is_same(one->object, other->object) &&
	       is_same(one->rule, other->rule);
}

static u32 find_row(const struct fng_report *report,
		    const struct fng_report_row *wanted, u64 *key)
{
	char kind[] = { 'a' + wanted->verdict, 'a' + wanted->network, '\0' };
	u32 number;

	*key = mix(mix(mix(mix(MIX_START ^ (u64)wanted->function << 40, kind),
			   wanted->what), wanted->object), wanted->rule);
	while ((number = fng_report_index_find(&report->rows, *key)) !=
	       FNG_REPORT_NONE && !is_same_row(&report->row[number], wanted))
		++*key;
	return number;
}

/* Makes one if there is none; NULL without room. Owns the texts afterwards. */
static struct fng_report_row *row_of(struct fng_report *report,
				     const struct fng_report_row *wanted)
{
	u64 key;
	u32 number = find_row(report, wanted, &key);

	if (number != FNG_REPORT_NONE ||
	    report->nr_rows == FNG_REPORT_MAX_ROWS) {
		free(wanted->what);
		free(wanted->object);
		free(wanted->rule);
		return number == FNG_REPORT_NONE ? NULL : &report->row[number];
	}
	number = report->nr_rows++;
	fng_report_index_add(&report->rows, key, number);
	report->row[number] = *wanted;
	return &report->row[number];
}

static void note_times(u64 *first, u64 *last, u64 time)
{
	if (!*first || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

static void take_access(struct fng_report *report, const json_t *event,
			enum fng_report_verdict verdict, u64 time)
{
	struct fng_report_function *function = function_of(report, event);
	u64 repeat = number_of(event, "repeat") ?: 1;
	bool killed = json_is_true(json_object_get(event, "killed"));
	struct fng_report_row wanted = { .verdict = verdict }, *row;

	if (!function) {
		report->unkept += repeat;
		return;
	}
	fng_report_count(report, function, time, verdict, repeat);
	add_policy(function, event);
	function->count[verdict] += repeat;
	function->killed += killed;
	note_times(&function->first, &function->last, time);
	wanted.function = function - report->function;
	wanted.network = json_array_size(json_object_get(event, "network_stdio"));
	wanted.what = what_of(event);
	wanted.object = object_of(event);
	wanted.rule = rule_of(event);
	row = row_of(report, &wanted);
	if (!row) {
		report->unkept += repeat;
		return;
	}
	row->count += repeat;
	row->killed += killed;
	note_times(&row->first, &row->last, time);
}

static void add_note(struct fng_report *report,
		     const struct fng_report_note *note)
{
	struct fng_report_note *kept;

	if (report->nr_notes == FNG_REPORT_MAX_NOTES) {
		report->unnoted++;
		return;
	}
	kept = &report->note[report->nr_notes++];
	*kept = *note;
	kept->severity = copy(note->severity);
	kept->title = copy(note->title);
	kept->text = copy(note->text);
	kept->attack = copy(note->attack);
	kept->place = copy(note->place);
}

static void take_finding(struct fng_report *report, const json_t *event,
			 u64 time)
{
	struct fng_report_function *function;
	const struct fng_report_note note = {
		.time = time,
		.finding = true,
		.severity = (char *)text_of(event, "severity"),
		.title = (char *)text_of(event, "rule"),
		.text = (char *)text_of(event, "about"),
		.attack = (char *)text_of(event, "attack_id"),
		.place = (char *)text_of(event, "cgroup"),
		.count = number_of(event, "count"),
	};

	function = note.place ? function_of(report, event) : NULL;
	if (function)
		function->findings++;
	add_note(report, &note);
}

static void take_notice(struct fng_report *report, const json_t *event,
			const char *kind, u64 time)
{
	const struct fng_report_note note = {
		.time = time,
		.severity = (char *)kind,
		.title = (char *)(text_of(event, "state") ?:
				  text_of(event, "policy")),
		.text = (char *)text_of(event, "reason"),
		.place = (char *)text_of(event, "cgroup"),
	};

	add_note(report, &note);
}

/* A smaller number than before is that of another boot, or of another record. */
static void count_gap(struct fng_report *report, const json_t *event)
{
	u64 seq = number_of(event, "seq");

	if (!seq)
		return;
	if (report->seq && seq > report->seq + 1)
		report->gaps += seq - report->seq - 1;
	report->seq = seq;
}

static int verdict_of(const char *kind)
{
	static const char *const kinds[FNG_REPORT_VERDICTS] = {
		"denied", "would-deny", "observed",
	};

	for (int verdict = 0; verdict < FNG_REPORT_VERDICTS; verdict++)
		if (!strcmp(kind, kinds[verdict]))
			return verdict;
	return -1;
}

/* Of the agent's own lines, only those of what was lost, and found, are of interest. */
static void take(struct fng_report *report, const json_t *event)
{
	const char *kind = text_of(event, "kind");
	u64 time = number_of(event, "time_ns");
	int verdict = kind ? verdict_of(kind) : -1;

	if (!kind)
		return;
	count_gap(report, event);
	if (!strcmp(kind, "lost"))
		report->lost += number_of(event, "count") ?: 1;
	if (!time || time < report->since || time >> 63)
		return;
	report->events++;
	if (verdict >= 0)
		take_access(report, event, verdict, time);
	else if (!strcmp(kind, "finding"))
		take_finding(report, event, time);
	else if (number_of(event, "seq"))
		take_notice(report, event, kind, time);
}

void fng_report_line(struct fng_report *report, const char *line, size_t size)
{
	json_t *event = json_loadb(line, size, JSON_ALLOW_NUL, NULL);

	if (event)
		take(report, event);
	else
		report->strange++;
	json_decref(event);
}
