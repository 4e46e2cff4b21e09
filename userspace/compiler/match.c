// SPDX-License-Identifier: MIT
/*
 * One pattern and one text, without allocating: the agent asks as well.
 */
#include <compiler/glob.h>

#define WORDS	(FNGC_MAX_ITEMS / 64 + 1)

/**
 * struct places - items of a glob that can be next, and its end
 * @word: bit n % 64 of word n / 64 is item n
 * @nr: words that are in use
 */
struct places {
	u64 word[WORDS];
	size_t nr;
};

static void clear(struct places *places, size_t nr)
{
	places->nr = nr;
	memset(places->word, 0, nr * sizeof(*places->word));
}

static void add(struct places *places, size_t at)
{
	places->word[at / 64] |= 1ull << (at % 64);
}

static bool has(const struct places *places, size_t at)
{
	return places->word[at / 64] >> (at % 64) & 1;
}

/* Marks all items that can be next where item @at is, over empty matches. */
static void reach(const struct fngc_glob *glob, struct places *next, size_t at)
{
	for (;; at++) {
		add(next, at);
		if (at == glob->nr)
			return;
		switch (glob->items[at].kind) {
		case FNGC_STAR:
		case FNGC_ANY:
		case FNGC_DIRS:
			continue;
		default:
			return;
		}
	}
}

/* Where an item leads to on a byte: it stays, and it is left. */
static void step(const struct fngc_glob *glob, struct places *next, size_t at,
		 u8 byte)
{
	const struct fngc_item *item = &glob->items[at];
	bool slash = byte == '/';

	switch (item->kind) {
	case FNGC_BYTE:
		if (item->byte == byte)
			reach(glob, next, at + 1);
		break;
	case FNGC_CHAR:
		if (fngc_byteset_has(item->set, byte))
			reach(glob, next, at + 1);
		break;
	case FNGC_DIRS:
		add(next, at);
		if (slash)
			reach(glob, next, at + 1);
		break;
	default:
		if (slash && (item->kind == FNGC_STAR ||
			      item->kind == FNGC_STAR1))
			break;
		add(next, at);
		reach(glob, next, at + 1);
		break;
	}
}

/* All items that are marked lead on; the end does not. */
static void step_all(const struct fngc_glob *glob, const struct places *now,
		     struct places *next, u8 byte)
{
	for (size_t i = 0; i < now->nr; i++) {
		for (u64 left = now->word[i]; left; left &= left - 1) {
			size_t at = i * 64 + __builtin_ctzll(left);

			if (at < glob->nr)
				step(glob, next, at, byte);
		}
	}
}

bool fngc_glob_matches(const struct fngc_glob *glob, const char *text)
{
	struct places places[2], *now = &places[0], *next = &places[1];
	size_t nr = glob->nr / 64 + 1;

	clear(now, nr);
	reach(glob, now, 0);
	for (; *text; text++) {
		struct places *swap = now;

		clear(next, nr);
		step_all(glob, now, next, *text);
		now = next;
		next = swap;
	}
	return has(now, glob->nr);
}
