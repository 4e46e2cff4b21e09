// SPDX-License-Identifier: MIT
/*
 * Time lines, as SVG. Heights are of the square root, so that a few are still seen
 * beside many.
 */
#include <math.h>

#include <report/page.h>

/* Pixels of what is hardly there beside the rest. */
#define LEAST_PART	1.5

/**
 * struct shape - how large a chart is
 * @width: of all slices, in pixels
 * @height: of the highest
 * @below: room below, for the scale
 */
struct shape {
	int width;
	int height;
	int below;
};

static u64 total(const struct fng_report_slice *slice)
{
	u64 sum = 0;

	for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++)
		sum += slice->count[kind];
	return sum;
}

static u64 most_of(const struct fng_report_function *function)
{
	u64 most = 1;

	for (u32 i = 0; i < FNG_REPORT_SLICES; i++) {
		u64 sum = total(&function->slice[i]);

		most = sum > most ? sum : most;
	}
	return most;
}

static void put_title(const struct fng_report *report, u32 i,
		      const struct fng_report_slice *slice, FILE *out)
{
	u64 time = (report->origin + i) * report->width;
	char text[FNG_HTML_TIME_SIZE];

	fprintf(out, "<title>%s:", fng_html_time(time, text));
	for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++)
		if (slice->count[kind])
			fprintf(out, " %llu %s",
				(unsigned long long)slice->count[kind],
				fng_page_verdicts[kind]);
	fputs("</title>", out);
}

/* One bar: its parts share its height. */
static void put_bar(const struct fng_report *report,
		    const struct fng_report_function *function, u32 i,
		    const struct shape *shape, FILE *out)
{
	const struct fng_report_slice *slice = &function->slice[i];
	double step = (double)shape->width / FNG_REPORT_SLICES;
	u64 sum = total(slice);
	double height, y = shape->height;

	if (!sum)
		return;
	height = 2 + (shape->height - 2) *
		     sqrt((double)sum / most_of(function));
	fputs("<g>", out);
	put_title(report, i, slice, out);
	for (u32 kind = 0; kind < FNG_REPORT_VERDICTS; kind++) {
		double part = height * slice->count[kind] / sum;

		if (!slice->count[kind])
			continue;
		part = part > LEAST_PART ? part : LEAST_PART;
		y -= part;
		fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" "
			"width=\"%.1f\" height=\"%.1f\"/>",
			fng_page_classes[kind], i * step, y, step * 0.85, part);
	}
	fputs("</g>", out);
}

static void put_scale(const struct fng_report *report,
		      const struct shape *shape, FILE *out)
{
	static const char *const anchors[] = { "start", "middle", "end" };
	char text[FNG_HTML_TIME_SIZE];

	for (u32 i = 0; i < 3; i++) {
		u64 slice = report->origin + i * (FNG_REPORT_SLICES / 2);

		fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s"
			"</text>", shape->width * (int)i / 2,
			shape->height + 15, anchors[i],
			fng_html_time(slice * report->width, text));
	}
}

void fng_page_chart(const struct fng_report *report,
		    const struct fng_report_function *function, bool small,
		    FILE *out)
{
	const struct shape shape = {
		.width = small ? 192 : 1120,
		.height = small ? 26 : 96,
		.below = small ? 1 : 20,
	};

	fprintf(out, "<svg role=\"img\" aria-label=\"time line\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\"%s>", shape.width,
		shape.height + shape.below, shape.width,
		shape.height + shape.below,
		small ? "" : " style=\"max-width:100%;height:auto\"");
	for (u32 i = 0; i < FNG_REPORT_SLICES; i++)
		put_bar(report, function, i, &shape, out);
	fprintf(out, "<path class=\"axis\" d=\"M0 %d.5H%d\"/>", shape.height,
		shape.width);
	if (!small)
		put_scale(report, &shape, out);
	fputs("</svg>\n", out);
}
