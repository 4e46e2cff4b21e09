/* SPDX-License-Identifier: MIT */
/*
 * What every test of the messages of the DNS needs.
 */
#ifndef DNS_TEST_H
#define DNS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dns_message.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* The message under test, and what was found in it. */
static struct dns_message m;
static struct dns_found found;

static const struct fng_dns_question www = {
	.id = 1, .type = FNG_DNS_TYPE_A, .len = 3, .name = "www"
};

/* The result for @m, which the reference agrees with; @found is set. */
static inline int answer(const struct fng_dns_question *question)
{
	static struct dns_found wanted;
	int result = dns_run_answer(m.bytes, m.len, question, &found);

	assert_int_equal(dns_reference_answer(m.bytes, m.len, question,
					      &wanted), result);
	assert_int_equal(found.nr, result > 0 ? result : 0);
	assert_int_equal(found.nr, wanted.nr);
	for (u32 i = 0; i < found.nr; i++) {
		assert_int_equal(found.address[i].family,
				 wanted.address[i].family);
		assert_int_equal(found.address[i].ttl, wanted.address[i].ttl);
		assert_memory_equal(found.address[i].addr,
				    wanted.address[i].addr, 16);
	}
	return result;
}

/* Only what is in the message can be found. */
static inline void assert_inside(void)
{
	for (u32 i = 0; i < found.nr; i++) {
		const struct fng_dns_address *a = &found.address[i];

		assert_non_null(memmem(m.bytes, m.len, a->addr,
				       a->family == 4 ? 4 : 16));
	}
}

#endif /* DNS_TEST_H */
