// SPDX-License-Identifier: MIT
/*
 * fnguard policy list, show and unload: policies that the kernel holds.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include "output.h"
#include "session.h"

static const struct fng_column columns[] = {
	{ "name", "NAME", NULL, NULL },
	{ "version", "VERSION", NULL, NULL },
	{ "mode", "MODE", NULL, NULL },
	{ "rules", "RULES", NULL, NULL },
	{ "bindings", "BINDINGS", NULL, NULL },
	{ "size", "BYTES", NULL, NULL },
	{ "hash", "HASH", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *describe(const struct fng_client_policy *policy)
{
	char hash[20];

	snprintf(hash, sizeof(hash), "%016" PRIx64, policy->image_hash);
	return json_pack("{s:o, s:I, s:s, s:I, s:I, s:I, s:s}",
			 "name", fng_text(policy->name),
			 "version", (json_int_t)policy->version,
			 "mode", fng_mode_name(policy->mode),
			 "rules", (json_int_t)policy->nr_rules,
			 "bindings", (json_int_t)policy->nr_bindings,
			 "size", (json_int_t)policy->image_size,
			 "hash", hash);
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

static int unload(struct fng_client *client, const char *name,
		  const char *replace_with)
{
	struct fng_client_status status;
	int err;

	err = fng_client_status(client, false, &status);
	if (!err)
		err = fng_client_policy_unload(client, &status.policy_gen, name,
					       replace_with);
	if (!err)
		fng_output_done(json_pack("{s:o, s:I}", "unloaded",
					  fng_text(name), "generation",
					  (json_int_t)status.policy_gen),
				"Unloaded %s; generation %" PRIu64 ".", name,
				status.policy_gen);
	return fng_session_failed(client, err);
}

int fng_cmd_policy_unload(int argc, char **argv)
{
	static const struct option options[] = {
		{ "replace-with", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	const char *replace_with = NULL;
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		replace_with = optarg;
	fng_cli_args(argc, argv, 1, 1);
	result = fng_session_open(&client);
	if (!result)
		result = unload(&client, argv[optind], replace_with);
	fng_client_close(&client);
	return result;
}
