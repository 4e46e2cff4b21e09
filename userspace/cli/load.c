// SPDX-License-Identifier: MIT
/*
 * Policies on their way from a file to the kernel, and back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attest.h"
#include "certificate.h"
#include "file.h"
#include "load.h"
#include "output.h"
#include "session.h"

/* Remarks must not get into the answer, nor keep the policy from loading. */
#define REMARKS	(1u << FNGC_WARNING | 1u << FNGC_LOOSENING)

/* Beside an image there may be its signature; only a sealed guard misses one. */
static int read_signature(struct fng_offline *policy, const char *path)
{
	char name[4096];
	int err;

	snprintf(name, sizeof(name), "%s" FNG_SIGNATURE_SUFFIX, path);
	err = fng_file_read(name, FNG_MAX_SIGNATURE, &policy->signature,
			    &policy->signature_size);
	if (!err || err == -ENOENT)
		return FNG_EXIT_DONE;
	fng_output_error("cannot use the signature %s: %s", name,
			 strerror(-err));
	return FNG_EXIT_FAILED;
}

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
	return policy->blob ? read_signature(policy, path) : FNG_EXIT_DONE;
}

int fng_load_within(struct fng_client_load *how, char **argv)
{
	how->within = fng_cli_time(optarg, FNG_MAX_TRIAL);
	return how->within ? FNG_EXIT_DONE :
	       fng_cli_usage(argv, "--confirm-within: " FNG_CLI_NO_TIME,
			     optarg);
}

void fng_load_note_within(const struct fng_client_load *how, json_t *answer)
{
	if (!how->within)
		return;
	json_object_set_new(answer, "confirm_within",
			    json_integer(how->within));
	fng_output_note("rolled back in %u s, unless you say fnguard policy confirm",
			how->within);
}

bool fng_load_is_file(const char *policy)
{
	const char *suffix = strrchr(policy, '.');

	return !strcmp(policy, "-") || strchr(policy, '/') ||
	       (suffix && !strcmp(suffix, ".yaml")) || !access(policy, F_OK);
}

int fng_load_unknown(const char *name)
{
	fng_output_error("there is no file and no loaded policy \"%s\"", name);
	return FNG_EXIT_FAILED;
}

static int fetch(struct fng_offline *policy, struct fng_client *client,
		 const char *name)
{
	void *image;
	size_t size;
	int err;

	if (policy->nr_params) {
		fng_output_error("--set is for policy files; %s is a loaded policy",
				 name);
		return FNG_EXIT_USAGE;
	}
	err = fng_client_policy_image(client, name, &image, &size);
	if (err == -ENOENT)
		return fng_load_unknown(name);
	if (err)
		return fng_session_failed(client, err);
	return fng_offline_take(policy, name, image, size);
}

int fng_load_fetch(struct fng_offline *policy, const char *name)
{
	struct fng_client client;
	int result = fng_session_open(&client);

	if (!result)
		result = fetch(policy, &client, name);
	fng_client_close(&client);
	return result;
}

int fng_load_find(struct fng_offline *policy, const char *what)
{
	return fng_load_is_file(what) ? fng_offline_read(policy, what) :
	       fng_load_fetch(policy, what);
}

/* The kernel would say so of one of many, but not of which. */
static int check_signed(const struct fng_offline *policies, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (policies[i].signature_size)
			continue;
		fng_output_error("the guard is sealed and the policy %s has no signature; load an image that fnguard policy sign has signed",
				 policies[i].image.meta->name);
		return FNG_EXIT_FAILED;
	}
	return FNG_EXIT_DONE;
}

static int look_first(struct fng_client *client,
		      const struct fng_offline *policies, size_t nr,
		      u64 *generation)
{
	struct fng_client_status status;
	int err = fng_client_status(client, false, &status);

	if (err)
		return fng_session_failed(client, err);
	if (!*generation)
		*generation = status.policy_gen;
	return status.sealed ? check_signed(policies, nr) : FNG_EXIT_DONE;
}

int fng_load(struct fng_client *client, const struct fng_offline *policies,
	     size_t nr, struct fng_client_load *how)
{
	struct fng_client_image images[FNG_MAX_TRANSACTION];
	int result, err;
	size_t i;

	for (i = 0; i < nr; i++) {
		images[i].data = fng_offline_bytes(&policies[i],
						   &images[i].size);
		images[i].signature = policies[i].signature;
		images[i].signature_size = policies[i].signature_size;
	}
	result = fng_session_arm(client);
	if (!result)
		result = look_first(client, policies, nr, &how->generation);
	if (result)
		return result;
	/* What is known of files belongs to no policy, so it can be told first. */
	for (i = 0; i < nr; i++)
		fng_attest_host(client, &policies[i].image);
	err = fng_client_policy_load_as(client, how, images, nr);
	if (err == -ESTALE)
		fng_output_note("somebody else changed the policies; look at fnguard policy list and try again");
	return fng_session_failed(client, err);
}

static bool is_there(struct fng_client *client,
		     const struct fng_offline *policy)
{
	const void *bytes;
	size_t size, there;
	void *image;
	bool same;

	bytes = fng_offline_bytes(policy, &size);
	if (fng_client_policy_image(client, policy->image.meta->name, &image,
				    &there))
		return false;
	same = size == there && !memcmp(bytes, image, size);
	free(image);
	return same;
}

int fng_load_unless_there(struct fng_client *client,
			  const struct fng_offline *policy)
{
	struct fng_client_load how = { .generation = 0 };

	if (!is_there(client, policy))
		return fng_load(client, policy, 1, &how);
	fng_attest_host(client, &policy->image);
	return fng_session_arm(client);
}
