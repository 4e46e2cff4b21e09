// SPDX-License-Identifier: MIT
/*
 * Messages of the DNS by somebody who wants addresses to be believed that are
 * not the name's, or the parser to fail.
 */
#include "dns_test.h"

/**
 * struct change - what is other in the good sample
 * @name: what that is
 * @at: offset of the first byte that is other
 * @nr: number of bytes
 * @bytes: the bytes
 * @result: what fng_dns_answer_parse() returns
 * @is_question: there is a question in it all the same
 */
struct change {
	const char *name;
	size_t at;
	size_t nr;
	u8 bytes[8];
	int result;
	bool is_question;
};

#define BYTES(...) .nr = sizeof((u8[]){ __VA_ARGS__ }), .bytes = { __VA_ARGS__ }
#define OTHER	.result = -EINVAL
#define ANSWER	.is_question = true, .result
#define BAD	ANSWER = -EINVAL

/* The offsets are those of the comments in the sample. */
static const struct change changes[] = {
	{ "another number", 1, BYTES(0x35), BAD },
	{ "a query", 2, BYTES(0x01), OTHER },
	{ "an inverse query", 2, BYTES(0x89), OTHER },
	{ "an update", 2, BYTES(0xa9), OTHER },
	{ "the highest opcode", 2, BYTES(0xc1), OTHER },
	{ "authoritative", 2, BYTES(0x85), ANSWER = 2 },
	{ "recursion was not desired", 2, BYTES(0x80), ANSWER = 2 },
	{ "truncated", 2, BYTES(0x83), ANSWER = -EAGAIN },
	{ "authentic, unchecked, and a bit that is none", 3, BYTES(0xf0),
	  ANSWER = 2 },
	{ "a format error", 3, BYTES(0x81), ANSWER = 0 },
	{ "a failure of the server", 3, BYTES(0x82), ANSWER = 0 },
	{ "no such name", 3, BYTES(0x83), ANSWER = 0 },
	{ "the highest error", 3, BYTES(0x88), ANSWER = 0 },
	{ "no question", 5, BYTES(0), OTHER },
	{ "two questions", 5, BYTES(2), OTHER },
	{ "257 questions", 4, BYTES(1), OTHER },
	{ "no answer", 7, BYTES(0), ANSWER = 0 },
	{ "the alias alone", 7, BYTES(1), ANSWER = 0 },
	{ "one address", 7, BYTES(2), ANSWER = 1 },
	{ "EDNS among the answers", 7, BYTES(4), ANSWER = 2 },
	{ "more answers than there are", 7, BYTES(5), BAD },
	{ "256 answers", 6, BYTES(1, 0), BAD },
	{ "257 answers", 6, BYTES(1, 1), ANSWER = -E2BIG },
	{ "authority that is not there", 8, BYTES(0xff, 0xff), ANSWER = 2 },
	{ "nothing of what is additional", 11, BYTES(0), ANSWER = 2 },
	{ "another name", 13, BYTES('x'), BAD },
	{ "a name in capitals", 13, BYTES('W', 'W', 'W'), ANSWER = 2 },
	{ "a name with a dot", 14, BYTES('.'), OTHER },
	{ "a name with a zero", 14, BYTES(0), OTHER },
	{ "a name that goes on in a pointer", 16, BYTES(0xc0, 12), OTHER },
	{ "a name that is a pointer", 12, BYTES(0xc0, 12), OTHER },
	{ "a name in the header", 12, BYTES(0xc0, 4), OTHER },
	{ "a label of 64 in the question", 12, BYTES(0x40), OTHER },
	{ "a reserved label in the question", 12, BYTES(0x80), OTHER },
	{ "the last reserved label in the question", 12, BYTES(0xbf), OTHER },
	{ "addresses of the other kind", 30, BYTES(28), BAD },
	{ "a question for anything", 30, BYTES(255), BAD },
	{ "a question in CHAOS", 32, BYTES(3), OTHER },
	{ "a question in any class", 32, BYTES(255), OTHER },
	{ "a question in class 257", 31, BYTES(1), OTHER },
	{ "an owner that points to itself", 33, BYTES(0xc0, 33), BAD },
	{ "an owner that points into itself", 33, BYTES(0xc0, 34), BAD },
	{ "an owner that points forward", 33, BYTES(0xc0, 45), BAD },
	{ "an owner that points beyond", 33, BYTES(0xff, 0xff), BAD },
	{ "an owner at the start", 33, BYTES(0xc0, 0), BAD },
	{ "an owner at the end of the header", 33, BYTES(0xc0, 11), BAD },
	{ "an owner in the question", 33, BYTES(0xc0, 16), ANSWER = 0 },
	{ "an owner in a label", 33, BYTES(0xc0, 13), BAD },
	{ "an owner that is the root", 33, BYTES(0xc0, 28), ANSWER = 0 },
	{ "an owner with a label of 64", 33, BYTES(0x40), BAD },
	{ "an owner with a reserved label", 33, BYTES(0x80), BAD },
	{ "an owner with the last reserved label", 33, BYTES(0xbf), BAD },
	{ "an alias that is text", 36, BYTES(16), ANSWER = 0 },
	{ "an alias in CHAOS", 38, BYTES(3), ANSWER = 0 },
	{ "an alias in class 257", 37, BYTES(1), ANSWER = 0 },
	{ "an alias that is too short", 44, BYTES(5), BAD },
	{ "an alias that is too long", 44, BYTES(7), BAD },
	{ "an alias without a name", 44, BYTES(0), BAD },
	{ "an alias that nobody believes", 47, BYTES('/'), ANSWER = 0 },
	{ "an alias with a dot in it", 47, BYTES('.'), ANSWER = 0 },
	{ "an alias that points to its start", 49, BYTES(0xc0, 45), BAD },
	{ "an alias that points to itself", 49, BYTES(0xc0, 49), BAD },
	{ "an alias that points forward", 49, BYTES(0xc0, 51), BAD },
	{ "an alias that points into the header", 49, BYTES(0xc0, 0), BAD },
	{ "an alias that points far", 49, BYTES(0xff), BAD },
	{ "an alias of the root", 45, BYTES(0), BAD },
	{ "an address of the alias", 51, BYTES(0xc0, 12), ANSWER = 1 },
	{ "an address of somebody else", 51, BYTES(0xc0, 24), ANSWER = 1 },
	{ "another of the other kind", 69, BYTES(0, 28), BAD },
	{ "another of no kind", 69, BYTES(0, 0), ANSWER = 1 },
	{ "another in CHAOS", 72, BYTES(3), ANSWER = 1 },
	{ "another in CHAOS, where it is a name", 72,
	  BYTES(3, 0, 0, 0, 0, 0, 5), ANSWER = 1 },
	{ "another that is too long", 78, BYTES(5), BAD },
	{ "another that is too short", 78, BYTES(3), BAD },
	{ "another that is empty", 78, BYTES(0), BAD },
	{ "another of the size of IPv6", 78, BYTES(15), BAD },
	{ "another that is much too long", 77, BYTES(1), BAD },
	{ "another of the largest size", 77, BYTES(0xff, 0xff), BAD },
	{ "a broken EDNS", 83, BYTES(0xff, 0xff), ANSWER = 2 },
};

