/* SPDX-License-Identifier: MIT */
/*
 * Globs: text to items. What a pattern means:
 *
 *   ?      one character other than '/': a UTF-8 character, or one byte that
 *          is not ASCII, so that a name that is not UTF-8 cannot slip past
 *   *      any characters other than '/'; a component that is nothing but '*'
 *          needs one at least
 *   **     any characters; at the end of a path one at least, so '/tmp/' and
 *          '**' is what is below /tmp; as a component in the middle it stands
 *          for no or more directories
 *   [a-z]  one of these characters; [^a-z] one character that is none of them
 *          and not '/'; beyond ASCII only single characters, not negated
 *   {a,b}  either; may be nested; may be empty
 *   \x     x, whatever it is
 */
#ifndef COMPILER_GLOB_H
#define COMPILER_GLOB_H

#include <compiler/model.h>

/* Alternatives that the braces of one pattern may stand for. */
#define FNGC_MAX_ALTERNATIVES	1024
/* Bytes of one pattern, and so items of one glob. */
#define FNGC_MAX_ITEMS		(2 * FNG_MAX_PATH)
/* Bytes of all patterns of a policy, with their braces written out. */
#define FNGC_MAX_PATTERN_BYTES	(8u << 20)

/**
 * struct fngc_byteset - a set of bytes
 * @word: bit n % 64 of word n / 64 is byte n
 */
struct fngc_byteset {
	u64 word[4];
};

static inline bool fngc_byteset_has(const struct fngc_byteset *set, u8 byte)
{
	return set->word[byte / 64] >> (byte % 64) & 1;
}

static inline void fngc_byteset_add(struct fngc_byteset *set, u8 byte)
{
	set->word[byte / 64] |= 1ull << (byte % 64);
}

/**
 * enum fngc_item_kind - what an item matches
 * @FNGC_BYTE: one byte
 * @FNGC_CHAR: one character of @set; all that is not ASCII if @set has bytes
 *	above 0x7f
 * @FNGC_STAR: any run without '/'
 * @FNGC_STAR1: the same, not empty
 * @FNGC_ANY: any run
 * @FNGC_ANY1: the same, not empty
 * @FNGC_DIRS: nothing, or a run that ends in '/'
 */
enum fngc_item_kind {
	FNGC_BYTE,
	FNGC_CHAR,
	FNGC_STAR,
	FNGC_STAR1,
	FNGC_ANY,
	FNGC_ANY1,
	FNGC_DIRS,
};

/**
 * struct fngc_item - one item of a glob
 * @kind: enum fngc_item_kind
 * @byte: FNGC_BYTE: the byte
 * @set: FNGC_CHAR: the set
 */
struct fngc_item {
	u8 kind;
	u8 byte;
	const struct fngc_byteset *set;
};

/**
 * struct fngc_glob - a pattern without braces
 * @items: items
 * @nr: number of @items
 */
struct fngc_glob {
	const struct fngc_item *items;
	size_t nr;
};

/*
 * Parses a pattern of paths into its alternatives. Reports what is wrong with it
 * at @place and returns false.
 */
bool fngc_glob_parse(struct fngc_compile *c, const struct fngc_place *place,
		     const char *pattern, const struct fngc_glob **globs,
		     size_t *nr);

/* The same for a pattern of Unix sockets: "/path", "host:/path" or "@name". */
bool fngc_glob_parse_peer(struct fngc_compile *c,
			  const struct fngc_place *place, const char *pattern,
			  const struct fngc_glob **globs, size_t *nr);

/* The same for a pattern of names of network devices, where '*' is any run. */
bool fngc_glob_parse_device(struct fngc_compile *c,
			    const struct fngc_place *place, const char *pattern,
			    const struct fngc_glob **globs, size_t *nr);

/* The pattern has no wildcard: its text as it is matched, else NULL. */
const char *fngc_glob_literal(struct fngc_compile *c,
			      const struct fngc_glob *glob);

/*
 * The glob matches a text; for who asks about few. Beyond ASCII, '?' and '[^a]'
 * are one byte here. Does not allocate.
 */
bool fngc_glob_matches(const struct fngc_glob *glob, const char *text);

/* braces.c: alternatives of a pattern as texts without braces. */
bool fngc_braces_expand(struct fngc_compile *c, const struct fngc_place *place,
			const char *pattern, const char *const **texts,
			size_t *nr);

#endif /* COMPILER_GLOB_H */
