// SPDX-License-Identifier: MIT
/*
 * fnguard policy list, show and unload: policies that the kernel holds.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <client/load.h>
#include <client/names.h>
#include "output.h"
#include "session.h"

static char *candidate_text(const json_t *candidate)
{
	json_int_t version, would_deny, would_allow;
	const char *hash;
	char *text;

	if (json_unpack((json_t *)candidate, "{s:I, s:s, s:I, s:I}",
			"version", &version, "hash", &hash,
			"would_deny", &would_deny, "would_allow", &would_allow))
		return NULL;
	return asprintf(&text, "version %" JSON_INTEGER_FORMAT " (%s): would deny %"
			JSON_INTEGER_FORMAT ", allow %" JSON_INTEGER_FORMAT,
			version, hash, would_deny, would_allow) < 0 ? NULL : text;
}

static const struct fng_column columns[] = {
	{ "name", "NAME", NULL, NULL },
	{ "version", "VERSION", NULL, NULL },
	{ "mode", "MODE", NULL, NULL },
	{ "rules", "RULES", NULL, NULL },
	{ "bindings", "BINDINGS", NULL, NULL },
	{ "size", "BYTES", NULL, NULL },
	{ "hash", "HASH", NULL, NULL },
	{ "candidate", "CANDIDATE", candidate_text, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *describe_candidate(const struct fng_client_candidate *candidate)
{
	char hash[20];

	snprintf(hash, sizeof(hash), "%016" PRIx64, candidate->image_hash);
	return json_pack("{s:I, s:s, s:I, s:I}",
			 "version", (json_int_t)candidate->version,
			 "hash", hash,
			 "would_deny", (json_int_t)candidate->would_deny,
			 "would_allow", (json_int_t)candidate->would_allow);
}

static json_t *describe(const struct fng_client_policy *policy)
{
	json_t *object;
	char hash[20];

	snprintf(hash, sizeof(hash), "%016" PRIx64, policy->image_hash);
	object = json_pack("{s:o, s:I, s:s, s:I, s:I, s:I, s:s}",
			 "name", fng_text(policy->name),
			 "version", (json_int_t)policy->version,
			 "mode", fng_mode_name(policy->mode),
			 "rules", (json_int_t)policy->nr_rules,
			 "bindings", (json_int_t)policy->nr_bindings,
			 "size", (json_int_t)policy->image_size,
			 "hash", hash);
	if (policy->candidate)
		json_object_set_new(object, "candidate",
				    describe_candidate(policy->candidate));
	return object;
}

static int append(const struct fng_client_policy *policy, void *data)
{
	json_array_append_new(data, describe(policy));
	return 0;
}

static int list(struct fng_client *client, json_t *rows)
{
	return fng_client_policy_list(client, append, rows);
}

int fng_cmd_policy_list(int argc, char **argv)
{
	return fng_session_list(argc, argv, list, columns);
}

static int keep(const struct fng_client_policy *policy, void *data)
{
	json_t **object = data;

	*object = describe(policy);
	return 0;
}

int fng_policy_show_loaded(const char *name)
{
	struct fng_client client;
	json_t *object = NULL;
	int result;

	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client,
					    fng_client_policy_get(&client, name,
								  keep,
								  &object));
	if (!result)
		fng_output_record(object, columns);
	fng_client_close(&client);
	return result;
}

/**
 * struct unloading - what is to be unloaded
 * @name: name of the policy
 * @replace_with: what takes over its bindings, or NULL
 * @candidate: only its candidate is
 */
struct unloading {
	const char *name;
	const char *replace_with;
	bool candidate;
};

static int unload(struct fng_client *client, const struct unloading *unloading)
{
	const char *name = unloading->name;
	struct fng_client_status status;
	int err;

	err = fng_client_status(client, false, &status);
	if (!err && unloading->candidate)
		err = fng_client_candidate_unload(client, &status.policy_gen,
						  name);
	else if (!err)
		err = fng_client_policy_unload(client, &status.policy_gen, name,
					       unloading->replace_with);
	if (!err)
		fng_output_done(json_pack("{s:o, s:b, s:I}", "unloaded",
					  fng_text(name), "candidate",
					  unloading->candidate, "generation",
					  (json_int_t)status.policy_gen),
				"Unloaded %s%s; generation %" PRIu64 ".",
				unloading->candidate ? "the candidate of " : "",
				name, status.policy_gen);
	return fng_session_failed(client, err);
}

int fng_cmd_policy_unload(int argc, char **argv)
{
	static const struct option options[] = {
		{ "replace-with", required_argument, NULL, 'r' },
		{ "candidate", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct unloading unloading = { .replace_with = NULL };
	struct fng_client client;
	int result, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'c')
			unloading.candidate = true;
		else
			unloading.replace_with = optarg;
	}
	fng_cli_args(argc, argv, 1, 1);
	if (unloading.candidate && unloading.replace_with)
		return fng_cli_usage(argv, "nothing is bound to a candidate that could be taken over");
	unloading.name = argv[optind];
	result = fng_session_open(&client);
	if (!result)
		result = unload(&client, &unloading);
	fng_client_close(&client);
	return result;
}