static void one_thing_is_other(void **state)
{
	const struct change *c = *state;
	const struct dns_sample *good = &dns_samples[DNS_GOOD];
	struct fng_dns_question q;

	dns_copy(&m, good);
	assert_int_equal(answer(&good->question), 2);
	memcpy(m.bytes + c->at, c->bytes, c->nr);
	assert_memory_not_equal(m.bytes, good->bytes, m.len);
	assert_int_equal(answer(&good->question), c->result);
	assert_int_equal(dns_run_question(m.bytes, m.len, true, &q),
			 c->is_question ? 0 : -EINVAL);
}

/* Names of so many bytes, as a string: three labels of 63, and the rest. */
static struct fng_dns_question long_question(u8 len)
{
	struct fng_dns_question q = { .id = 1, .type = 1, .len = len };

	memset(q.name, 'a', len);
	q.name[63] = '.';
	q.name[127] = '.';
	q.name[191] = '.';
	return q;
}

static void names_have_253_bytes(void **state)
{
	struct fng_dns_question q = long_question(253), read;

	(void)state;
	dns_start(&m, DNS_ANSWER, &q);
	assert_int_equal(dns_run_question(m.bytes, m.len, true, &read), 0);
	assert_true(fng_dns_question_equal(&q, &read));
	dns_put_address(&m, q.name, 1, 60);
	dns_put_u16(&m, DNS_POINTER | DNS_AT_NAME);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&q), 2);
	/* One byte more, in each way in which it can be had. */
	dns_put(&m, "\0", 1);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&q), 2);
	dns_put_label(&m, 'a', 1);
	dns_put_u16(&m, DNS_POINTER | DNS_AT_NAME);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&q), -EINVAL);
}

