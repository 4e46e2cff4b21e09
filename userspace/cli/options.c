// SPDX-License-Identifier: MIT
/*
 * Options and complaints about them, the same for every verb.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <compiler/text.h>
#include "cli.h"
#include "output.h"

#define MAX_OPTIONS 24

enum { OPT_COLOUR = 0x10000 };

static const struct option common[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "color", required_argument, NULL, OPT_COLOUR },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static size_t add_options(struct option *all, size_t n,
			  const struct option *options)
{
	for (; options && options->name && n < MAX_OPTIONS; options++)
		all[n++] = *options;
	return n;
}

/* A leading ':' lets getopt_long() tell a missing value from a bad option. */
static void short_options(char *letters, const struct option *options)
{
	*letters++ = ':';
	for (; options->name; options++) {
		if (options->val > 0x7f || !isalnum(options->val))
			continue;
		*letters++ = options->val;
		if (options->has_arg == required_argument)
			*letters++ = ':';
	}
	*letters = '\0';
}

static void print_help(const char *command)
{
	const struct fng_verb *v;
	char name[64];

	for (v = fng_verbs; v->noun; v++) {
		snprintf(name, sizeof(name), "fnguard %s%s%s", v->noun,
			 v->verb ? " " : "", v->verb ?: "");
		if (strcmp(name, command))
			continue;
		printf("Usage: %s%s%s\n\n  %s\n", name, *v->args ? " " : "",
		       v->args, v->summary);
	}
	printf("\nOptions of every command: --json, --color=auto|always|never, "
	       "--help. Details: man fnguard\n");
}

int fng_cli_getopt(int argc, char **argv, const struct option *options)
{
	struct option all[MAX_OPTIONS + 1] = { 0 };
	char letters[2 * MAX_OPTIONS + 2];
	int c;

	add_options(all, add_options(all, 0, options), common);
	short_options(letters, all);
	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, letters, all, NULL);
		switch (c) {
		case 'j':
			fng_output_json = true;
			break;
		case OPT_COLOUR:
			if (fng_output_set_colour(optarg))
				break;
			exit(fng_cli_usage(argv, "--color is auto, always or never, not \"%s\"",
					   optarg));
		case 'h':
			print_help(argv[0]);
			exit(FNG_EXIT_DONE);
		case ':':
			exit(fng_cli_usage(argv, "%s needs a value",
					   argv[optind - 1]));
		case '?':
			exit(fng_cli_usage(argv, "unknown option %s",
					   argv[optind - 1]));
		default:
			return c;
		}
	}
}

int fng_cli_usage(char **argv, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fng_output_error("%s; see %s --help", text, argv[0]);
	return FNG_EXIT_USAGE;
}

void fng_cli_args(int argc, char **argv, int min, int max)
{
	int n = argc - optind;

	if (n < min)
		exit(fng_cli_usage(argv, "too few arguments"));
	if (max >= 0 && n > max)
		exit(fng_cli_usage(argv, "too many arguments: \"%s\"",
				   argv[optind + max]));
}

u32 fng_cli_time(const char *text, u32 max)
{
	u64 seconds = 0, number;
	char *end;

	do {
		if (!isdigit((unsigned char)*text))
			return 0;
		number = strtoul(text, &end, 10);
		if (!fngc_time_unit(*end) || number > max)
			return 0;
		seconds += number * fngc_time_unit(*end);
		text = end + 1;
	} while (*text);
	return seconds <= max ? seconds : 0;
}
