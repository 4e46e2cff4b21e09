// SPDX-License-Identifier: MIT
/*
 * fnguard counters: what was refused, exactly, and what was observed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <client/cgroup.h>
#include <client/event.h>
#include <client/names.h>
#include "output.h"
#include "session.h"

static enum fng_colour verdict_colour(const json_t *value)
{
	const char *verdict = json_string_value(value);

	if (!strcmp(verdict, "observed"))
		return FNG_PLAIN;
	return strcmp(verdict, "denied") ? FNG_WARN : FNG_BAD;
}

static const struct fng_column columns[] = {
	{ "count", "COUNT", NULL, NULL },
	{ "reported", "IN EVENTS", NULL, NULL },
	{ "verdict", "VERDICT", NULL, verdict_colour },
	{ "policy", "POLICY", NULL, NULL },
	{ "phase", "PHASE", NULL, NULL },
	{ "hook", "HOOK", NULL, NULL },
	{ "class", "CLASS", NULL, NULL },
	{ "rule", "RULE", NULL, NULL },
	{ "source", "WRITTEN AT", NULL, NULL },
	{ "cgroup", "CGROUP", NULL, NULL },
	{ "device", "DEVICE", NULL, NULL },
	{ "activation", "ACTIVATION", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/* By rule and hook: whether it was refused or only audited is not kept apart. */
static const struct fng_column total_columns[] = {
	{ "count", "COUNT", NULL, NULL },
	{ "policy", "POLICY", NULL, NULL },
	{ "phase", "PHASE", NULL, NULL },
	{ "hook", "HOOK", NULL, NULL },
	{ "class", "CLASS", NULL, NULL },
	{ "rule", "RULE", NULL, NULL },
	{ "source", "WRITTEN AT", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static void add_rule(json_t *row, const struct fng_client_counter *counter)
{
	char buf[64], *source = NULL;
	const char *name = fng_rule_name(counter->rule, buf, sizeof(buf));

	json_object_set_new(row, "hook",
			    json_string(fng_hook_name(counter->hook)));
	json_object_set_new(row, "class",
			    json_string(fng_class_name(counter->class)));
	json_object_set_new(row, "rule_id", json_integer(counter->rule));
	fng_set_text(row, "rule", name ?: counter->rule_text);
	if (!counter->rule_file || !*counter->rule_file)
		return;
	if (asprintf(&source, "%s:%u", counter->rule_file,
		     counter->rule_line) < 0)
		return;
	fng_set_text(row, "source", source);
	free(source);
}

/* What is gone has no name any more, but its row is still of use. */
static void add_place(json_t *row, const char *key, const char *name, u64 id)
{
	char gone[32];

	snprintf(gone, sizeof(gone), "%" PRIu64 " (gone)", id);
	fng_set_text(row, key, name ?: gone);
}

static void add_owner(json_t *row, const struct fng_client_counter *counter)
{
	if (counter->device_id) {
		json_object_set_new(row, "device_id",
				    json_integer(counter->device_id));
		add_place(row, "device", counter->device, counter->device_id);
		return;
	}
	json_object_set_new(row, "cgroup_id",
			    json_integer(counter->cgroup_id));
	add_place(row, "cgroup", counter->rest ? "(others)" : counter->cgroup,
		  counter->cgroup_id);
}

static const char *verdict_of(const struct fng_client_counter *counter)
{
	if (counter->observed)
		return "observed";
	if (counter->would_deny)
		return "candidate-would-deny";
	if (counter->would_allow)
		return "candidate-would-allow";
	return counter->audit ? "would-deny" : "denied";
}

static void add_cgroup(json_t *row, const struct fng_client_counter *counter)
{
	json_object_set_new(row, "reported", json_integer(counter->reported));
	json_object_set_new(row, "verdict", json_string(verdict_of(counter)));
	if (counter->entering)
		json_object_set_new(row, "entering", json_true());
	add_owner(row, counter);
	fng_set_text(row, "activation", counter->activation);
}

/**
 * struct listing - the rows to print
 * @rows: JSON array
 * @proof: with those of the proof of the hooks, which nobody was refused by
 * @totals: of no cgroup in particular
 */
struct listing {
	json_t *rows;
	bool proof;
	bool totals;
};

static bool is_of_proof(const struct fng_client_counter *counter)
{
	return !counter->rest &&
	       counter->rule == (FNG_RULE_GUARD | FNG_GUARD_CANARY);
}

static int append(const struct fng_client_counter *counter, void *data)
{
	const struct listing *listing = data;
	json_t *row;

	if (!listing->proof && is_of_proof(counter))
		return 0;
	row = json_object();
	json_object_set_new(row, "count", json_integer(counter->count));
	fng_set_text(row, "policy", counter->policy);
	fng_set_text(row, "phase", counter->phase);
	json_object_set_new(row, "version", json_integer(counter->version));
	if (!counter->rest)
		add_rule(row, counter);
	if (!listing->totals)
		add_cgroup(row, counter);
	json_array_append_new(listing->rows, row);
	return 0;
}

static int list(struct fng_client *client, const char *policy,
		const u64 *cgroup, bool proof)
{
	struct listing listing = {
		.rows = json_array(),
		.proof = proof,
		.totals = cgroup && !*cgroup,
	};
	int result;

	result = fng_session_failed(client, fng_client_counters(client, policy,
								cgroup, append,
								&listing));
	if (!result)
		fng_output_table(json_incref(listing.rows),
				 listing.totals ? total_columns : columns);
	json_decref(listing.rows);
	return result;
}

/* A number is an id: cgroups that are gone have no path any more. */
static u64 cgroup_argument(const char *text)
{
	char *end;
	u64 id = strtoull(text, &end, 10);
	int fd;

	if (id && !*end)
		return id;
	fd = fng_session_cgroup(text);
	if (fd < 0)
		return 0;
	id = fng_cgroup_id(fd);
	close(fd);
	return id;
}

int fng_cmd_counters(int argc, char **argv)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "cgroup", required_argument, NULL, 'c' },
		{ "totals", no_argument, NULL, 't' },
		{ "all", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	const char *policy = NULL, *cgroup = NULL;
	struct fng_client client;
	int result, c;
	bool totals = false, all = false;
	u64 id = 0;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'p')
			policy = optarg;
		else if (c == 'c')
			cgroup = optarg;
		else if (c == 't')
			totals = true;
		else
			all = true;
	}
	fng_cli_args(argc, argv, 0, 0);
	if (totals && cgroup)
		return fng_cli_usage(argv, "totals are over all cgroups");
	result = fng_session_open(&client);
	if (!result && cgroup) {
		id = cgroup_argument(cgroup);
		result = id ? FNG_EXIT_DONE : FNG_EXIT_FAILED;
	}
	if (!result)
		result = list(&client, policy, cgroup || totals ? &id : NULL,
			      all);
	fng_client_close(&client);
	return result;
}
