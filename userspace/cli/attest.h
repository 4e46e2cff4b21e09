/* SPDX-License-Identifier: MIT */
/*
 * Files whose digests policies name: found, digested, and told to the kernel.
 */
#ifndef CLI_ATTEST_H
#define CLI_ATTEST_H

#include <client/client.h>
#include <engine/engine.h>

/**
 * enum fng_attest_state - what became of a file
 * @FNG_ATTEST_DONE: it is what the policy says, and the kernel knows
 * @FNG_ATTEST_ABSENT: there is none
 * @FNG_ATTEST_DIFFERENT: it is something else
 * @FNG_ATTEST_FAILED: it cannot be told, or the kernel cannot rely on it
 */
enum fng_attest_state {
	FNG_ATTEST_DONE,
	FNG_ATTEST_ABSENT,
	FNG_ATTEST_DIFFERENT,
	FNG_ATTEST_FAILED,
};

/**
 * struct fng_attested - a file after it was looked at
 * @path: as the policy has it
 * @root: directory that it was looked for in
 * @state: enum fng_attest_state
 * @reason: why it failed, or ""
 * @sha256: what was found in it, as text; "" if it was not read
 */
struct fng_attested {
	const char *path;
	const char *root;
	enum fng_attest_state state;
	char reason[FNG_CLIENT_TEXT_SIZE];
	char sha256[2 * FNG_SHA256_SIZE + 1];
};

/* Called for each file. */
typedef void (*fng_attest_fn)(const struct fng_attested *attested, void *data);

/**
 * fng_attest_image() - look at all files whose digests a policy names
 * @client: connection
 * @image: the policy's
 * @root: directory that the function sees as its root
 * @fn: called for each
 * @data: handed to @fn
 */
void fng_attest_image(struct fng_client *client, const struct fng_image *image,
		      const char *root, fng_attest_fn fn, void *data);

/*
 * The same below /, for who loads a policy: what is absent there is looked for
 * elsewhere, and anything else but success is remarked upon.
 */
void fng_attest_host(struct fng_client *client, const struct fng_image *image);

#endif /* CLI_ATTEST_H */
