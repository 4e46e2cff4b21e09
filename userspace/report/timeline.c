// SPDX-License-Identifier: MIT
/*
 * Time lines: as many slices for every length of time. When a time lies outside of
 * them, slices get twice as wide until it does not.
 */
#include <string.h>

#include <report/report.h>

#define SECOND	1000000000ull

static void move(struct fng_report_slice *slices, u64 old_width, u64 old_origin,
		 u64 width, u64 origin)
{
	struct fng_report_slice moved[FNG_REPORT_SLICES] = { 0 };

	for (u32 i = 0; i < FNG_REPORT_SLICES; i++) {
		u64 to = (old_origin + i) * old_width / width - origin;

		for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++) {
			if (to < FNG_REPORT_SLICES)
				moved[to].count[kind] += slices[i].count[kind];
		}
	}
	memcpy(slices, moved, sizeof(moved));
}

static bool spans(u64 width, u64 first, u64 last)
{
	return last / width - first / width < FNG_REPORT_SLICES;
}

/* Makes room for a time, and all others that there are. */
static void reach(struct fng_report *report, u64 time)
{
	u64 first = time < report->first ? time : report->first;
	u64 last = time > report->last ? time : report->last;
	u64 width = report->width, origin;

	while (!spans(width, first, last))
		width *= 2;
	origin = first / width;
	if (width != report->width || origin != report->origin) {
		for (u32 i = 0; i < report->nr_functions; i++)
			move(report->function[i].slice, report->width,
			     report->origin, width, origin);
	}
	report->width = width;
	report->origin = origin;
	report->first = first;
	report->last = last;
}

void fng_report_count(struct fng_report *report,
		      struct fng_report_function *function, u64 time,
		      enum fng_report_verdict verdict, u64 count)
{
	if (!report->first) {
		report->width = SECOND;
		report->origin = time / SECOND;
		report->first = time;
		report->last = time;
	}
	reach(report, time);
	function->slice[time / report->width - report->origin].count[verdict] +=
		count;
}
