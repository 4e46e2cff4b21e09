// SPDX-License-Identifier: MIT
/*
 * Limits: what is written, and the numbers that the kernel counts with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

#define SECOND	1000000000ull

static struct fngc_result *compile(const char *key, const char *value)
{
	struct fngc_result *r;
	char text[256];
	int len = snprintf(text, sizeof(text), "policy: t\nlimits:\n  %s: %s\n",
			   key, value);

	fngc_compile_text(NULL, "t.yaml", text, len, &r);
	return r;
}

static void numbers_are_what_is_written(void **unused)
{
	static const struct {
		const char *key;
		const char *value;
		u64 cost;
		u64 most;
	} rows[] = {
		{ "connect", "1/s", SECOND << 20, SECOND },
		{ "connect", "50/s burst 100", SECOND / 50 << 20, 2 * SECOND },
		{ "connect", "50/s", SECOND / 50 << 20, SECOND },
		{ "connect", "3/s", 333333334ull << 20, 3 * 333333334ull },
		{ "connect", "1/m", 60 * SECOND << 20, 60 * SECOND },
		{ "connect", "61/m", 983606558ull << 20, 2 * 983606558ull },
		{ "connect", "1/h burst 8760", FNG_MAX_LIMIT_COST,
		  FNG_MAX_LIMIT_BURST },
		{ "connect", "1000000000/s burst 1", 1 << 20, 1 },
		{ "connect", "0", FNG_MAX_LIMIT_COST, 0 },
		{ "dns-queries", "0/h", FNG_MAX_LIMIT_COST, 0 },
		{ "dns-queries", "3600/h burst 7", SECOND << 20, 7 * SECOND },
		{ "exec", "10/s burst 20", SECOND / 10 << 20, 2 * SECOND },
		{ "fork", "100/s", SECOND / 100 << 20, SECOND },
		{ "open", "0", FNG_MAX_LIMIT_COST, 0 },
		{ "map", "1/h", FNG_MAX_LIMIT_COST, 3600 * SECOND },
		{ "egress", "1MiB/s", SECOND, SECOND },
		{ "egress", "1MiB/s burst 64KiB", SECOND, SECOND / 16 },
		{ "egress", "1KiB/s", SECOND << 10, 64 * SECOND },
		{ "egress", "1MB/s burst 1MB", 1048576000, SECOND },
		{ "egress", "60MB/m burst 2MB", 1048576000, 2 * SECOND },
		{ "egress", "1GiB/s burst 2GiB", 976563, 2000001024 },
		{ "egress", "0", FNG_MAX_LIMIT_COST, 0 },
		{ "egress-total", "0", 0, 0 },
		{ "egress-total", "1kB", 0, 1000 },
		{ "egress-total", "1GB", 0, 1000000000 },
		{ "egress-total", "8589934591GiB", 0, 8589934591ull << 30 },
		{ "egress-total", "9223372036854775807B", 0,
		  FNG_MAX_LIMIT_TOTAL },
		{ "destinations", "0", 0, 0 },
		{ "destinations", "1024", 0, 1024 },
		{ "dns-label", "63", 0, 63 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fngc_result *r = compile(rows[i].key, rows[i].value);

		assert_non_null(r->image);
		assert_int_equal(r->view.nr_limits, 1);
		if (r->view.limits->cost != rows[i].cost ||
		    r->view.limits->most != rows[i].most)
			fail_msg("%s: %s is %llu and %llu", rows[i].key,
				 rows[i].value,
				 (unsigned long long)r->view.limits->cost,
				 (unsigned long long)r->view.limits->most);
		assert_int_equal(r->view.limits->rule, 0);
		fngc_result_free(r);
	}
	(void)unused;
}

/* As many as the burst, whatever the rate, and then no more. */
static void the_burst_is_exact(void **unused)
{
	static const u32 times[] = { 's', 'm', 'h' };

	for (u32 i = 0; i < 3000; i++) {
		u32 rate = 1 + i * i % 9973, burst = 1 + i % 17, nr = 0;
		struct fngc_result *r;
		char value[64];
		u64 until = 0;

		snprintf(value, sizeof(value), "%u/%c burst %u", rate,
			 times[i % 3], burst);
		r = compile("connect", value);
		assert_non_null(r->image);
		while (fng_limit_take(r->view.limits, 0, 1, &until))
			nr++;
		assert_int_equal(nr, burst);
		fngc_result_free(r);
	}
	(void)unused;
}

/* It has a mode and an errno, and no default. */
static void what_refuses_is_the_section(void **unused)
{
	static const char text[] =
		"policy: t\nmode: enforce\nlimits: { mode: audit, "
		"connect: 1/s }\nresponse: { errno: { limits: EIO } }\n";
	struct fngc_result *r;
	struct fng_decision d;

	fngc_compile_text(NULL, "t.yaml", text, sizeof(text) - 1, &r);
	assert_non_null(r->image);
	fng_limit_decide(&r->view, r->view.limits, true, &d);
	assert_true(d.refused);
	assert_true(d.audit);
	assert_int_equal(d.err, EIO);
	assert_int_equal(d.class, FNG_CLASS_LIMITS);
	fng_class_default(&r->view, FNG_CLASS_LIMITS, &d);
	assert_false(d.refused);
	assert_true(r->view.meta->floor >> FNG_FLOOR_SOCKET & 1);
	fngc_result_free(r);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_what_is_written),
		cmocka_unit_test(the_burst_is_exact),
		cmocka_unit_test(what_refuses_is_the_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
