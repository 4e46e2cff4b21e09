/* SPDX-License-Identifier: MIT */
/*
 * The policies that apply to a cgroup, asked one after the other.
 */
#ifndef CLI_CHAIN_H
#define CLI_CHAIN_H

#include <client/refusals.h>
#include "answer.h"

/**
 * struct fng_shelf - policies that the kernel holds, each fetched once
 * @client: where from
 * @v: the policies
 * @nr: number of them
 */
struct fng_shelf {
	struct fng_client *client;
	struct fng_offline **v;
	size_t nr;
};

/**
 * fng_shelf_view() - a policy, or a phase of it
 * @shelf: fetches it, the first time
 * @name: the policy's
 * @phase: the phase, or empty for what it starts in
 * @view: set; valid as long as @shelf, and not to be freed
 *
 * Return: false if there is no such policy any more, or it has no such phase.
 */
bool fng_shelf_view(struct fng_shelf *shelf, const char *name, const char *phase,
		    struct fng_offline *view);

void fng_shelf_free(struct fng_shelf *shelf);

/* What a policy says of what is asked; false if it cannot be asked. */
typedef bool (*fng_chain_fn)(const struct fng_image *image, const void *what,
			     struct fng_decision *decision);

/**
 * fng_chain_ask() - ask all policies that apply to a cgroup
 * @shelf: of policies
 * @subject: which apply
 * @decide: asks one of them
 * @what: handed to it
 *
 * Return: a new object with verdict, that of all together, and policies, those of
 * each; if nobody could be asked, NULL.
 */
json_t *fng_chain_ask(struct fng_shelf *shelf,
		      const struct fng_client_subject *subject,
		      fng_chain_fn decide, const void *what);

#endif /* CLI_CHAIN_H */
