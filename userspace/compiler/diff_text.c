// SPDX-License-Identifier: MIT
/*
 * Differences in words.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include <compiler/differ.h>
#include <compiler/schema.h>
#include <compiler/text.h>
#include <fnguard/capabilities.h>

static const char *const protos[] = FNG_PROTO_NAMES;

/* "a,b" from "a" and "b" */
static const char *append(struct fngc_differ *differ, const char *list,
			  const char *word)
{
	return *list ? fngc_sprintf(&differ->arena, "%s,%s", list, word) : word;
}

static const char *number_word(struct fngc_differ *differ, u32 number,
			       const char *const *words, const u32 *values)
{
	for (u32 i = 0; words[i]; i++) {
		if (values[i] == number)
			return words[i];
	}
	return fngc_sprintf(&differ->arena, "%u", number);
}

/* The word for a capability, privilege or part of the floor. */
static const char *part_word(struct fngc_differ *differ, enum fngc_about about,
			     u32 part)
{
	static const char *const privileges[] = FNG_PRIVILEGE_NAMES;
	static const char *const floors[] = FNG_FLOOR_NAMES;

	if (about == FNGC_ABOUT_PRIVILEGE)
		return privileges[part];
	if (about == FNGC_ABOUT_FLOOR)
		return floors[part];
	return number_word(differ, part, fngc_capability_words,
			   fngc_capability_values);
}

/* Of capabilities, all have a bit, and those that kernels have today a word. */
static const char *list_parts(struct fngc_differ *differ,
			      const struct fngc_difference *d)
{
	u64 named = d->bits & ((1ull << FNG_NR_CAPABILITIES) - 1);
	const char *list = "";

	for (u64 left = named; left; left &= left - 1)
		list = append(differ, list,
			      part_word(differ, d->about,
					__builtin_ctzll(left)));
	return *list ? list : "without a word";
}

static const char *list_protos(struct fngc_differ *differ, u64 bits)
{
	const char *list = "";

	for (u64 left = bits; left; left &= left - 1)
		list = append(differ, list, protos[__builtin_ctzll(left)]);
	return list;
}

static const char *family_word(struct fngc_differ *differ, u32 family)
{
	return number_word(differ, family, fngc_family_words,
			   fngc_family_values);
}

static const char *type_word(struct fngc_differ *differ, u32 type)
{
	return number_word(differ, type, fngc_type_words, fngc_type_values);
}

/* Is this one of those that a difference on sockets is about? */
static bool concerns(const struct fngc_differ *differ,
		     const struct fngc_difference *d, u32 family, u32 type)
{
	bool refused[2];

	for (u32 side = 0; side < 2; side++) {
		struct fng_decision decision;

		fng_socket_decide(differ->image[side], family, type, &decision);
		if (decision.rule != d->answer[side].rule)
			return false;
		refused[side] = decision.refused;
	}
	return refused[0] != refused[1] &&
	       refused[0] == (d->change == FNGC_CHANGE_ALLOWED);
}

/* Families by one type and types by one family: each goes with each. */
static const char *list_sockets(struct fngc_differ *differ,
				const struct fngc_difference *d)
{
	const char *families = "", *types = "";

	for (u32 i = 0; fngc_family_words[i]; i++) {
		if (concerns(differ, d, fngc_family_values[i], d->example.type))
			families = append(differ, families,
					  fngc_family_words[i]);
	}
	for (u32 i = 0; fngc_type_words[i]; i++) {
		if (concerns(differ, d, d->example.family, fngc_type_values[i]))
			types = append(differ, types, fngc_type_words[i]);
	}
	return fngc_sprintf(&differ->arena, "families %s, types %s",
			    *families ? families : "without a word",
			    *types ? types : "without a word");
}

static const char *address_text(struct fngc_differ *differ,
				const struct fng_endpoint *endpoint)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(endpoint->family == 6 ? AF_INET6 : AF_INET, endpoint->addr,
		  text, sizeof(text));
	return fngc_strdup(&differ->arena, text);
}

