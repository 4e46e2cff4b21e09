// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that are under way when policies change, and sockets that wait for
 * some: they are judged once more, and ended if they could not be made any more.
 *
 * Their packets pass unseen as long as nothing changes. From a change on, until
 * each connection was judged by what is in force since, each of their packets is
 * judged, too, so that none leaves that may not. It is a worker that goes through
 * all sockets of the host, since only it can end one.
 */
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#include "hooks.h"
#include "judge_egress.h"
#include "recheck.h"
#include "sock_endpoint.h"

/* Connections of one bucket that are ended at a time. */
#define BATCH	16

union fng_seen fng_seen;

/* Protects the following, and writing why of the above. */
static DEFINE_MUTEX(recheck_mutex);
static u64 nr_changes;

/**
 * fng_recheck_connects() - who was accepted asks for a connection of his own
 * @sk: of TCP; whoever may change it is here
 *
 * It was taken apart meanwhile, and still knows by which interface.
 */
void fng_recheck_connects(struct sock *sk)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		inet6_sk(sk)->mcast_oif = 0;
#endif
	inet_sk(sk)->mc_index = 0;
}

/*
 * One that was accepted does not know any more whether its port was chosen. What
 * only tells has no say in that.
 */
static bool serves_any_port(const struct fng_subject *subject)
{
	struct fng_judgement judgement __uninitialized;

	fng_judge_begin(&judgement, subject, FNG_HOOK_LOCAL_OUT);
	fng_judge_port(&judgement, FNG_PROTO_TCP, 0);
	return !judgement.refused_mask;
}

static void judge_connection(struct fng_judgement *judgement,
			     const struct sock *sk,
			     const struct fng_endpoint *peer)
{
	u16 port = READ_ONCE(inet_sk(sk)->inet_num);

	if (!fng_sock_accepted(sk))
		fng_judge_endpoint(judgement, peer);
	else if (serves_any_port(judgement->subject))
		fng_judge_accepted(judgement, FNG_PROTO_TCP, port);
	else
		fng_judge_port(judgement, FNG_PROTO_TCP, port);
}

/**
 * fng_recheck_judge() - may a connection that is under way go on?
 * @subject: of its socket's cgroup
 * @sk: its socket, of TCP
 *
 * One that was accepted, or listens, is a matter of who may be reached, any other
 * of where it goes to. Who listens has no peer, and is told by where.
 *
 * Context: any, inside rcu_read_lock().
 * Return: 0 or the negative errno of a refusal.
 */
int fng_recheck_judge(const struct fng_subject *subject, const struct sock *sk)
{
	bool listens = READ_ONCE(sk->sk_state) == TCP_LISTEN;
	struct fng_object object = {
		.kind = FNG_OBJECT_ENDPOINT,
		.endpoint = listens ? fng_sock_local(sk) : fng_sock_peer(sk),
		.cookie = atomic64_read(&sk->sk_cookie),
		.no_task = true,
	};
	struct fng_judgement judgement __uninitialized;

	if (fng_subject_canary(subject) ||
	    (!subject->quarantined && !fng_subject_ready(subject)))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_LOCAL_OUT);
	/* By which port somebody came in is learned of who listens there. */
	judgement.silent = !listens && fng_sock_accepted(sk);
	if (unlikely(subject->quarantined))
		fng_judge_quarantine(&judgement, FNG_CLASS_EGRESS);
	else if (listens)
		fng_judge_port(&judgement, FNG_PROTO_TCP,
			       object.endpoint.port);
	else
		judge_connection(&judgement, sk, &object.endpoint);
	if (fng_judge_refuses(&judgement))
		fng_endpoint_name(subject, &object);
	return fng_judge_end(&judgement, &object);
}

/* One that waits for its peer is one as well: nobody looks once he has answered. */
static bool is_connection(const struct sock *sk)
{
	return sk_fullsock(sk) && sk->sk_protocol == IPPROTO_TCP;
}

/* Who waits for connections in quarantine answers nobody, and can do so later. */
static bool stays(const struct fng_subject *subject, const struct sock *sk)
{
	return subject->quarantined && READ_ONCE(sk->sk_state) == TCP_LISTEN;
}

/* If nothing has changed that is in force, the cgroup is only met. */
static int judge(const struct sock *sk)
{
	const struct fng_subject *subject;
	struct fng_subject scratch;
	int err = 0;

	rcu_read_lock();
	subject = fng_subject_find(sock_cgroup_ptr((void *)&sk->sk_cgrp_data),
				   &scratch);
	if (fng_recheck_due() && fng_ruleset_active() && subject->matters &&
	    !stays(subject, sk))
		err = fng_recheck_judge(subject, sk);
	rcu_read_unlock();
	return err;
}

/**
 * struct batch - connections of a bucket that have to end
 * @nr: number of them
 * @sk: their sockets, each with a reference
 * @err: why, negative
 */
struct batch {
	u32 nr;
	struct sock *sk[BATCH];
	int err[BATCH];
};

/* Those that are refused are not there any more the next time. */
static void collect(spinlock_t *lock, const struct hlist_nulls_head *head,
		    struct batch *batch)
{
	struct hlist_nulls_node *node;
	struct sock *sk;
	int err;

