/* SPDX-License-Identifier: MIT */
/*
 * Loading policies on trial, and beside those that are in force.
 */
#ifndef CLIENT_LOAD_H
#define CLIENT_LOAD_H

#include <client/client.h>

/**
 * struct fng_client_load - how policies are to be loaded
 * @generation: generation of policies that the caller has seen; set to the new
 * @within: seconds in which fng_client_policy_confirm() has to follow, or what was
 *	loaded before comes back; 0 if it need not
 * @candidate: as candidates of the loaded policies that have their names
 */
struct fng_client_load {
	u64 generation;
	u32 within;
	bool candidate;
};

/**
 * fng_client_policy_load_as() - load policies, all or none, in a certain way
 * @client: connection
 * @how: in which
 * @images: the policies
 * @nr: number of them, at most FNG_MAX_TRANSACTION
 *
 * Return: as fng_client_policy_load(), and -EBUSY while an earlier load waits to be
 * confirmed.
 */
int fng_client_policy_load_as(struct fng_client *client,
			      struct fng_client_load *how,
			      const struct fng_client_image *images, size_t nr);

/**
 * fng_client_policy_promote() - have a candidate take its policy's place
 * @client: connection
 * @how: @generation and @within, as for fng_client_policy_load_as()
 * @name: of the policy
 *
 * Return: 0, -ENOENT if it has no candidate, or another negative errno.
 */
int fng_client_policy_promote(struct fng_client *client,
			      struct fng_client_load *how, const char *name);

/* Unloads the candidate of a policy; -ENOENT if it has none. */
int fng_client_candidate_unload(struct fng_client *client, u64 *generation,
				const char *name);

/* Keeps what was loaded so; -ENOENT if nothing waits for it. Sets @generation. */
int fng_client_policy_confirm(struct fng_client *client, u64 *generation);

/* Has what was there before come back at once; the same otherwise. */
int fng_client_policy_rollback(struct fng_client *client, u64 *generation);

/**
 * struct fng_client_candidate - the candidate of a loaded policy
 * @version: the author's number
 * @image_hash: hash of its image
 * @would_deny: how often it would have refused what the policy allows
 * @would_allow: how often it would have allowed what the policy refuses
 */
struct fng_client_candidate {
	u32 version;
	u64 image_hash;
	u64 would_deny;
	u64 would_allow;
};

#endif /* CLIENT_LOAD_H */
