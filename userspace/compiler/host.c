// SPDX-License-Identifier: MIT
#include <compiler/host.h>

#define MAX_LABEL	63

static bool label_fine(const char *label, size_t len)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	return len && len <= MAX_LABEL && strspn(label, good) >= len;
}

/* Nothing but digits at the end: no name ends so, but addresses do. */
static bool looks_like_address(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *last = dot ? dot + 1 : name;

	return last[strspn(last, "0123456789")] == '\0';
}

static const char *check_labels(const char *name)
{
	for (const char *p = name;; p++) {
		size_t len = strcspn(p, ".");

		if (len > MAX_LABEL)
			return "has a label of more than 63 bytes";
		if (!label_fine(p, len))
			return "is no name of a host";
		p += len;
		if (!*p)
			return looks_like_address(name) ?
			       "is an address, which belongs in to" : NULL;
	}
}

const char *fngc_host_normalise(const char *text, char *name)
{
	size_t len = strlen(text);

	if (len && text[len - 1] == '.')
		len--;
	if (len > FNG_MAX_HOST_NAME)
		return "is longer than 253 bytes";
	for (size_t i = 0; i < len; i++) {
		name[i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 :
			  text[i];
		if (name[i] & 0x80)
			return "is not ASCII: write its form that begins with "
			       "xn--";
	}
	name[len] = '\0';
	return check_labels(name);
}

char *fngc_host_reverse(char *to, const char *name)
{
	for (size_t end = strlen(name); end;) {
		size_t start = end;

		while (start && name[start - 1] != '.')
			start--;
		*to++ = '/';
		to = mempcpy(to, name + start, end - start);
		end = start ? start - 1 : 0;
	}
	return to;
}

const char *fngc_host_pattern(struct fngc_compile *c,
			      const struct fngc_place *place, const char *text)
{
	size_t stars = strspn(text, "*");
	bool wild = (stars == 1 || stars == 2) && text[stars] == '.';
	char name[FNG_MAX_HOST_NAME + 1], path[FNG_MAX_HOST_NAME + 8], *end;
	const char *rest = text + (wild ? stars + 1 : 0), *bad;

	if (strchr(rest, '*')) {
		fngc_error(c, place, stars == strlen(text) ?
			   "to: [@any] allows every destination" :
			   "*.example.com is one label more, **.example.com "
			   "any number",
			   "'%.64s': a wildcard stands for whole labels, before "
			   "the rest of a name", text);
		return NULL;
	}
	bad = fngc_host_normalise(rest, name);
	if (bad) {
		fngc_error(c, place, NULL, "'%.64s' %s", text, bad);
		return NULL;
	}
	end = fngc_host_reverse(path, name);
	if (wild)
		end += sprintf(end, "/%.*s", (int)stars, text);
	*end = '\0';
	return fngc_strdup(&c->arena, path);
}