static const char *endpoint_text(struct fngc_differ *differ,
				 const struct fng_endpoint *endpoint)
{
	const char *text = address_text(differ, endpoint);
	const char *proto = protos[endpoint->proto];

	if (!fngc_has_ports(endpoint->proto))
		return fngc_sprintf(&differ->arena, endpoint->family == 6 ?
				    "[%s]/%s" : "%s/%s", text, proto);
	return fngc_sprintf(&differ->arena, endpoint->family == 6 ?
			    "[%s]:%u/%s" : "%s:%u/%s", text, endpoint->port,
			    proto);
}

/* As it is, or what cannot be read as \xff. */
static const char *name_text(struct fngc_differ *differ, const char *name)
{
	bool utf8 = fngc_is_utf8(name, strlen(name));
	char *text = fngc_alloc(&differ->arena, 4 * strlen(name) + 1);
	char *to = text;

	for (; *name; name++) {
		u8 byte = *name;

		if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8))
			to += sprintf(to, "\\x%02x", byte);
		else
			*to++ = *name;
	}
	return text;
}

static const char *content_text(struct fngc_differ *differ,
				const struct fngc_example *e)
{
	char hex[2 * FNG_SHA256_SIZE + 1];

	if (!e->sha256)
		return fngc_sprintf(&differ->arena, "%s with other content",
				    e->name);
	for (u32 i = 0; i < FNG_SHA256_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", e->sha256[i]);
	return fngc_sprintf(&differ->arena, "%s with content %s", e->name, hex);
}

static const char *example_text(struct fngc_differ *differ,
				const struct fngc_difference *d)
{
	const struct fngc_example *e = &d->example;

	switch (d->about) {
	case FNGC_ABOUT_MOVE:
		return fngc_sprintf(&differ->arena, "%s to %s",
				    name_text(differ, e->name),
				    name_text(differ, e->to));
	case FNGC_ABOUT_CONNECT:
		return endpoint_text(differ, &e->endpoint);
	case FNGC_ABOUT_HOST:
		return fngc_sprintf(&differ->arena, "%s at %s", e->name,
				    endpoint_text(differ, &e->endpoint));
	case FNGC_ABOUT_ANSWER:
		return fngc_sprintf(&differ->arena, "port %u to %s", e->part,
				    endpoint_text(differ, &e->endpoint));
	case FNGC_ABOUT_RESOLVER:
		return address_text(differ, &e->endpoint);
	case FNGC_ABOUT_LISTEN:
	case FNGC_ABOUT_NAMED:
		return fngc_sprintf(&differ->arena, "%u/%s", e->endpoint.port,
				    protos[e->endpoint.proto]);
	case FNGC_ABOUT_SOCKET:
		return fngc_sprintf(&differ->arena, "%s/%s",
				    family_word(differ, e->family),
				    type_word(differ, e->type));
	case FNGC_ABOUT_DIGEST:
		return content_text(differ, e);
	case FNGC_ABOUT_CAPABILITY:
	case FNGC_ABOUT_PRIVILEGE:
	case FNGC_ABOUT_FLOOR:
		return part_word(differ, d->about, e->part);
	default:
		return e->name ? name_text(differ, e->name) : "";
	}
}

static const char *operation(struct fngc_differ *differ,
			     const struct fngc_difference *d)
{
	static const char *const limits[] = FNG_LIMIT_NAMES;
	static const char *const words[] = {
		[FNGC_ABOUT_DIRECTORY] = "move or remove a directory",
		[FNGC_ABOUT_MOVE] = "move a directory",
		[FNGC_ABOUT_RESOLVE] = "resolve",
		[FNGC_ABOUT_RESOLVER] = "resolvers",
		[FNGC_ABOUT_SOCKET] = "socket",
		[FNGC_ABOUT_CAPABILITY] = "capability",
		[FNGC_ABOUT_PRIVILEGE] = "privilege",
		[FNGC_ABOUT_FLOOR] = "floor",
		[FNGC_ABOUT_FILELESS] = "fileless",
		[FNGC_ABOUT_MODIFIED] = "modified",
		[FNGC_ABOUT_WRITE_EXEC] = "write-exec",
		[FNGC_ABOUT_DIGEST] = "sha256",
		[FNGC_ABOUT_MODE] = "mode",
		[FNGC_ABOUT_ERRNO] = "errno",
		[FNGC_ABOUT_KILL] = "kill",
		[FNGC_ABOUT_QUARANTINE] = "quarantine",
		[FNGC_ABOUT_OBSERVE] = "observe",
		[FNGC_ABOUT_CGROUP] = "cgroup",
		[FNGC_ABOUT_DEVICE] = "interface",
	};
	char access[FNGC_ACCESS_NAMES_SIZE];

	switch (d->about) {
	case FNGC_ABOUT_NAME:
		return fngc_strdup(&differ->arena,
				   fngc_access_names(d->bits, access));
	case FNGC_ABOUT_NAMELESS:
		return fngc_sprintf(&differ->arena, "%s without a name",
				    fngc_access_names(d->bits, access));
	case FNGC_ABOUT_CONNECT:
		return fngc_sprintf(&differ->arena, "connect %s",
				    list_protos(differ, d->bits));
	case FNGC_ABOUT_HOST:
		return fngc_sprintf(&differ->arena, "connect %s by name",
				    list_protos(differ, d->bits));
	case FNGC_ABOUT_LISTEN:
		return fngc_sprintf(&differ->arena, "listen %s",
				    list_protos(differ, d->bits));
	case FNGC_ABOUT_ANSWER:
	case FNGC_ABOUT_NAMED:
		return fngc_sprintf(&differ->arena, "answer %s behind a device",
				    list_protos(differ, d->bits));
	case FNGC_ABOUT_LIMIT:
		return limits[d->example.part];
	default:
		return words[d->about];
	}
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The text of a rule that was written, or NULL. */
static const char *rule_text(const struct fng_image *image, u32 rule)
{
	const char *strings;
	const struct fng_image_rule *written = fng_rule_find(image, rule,
							     &strings);

	return written ? strings + written->text : NULL;
}

void fngc_diff_gather(struct fngc_differ *differ)
{
	for (u32 side = 0; side < 2; side++) {
		u32 nr = fng_rules_count(differ->image[side]);
		const char **texts;

		texts = fngc_alloc(&differ->arena, nr * sizeof(*texts));
		for (u32 i = 0; i < nr; i++)
			texts[i] = rule_text(differ->image[side], i);
		qsort(texts, nr, sizeof(*texts), compare_texts);
		differ->texts[side] = texts;
		differ->nr_texts[side] = nr;
	}
}

static bool has_rule(const struct fngc_differ *differ, u32 side,
		     const char *text)
{
	return bsearch(&text, differ->texts[side], differ->nr_texts[side],
		       sizeof(text), compare_texts);
}

/* The rule that came, or else the one that went; or else the one that decides. */
static const char *responsible(const struct fngc_differ *differ,
			       const struct fngc_difference *d)
{
	const char *texts[2];

	for (u32 side = 0; side < 2; side++)
		texts[side] = rule_text(differ->image[side],
					d->answer[side].rule);
	for (u32 side = 2; side--;) {
		if (texts[side] && !has_rule(differ, !side, texts[side]))
			return texts[side];
	}
	return texts[1] ?: texts[0] ?: "";
}

static const char *what(struct fngc_differ *differ,
			const struct fngc_difference *d)
{
	switch (d->about) {
	case FNGC_ABOUT_CAPABILITY:
	case FNGC_ABOUT_PRIVILEGE:
	case FNGC_ABOUT_FLOOR:
		return list_parts(differ, d);
	case FNGC_ABOUT_SOCKET:
		return list_sockets(differ, d);
	case FNGC_ABOUT_DIGEST:
	case FNGC_ABOUT_DIRECTORY:
	case FNGC_ABOUT_MOVE:
		/* Of rules on what is below directories, the engine knows none. */
		return "";
	default:
		return responsible(differ, d);
	}
}

static const char *section(const struct fngc_difference *d)
{
	switch (d->about) {
	case FNGC_ABOUT_CGROUP:
	case FNGC_ABOUT_DEVICE:
		return "attach";
	case FNGC_ABOUT_QUARANTINE:
		return "response";
	case FNGC_ABOUT_OBSERVE:
		return "observe";
	default:
		return fngc_class_name(d->class);
	}
}

void fngc_diff_describe(struct fngc_differ *differ,
			struct fngc_difference *difference)
{
	difference->section = section(difference);
	difference->operation = operation(differ, difference);
	difference->what = what(differ, difference);
	difference->text = example_text(differ, difference);
}
