/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What policies that extend the same templates have in common.
 */
#ifndef FNGUARD_KMOD_POLICY_BASE_H
#define FNGUARD_KMOD_POLICY_BASE_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "engine/engine.h"
#include "counter_rows.h"

/**
 * struct fng_policy_base - the base of some policies' images
 * @image: the verified base; set once, before another policy can find it
 * @hash: xxh64 of the base's bytes, to find it by
 * @refs: one for each policy that has it; the last one goes under the mutex of
 *	all bases, so that none is found that is about to be freed
 * @counted: its rules that have counters in each policy; set with @image
 * @node: among all bases; under their mutex
 * @blob: the base's bytes; owned, for kvfree()
 *
 * Immutable but for its references. Readers reach it through a policy, and a
 * policy gives its base back only when it is freed itself, after its last reader.
 */
struct fng_policy_base {
	struct fng_image image;
	u64 hash;
	refcount_t refs;
	struct fng_counter_rows counted;
	struct hlist_node node;
	void *blob;
};

struct fng_policy_base *fng_policy_base_get(void *blob, u32 size,
					    struct fng_image_error *error);
void fng_policy_base_put(struct fng_policy_base *base);

#endif /* FNGUARD_KMOD_POLICY_BASE_H */
