/* SPDX-License-Identifier: MIT */
/*
 * Policies on their way from a file to the kernel.
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <client/client.h>
#include "policy_offline.h"

/**
 * fng_load_read() - read an image, or compile a policy
 * @policy: filled in, to be freed in every case
 * @options: options of the command line; must outlive @policy
 * @path: file; "-" is standard input
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_load_read(struct fng_offline *policy,
		  const struct fng_offline *options, const char *path);

/**
 * fng_load() - load policies, all or none
 * @client: connection
 * @policies: the policies
 * @nr: number of them
 * @generation: generation to replace, 0 for the current; set to the new one
 *
 * Arms first if the guard is idle or not proven.
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_load(struct fng_client *client, const struct fng_offline *policies,
	     size_t nr, u64 *generation);

#endif /* CLI_LOAD_H */
