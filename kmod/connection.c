// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that cannot go on.
 *
 * To TCP a segment that is refused is lost, and sent again, for a quarter of an
 * hour. Where what comes next depends on it, nothing ever comes, and who waits
 * for it is told better now. That takes the socket's lock, which whoever sends
 * has, so a worker does it: one for each, since who has that lock may keep it for
 * a while.
 */
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/tcp.h>

#include "connection.h"

#define MAX_ENDING	64

/**
 * struct ending - a connection that has to end
 * @work: ends it
 * @sk: its socket, with a reference; NULL if there is none
 * @err: why, positive
 */
struct ending {
	struct work_struct work;
	struct sock *sk;
	int err;
};

/* Protects @sk and @err of all; the worker has them once they are set. */
static DEFINE_SPINLOCK(ending_lock);
static struct ending endings[MAX_ENDING];

static void end(struct work_struct *work)
{
	struct ending *ending = container_of(work, struct ending, work);

	tcp_abort(ending->sk, ending->err);
	sock_put(ending->sk);
	spin_lock_bh(&ending_lock);
	ending->sk = NULL;
	spin_unlock_bh(&ending_lock);
}

/* Where to put a socket; NULL if it is there already, or there is no room. */
static struct ending *find_room(const struct sock *sk)
{
	struct ending *room = NULL;
	u32 i;

	for (i = 0; i < MAX_ENDING; i++) {
		if (endings[i].sk == sk)
			return NULL;
		if (!endings[i].sk)
			room = &endings[i];
	}
	return room;
}

/**
 * fng_connection_end() - end a connection soon
 * @sk: its socket, of TCP
 * @err: why, a negative errno that whoever uses it gets
 *
 * If too many have to end at once, it ends when it is refused the next time.
 */
void fng_connection_end(struct sock *sk, int err)
{
	struct ending *ending;

	spin_lock_bh(&ending_lock);
	ending = find_room(sk);
	if (ending && refcount_inc_not_zero(&sk->sk_refcnt)) {
		ending->sk = sk;
		ending->err = -err;
		queue_work(system_unbound_wq, &ending->work);
	}
	spin_unlock_bh(&ending_lock);
}

/* Before anybody ends. */
void fng_connection_start(void)
{
	u32 i;

	for (i = 0; i < MAX_ENDING; i++)
		INIT_WORK(&endings[i].work, end);
}

/* Waits until those that have to end have ended. */
void fng_connection_stop(void)
{
	u32 i;

	for (i = 0; i < MAX_ENDING; i++)
		flush_work(&endings[i].work);
}
