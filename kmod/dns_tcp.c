// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name servers that are talked to over TCP.
 *
 * Each direction is followed as its receiver sees it: in order, and what is sent
 * again only once. Of what a name server says, a segment that comes too early is
 * dropped, so that it is sent again, in its turn.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <net/mptcp.h>

#include "dns_tcp.h"
#include "hooks.h"

#define TALK_BITS	8

/* Who says nothing for so long is forgotten. */
#define TALK_LIFE	(120 * HZ)

/* Who has said that he says nothing more, sooner. */
#define TALK_END	(5 * HZ)

/* So many early segments in a row are dropped, and no more. */
#define MAX_EARLY	64

/* Conversations of one cgroup, and of all. Each is a page or two. */
#define MAX_OF_CGROUP	8
#define MAX_ALL		1024

/* Bytes of an answer; what is longer cannot be read. */
#define MAX_ANSWER	7168

/**
 * struct direction - what one of both sides says
 * @begun: @first and @next are known
 * @early: segments in a row that came too early
 * @first: sequence number of the first byte
 * @next: that of the first byte that was not read
 * @stream: messages
 */
struct direction {
	bool begun;
	u8 early;
	u32 first;
	u32 next;
	struct fng_dns_stream stream;
};

/**
 * struct talk - a conversation
 * @node: in the hash, by @between
 * @age: in the list of all, the oldest first
 * @between: whose
 * @cgroup_id: the client's
 * @until: jiffies from which on it may be forgotten
 * @lock: protects what is below, but for @rcu
 * @refused: something was asked that may not be: nothing more is let through
 * @asked: questions
 * @answered: answers
 * @question: buffer of @asked
 * @answer: buffer of @answered
 * @rcu: for freeing after the last reader
 */
struct talk {
	struct hlist_node node;
	struct list_head age;
	struct fng_conversation between;
	u64 cgroup_id;
	unsigned long until;
	/* Taken by both directions. */
	spinlock_t lock;
	bool refused;
	struct direction asked;
	struct direction answered;
	struct rcu_head rcu;
	u8 question[FNG_DNS_MAX_QUESTION];
	u8 answer[MAX_ANSWER];
};

static_assert(sizeof(struct talk) <= 8192);

/* Protects the hash and the list against other writers. */
static DEFINE_SPINLOCK(talks_lock);
static DEFINE_HASHTABLE(talks, TALK_BITS);
static LIST_HEAD(oldest_first);
static u32 nr_talks;

static u32 key_of(const struct fng_conversation *between)
{
	return jhash(between, sizeof(*between), 0);
}

static struct talk *find(const struct fng_conversation *between)
{
	struct talk *talk;

	hash_for_each_possible_rcu(talks, talk, node, key_of(between))
		if (!memcmp(&talk->between, between, sizeof(*between)) &&
		    time_before(jiffies, READ_ONCE(talk->until)))
			return talk;
	return NULL;
}

static void drop(struct talk *talk)
{
	lockdep_assert_held(&talks_lock);
	hash_del_rcu(&talk->node);
	list_del(&talk->age);
	nr_talks--;
	kfree_rcu(talk, rcu);
}

/* Its own oldest goes before anybody else's; nobody else's goes for it. */
static bool make_room(u64 cgroup_id)
{
	struct talk *talk, *next, *oldest = NULL;
	u32 nr = 0;

	list_for_each_entry_safe(talk, next, &oldest_first, age) {
		if (time_after_eq(jiffies, READ_ONCE(talk->until))) {
			drop(talk);
		} else if (talk->cgroup_id == cgroup_id) {
			oldest = oldest ?: talk;
			nr++;
		}
	}
	if (oldest && (nr >= MAX_OF_CGROUP || nr_talks >= MAX_ALL))
		drop(oldest);
	return nr_talks < MAX_ALL;
}

static struct talk *make(const struct fng_conversation *between, u64 cgroup_id)
{
	struct talk *talk = kzalloc(sizeof(*talk), GFP_ATOMIC | __GFP_NOWARN);

	if (!talk)
		return NULL;
	talk->between = *between;
	talk->cgroup_id = cgroup_id;
	talk->until = jiffies + TALK_LIFE;
	spin_lock_init(&talk->lock);
	fng_dns_stream_init(&talk->asked.stream, talk->question,
			    sizeof(talk->question));
	fng_dns_stream_init(&talk->answered.stream, talk->answer,
			    sizeof(talk->answer));
	return talk;
}

/* Without memory the client is not believed, or not heard, if it has to be. */
static void begin(const struct fng_conversation *between, u64 cgroup_id,
		  bool refused)
{
	struct talk *talk = make(between, cgroup_id), *old;

	if (!talk)
		return;
	talk->refused = refused;
	spin_lock_bh(&talks_lock);
	old = find(between);
	if (old)
		drop(old);
	if (make_room(cgroup_id)) {
		hash_add_rcu(talks, &talk->node, key_of(between));
		list_add_tail(&talk->age, &oldest_first);
		nr_talks++;
		talk = NULL;
	}
	spin_unlock_bh(&talks_lock);
	kfree(talk);
}

