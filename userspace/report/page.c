// SPDX-License-Identifier: MIT
/*
 * The page: what matters first, then all functions, then each of them.
 */
#include <stdlib.h>
#include <string.h>

#include <report/page.h>

/* Functions with a part of their own; all are in the table above. */
#define MOST_PARTS	200

static void put_head(FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<title>fnguard report</title>\n<style>\n", out);
	fputs(fng_page_style, out);
	fputs("</style></head>\n<body><main>\n", out);
}

static void put_number(const char *id, const char *class, u64 number,
		       const char *what, FILE *out)
{
	fprintf(out, "<div><b id=\"%s\" class=\"%s\">", id,
		number ? class : "zero");
	fng_html_number(out, number);
	fprintf(out, "</b><span class=\"faint\">%s</span></div>\n", what);
}

static u64 sum_of(const struct fng_report *report, u32 verdict)
{
	u64 sum = 0;

	for (u32 i = 0; i < report->nr_functions; i++)
		sum += report->function[i].count[verdict];
	return sum;
}

static u64 count_findings(const struct fng_report *report)
{
	u64 nr = 0;

	for (u32 i = 0; i < report->nr_notes; i++)
		nr += report->note[i].finding;
	return nr;
}

static void put_span(const struct fng_report *report, u64 now, FILE *out)
{
	char text[FNG_HTML_TIME_SIZE];

	fputs("<h1>fnguard report</h1>\n<p class=\"faint\">", out);
	if (report->first) {
		fprintf(out, "%s to ", fng_html_time(report->first, text));
		fprintf(out, "%s UTC, ", fng_html_time(report->last, text));
	}
	fng_html_number(out, report->events);
	fprintf(out, " events, written %s UTC</p>\n", fng_html_time(now, text));
}

static void put_summary(const struct fng_report *report, FILE *out)
{
	fputs("<div class=\"numbers\">\n", out);
	put_number("functions", "", report->nr_functions, "functions", out);
	put_number("denied", "denied", sum_of(report, FNG_REPORT_DENIED),
		   "refused", out);
	put_number("would-deny", "would",
		   sum_of(report, FNG_REPORT_WOULD_DENY), "would be refused",
		   out);
	put_number("observed", "observed", sum_of(report, FNG_REPORT_OBSERVED),
		   "allowed and observed", out);
	put_number("findings", "denied", count_findings(report), "findings",
		   out);
	fputs("</div>\n", out);
}

static void put_loss(u64 number, const char *what, FILE *out)
{
	if (!number)
		return;
	fputs("<li>", out);
	fng_html_number(out, number);
	fprintf(out, " %s</li>\n", what);
}

/* What the report does not have is told before all that it has. */
static void put_losses(const struct fng_report *report, FILE *out)
{
	if (!(report->lost | report->gaps | report->strange | report->unkept |
	      report->unnoted))
		return;
	fputs("<div class=\"card warning\" id=\"lost\"><b>This is not all."
	      "</b><ul>\n", out);
	put_loss(report->lost, "events were lost on the way to the agent; "
		 "<code>fnguard counters</code> has the exact counts", out);
	put_loss(report->gaps, "events are missing between those that were "
		 "recorded: they were lost, or left out", out);
	put_loss(report->strange, "lines that are not JSON", out);
	put_loss(report->unkept, "events are of more functions or different "
		 "things than a report has room for", out);
	put_loss(report->unnoted, "findings and events of the guard are more "
		 "than a report has room for", out);
	fputs("</ul></div>\n", out);
}

static const char *severity_class(const struct fng_report_note *note)
{
	const char *severity = note->severity ?: "";

	if (!strcmp(severity, "critical") || !strcmp(severity, "high") ||
	    !strcmp(severity, "quarantined"))
		return "denied";
	return !strcmp(severity, "medium") ? "would" : "observed";
}

static void put_note(const struct fng_report_note *note, FILE *out)
{
	fputs("<tr>", out);
	fng_page_time(note->time, out);
	fprintf(out, "<td class=\"v\"><span class=\"badge %s\">",
		severity_class(note));
	fng_html_text(out, note->severity);
	fputs("</span></td><td><b>", out);
	fng_html_text(out, note->title);
	fputs("</b> ", out);
	fng_html_text(out, note->text);
	fputs(" <span class=\"faint\">", out);
	fng_html_text(out, note->attack);
	fputs("</span></td><td><code>", out);
	fng_html_text(out, note->place);
	fputs("</code></td><td class=\"n\">", out);
	if (note->count)
		fng_html_number(out, note->count);
	fputs("</td></tr>\n", out);
}

