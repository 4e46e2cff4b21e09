/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Things that descriptors refer to.
 */
#ifndef TESTS_GUEST_THINGS_H
#define TESTS_GUEST_THINGS_H

#include "common.h"

/**
 * struct thing - what a descriptor refers to
 * @make: opens it, outside of every policy; -1: this kernel has none
 * @name: of the file, or of the address
 * @flags: to open it with
 */
struct thing {
	int (*make)(const struct thing *thing);
	const char *name;
	int flags;
};

/* Each opens one; -1 if this kernel has none. */
int thing_file(const struct thing *thing);
int thing_deleted(const struct thing *thing);
int thing_unmounted(const struct thing *thing);
int thing_memfd(const struct thing *thing);
int thing_pipe(const struct thing *thing);
int thing_ring(const struct thing *thing);
int thing_packet(const struct thing *thing);
int thing_unix(const struct thing *thing);
int thing_connected(const struct thing *thing);
int thing_unconnected(const struct thing *thing);
int thing_listener(const struct thing *thing);
int thing_ping(const struct thing *thing);
int thing_bound(const struct thing *thing);
int thing_foreign(const struct thing *thing);
int thing_map(const struct thing *thing);

#endif /* TESTS_GUEST_THINGS_H */
