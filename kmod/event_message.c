// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of events.
 *
 * An event counts as told when the message with it was delivered to somebody.
 * Only then does it use up a sequence number, and only then is what it stood for
 * taken as reported; of what was not delivered, a later summary tells. So the
 * numbers have no gaps but those of a listener's own overrun, and what events
 * tell always adds up to the counters, whether an agent was there or not.
 */
#include <linux/skbuff.h>
#include <linux/timekeeping.h>

#include "activation.h"
#include "attr.h"
#include "device.h"
#include "event_attr.h"
#include "event_message.h"
#include "ledger.h"
#include "netlink.h"
#include "place.h"

/* Below what common receivers have room for, above what one event can need. */
#define MESSAGE_SIZE	SKB_WITH_OVERHEAD(8192)

#define MAX_ITEMS	64

enum item_kind {
	ITEM_SAMPLE,
	ITEM_SUMMARY,
	ITEM_OTHER,
	ITEM_NOTICE
};

/**
 * struct item - what to account for if an event was told, or was not
 * @kind: enum item_kind
 * @row: row of the ledger, for samples and summaries
 * @value: repeat count of a summary, or number of a notice
 * @other: for ITEM_OTHER
 */
struct item {
	u8 kind;
	u32 row;
	u64 value;
	struct fng_other *other;
};

/**
 * struct message - the message that is being built
 * @skb: the buffer; NULL if none was started
 * @header: of the generic netlink message
 * @nr: events in it
 * @items: one per event
 */
struct message {
	struct sk_buff *skb;
	void *header;
	u32 nr;
	struct item items[MAX_ITEMS];
};

static struct message message;
static u64 last_seq;

u64 fng_message_seq(void)
{
	return READ_ONCE(last_seq);
}

bool fng_message_heard(void)
{
	return genl_has_listeners(&fng_genl_family, &init_net, 0);
}

static bool begin(void)
{
	if (message.skb)
		return true;
	message.skb = alloc_skb(MESSAGE_SIZE, GFP_KERNEL);
	if (!message.skb)
		return false;
	message.header = genlmsg_put(message.skb, 0, 0, &fng_genl_family, 0,
				     FNG_CMD_EVENTS);
	message.nr = 0;
	return true;
}

static void settle(const struct item *item, bool told)
{
	switch (item->kind) {
	case ITEM_SAMPLE:
		fng_row_settle(item->row, told);
		break;
	case ITEM_SUMMARY:
		if (told)
			fng_row_tell(item->row, item->value);
		break;
	case ITEM_OTHER:
		if (told)
			item->other->reported += item->value;
		break;
	case ITEM_NOTICE:
		if (told)
			fng_notice_told(item->value);
		break;
	}
}

/**
 * fng_message_send() - send what was added since the last time
 *
 * An error means that nobody got it: nobody listens, or every listener's buffer
 * is full. Those know of their overrun.
 */
bool fng_message_send(void)
{
	bool told;
	u32 i;

	if (!message.skb)
		return true;
	genlmsg_end(message.skb, message.header);
	told = !genlmsg_multicast(&fng_genl_family, message.skb, 0, 0,
				  GFP_KERNEL);
	message.skb = NULL;
	for (i = 0; i < message.nr; i++)
		settle(&message.items[i], told);
	if (told)
		WRITE_ONCE(last_seq, last_seq + message.nr);
	return told;
}

static int put_head(struct sk_buff *skb, u32 kind, u64 boot)
{
	if (nla_put_u32(skb, FNG_A_KIND, kind) ||
	    fng_attr_put_u64(skb, FNG_A_SEQ, last_seq + message.nr + 1) ||
	    fng_attr_put_time(skb, boot))
		return -EMSGSIZE;
	return 0;
}

static int put_bound_device(struct sk_buff *skb, u64 id)
{
	struct fng_device_facts facts;
	bool known = fng_device_describe(id, &facts);

	if (fng_attr_put_device(skb, id, known ? &facts : NULL) ||
	    (known && facts.labels[0] &&
	     nla_put_string(skb, FNG_A_LABELS, facts.labels)))
		return -EMSGSIZE;
	return 0;
}

static int put_place(struct sk_buff *skb, u64 cgroup_id, const char *labels)
{
	const struct fng_place *place;

	if (!cgroup_id)
		return 0;
	if (fng_id_is_device(cgroup_id))
		return put_bound_device(skb, cgroup_id);
	place = fng_place_get(cgroup_id);
	if (!labels)
		labels = place->labels;
	if (fng_attr_put_u64(skb, FNG_A_CGROUP_ID, cgroup_id) ||
	    (place->path &&
	     nla_put_string(skb, FNG_A_CGROUP_PATH, place->path)) ||
	    (labels[0] && nla_put_string(skb, FNG_A_LABELS, labels)))
		return -EMSGSIZE;
	return 0;
}

/* Labels are those that the cgroup had then. */
static int put_use(struct sk_buff *skb, u64 cgroup_id, u32 activation)
{
	static struct fng_activation_facts facts;

	if (!fng_activation_describe(activation, &facts))
		return put_place(skb, cgroup_id, NULL);
	return put_place(skb, cgroup_id, facts.labels) ?:
	       nla_put_string(skb, FNG_A_ACTIVATION, facts.name);
}

