/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies, bindings and the module itself, over a connection of the caller's.
 */
#ifndef TESTS_TORTURE_MANAGE_H
#define TESTS_TORTURE_MANAGE_H

#include <guest/control.h>

/* Return 0 or a negative errno; the connection says why. */
int manage_load(struct fng_client *client, const struct blob *blob);
int manage_load_as(struct fng_client *client, const struct blob *blob,
		   struct fng_client_load how);
int manage_promote(struct fng_client *client, const char *name);
int manage_confirm(struct fng_client *client);
int manage_roll_back(struct fng_client *client);
int manage_drop(struct fng_client *client, const char *name);
int manage_unload(struct fng_client *client, const char *name,
		  const char *heir);
int manage_bind(struct fng_client *client, const struct group *group,
		const char *policy);
int manage_unbind(struct fng_client *client, const struct group *group,
		  const char *policy);

/* Loads the module, from its opened file, and removes it; return 0 or an errno. */
int manage_insert(void);
int manage_insert_file(int fd);
int manage_open_file(void);
int manage_remove(void);
bool manage_inserted(void);

#endif /* TESTS_TORTURE_MANAGE_H */
