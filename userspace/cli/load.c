// SPDX-License-Identifier: MIT
/*
 * Policies on their way from a file to the kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <compiler/compiler.h>
#include <fnguard/image.h>
#include "load.h"
#include "output.h"
#include "session.h"

/* Does it start as an image does? Standard input is always text. */
static bool is_image(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : NULL;
	u32 magic = 0;
	bool found;

	if (!file)
		return false;
	found = fread(&magic, sizeof(magic), 1, file) == 1 &&
		magic == FNG_IMAGE_MAGIC;
	fclose(file);
	return found;
}

static int read_all(const char *path, void **data, size_t *size)
{
	FILE *file = fopen(path, "re");
	long length;
	int err = 0;

	if (!file)
		return -errno;
	if (fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0) {
		err = -errno;
	} else if (length > (long)FNG_MAX_IMAGE_SIZE) {
		err = -EFBIG;
	} else {
		rewind(file);
		*data = aligned_alloc(16, (length + 15) & ~15L);
		*size = length;
		if (!*data || fread(*data, 1, length, file) != (size_t)length)
			err = -EIO;
	}
	fclose(file);
	return err;
}

/* The kernel's own verifier judges here first: it names the offset, too. */
static int read_image(struct fng_loadable *policy, const char *path)
{
	struct fng_image_error why = { .reason = NULL };
	struct fng_image view;
	int err;

	err = read_all(path, &policy->buffer, &policy->image.size);
	if (err) {
		fng_output_error("cannot read %s: %s", path, strerror(-err));
		return FNG_EXIT_FAILED;
	}
	policy->image.data = policy->buffer;
	err = fng_image_verify(policy->image.data, policy->image.size, &view,
			       &why);
	if (err) {
		fng_output_error("%s is not a valid image: %s (at byte %u)",
				 path, why.reason, why.offset);
		return FNG_EXIT_POLICY;
	}
	snprintf(policy->name, sizeof(policy->name), "%s", view.meta->name);
	return FNG_EXIT_DONE;
}

static void complain(const struct fngc_result *result)
{
	if (!fng_output_json) {
		if (result->nr_errors || result->nr_warnings)
			fngc_diags_print(result, stderr, fng_output_colour(2));
		return;
	}
	if (result->nr_errors)
		fng_output_value(json_pack("{s:s, s:o}", "error",
					   "the policy is invalid",
					   "diagnostics",
					   fngc_diags_json(result)));
}

static int compile(struct fng_loadable *policy, const char *path,
		   const char *const *params)
{
	struct fngc_options options = { .params = params };
	int err;

	err = fngc_compile_file(&options, path, &policy->compiled);
	if (policy->compiled)
		complain(policy->compiled);
	if (err)
		return err == -EINVAL ? FNG_EXIT_POLICY : FNG_EXIT_FAILED;
	policy->image.data = policy->compiled->image;
	policy->image.size = policy->compiled->image_size;
	snprintf(policy->name, sizeof(policy->name), "%s",
		 policy->compiled->view.meta->name);
	return FNG_EXIT_DONE;
}

int fng_loadable_read(struct fng_loadable *policy, const char *path,
		      const char *const *params)
{
	memset(policy, 0, sizeof(*policy));
	if (!is_image(path))
		return compile(policy, path, params);
	if (!params[0])
		return read_image(policy, path);
	fng_output_error("%s is compiled already: --set comes too late", path);
	return FNG_EXIT_USAGE;
}

void fng_loadable_free(struct fng_loadable *policy)
{
	fngc_result_free(policy->compiled);
	free(policy->buffer);
	memset(policy, 0, sizeof(*policy));
}

static int current_generation(struct fng_client *client, u64 *generation)
{
	struct fng_client_status status;
	int err = fng_client_status(client, false, &status);

	*generation = status.policy_gen;
	return fng_session_failed(client, err);
}

int fng_loadable_load(struct fng_client *client,
		      const struct fng_loadable *policies, size_t nr,
		      u64 *generation)
{
	struct fng_client_image images[FNG_MAX_TRANSACTION];
	int result, err;
	size_t i;

	for (i = 0; i < nr; i++)
		images[i] = policies[i].image;
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