/**
 * struct segment - bytes of one direction
 * @skb: the packet
 * @seq: number of the first
 * @ack: number of the first that is expected of the other direction
 * @offset: where the first is in @skb
 * @len: how many there are
 * @syn: the direction begins
 * @acks: @ack means something
 * @ends: nothing more will be said
 * @opaque: who receives it may read something else than what is there
 */
struct segment {
	const struct sk_buff *skb;
	u32 seq;
	u32 ack;
	u32 offset;
	u32 len;
	bool syn;
	bool acks;
	bool ends;
	bool opaque;
};

/*
 * An urgent byte is taken out of what is received. Pages that are shared may say
 * something else when they are sent, or sent again.
 */
static bool is_opaque(const struct sk_buff *skb, const struct tcphdr *tcp)
{
	return tcp->urg || skb_zcopy((struct sk_buff *)skb) ||
	       skb_has_shared_frag(skb);
}

static bool read_segment(const struct sk_buff *skb, int transport,
			 struct segment *segment)
{
	struct tcphdr buffer;
	const struct tcphdr *tcp;

	tcp = skb_header_pointer(skb, transport, sizeof(buffer), &buffer);
	if (!tcp || tcp->doff * 4 < (int)sizeof(*tcp) ||
	    skb->len < (u32)transport + tcp->doff * 4)
		return false;
	segment->skb = skb;
	segment->seq = ntohl(tcp->seq) + tcp->syn;
	segment->ack = ntohl(tcp->ack_seq);
	segment->offset = transport + tcp->doff * 4;
	segment->len = skb->len - segment->offset;
	segment->syn = tcp->syn;
	segment->acks = tcp->ack;
	segment->ends = tcp->fin || tcp->rst;
	segment->opaque = is_opaque(skb, tcp);
	return true;
}

static void begin_at(struct direction *direction, u32 seq)
{
	direction->first = seq;
	direction->next = seq;
	direction->begun = true;
}

static bool has_begun_at(const struct direction *direction, u32 seq)
{
	return direction->begun && direction->first == seq;
}

/* Leaves out what was read before; false if something before it was not. */
static bool is_next(struct direction *direction, struct segment *segment)
{
	s32 known = direction->next - segment->seq;

	if (!direction->begun)
		return false;
	if (known < 0)
		return !segment->len;
	known = min_t(u32, known, segment->len);
	segment->offset += known;
	segment->len -= known;
	return true;
}

typedef bool message_fn(struct talk *talk, const u8 *message, u32 len,
			void *data);

/*
 * Hands over each message that ends in @bytes, and nothing in place of one that is
 * too long; false if one is not taken.
 */
static bool cut(struct talk *talk, struct direction *direction, const u8 *bytes,
		u32 len, message_fn *take, void *data)
{
	struct fng_dns_stream *stream = &direction->stream;
	bool complete;
	size_t used;

	while (len) {
		used = fng_dns_stream_feed(stream, bytes, len, &complete);
		if (complete && !take(talk, stream->buffer, stream->len, data))
			return false;
		if (fng_dns_stream_skips(stream) &&
		    stream->have - used < FNG_DNS_PREFIX &&
		    !take(talk, NULL, 0, data))
			return false;
		bytes += used;
		len -= used;
	}
	return true;
}

static bool follow(struct talk *talk, struct direction *direction,
		   struct segment *segment, message_fn *take, void *data)
{
	u8 bytes[128];
	u32 len;

	if (!is_next(direction, segment))
		return false;
	while (segment->len) {
		len = min_t(u32, segment->len, sizeof(bytes));
		if (skb_copy_bits(segment->skb, segment->offset, bytes, len))
			return false;
		direction->next += len;
		segment->offset += len;
		segment->len -= len;
		if (!cut(talk, direction, bytes, len, take, data))
			return false;
	}
	WRITE_ONCE(talk->until,
		   jiffies + (segment->ends ? TALK_END : TALK_LIFE));
	return true;
}

/**
 * struct asker - who asks, and whether it may
 * @who: who asks
 * @err: why it may not ask that, negative
 */
struct asker {
	struct fng_dns_asker who;
	int err;
};

static bool take_question(struct talk *talk, const u8 *message, u32 len,
			  void *data)
{
	struct fng_dns_question question __uninitialized;
	struct asker *asker = data;
	bool readable;

	readable = !fng_dns_question_parse(message, len, false, &question);
	asker->err = fng_dns_ask(&asker->who, &talk->between,
				 readable ? &question : NULL);
	return !asker->err;
}

