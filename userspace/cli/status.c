// SPDX-License-Identifier: MIT
/*
 * fnguard status: is the guard enforcing?
 */
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include "exemption.h"
#include "output.h"
#include "quarantine.h"
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

static char *confirm_text(const json_t *value)
{
	char *text = NULL;

	return asprintf(&text, "within %" JSON_INTEGER_FORMAT " s: fnguard policy confirm",
			json_integer_value(value)) < 0 ? NULL : text;
}

static enum fng_colour notable_colour(const json_t *value)
{
	(void)value;
	return FNG_WARN;
}

static const struct fng_column columns[] = {
	{ "state", "State", NULL, state_colour },
	{ "reason", "Reason", NULL, state_colour },
	{ "sealed", "Sealed", NULL, NULL },
	{ "module_version", "Module", NULL, NULL },
	{ "image_abi", "Image format", NULL, NULL },
	{ "policies", "Policies", NULL, NULL },
	{ "confirm_within", "To be confirmed", confirm_text, notable_colour },
	{ "bindings", "Bindings", NULL, NULL },
	{ "devices", "Devices", NULL, NULL },
	{ "audited", "Only audited", fng_exemptions_text, notable_colour },
	{ "phases", "Phases entered", NULL, NULL },
	{ "quarantined", "In quarantine", fng_quarantined_text, notable_colour },
	{ "subjects", "Cgroups met", NULL, NULL },
	{ "entering", "Tasks entering", NULL, NULL },
	{ "policy_generation", "Policy generation", NULL, NULL },
	{ "binding_generation", "Binding generation", NULL, NULL },
	{ "denied", "Denied", NULL, NULL },
	{ "killed", "Killed for it", NULL, NULL },
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

static json_t *describe(const struct fng_client_status *status,
			json_t *exemptions, json_t *quarantined)
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
	if (status->unconfirmed)
		json_object_set_new(object, "confirm_within",
				    json_integer(status->confirm_left));
	json_object_set_new(object, "bindings",
			    json_integer(status->nr_bindings));
	json_object_set_new(object, "devices",
			    json_integer(status->nr_devices));
	json_object_set(object, "audited", exemptions);
	json_object_set(object, "quarantined", quarantined);
	json_object_set_new(object, "subjects",
			    json_integer(status->nr_subjects));
	json_object_set_new(object, "entering",
			    json_integer(status->nr_entering));
	json_object_set_new(object, "policy_generation",
			    json_integer(status->policy_gen));
	json_object_set_new(object, "binding_generation",
			    json_integer(status->binding_gen));
	json_object_set_new(object, "denied", json_integer(status->denied));
	json_object_set_new(object, "killed", json_integer(status->kills));
	json_object_set_new(object, "phases", json_integer(status->phases));
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

static int report(struct fng_client *client,
		  const struct fng_client_status *status)
{
	json_t *exemptions = json_array(), *quarantined = json_array();
	int err = 0;

	if (status->nr_exempt)
		err = fng_exemptions_read(client, exemptions);
	if (!err && status->nr_quarantined)
		err = fng_quarantined_read(client, quarantined);
	if (!err)
		fng_output_record(describe(status, exemptions, quarantined),
				  columns);
	json_decref(exemptions);
	json_decref(quarantined);
	return fng_session_failed(client, err);
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
	if (!result && !quiet)
		result = report(&client, &status);
	if (!result)
		result = exit_status(&status);
	fng_client_close(&client);
	return result;
}
