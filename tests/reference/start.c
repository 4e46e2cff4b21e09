// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "model.h"
#include "start.h"

u64 ref_number_from(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

u64 ref_random_seed(void)
{
	u64 seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		perror("getrandom");
	/* Short enough to be typed. */
	return seed >> 24;
}

void ref_directory_remove(const char *directory)
{
	char path[64];

	for (u32 i = 1; i <= REF_MAX_TEMPLATES; i++) {
		snprintf(path, sizeof(path), "%s/t%u.yaml", directory, i);
		unlink(path);
	}
	rmdir(directory);
}
