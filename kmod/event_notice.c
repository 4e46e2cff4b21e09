// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notices: events about the guard itself.
 *
 * They are few and each matters, so they are kept until somebody has heard them:
 * an agent that was restarted learns what was done meanwhile. If nobody listens
 * for long, the newest are kept.
 */
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "event.h"
#include "event_notice.h"

#define NR_NOTICES	1024u

static struct fng_notice_record *notices;

/* Protects everything below; taken in any context. */
static DEFINE_RAW_SPINLOCK(notices_lock);

/* Numbers of the oldest notice that is kept and of the next to come. */
static u64 oldest;
static u64 next;
static u64 lost;

static void copy_text(char *to, const char *from, size_t size)
{
	strscpy(to, from ?: "", size);
}

static void fill(struct fng_notice_record *record,
		 const struct fng_notice *notice)
{
	record->boot = ktime_get_boottime_ns();
	record->cgroup_id = notice->cgroup_id;
	record->kind = notice->kind;
	record->version = notice->version;
	record->activation = notice->activation;
	record->state = notice->state;
	record->seconds = notice->seconds;
	copy_text(record->policy, notice->policy, sizeof(record->policy));
	copy_text(record->phase, notice->phase, sizeof(record->phase));
	copy_text(record->reason, notice->reason, sizeof(record->reason));
	copy_text(record->labels, notice->labels, sizeof(record->labels));
	record->actor.pid = 0;
	if (in_task() && !(current->flags & PF_KTHREAD))
		fng_actor_fill(&record->actor);
}

/**
 * fng_event_notice() - report something about the guard itself
 * @notice: what; copied
 */
void fng_event_notice(const struct fng_notice *notice)
{
	struct fng_notice_record *record;
	unsigned long flags;

	raw_spin_lock_irqsave(&notices_lock, flags);
	if (next - oldest == NR_NOTICES) {
		oldest++;
		lost++;
	}
	record = &notices[next % NR_NOTICES];
	record->number = next++;
	fill(record, notice);
	raw_spin_unlock_irqrestore(&notices_lock, flags);
	fng_event_wake();
}

/**
 * fng_notice_get() - copy the oldest notice from a number on
 * @number: lowest number wanted
 * @copy: filled
 */
bool fng_notice_get(u64 number, struct fng_notice_record *copy)
{
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&notices_lock, flags);
	number = max(number, oldest);
	found = number < next;
	if (found)
		*copy = notices[number % NR_NOTICES];
	raw_spin_unlock_irqrestore(&notices_lock, flags);
	return found;
}

/**
 * fng_notice_told() - a notice, and all before it, need not be kept
 * @number: of the notice
 */
void fng_notice_told(u64 number)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&notices_lock, flags);
	oldest = max(oldest, number + 1);
	raw_spin_unlock_irqrestore(&notices_lock, flags);
}

/* Are there notices that nobody has heard? */
bool fng_notice_pending(void)
{
	return READ_ONCE(next) != READ_ONCE(oldest);
}

/* Number of notices that nobody will ever hear. */
u64 fng_notice_lost(void)
{
	return READ_ONCE(lost);
}

int fng_notice_init(void)
{
	notices = kvcalloc(NR_NOTICES, sizeof(*notices), GFP_KERNEL);
	return notices ? 0 : -ENOMEM;
}

void fng_notice_exit(void)
{
	kvfree(notices);
}
