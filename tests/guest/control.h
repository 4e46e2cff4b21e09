/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Speaking to the module as the client library would not.
 */
#ifndef TESTS_GUEST_CONTROL_H
#define TESTS_GUEST_CONTROL_H

#include <linux/netlink.h>

#include <client/load.h>

#include "common.h"

/**
 * struct piece - an attribute of a request
 * @type: its type with flags; 0 ends a list
 * @data: what it carries
 * @size: bytes of that
 */
struct piece {
	int type;
	const void *data;
	int size;
};

/**
 * control_send() - send a request and await its end
 * @client: connection; @error says why it failed
 * @command: enum fng_cmd
 * @flags: NLM_F_DUMP for a list
 * @pieces: its attributes, or NULL
 *
 * Return: 0 or a negative errno.
 */
int control_send(struct fng_client *client, int command, int flags,
		 const struct piece *pieces);

/* The state of the module; ends the test if there is none. */
struct fng_client_status control_status(void);

/*
 * Is everything that a command can change as it was? But for the generation of
 * bindings, which moves by itself when those of a removed cgroup go.
 */
bool control_unchanged(const struct fng_client_status *before);

/**
 * struct blob - bytes that may be an image
 * @data: bytes
 * @size: number of them
 */
struct blob {
	u8 *data;
	u32 size;
};

/* Compiles a policy; free() what it returns. */
struct blob control_compile(const char *text);

#define CONTROL_SEALS	(F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)

/* A memfd with these bytes and seals. */
int control_memfd(const struct blob *blob, int seals);

/* Compiles a policy and loads it in that way; returns a negative errno. */
int control_load_as(const char *text, struct fng_client_load *how);

/* Loads what a descriptor holds, or some bytes; returns a negative errno. */
int control_load_fd(int fd, u32 size);
int control_load(const struct blob *blob);

#endif /* TESTS_GUEST_CONTROL_H */
