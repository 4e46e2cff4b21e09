// SPDX-License-Identifier: MIT
/*
 * What verbs that talk to the kernel module share.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <client/cgroup.h>
#include <client/json.h>
#include "output.h"
#include "session.h"

int fng_session_open(struct fng_client *client)
{
	if (!fng_client_open(client))
		return FNG_EXIT_DONE;
	fng_output_error("%s", client->error);
	return FNG_EXIT_ABSENT;
}

/* Is the refusal the seal's? Then the module talks to us all the same. */
static bool is_seals(const struct fng_client *client)
{
	return !strncmp(client->error, FNG_REFUSED_SEALED,
			strlen(FNG_REFUSED_SEALED));
}

int fng_session_failed(const struct fng_client *client, int err)
{
	if (client->warning[0])
		fng_output_note("the kernel remarks: %s", client->warning);
	if (!err)
		return FNG_EXIT_DONE;
	if (err == -EPERM && !strcmp(client->error, strerror(EPERM)))
		fng_output_error("the kernel refused: this takes CAP_NET_ADMIN and CAP_SYS_ADMIN, outside any guarded cgroup");
	else
		fng_output_error("the kernel refused: %s", client->error);
	return err == -EPERM && !is_seals(client) ? FNG_EXIT_ABSENT :
						    FNG_EXIT_FAILED;
}

int fng_session_list(int argc, char **argv,
		     int (*list)(struct fng_client *client, json_t *rows),
		     const struct fng_column *columns)
{
	json_t *rows = json_array();
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 0, 0);
	result = fng_session_open(&client);
	if (!result)
		result = fng_session_failed(&client, list(&client, rows));
	if (!result)
		fng_output_table(json_incref(rows), columns);
	json_decref(rows);
	fng_client_close(&client);
	return result;
}

int fng_session_cgroup(const char *path)
{
	int fd = fng_cgroup_open(path);

	if (fd >= 0)
		return fd;
	if (fd == -EMEDIUMTYPE)
		fng_output_error("%s is not a cgroup of the v2 hierarchy", path);
	else if (fd == -ENODEV)
		fng_output_error("no cgroup v2 hierarchy is mounted");
	else
		fng_output_error("cannot open the cgroup %s: %s", path,
				 strerror(-fd));
	return -1;
}

const char *fng_label_add(char *labels, const char *label)
{
	size_t used = strlen(labels), size = strlen(label);
	const char *equals = strchr(label, '=');

	if (!equals || equals == label)
		return "a label is KEY=VALUE";
	if (strchr(label, ','))
		return "a label must not contain a comma";
	if (used + !!used + size > FNG_MAX_LABELS)
		return "labels are limited to 256 bytes";
	if (used)
		labels[used++] = ',';
	memcpy(labels + used, label, size + 1);
	return NULL;
}

const char *fng_labels_read(int argc, char **argv, char *labels)
{
	static const struct option options[] = {
		{ "label", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	const char *wrong;

	while (fng_cli_getopt(argc, argv, options) != -1) {
		wrong = fng_label_add(labels, optarg);
		if (wrong)
			exit(fng_cli_usage(argv, "%s: \"%s\"", wrong, optarg));
	}
	return *labels ? labels : NULL;
}

json_t *fng_labels_object(const char *labels)
{
	json_t *object = json_object();
	char text[FNG_MAX_LABELS + 1], *next, *label, *equals;

	snprintf(text, sizeof(text), "%s", labels ?: "");
	for (next = text; (label = strsep(&next, ","));) {
		equals = strchr(label, '=');
		if (equals)
			*equals = '\0';
		if (*label)
			json_object_set_new(object, label,
					    fng_text(equals ? equals + 1 : ""));
	}
	return object;
}

json_t *fng_text(const char *text)
{
	size_t left = strlen(text), length;
	char *clean = malloc(3 * left + 1), *to = clean;
	json_t *string;

	if (!clean)
		return NULL;
	for (; left; text += length, left -= length) {
		length = fng_utf8_length((const u8 *)text, left);
		if (length) {
			memcpy(to, text, length);
			to += length;
		} else {
			memcpy(to, "\xef\xbf\xbd", 3);
			to += 3;
			length = 1;
		}
	}
	string = json_stringn(clean, to - clean);
	free(clean);
	return string;
}

void fng_set_text(json_t *object, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(object, key, fng_text(text));
}
