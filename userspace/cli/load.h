/* SPDX-License-Identifier: MIT */
/*
 * Policies on their way from a file to the kernel, and back.
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <client/load.h>
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

/* Takes the time of --confirm-within; returns an enum fng_exit. */
int fng_load_within(struct fng_client_load *how, char **argv);

/* Says how long it is there to be confirmed, and adds that to the answer. */
void fng_load_note_within(const struct fng_client_load *how, json_t *answer);

/* What looks like a path, or is a file, is one; everything else is a name. */
bool fng_load_is_file(const char *policy);

/**
 * fng_load_find() - read a file, or fetch a policy that the kernel holds
 * @policy: options; gets the result, to be freed in every case
 * @what: file, or name of a loaded policy
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_load_find(struct fng_offline *policy, const char *what);

/* The same of a name alone. */
int fng_load_fetch(struct fng_offline *policy, const char *name);

/* The kernel knows no policy of that name; returns an enum fng_exit. */
int fng_load_unknown(const char *name);

/**
 * fng_load() - load policies, all or none
 * @client: connection
 * @policies: the policies
 * @nr: number of them
 * @how: @generation may be 0 for the current
 *
 * Arms first if the guard is idle or not proven.
 * Digests the files that the policies know, if they are below /.
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_load(struct fng_client *client, const struct fng_offline *policies,
	     size_t nr, struct fng_client_load *how);

/**
 * fng_load_unless_there() - the same of one policy, unless its bytes are loaded
 * @client: connection
 * @policy: the policy
 *
 * What was refused by a policy that is loaded once more is of one that was replaced,
 * and nobody can tell its rule any more.
 */
int fng_load_unless_there(struct fng_client *client,
			  const struct fng_offline *policy);

#endif /* CLI_LOAD_H */
