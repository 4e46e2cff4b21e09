/* SPDX-License-Identifier: MIT */
/*
 * Policies on their way from a file to the kernel.
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <client/client.h>

struct fngc_result;

/* Parameters that may be set on one command line. */
#define FNG_LOAD_MAX_PARAMS	64

/**
 * struct fng_loadable - a policy to load
 * @name: its name
 * @image: what to load
 * @compiled: what it was compiled by, or NULL if it was read as an image
 * @buffer: an image that was read, or NULL
 */
struct fng_loadable {
	char name[FNG_MAX_POLICY_NAME + 1];
	struct fng_client_image image;
	struct fngc_result *compiled;
	void *buffer;
};

/**
 * fng_loadable_read() - read an image, or compile a policy
 * @policy: filled in, to be freed in every case
 * @path: file; "-" is standard input
 * @params: "name=value", ends with NULL
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_loadable_read(struct fng_loadable *policy, const char *path,
		      const char *const *params);
void fng_loadable_free(struct fng_loadable *policy);

/**
 * fng_loadable_load() - load policies, all or none
 * @client: connection
 * @policies: the policies
 * @nr: number of them
 * @generation: generation to replace, 0 for the current; set to the new one
 *
 * Arms first if the guard is idle or not proven.
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_loadable_load(struct fng_client *client,
		      const struct fng_loadable *policies, size_t nr,
		      u64 *generation);

#endif /* CLI_LOAD_H */
