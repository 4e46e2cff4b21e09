// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each allocation of each command fails once: the answer is an error that says so
 * and everything is as it was, or the command has done all that it does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <client/client.h>

#include "deeds.h"
#include "fault.h"
#include "orders.h"
#include "sample.h"
#include "snapshot.h"
#include "torture.h"

/**
 * struct sweep - one command, with each fault
 * @order: the command
 * @ready: everything is as in @before
 * @before: how everything is before it is given
 * @passed: how often what is denied had passed by then
 * @done: how everything is when it was done
 * @total: allocations of it
 * @injected: faults that were reached
 * @refused: of them, those of which the sender was told
 * @lost: those that hit the answer itself
 */
struct sweep {
	const struct order *order;
	bool ready;
	struct snapshot before;
	u64 passed;
	struct snapshot done;
	u32 total;
	u32 injected;
	u32 refused;
	u32 lost;
};

static u64 injected, refused;

/* After a fault, a connection may be out of step. */
static int give(const struct order *order, u32 n, char *error)
{
	struct fng_client client;
	int err;

	if (fng_client_open(&client))
		die("no connection: %s", client.error);
	fault_client(&client);
	fault_nth = n;
	storm_go(&orders_watch);
	err = order->give(&client);
	storm_rest(&orders_watch);
	strcpy(error, client.error);
	fng_client_close(&client);
	return err;
}

/* Without a fault: what is to be expected, and how many allocations there are. */
static void rehearse(struct sweep *sweep)
{
	const struct order *order = sweep->order;
	char error[FNG_CLIENT_TEXT_SIZE];
	int err;

	order->prepare();
	err = give(order, FAULT_NEVER, error);
	torture_check(err == order->answer, "%s ends with %d (%s)", order->name,
		      err, error);
	sweep->total = FAULT_NEVER - fault_left;
	snapshot_take(&sweep->done, &orders_guarded);
}

/* The kernel could not answer, so it may have been done or not. */
static bool is_lost(int err, const char *error)
{
	return err == -EIO && strstr(error, "cannot receive");
}

static bool is_clean(int err, const char *error)
{
	return err == -ENOMEM || err == -ENOBUFS || is_lost(err, error) ||
	       (err == -EIO && strstr(error, "cannot send"));
}

static bool is_consistent(const struct sweep *sweep, int err, bool lost,
			  const struct snapshot *after)
{
	bool undone = snapshot_same(&sweep->before, after);
	bool done = snapshot_alike(&sweep->done, after);

	if (lost)
		return undone || done;
	return err == sweep->order->answer ? done : undone;
}

/* What has changed nothing need not be undone. */
static bool is_undone(const struct sweep *sweep, int err, bool lost,
		      const struct snapshot *after)
{
	bool refused = err != sweep->order->answer && !lost;

	return (refused || !sweep->order->changes) &&
	       snapshot_same(&sweep->before, after);
}

/* Enforced before and after, it was enforced in between. */
static void check_gap(const struct sweep *sweep, u32 n,
		      const struct snapshot *after)
{
	u64 passed = storm_total(&orders_watch).passed - sweep->passed;

	if (sweep->before.enforced && after->enforced)
		torture_check(!passed,
			      "during %s with fault %u, what is denied passed %llu times",
			      sweep->order->name, n,
			      (unsigned long long)passed);
}

static void judge(struct sweep *sweep, u32 n, int err, const char *error)
{
	const char *name = sweep->order->name;
	bool lost = is_lost(err, error);
	struct snapshot after;

	snapshot_take(&after, &orders_guarded);
	check_gap(sweep, n, &after);
	sweep->injected++;
	sweep->refused += err != sweep->order->answer;
	sweep->lost += lost;
	sweep->ready = is_undone(sweep, err, lost, &after);
	torture_check(err == sweep->order->answer || is_clean(err, error),
		      "%s with fault %u ends with %d (%s)", name, n, err,
		      error);
	if (torture_check(is_consistent(sweep, err, lost, &after),
			  "%s with fault %u is half done, and ends with %d (%s)",
			  name, n, err, error))
		return;
	snapshot_print("before", &sweep->before);
	snapshot_print("after", &after);
	snapshot_print("where nothing fails", &sweep->done);
}

/* Returns whether the fault was reached. */
static bool fail(u32 n, void *data)
{
	struct sweep *sweep = data;
	char error[FNG_CLIENT_TEXT_SIZE];
	int err;

	if (!sweep->ready) {
		sweep->order->prepare();
		snapshot_take(&sweep->before, &orders_guarded);
	}
	sweep->passed = storm_total(&orders_watch).passed;
	err = give(sweep->order, n, error);
	sweep->ready = false;
	if (fault_left)
		return false;
	judge(sweep, n, err, error);
	return true;
}

static void run(const struct order *order)
{
	struct sweep sweep = { .order = order };

	rehearse(&sweep);
	sample(order->name, sweep.total, fail, &sweep);
	printf("#   the sender was told of %u, and could not be told of %u\n",
	       sweep.refused, sweep.lost);
	torture_check(sweep.injected, "%s was given without a fault",
		      order->name);
	injected += sweep.injected;
	refused += sweep.refused;
}

int main(int argc, char **argv)
{
	u32 i;

	torture_begin(argc, argv);
	if (!fault_setup())
		return torture_skip("this kernel cannot inject faults");
	deeds_setup();
	orders_setup();
	torture_start();
	for (i = 0; i < nr_orders; i++) {
		torture_share(nr_orders - i);
		run(&orders[i]);
	}
	torture_share_end();
	orders_cleanup();
	deeds_cleanup();
	torture_work("times what is denied was tried meanwhile",
		     storm_total(&orders_watch).refused);
	torture_work("faults injected", injected);
	torture_work("of them answered with an error", refused);
	return torture_end("a command whose memory runs out does all or nothing");
}