static int put_sample(struct sk_buff *skb, const void *data, struct item *item)
{
	const struct fng_record *record = data;

	item->kind = ITEM_SAMPLE;
	item->row = record->row;
	if (put_head(skb, fng_event_kind_of(record->verdict), record->boot) ||
	    put_use(skb, record->cgroup_id, record->activation) ||
	    fng_event_put_record(skb, record) ||
	    fng_attr_put_u64(skb, FNG_A_REPEAT, 1))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct summary - a row of the ledger, to be told
 * @index: of the row
 * @row: copy of it
 */
struct summary {
	u32 index;
	const struct fng_row *row;
};

static int put_summary(struct sk_buff *skb, const void *data, struct item *item)
{
	const struct summary *summary = data;
	const struct fng_row_key *key = &summary->row->key;

	item->kind = ITEM_SUMMARY;
	item->row = summary->index;
	item->value = fng_row_untold(summary->row);
	if (put_head(skb, fng_event_kind_of(key->verdict),
		     ktime_get_boottime_ns()) ||
	    put_use(skb, key->cgroup_id, key->activation) ||
	    fng_event_put_decision(skb, key->policy_id, key->rule, key->hook,
				   key->class) ||
	    (key->entering && nla_put_flag(skb, FNG_A_ENTERING)) ||
	    fng_attr_put_u64(skb, FNG_A_REPEAT, item->value))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct rest - what has no row, to be told
 * @policy: whose, or NULL
 * @verdict: what became of it
 * @other: the counts
 */
struct rest {
	const struct fng_policy *policy;
	enum fng_verdict verdict;
	struct fng_other *other;
};

static int put_rest(struct sk_buff *skb, const void *data, struct item *item)
{
	const struct rest *rest = data;

	item->kind = ITEM_OTHER;
	item->other = rest->other;
	item->value = atomic64_read(&rest->other->count) -
		      rest->other->reported;
	if (put_head(skb, fng_event_kind_of(rest->verdict),
		     ktime_get_boottime_ns()) ||
	    (rest->policy && fng_attr_put_policy(skb, rest->policy)) ||
	    fng_attr_put_u64(skb, FNG_A_REPEAT, item->value))
		return -EMSGSIZE;
	return 0;
}

static int put_notice(struct sk_buff *skb, const void *data, struct item *item)
{
	const struct fng_notice_record *notice = data;
	int err;

	item->kind = ITEM_NOTICE;
	item->value = notice->number;
	err = notice->activation ?
	      put_use(skb, notice->cgroup_id, notice->activation) :
	      put_place(skb, notice->cgroup_id,
			notice->labels[0] ? notice->labels : NULL);
	if (err || put_head(skb, notice->kind, notice->boot) ||
	    (notice->policy[0] &&
	     (nla_put_string(skb, FNG_A_POLICY_NAME, notice->policy) ||
	      nla_put_u32(skb, FNG_A_POLICY_VERSION, notice->version))) ||
	    (notice->phase[0] &&
	     nla_put_string(skb, FNG_A_PHASE, notice->phase)) ||
	    (notice->kind == FNG_EVENT_STATE &&
	     nla_put_u32(skb, FNG_A_STATE, notice->state)) ||
	    (notice->seconds &&
	     nla_put_u32(skb, FNG_A_SECONDS, notice->seconds)) ||
	    (notice->reason[0] &&
	     nla_put_string(skb, FNG_A_REASON, notice->reason)) ||
	    fng_event_put_actor(skb, &notice->actor))
		return -EMSGSIZE;
	return 0;
}

typedef int (*put_fn)(struct sk_buff *skb, const void *data, struct item *item);

/* Returns false if the message is full. */
static bool put(put_fn fn, const void *data)
{
	struct nlattr *nest;

	if (message.nr == MAX_ITEMS)
		return false;
	nest = nla_nest_start(message.skb, FNG_A_EVENT);
	if (!nest)
		return false;
	if (fn(message.skb, data, &message.items[message.nr])) {
		nla_nest_cancel(message.skb, nest);
		return false;
	}
	nla_nest_end(message.skb, nest);
	message.nr++;
	return true;
}

static bool add(put_fn fn, const void *data)
{
	if (!begin())
		return false;
	if (put(fn, data))
		return true;
	if (!fng_message_send() || !begin())
		return false;
	return !WARN_ON_ONCE(!put(fn, data));
}

/**
 * fng_message_add_sample() - tell of one refusal
 * @record: may be reused after the call, whether it was taken or not
 */
bool fng_message_add_sample(const struct fng_record *record)
{
	return add(put_sample, record);
}

/**
 * fng_message_add_summary() - tell how many refusals were not told one by one
 * @index: row of the ledger
 * @row: copy of it
 */
bool fng_message_add_summary(u32 index, const struct fng_row *row)
{
	struct summary summary = { .index = index, .row = row };

	return add(put_summary, &summary);
}

/**
 * fng_message_add_other() - tell of what has no row
 * @policy: whose, or NULL
 * @verdict: what became of it
 * @other: the counts
 */
bool fng_message_add_other(const struct fng_policy *policy,
			   enum fng_verdict verdict, struct fng_other *other)
{
	struct rest rest = {
		.policy = policy,
		.verdict = verdict,
		.other = other,
	};

	return add(put_rest, &rest);
}

/**
 * fng_message_add_notice() - tell of something about the guard itself
 * @notice: copy of it
 */
bool fng_message_add_notice(const struct fng_notice_record *notice)
{
	return add(put_notice, notice);
}
