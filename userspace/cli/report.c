// SPDX-License-Identifier: MIT
/*
 * fnguard report: what was recorded, as a page to read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <report/report.h>
#include "cli.h"
#include "file.h"
#include "output.h"

#define SECOND	1000000000ull

static u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* So long ago: "90s", "15m", "12h", "7d"; false if it is none of these. */
static bool read_ago(const char *text, u64 *time)
{
	static const char units[] = "smhd";
	static const u64 seconds[] = { 1, 60, 3600, 86400 };
	size_t digits = strspn(text, "0123456789");
	const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
	u64 ago;

	if (!digits || digits > 7 || !unit || text[digits + 1])
		return false;
	ago = strtoull(text, NULL, 10) * seconds[unit - units];
	*time = ago < now() / SECOND ? now() - ago * SECOND : 0;
	return true;
}

/* "2026-11-27", "2026-11-27T23:49" or "2026-11-27T23:49:39", in UTC. */
static bool read_date(const char *text, u64 *time)
{
	static const char *const shapes[] = { "%Y-%m-%dT%H:%M:%S",
					      "%Y-%m-%dT%H:%M", "%Y-%m-%d" };

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, shapes[i], &tm);
		time_t seconds;

		if (!end || (*end && strcmp(end, "Z")))
			continue;
		seconds = timegm(&tm);
		if (seconds < 0)
			return false;
		*time = seconds * SECOND;
		return true;
	}
	return false;
}

static void read_line(void *data, const char *line, size_t size)
{
	fng_report_line(data, line, size);
}

/* Numbers of events go on from one file to the next, but not between records. */
static int read_path(struct fng_report *report, const char *path)
{
	int err = fng_file_lines(path, read_line, report);

	if (err)
		fng_output_error("cannot read %s: %s", path, strerror(-err));
	return err;
}

static int write_page(const struct fng_report *report, const char *path)
{
	bool standard = !path || !strcmp(path, "-");
	FILE *file = standard ? stdout : fopen(path, "we");
	int err = 0;

	if (file)
		fng_report_print(report, now(), file);
	if (!file || fflush(file) || ferror(file))
		err = -errno;
	if (file && !standard && fclose(file) && !err)
		err = -errno;
	if (err)
		fng_output_error("cannot write %s: %s", path ?: "the report",
				 strerror(-err));
	return err;
}

static int run(struct fng_report *report, u64 since, char **paths,
	       const char *output)
{
	if (!fng_report_init(report, since)) {
		fng_output_error("no memory");
		return FNG_EXIT_FAILED;
	}
	for (; *paths; paths++)
		if (read_path(report, *paths))
			return FNG_EXIT_FAILED;
	return write_page(report, output) ? FNG_EXIT_FAILED : FNG_EXIT_DONE;
}

int fng_cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 's' },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct fng_report report = { 0 };
	const char *output = NULL;
	u64 since = 0;
	int status, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'o')
			output = optarg;
		else if (!read_ago(optarg, &since) &&
			 !read_date(optarg, &since))
			return fng_cli_usage(argv, "\"%s\" is no time, as 2h, 7d "
					     "or 2026-11-27T23:49", optarg);
	}
	fng_cli_args(argc, argv, 1, -1);
	status = run(&report, since, argv + optind, output);
	fng_report_free(&report);
	return status;
}
