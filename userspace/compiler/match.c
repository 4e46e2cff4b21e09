// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <compiler/glob.h>

/* Marks all items that can be next where item @at is, over empty matches. */
static void reach(const struct fngc_glob *glob, bool *at_item, size_t at)
{
	for (;; at++) {
		at_item[at] = true;
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
static void step(const struct fngc_glob *glob, bool *next, size_t at, u8 byte)
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
		next[at] = true;
		if (slash)
			reach(glob, next, at + 1);
		break;
	default:
		if (slash && (item->kind == FNGC_STAR ||
			      item->kind == FNGC_STAR1))
			break;
		next[at] = true;
		reach(glob, next, at + 1);
		break;
	}
}

bool fngc_glob_matches(const struct fngc_glob *glob, const char *text)
{
	bool *now = fngc_xcalloc(glob->nr + 1, sizeof(*now));
	bool *next = fngc_xcalloc(glob->nr + 1, sizeof(*next));
	bool match;

	reach(glob, now, 0);
	for (; *text; text++) {
		bool *swap = now;

		memset(next, 0, (glob->nr + 1) * sizeof(*next));
		for (size_t at = 0; at < glob->nr; at++) {
			if (now[at])
				step(glob, next, at, *text);
		}
		now = next;
		next = swap;
	}
	match = now[glob->nr];
	free(now);
	free(next);
	return match;
}
