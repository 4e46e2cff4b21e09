/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be told of a cgroup by its id: where it is, and its labels.
 */
#ifndef FNGUARD_KMOD_PLACE_H
#define FNGUARD_KMOD_PLACE_H

#include <linux/types.h>

#include <fnguard/limits.h>

struct cgroup;

/**
 * struct fng_place - a cgroup that events name
 * @cgroup_id: the cgroup
 * @gen: generation of the bindings that @labels are of
 * @path: its path from the root, or NULL if it was gone before it was known
 * @labels: of its own binding or its nearest ancestor's, or empty
 */
struct fng_place {
	u64 cgroup_id;
	u64 gen;
	char *path;
	char labels[FNG_MAX_LABELS + 1];
};

/* Process context. */
struct cgroup *fng_place_cgroup(u64 cgroup_id);
bool fng_place_is_gone(u64 id);
int fng_place_path(u64 cgroup_id, char *buffer, size_t size);

/* The event worker only. */
const struct fng_place *fng_place_get(u64 cgroup_id);
void fng_place_exit(void);

#endif /* FNGUARD_KMOD_PLACE_H */
