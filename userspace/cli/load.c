// SPDX-License-Identifier: MIT
/*
 * Policies on their way from a file to the kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "output.h"
#include "session.h"

/* Remarks must not get into the answer, nor keep the policy from loading. */
#define REMARKS	(1u << FNGC_WARNING | 1u << FNGC_LOOSENING)

int fng_load_read(struct fng_offline *policy,
		  const struct fng_offline *options, const char *path)
{
	int result;

	*policy = *options;
	result = fng_offline_read(policy, path);
	if (result)
		return result;
	if (policy->blob && options->nr_params) {
		fng_output_error("%s is compiled already: --set comes too late",
				 path);
		return FNG_EXIT_USAGE;
	}
	if (policy->result && !fng_output_json)
		fng_offline_print(policy->result, REMARKS, 2);
	return FNG_EXIT_DONE;
}

static int current_generation(struct fng_client *client, u64 *generation)
{
	struct fng_client_status status;
	int err = fng_client_status(client, false, &status);

	*generation = status.policy_gen;
	return fng_session_failed(client, err);
}

int fng_load(struct fng_client *client, const struct fng_offline *policies,
	     size_t nr, u64 *generation)
{
	struct fng_client_image images[FNG_MAX_TRANSACTION];
	int result, err;
	size_t i;

	for (i = 0; i < nr; i++) {
		images[i].data = policies[i].blob ?: policies[i].result->image;
		images[i].size = policies[i].image.size;
	}
	result = fng_session_arm(client);
	if (!result && !*generation)
		result = current_generation(client, generation);
	if (result)
		return result;
	err = fng_client_policy_load(client, generation, images, nr);
	if (err == -ESTALE)
		fng_output_note("somebody else changed the policies; look at fnguard policy list and try again");
	return fng_session_failed(client, err);
}
