// SPDX-License-Identifier: MIT
/*
 * fnguard why: what was refused last, why, and what would allow it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session.h"
#include "why.h"

#define LAST	10

const char *fng_why_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

json_int_t fng_why_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/**
 * struct gathering - refusals that are asked for
 * @target: whose
 * @events: JSON array of them
 * @json: for one of them
 */
struct gathering {
	const struct fng_why_target *target;
	json_t *events;
	char *json;
};

static bool is_wanted(const json_t *event, const struct fng_why_target *target)
{
	const char *path = fng_why_text(event, "cgroup");
	size_t len = strlen(target->path);

	if (!target->id || (u64)fng_why_number(event, "cgroup_id") == target->id)
		return true;
	return len && !strncmp(path, target->path, len) &&
	       (path[len] == '/' || len == 1);
}

static int gather(const struct fng_event *refusal, void *data)
{
	struct gathering *gathering = data;
	struct fng_json json;
	json_t *event;

	fng_json_init(&json, gathering->json, FNG_EVENT_JSON_SIZE);
	fng_event_json(refusal, &json);
	event = json_loadb(gathering->json, json.len, JSON_ALLOW_NUL,
			   NULL);
	if (event && is_wanted(event, gathering->target))
		json_array_append(gathering->events, event);
	json_decref(event);
	return 0;
}

static int compare(const void *left, const void *right)
{
	json_t *const *a = left, *const *b = right;
	json_int_t first = fng_why_number(*a, "boot_ns"), second = fng_why_number(*b, "boot_ns");

	return first < second ? 1 : first > second ? -1 : 0;
}

/* The last of them, the latest first. */
static json_t *last_of(const json_t *events, size_t nr)
{
	size_t all = json_array_size(events), i;
	json_t **sorted = calloc(all + 1, sizeof(*sorted));
	json_t *last = json_array();

	if (!sorted)
		abort();
	for (i = 0; i < all; i++)
		sorted[i] = json_array_get(events, i);
	qsort(sorted, all, sizeof(*sorted), compare);
	for (i = 0; i < all && i < nr; i++)
		json_array_append(last, sorted[i]);
	free(sorted);
	return last;
}

/* Of what no rule is about, at least where it went. */
static void put_other(const json_t *event, const struct fngl_act *act, FILE *out)
{
	fprintf(out, "%s %s", fng_why_text(event, "hook"), act->target);
	if (!*act->target && json_object_get(event, "addr"))
		fprintf(out, "%s:%" JSON_INTEGER_FORMAT "/%s",
			fng_why_text(event, "addr"),
			fng_why_number(event, "port"),
			fng_why_text(event, "proto"));
}

static void put_act(const struct fngl_act *act, const char *access, FILE *out)
{
	fprintf(out, "%s %s%s%s", act->verb, act->target, *access ? " " : "",
		access);
	if (*act->more)
		fprintf(out, " (%s)", act->more);
}

static void add_operation(json_t *denial, const json_t *event,
			  const struct fngl_act *act)
{
	char access[FNGC_ACCESS_NAMES_SIZE] = "";
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (act->access)
		fngc_access_names(act->access, access);
	if (strcmp(act->verb, FNGL_OTHER) && strcmp(act->verb, FNGL_BELOW) &&
	    !fng_why_gains(event))
		put_act(act, access, out);
	else
		put_other(event, act, out);
	if (fclose(out))
		abort();
	fng_set_text(denial, "operation", text);
	fng_set_text(denial, "verb", act->verb);
	fng_set_text(denial, "target", act->target);
	fng_set_text(denial, "access", access);
	free(text);
}

static void copy(json_t *denial, const json_t *event)
{
	static const char *const keys[] = {
		"cgroup", "cgroup_id", "device", "device_id", "activation",
		"time", "count", "errno", "pid", "uid", "comm", "hook", "class",
		"object", "addr", "port", "proto", "host", "killed", "entering",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (json_object_get(event, keys[i]))
			json_object_set(denial, keys[i],
					json_object_get(event, keys[i]));
}

/* The image of the policy that the event is about, if it is still there. */
static const struct fng_image *image_of(struct fng_shelf *shelf,
					const json_t *event,
					struct fng_offline *policy)
{
	return fng_shelf_view(shelf, fng_why_text(event, "policy"),
			      fng_why_text(event, "phase"), policy) ?
	       &policy->image : NULL;
}

/* Seconds since then. */
static json_int_t ago_of(const json_t *event)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec - fng_why_number(event, "boot_ns") / 1000000000;
}

static json_t *describe(struct fng_shelf *shelf, const json_t *event)
{
	struct fngl_acts acts = { 0 };
	struct fng_offline policy;
	json_t *denial = json_object();

	fng_why_act(event, image_of(shelf, event, &policy), &acts);
	fng_set_text(denial, "verdict", fng_why_text(event, "kind"));
	json_object_set_new(denial, "ago", json_integer(ago_of(event)));
	copy(denial, event);
	add_operation(denial, event, &acts.v[0]);
	fng_why_answer(denial, shelf, event, &acts.v[0]);
	fngl_free(&acts);
	return denial;
}

static void print_none(const struct fng_why_target *target)
{
	fputs("Nothing that was refused", stdout);
	fputs(*target->path ? " to " : "", stdout);
	fng_output_text(target->path, strlen(target->path));
	puts(" is remembered.");
}

static void print_all(const json_t *denials, const struct fng_why_target *target,
		      u64 unkept)
{
	const json_t *denial;
	size_t i;

	json_array_foreach(denials, i, denial)
		fng_why_print(denial);
	if (!i)
		print_none(target);
	if (unkept)
		fng_output_note("of all cgroups together, %" PRIu64 " refusals found no room to be remembered; fnguard counters has all",
				unkept);
}

static int explain(struct fng_client *client, const struct fng_why_target *target,
		   size_t nr)
{
	struct fng_shelf shelf = { .client = client };
	struct gathering gathering = { target, json_array(),
				       malloc(FNG_EVENT_JSON_SIZE) };
	json_t *denials = json_array(), *events, *event;
	u64 unkept = 0;
	int result;
	size_t i;

	result = fng_session_failed(client, fng_client_refusals(client, gather,
								&gathering,
								&unkept));
	events = last_of(gathering.events, nr);
	json_array_foreach(events, i, event)
		json_array_append_new(denials, describe(&shelf, event));
	if (!result && !fng_output_json)
		print_all(denials, target, unkept);
	if (!result)
		fng_output_value(json_incref(denials));
	json_decref(denials);
	json_decref(events);
	json_decref(gathering.events);
	free(gathering.json);
	fng_shelf_free(&shelf);
	return result;
}

int fng_cmd_why(int argc, char **argv)
{
	static const struct option options[] = {
		{ "last", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	struct fng_why_target target;
	struct fng_client client;
	unsigned long nr = LAST;
	char *end = "";
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		nr = strtoul(optarg, &end, 10);
	fng_cli_args(argc, argv, 0, 1);
	if (!nr || *end)
		return fng_cli_usage(argv, "--last takes a number of refusals");
	result = fng_session_open(&client);
	if (!result)
		result = fng_why_find(&client, argv[optind], &target);
	if (!result)
		result = explain(&client, &target, nr);
	fng_client_close(&client);
	return result;
}
