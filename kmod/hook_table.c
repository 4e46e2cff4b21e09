// SPDX-License-Identifier: GPL-2.0-only
/*
 * All hooks of this build.
 */
#include <linux/kernel.h>

#include "hook_table.h"

static const struct fng_hook_group *const groups[] = {
	&fng_hooks_exec,
	&fng_hooks_file,
	&fng_hooks_receive,
	&fng_hooks_tree,
	&fng_hooks_socket,
	&fng_hooks_listen,
	&fng_hooks_unix,
	&fng_hooks_floor,
	&fng_hooks_capable,
	&fng_hooks_privilege,
	&fng_hooks_cgroup,
	&fng_hooks_task,
};

/**
 * fng_hook_at() - one of the hooks
 * @index: from 0
 *
 * Context: any.
 * Return: NULL after the last.
 */
const struct fng_hook_entry *fng_hook_at(unsigned int index)
{
	unsigned int g;

	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		if (index < groups[g]->nr)
			return &groups[g]->hooks[index];
		index -= groups[g]->nr;
	}
	return NULL;
}
