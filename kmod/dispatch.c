// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registration that most hooks share.
 *
 * Each registration costs a wait for all tasks when it ends, so hooks have one
 * of their own only where the few instructions of this dispatch count, or where
 * tasks are judged that no policy applies to.
 *
 * What tells the hooks apart is the address that was entered. No interface for
 * modules tells it beforehand, so it is learnt by name on first entry, and stays
 * true for as long as the kernel runs.
 */
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "dispatch.h"
#include "hook_table.h"
#include "hooks.h"

/* Several times the number of hooks, so that one look is mostly enough. */
#define SITE_BITS	8
#define NR_SITES	BIT(SITE_BITS)

/**
 * struct site - a place where a hook is entered
 * @ip: address of the call to ftrace; 0 in an empty slot
 * @judge: the hook's; written before @ip is published
 *
 * Written once, under learning.
 */
struct site {
	unsigned long ip;
	fng_hook_judge *judge;
};

static struct site sites[NR_SITES];
static_assert(ARRAY_SIZE(sites) > 2 * FNG_NR_HOOKS);

static DEFINE_RAW_SPINLOCK(learning);

static int judge_unknown(struct pt_regs *regs,
			 const struct fng_subject *subject)
{
	if (!fng_subject_guarded(subject))
		return 0;
	pr_alert_once("a hook was entered that has no name: refused\n");
	return -EPERM;
}

/* A module's function, of the same name as a hook. */
static int judge_foreign(struct pt_regs *regs,
			 const struct fng_subject *subject)
{
	return 0;
}

/* Slot of an address, or the empty one where it belongs. */
static struct site *site_of(unsigned long ip)
{
	u32 slot = hash_long(ip, SITE_BITS);

	for (;;) {
		/* Pairs with the release in learn(), as all of these do. */
		unsigned long there = smp_load_acquire(&sites[slot].ip);

		if (there == ip || !there)
			return &sites[slot];
		slot = (slot + 1) % NR_SITES;
	}
}

static fng_hook_judge *judge_named(const char *function)
{
	const struct fng_hook_entry *hook;
	unsigned int i;

	fng_for_each_hook(hook, i)
		if (hook->judge && !strcmp(hook->function, function))
			return hook->judge;
	/* What follows is the module's name, in brackets. */
	return strchr(function, ' ') ? judge_foreign : judge_unknown;
}

/*
 * Another may have taken the slot that was seen empty, or learnt the same. Hooks
 * are entered with locks held that interrupts take, so none may come in here.
 */
static struct site *learn(unsigned long ip)
{
	static char name[KSYM_SYMBOL_LEN];
	unsigned long flags;
	struct site *site;

	raw_spin_lock_irqsave(&learning, flags);
	site = site_of(ip);
	if (!site->ip) {
		sprint_symbol_no_offset(name, ip);
		site->judge = judge_named(name);
		/* Who sees the address sees its judge. */
		smp_store_release(&site->ip, ip);
	}
	raw_spin_unlock_irqrestore(&learning, flags);
	return site;
}

static noinline fng_hook_judge *judge_elsewhere(unsigned long ip)
{
	struct site *site = site_of(ip);

	/* As in site_of(). */
	if (unlikely(smp_load_acquire(&site->ip) != ip))
		site = learn(ip);
	return site->judge;
}

static __always_inline fng_hook_judge *judge_at(unsigned long ip)
{
	const struct site *site = &sites[hash_long(ip, SITE_BITS)];

	/* As in site_of(). */
	if (likely(smp_load_acquire(&site->ip) == ip))
		return site->judge;
	return judge_elsewhere(ip);
}

FNG_HOOK_CALLBACK(callback, true, subject->matters, judge_at(ip))
FNG_ATTACH_OPS(fng_dispatch_ops, callback);
