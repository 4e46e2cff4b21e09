// SPDX-License-Identifier: MIT
/*
 * Messages of the DNS at random, good and mutated: the reference must say the
 * same. FNG_CASES in the environment sets how many.
 */
#include "dns_random.h"
#include "dns_test.h"

#define CASES	300000

/* How often each result was seen. */
struct tally {
	u32 found;
	u32 none;
	u32 malformed;
	u32 truncated;
	u32 large;
	u32 endless;
};

static void count(struct tally *tally, int result)
{
	switch (result) {
	case 0:
		tally->none++;
		break;
	case -EINVAL:
		tally->malformed++;
		break;
	case -EAGAIN:
		tally->truncated++;
		break;
	case -E2BIG:
		tally->large++;
		break;
	case -ELOOP:
		tally->endless++;
		break;
	default:
		assert_true(result > 0);
		tally->found++;
	}
}

static void messages_at_random(void **state)
{
	const char *given = getenv("FNG_CASES");
	u32 nr = given ? (u32)strtoul(given, NULL, 0) : CASES;
	struct prng prng = prng_begin("messages at random");
	struct fng_dns_question question = { 0 }, asked;
	struct tally tally = { 0 };
	int result;

	(void)state;
	for (u32 i = 0; i < nr; i++) {
		/* A message that is found in a few times is broken further. */
		if (i % 4 == 0)
			dns_generate(&m, &prng);
		else
			m.len = dns_mutate(m.bytes, m.len, &prng);
		/* Also what is no answer any more to what was asked. */
		if ((i % 4 == 0 || prng_below(&prng, 4)) &&
		    !dns_run_question(m.bytes, m.len, true, &asked))
			question = asked;
		if (!dns_agree(m.bytes, m.len, &question, &found, &result))
			fail_msg("case %u", i);
		assert_inside();
		count(&tally, result);
	}
	print_message("# %u found, %u none, %u malformed, %u truncated, %u large, %u endless\n",
		      tally.found, tally.none, tally.malformed,
		      tally.truncated, tally.large, tally.endless);
	assert_true(tally.found > nr / 10);
	assert_true(tally.none && tally.malformed && tally.truncated);
	assert_true(tally.large && tally.endless);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_at_random),
	};

	return cmocka_run_group_tests_name("engine_dns_random", tests, NULL,
					   NULL);
}
