// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "dns_message.h"

/* Alone in its allocation, so that one byte too many is noticed. */
static u8 *alone(const u8 *bytes, size_t len)
{
	u8 *copy = malloc(len);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static void find(void *data, const struct fng_dns_address *address)
{
	struct dns_found *found = data;

	if (found->nr == FNG_MAX_DNS_RECORDS)
		abort();
	found->address[found->nr++] = *address;
}

int dns_run_question(const u8 *bytes, size_t len, bool response,
		     struct fng_dns_question *question)
{
	u8 *message = alone(bytes, len);
	int err = fng_dns_question_parse(message, len, response, question);

	free(message);
	return err;
}

int dns_run_answer(const u8 *bytes, size_t len,
		   const struct fng_dns_question *question,
		   struct dns_found *found)
{
	u8 *message = alone(bytes, len);
	int result;

	found->nr = 0;
	result = fng_dns_answer_parse(message, len, question, find, found);
	free(message);
	return result;
}