/* It cannot be followed any more. */
static void forget(struct talk *talk)
{
	spin_lock_bh(&talks_lock);
	if (!hlist_unhashed(&talk->node))
		drop(talk);
	spin_unlock_bh(&talks_lock);
}

/* Returns whether it could be read. */
static bool send(struct talk *talk, struct segment *segment,
		 struct asker *asker)
{
	bool fine;

	spin_lock_bh(&talk->lock);
	fine = follow(talk, &talk->asked, segment, take_question, asker);
	if (asker->err)
		WRITE_ONCE(talk->refused, true);
	spin_unlock_bh(&talk->lock);
	return fine || asker->err;
}

/* What is sent again is not asked about again. */
static int send_unreadable(const struct fng_conversation *between,
			   const struct asker *asker)
{
	int err = fng_dns_ask(&asker->who, between, NULL);

	if (err)
		begin(between, asker->who.subject->cgroup_id, true);
	return err;
}

/* Of several connections that are one to both ends, each says only a part. */
static bool says_a_part(const struct sock *sk)
{
	return sk_is_mptcp(sk);
}

/**
 * fng_dns_tcp_send() - a segment of a guarded cgroup to a name server
 * @skb: the segment, of a connection that may be made
 * @sk: its socket
 * @subject: the cgroup's
 * @transport: where its header is
 * @between: the conversation
 *
 * Return: 0, or the negative errno of a refusal to ask.
 */
int fng_dns_tcp_send(const struct sk_buff *skb, const struct sock *sk,
		     const struct fng_subject *subject, int transport,
		     const struct fng_conversation *between)
{
	struct asker asker = {
		.who = {
			.subject = subject,
			.hook = FNG_HOOK_LOCAL_OUT,
			.cookie = atomic64_read(&sk->sk_cookie),
		},
	};
	struct segment segment;
	struct talk *talk;

	if (!read_segment(skb, transport, &segment))
		return fng_dns_ask(&asker.who, between, NULL);
	talk = find(between);
	if (segment.syn && !(talk && has_begun_at(&talk->asked, segment.seq))) {
		begin(between, subject->cgroup_id, false);
		talk = find(between);
		if (talk)
			begin_at(&talk->asked, segment.seq);
	}
	if (!segment.len)
		return 0;
	if (talk && READ_ONCE(talk->refused))
		return -EPERM;
	if (talk && !segment.opaque && !says_a_part(sk) &&
	    send(talk, &segment, &asker))
		return asker.err;
	if (talk)
		forget(talk);
	/* What was begun before anybody listened cannot be understood. */
	return send_unreadable(between, &asker);
}

static bool take_answer(struct talk *talk, const u8 *message, u32 len,
			void *data)
{
	fng_dns_read(message, len, &talk->between);
	return true;
}

/* The other end begins: is it in this conversation, and not in one before? */
static bool answer_begins(struct talk *talk, const struct segment *segment)
{
	struct direction *answered = &talk->answered;

	if (answered->begun)
		return answered->first == segment->seq;
	/* What was asked together with the beginning may be acknowledged, too. */
	if (!segment->acks ||
	    talk->asked.next - segment->ack > FNG_DNS_MAX_QUESTION)
		return false;
	begin_at(answered, segment->seq);
	return true;
}

/* What comes too early is worth waiting for, but not for ever. */
static bool receive(struct talk *talk, struct segment *segment, bool *lost)
{
	struct direction *answered = &talk->answered;
	bool fine;

	*lost = segment->syn && !answer_begins(talk, segment);
	if (*lost || talk->refused)
		return true;
	fine = follow(talk, answered, segment, take_answer, NULL);
	answered->early = fine ? 0 : answered->early + 1;
	*lost = answered->early > MAX_EARLY || !answered->begun;
	return fine || !segment->len || *lost;
}

/**
 * fng_dns_tcp_receive() - a segment of what may be a name server
 * @skb: the segment, whose checksum is right
 * @transport: where its header is
 * @between: the conversation
 *
 * Return: false if it has to be sent again, after others.
 */
bool fng_dns_tcp_receive(const struct sk_buff *skb, int transport,
			 const struct fng_conversation *between)
{
	struct talk *talk = find(between);
	struct segment segment;
	bool pass, lost;

	if (!talk || !read_segment(skb, transport, &segment))
		return true;
	spin_lock_bh(&talk->lock);
	pass = receive(talk, &segment, &lost);
	spin_unlock_bh(&talk->lock);
	if (lost)
		forget(talk);
	return pass;
}

/**
 * fng_dns_tcp_clear() - forget all conversations
 */
void fng_dns_tcp_clear(void)
{
	struct talk *talk, *next;

	spin_lock_bh(&talks_lock);
	list_for_each_entry_safe(talk, next, &oldest_first, age)
		drop(talk);
	spin_unlock_bh(&talks_lock);
}