static void put_notes(const struct fng_report *report, bool findings, FILE *out)
{
	bool any = false;

	for (u32 i = 0; i < report->nr_notes; i++) {
		if (report->note[i].finding != findings)
			continue;
		if (!any)
			fprintf(out, "<h2>%s</h2>\n<div class=\"card\"><table>"
				"<thead><tr><th>Time</th><th>%s</th>"
				"<th>What</th><th>Where</th>"
				"<th class=\"n\">%s</th></tr></thead><tbody>\n",
				findings ? "Findings" : "Events of the guard",
				findings ? "Severity" : "Kind",
				findings ? "Events" : "");
		any = true;
		put_note(&report->note[i], out);
	}
	if (any)
		fputs("</tbody></table></div>\n", out);
}

static void put_cell(u64 number, const char *class, FILE *out)
{
	fprintf(out, "<td class=\"n\"><span class=\"%s\">",
		number ? class : "zero");
	fng_html_number(out, number);
	fputs("</span></td>", out);
}

static void put_overview_row(const struct fng_report *report, u32 number,
			     bool linked, FILE *out)
{
	const struct fng_report_function *function = &report->function[number];

	fputs("<tr><td>", out);
	if (linked)
		fprintf(out, "<a href=\"#f%u\">", number);
	fputs("<code>", out);
	fng_html_text(out, function->place);
	fprintf(out, "</code>%s</td><td>", linked ? "</a>" : "");
	fng_html_text(out, function->policies);
	fputs("</td>", out);
	for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++)
		put_cell(function->count[kind], fng_page_classes[kind], out);
	put_cell(function->killed, "denied", out);
	put_cell(function->findings, "denied", out);
	fputs("<td>", out);
	if (linked)
		fng_page_chart(report, function, true, out);
	fputs("</td></tr>\n", out);
}

static void put_overview(const struct fng_report *report, const u32 *order,
			 FILE *out)
{
	fputs("<h2>Functions</h2>\n<div class=\"card\"><p class=\"legend\">"
	      "<span class=\"denied\">refused</span><span class=\"would\">would "
	      "be refused</span><span class=\"observed\">allowed and observed"
	      "</span></p>\n<table><thead><tr><th>Function</th><th>Policies</th>"
	      "<th class=\"n\">Refused</th><th class=\"n\">Would be</th>"
	      "<th class=\"n\">Allowed</th><th class=\"n\">Killed</th>"
	      "<th class=\"n\">Findings</th><th>Time line</th></tr></thead>"
	      "<tbody>\n", out);
	for (u32 i = 0; i < report->nr_functions; i++)
		put_overview_row(report, order[i], i < MOST_PARTS, out);
	fputs("</tbody></table></div>\n", out);
}

static void put_part(const struct fng_report *report, u32 number, FILE *out)
{
	const struct fng_report_function *function = &report->function[number];

	fprintf(out, "<h2 id=\"f%u\"><code style=\"font-size:17px\">", number);
	fng_html_text(out, function->place);
	fputs("</code></h2>\n<div class=\"card\">", out);
	if (function->policies) {
		fputs("<p class=\"faint\">Policies: ", out);
		fng_html_text(out, function->policies);
		fputs("</p>\n", out);
	}
	fng_page_chart(report, function, false, out);
	fng_page_tables(report, number, out);
	fputs("</div>\n", out);
}

static int compare(const void *a, const void *b, void *data)
{
	const struct fng_report_function *functions = data;
	const struct fng_report_function *one = &functions[*(const u32 *)a];
	const struct fng_report_function *two = &functions[*(const u32 *)b];

	if (one->findings != two->findings)
		return one->findings < two->findings ? 1 : -1;
	for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++) {
		if (one->count[kind] != two->count[kind])
			return one->count[kind] < two->count[kind] ? 1 : -1;
	}
	return strcmp(one->place, two->place);
}

static void put_functions(const struct fng_report *report, FILE *out)
{
	u32 *order = malloc((report->nr_functions + 1) * sizeof(*order));

	if (!order)
		return;
	for (u32 i = 0; i < report->nr_functions; i++)
		order[i] = i;
	qsort_r(order, report->nr_functions, sizeof(*order), compare,
		report->function);
	put_overview(report, order, out);
	for (u32 i = 0; i < report->nr_functions && i < MOST_PARTS; i++)
		put_part(report, order[i], out);
	free(order);
}

void fng_report_print(const struct fng_report *report, u64 now, FILE *out)
{
	put_head(out);
	put_span(report, now, out);
	put_losses(report, out);
	put_summary(report, out);
	put_notes(report, true, out);
	if (report->nr_functions)
		put_functions(report, out);
	else
		fputs("<p>Nothing was refused, and nothing observed.</p>\n",
		      out);
	put_notes(report, false, out);
	fputs("</main></body></html>\n", out);
}
