// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events.
 *
 * A hook may run under any lock, also under those of the scheduler and the work
 * queues, so it only fills a record and queues an irq_work; that queues the
 * worker. One worker does everything that needs order: it drains the rings,
 * tells summaries each second, and frees what nothing refers to any more.
 */
#include <linux/irq_work.h>
#include <linux/workqueue.h>

#include "event.h"
#include "event_message.h"
#include "event_notice.h"
#include "event_record.h"
#include "event_ring.h"
#include "ledger.h"
#include "place.h"
#include "refusal.h"

/* How long samples wait for somebody to listen: a restart of the agent. */
#define SAMPLE_KEEP_NS	(10 * NSEC_PER_SEC)

static struct workqueue_struct *event_wq;

/* The family exists, so the worker may send. */
static bool opened;

static atomic64_t lost = ATOMIC64_INIT(0);

static void drain_work(struct work_struct *work);
static void tick_work(struct work_struct *work);
static DECLARE_WORK(drain, drain_work);
static DECLARE_DELAYED_WORK(tick, tick_work);

static void queue_drain(struct irq_work *work)
{
	if (READ_ONCE(opened))
		queue_work(event_wq, &drain);
}

static DEFINE_IRQ_WORK(wake, queue_drain);

void fng_event_wake(void)
{
	if (READ_ONCE(opened))
		irq_work_queue(&wake);
}

/* Returns false if there was no room; then a repeat count will tell of it. */
static bool queue_sample(const struct fng_judgement *judgement,
			 const struct fng_object *object, u8 policy,
			 enum fng_verdict verdict)
{
	u32 row = fng_ledger_sampled(judgement, policy, verdict);
	struct fng_record *record;

	if (WARN_ON_ONCE(row == FNG_ROW_NONE))
		return true;
	preempt_disable();
	record = fng_ring_reserve(fng_verdict_refuses(verdict));
	if (record) {
		record->row = row;
		record->verdict = verdict;
		fng_record_fill(record, judgement, object, policy);
		fng_record_fill_program(record, object);
		fng_ring_commit(record);
	}
	preempt_enable();
	if (!record)
		fng_row_settle(row, false);
	fng_event_wake();
	return record;
}

void fng_event_refusal(const struct fng_judgement *judgement,
		       const struct fng_object *object, bool audit)
{
	if (!queue_sample(judgement, object, fng_judge_first(judgement, audit),
			  audit))
		atomic64_inc(&lost);
}

void fng_event_noted(const struct fng_judgement *judgement,
		     const struct fng_object *object, u8 policy,
		     enum fng_verdict verdict)
{
	queue_sample(judgement, object, policy, verdict);
}

/* Samples and notices that found no room. What was refused is counted. */
u64 fng_event_lost(void)
{
	return atomic64_read(&lost) + fng_notice_lost();
}

/* Number of events that were told. */
u64 fng_event_seq(void)
{
	return fng_message_seq();
}

/* Nobody listens: is it time to leave this sample to a summary? */
static bool is_stale(const struct fng_record *record)
{
	return ktime_get_boottime_ns() - record->boot > SAMPLE_KEEP_NS;
}

static void drain_ring(int cpu, bool heard)
{
	struct fng_record *record;

	while ((record = fng_ring_peek(cpu))) {
		if (heard) {
			if (!fng_message_add_sample(record))
				return;
		} else {
			if (!is_stale(record))
				return;
			fng_row_settle(record->row, false);
		}
		fng_ring_pop(cpu);
	}
}

static void drain_notices(void)
{
	/* Too large for the stack; the worker is the only user. */
	static struct fng_notice_record notice;
	u64 number = 0;

	while (fng_notice_get(number, &notice)) {
		if (!fng_message_add_notice(&notice))
			return;
		number = notice.number + 1;
	}
}

static void drain_all(bool heard)
{
	int cpu;

	if (heard)
		drain_notices();
	for_each_possible_cpu(cpu)
		drain_ring(cpu, heard);
}

static void tell_rows(void)
{
	struct fng_row row;
	u32 index = 0;

	for (; fng_row_next_untold(&index, &row); index++)
		if (!fng_message_add_summary(index, &row))
			return;
}

static bool tell_other(const struct fng_policy *policy,
		       struct fng_other *other)
{
	u32 verdict;

	for (verdict = 0; verdict < FNG_NR_VERDICTS; verdict++) {
		if (atomic64_read(&other[verdict].count) ==
		    other[verdict].reported)
			continue;
		if (!fng_message_add_other(policy, verdict, &other[verdict]))
			return false;
	}
	return true;
}

static void tell_others(void)
{
	struct fng_policy *policy;
	u64 id = 0;

	if (!tell_other(NULL, fng_ledger_other))
		return;
	while ((policy = fng_policy_next(&id)))
		if (!tell_other(policy, policy->other))
			return;
}

static void drain_work(struct work_struct *work)
{
	bool heard = fng_message_heard();

	drain_all(heard);
	fng_message_send();
	if (READ_ONCE(opened))
		queue_delayed_work(event_wq, &tick, HZ);
}

static void tell(void)
{
	bool heard = fng_message_heard();

	drain_all(heard);
	if (heard) {
		tell_rows();
		tell_others();
	}
	fng_message_send();
}

/* Is there anything to come back for, if nobody wakes us? */
static bool is_busy(bool leaving)
{
	return leaving || fng_row_used() || fng_notice_pending();
}

static void tick_work(struct work_struct *work)
{
	static u32 ticks;
	bool leaving;

	fng_policy_retire_begin();
	tell();
	if (++ticks % FNG_SAMPLE_WINDOW == 0)
		fng_row_new_window();
	fng_ledger_sweep();
	fng_refusal_sweep();
	leaving = fng_policy_retire_end(false);
	if (READ_ONCE(opened) && is_busy(leaving))
		queue_delayed_work(event_wq, &tick, HZ);
}

/* From now on events can be told. */
void fng_event_open(void)
{
	WRITE_ONCE(opened, true);
	fng_event_wake();
}

/* Nothing is told any more; what comes in is kept where it is. */
void fng_event_close(void)
{
	WRITE_ONCE(opened, false);
	irq_work_sync(&wake);
	cancel_work_sync(&drain);
	cancel_delayed_work_sync(&tick);
}

int fng_event_init(void)
{
	int err;

	err = fng_record_init();
	if (err)
		return err;
	err = fng_ring_init();
	if (err)
		goto err_record;
	err = fng_notice_init();
	if (err)
		goto err_ring;
	err = fng_refusal_init();
	if (err)
		goto err_notice;
	event_wq = alloc_ordered_workqueue("fnguard_event", 0);
	if (!event_wq) {
		err = -ENOMEM;
		goto err_refusal;
	}
	return 0;

err_refusal:
	fng_refusal_exit();
err_notice:
	fng_notice_exit();
err_ring:
	fng_ring_exit();
err_record:
	fng_record_exit();
	return err;
}

/* No hook can run any more. */
void fng_event_exit(void)
{
	irq_work_sync(&wake);
	destroy_workqueue(event_wq);
	fng_place_exit();
	fng_refusal_exit();
	fng_notice_exit();
	fng_ring_exit();
	fng_record_exit();
}
