// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding an operation, and what all of them use. Nothing may fail that is not
 * meant to: a figure of an operation that was refused is not one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

void expect(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
		strerror(errno));
	exit(1);
}

bool errno_is_refusal(void)
{
	return errno == EACCES || errno == EPERM || errno == ECONNREFUSED;
}

static void do_nothing(void)
{
}

/* What reading the clock costs. */
static const struct operation basic_operations[] = {
	{ .name = "nothing", .run = do_nothing },
	{ }
};

static const struct operation *const tables[] = {
	basic_operations, file_operations, task_operations, net_operations,
	name_operations, link_operations, NULL
};

const struct operation *operation_find(const char *name)
{
	const struct operation *const *table, *operation;

	for (table = tables; *table; table++)
		for (operation = *table; operation->name; operation++)
			if (!strcmp(operation->name, name))
				return operation;
	fprintf(stderr, "no operation %s\n", name);
	exit(2);
}
