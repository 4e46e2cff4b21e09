// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that do the same things over and over, as fast as they can, and keep
 * the score.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "storm.h"
#include "torture.h"

/**
 * struct storm_board - what processes of a storm share
 * @waiting: number of them that wait for a turn
 * @turn: number of the one they may have
 * @rest: it is over
 * @stop: they shall end
 * @scores: by process and deed; each is written by its process alone
 */
struct storm_board {
	u32 waiting;
	u32 turn;
	bool rest;
	bool stop;
	struct score scores[STORM_MAX_TASKS][STORM_MAX_DEEDS];
};

void storm_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("there is no CPU %d", cpu);
}

/*
 * A program is judged when it is executed and again when its code is mapped, where
 * it is too late for an errno: one that a policy comes in between of is killed.
 */
static bool is_refusal(const struct deed *deed, int err, bool hungry)
{
	return err == deed->refusal || (err == -SIGSEGV && !hungry);
}

/*
 * A socket without memory for its inode is one file too many, and arguments without
 * memory are too long. A program whose memory ends while it is set up is killed for
 * it, in any of three ways.
 */
static bool is_shortage(int err)
{
	return err == ENOMEM || err == ENOBUFS || err == EAGAIN ||
	       err == ENFILE || err == E2BIG || err == -SIGKILL ||
	       err == -SIGBUS || err == -SIGSEGV;
}

static void note(struct score *score, const struct deed *deed, int err,
		 bool hungry)
{
	if (!err) {
		score->passed++;
	} else if (is_refusal(deed, err, hungry)) {
		score->refused++;
	} else if (hungry && is_shortage(err)) {
		score->short_of++;
	} else {
		score->strange++;
		score->strange_err = err;
	}
}

static void perform(const struct deed *deed, struct score *score, bool hungry)
{
	u64 before = torture_now(), took;

	note(score, deed, deed->act(deed->arg), hungry);
	took = torture_now() - before;
	if (took > score->slowest)
		score->slowest = took;
}

static void settle_down(const struct storm *storm)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (storm->cpu >= 0)
		storm_pin(storm->cpu);
	if (storm->group && fng_cgroup_move(storm->group->fd, 0))
		die("cannot enter %s", storm->group->path);
}

/* Nobody misses a turn, however soon it is over. */
static void wait_to_go(struct storm_board *board, u32 *turn)
{
	if (!__atomic_load_n(&board->rest, __ATOMIC_SEQ_CST) &&
	    __atomic_load_n(&board->turn, __ATOMIC_SEQ_CST) == *turn)
		return;
	__atomic_add_fetch(&board->waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&board->turn, __ATOMIC_SEQ_CST) == *turn)
		torture_sleep(1);
	*turn = __atomic_load_n(&board->turn, __ATOMIC_SEQ_CST);
}

static void __attribute__((noreturn))
rage(const struct storm *storm, struct score *scores)
{
	u32 turn = 0, i;

	settle_down(storm);
	do {
		wait_to_go(storm->board, &turn);
		for (i = 0; i < storm->nr_deeds; i++)
			perform(&storm->deeds[i], &scores[i], storm->hungry);
	} while (!__atomic_load_n(&storm->board->stop, __ATOMIC_SEQ_CST));
	_exit(0);
}

static void await_calm(const struct storm *storm)
{
	while (__atomic_load_n(&storm->board->waiting, __ATOMIC_SEQ_CST) !=
	       storm->nr_tasks)
		torture_sleep(1);
}

void storm_start(struct storm *storm)
{
	u32 i;

	if (storm->nr_deeds > STORM_MAX_DEEDS ||
	    storm->nr_tasks > STORM_MAX_TASKS)
		die("too many deeds or tasks");
	storm->board = torture_shared(sizeof(*storm->board));
	storm->board->rest = true;
	for (i = 0; i < storm->nr_tasks; i++) {
		storm->pids[i] = fork();
		if (storm->pids[i] < 0)
			die("cannot fork");
		if (!storm->pids[i])
			rage(storm, storm->board->scores[i]);
	}
	await_calm(storm);
}

void storm_go(struct storm *storm)
{
	__atomic_store_n(&storm->board->rest, false, __ATOMIC_SEQ_CST);
	__atomic_store_n(&storm->board->waiting, 0, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&storm->board->turn, 1, __ATOMIC_SEQ_CST);
}

void storm_rest(struct storm *storm)
{
	__atomic_store_n(&storm->board->rest, true, __ATOMIC_SEQ_CST);
	await_calm(storm);
}

/* Who waits has another turn, and who does not has his last. */
void storm_stop(struct storm *storm)
{
	int status;
	u32 i;

	__atomic_store_n(&storm->board->stop, true, __ATOMIC_SEQ_CST);
	storm_go(storm);
	for (i = 0; i < storm->nr_tasks; i++) {
		if (waitpid(storm->pids[i], &status, 0) != storm->pids[i])
			die("task %d is lost", storm->pids[i]);
		torture_check(!status, "task %d ended with status %#x",
			      storm->pids[i], status);
	}
}

static void add(struct score *sum, const struct score *score)
{
	sum->passed += score->passed;
	sum->refused += score->refused;
	sum->short_of += score->short_of;
	sum->strange += score->strange;
	if (score->strange)
		sum->strange_err = score->strange_err;
	if (score->slowest > sum->slowest)
		sum->slowest = score->slowest;
}

struct score storm_score(const struct storm *storm, u32 deed)
{
	struct score sum = { 0 };
	u32 i;

	for (i = 0; i < storm->nr_tasks; i++)
		add(&sum, &storm->board->scores[i][deed]);
	return sum;
}

struct score storm_total(const struct storm *storm)
{
	struct score sum = { 0 }, score;
	u32 i;

	for (i = 0; i < storm->nr_deeds; i++) {
		score = storm_score(storm, i);
		add(&sum, &score);
	}
	return sum;
}

static void judge(const struct deed *deed, const struct score *score)
{
	printf("# %s: %llu passed, %llu refused, %llu ms at most\n", deed->what,
	       (unsigned long long)score->passed,
	       (unsigned long long)score->refused,
	       (unsigned long long)score->slowest / 1000000);
	if (score->short_of)
		printf("#   %llu times there was no memory for it\n",
		       (unsigned long long)score->short_of);
	torture_check(!score->strange, "%s failed %llu times, last with %d",
		      deed->what, (unsigned long long)score->strange,
		      score->strange_err);
	torture_check(!score->passed || deed->may & STORM_PASSES,
		      "%s was allowed %llu times", deed->what,
		      (unsigned long long)score->passed);
	torture_check(!score->refused || deed->may & STORM_REFUSED,
		      "%s was refused %llu times", deed->what,
		      (unsigned long long)score->refused);
	torture_check(score->passed || score->refused,
		      "%s never came to an end", deed->what);
}

void storm_judge(const struct storm *storm)
{
	struct score score;
	u32 i;

	for (i = 0; i < storm->nr_deeds; i++) {
		score = storm_score(storm, i);
		judge(&storm->deeds[i], &score);
	}
}
