/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Characters of text that somebody else has chosen: which are there to be seen.
 */
#ifndef FNGUARD_GLYPH_H
#define FNGUARD_GLYPH_H

#include <fnguard/types.h>

/**
 * fng_glyph_decode() - read a character of UTF-8
 * @text: where it begins
 * @size: bytes that there are, one at least
 * @glyph: set to which it is
 *
 * Return: its length; 0 if it is none.
 */
static inline size_t fng_glyph_decode(const char *text, size_t size,
				      u32 *glyph)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const u8 *at = (const u8 *)text;
	size_t length = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 :
			at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;

	if (!length || length > size)
		return 0;
	*glyph = length == 1 ? at[0] : at[0] & 0x7f >> length;
	for (size_t i = 1; i < length; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		*glyph = *glyph << 6 | (at[i] & 0x3f);
	}
	return *glyph < least[length] || *glyph > 0x10ffff ||
	       *glyph >> 11 == 0x1b ? 0 : length;
}

/* Controls, of terminals as well; what turns writing round; what has no width. */
static inline bool fng_glyph_unseen(u32 c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	       c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) ||
	       (c & 0xfffe) == 0xfffe || c >= 0xe0000;
}

#endif /* FNGUARD_GLYPH_H */
