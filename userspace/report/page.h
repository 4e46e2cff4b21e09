/* SPDX-License-Identifier: MIT */
/*
 * Parts of the page.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <report/html.h>
#include <report/report.h>

/* style.c */
extern const char fng_page_style[];

/* Words and classes of style, by enum fng_report_verdict. */
extern const char *const fng_page_verdicts[];
extern const char *const fng_page_classes[];

/* chart.c: a function's time line; small ones have no scale. */
void fng_page_chart(const struct fng_report *report,
		    const struct fng_report_function *function, bool small,
		    FILE *out);

/* tables.c: what a function was refused, and what it did. */
void fng_page_tables(const struct fng_report *report, u32 function, FILE *out);
void fng_page_time(u64 time, FILE *out);

#endif /* REPORT_PAGE_H */
