/* SPDX-License-Identifier: MIT */
/*
 * The proof that every hook refuses, on this very kernel.
 */
#ifndef CLIENT_PROOF_H
#define CLIENT_PROOF_H

#include "client.h"

/**
 * enum fng_proof_result - what is known of one hook
 * @FNG_PROOF_NONE: it did not refuse, or was not tried
 * @FNG_PROOF_PROVEN: it refused the canary
 * @FNG_PROOF_ABSENT: this kernel does not have it
 */
enum fng_proof_result {
	FNG_PROOF_NONE,
	FNG_PROOF_PROVEN,
	FNG_PROOF_ABSENT,
};

/**
 * struct fng_proof - result of a proof
 * @attached: the hooks were attached; if not, nothing was tried
 * @hook: per hook, the result and what the canary saw
 */
struct fng_proof {
	bool attached;
	struct {
		enum fng_proof_result result;
		char seen[96];
	} hook[FNG_NR_HOOKS];
};

/**
 * fng_proof_run() - attach the hooks and prove them
 * @client: connection
 * @proof: filled in
 *
 * Drives each hook from a child in a canary cgroup, in mount namespace of its
 * own, with calls that are harmless if they are allowed.
 *
 * Return: 0 if every hook that the kernel has was proven; else a negative errno.
 */
int fng_proof_run(struct fng_client *client, struct fng_proof *proof);

#endif /* CLIENT_PROOF_H */