static void longer_names_are_malformed(void **state)
{
	(void)state;
	for (u8 len = 60; len <= 63; len++) {
		struct fng_dns_question q = www;
		u8 at;

		/* 3 * 64 + 1 + 61 + 1 is 255. */
		dns_start(&m, DNS_ANSWER, &www);
		m.len = DNS_AT_NAME;
		for (at = 0; at < 3; at++)
			dns_put_label(&m, 'a', 63);
		dns_put_label(&m, 'a', len);
		dns_put(&m, "\0\0\1\0\1", 5);
		assert_int_equal(dns_run_question(m.bytes, m.len, true, &q),
				 len <= 61 ? 0 : -EINVAL);
		dns_start(&m, DNS_ANSWER, &www);
		for (at = 0; at < 3; at++)
			dns_put_label(&m, 'a', 63);
		dns_put_label(&m, 'a', len);
		dns_put(&m, "", 1);
		dns_put_rest(&m, DNS_TYPE_TXT, 60, "", 0);
		dns_put_address(&m, "www", 1, 60);
		assert_int_equal(answer(&www), len <= 61 ? 1 : -EINVAL);
	}
}

/* As many labels as there can be, of one byte each, and one more. */
static void names_have_127_labels(void **state)
{
	(void)state;
	for (int nr = 126; nr <= 128; nr++) {
		struct fng_dns_question q;

		dns_start(&m, DNS_ANSWER, &www);
		m.len = DNS_AT_NAME;
		for (int i = 0; i < nr; i++)
			dns_put_label(&m, 'a', 1);
		dns_put(&m, "\0\0\1\0\1", 5);
		assert_int_equal(dns_run_question(m.bytes, m.len, true, &q),
				 nr <= 127 ? 0 : -EINVAL);
	}
}

static void labels_have_63_bytes(void **state)
{
	(void)state;
	for (u8 len = 62; len <= 64; len++) {
		dns_start(&m, DNS_ANSWER, &www);
		dns_put_label(&m, 'a', len);
		dns_put(&m, "", 1);
		dns_put_rest(&m, DNS_TYPE_TXT, 60, "", 0);
		dns_put_address(&m, "www", 1, 60);
		assert_int_equal(answer(&www), len <= 63 ? 1 : -EINVAL);
	}
}

/* Pointers to pointers, each in the data of a record of its own. */
static void put_pointers(int nr)
{
	u16 at = DNS_AT_NAME;

	while (nr-- > 1) {
		u8 pointer[] = { 0xc0 | at >> 8, (u8)at };

		dns_put(&m, "", 1);
		dns_put_rest(&m, DNS_TYPE_TXT, 60, pointer, sizeof(pointer));
		at = (u16)(m.len - sizeof(pointer));
	}
	dns_put_u16(&m, DNS_POINTER | at);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
}

static void a_name_has_16_pointers(void **state)
{
	(void)state;
	for (int nr = 1; nr <= 18; nr++) {
		dns_start(&m, DNS_ANSWER, &www);
		put_pointers(nr);
		assert_int_equal(answer(&www), nr <= 16 ? 1 : -EINVAL);
	}
}

/* Two that point to each other cannot both point back. */
static void pointers_end(void **state)
{
	static const u8 pointers[] = { 0xc0, 34, 0xc0, 32 };

	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put(&m, "", 1);
	dns_put_rest(&m, DNS_TYPE_TXT, 60, pointers, sizeof(pointers));
	assert_int_equal(m.len - sizeof(pointers), 32);
	dns_put_address(&m, "www", 1, 60);
	assert_int_equal(answer(&www), 1);
	dns_put_u16(&m, DNS_POINTER | 34);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&www), -EINVAL);
}

static const char *link_name(int nr)
{
	static const char *const names[] = {
		"www", "one", "two.a", "three.b", "four", "a.five", "six.b.c",
		"seven", "eight", "nine"
	};

	return names[nr];
}

/* From www, in an order that is other for each @first. */
static void put_chain(int nr, int first)
{
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_address(&m, link_name(nr), 1, 60);
	for (int i = 0; i < nr; i++) {
		int from = nr > 1 && first == nr ? nr - 1 - i :
			   (first + i) % nr;

		dns_put_alias(&m, link_name(from), link_name(from + 1), 50);
	}
}

