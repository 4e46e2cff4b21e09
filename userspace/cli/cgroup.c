// SPDX-License-Identifier: MIT
/*
 * fnguard cgroup: bindings of cgroups to policies.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exemption.h"
#include "output.h"
#include "quarantine.h"
#include "session.h"

static char *path_text(const json_t *value)
{
	return strdup(json_is_string(value) ? json_string_value(value) :
					      "(gone)");
}

static const struct fng_column columns[] = {
	{ "cgroup", "CGROUP", path_text, NULL },
	{ "id", "ID", NULL, NULL },
	{ "policy", "POLICY", NULL, NULL },
	{ "by", "BOUND BY", NULL, NULL },
	{ "state", "STATE", NULL, NULL },
	{ "labels", "LABELS", NULL, NULL },
	{ "audit", "AUDIT FOR", fng_exemption_text, NULL },
	{ NULL, NULL, NULL, NULL },
};

static int append(const struct fng_client_binding *binding, void *data)
{
	const char *state = binding->dead ? "dead" :
			    binding->partial ? "partial" : "guarded";
	json_t *row = json_object();

	if (binding->cgroup)
		json_object_set_new(row, "cgroup", fng_text(binding->cgroup));
	else
		json_object_set_new(row, "cgroup", json_null());
	json_object_set_new(row, "id", json_integer(binding->cgroup_id));
	json_object_set_new(row, "policy", fng_text(binding->policy));
	json_object_set_new(row, "by", json_string(binding->template ?
						   "template" : "hand"));
	json_object_set_new(row, "state", json_string(state));
	json_object_set_new(row, "labels", fng_labels_object(binding->labels));
	json_array_append_new(data, row);
	return 0;
}

/* One that only something above it is bound for has no row of its own. */
static void add_unlisted(json_t *rows, const json_t *cgroup)
{
	json_t *row = json_object();

	json_object_set(row, "cgroup", json_object_get(cgroup, "cgroup"));
	json_object_set(row, "id", json_object_get(cgroup, "id"));
	json_object_set_new(row, "policy", json_null());
	json_object_set_new(row, "by", json_string("above"));
	json_object_set_new(row, "state", json_string("guarded"));
	json_object_set_new(row, "labels", json_object());
	json_array_append_new(rows, row);
}

static bool is_among(const json_t *rows, const json_t *cgroup)
{
	const json_t *id = json_object_get(cgroup, "id"), *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (json_equal(json_object_get(row, "id"), id))
			return true;
	return false;
}

static void add_all_unlisted(json_t *rows, const json_t *cgroups)
{
	const json_t *cgroup;
	size_t i;

	json_array_foreach(cgroups, i, cgroup)
		if (!is_among(rows, cgroup))
			add_unlisted(rows, cgroup);
}

static void mark_quarantined(json_t *rows, const json_t *quarantined)
{
	json_t *row;
	size_t i;

	add_all_unlisted(rows, quarantined);
	json_array_foreach(rows, i, row)
		if (is_among(quarantined, row))
			json_object_set_new(row, "state",
					    json_string("quarantined"));
}

static void mark_exempt(json_t *rows, const json_t *exemptions)
{
	const json_t *exemption;
	const char *cgroup;
	json_t *row;
	size_t i;

	add_all_unlisted(rows, exemptions);
	json_array_foreach(rows, i, row) {
		cgroup = json_string_value(json_object_get(row, "cgroup"));
		exemption = cgroup ? fng_exemption_of(exemptions, cgroup) : NULL;
		if (exemption)
			json_object_set(row, "audit", (json_t *)exemption);
	}
}

static int list(struct fng_client *client, json_t *rows)
{
	json_t *exemptions = json_array(), *quarantined = json_array();
	int err;

	err = fng_client_binding_list(client, append, rows) ?:
	      fng_exemptions_read(client, exemptions) ?:
	      fng_quarantined_read(client, quarantined);
	if (!err) {
		mark_quarantined(rows, quarantined);
		mark_exempt(rows, exemptions);
	}
	json_decref(exemptions);
	json_decref(quarantined);
	return err;
}

int fng_cmd_cgroup_list(int argc, char **argv)
{
	return fng_session_list(argc, argv, list, columns);
}

static int bind_cgroup(struct fng_client *client, const char *path,
		       struct fng_client_binding *binding)
{
	int err = fng_client_bind(client, binding);

	if (!err && binding->partial)
		fng_output_note("%s is guarded partially: tasks that are in it keep what they have open and mapped until they execute something",
				path);
	if (!err)
		fng_output_done(json_pack("{s:o, s:I, s:o, s:b}",
					  "cgroup", fng_text(path), "id",
					  (json_int_t)binding->cgroup_id,
					  "policy", fng_text(binding->policy),
					  "partial", binding->partial),
				"Bound %s to %s.", path, binding->policy);
	return fng_session_failed(client, err);
}

int fng_cmd_cgroup_bind(int argc, char **argv)
{
	struct fng_client_binding binding = { .cgroup_fd = -1 };
	char labels[FNG_MAX_LABELS + 1] = "";
	struct fng_client client;
	int result;

	binding.labels = fng_labels_read(argc, argv, labels);
	fng_cli_args(argc, argv, 2, 2);
	binding.policy = argv[optind + 1];
	result = fng_session_open(&client);
	if (!result) {
		binding.cgroup_fd = fng_session_cgroup(argv[optind]);
		result = binding.cgroup_fd < 0 ? FNG_EXIT_FAILED :
			 bind_cgroup(&client, argv[optind], &binding);
	}
	fng_client_close(&client);
	return result;
}

static int unbind_cgroup(struct fng_client *client, const char *path,
			 const char *policy)
{
	struct fng_client_binding binding = { .policy = policy };
	int result;

	binding.cgroup_fd = fng_session_cgroup(path);
	if (binding.cgroup_fd < 0)
		return FNG_EXIT_FAILED;
	result = fng_session_failed(client, fng_client_unbind(client,
							      &binding));
	close(binding.cgroup_fd);
	if (!result)
		fng_output_done(json_pack("{s:o}", "unbound", fng_text(path)),
				"Unbound %s.", path);
	return result;
}

int fng_cmd_cgroup_unbind(int argc, char **argv)
{
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 1, 2);
	result = fng_session_open(&client);
	if (!result)
		result = unbind_cgroup(&client, argv[optind],
				       argv[optind + 1]);
	fng_client_close(&client);
	return result;
}
