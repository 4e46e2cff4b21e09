// SPDX-License-Identifier: MIT
/*
 * The verifier on limits, field by field.
 */
#include "engine_breakage.h"

#define LIMIT(kind_, field_) .section = FNG_SECTION_LIMITS, \
	FIELD(fng_image_limit, FNG_LIMIT_##kind_, field_)

static const struct breakage breakages[] = {
	{ "half a limit", SPAN(LIMITS, size), .value = 36,
	  .reason = "a section's size does not fit its records" },
	{ "limits beyond the end", SPAN(LIMITS, size), .value = 2400,
	  .reason = "a section ends beyond the image" },

	{ "kind", LIMIT(DNS_LABEL, kind), .value = FNG_NR_LIMITS,
	  .reason = "a limit is not known" },
	{ "kind that is known in a byte", LIMIT(CONNECT, kind), .value = 0x100,
	  .reason = "a limit is not known" },
	{ "kind twice", LIMIT(EGRESS, kind), .value = FNG_LIMIT_CONNECT,
	  .reason = "limits are out of order" },
	{ "kind before", LIMIT(DNS_LABEL, kind), .value = FNG_LIMIT_CONNECT,
	  .reason = "limits are out of order" },
	{ "rule", LIMIT(CONNECT, rule), .value = FULL_NR_RULES,
	  .reason = "a limit has no rule" },
	{ "rule none", LIMIT(DNS_LABEL, rule), .value = FNG_RULE_NONE,
	  .reason = "a limit has no rule" },

	{ "rate for nothing", LIMIT(CONNECT, cost), .value = 0,
	  .reason = "a rate costs nothing or too much" },
	{ "rate of more than an hour", LIMIT(EGRESS, cost),
	  .value = FNG_MAX_LIMIT_COST + 1,
	  .reason = "a rate costs nothing or too much" },
	{ "rate of all ones", LIMIT(DNS_QUERIES, cost), .value = ~0ull,
	  .reason = "a rate costs nothing or too much" },
	{ "burst", LIMIT(CONNECT, most), .value = FNG_MAX_LIMIT_BURST + 1,
	  .reason = "a rate allows too much at once" },
	{ "burst of all ones", LIMIT(DNS_QUERIES, most), .value = ~0ull,
	  .reason = "a rate allows too much at once" },

	{ "total with a cost", LIMIT(EGRESS_TOTAL, cost), .value = 1,
	  .reason = "a limit that is no rate has a cost" },
	{ "label with a cost", LIMIT(DNS_LABEL, cost), .value = 1ull << 63,
	  .reason = "a limit that is no rate has a cost" },
	{ "total", LIMIT(EGRESS_TOTAL, most), .value = 1ull << 63,
	  .reason = "a limit is too high" },
	{ "destinations", LIMIT(DESTINATIONS, most),
	  .value = FNG_MAX_DESTINATIONS + 1, .reason = "a limit is too high" },
	{ "label", LIMIT(DNS_LABEL, most), .value = FNG_MAX_LABEL + 1,
	  .reason = "a limit is too high" },
};

static struct image_blob with_limits(bool present, u32 first, u32 last)
{
	struct image_builder b;

	image_begin(&b, "limits");
	if (!present)
		image_absent(&b, FNG_CLASS_LIMITS);
	image_absent(&b, FNG_CLASS_LISTEN);
	image_accept(&b, 0, 0, 0);
	for (; first <= last; first++)
		image_limit(&b, first, fng_limit_is_rate(first), 0, 0);
	return image_end(&b);
}

static void limits_without_the_class_are_refused(void **state)
{
	struct image_blob blob = with_limits(false, FNG_LIMIT_DNS_LABEL,
					     FNG_LIMIT_DNS_LABEL);

	(void)state;
	assert_refused(blob, EINVAL, "there are limits without the limits class",
		       image_offset(blob, FNG_SECTION_LIMITS));
	image_free(blob);
}

static void any_limits_may_be_there(void **state)
{
	struct subject s;
	u32 first, last, kind;

	(void)state;
	for (first = 0; first < FNG_NR_LIMITS; first++) {
		for (last = first; last < FNG_NR_LIMITS; last++) {
			s = subject_of(with_limits(true, first, last));
			assert_int_equal(s.image.nr_limits, last - first + 1);
			for (kind = 0; kind <= FNG_NR_LIMITS; kind++)
				assert_int_equal(fng_limit_find(&s.image, kind) !=
						 NULL, kind >= first &&
						 kind <= last);
			subject_free(&s);
		}
	}
}

/* A limit is written once, and all that is written is looked at. */
static void the_highest_are_accepted(void **state)
{
	struct subject s = subject_sample(SAMPLE_FULL);
	struct fng_image_limit *limits = (void *)(s.blob.data +
				image_offset(s.blob, FNG_SECTION_LIMITS));

	(void)state;
	limits[FNG_LIMIT_CONNECT].cost = FNG_MAX_LIMIT_COST;
	limits[FNG_LIMIT_CONNECT].most = FNG_MAX_LIMIT_BURST;
	limits[FNG_LIMIT_EGRESS].cost = 1;
	limits[FNG_LIMIT_EGRESS_TOTAL].most = FNG_MAX_LIMIT_TOTAL;
	limits[FNG_LIMIT_DESTINATIONS].most = FNG_MAX_DESTINATIONS;
	limits[FNG_LIMIT_DNS_LABEL].most = FNG_MAX_LABEL;
	assert_accepted(s.blob, &s.image);
	subject_free(&s);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(limits_without_the_class_are_refused),
		cmocka_unit_test(any_limits_may_be_there),
		cmocka_unit_test(the_highest_are_accepted),
	};

	return RUN_BREAKAGES("engine_verify_limits", breakages, others);
}
