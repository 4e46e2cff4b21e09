/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for what is large and stays.
 */
#ifndef FNGUARD_KMOD_MEMORY_H
#define FNGUARD_KMOD_MEMORY_H

#include <linux/slab.h>
#include <linux/vmalloc.h>

/**
 * fng_memory_alloc() - room for just so many bytes
 * @size: how many
 * @flags: __GFP_ZERO or 0
 *
 * kvmalloc() rounds what is larger than a slab object up to a power of two where
 * it can; this takes whole pages.
 *
 * Context: process; may sleep.
 * Return: charged to the caller's cgroup, for kvfree(); or NULL.
 */
static inline void *fng_memory_alloc(size_t size, gfp_t flags)
{
	flags |= GFP_KERNEL_ACCOUNT | __GFP_NOWARN;
	if (size > KMALLOC_MAX_CACHE_SIZE)
		return __vmalloc(size, flags);
	return kmalloc(size, flags);
}

#endif /* FNGUARD_KMOD_MEMORY_H */
