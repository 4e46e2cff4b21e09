// SPDX-License-Identifier: MIT
/*
 * fnguard cgroup audit: let rules refuse nothing in a cgroup for a while.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exemption.h"
#include "session.h"

static int append(const struct fng_client_exemption *exemption, void *data)
{
	json_t *object = json_object();

	fng_set_text(object, "cgroup", exemption->cgroup);
	json_object_set_new(object, "id", json_integer(exemption->cgroup_id));
	json_object_set_new(object, "left", json_integer(exemption->seconds));
	json_object_set_new(object, "reason", fng_text(exemption->reason));
	return json_array_append_new(data, object);
}

int fng_exemptions_read(struct fng_client *client, json_t *exemptions)
{
	return fng_client_exemption_list(client, append, exemptions);
}

static json_int_t left_of(const json_t *exemption)
{
	return json_integer_value(json_object_get(exemption, "left"));
}

static const char *member(const json_t *exemption, const char *key)
{
	return json_string_value(json_object_get(exemption, key)) ?: "";
}

static bool is_inside(const char *cgroup, const char *of)
{
	size_t length = strlen(of);

	return length && !strncmp(cgroup, of, length) &&
	       (!cgroup[length] || cgroup[length] == '/');
}

json_t *fng_exemption_of(const json_t *exemptions, const char *cgroup)
{
	json_t *exemption, *last = NULL;
	size_t i;

	json_array_foreach(exemptions, i, exemption)
		if (is_inside(cgroup, member(exemption, "cgroup")) &&
		    (!last || left_of(exemption) > left_of(last)))
			last = exemption;
	return last;
}

static void print_left(FILE *out, const json_t *exemption)
{
	json_int_t left = left_of(exemption);

	if (left >= 3600)
		fprintf(out, "%" JSON_INTEGER_FORMAT "h ", left / 3600);
	if (left >= 60)
		fprintf(out, "%" JSON_INTEGER_FORMAT "m ", left / 60 % 60);
	fprintf(out, "%" JSON_INTEGER_FORMAT "s: %s", left % 60,
		member(exemption, "reason"));
}

char *fng_exemption_text(const json_t *exemption)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_left(out, exemption);
	fclose(out);
	return text;
}

char *fng_exemptions_text(const json_t *exemptions)
{
	const json_t *exemption;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_array_foreach(exemptions, i, exemption) {
		fprintf(out, "%s%s ", i ? "; " : "",
			member(exemption, "cgroup"));
		print_left(out, exemption);
	}
	fclose(out);
	return text;
}

static int begin(struct fng_client *client, const char *path,
		 const struct fng_client_exemption *exemption)
{
	int result = fng_session_failed(client,
					fng_client_exempt(client, exemption));

	if (!result)
		fng_output_done(json_pack("{s:o, s:I, s:o}",
					  "cgroup", fng_text(path),
					  "left",
					  (json_int_t)exemption->seconds,
					  "reason",
					  fng_text(exemption->reason)),
				"For %" PRIu32 " s, rules refuse nothing in %s.",
				exemption->seconds, path);
	return result;
}

static int end(struct fng_client *client, const char *path, int fd)
{
	int result = fng_session_failed(client,
					fng_client_exempt_end(client, fd));

	if (!result)
		fng_output_done(json_pack("{s:o}", "ended", fng_text(path)),
				"Rules refuse again in %s.", path);
	return result;
}

static int act(struct fng_client *client, const char *path,
	       struct fng_client_exemption *exemption)
{
	int result, fd = fng_session_cgroup(path);

	if (fd < 0)
		return FNG_EXIT_FAILED;
	exemption->cgroup_fd = fd;
	result = exemption->reason ? begin(client, path, exemption) :
				     end(client, path, fd);
	close(fd);
	return result;
}

int fng_cmd_cgroup_audit(int argc, char **argv)
{
	static const struct option options[] = {
		{ "for", required_argument, NULL, 'f' },
		{ "reason", required_argument, NULL, 'r' },
		{ "end", no_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	struct fng_client_exemption exemption = { .cgroup_fd = -1 };
	struct fng_client client;
	const char *time = NULL;
	bool ends = false;
	int result, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'f')
			time = optarg;
		else if (c == 'r')
			exemption.reason = optarg;
		else
			ends = true;
	}
	fng_cli_args(argc, argv, 1, 1);
	if (ends ? time || exemption.reason : !time || !exemption.reason)
		return fng_cli_usage(argv, "say --for TIME and --reason TEXT, or --end");
	if (exemption.reason && (!*exemption.reason ||
				 strlen(exemption.reason) >
					FNG_MAX_EXEMPTION_REASON))
		return fng_cli_usage(argv, "a reason has at least 1 byte and at most %d",
				     FNG_MAX_EXEMPTION_REASON);
	exemption.seconds = time ? fng_cli_time(time, FNG_MAX_EXEMPTION) : 0;
	if (time && !exemption.seconds)
		return fng_cli_usage(argv, FNG_CLI_NO_TIME, time);
	result = fng_session_open(&client);
	if (!result)
		result = act(&client, argv[optind], &exemption);
	fng_client_close(&client);
	return result;
}
