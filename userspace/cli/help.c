// SPDX-License-Identifier: MIT
/*
 * fnguard help: what commands there are.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output.h"

static bool wanted(const struct fng_verb *v, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], v->noun))
		return false;
	return argc <= 2 || (v->verb && !strcmp(argv[2], v->verb));
}

static void print_verb(const struct fng_verb *v)
{
	printf("  fnguard %s%s%s%s%s\n      %s\n", v->noun,
	       v->verb ? " " : "", v->verb ?: "", *v->args ? " " : "", v->args,
	       v->summary);
}

int fng_cmd_help(int argc, char **argv)
{
	const struct fng_verb *v;
	int n = 0;

	for (v = fng_verbs; v->noun; v++)
		n += wanted(v, argc, argv);
	if (!n) {
		fng_output_error("no such command; see fnguard help");
		return FNG_EXIT_USAGE;
	}
	printf("fnguard decides, per cgroup, what functions may execute, open and talk to.\n\n");
	for (v = fng_verbs; v->noun; v++)
		if (wanted(v, argc, argv))
			print_verb(v);
	printf("\nOptions of every command: --json, --color=auto|always|never, --help.\n"
	       "Exit status: 0 done, 1 failed, 2 usage, 3 policy invalid, 4 module absent or\n"
	       "unreachable, 5 degraded. Details: man fnguard\n");
	return FNG_EXIT_DONE;
}
