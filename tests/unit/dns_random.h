/* SPDX-License-Identifier: MIT */
/*
 * Messages of the DNS at random: good ones, and what becomes of them.
 */
#ifndef DNS_RANDOM_H
#define DNS_RANDOM_H

#include "dns_message.h"
#include "prng.h"

void dns_generate(struct dns_message *m, struct prng *prng);
size_t dns_mutate(u8 *bytes, size_t len, struct prng *prng);
bool dns_agree(const u8 *bytes, size_t len,
	       const struct fng_dns_question *question, struct dns_found *found,
	       int *result);

#endif /* DNS_RANDOM_H */
