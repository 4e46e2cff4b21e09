// SPDX-License-Identifier: MIT
/*
 * Rates at their edges, and what limits decide.
 */
#include "engine_test.h"

#define SECOND	1000000000ull
#define HOUR	(3600 * SECOND)

/* So many in @time ns, each by itself; @burst of them at once. */
static struct fng_image_limit counts(u64 number, u64 time, u64 burst)
{
	u64 cost = (time + number - 1) / number;

	return (struct fng_image_limit) {
		.kind = FNG_LIMIT_CONNECT,
		.cost = cost << FNG_LIMIT_SHIFT,
		.most = cost * burst,
	};
}

/* How many pass at a moment. */
static u32 take_all(const struct fng_image_limit *limit, u64 now, u64 *until)
{
	u32 nr = 0;

	while (fng_limit_take(limit, now, 1, until))
		nr++;
	return nr;
}

static void as_many_as_the_burst_pass_at_once(void **state)
{
	static const u32 rates[] = { 1, 3, 7, 50, 999, 1000000, 999999999 };
	static const u32 bursts[] = { 1, 2, 100, 1000 };
	static const u64 times[] = { SECOND, 60 * SECOND, HOUR };
	static const u64 moments[] = { 0, 1, SECOND, 1ull << 62 };
	u32 i;

	(void)state;
	for (i = 0; i < NR(rates) * NR(bursts) * NR(times) * NR(moments); i++) {
		u32 burst = bursts[i / NR(rates) % NR(bursts)];
		u64 time = times[i / NR(rates) / NR(bursts) % NR(times)];
		u64 now = moments[i / NR(rates) / NR(bursts) / NR(times)];
		struct fng_image_limit limit = counts(rates[i % NR(rates)], time,
						      burst);
		u64 until = 0;

		assert_int_equal(take_all(&limit, now, &until), burst);
		assert_int_equal(take_all(&limit, now, &until), 0);
		assert_int_equal(until, now + limit.most);
	}
}

/* One by one they come back, neither sooner nor more of them. */
static void what_was_used_comes_back(void **state)
{
	struct fng_image_limit limit = counts(50, SECOND, 100);
	u64 until = 0, now = 5 * SECOND;

	(void)state;
	assert_int_equal(take_all(&limit, now, &until), 100);
	assert_int_equal(take_all(&limit, now + SECOND / 50 - 1, &until), 0);
	assert_int_equal(take_all(&limit, now + SECOND / 50, &until), 1);
	assert_int_equal(take_all(&limit, now + SECOND, &until), 49);
	assert_int_equal(take_all(&limit, now + HOUR, &until), 100);
}

/* In any second, no more than the rate once the burst is used. */
static void a_rate_is_kept_over_time(void **state)
{
	struct fng_image_limit limit = counts(3, SECOND, 5);
	u64 until = 0, now;
	u32 nr = 0;

	(void)state;
	for (now = 0; now < 1000 * SECOND; now += 7654321)
		nr += fng_limit_take(&limit, now, 1, &until);
	assert_in_range(nr, 3000, 3005);
}

/* Rounded to a nanosecond for each packet, and never in its favour. */
static void bytes_are_counted_at_high_rates(void **state)
{
	static const u64 rates[] = {
		1000, 1 << 20, 125000000, 12500000000, 1000000000000
	};
	static const u32 sizes[] = { 40, 1500, 65536, 1 << 20 };
	u32 i;

	(void)state;
	for (i = 0; i < NR(rates) * NR(sizes); i++) {
		u64 rate = rates[i % NR(rates)];
		u32 size = sizes[i / NR(rates)];
		struct fng_image_limit limit = {
			.kind = FNG_LIMIT_EGRESS,
			.cost = ((SECOND << FNG_LIMIT_SHIFT) + rate - 1) / rate,
		};
		u64 exact = (u64)size * SECOND / rate;
		u64 price = fng_limit_price(&limit, size);

		assert_in_range(price, exact, exact + 2 + exact / 1000);
	}
}

static void what_is_too_much_to_count_is_refused(void **state)
{
	struct fng_image_limit limit = {
		.cost = FNG_MAX_LIMIT_COST, .most = FNG_MAX_LIMIT_BURST,
	};
	u64 until = 17;

	(void)state;
	assert_true(fng_limit_price(&limit, 1) == HOUR);
	assert_true(fng_limit_price(&limit, 5124095) == 5124095 * HOUR);
	assert_true(fng_limit_price(&limit, 5124096) == ~0ull);
	assert_true(fng_limit_price(&limit, ~0ull) == ~0ull);
	assert_false(fng_limit_take(&limit, 0, 365 * 24 + 1, &until));
	assert_int_equal(until, 17);
	limit.cost = 1;
	assert_true(fng_limit_price(&limit, ~0ull) ==
		    1ull << (64 - FNG_LIMIT_SHIFT));
	assert_int_equal(fng_limit_price(&limit, 1), 1);
	assert_int_equal(fng_limit_price(&limit, 1 << FNG_LIMIT_SHIFT), 1);
	assert_int_equal(fng_limit_price(&limit, (1 << FNG_LIMIT_SHIFT) + 1), 2);
	assert_int_equal(fng_limit_price(&limit, 0), 0);
	limit.cost = (1 << FNG_LIMIT_SHIFT) - 1;
	assert_true(fng_limit_price(&limit, ~0ull) ==
		    ~0ull - (~0ull >> FNG_LIMIT_SHIFT));
	limit.cost = (1 << FNG_LIMIT_SHIFT) + 1;
	assert_true(fng_limit_price(&limit, ~0ull) == ~0ull);
	assert_true(fng_limit_price(&limit, 1ull << 63) ==
		    (1ull << 63) + (1ull << (63 - FNG_LIMIT_SHIFT)));
}

