// SPDX-License-Identifier: MIT
/*
 * Paths that some pattern matches, and paths that it just does not.
 */
#include "glob.h"
#include "request.h"

/**
 * struct draw - a path while it is made up
 * @source: choices
 * @policy: for the letters of its patterns
 * @out: the path
 * @len: bytes of it
 * @room: most bytes of it
 */
struct draw {
	struct ref_source *source;
	const struct ref_policy *policy;
	char *out;
	size_t len;
	size_t room;
};

/* Also what is not a character: half of one, and bytes that start none. */
static const char *const letters[] = {
	"a", "b", "c", "a", "b", "ab", ".", "-", ",", "z", "A", "^", "]", "{",
	"*", "\\", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", "\xc3",
	"\xa9", "\xff", "\x80", "\x7f", "\x01",
};

static void add(struct draw *draw, const char *text, size_t len)
{
	if (draw->len + len > draw->room)
		return;
	memcpy(draw->out + draw->len, text, len);
	draw->len += len;
	draw->out[draw->len] = '\0';
}

/* Often a letter that some pattern has. */
static void add_letter(struct draw *draw)
{
	const char *text = REF_PICK(draw->source, letters);
	const struct ref_policy *policy = draw->policy;

	if (policy->nr_paths && ref_chance(draw->source, 40)) {
		text = policy->paths[ref_below(draw->source,
					       policy->nr_paths)].pattern;
		text += ref_below(draw->source, (u32)strlen(text));
		if (*text != '/')
			add(draw, text, 1);
		return;
	}
	add(draw, text, strlen(text));
}

/* At least @least letters, sometimes with a '/' among them. */
static void add_run(struct draw *draw, u32 least, bool slashes)
{
	u32 nr = least + ref_below(draw->source, 3);

	for (u32 i = 0; i < nr; i++) {
		if (slashes && i && ref_chance(draw->source, 30))
			add(draw, "/", 1);
		add_letter(draw);
	}
}

/* Some member of a class, its end or the letter that comes behind it. */
static void add_member(struct draw *draw, const char *p, const char *end)
{
	size_t len = (size_t)(end - p);
	char letter;

	p += 1 + ref_below(draw->source, (u32)len - 1);
	if (ref_char_size(p) > 1) {
		add(draw, p, ref_char_size(p));
		return;
	}
	letter = (char)(*p + ref_below(draw->source, 3) - 1);
	if (letter && letter != '/')
		add(draw, &letter, 1);
}

static const char *add_stars(struct draw *draw, const char *p, bool fresh)
{
	const char *after = ref_glob_piece_end(p);

	if (after == p + 1) {
		add_run(draw, fresh && (!*after || *after == '/'), false);
		return after;
	}
	if (fresh && *after == '/') {
		if (ref_chance(draw->source, 40))
			return after + 1;
		add_run(draw, 1, true);
		return after;
	}
	add_run(draw, fresh && !*after, true);
	return after;
}

/* A text that a pattern without braces matches, or nearly so. */
static void add_instance(struct draw *draw, const char *p)
{
	while (*p) {
		bool fresh = !draw->len || draw->out[draw->len - 1] == '/';
		const char *end = ref_glob_piece_end(p);

		if (*p == '*') {
			p = add_stars(draw, p, fresh);
			continue;
		}
		if (*p == '?')
			add_letter(draw);
		else if (*p == '[' && p[1] != '^')
			add_member(draw, p, end);
		else if (*p == '[')
			add_letter(draw);
		else
			add(draw, p + (*p == '\\'), end - p - (*p == '\\'));
		p = end;
	}
}

static const char *some_pattern(struct ref_source *source,
				const struct ref_policy *policy)
{
	if (policy->nr_paths)
		return policy->paths[ref_below(source,
					       policy->nr_paths)].pattern;
	return "/{a,b}/**";
}

static void add_pattern(struct draw *draw, const char *pattern)
{
	struct ref_texts texts;

	texts.nr = 0;
	ref_glob_expand(pattern, &texts);
	add_instance(draw, texts.text[ref_below(draw->source, texts.nr)]);
}

