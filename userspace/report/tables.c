// SPDX-License-Identifier: MIT
/*
 * What a function was refused, and what it did.
 */
#include <stdlib.h>

#include <report/page.h>

/* Rows of a table; what is less is told in one. */
#define MOST_ROWS	200

void fng_page_time(u64 time, FILE *out)
{
	char text[FNG_HTML_TIME_SIZE];

	fprintf(out, "<td class=\"t\">%s</td>", fng_html_time(time, text));
}

static bool is_wanted(const struct fng_report_row *row, u32 function,
		      bool allowed)
{
	return row->function == function &&
	       (row->verdict == FNG_REPORT_OBSERVED) == allowed;
}

/* What there is most of first; and what is equal, by when it began. */
static int compare(const void *a, const void *b)
{
	const struct fng_report_row *one = *(const struct fng_report_row *const *)a;
	const struct fng_report_row *two = *(const struct fng_report_row *const *)b;

	if (one->network != two->network)
		return two->network - one->network;
	if (one->count != two->count)
		return one->count < two->count ? 1 : -1;
	return one->first < two->first ? -1 : one->first > two->first;
}

static void put_verdict(const struct fng_report_row *row, FILE *out)
{
	fprintf(out, "<td class=\"v\"><span class=\"badge %s\">%s</span>",
		fng_page_classes[row->verdict],
		fng_page_verdicts[row->verdict]);
	if (row->killed)
		fputs(" <span class=\"badge denied\">killed</span>", out);
	fputs("</td>", out);
}

static void put_object(const struct fng_report_row *row, FILE *out)
{
	fputs("<td>", out);
	if (row->object) {
		fputs("<code>", out);
		fng_html_text(out, row->object);
		fputs("</code>", out);
	} else {
		fputs("<span class=\"faint\">told as a number only</span>",
		      out);
	}
	if (row->network)
		fputs(" <span class=\"badge denied\">input or output is a "
		      "connection</span>", out);
	fputs("</td>", out);
}

static void put_row(const struct fng_report_row *row, FILE *out)
{
	fputs("<tr>", out);
	put_verdict(row, out);
	fputs("<td>", out);
	fng_html_text(out, row->what);
	fputs("</td>", out);
	put_object(row, out);
	fputs("<td class=\"faint\">", out);
	fng_html_text(out, row->rule ?: "none");
	fputs("</td><td class=\"n\">", out);
	fng_html_number(out, row->count);
	fputs("</td>", out);
	fng_page_time(row->first, out);
	fng_page_time(row->last, out);
	fputs("</tr>\n", out);
}

static void put_rest(const struct fng_report_row **rows, u32 nr, FILE *out)
{
	u64 count = 0;

	for (u32 i = MOST_ROWS; i < nr; i++)
		count += rows[i]->count;
	if (nr <= MOST_ROWS)
		return;
	fprintf(out, "<tr><td colspan=\"4\" class=\"faint\">%u others</td>"
		"<td class=\"n\">", nr - MOST_ROWS);
	fng_html_number(out, count);
	fputs("</td><td></td><td></td></tr>\n", out);
}

static void put_table(const struct fng_report_row **rows, u32 nr,
		      const char *title, bool open, FILE *out)
{
	fprintf(out, "<details%s><summary>%s (%u)</summary>\n<table><thead><tr>"
		"<th>Verdict</th><th>What</th><th>Object</th><th>Rule</th>"
		"<th class=\"n\">Count</th><th>First</th><th>Last</th></tr>"
		"</thead><tbody>\n", open ? " open" : "", title, nr);
	for (u32 i = 0; i < nr && i < MOST_ROWS; i++)
		put_row(rows[i], out);
	put_rest(rows, nr, out);
	fputs("</tbody></table></details>\n", out);
}

static void tabulate(const struct fng_report *report, u32 function,
		     bool allowed, FILE *out)
{
	const struct fng_report_row **rows;
	u32 nr = 0;

	rows = malloc((report->nr_rows + 1) * sizeof(*rows));
	for (u32 i = 0; rows && i < report->nr_rows; i++)
		if (is_wanted(&report->row[i], function, allowed))
			rows[nr++] = &report->row[i];
	if (nr) {
		qsort(rows, nr, sizeof(*rows), compare);
		put_table(rows, nr, allowed ? "What it did" :
			  "What it was refused", !allowed || nr <= 40, out);
	}
	free(rows);
}

void fng_page_tables(const struct fng_report *report, u32 function, FILE *out)
{
	tabulate(report, function, false, out);
	tabulate(report, function, true, out);
}
