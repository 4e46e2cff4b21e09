// SPDX-License-Identifier: MIT
/*
 * fnguard version: of this program, and of the module if it is loaded.
 */
#include <fnguard/image.h>
#include "output.h"
#include "session.h"

static const struct fng_column columns[] = {
	{ "version", "fnguard", NULL, NULL },
	{ "image_abi", "image format", NULL, NULL },
	{ "module_version", "module", NULL, NULL },
	{ "module_image_abi", "module's image format", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

int fng_cmd_version(int argc, char **argv)
{
	struct fng_client_status status;
	struct fng_client client;
	json_t *object;

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	object = json_pack("{s:s, s:i}", "version", FNG_VERSION, "image_abi",
			   FNG_IMAGE_ABI);
	if (!fng_client_open(&client) &&
	    !fng_client_status(&client, false, &status)) {
		fng_set_text(object, "module_version", status.module_version);
		json_object_set_new(object, "module_image_abi",
				    json_integer(status.image_abi));
	}
	fng_client_close(&client);
	fng_output_record(object, columns);
	return FNG_EXIT_DONE;
}
