// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that cannot go on.
 *
 * To TCP a segment that is refused is lost, and sent again, for a quarter of an
 * hour. Where what comes next depends on it, nothing ever comes, and who waits
 * for it is told better now. That takes the socket's lock, which whoever sends
 * has, so a worker does it.
 */
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/tcp.h>

#include "connection.h"

#define MAX_ENDING	64

/**
 * struct ending - a connection that has to end
 * @sk: its socket, with a reference
 * @err: why, positive
 */
struct ending {
	struct sock *sk;
	int err;
};

/* Protects the following. */
static DEFINE_SPINLOCK(ending_lock);
static struct ending endings[MAX_ENDING];
static u32 nr_endings;

static bool take(struct ending *ending)
{
	bool taken;

	spin_lock_bh(&ending_lock);
	taken = nr_endings;
	if (taken)
		*ending = endings[--nr_endings];
	spin_unlock_bh(&ending_lock);
	return taken;
}

static void end_all(struct work_struct *work)
{
	struct ending ending;

	while (take(&ending)) {
		tcp_abort(ending.sk, ending.err);
		sock_put(ending.sk);
	}
}

static DECLARE_WORK(end_work, end_all);

static bool is_known(const struct sock *sk)
{
	u32 i;

	for (i = 0; i < nr_endings; i++)
		if (endings[i].sk == sk)
			return true;
	return false;
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
	spin_lock_bh(&ending_lock);
	if (nr_endings < MAX_ENDING && !is_known(sk) &&
	    refcount_inc_not_zero(&sk->sk_refcnt))
		endings[nr_endings++] = (struct ending) { sk, -err };
	spin_unlock_bh(&ending_lock);
	queue_work(system_unbound_wq, &end_work);
}

/* Waits until those that have to end have ended. */
void fng_connection_stop(void)
{
	flush_work(&end_work);
}
