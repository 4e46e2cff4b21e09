// SPDX-License-Identifier: MIT
/*
 * Messages of the DNS: what is believed of them, and what is wrong with those
 * that are not. Each answer is also given to the reference.
 */
#include "dns_test.h"

static int question(struct fng_dns_question *q)
{
	return dns_run_question(m.bytes, m.len, true, q);
}

static void samples_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_dns_samples; i++) {
		const struct dns_sample *s = &dns_samples[i];
		struct fng_dns_question q;

		assert_int_equal(dns_run_question(s->bytes, s->len, s->query, &q),
				 -EINVAL);
		assert_int_equal(dns_run_question(s->bytes, s->len, !s->query,
						  &q), 0);
		assert_string_equal(q.name, s->question.name);
		assert_true(fng_dns_question_equal(&q, &s->question));
		dns_copy(&m, s);
		assert_int_equal(answer(&s->question), s->result);
		for (u32 j = 0; j < found.nr; j++) {
			assert_int_equal(found.address[j].family,
					 s->found[j].family);
			assert_int_equal(found.address[j].ttl, s->found[j].ttl);
			assert_memory_equal(found.address[j].addr,
					    s->found[j].addr, 16);
		}
	}
}

static void another_question_is_not_answered(void **state)
{
	const struct dns_sample *s = &dns_samples[DNS_GOOD];
	struct fng_dns_question q;

	(void)state;
	dns_copy(&m, s);
	q = s->question;
	assert_int_equal(answer(&q), 2);
	q.id ^= 0x100;
	assert_int_equal(answer(&q), -EINVAL);
	q = s->question;
	q.type = FNG_DNS_TYPE_AAAA;
	assert_int_equal(answer(&q), -EINVAL);
	q = s->question;
	q.name[q.len - 1] = 'n';
	assert_int_equal(answer(&q), -EINVAL);
	q = s->question;
	q.name[--q.len] = '\0';
	assert_int_equal(answer(&q), -EINVAL);
	q = s->question;
	memcpy(q.name + q.len++, "x", 2);
	assert_int_equal(answer(&q), -EINVAL);
}

static void a_message_that_is_cut_off_says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_dns_samples; i++) {
		const struct dns_sample *s = &dns_samples[i];
		/* Only the additional section may be missing, which is EDNS. */
		size_t end = s->len - (s->bytes[DNS_AT_ADDITIONAL + 1] ? 11 : 0);

		if (s->result <= 0)
			continue;
		dns_copy(&m, s);
		for (m.len = 0; m.len < end; m.len++)
			assert_int_equal(answer(&s->question), -EINVAL);
		for (; m.len <= s->len; m.len++)
			assert_int_equal(answer(&s->question), s->result);
	}
}

static void no_byte_does_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_dns_samples; i++) {
		const struct dns_sample *s = &dns_samples[i];

		dns_copy(&m, s);
		for (size_t at = 0; at < m.len; at++) {
			for (int byte = 0; byte < 256; byte++) {
				m.bytes[at] = (u8)byte;
				answer(&s->question);
				assert_inside();
			}
			m.bytes[at] = s->bytes[at];
		}
	}
}

/* All bytes that may be in a name, and that are to be read as which. */
static void names_have_the_letters_of_hosts(void **state)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	struct fng_dns_question q = www;

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		int lower = byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
		bool is_good = byte && strchr(good, lower);

		dns_start(&m, DNS_ANSWER, &www);
		m.bytes[DNS_AT_NAME + 2] = (u8)byte;
		assert_int_equal(question(&q), is_good ? 0 : -EINVAL);
		if (is_good)
			assert_int_equal(q.name[1], lower);
		/* The same as an owner; what comes after it counts. */
		dns_start(&m, DNS_ANSWER, &www);
		dns_put_address(&m, "www", 1, 60);
		m.bytes[m.len - 14 - 3] = (u8)byte;
		dns_put_address(&m, "wwW", 2, 60);
		assert_int_equal(answer(&www), lower == 'w' ? 2 : 1);
		assert_int_equal(found.address[found.nr - 1].addr[3], 2);
		/* And as an alias and its target: what is not believed has none. */
		dns_start(&m, DNS_ANSWER, &www);
		dns_put_alias(&m, "www", "aba", 60);
		m.bytes[m.len - 3] = (u8)byte;
		dns_put_address(&m, "aba", 1, 60);
		m.bytes[m.len - 14 - 3] = (u8)byte;
		assert_int_equal(answer(&www), is_good ? 1 : 0);
	}
}

