// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory runs out, in a guarded cgroup and on the whole machine, and the kernel
 * kills for it: what is denied does not pass.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <guest/setting.h>

#include "books.h"
#include "deeds.h"
#include "torture.h"

#define POLICY		"torture-memory"
#define CGROUPS		"/sys/fs/cgroup"
#define LIMIT		"33554432"

/*
 * The whole machine is filled now and then, unless there is little time: it takes
 * minutes where the kernel watches each page.
 */
#define MACHINE_EVERY	6
#define MACHINE_TAKES	(60 * 1000 * 1000 * 1000ULL)

/* In large steps, which take less time where pages are large. */
#define PIECE		(8UL << 20)

/*
 * What the glutton had is not there again at once, and the kernel kills on: when there
 * is nobody left to kill, it gives up.
 */
#define LAMBS		32

static u64 killed, machine_killed;
static pid_t lambs[LAMBS];

static void limit(const struct group *group)
{
	char path[256];

	setting_must_write(CGROUPS "/cgroup.subtree_control", "+memory");
	setting_must_write(CGROUPS "/fnguard.test/cgroup.subtree_control",
			   "+memory");
	snprintf(path, sizeof(path), CGROUPS "%s/memory.max", group->path);
	setting_must_write(path, LIMIT);
}

static void swallow(void)
{
	void *piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (piece == MAP_FAILED)
		return;
	madvise(piece, PIECE, MADV_HUGEPAGE);
	madvise(piece, PIECE, MADV_POPULATE_WRITE);
}

static void __attribute__((noreturn)) eat(const struct group *group)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setting_must_write("/proc/self/oom_score_adj", "1000");
	if (group && fng_cgroup_move(group->fd, 0))
		die("cannot enter %s", group->path);
	for (;;)
		swallow();
}

static void eat_and_die(const struct group *group, u64 *count)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("cannot fork");
	if (!pid)
		eat(group);
	if (waitpid(pid, &status, 0) != pid)
		die("the glutton is lost");
	torture_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		      "the glutton ended with %#x", status);
	(*count)++;
}

static void __attribute__((noreturn)) wait_for_death(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setting_must_write("/proc/self/oom_score_adj", "500");
	for (;;)
		pause();
}

static void lead_lambs(void)
{
	u32 i;

	for (i = 0; i < LAMBS; i++) {
		lambs[i] = fork();
		if (lambs[i] < 0)
			die("cannot fork");
		if (!lambs[i])
			wait_for_death();
	}
}

static void release_lambs(void)
{
	u32 i;

	for (i = 0; i < LAMBS; i++) {
		kill(lambs[i], SIGKILL);
		waitpid(lambs[i], NULL, 0);
	}
}

static void eat_machine(void)
{
	lead_lambs();
	eat_and_die(NULL, &machine_killed);
	release_lambs();
}

static void eat_all_over(const struct group *group)
{
	bool machine = torture_left() > MACHINE_TAKES;
	u32 n;

	for (n = 1; n == 1 || (machine && n == 2) || torture_goes_on(); n++)
		if (machine && n % MACHINE_EVERY == 2)
			eat_machine();
		else
			eat_and_die(group, &killed);
	torture_work("kills in the cgroup", killed);
	if (machine)
		torture_work("kills on the machine", machine_killed);
}

static void run(struct storm *storm)
{
	struct books books;

	/* The storm is there to see it through. */
	setting_must_write("/proc/self/oom_score_adj", "-1000");
	storm_start(storm);
	group_bind(storm->group, POLICY);
	books_open(&books);
	storm_go(storm);
	eat_all_over(storm->group);
	storm_stop(storm);
	storm_judge(storm);
	books_close(&books, storm_total(storm).refused, 0);
}

int main(int argc, char **argv)
{
	const struct rules rules = { .name = POLICY, .lenient = true };
	struct group group;
	struct storm storm = {
		.group = &group,
		.deeds = deeds,
		.nr_deeds = DEEDS_AGREED,
		.nr_tasks = 2,
		.cpu = -1,
		.hungry = true,
	};

	torture_begin(argc, argv);
	deeds_setup();
	rules_load(&rules);
	group_make(&group, NULL);
	limit(&group);
	torture_start();
	run(&storm);
	group_remove(&group);
	deeds_cleanup();
	return torture_end("what is denied stays denied without memory");
}
