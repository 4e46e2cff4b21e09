/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that a command can change: what the guard says, and what it does.
 */
#ifndef TESTS_TORTURE_SNAPSHOT_H
#define TESTS_TORTURE_SNAPSHOT_H

#include <guest/worker.h>

/**
 * struct snapshot - the guard at one moment
 * @policy_gen: generation of policies
 * @binding_gen: generation of bindings
 * @enforced: what is denied was refused
 * @text: everything else, in words
 */
struct snapshot {
	u64 policy_gen;
	u64 binding_gen;
	bool enforced;
	char text[4096];
};

/* Takes it; @guarded is tried with what is denied and with what is allowed. */
void snapshot_take(struct snapshot *snapshot, const struct worker *guarded);

/* Is everything the same? But for the generations? */
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);
bool snapshot_alike(const struct snapshot *a, const struct snapshot *b);

/* As comments, for who reads a failure. */
void snapshot_print(const char *what, const struct snapshot *snapshot);

#endif /* TESTS_TORTURE_SNAPSHOT_H */
