/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Addresses as numbers.
 */
#ifndef FNGUARD_ADDRESS_H
#define FNGUARD_ADDRESS_H

#include <fnguard/types.h>

/* First 96 bits of IPv4 addresses that are written as IPv6, without the zeros. */
#define FNG_MAPPED_PREFIX	0x0000ffffu

static inline u32 fng_load_be32(const u8 *bytes)
{
	u32 value;

	memcpy(&value, bytes, sizeof(value));
	return __builtin_bswap32(value);
}

/**
 * struct fng_v6 - an IPv6 address as two numbers that compare like its bytes
 * @high: first half
 * @low: second half
 */
struct fng_v6 {
	u64 high;
	u64 low;
};

static inline struct fng_v6 fng_load_v6(const u8 *bytes)
{
	struct fng_v6 value;

	memcpy(&value, bytes, sizeof(value));
	value.high = __builtin_bswap64(value.high);
	value.low = __builtin_bswap64(value.low);
	return value;
}

#endif /* FNGUARD_ADDRESS_H */
