// SPDX-License-Identifier: MIT
/*
 * make_seeds DIRECTORY: writes the images that verify_fuzz starts from, each
 * followed by names that its rules are about.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/image_samples.h"

static const char names[] =
	"/usr/bin/python3/etc/motd/srv/data/app/secrets/key/fn/api-1/opt/x";

static void write_seed(const char *directory, enum sample sample)
{
	struct image_blob blob = sample_build(sample);
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, sample_name(sample));
	file = fopen(path, "wb");
	if (!file || fwrite(blob.data, blob.size, 1, file) != 1 ||
	    fwrite(names, sizeof(names), 1, file) != 1 || fclose(file)) {
		perror(path);
		exit(1);
	}
	image_free(blob);
}

int main(int argc, char **argv)
{
	enum sample sample;

	if (argc != 2) {
		fputs("usage: make_seeds DIRECTORY\n", stderr);
		return 2;
	}
	for (sample = 0; sample < NR_SAMPLES; sample++)
		write_seed(argv[1], sample);
	return 0;
}