/* A dot in a label is none between labels. */
static void labels_are_kept_apart(void **state)
{
	static const struct fng_dns_question ab = {
		.id = 1, .type = FNG_DNS_TYPE_A, .len = 3, .name = "a.b"
	};
	struct fng_dns_question q;

	(void)state;
	dns_start(&m, DNS_ANSWER, &ab);
	dns_put(&m, "\3a.b", 5);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&ab), 0);
	dns_put_address(&m, "a.b", 1, 60);
	assert_int_equal(answer(&ab), 1);
	dns_put_address(&m, "ab", 1, 60);
	dns_put_address(&m, "a", 1, 60);
	dns_put_address(&m, "a.b.c", 1, 60);
	dns_put_address(&m, "", 1, 60);
	assert_int_equal(answer(&ab), 1);
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_label(&m, 'b', 1);
	memcpy(m.bytes + DNS_AT_NAME, "\3a.b", 5);
	assert_int_equal(question(&q), -EINVAL);
}

static void the_root_is_a_name(void **state)
{
	static const struct fng_dns_question root = {
		.id = 1, .type = FNG_DNS_TYPE_A
	};
	struct fng_dns_question q;

	(void)state;
	dns_start(&m, DNS_ANSWER, &root);
	assert_int_equal(question(&q), 0);
	assert_int_equal(q.len, 0);
	assert_string_equal(q.name, "");
	dns_put_address(&m, "x", 1, 60);
	dns_put_address(&m, "", 2, 60);
	assert_int_equal(answer(&root), 1);
	assert_int_equal(found.address[0].addr[3], 2);
}

static void a_ttl_is_the_least(void **state)
{
	static const struct {
		u32 alias;
		u32 address;
		u32 wanted;
	} rows[] = {
		{ 60, 60, 60 }, { 0, 60, 0 }, { 60, 0, 0 }, { 1, 2, 1 },
		{ 2, 1, 1 }, { 0x7fffffff, 0x7fffffff, 0x7fffffff },
		{ 0x7fffffff, 0x80000000, 0 }, { 0x80000000, 60, 0 },
		{ 0xffffffff, 60, 0 }, { 60, 0xffffffff, 0 },
		{ 0x10000, 0x1ffff, 0x10000 }, { 0x1fffe, 0x1ffff, 0x1fffe },
		{ 0xffff, 0x1000000, 0xffff },
	};

	(void)state;
	for (size_t i = 0; i < NR(rows); i++) {
		dns_start(&m, DNS_ANSWER, &www);
		dns_put_address(&m, "cdn", 1, rows[i].address);
		dns_put_address(&m, "cdn", 2, 0x7fffffff);
		dns_put_alias(&m, "www", "cdn", rows[i].alias);
		assert_int_equal(answer(&www), 2);
		assert_int_equal(found.address[0].ttl, rows[i].wanted);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_are_understood),
		cmocka_unit_test(another_question_is_not_answered),
		cmocka_unit_test(a_message_that_is_cut_off_says_nothing),
		cmocka_unit_test(no_byte_does_harm),
		cmocka_unit_test(names_have_the_letters_of_hosts),
		cmocka_unit_test(labels_are_kept_apart),
		cmocka_unit_test(the_root_is_a_name),
		cmocka_unit_test(a_ttl_is_the_least),
	};

	return cmocka_run_group_tests_name("engine_dns", tests, NULL, NULL);
}
