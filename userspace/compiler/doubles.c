// SPDX-License-Identifier: MIT
/*
 * Rules that say the same twice: one of them is enough. The first in the order
 * of the image stays, so that the policy's own rule wins over a template's.
 */
#include <stdlib.h>

#include <compiler/intern.h>
#include <compiler/model.h>

typedef FNGC_ARRAY(u32) words;

static void push_bytes(words *key, const void *bytes, size_t size)
{
	const u8 *p = bytes;

	for (size_t i = 0; i < size; i++) {
		if (i % 4 == 0)
			*FNGC_PUSH(key) = 0;
		key->v[key->nr - 1] |= (u32)p[i] << (i % 4 * 8);
	}
}

static void entry_key(const struct fngc_entry *entry, words *key)
{
	u32 head[] = { entry->class, entry->effect, entry->access,
		       entry->nr_ranges, entry->nr_ports, entry->special,
		       entry->resolver, entry->host ? strlen(entry->host) : 0 };

	key->nr = 0;
	push_bytes(key, head, sizeof(head));
	if (entry->pattern)
		push_bytes(key, entry->pattern, strlen(entry->pattern));
	if (entry->host)
		push_bytes(key, entry->host, strlen(entry->host));
	for (size_t i = 0; i < entry->nr_ranges; i++) {
		*FNGC_PUSH(key) = entry->ranges[i].family;
		push_bytes(key, entry->ranges[i].first, 16);
		push_bytes(key, entry->ranges[i].last, 16);
	}
	for (size_t i = 0; i < entry->nr_ports; i++) {
		*FNGC_PUSH(key) = entry->ports[i].protos;
		*FNGC_PUSH(key) = (u32)entry->ports[i].first << 16 |
				  entry->ports[i].last;
	}
}

static void remove_double(struct fngc_compile *c, struct fngc_entry *entry,
			  const struct fngc_entry *first)
{
	entry->removed = true;
	if (entry->layer == first->layer)
		fngc_warning(c, &entry->place, NULL,
			     "the rule repeats that of line %u",
			     first->place.line);
}

void fngc_doubles_remove(struct fngc_compile *c)
{
	struct fngc_model *model = &c->model;
	FNGC_ARRAY(u32) firsts = { 0 };
	struct fngc_intern keys = { 0 };
	words key = { 0 };

	for (size_t i = 0; i < model->entries.nr; i++) {
		struct fngc_entry *entry = &model->entries.v[i];
		u32 id;

		entry_key(entry, &key);
		id = fngc_intern(&keys, key.v, key.nr);
		if (id == firsts.nr)
			*FNGC_PUSH(&firsts) = i;
		else
			remove_double(c, entry,
				      &model->entries.v[firsts.v[id]]);
	}
	fngc_intern_free(&keys);
	free(firsts.v);
	free(key.v);
}
