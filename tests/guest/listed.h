/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices that templates bind: what the list tells of them, and whether anything
 * passes.
 */
#ifndef TESTS_GUEST_LISTED_H
#define TESTS_GUEST_LISTED_H

#include "wire.h"

/**
 * struct listed - a device that is looked for in the list
 * @ifindex: its number
 * @nr: how many policies it has
 * @template: templates have bound it
 * @id: of the binding
 * @name: what the list calls it
 * @policies: all of them, each with a blank behind
 */
struct listed {
	u32 ifindex;
	u32 nr;
	bool template;
	u64 id;
	char name[16];
	char policies[256];
};

/* For fng_client_netdev_list(), of the device that @data is to be about. */
int listed_look(const struct fng_client_netdev *netdev, void *data);

/* What is bound to the host's end, as "tdev tdev-second ". */
const char *listed_policies(const struct wire *wire, struct listed *listed);

/* Sends a frame that policies refuse; does it arrive? */
bool listed_arrives(const struct wire *wire);

/* Gives the host's end another name. */
void listed_rename(struct wire *wire, const char *name);

/* How many names a guest was told for an address; @id is that of its binding. */
u32 listed_names(const struct wire *wire, u64 id, const char *address);

int listed_unload(const char *name, const char *heir);

#endif /* TESTS_GUEST_LISTED_H */
