// SPDX-License-Identifier: MIT
/*
 * Messages of the DNS, each taken for the answer to the question that is in it,
 * beside the reference.
 */
#include <stdlib.h>

#include "../unit/dns_random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

static void hold(bool condition)
{
	if (!condition)
		abort();
}

/* Labels of 1 to 63 letters, and no other byte. */
static void check_name(const struct fng_dns_question *question)
{
	const char *name = question->name;
	size_t len;

	hold(strlen(name) == question->len && question->len <= 253);
	while (*name) {
		len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
		hold(len >= 1 && len <= 63);
		hold(!name[len] || (name[len] == '.' && name[len + 1]));
		name += len + (name[len] == '.');
	}
}

static void check_address(const uint8_t *data, size_t size,
			  const struct fng_dns_question *question,
			  const struct fng_dns_address *address)
{
	static const u8 zero[12];
	bool v4 = question->type == FNG_DNS_TYPE_A;

	hold(v4 || question->type == FNG_DNS_TYPE_AAAA);
	hold(address->family == (v4 ? 4 : 6));
	hold(address->ttl <= 0x7fffffff);
	hold(memmem(data, size, address->addr, v4 ? 4 : 16) != NULL);
	hold(!v4 || !memcmp(address->addr + 4, zero, sizeof(zero)));
}

/* Whoever did not ask this is not answered. */
static void check_others(const uint8_t *data, size_t size,
			 struct fng_dns_question question)
{
	static struct dns_found found;

	question.id ^= 1;
	hold(dns_run_answer(data, size, &question, &found) == -EINVAL);
	question.id ^= 1;
	question.type ^= FNG_DNS_TYPE_A ^ FNG_DNS_TYPE_AAAA;
	hold(dns_run_answer(data, size, &question, &found) == -EINVAL);
	hold(!found.nr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dns_found found;
	struct fng_dns_question question = { 0 };
	int result;
	int err = dns_run_question(data, size, true, &question);

	if (err)
		memset(&question, 0, sizeof(question));
	check_name(&question);
	hold(dns_agree(data, size, &question, &found, &result));
	hold(!err || result == -EINVAL);
	hold(!found.nr || found.nr <= data[6] * 256u + data[7]);
	for (u32 i = 0; i < found.nr; i++)
		check_address(data, size, &question, &found.address[i]);
	check_others(data, size, question);
	return 0;
}

/* Mostly one to four changes that are likely to hurt, now and then a new one. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	static struct dns_message m;
	struct prng prng = { .state = seed + 1ull };
	u32 nr = prng_below(&prng, 16);

	if (nr < 4)
		return LLVMFuzzerMutate(data, size, max_size);
	if (nr == 4) {
		dns_generate(&m, &prng);
		if (m.len > max_size)
			return size;
		memcpy(data, m.bytes, m.len);
		return m.len;
	}
	for (nr %= 4; nr < 4; nr++)
		size = dns_mutate(data, size, &prng);
	return size;
}