static void chains_have_8_aliases(void **state)
{
	(void)state;
	for (int nr = 0; nr <= 9; nr++) {
		for (int first = 0; first <= nr; first++) {
			put_chain(nr, first);
			assert_int_equal(answer(&www), nr <= 8 ? 1 : -ELOOP);
		}
	}
	/* What comes after a gap is not reached. */
	for (int gap = 0; gap < 8; gap++) {
		put_chain(gap, 0);
		for (int i = gap + 1; i < 8; i++)
			dns_put_alias(&m, link_name(i), link_name(i + 1), 50);
		dns_put_address(&m, link_name(8), 2, 60);
		assert_int_equal(answer(&www), 1);
		assert_int_equal(found.address[0].addr[3], 1);
	}
}

static void aliases_in_a_circle_are_of_nothing(void **state)
{
	(void)state;
	for (int nr = 1; nr <= 9; nr++) {
		dns_start(&m, DNS_ANSWER, &www);
		for (int i = 0; i < nr; i++)
			dns_put_alias(&m, link_name(i), link_name((i + 1) % nr),
				      50);
		for (int i = 0; i < nr; i++)
			dns_put_address(&m, link_name(i), 1, 60);
		assert_int_equal(answer(&www), -ELOOP);
	}
	/* Somebody else's circle does not matter. */
	dns_put_alias(&m, "x", "y", 50);
	dns_put_alias(&m, "y", "x", 50);
	assert_int_equal(answer(&www), -ELOOP);
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_alias(&m, "x", "y", 50);
	dns_put_alias(&m, "y", "x", 50);
	dns_put_address(&m, "www", 1, 60);
	assert_int_equal(answer(&www), 1);
}

/* Also others' and repeated ones, so that it does not take long. */
static void answers_have_16_aliases(void **state)
{
	(void)state;
	for (int repeated = 0; repeated < 2; repeated++) {
		put_chain(8, 0);
		for (int i = 0; i < 8; i++)
			dns_put_alias(&m, repeated ? "www" : "x", "one", 50);
		assert_int_equal(answer(&www), 1);
		dns_put_alias(&m, "x", "one", 50);
		assert_int_equal(answer(&www), -ELOOP);
		/* It is none in another class. */
		m.bytes[m.len - 5 - 7] = 3;
		assert_int_equal(answer(&www), 1);
	}
}

static void a_name_is_an_alias_of_one(void **state)
{
	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_alias(&m, "www", "one", 50);
	dns_put_address(&m, "one", 1, 60);
	dns_put_alias(&m, "WWW", "One", 40);
	dns_put_alias(&m, "one", "two", 40);
	dns_put_address(&m, "two", 2, 60);
	assert_int_equal(answer(&www), 1);
	assert_int_equal(found.address[0].addr[3], 2);
	assert_int_equal(found.address[0].ttl, 40);
	/* Somebody else's contradiction does not matter. */
	dns_put_alias(&m, "x", "y", 50);
	dns_put_alias(&m, "x", "z", 50);
	assert_int_equal(answer(&www), 1);
	dns_put_alias(&m, "one", "x", 50);
	assert_int_equal(answer(&www), -EINVAL);
}

static void an_alias_has_no_address(void **state)
{
	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_address(&m, "www", 1, 60);
	assert_int_equal(answer(&www), 1);
	dns_put_alias(&m, "www", "one", 50);
	assert_int_equal(answer(&www), 0);
	dns_put_address(&m, "one", 2, 60);
	assert_int_equal(answer(&www), 1);
	assert_int_equal(found.address[0].addr[3], 2);
}

static void answers_have_256_records(void **state)
{
	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	for (int i = 0; i < FNG_MAX_DNS_RECORDS; i++)
		dns_put_address(&m, "www", (u8)i, 60);
	assert_int_equal(answer(&www), FNG_MAX_DNS_RECORDS);
	for (int i = 0; i < FNG_MAX_DNS_RECORDS; i++)
		assert_int_equal(found.address[i].addr[3], i);
	dns_put_address(&m, "www", 1, 60);
	assert_int_equal(answer(&www), -E2BIG);
	dns_set(&m, DNS_AT_ANSWERS, 0xffff);
	assert_int_equal(answer(&www), -E2BIG);
}

