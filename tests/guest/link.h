/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ethernet devices that are made and removed fast, without starting a program.
 */
#ifndef TESTS_GUEST_LINK_H
#define TESTS_GUEST_LINK_H

#include <net/if.h>

#include "common.h"

/**
 * struct link - a device
 * @ifindex: its number
 * @peer: that of the other end, 0 if it has none
 * @fd: of a tap, where its frames are read and written; else -1
 */
struct link {
	u32 ifindex;
	u32 peer;
	int fd;
};

/* Make one in this network namespace, up and with nothing to say by itself. */
void link_make_tap(struct link *link);
void link_make_veth(struct link *link);

/* As these are made: one end by its name, the other in a namespace, or here if that is -1. */
void link_add_veth(const char *name, const char *peer, int netns);
void link_silence(const char *name);

/* It is used at once, without looking for who else has it. */
void link_add_address(const char *name, const char *address, u8 prefix);

void link_move(u32 ifindex, int netns);

/* Removes a device of this network namespace; returns 0 or a code of libnl. */
int link_remove(u32 ifindex);

/* What is left of a removed one. */
void link_close(struct link *link);

#endif /* TESTS_GUEST_LINK_H */
