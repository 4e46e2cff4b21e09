// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where functions of the kernel are.
 *
 * No interface for modules looks a name up as such, but registering a probe does,
 * and one that is registered disabled changes no code. Asking ftrace for a function
 * by its name instead takes a walk over the names of all functions for each.
 */
#include <linux/kprobes.h>
#include <linux/slab.h>

#include "symbol.h"

/* A probe says by itself whether it is where ftrace is called from. */
static int find(struct fng_symbol *symbol, struct kprobe *probe)
{
	int err;

	probe->symbol_name = symbol->name;
	probe->flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(probe);
	if (!err && kprobe_ftrace(probe))
		symbol->entry = (unsigned long)probe->addr;
	return err;
}

/**
 * fng_symbol_find_all() - find functions of the kernel
 * @symbols: their names; their entries are 0, and so remain from the first on
 *	that is not found
 * @nr: number of @symbols
 *
 * Context: process; sleeps for a grace period.
 * Return: 0, -ENOMEM, or the error of the first that was not found.
 */
int fng_symbol_find_all(struct fng_symbol *symbols, unsigned int nr)
{
	unsigned int i, nr_found = 0;
	struct kprobe *probes, **found;
	int err = -ENOMEM;

	probes = kcalloc(nr, sizeof(*probes), GFP_KERNEL);
	found = kcalloc(nr, sizeof(*found), GFP_KERNEL);
	if (!probes || !found)
		goto out;
	for (err = 0, i = 0; i < nr && !err; i++) {
		err = find(&symbols[i], &probes[i]);
		if (!err)
			found[nr_found++] = &probes[i];
		if (!err && !symbols[i].entry)
			err = -EINVAL;
	}
	/* All at once: each time takes a grace period. */
	unregister_kprobes(found, nr_found);
out:
	kfree(found);
	kfree(probes);
	return err;
}