static void nothing_is_nothing(void **state)
{
	struct fng_image_limit limit = { .cost = 1 };
	u64 until = 0, now;

	(void)state;
	for (now = 0; now < 1ull << 62; now = now * 2 + 1)
		assert_false(fng_limit_take(&limit, now, 1, &until));
	limit.cost = FNG_MAX_LIMIT_COST;
	assert_false(fng_limit_take(&limit, now, 1, &until));
	assert_int_equal(until, 0);
}

/* Forward it gives as much as there is room for, backward it takes as much. */
static void a_clock_that_jumps_hurts_for_one_burst(void **state)
{
	struct fng_image_limit limit = counts(10, SECOND, 20);
	u64 until = 0, now = 1000 * SECOND;

	(void)state;
	assert_int_equal(take_all(&limit, now, &until), 20);
	assert_int_equal(take_all(&limit, ~0ull >> 2, &until), 20);
	assert_int_equal(take_all(&limit, now, &until), 0);
	assert_int_equal(take_all(&limit, now + SECOND / 10, &until), 1);
	until = ~0ull;
	assert_false(fng_limit_take(&limit, now, 1, &until));
	assert_int_equal(until, now + 2 * SECOND);
	assert_int_equal(take_all(&limit, now + 2 * SECOND, &until), 20);
}

/* What was used under another rate is no more than a full use of this one. */
static void another_rate_takes_over(void **state)
{
	struct fng_image_limit slow = counts(1, HOUR, 100);
	struct fng_image_limit fast = counts(50, SECOND, 100);
	struct fng_image_limit none = counts(1, HOUR, 0);
	u64 until = 0, now = SECOND;

	(void)state;
	assert_int_equal(take_all(&slow, now, &until), 100);
	assert_int_equal(take_all(&fast, now, &until), 0);
	assert_int_equal(take_all(&fast, now + SECOND, &until), 50);
	assert_int_equal(take_all(&slow, now + SECOND, &until), 99);
	/* None at all forgets nothing. */
	assert_int_equal(take_all(&none, now + SECOND, &until), 0);
	assert_int_equal(take_all(&slow, now + SECOND, &until), 0);
}

static void the_longest_label_counts(void **state)
{
	static const struct {
		const char *name;
		u32 longest;
	} rows[] = {
		{ "", 0 }, { "a", 1 }, { "com", 3 }, { "example.com", 7 },
		{ "a.example.com", 7 }, { "api.a.b", 3 }, { "a.b.apis", 4 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(rows); i++)
		assert_int_equal(fng_label_longest(rows[i].name,
						   strlen(rows[i].name)),
				 rows[i].longest);
	assert_int_equal(fng_label_longest("abc.defg", 3), 3);
	assert_int_equal(fng_label_longest("abc.defg", 5), 3);
}

static void labels_are_refused_by_their_limit(void **state)
{
	struct subject full = subject_sample(SAMPLE_FULL);
	struct subject bare = subject_sample(SAMPLE_BARE);
	struct fng_decision d;
	char name[64];
	u32 len;

	(void)state;
	memset(name, 'a', sizeof(name));
	for (len = 0; len < sizeof(name); len++) {
		fng_label_decide(&full.image, name, len, &d);
		assert_int_equal(d.refused, len > 40);
		assert_int_equal(d.class, FNG_CLASS_LIMITS);
		assert_int_equal(d.rule, FULL_LABEL);
		assert_int_equal(d.err, EAGAIN);
		fng_label_decide(&bare.image, name, len, &d);
		assert_false(d.refused);
		assert_int_equal(d.rule, FNG_RULE_NONE);
	}
	subject_free(&full);
	subject_free(&bare);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_as_the_burst_pass_at_once),
		cmocka_unit_test(what_was_used_comes_back),
		cmocka_unit_test(a_rate_is_kept_over_time),
		cmocka_unit_test(bytes_are_counted_at_high_rates),
		cmocka_unit_test(what_is_too_much_to_count_is_refused),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(a_clock_that_jumps_hurts_for_one_burst),
		cmocka_unit_test(another_rate_takes_over),
		cmocka_unit_test(the_longest_label_counts),
		cmocka_unit_test(labels_are_refused_by_their_limit),
	};

	return cmocka_run_group_tests_name("engine_limit", tests, NULL, NULL);
}
