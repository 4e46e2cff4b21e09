// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where functions of the kernel are.
 *
 * No interface for modules looks a name up as such, but registering a probe does,
 * and one that is registered disabled changes no code. Asking ftrace for a function
 * by its name takes a walk over the names of all functions for each, and finds
 * functions of modules that have the same name.
 */
#include <linux/kprobes.h>
#include <linux/slab.h>

#include "symbol.h"

static int find(struct fng_symbol *symbol, struct kprobe *probe)
{
	int err;

	probe->symbol_name = symbol->name;
	probe->flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(probe);
	symbol->entry = err ? 0 : (unsigned long)probe->addr;
	return err;
}

/**
 * fng_symbol_find_all() - find functions of the kernel
 * @symbols: their names; they are found in order, until one is not
 * @nr: number of @symbols
 *
 * Context: process; sleeps for a grace period.
 * Return: 0, -ENOMEM, or the error of the first that was not found.
 */
int fng_symbol_find_all(struct fng_symbol *symbols, unsigned int nr)
{
	struct kprobe *probes, **found;
	unsigned int i;
	int err = -ENOMEM;

	probes = kcalloc(nr, sizeof(*probes), GFP_KERNEL);
	found = kcalloc(nr, sizeof(*found), GFP_KERNEL);
	if (!probes || !found)
		goto out;
	for (err = 0, i = 0; i < nr && !err; i++) {
		err = find(&symbols[i], &probes[i]);
		found[i] = &probes[i];
	}
	/* All at once: each time takes a grace period. The last may not be there. */
	unregister_kprobes(found, err ? i - 1 : i);
out:
	kfree(found);
	kfree(probes);
	return err;
}
