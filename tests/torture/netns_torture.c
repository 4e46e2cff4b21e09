// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces and interfaces come and go while guarded tasks connect in
 * them, and in the one that stays.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <guest/net.h>

#include "books.h"
#include "deeds.h"
#include "torture.h"

#define POLICY	"torture-netns"

/* Rounds of one task in a namespace of its own. */
#define NR_ROUNDS	20

/**
 * struct board - what was done
 * @stop: interfaces are no longer made
 * @interfaces: pairs that were made and removed in the initial namespace
 * @failed: commands about interfaces that failed
 */
static struct board {
	bool stop;
	u64 interfaces;
	u64 failed;
} *board;

static u64 namespaces, refused;

static int ip(const char *const argv[])
{
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, "ip", NULL, NULL, (char **)argv, environ) ||
	    waitpid(pid, &status, 0) != pid)
		die("cannot run ip");
	return status;
}

#define IP(...)	ip((const char *const[]){ "ip", __VA_ARGS__, NULL })

/* Two that are tied together and one that leads nowhere, with an address. */
static int make_interfaces(const char *veth, const char *peer,
			   const char *dummy)
{
	return IP("link", "add", veth, "type", "veth", "peer", "name", peer) ?:
	       IP("link", "add", dummy, "type", "dummy") ?:
	       IP("addr", "add", "192.0.2.1/24", "dev", dummy) ?:
	       IP("link", "set", dummy, "up") ?:
	       IP("link", "set", veth, "up");
}

static void __attribute__((noreturn)) churn_interfaces(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	do {
		board->failed += !!make_interfaces("ve0", "ve1", "du0");
		board->failed += !!IP("link", "del", "ve0");
		board->failed += !!IP("link", "del", "du0");
		board->interfaces++;
	} while (!__atomic_load_n(&board->stop, __ATOMIC_SEQ_CST));
	_exit(0);
}

/* Guarded only afterwards. */
static void enter_namespace(const void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	net_loopback_up();
	if (make_interfaces("ve0", "ve1", "du0"))
		die("no interfaces");
}

/* There is no server here: nobody answers what is allowed. */
static int reach_around(const void *arg)
{
	u32 i, deed;

	(void)arg;
	for (i = 0; i < NR_ROUNDS; i++)
		for (deed = 0; deed < DEEDS_AGREED; deed++) {
			bool passes = deeds[deed].may == STORM_PASSES;

			if (deeds[deed].refusal != ECONNREFUSED)
				continue;
			if (!deeds[deed].act(deeds[deed].arg) != passes &&
			    !strstr(deeds[deed].what, "TCP"))
				return 1000 + deed;
		}
	return 0;
}

static void try_namespace(void)
{
	const struct attempt attempt = {
		.before = enter_namespace,
		.act = reach_around,
	};
	struct outcome outcome;

	run_guarded(POLICY, &attempt, &outcome);
	torture_check(!outcome.err, "deed %d of namespace %llu went wrong",
		      outcome.err - 1000, (unsigned long long)namespaces);
	torture_check(outcome_sum(&outcome) == 3 * NR_ROUNDS,
		      "%llu refusals were counted in a namespace",
		      (unsigned long long)outcome_sum(&outcome));
	refused += outcome_sum(&outcome);
	namespaces++;
}

static pid_t start_churn(void)
{
	pid_t pid;

	board = torture_shared(sizeof(*board));
	pid = fork();
	if (pid < 0)
		die("cannot fork");
	if (!pid)
		churn_interfaces();
	return pid;
}

static void run(struct storm *storm)
{
	struct books books;
	pid_t churn;

	storm_start(storm);
	group_bind(storm->group, POLICY);
	books_open(&books);
	storm_go(storm);
	churn = start_churn();
	do
		try_namespace();
	while (torture_goes_on());
	__atomic_store_n(&board->stop, true, __ATOMIC_SEQ_CST);
	waitpid(churn, NULL, 0);
	storm_stop(storm);
	storm_judge(storm);
	books_close(&books, storm_total(storm).refused + refused, 0);
}

int main(int argc, char **argv)
{
	const struct rules rules = { .name = POLICY, .lenient = true };
	struct group group;
	struct storm storm = {
		.group = &group,
		.deeds = deeds,
		.nr_deeds = DEEDS_AGREED,
		.nr_tasks = 1,
		.cpu = -1,
	};

	torture_begin(argc, argv);
	deeds_setup();
	if (system("modprobe -qa veth dummy"))
		die("no veth or dummy");
	rules_load(&rules);
	group_make(&group, NULL);
	torture_start();
	run(&storm);
	group_remove(&group);
	deeds_cleanup();
	torture_work("network namespaces", namespaces);
	torture_work("refusals in them", refused);
	torture_work("pairs of interfaces", board->interfaces);
	torture_check(!board->failed, "%llu commands about interfaces failed",
		      (unsigned long long)board->failed);
	return torture_end("who connects is judged wherever he is");
}
