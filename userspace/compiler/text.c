// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/model.h>
#include <compiler/text.h>

#define AT_MARK		"\xee\x80\x80"	/* U+E000 */
#define AT_SIZE		3

/* Bytes of the well-formed UTF-8 character at @p, 0 if it is not one. */
static size_t utf8_size(const unsigned char *p, size_t left)
{
	size_t size;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	size = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (size > left)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return size;
}

/* What is wrong with the character at @p, or NULL. */
static const char *bad_character(const unsigned char *p, size_t left,
				 size_t *size)
{
	*size = utf8_size(p, left);
	if (!*size)
		return "the file is not valid UTF-8";
	if (!*p)
		return "a NUL byte is not allowed";
	if ((*p < 0x20 && !strchr("\t\n\r", *p)) || *p == 0x7f)
		return "a control character is not allowed";
	if (*size == AT_SIZE && !memcmp(p, AT_MARK, AT_SIZE))
		return "the character U+E000 is not allowed";
	return NULL;
}

bool fngc_is_utf8(const char *text, size_t size)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n;

	for (size_t i = 0; i < size; i += n) {
		n = utf8_size(p + i, size - i);
		if (!n)
			return false;
	}
	return true;
}

bool fngc_text_check(struct fngc_compile *c, struct fngc_source *source)
{
	const unsigned char *p = (const unsigned char *)source->text;
	const struct fngc_place whole = { .source = source };
	size_t size;

	if (source->size > FNG_MAX_SOURCE) {
		fngc_error(c, &whole, NULL, "the file is larger than %u MiB",
			   FNG_MAX_SOURCE >> 20);
		return false;
	}
	for (size_t i = 0; i < source->size; i += size) {
		const char *bad = bad_character(p + i, source->size - i, &size);
		struct fngc_place place;

		if (!bad)
			continue;
		place = fngc_source_place(source, i);
		fngc_error(c, &place, NULL, "%s", bad);
		return false;
	}
	return true;
}

bool fngc_is_kernel_path(const char *path)
{
	if (*path != '/')
		return false;
	for (const char *p = path; *p; p = strchrnul(p + 1, '/')) {
		size_t len = strcspn(p + 1, "/");

		if ((!len && p != path) || (len == 1 && p[1] == '.') ||
		    (len == 2 && p[1] == '.' && p[2] == '.') ||
		    (!len && p[1]))
			return false;
	}
	return true;
}

char *fngc_text_hide_at(const struct fngc_source *source, size_t *size)
{
	size_t nr = 0;
	char *text, *to;

	for (size_t i = 0; i < source->size; i++)
		nr += source->text[i] == '@';
	to = text = fngc_xcalloc(1, source->size + nr * (AT_SIZE - 1) + 1);
	for (size_t i = 0; i < source->size; i++) {
		if (source->text[i] == '@')
			to = mempcpy(to, AT_MARK, AT_SIZE);
		else
			*to++ = source->text[i];
	}
	*size = to - text;
	return text;
}

size_t fngc_text_show_at(char *text, size_t size)
{
	char *to = text;

	for (size_t i = 0; i < size;) {
		if (size - i >= AT_SIZE && !memcmp(text + i, AT_MARK, AT_SIZE)) {
			*to++ = '@';
			i += AT_SIZE;
		} else {
			*to++ = text[i++];
		}
	}
	*to = '\0';
	return to - text;
}
