// SPDX-License-Identifier: MIT
/*
 * fnguard cgroup release: let a cgroup out of quarantine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "quarantine.h"
#include "session.h"

static int append(u64 id, const char *cgroup, void *data)
{
	json_t *object = json_object();

	fng_set_text(object, "cgroup", cgroup);
	json_object_set_new(object, "id", json_integer(id));
	return json_array_append_new(data, object);
}

int fng_quarantined_read(struct fng_client *client, json_t *cgroups)
{
	return fng_client_quarantined_list(client, append, cgroups);
}

char *fng_quarantined_text(const json_t *cgroups)
{
	const json_t *cgroup, *path;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_array_foreach(cgroups, i, cgroup) {
		path = json_object_get(cgroup, "cgroup");
		fprintf(out, "%s%s", i ? "; " : "",
			json_string_value(path) ?: "(gone)");
	}
	fclose(out);
	return text;
}

static int release(struct fng_client *client, const char *path)
{
	int result, fd = fng_session_cgroup(path);

	if (fd < 0)
		return FNG_EXIT_FAILED;
	result = fng_session_failed(client, fng_client_release(client, fd));
	close(fd);
	if (!result)
		fng_output_done(json_pack("{s:o}", "released", fng_text(path)),
				"Released %s.", path);
	return result;
}

int fng_cmd_cgroup_release(int argc, char **argv)
{
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 1, 1);
	result = fng_session_open(&client);
	if (!result)
		result = release(&client, argv[optind]);
	fng_client_close(&client);
	return result;
}
