// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <stdlib.h>

#include <compiler/address.h>

static const u8 mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool fngc_address_parse(const char *text, u8 addr[16], u8 *family)
{
	memset(addr, 0, 16);
	*family = strchr(text, ':') ? 6 : 4;
	return inet_pton(*family == 6 ? AF_INET6 : AF_INET, text, addr) == 1;
}

/* Decimal without sign, blanks or leading zeros; -1 if it is not. */
static int small_number(const char *text, int max)
{
	size_t len = strlen(text);

	if (!len || len > 3 || strspn(text, "0123456789") != len ||
	    (len > 1 && *text == '0') || atoi(text) > max)
		return -1;
	return atoi(text);
}

/* Sets all bits after @prefix in @last, clears them in @first. */
static void spread(struct fngc_range *range, u32 prefix, u32 bits)
{
	for (u32 bit = prefix; bit < bits; bit++) {
		range->first[bit / 8] &= ~(0x80 >> bit % 8);
		range->last[bit / 8] |= 0x80 >> bit % 8;
	}
}

static void fold_mapped(struct fngc_range *range, int *prefix)
{
	if (range->family != 6 || *prefix < 96 ||
	    memcmp(range->first, mapped_prefix, sizeof(mapped_prefix)))
		return;
	memmove(range->first, range->first + 12, 4);
	memset(range->first + 4, 0, 12);
	range->family = 4;
	*prefix -= 96;
}

static const char *host_bits(struct fngc_compile *c,
			     const struct fngc_range *range, const char *text,
			     int prefix)
{
	char name[INET6_ADDRSTRLEN];

	inet_ntop(range->family == 6 ? AF_INET6 : AF_INET, range->first, name,
		  sizeof(name));
	return fngc_sprintf(&c->arena,
			    "'%.64s' has bits set after its prefix; the "
			    "network is %s/%d", text, name, prefix);
}

const char *fngc_network_parse(struct fngc_compile *c, const char *text,
			       struct fngc_range *range)
{
	const char *slash = strchr(text, '/');
	char address[64];
	u8 written[16];
	int bits, prefix;

	snprintf(address, sizeof(address), "%.*s",
		 slash ? (int)(slash - text) : 63, text);
	memset(range, 0, sizeof(*range));
	if (!fngc_address_parse(address, range->first, &range->family))
		return fngc_sprintf(&c->arena,
				    "'%.64s' is not an address or a network",
				    text);
	bits = range->family == 6 ? 128 : 32;
	prefix = slash ? small_number(slash + 1, bits) : bits;
	if (prefix < 0)
		return fngc_sprintf(&c->arena,
				    "'%.64s': the prefix length must be from 0 "
				    "to %d", text, bits);
	fold_mapped(range, &prefix);
	bits = range->family == 6 ? 128 : 32;
	memcpy(written, range->first, sizeof(written));
	memcpy(range->last, range->first, sizeof(written));
	spread(range, prefix, bits);
	if (memcmp(written, range->first, sizeof(written)))
		return host_bits(c, range, text, prefix);
	return NULL;
}
