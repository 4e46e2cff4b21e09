// SPDX-License-Identifier: MIT
/*
 * fnguard egress show: the egress rules of a loaded policy, what they refused, and
 * the addresses that its functions were told for the names that it allows.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <client/learned.h>

#include "load.h"
#include "output.h"
#include "session.h"

static const struct fng_column rule_columns[] = {
	{ "rule", "RULE", NULL, NULL },
	{ "at", "WRITTEN AT", NULL, NULL },
	{ "refused", "REFUSED", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static enum fng_colour ttl_colour(const json_t *value)
{
	return json_integer_value(value) ? FNG_PLAIN : FNG_FAINT;
}

static const struct fng_column name_columns[] = {
	{ "name", "NAME", NULL, NULL },
	{ "address", "ADDRESS", NULL, NULL },
	{ "ttl", "TTL", NULL, ttl_colour },
	{ "hits", "HITS", NULL, NULL },
	{ "resolver", "RESOLVER", NULL, NULL },
	{ "cgroup", "CGROUP", NULL, NULL },
	{ "device", "DEVICE", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/**
 * struct view - what is shown of a policy
 * @image: the policy's
 * @refused: per rule, how often it refused
 * @names: JSON array
 */
struct view {
	const struct fng_image *image;
	u64 *refused;
	json_t *names;
};

static int count(const struct fng_client_counter *counter, void *data)
{
	struct view *view = data;

	if (counter->rule < fng_rules_count(view->image))
		view->refused[counter->rule] += counter->count;
	return 0;
}

static struct fng_endpoint endpoint_of(const char *text)
{
	struct fng_endpoint endpoint = {
		.family = strchr(text, ':') ? 6 : 4,
	};

	inet_pton(endpoint.family == 6 ? AF_INET6 : AF_INET, text,
		  endpoint.addr);
	return endpoint;
}

/* What others have learned, or from others, is none of this policy's. */
static bool is_ours(const struct view *view,
		    const struct fng_client_learned *learned)
{
	const struct fng_endpoint by = endpoint_of(learned->resolver);

	return fng_resolver_known(view->image, &by) &&
	       fng_host_find(view->image, learned->name, strlen(learned->name));
}

static void add_owner(json_t *row, const struct fng_client_learned *learned)
{
	bool device = learned->device_id;

	json_object_set_new(row, device ? "device_id" : "cgroup_id",
			    json_integer(device ? learned->device_id :
						  learned->cgroup_id));
	fng_set_text(row, device ? "device" : "cgroup",
		     device ? learned->device : learned->cgroup);
}

static int add_name(const struct fng_client_learned *learned, void *data)
{
	struct view *view = data;
	json_t *row;

	if (!is_ours(view, learned))
		return 0;
	row = json_pack("{s:s, s:s, s:I, s:I, s:s}",
			"name", learned->name, "address", learned->address,
			"ttl", (json_int_t)learned->ttl,
			"hits", (json_int_t)learned->hits,
			"resolver", learned->resolver);
	add_owner(row, learned);
	json_array_append_new(view->names, row);
	return 0;
}

static int compare_names(const void *left, const void *right)
{
	static const char *const keys[] = {
		"name", "address", "cgroup", "device"
	};
	const json_t *const *a = left, *const *b = right;
	int order = 0;

	for (size_t i = 0; i < 4 && !order; i++)
		order = strcmp(json_string_value(json_object_get(*a, keys[i])) ?: "",
			       json_string_value(json_object_get(*b, keys[i])) ?: "");
	return order;
}

/* The kernel tells them in no order that means anything. */
static void sort_names(struct view *view)
{
	size_t nr = json_array_size(view->names);
	json_t **rows = calloc(nr + 1, sizeof(*rows));

	if (!rows)
		return;
	for (size_t i = 0; i < nr; i++)
		rows[i] = json_incref(json_array_get(view->names, i));
	qsort(rows, nr, sizeof(*rows), compare_names);
	json_array_clear(view->names);
	for (size_t i = 0; i < nr; i++)
		json_array_append_new(view->names, rows[i]);
	free(rows);
}

static json_t *rule_row(const struct view *view, u32 id)
{
	const char *strings = NULL;
	const struct fng_image_rule *rule = fng_rule_find(view->image, id,
							  &strings);
	char at[512];

	if (rule->class != FNG_CLASS_EGRESS)
		return NULL;
	snprintf(at, sizeof(at), "%s:%u", strings + rule->file, rule->line);
	return json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)id,
			 "rule", strings + rule->text, "at", at,
			 "refused", (json_int_t)view->refused[id]);
}

static json_t *rule_rows(const struct view *view)
{
	json_t *rows = json_array(), *row;

	for (u32 i = 0; i < fng_rules_count(view->image); i++) {
		row = rule_row(view, i);
		if (row)
			json_array_append_new(rows, row);
	}
	return rows;
}

static void print(const struct view *view)
{
	json_t *rules = rule_rows(view);

	if (fng_output_json) {
		fng_output_value(json_pack("{s:o, s:O}", "rules", rules,
					   "names", view->names));
		return;
	}
	fng_output_table(rules, rule_columns);
	if (json_array_size(view->names))
		putchar('\n');
	if (json_array_size(view->names))
		fng_output_table(json_incref(view->names), name_columns);
}

static int show(const struct fng_offline *offline, const char *name)
{
	struct view view = { .image = &offline->image };
	struct fng_client client;
	const u64 all = 0;
	int result;

	view.refused = calloc(fng_rules_count(view.image) + 1,
			      sizeof(*view.refused));
	view.names = json_array();
	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client,
				fng_client_counters(&client, name, &all, count,
						    &view));
	if (!result)
		result = fng_session_failed(&client,
				fng_client_learned(&client, 0, add_name,
						   &view));
	sort_names(&view);
	if (!result)
		print(&view);
	fng_client_close(&client);
	json_decref(view.names);
	free(view.refused);
	return result;
}

int fng_cmd_egress_show(int argc, char **argv)
{
	static const struct option options[] = {
		{ NULL, 0, NULL, 0 },
	};
	struct fng_offline offline = { 0 };
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		;
	fng_cli_args(argc, argv, 1, 1);
	result = fng_load_find(&offline, argv[optind]);
	if (!result)
		result = show(&offline, argv[optind]);
	fng_offline_free(&offline);
	return result;
}
