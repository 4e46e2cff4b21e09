/* SPDX-License-Identifier: MIT */
/*
 * What the verbs that need no kernel share: options of the compiler, and
 * policies from text or from an image.
 */
#ifndef CLI_POLICY_OFFLINE_H
#define CLI_POLICY_OFFLINE_H

#include <jansson.h>

#include <compiler/compiler.h>
#include "cli.h"

#define FNG_OFFLINE_MAX	32

/**
 * struct fng_offline - a policy as one of the verbs sees it
 * @options: how to compile
 * @params: --set, NULL-terminated
 * @nr_params: number of @params
 * @dirs: --policy-path, NULL-terminated
 * @nr_dirs: number of @dirs
 * @result: what came out; NULL if the file is an image
 * @blob: the image, if the file is one
 * @blob_size: bytes of @blob
 * @signature: what was beside the image, or NULL
 * @signature_size: bytes of @signature
 * @image: the verified image of either
 * @parts: what is in @blob
 */
struct fng_offline {
	struct fngc_options options;
	const char *params[FNG_OFFLINE_MAX + 1];
	size_t nr_params;
	const char *dirs[FNG_OFFLINE_MAX + 1];
	size_t nr_dirs;
	struct fngc_result *result;
	void *blob;
	size_t blob_size;
	void *signature;
	size_t signature_size;
	struct fng_image image;
	struct fngc_parts parts;
};

/* Options that all of them have; for tables given to getopt_long(). */
enum {
	FNG_OFFLINE_SET = 0x200,
	FNG_OFFLINE_PATH,
	FNG_OFFLINE_OWN,
};

#define FNG_OFFLINE_OPTIONS \
	{ "set", required_argument, NULL, FNG_OFFLINE_SET }, \
	{ "policy-path", required_argument, NULL, FNG_OFFLINE_PATH }

/* Takes an option of FNG_OFFLINE_OPTIONS; ends the process if too many. */
void fng_offline_option(struct fng_offline *offline, int option, char **argv);

/**
 * fng_offline_read() - compile a policy, or read a compiled one
 * @offline: options; gets the result
 * @path: the file
 *
 * Prints diagnostics of an invalid policy.
 *
 * Return: an exit status.
 */
int fng_offline_read(struct fng_offline *offline, const char *path);

/* Uses an image, which is freed with @offline; returns an exit status. */
int fng_offline_take(struct fng_offline *offline, const char *path, void *blob,
		     size_t size);

/* Turns to a phase of the policy, unless @phase is NULL; returns an exit status. */
int fng_offline_phase(struct fng_offline *offline, const char *phase);

/* Compiles only; prints nothing. Returns an exit status. */
int fng_offline_compile(struct fng_offline *offline, const char *path);

/* What is stored of it, with its phases: the bytes, and their number. */
const void *fng_offline_bytes(const struct fng_offline *offline, size_t *size);

/* Drops the policy, keeps the options. */
void fng_offline_free(struct fng_offline *offline);

/* Diagnostics of some severities, as bits 1 << severity. */
void fng_offline_print(const struct fngc_result *result, u32 severities,
		       int fd);

#endif /* CLI_POLICY_OFFLINE_H */
