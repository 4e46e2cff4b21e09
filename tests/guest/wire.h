/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pair of Ethernet devices, one end of which is in a network namespace that
 * plays the guest. No cgroup is guarded there: only the device is.
 */
#ifndef TESTS_GUEST_WIRE_H
#define TESTS_GUEST_WIRE_H

#include <assert.h>
#include <net/if.h>

#include "common.h"

/**
 * struct wire - both ends
 * @host_ns: network namespace of the host
 * @guest_ns: that of the guest; it and the devices end with the last descriptor
 * @ifindex: number of the host's end
 * @name: its name
 */
struct wire {
	int host_ns;
	int guest_ns;
	u32 ifindex;
	char name[IFNAMSIZ];
};

/* Makes it; nothing is sent there unless somebody sends it. */
void wire_make(struct wire *wire);

/* The same, with that name of the host's end. */
void wire_make_named(struct wire *wire, const char *name);

/* The same with addresses: 10.9.0.1 and fd09::1, and those of the guest with 2. */
void wire_make_talking(struct wire *wire);

/* Both ends go, if the host's is here. */
void wire_remove(const struct wire *wire);

/* One for all rows of a suite. */
#define WIRE_OF_SUITE(make, wire)					\
	static struct wire wire;					\
	static void __attribute__((constructor)) make_##wire(void)	\
	{								\
		make(&(wire));						\
	}								\
	static_assert(true, "a semicolon follows")

/* Goes to the guest's namespace, and comes back. */
void wire_enter(const struct wire *wire);
void wire_leave(const struct wire *wire);

/* Runs a command where the guest is; dies if it fails. */
void wire_guest_runs(const struct wire *wire, const char *command);

/* Binds the host's end; returns the id that stands for it. Unbinds it. */
u64 wire_bind(const struct wire *wire, const char *policy);
void wire_unbind(const struct wire *wire);

/* A socket for frames at the host's end or the guest's: of that type, or 0. */
int wire_open(const struct wire *wire, bool guest, u16 type);

/* Sends a frame; waits for one from the same source; tells if there was one. */
void wire_send(int fd, const void *frame, size_t size);
bool wire_hears(int fd, const void *frame);
bool wire_heard(int fd, const void *frame);

#endif /* TESTS_GUEST_WIRE_H */
