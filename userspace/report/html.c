// SPDX-License-Identifier: MIT
/*
 * Writing HTML.
 */
#include <string.h>
#include <time.h>

#include <report/html.h>

/* Length of the character that begins here, and which it is; 0 if it is none. */
static size_t decode(const unsigned char *text, u32 *character)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 :
			text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;

	if (!length)
		return 0;
	*character = length == 1 ? text[0] : text[0] & 0x7f >> length;
	for (size_t i = 1; i < length; i++) {
		if (text[i] >> 6 != 2)
			return 0;
		*character = *character << 6 | (text[i] & 0x3f);
	}
	return *character < least[length] || *character > 0x10ffff ||
	       *character >> 11 == 0x1b ? 0 : length;
}

/* Controls, what turns writing round, and what has no width. */
static int is_unseen(u32 c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	       c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) ||
	       (c & 0xfffe) == 0xfffe || c >= 0xe0000;
}

static void put_character(FILE *out, u32 c, const unsigned char *text,
			  size_t length)
{
	static const char *const names[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;",
	};

	if (is_unseen(c))
		fprintf(out, "\\u{%x}", c);
	else if (c < sizeof(names) / sizeof(*names) && names[c])
		fputs(names[c], out);
	else
		fwrite(text, 1, length, out);
}

void fng_html_text(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	u32 character;
	size_t length;

	while (at && *at) {
		length = decode(at, &character);
		if (length)
			put_character(out, character, at, length);
		else
			fprintf(out, "\\x%02x", *at);
		at += length ?: 1;
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
