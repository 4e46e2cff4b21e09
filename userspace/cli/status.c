// SPDX-License-Identifier: MIT
/*
 * fnguard status: is the guard enforcing?
 */
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include "output.h"
#include "session.h"

static enum fng_colour state_colour(const json_t *value)
{
	const char *state = json_string_value(value);

	if (!strcmp(state, "enforcing"))
		return FNG_GOOD;
	if (!strcmp(state, "degraded"))
		return FNG_BAD;
	return strcmp(state, "idle") ? FNG_WARN : FNG_PLAIN;
}

static char *count_text(const json_t *value)
{
	char *text = NULL;

	return asprintf(&text, "%zu", json_array_size(value)) < 0 ? NULL : text;
}

static const struct fng_column columns[] = {
	{ "state", "State", NULL, state_colour },
	{ "reason", "Reason", NULL, state_colour },
	{ "sealed", "Sealed", NULL, NULL },
	{ "module_version", "Module", NULL, NULL },
	{ "image_abi", "Image format", NULL, NULL },
	{ "policies", "Policies", NULL, NULL },
	{ "bindings", "Bindings", NULL, NULL },
	{ "devices", "Devices", NULL, NULL },
	{ "subjects", "Cgroups met", NULL, NULL },
	{ "entering", "Tasks entering", NULL, NULL },
	{ "policy_generation", "Policy generation", NULL, NULL },
	{ "binding_generation", "Binding generation", NULL, NULL },
	{ "denied", "Denied", NULL, NULL },
	{ "unheard", "Of them untold", NULL, NULL },
	{ "events", "Events", NULL, NULL },
	{ "events_lost", "Samples lost", NULL, NULL },
	{ "proven", "Hooks proven", count_text, NULL },
	{ "unproven", "Hooks not proven", NULL, NULL },
	{ "absent", "Hooks absent here", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static void add_hooks(json_t *object, const struct fng_client_status *status)
{
	json_t *proven = json_array(), *unproven = json_array();
	json_t *absent = json_array(), *list;
	int hook;

	for (hook = 0; hook < FNG_NR_HOOKS; hook++) {
		if (FNG_HOOK_IS_NETDEV(hook))
			continue;
		list = status->absent[hook] ? absent :
		       status->proven[hook] ? proven : unproven;
		json_array_append_new(list, json_string(fng_hook_name(hook)));
	}
	json_object_set_new(object, "proven", proven);
	if (status->state != FNG_STATE_IDLE)
		json_object_set(object, "unproven", unproven);
	json_object_set(object, "absent", absent);
	json_decref(unproven);
	json_decref(absent);
}

static json_t *describe(const struct fng_client_status *status)
{
	json_t *object = json_object();

	json_object_set_new(object, "state",
			    json_string(fng_state_name(status->state)));
	fng_set_text(object, "reason", status->reason);
	json_object_set_new(object, "sealed", json_boolean(status->sealed));
	fng_set_text(object, "module_version", status->module_version);
	json_object_set_new(object, "image_abi",
			    json_integer(status->image_abi));
	json_object_set_new(object, "policies",
			    json_integer(status->nr_policies));
	json_object_set_new(object, "bindings",
			    json_integer(status->nr_bindings));
	json_object_set_new(object, "devices",
			    json_integer(status->nr_devices));
	json_object_set_new(object, "subjects",
			    json_integer(status->nr_subjects));
	json_object_set_new(object, "entering",
			    json_integer(status->nr_entering));
	json_object_set_new(object, "policy_generation",
			    json_integer(status->policy_gen));
	json_object_set_new(object, "binding_generation",
			    json_integer(status->binding_gen));
	json_object_set_new(object, "denied", json_integer(status->denied));
	json_object_set_new(object, "unheard", json_integer(status->unheard));
	json_object_set_new(object, "events", json_integer(status->seq));
	json_object_set_new(object, "events_lost",
			    json_integer(status->events_lost));
	add_hooks(object, status);
	return object;
}

/* The unattended state counts as enforcing: nothing has opened. */
static int exit_status(const struct fng_client_status *status)
{
	switch (status->state) {
	case FNG_STATE_IDLE:
	case FNG_STATE_ENFORCING:
	case FNG_STATE_UNATTENDED:
		return FNG_EXIT_DONE;
	default:
		return FNG_EXIT_DEGRADED;
	}
}

int fng_cmd_status(int argc, char **argv)
{
	static const struct option options[] = {
		{ "quiet", no_argument, NULL, 'q' },
		{ NULL, 0, NULL, 0 },
	};
	struct fng_client_status status;
	struct fng_client client;
	bool quiet = false;
	int result, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1)
		quiet = c == 'q';
	fng_cli_args(argc, argv, 0, 0);
	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client, fng_client_status(&client,
							false, &status));
	if (!result) {
		if (!quiet)
			fng_output_record(describe(&status), columns);
		result = exit_status(&status);
	}
	fng_client_close(&client);
	return result;
}
