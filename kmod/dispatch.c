// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registration that most hooks share.
 *
 * Each registration costs a wait for all tasks when it ends, so hooks have one
 * of their own only where the few instructions of this dispatch count, or where
 * tasks are judged that no policy applies to.
 *
 * What tells the hooks apart is the address that was entered.
 */
#include <linux/hash.h>
#include <linux/kernel.h>

#include "dispatch.h"
#include "hooks.h"

/* Several times the number of hooks, so that one look is mostly enough. */
#define SITE_BITS	8
#define NR_SITES	BIT(SITE_BITS)

/**
 * struct site - a place where a hook is entered
 * @ip: address of the call to ftrace; 0 in an empty slot
 * @judge: the hook's
 *
 * Written under fng_control_mutex, before the registration that calls from there.
 */
struct site {
	unsigned long ip;
	fng_hook_judge *judge;
};

static struct site sites[NR_SITES];
static_assert(ARRAY_SIZE(sites) > 2 * FNG_NR_HOOKS);

static int judge_unknown(struct pt_regs *regs,
			 const struct fng_subject *subject)
{
	if (!fng_subject_guarded(subject))
		return 0;
	pr_alert_once("a hook was entered that is not known: refused\n");
	return -EPERM;
}

/* Slot of an address, or the empty one where it belongs. */
static struct site *site_of(unsigned long ip)
{
	u32 slot = hash_long(ip, SITE_BITS);

	while (sites[slot].ip && sites[slot].ip != ip)
		slot = (slot + 1) % NR_SITES;
	return &sites[slot];
}

/**
 * fng_dispatch_add() - say which hook is entered where
 * @entry: address of the call to ftrace
 * @judge: the hook's; remembered for good
 *
 * Context: under fng_control_mutex, while nothing is registered. May be repeated.
 */
void fng_dispatch_add(unsigned long entry, fng_hook_judge *judge)
{
	struct site *site = site_of(entry);

	site->ip = entry;
	site->judge = judge;
}

static noinline fng_hook_judge *judge_elsewhere(unsigned long ip)
{
	return site_of(ip)->judge ?: judge_unknown;
}

static __always_inline fng_hook_judge *judge_at(unsigned long ip)
{
	const struct site *site = &sites[hash_long(ip, SITE_BITS)];

	return likely(site->ip == ip) ? site->judge : judge_elsewhere(ip);
}

FNG_HOOK_CALLBACK(callback, true, subject->matters, judge_at(ip))
FNG_ATTACH_OPS(fng_dispatch_ops, callback);
