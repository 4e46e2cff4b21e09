// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "policy_offline.h"

void fng_offline_option(struct fng_offline *offline, int option, char **argv)
{
	bool set = option == FNG_OFFLINE_SET;
	size_t *nr = set ? &offline->nr_params : &offline->nr_dirs;

	if (*nr == FNG_OFFLINE_MAX)
		exit(fng_cli_usage(argv, "too many --set or --policy-path"));
	(set ? offline->params : offline->dirs)[(*nr)++] = optarg;
	offline->options.params = offline->params;
	if (offline->nr_dirs)
		offline->options.policy_path = offline->dirs;
}

int fng_offline_compile(struct fng_offline *offline, const char *path)
{
	int err = fngc_compile_file(&offline->options, path, &offline->result);

	if (!err)
		offline->image = offline->result->view;
	if (!err)
		return FNG_EXIT_DONE;
	return err == -EINVAL ? FNG_EXIT_POLICY : FNG_EXIT_FAILED;
}

void fng_offline_print(const struct fngc_result *result, u32 severities, int fd)
{
	struct fngc_result some = *result;
	struct fngc_diag *diags;

	diags = calloc(result->nr_diags + 1, sizeof(*diags));
	if (!diags)
		return;
	some.nr_diags = 0;
	some.diags = diags;
	for (size_t i = 0; i < result->nr_diags; i++) {
		if (severities >> result->diags[i].severity & 1)
			diags[some.nr_diags++] = result->diags[i];
	}
	if (!(severities >> FNGC_ERROR & 1))
		some.nr_errors = 0;
	fngc_diags_print(&some, fd == 1 ? stdout : stderr,
			 fng_output_colour(fd));
	free(diags);
}

int fng_offline_phase(struct fng_offline *offline, const char *phase)
{
	const struct fng_image *image;

	if (!phase)
		return FNG_EXIT_DONE;
	image = offline->result ? fngc_phase_view(offline->result, phase) :
				  fngc_parts_phase(&offline->parts, phase);
	if (!image) {
		fng_output_error("policy %s has no phase '%s'",
				 offline->image.meta->name, phase);
		return FNG_EXIT_FAILED;
	}
	offline->image = *image;
	return FNG_EXIT_DONE;
}

/* Does the file start as an image does? Then it is read, and not compiled. */
static void *read_image(const char *path, size_t *size)
{
	u32 magic = 0;
	struct stat st;
	void *blob = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (read(fd, &magic, sizeof(magic)) == sizeof(magic) &&
	    magic == FNG_IMAGE_MAGIC && !fstat(fd, &st) &&
	    st.st_size <= FNG_MAX_IMAGE_SIZE) {
		*size = st.st_size;
		blob = malloc(*size);
		if (blob && pread(fd, blob, *size, 0) != (ssize_t)*size) {
			free(blob);
			blob = NULL;
		}
	}
	close(fd);
	return blob;
}

int fng_offline_take(struct fng_offline *offline, const char *path, void *blob,
		     size_t size)
{
	struct fng_image_error error;

	offline->blob = blob;
	offline->blob_size = size;
	if (!fngc_parts_verify(offline->blob, size, &offline->parts, &error)) {
		offline->image = offline->parts.part[0].image;
		return FNG_EXIT_DONE;
	}
	fng_output_error("%s: the image is not valid: %s, at byte %u", path,
			 error.reason, error.offset);
	return FNG_EXIT_POLICY;
}

static void complain(const struct fngc_result *result)
{
	json_t *value;

	if (!fng_output_json) {
		fngc_diags_print(result, stderr, fng_output_colour(2));
		return;
	}
	value = json_pack("{s:s, s:o}", "error", "the policy is invalid",
			  "diagnostics", fngc_diags_json(result));
	fng_output_value(value);
}

int fng_offline_read(struct fng_offline *offline, const char *path)
{
	size_t size;
	void *blob = read_image(path, &size);
	int status;

	if (blob)
		return fng_offline_take(offline, path, blob, size);
	status = fng_offline_compile(offline, path);
	if (status)
		complain(offline->result);
	return status;
}

const void *fng_offline_bytes(const struct fng_offline *offline, size_t *size)
{
	*size = offline->blob ? offline->blob_size :
				offline->result->image_size;
	return offline->blob ?: offline->result->image;
}

void fng_offline_free(struct fng_offline *offline)
{
	fngc_result_free(offline->result);
	free(offline->blob);
	free(offline->signature);
	offline->result = NULL;
	offline->blob = NULL;
	offline->signature = NULL;
	offline->signature_size = 0;
}
