// SPDX-License-Identifier: MIT
/*
 * Pieces of text.
 */
#include <ctype.h>
#include <string.h>

#include <fnguard/glyph.h>
#include <learn/text.h>

/* Returns the length of what was put. */
static size_t put_character(FILE *out, const char *text, size_t size)
{
	u32 glyph;
	size_t length = fng_glyph_decode(text, size, &glyph);

	if (length && fng_glyph_unseen(glyph))
		fprintf(out, glyph < 0x100 ? "\\x%02x" : glyph < 0x10000 ?
			"\\u%04x" : "\\U%08x", glyph);
	else if (*text == '"' || *text == '\\')
		fprintf(out, "\\%c", *text);
	else
		fwrite(text, 1, length ?: 1, out);
	return length ?: 1;
}

void fngl_put_quoted(FILE *out, const char *text)
{
	size_t size = strlen(text), length;

	fputc('"', out);
	for (; size; size -= length, text += length)
		length = put_character(out, text, size);
	fputc('"', out);
}

void fngl_put_comment(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(isprint((unsigned char)*text) ? *text : '?', out);
}
