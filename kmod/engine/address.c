// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Which addresses mean something else on each network, or on each host: a name
 * that anybody can give an address must not lead there.
 */
#include "address.h"
#include "engine.h"

/**
 * struct net4 - a network of IPv4
 * @addr: its address, host order
 * @bits: length of its prefix, 1 to 32
 */
struct net4 {
	u32 addr;
	u8 bits;
};

static const struct net4 special4[] = {
	{ 0x00000000, 8 },	/* this host */
	{ 0x0a000000, 8 },	/* private */
	{ 0x64400000, 10 },	/* of a provider's own */
	{ 0x7f000000, 8 },	/* loopback */
	{ 0xa9fe0000, 16 },	/* of the link, metadata services */
	{ 0xac100000, 12 },	/* private */
	{ 0xc0000000, 24 },	/* of protocols */
	{ 0xc0a80000, 16 },	/* private */
	{ 0xc6120000, 15 },	/* measurements */
	{ 0xe0000000, 3 },	/* multicast, reserved, broadcast */
};

/**
 * struct net6 - a network of IPv6 that ends in the first half of an address
 * @high: first half of its address
 * @bits: length of its prefix, 1 to 64
 */
struct net6 {
	u64 high;
	u8 bits;
};

static const struct net6 special6[] = {
	{ 0x0000000000000000, 16 },	/* this host, IPv4 written as IPv6 */
	{ 0x0064ff9b00010000, 48 },	/* translated, of a network's own */
	{ 0x0100000000000000, 64 },	/* nowhere */
	{ 0x2001000000000000, 23 },	/* of protocols, Teredo */
	{ 0xfc00000000000000, 7 },	/* private */
	{ 0xfe80000000000000, 10 },	/* of the link */
	{ 0xfec0000000000000, 10 },	/* of the site */
	{ 0xff00000000000000, 8 },	/* multicast */
};

static bool is_special4(u32 addr)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(special4); i++)
		if (!((addr ^ special4[i].addr) >> (32 - special4[i].bits)))
			return true;
	return false;
}

#define NAT64_HIGH	0x0064ff9b00000000u
#define SIX_TO_FOUR	0x2002u

/* What a gateway makes of the address is what counts. */
static bool is_special6(struct fng_v6 addr)
{
	u32 i;

	if (!addr.high && addr.low >> 32 == FNG_MAPPED_PREFIX)
		return is_special4((u32)addr.low);
	if (addr.high == NAT64_HIGH && !(addr.low >> 32))
		return is_special4((u32)addr.low);
	if (addr.high >> 48 == SIX_TO_FOUR)
		return is_special4((u32)(addr.high >> 16));
	for (i = 0; i < ARRAY_SIZE(special6); i++)
		if (!((addr.high ^ special6[i].high) >> (64 - special6[i].bits)))
			return true;
	return false;
}

/**
 * fng_address_special() - does an address mean something else elsewhere?
 * @endpoint: with the address; its port and protocol do not matter
 *
 * Return: true for loopback, private, link-local, multicast and their like, also
 * where they are wrapped in another address.
 */
bool fng_address_special(const struct fng_endpoint *endpoint)
{
	if (endpoint->family == 4)
		return is_special4(fng_load_be32(endpoint->addr));
	return is_special6(fng_load_v6(endpoint->addr));
}