/* What is not in the answer section is nobody's business. */
static void other_sections_are_not_believed(void **state)
{
	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_alias(&m, "www", "cdn", 60);
	dns_put_address(&m, "cdn", 1, 60);
	dns_put_address(&m, "cdn", 2, 60);
	dns_put_address(&m, "www", 3, 60);
	dns_put_alias(&m, "cdn", "evil", 60);
	assert_int_equal(answer(&www), 0);
	dns_set(&m, DNS_AT_ANSWERS, 2);
	dns_set(&m, DNS_AT_AUTHORITY, 1);
	dns_set(&m, DNS_AT_ADDITIONAL, 2);
	assert_int_equal(answer(&www), 1);
	assert_int_equal(found.address[0].addr[3], 1);
	dns_set(&m, DNS_AT_ANSWERS, 1);
	dns_set(&m, DNS_AT_AUTHORITY, 2);
	assert_int_equal(answer(&www), 0);
}

static void the_type_that_was_asked_for_counts(void **state)
{
	static const u8 address[16] = { 0x20, 1, [15] = 1 };
	static const u16 others[] = {
		0, 2, FNG_DNS_TYPE_CNAME, DNS_TYPE_TXT, DNS_TYPE_DNAME,
		DNS_TYPE_ANY, 257, 0x011c, 0xffff
	};
	struct fng_dns_question q = www;

	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_address(&m, "www", 1, 60);
	dns_put_name(&m, "www");
	dns_put_rest(&m, FNG_DNS_TYPE_AAAA, 60, address, sizeof(address));
	assert_int_equal(answer(&www), 1);
	assert_int_equal(found.address[0].family, 4);
	q.type = FNG_DNS_TYPE_AAAA;
	dns_set(&m, DNS_AT_NAME + 5, q.type);
	assert_int_equal(answer(&q), 1);
	assert_int_equal(found.address[0].family, 6);
	assert_memory_equal(found.address[0].addr, address, sizeof(address));
	for (size_t i = 0; i < NR(others); i++) {
		q.type = others[i];
		dns_set(&m, DNS_AT_NAME + 5, q.type);
		assert_int_equal(answer(&q), 0);
	}
}

/* A pointer reaches the first 16 KiB only; a name in full is as good there. */
static void messages_have_64_kib(void **state)
{
	static const u8 text[0xffff - 100];

	(void)state;
	dns_start(&m, DNS_ANSWER, &www);
	dns_put_name(&m, "");
	dns_put_rest(&m, DNS_TYPE_TXT, 60, text, sizeof(text));
	dns_put_address(&m, "www", 1, 60);
	dns_put_u16(&m, DNS_POINTER | DNS_AT_NAME);
	dns_put_rest(&m, FNG_DNS_TYPE_A, 60, "\1\2\3\4", 4);
	assert_int_equal(answer(&www), 2);
	dns_put_label(&m, 'a', 0xffff - 1 - m.len);
	assert_int_equal(m.len, 0xffff);
	assert_int_equal(answer(&www), 2);
	dns_set(&m, DNS_AT_ANSWERS, 4);
	assert_int_equal(answer(&www), -EINVAL);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(names_have_253_bytes),
		cmocka_unit_test(longer_names_are_malformed),
		cmocka_unit_test(names_have_127_labels),
		cmocka_unit_test(labels_have_63_bytes),
		cmocka_unit_test(a_name_has_16_pointers),
		cmocka_unit_test(pointers_end),
		cmocka_unit_test(chains_have_8_aliases),
		cmocka_unit_test(aliases_in_a_circle_are_of_nothing),
		cmocka_unit_test(answers_have_16_aliases),
		cmocka_unit_test(a_name_is_an_alias_of_one),
		cmocka_unit_test(an_alias_has_no_address),
		cmocka_unit_test(answers_have_256_records),
		cmocka_unit_test(other_sections_are_not_believed),
		cmocka_unit_test(the_type_that_was_asked_for_counts),
		cmocka_unit_test(messages_have_64_kib),
	};
	struct CMUnitTest tests[NR(changes) + NR(others)] = { 0 };

	for (size_t i = 0; i < NR(changes); i++)
		tests[i] = (struct CMUnitTest) {
			.name = changes[i].name,
			.test_func = one_thing_is_other,
			.initial_state = (void *)&changes[i],
		};
	memcpy(&tests[NR(changes)], others, sizeof(others));
	return cmocka_run_group_tests_name("engine_dns_hostile", tests, NULL,
					   NULL);
}