static void remove_at(struct draw *draw, size_t at)
{
	memmove(draw->out + at, draw->out + at + 1, draw->len - at);
	draw->len--;
}

/* One change that may lead out of what the pattern matches. */
static void disturb(struct draw *draw)
{
	u32 at = ref_below(draw->source, (u32)draw->len);
	char *slash = strrchr(draw->out, '/');

	switch (ref_below(draw->source, 6)) {
	case 0:
		remove_at(draw, at);
		break;
	case 1:
		draw->out[at] = "abc/z"[ref_below(draw->source, 5)];
		break;
	case 2:
		add_letter(draw);
		break;
	case 3:
		if (slash) {
			draw->len = (size_t)(slash - draw->out);
			*slash = '\0';
		}
		break;
	default:
		add(draw, "/", 1);
		add_letter(draw);
	}
}

static void choose_path(struct ref_source *source,
			const struct ref_policy *policy, const char *pattern,
			char path[REF_PATH_SIZE])
{
	struct draw draw = { source, policy, path, 0, REF_PATH_SIZE - 1 };

	*path = '\0';
	add_pattern(&draw, pattern);
	while (draw.len && ref_chance(source, 40))
		disturb(&draw);
	if (!draw.len)
		add(&draw, "/", 1);
}

/* Below the directory that ends somewhere in the path; no '/' at its end. */
static void shorten(struct ref_source *source, char *path)
{
	char *slash = strrchr(path, '/');

	while (slash && slash > path && ref_chance(source, 55)) {
		*slash = '\0';
		slash = strrchr(path, '/');
	}
	slash = path + strlen(path) - 1;
	while (slash > path && *slash == '/')
		*slash-- = '\0';
}

void ref_request_paths(struct ref_source *source,
		       const struct ref_policy *policy,
		       struct ref_request *request)
{
	const char *pattern = some_pattern(source, policy);

	if (request->kind == REF_ASK_CGROUP && policy->nr_cgroups)
		pattern = policy->cgroups[ref_below(source,
						    policy->nr_cgroups)];
	choose_path(source, policy, pattern, request->path);
	choose_path(source, policy, some_pattern(source, policy), request->to);
	if (ref_chance(source, 20))
		strcpy(request->to, request->path);
	if (request->kind == REF_ASK_MOVE_TREE ||
	    request->kind == REF_ASK_REMOVE_TREE) {
		shorten(source, request->path);
		shorten(source, request->to);
	}
}

static void add_below(struct ref_source *source,
		      const struct ref_policy *policy,
		      struct ref_request *request, const char *pattern)
{
	struct draw draw = { source, policy, NULL, 0, REF_BELOW_SIZE - 1 };

	if (request->nr_below == REF_MAX_BELOW)
		return;
	draw.out = request->below[request->nr_below++];
	*draw.out = '\0';
	add_instance(&draw, pattern);
}

static void add_rests(struct ref_source *source,
		      const struct ref_policy *policy,
		      struct ref_request *request, const char *pattern,
		      const char *directory)
{
	char beginning[REF_PATH_SIZE + 1];
	struct ref_texts rests;

	rests.nr = 0;
	ref_directory(directory, beginning);
	ref_glob_rests(pattern, beginning, &rests);
	if (rests.nr)
		add_below(source, policy, request,
			  rests.text[ref_below(source, rests.nr)]);
}

void ref_request_below(struct ref_source *source,
		       const struct ref_policy *policy,
		       struct ref_request *request)
{
	u32 first = policy->nr_paths ? ref_below(source, policy->nr_paths) : 0;

	add_below(source, policy, request, "\\~");
	add_below(source, policy, request, "**");
	for (u32 i = 0; i < policy->nr_paths; i++) {
		const struct ref_path_rule *rule =
			&policy->paths[(first + i) % policy->nr_paths];

		add_rests(source, policy, request, rule->pattern,
			  request->path);
		add_rests(source, policy, request, rule->pattern, request->to);
	}
}
