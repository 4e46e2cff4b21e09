// SPDX-License-Identifier: MIT
/*
 * Pieces of text.
 */
#include <ctype.h>

#include <learn/text.h>

void fngl_put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void fngl_put_comment(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(isprint((unsigned char)*text) ? *text : '?', out);
}