	batch->nr = 0;
	spin_lock_bh(lock);
	sk_nulls_for_each(sk, node, head) {
		if (batch->nr == BATCH)
			break;
		err = is_connection(sk) ? judge(sk) : 0;
		if (!err || !refcount_inc_not_zero(&sk->sk_refcnt))
			continue;
		batch->sk[batch->nr] = sk;
		batch->err[batch->nr++] = err;
	}
	spin_unlock_bh(lock);
}

static void end_all(const struct batch *batch)
{
	u32 i;

	for (i = 0; i < batch->nr; i++) {
		tcp_abort(batch->sk[i], -batch->err[i]);
		sock_put(batch->sk[i]);
	}
}

static void go_through(spinlock_t *lock, const struct hlist_nulls_head *head)
{
	struct batch batch;

	if (hlist_nulls_empty(head))
		return;
	do {
		collect(lock, head, &batch);
		end_all(&batch);
	} while (batch.nr == BATCH);
	cond_resched();
}

static void go_through_connections(struct inet_hashinfo *hash)
{
	u32 i;

	for (i = 0; i <= hash->ehash_mask; i++)
		go_through(inet_ehash_lockp(hash, i), &hash->ehash[i].chain);
}

static void go_through_listeners(struct inet_hashinfo *hash)
{
	u32 i;

	for (i = 0; i <= hash->lhash2_mask; i++)
		go_through(&hash->lhash2[i].lock, &hash->lhash2[i].nulls_head);
}

static struct inet_hashinfo *hash_of(const struct net *net)
{
	return net->ipv4.tcp_death_row.hashinfo;
}

/*
 * Network namespaces share one table, but for those that were given their own of
 * connections. Who listens comes first: nobody is accepted then who was not met.
 */
static void go_through_all(void)
{
	struct net *net;

	go_through_listeners(hash_of(&init_net));
	go_through_connections(hash_of(&init_net));
	down_read(&net_rwsem);
	for_each_net(net)
		if (hash_of(net) != hash_of(&init_net))
			go_through_connections(hash_of(net));
	up_read(&net_rwsem);
}

static void see(u8 why, bool so)
{
	lockdep_assert_held(&recheck_mutex);
	WRITE_ONCE(fng_seen.why, so ? fng_seen.why | why : fng_seen.why & ~why);
}

/* Has nothing changed since? */
static bool settle(u64 changes)
{
	bool settled;

	mutex_lock(&recheck_mutex);
	settled = nr_changes == changes;
	if (settled)
		see(FNG_SEEN_TO_RECHECK, false);
	mutex_unlock(&recheck_mutex);
	return settled;
}

static u64 changes_so_far(void)
{
	u64 changes;

	mutex_lock(&recheck_mutex);
	changes = nr_changes;
	mutex_unlock(&recheck_mutex);
	return changes;
}

static void recheck(struct work_struct *work)
{
	u64 changes;

	do {
		changes = changes_so_far();
		go_through_all();
	} while (!settle(changes));
}

static DECLARE_WORK(recheck_work, recheck);

/**
 * fng_recheck_begin() - policies are about to change
 *
 * From now on nothing passes unseen.
 */
void fng_recheck_begin(void)
{
	lockdep_assert_held(&fng_control_mutex);
	mutex_lock(&recheck_mutex);
	nr_changes++;
	see(FNG_SEEN_TO_RECHECK, true);
	mutex_unlock(&recheck_mutex);
}

/* They have changed: a pass that was under way has to be made anew. */
void fng_recheck_start(void)
{
	fng_recheck_begin();
	queue_work(system_unbound_wq, &recheck_work);
}

/**
 * fng_recheck_meet() - policies were published anew that are in force as before
 *
 * Cgroups that do nothing but use a connection are met by that once more, since
 * otherwise nobody would know when time has them enter a phase.
 */
void fng_recheck_meet(void)
{
	lockdep_assert_held(&fng_control_mutex);
	mutex_lock(&recheck_mutex);
	nr_changes++;
	mutex_unlock(&recheck_mutex);
	queue_work(system_unbound_wq, &recheck_work);
}

static void begin_and_start(struct work_struct *work)
{
	mutex_lock(&fng_control_mutex);
	if (fng_ruleset_active())
		fng_recheck_start();
	mutex_unlock(&fng_control_mutex);
}

static DECLARE_WORK(wake_work, begin_and_start);

static void queue_wake(struct irq_work *work)
{
	queue_work(system_unbound_wq, &wake_work);
}

static DEFINE_IRQ_WORK(wake_irq, queue_wake);

/**
 * fng_recheck_wake() - what is in force for a cgroup has changed
 *
 * Connections that are under way pass unseen, until they are judged once more.
 *
 * Context: any.
 */
void fng_recheck_wake(void)
{
	irq_work_queue(&wake_irq);
}

/* No hook can run any more, and no command can arrive. */
void fng_recheck_exit(void)
{
	irq_work_sync(&wake_irq);
	cancel_work_sync(&wake_work);
}

/* Does some policy of those that are in force now count packets? */
void fng_recheck_meter(bool meters)
{
	lockdep_assert_held(&fng_control_mutex);
	mutex_lock(&recheck_mutex);
	see(FNG_SEEN_TO_METER, meters);
	mutex_unlock(&recheck_mutex);
}

void fng_recheck_stop(void)
{
	lockdep_assert_held(&fng_control_mutex);
	cancel_work_sync(&recheck_work);
	WRITE_ONCE(fng_seen.why, 0);
}
