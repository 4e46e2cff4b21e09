// SPDX-License-Identifier: MIT
/*
 * fnguard cgroup activate: let another function use a cgroup of a warm pool.
 */
#include <unistd.h>

#include <client/activation.h>
#include "output.h"
#include "session.h"

static int activate(struct fng_client *client, const char *path,
		    struct fng_client_activation *activation)
{
	int result;

	activation->cgroup_fd = fng_session_cgroup(path);
	if (activation->cgroup_fd < 0)
		return FNG_EXIT_FAILED;
	result = fng_session_failed(client,
				    fng_client_cgroup_activate(client,
							       activation));
	close(activation->cgroup_fd);
	if (!result)
		fng_output_done(json_pack("{s:o, s:o}", "activated",
					  fng_text(path), "policy",
					  fng_text(activation->policy)),
				"Activated %s with %s.", path,
				activation->policy);
	return result;
}

int fng_cmd_cgroup_activate(int argc, char **argv)
{
	struct fng_client_activation activation = { .cgroup_fd = -1 };
	char labels[FNG_MAX_LABELS + 1] = "";
	struct fng_client client;
	int result;

	activation.labels = fng_labels_read(argc, argv, labels);
	fng_cli_args(argc, argv, 2, 3);
	activation.policy = argv[optind + 1];
	activation.name = argv[optind + 2];
	result = fng_session_open(&client);
	if (!result)
		result = activate(&client, argv[optind], &activation);
	fng_client_close(&client);
	return result;
}
