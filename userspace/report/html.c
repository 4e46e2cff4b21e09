// SPDX-License-Identifier: MIT
/*
 * Writing HTML.
 */
#include <string.h>
#include <time.h>

#include <fnguard/glyph.h>
#include <report/html.h>

static void put_character(FILE *out, u32 c, const char *text, size_t length)
{
	static const char *const names[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;",
	};

	if (fng_glyph_unseen(c))
		fprintf(out, "\\u{%x}", c);
	else if (c < sizeof(names) / sizeof(*names) && names[c])
		fputs(names[c], out);
	else
		fwrite(text, 1, length, out);
}

void fng_html_text(FILE *out, const char *text)
{
	size_t size = text ? strlen(text) : 0, length;
	u32 character;

	for (; size; size -= length, text += length) {
		length = fng_glyph_decode(text, size, &character);
		if (length) {
			put_character(out, character, text, length);
		} else {
			fprintf(out, "\\x%02x", (unsigned char)*text);
			length = 1;
		}
	}
}

const char *fng_html_time(u64 ns, char *text)
{
	time_t seconds = ns / 1000000000;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, FNG_HTML_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	return text;
}

void fng_html_number(FILE *out, u64 number)
{
	char digits[24];
	int size = snprintf(digits, sizeof(digits), "%llu",
			    (unsigned long long)number);

	for (int i = 0; i < size; i++) {
		if (i && (size - i) % 3 == 0)
			fputs("\342\200\257", out);
		fputc(digits[i], out);
	}
}
