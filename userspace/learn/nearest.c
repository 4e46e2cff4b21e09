// SPDX-License-Identifier: MIT
/*
 * Of rules that allow something else, the one that comes nearest.
 *
 * An image has no patterns, only what they were compiled into; but each rule has
 * its text, in the words of the policy.
 */
#include <stdlib.h>
#include <string.h>

#include <compiler/address.h>
#include <learn/nearest.h>

/* What stands for more than itself in a pattern. */
#define META	"*?[{\\"

/* An address in a range counts more than whatever ports have in common. */
#define ADDRESS	1000u

/* What follows a word at the start of @text, or NULL. */
static const char *after(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) ? NULL : text + len;
}

/* Bytes that two texts have in common, up to the last whole directory of it. */
static u32 common_path(const char *pattern, const char *name)
{
	u32 same = 0, len;

	for (len = 0; pattern[len] && pattern[len] == name[len]; len++)
		if (name[len] == '/')
			same = len + 1;
	if (!pattern[len] || strchr(META, pattern[len]))
		return len + 1;
	return same;
}

/* What all absolute paths have in common is nothing. */
static u32 score_name(const char *pattern, const char *name)
{
	u32 same = common_path(pattern, name);

	return same > 1 || !strcmp(pattern, name) ? same : 0;
}

/* "read,write PATTERN": the access that is said there tells nothing of the name. */
static u32 score_file(const char *text, const char *name)
{
	const char *pattern = strchr(text, ' ');

	return pattern ? score_name(pattern + 1, name) : 0;
}

static u32 bits_in_common(const u8 *a, const u8 *b, u32 bytes)
{
	u32 bits = 0;

	while (bits < 8 * bytes &&
	       !((a[bits / 8] ^ b[bits / 8]) & 0x80 >> bits % 8))
		bits++;
	return bits;
}

/* Of one address or range, as rules have it. */
static u32 score_range(const char *range, const struct fng_endpoint *endpoint)
{
	const char *slash = strchr(range, '/');
	char address[64];
	u8 addr[16], family;
	u32 bits, same;

	snprintf(address, sizeof(address), "%.*s",
		 (int)(slash ? (size_t)(slash - range) : strlen(range)), range);
	if (!fngc_address_parse(address, addr, &family) ||
	    family != endpoint->family)
		return 0;
	bits = slash ? strtoul(slash + 1, NULL, 10) : family == 4 ? 32 : 128;
	same = bits_in_common(addr, endpoint->addr, family == 4 ? 4 : 16);
	return same >= bits ? ADDRESS + bits : 0;
}

/* The best of a list with commas. */
static u32 score_ranges(const char *list, const struct fng_endpoint *endpoint)
{
	u32 best = 0, score;
	char range[64];

	while (*list) {
		size_t len = strcspn(list, ", ");

		snprintf(range, sizeof(range), "%.*s", (int)len, list);
		score = score_range(range, endpoint);
		best = score > best ? score : best;
		list += len;
		list += strspn(list, ", ");
		if (after(list, "ports "))
			break;
	}
	return best;
}

/* Bytes of whole labels that two names have in common, from their ends. */
static u32 score_domain(const char *text, const char *host)
{
	size_t a = strcspn(text, " "), b = strlen(host);
	u32 same = 0, len = 0;

	while (a && b && text[a - 1] == host[b - 1]) {
		a--;
		b--;
		len++;
		if (host[b] == '.')
			same = len;
	}
	return !a && !b ? ADDRESS + len : same ? ADDRESS + same : 0;
}

/* "443/tcp" among "80/tcp, 443-450/tcp": is a port in one of the ranges? */
static bool has_port(const char *list, const struct fng_endpoint *endpoint)
{
	static const char *const protos[] = FNG_PROTO_NAMES;

	while (list && *list) {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (*end == '/' && after(end + 1, protos[endpoint->proto]) &&
		    endpoint->port >= first && endpoint->port <= last)
			return true;
		list = strchr(list, ' ');
		list += list ? 1 : 0;
	}
	return false;
}

static u32 score_connect(const char *text, const struct fngl_act *act,
			 const struct fng_endpoint *endpoint)
{
	const char *to = after(text, "to "), *host = after(text, "host ");
	const char *ports = strstr(text, " ports ");
	u32 score = 0;

	if (to)
		score = score_ranges(to, endpoint);
	else if (host && *act->more)
		score = score_domain(host, act->more);
	return score + (ports && has_port(ports + 7, endpoint));
}

static u32 score_listen(const char *text, const struct fng_endpoint *endpoint)
{
	static const char *const protos[] = FNG_PROTO_NAMES;
	const char *slash = strchr(text, '/');
	long port = strtol(text, NULL, 10);

	if (!slash || strcmp(slash + 1, protos[endpoint->proto]))
		return 0;
	return 65536 - labs(port - endpoint->port);
}

/* How near a rule comes, by its text; 0 if it is about something else. */
static u32 score_of(const char *text, const struct fngl_act *act,
		    const struct fng_endpoint *endpoint)
{
	static const struct {
		const char *verb;
		const char *start;
		u32 own;
	} names[] = {
		{ "exec", "exec allow ", 1 }, { "map", "exec map ", 1 },
		{ "map", "exec allow ", 0 }, { "unix", "unix allow ", 1 },
	};
	const char *rest;
	u32 score;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		rest = after(text, names[i].start);
		if (!rest || strcmp(act->verb, names[i].verb))
			continue;
		score = score_name(rest, act->target);
		return score ? 2 * score + names[i].own : 0;
	}
	rest = after(text, "files allow ");
	if (rest && !strcmp(act->verb, "open"))
		return score_file(rest, act->target);
	rest = after(text, "egress allow ");
	if (rest && !strcmp(act->verb, "connect"))
		return score_connect(rest, act, endpoint);
	if (rest && !strcmp(act->verb, "resolve") && after(rest, "host "))
		return score_domain(after(rest, "host "), act->target);
	rest = after(text, "listen allow ");
	return rest && !strcmp(act->verb, "listen") ?
	       score_listen(rest, endpoint) : 0;
}

u32 fngl_nearest(const struct fng_image *image, const struct fngl_act *act)
{
	u32 nearest = FNG_RULE_NONE, best = 0, score;
	struct fngc_query query;
	char reason[128];

	if (fngc_query_parse(act->verb, act->target, NULL, &query, reason,
			     sizeof(reason)))
		return FNG_RULE_NONE;
	for (u32 i = 0; i < fng_rules_count(image); i++) {
		const char *strings;
		const struct fng_image_rule *rule = fng_rule_find(image, i,
								  &strings);

		score = score_of(strings + rule->text, act, &query.endpoint);
		if (score > best) {
			best = score;
			nearest = i;
		}
	}
	return nearest;
}
