// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies, bindings and the module itself, over a connection of the caller's.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "manage.h"

#define MODULE	"/usr/lib/fnguard/fnguard.ko"
#define LABELS	"tenant=torture"

static int generation_of(struct fng_client *client, u64 *generation)
{
	struct fng_client_status status;
	int err = fng_client_status(client, false, &status);

	*generation = status.policy_gen;
	return err;
}

int manage_load_as(struct fng_client *client, const struct blob *blob,
		   struct fng_client_load how)
{
	const struct fng_client_image image = { .data = blob->data,
						.size = blob->size };

	return generation_of(client, &how.generation) ?:
	       fng_client_policy_load_as(client, &how, &image, 1);
}

int manage_load(struct fng_client *client, const struct blob *blob)
{
	return manage_load_as(client, blob, (struct fng_client_load) { 0 });
}

int manage_promote(struct fng_client *client, const char *name)
{
	struct fng_client_load how = { 0 };

	return generation_of(client, &how.generation) ?:
	       fng_client_policy_promote(client, &how, name);
}

int manage_confirm(struct fng_client *client)
{
	u64 generation;

	return fng_client_policy_confirm(client, &generation);
}

int manage_roll_back(struct fng_client *client)
{
	u64 generation;

	return fng_client_policy_rollback(client, &generation);
}

int manage_drop(struct fng_client *client, const char *name)
{
	u64 generation;

	return generation_of(client, &generation) ?:
	       fng_client_candidate_unload(client, &generation, name);
}

int manage_unload(struct fng_client *client, const char *name, const char *heir)
{
	u64 generation;

	return generation_of(client, &generation) ?:
	       fng_client_policy_unload(client, &generation, name, heir);
}

int manage_bind(struct fng_client *client, const struct group *group,
		const char *policy)
{
	struct fng_client_binding binding = {
		.cgroup_fd = group->fd,
		.policy = policy,
		.labels = LABELS,
	};

	return fng_client_bind(client, &binding);
}

int manage_unbind(struct fng_client *client, const struct group *group,
		  const char *policy)
{
	const struct fng_client_binding binding = {
		.cgroup_fd = group->fd,
		.policy = policy,
	};

	return fng_client_unbind(client, &binding);
}

int manage_open_file(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("no " MODULE);
	return fd;
}

int manage_insert_file(int fd)
{
	return errno_of(syscall(SYS_finit_module, fd, "", 0));
}

int manage_insert(void)
{
	int fd = manage_open_file(), err = manage_insert_file(fd);

	close(fd);
	return err;
}

int manage_remove(void)
{
	return errno_of(syscall(SYS_delete_module, "fnguard", O_NONBLOCK));
}

bool manage_inserted(void)
{
	return !access("/sys/module/fnguard", F_OK);
}
