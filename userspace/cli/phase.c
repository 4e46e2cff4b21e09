// SPDX-License-Identifier: MIT
/*
 * fnguard cgroup phase: which phase of its policies a cgroup is in, and the next.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <client/cgroup.h>
#include <client/phase.h>
#include "output.h"
#include "session.h"

static char *phase_text(const json_t *value)
{
	return strdup(json_is_string(value) ? json_string_value(value) :
					      "(start)");
}

static const struct fng_column columns[] = {
	{ "policy", "POLICY", NULL, NULL },
	{ "phase", "PHASE", phase_text, NULL },
	{ "seconds", "SECONDS", NULL, NULL },
	{ "next", "NEXT", NULL, NULL },
	{ "enter", "ENTERED BY", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/**
 * struct listing - phases of one cgroup
 * @cgroup_id: the cgroup
 * @rows: filled
 */
struct listing {
	u64 cgroup_id;
	json_t *rows;
};

static int append(const struct fng_client_phase *phase, void *data)
{
	static const char *const enters[FNG_NR_ENTERS] = FNG_ENTER_NAMES;
	struct listing *listing = data;
	json_t *row;

	if (phase->cgroup_id != listing->cgroup_id)
		return 0;
	row = json_pack("{s:o, s:I}", "policy", fng_text(phase->policy),
			"seconds", (json_int_t)phase->seconds);
	json_object_set_new(row, "phase", phase->phase ?
			    fng_text(phase->phase) : json_null());
	fng_set_text(row, "next", phase->next);
	if (phase->next && phase->enter < FNG_NR_ENTERS)
		fng_set_text(row, "enter", enters[phase->enter]);
	return json_array_append_new(listing->rows, row);
}

static int read_phases(struct fng_client *client, int fd, json_t *rows)
{
	struct listing listing = { fng_cgroup_id(fd), rows };

	return fng_session_failed(client, fng_client_phase_list(client, append,
								&listing));
}

static const char *policy_of(const json_t *rows, size_t i)
{
	return json_string_value(json_object_get(json_array_get(rows, i),
						 "policy"));
}

/* Where one policy alone has phases, it need not be named. */
static int choose(const json_t *rows, const char *path, const char **policy)
{
	if (*policy)
		return FNG_EXIT_DONE;
	*policy = policy_of(rows, 0);
	if (json_array_size(rows) == 1)
		return FNG_EXIT_DONE;
	if (!*policy)
		fng_output_error("no policy with phases applies to %s, or nothing has been done in it yet: name one by --policy",
				 path);
	else
		fng_output_error("several policies with phases apply to %s: name one by --policy",
				 path);
	return FNG_EXIT_FAILED;
}

static int enter(struct fng_client *client, int fd, const char *path,
		 const char *policy, const char *phase)
{
	int result;

	result = fng_session_failed(client, fng_client_phase_enter(client, fd,
								   policy,
								   phase));
	if (!result)
		fng_output_done(json_pack("{s:o, s:o, s:o}", "cgroup",
					  fng_text(path), "policy",
					  fng_text(policy), "phase",
					  fng_text(phase)),
				"%s is in phase %s of %s.", path, phase,
				policy);
	return result;
}

static int show_or_enter(struct fng_client *client, const char *path,
			 const char *phase, const char *policy)
{
	int fd = fng_session_cgroup(path), result;
	json_t *rows;

	if (fd < 0)
		return FNG_EXIT_FAILED;
	rows = json_array();
	result = read_phases(client, fd, rows);
	if (!result && phase)
		result = choose(rows, path, &policy) ?:
			 enter(client, fd, path, policy, phase);
	else if (!result)
		fng_output_table(json_incref(rows), columns);
	json_decref(rows);
	close(fd);
	return result;
}

int fng_cmd_cgroup_phase(int argc, char **argv)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const char *policy = NULL;
	struct fng_client client;
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		policy = optarg;
	fng_cli_args(argc, argv, 1, 2);
	result = fng_session_open(&client);
	if (!result)
		result = show_or_enter(&client, argv[optind], argv[optind + 1],
				       policy);
	fng_client_close(&client);
	return result;
}
