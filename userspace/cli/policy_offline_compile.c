// SPDX-License-Identifier: MIT
/*
 * fnguard policy compile: from text to an image on disk.
 */
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "output.h"
#include "policy_offline.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int deliver(const struct fngc_result *result, const char *path)
{
	char name[FNG_MAX_POLICY_NAME + 8];
	json_t *answer;
	int err;

	if (!path) {
		snprintf(name, sizeof(name), "%s.fng", result->view.meta->name);
		path = name;
	}
	err = fng_file_write(path, result->image, result->image_size);
	if (err) {
		fng_output_error("cannot write %s: %s", path, strerror(-err));
		return FNG_EXIT_FAILED;
	}
	if (!strcmp(path, "-"))
		return FNG_EXIT_DONE;
	answer = json_pack("{s:s, s:I, s:s, s:I, s:o}",
			   "policy", result->view.meta->name,
			   "version", (json_int_t)result->view.meta->version,
			   "image", path,
			   "size", (json_int_t)result->image_size,
			   "diagnostics", fngc_diags_json(result));
	fng_output_done(answer, "%s: policy %s, version %u, %zu bytes", path,
			result->view.meta->name, result->view.meta->version,
			result->image_size);
	return FNG_EXIT_DONE;
}

int fng_cmd_policy_compile(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	const char *output = NULL;
	int option, status;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == 'o')
			output = optarg;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, 1);
	status = fng_offline_read(&offline, argv[optind]);
	if (!status && !offline.result) {
		fng_output_error("%s is an image already", argv[optind]);
		status = FNG_EXIT_FAILED;
	}
	if (!status && !fng_output_json)
		fng_offline_print(offline.result, 1u << FNGC_WARNING |
				  1u << FNGC_LOOSENING, 2);
	if (!status)
		status = deliver(offline.result, output);
	fng_offline_free(&offline);
	return status;
}
