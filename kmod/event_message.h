/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of events: built, multicast, and accounted for.
 */
#ifndef FNGUARD_KMOD_EVENT_MESSAGE_H
#define FNGUARD_KMOD_EVENT_MESSAGE_H

#include "event_notice.h"
#include "event_record.h"
#include "row.h"

/*
 * The event worker only; sleeps. Each returns false if nothing can be told at
 * the moment; the event was not taken then, and may be tried again.
 */
bool fng_message_add_sample(const struct fng_record *record);
bool fng_message_add_summary(u32 index, const struct fng_row *row);
bool fng_message_add_other(const struct fng_policy *policy,
			   enum fng_verdict verdict, struct fng_other *other);
bool fng_message_add_notice(const struct fng_notice_record *notice);
bool fng_message_send(void);

/* Does anybody listen? */
bool fng_message_heard(void);

/* Any context. Number of the last event that was told. */
u64 fng_message_seq(void);

#endif /* FNGUARD_KMOD_EVENT_MESSAGE_H */
