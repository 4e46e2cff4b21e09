// SPDX-License-Identifier: MIT
/*
 * What becomes of recorded lines in a report.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <report/html.h>
#include <report/report.h>

#define SECOND	1000000000ull

static void take(struct fng_report *report, const char *line)
{
	fng_report_line(report, line, strlen(line));
}

/* What is written of a text. */
static char *written(const char *text)
{
	size_t size;
	char *out;
	FILE *file = open_memstream(&out, &size);

	fng_html_text(file, text);
	fclose(file);
	return out;
}

static void texts_stay_texts(void **unused)
{
	static const struct {
		const char *text, *html;
	} rows[] = {
		{ "", "" },
		{ "a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;" },
		{ "\n\t\x7f", "\\u{a}\\u{9}\\u{7f}" },
		{ "\xc2\x85", "\\u{85}" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xe2\x80\xae", "\\u{202e}" },
		{ "\xff\xc0\xaf", "\\xff\\xc0\\xaf" },
		{ "\xc3", "\\xc3" },
		{ "\xe2\x82", "\\xe2\\x82" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xf0\x9f\x92\xa5", "\xf0\x9f\x92\xa5" },
		{ "\xf3\xa0\x80\xa1", "\\u{e0021}" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *html = written(rows[i].text);

		assert_string_equal(html, rows[i].html);
		free(html);
	}
}

static void what_is_the_same_is_one_row(void **unused)
{
	static const char *const lines[] = {
		"{\"kind\":\"denied\",\"cgroup\":\"/a\",\"object\":\"/x\",\"time_ns\":5000000000,\"repeat\":3,\"policy\":\"p\"}",
		"{\"kind\":\"denied\",\"cgroup\":\"/a\",\"object\":\"/x\",\"time_ns\":4000000000,\"killed\":true,\"policy\":\"pp\"}",
		"{\"kind\":\"observed\",\"cgroup\":\"/a\",\"object\":\"/x\",\"time_ns\":6000000000,\"policy\":\"p\"}",
		"{\"kind\":\"denied\",\"cgroup\":\"/b\",\"object\":\"/x\",\"time_ns\":6000000000}",
		"{\"kind\":\"denied\",\"cgroup\":\"/b\",\"time_ns\":6000000000}",
	};
	struct fng_report report;

	(void)unused;
	assert_true(fng_report_init(&report, 0));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		take(&report, lines[i]);
	assert_int_equal(report.nr_functions, 2);
	assert_int_equal(report.nr_rows, 4);
	assert_int_equal(report.row[0].count, 4);
	assert_int_equal(report.row[0].killed, 1);
	assert_int_equal(report.row[0].first, 4 * SECOND);
	assert_int_equal(report.row[0].last, 5 * SECOND);
	assert_string_equal(report.function[0].policies, "p, pp");
	fng_report_free(&report);
}

/* Two texts that FNV-1a cannot tell apart. */
static void names_chosen_to_be_equal_are_not(void **unused)
{
	static const char *const names[] = { "8yn0iYCKYHlIj4-BwPqk",
					     "GReLUrM4wMqfg9yzV3KQ" };
	struct fng_report report;
	char line[160];

	(void)unused;
	assert_true(fng_report_init(&report, 0));
	for (size_t i = 0; i < 8; i++) {
		snprintf(line, sizeof(line), "{\"kind\":\"denied\",\"cgroup\":"
			 "\"%s\",\"object\":\"%s\",\"time_ns\":1000}",
			 names[i / 2 % 2], names[i % 2]);
		take(&report, line);
	}
	assert_int_equal(report.nr_functions, 2);
	assert_int_equal(report.nr_rows, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(report.row[i].count, 2);
	fng_report_free(&report);
}

/* All that was counted is in some slice, whatever the order of times. */
static void time_lines_keep_everything(void **unused)
{
	static const u64 seconds[] = { 1000, 1001, 5, 1095, 900000, 1, 70000,
				       9000000000ull };
	struct fng_report_function *function;
	struct fng_report report;
	u64 sum = 0;

	(void)unused;
	assert_true(fng_report_init(&report, 0));
	report.nr_functions = 1;
	function = &report.function[0];
	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++)
		fng_report_count(&report, function, seconds[i] * SECOND,
				 FNG_REPORT_DENIED, 1);
	for (u32 i = 0; i < FNG_REPORT_SLICES; i++)
		sum += function->slice[i].count[FNG_REPORT_DENIED];
	assert_int_equal(sum, sizeof(seconds) / sizeof(*seconds));
	assert_int_equal(report.first, 1 * SECOND);
	assert_true((report.origin + FNG_REPORT_SLICES) * report.width >
		    9000000000ull * SECOND);
	fng_report_free(&report);
}

static void what_is_missing_is_counted(void **unused)
{
	struct fng_report report;

	(void)unused;
	assert_true(fng_report_init(&report, 3 * SECOND));
	take(&report, "{\"kind\":\"denied\",\"seq\":1,\"time_ns\":4000000000}");
	take(&report, "{\"kind\":\"denied\",\"seq\":5,\"time_ns\":4000000000}");
	take(&report, "{\"kind\":\"denied\",\"seq\":2,\"time_ns\":4000000000}");
	take(&report, "{\"kind\":\"denied\",\"seq\":3,\"time_ns\":2000000000}");
	take(&report, "{\"kind\":\"lost\",\"count\":7}");
	take(&report, "{\"kind\":\"lost\"}");
	take(&report, "no JSON");
	take(&report, "\xff");
	assert_int_equal(report.gaps, 3);
	assert_int_equal(report.lost, 8);
	assert_int_equal(report.strange, 2);
	assert_int_equal(report.events, 3);
	fng_report_free(&report);
}

/* Shapes that nobody writes, each as every member that is looked at. */
static void odd_members_do_no_harm(void **unused)
{
	static const char *const keys[] = {
		"kind", "cgroup", "device", "policy", "hook", "access", "object",
		"addr", "port", "proto", "host", "rule", "rule_file",
		"rule_line", "repeat", "killed", "network_stdio", "seq",
		"severity", "about", "attack_id", "count", "reason",
	};
	static const char *const values[] = {
		"null", "[]", "{}", "-1", "9223372036854775807", "\"\"",
		"\"\\u0000\"", "[null, 1, \"read\", {}]", "1e308", "true",
	};
	static const char *const kinds[] = { "denied", "observed", "finding",
					     "state", "lost" };
	struct fng_report report;
	char line[256], *page;
	size_t size;
	FILE *out;

	(void)unused;
	assert_true(fng_report_init(&report, 0));
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) *
			       (sizeof(values) / sizeof(*values)) * 5; i++) {
		snprintf(line, sizeof(line), "{\"kind\":\"%s\",\"hook\":"
			 "\"file_open\",\"seq\":%zu,\"time_ns\":%zu,\"%s\":%s}",
			 kinds[i % 5], i + 1, i + 1, keys[i / 5 / 10],
			 values[i / 5 % 10]);
		take(&report, line);
	}
	out = open_memstream(&page, &size);
	fng_report_print(&report, 1, out);
	fclose(out);
	assert_non_null(strstr(page, "</html>"));
	free(page);
	fng_report_free(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_stay_texts),
		cmocka_unit_test(what_is_the_same_is_one_row),
		cmocka_unit_test(names_chosen_to_be_equal_are_not),
		cmocka_unit_test(time_lines_keep_everything),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(odd_members_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
