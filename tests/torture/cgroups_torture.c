// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroups come and go, under the same names again, while bindings do as well:
 * what starts in one is guarded from its first instruction, and nothing is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "books.h"
#include "deeds.h"
#include "torture.h"

#define POLICY	"torture-cgroups"
#define BOUND	"torture-bound"
#define PARENT	"/fnguard.test/churn"
#define NR_TASKS	3
#define NR_NAMES	4
#define REFUSED	(EACCES << 8)

/**
 * struct tally - what one task has done
 * @made: cgroups that were made
 * @bound: of them, those that were also bound explicitly
 * @both: of them, those that stayed so
 * @refused: programs that were refused a file
 * @passed: programs that were not, as it should be
 * @wrong: programs that ended otherwise
 * @status: how, the last time
 */
struct tally {
	u64 made;
	u64 bound;
	u64 both;
	u64 refused;
	u64 passed;
	u64 wrong;
	int status;
};

/* The board of the tasks; they end with the last. */
static struct board {
	bool stop;
	struct tally tallies[NR_TASKS];
} *board;

static pid_t start_inside(int cgroup, const char *file)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup,
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		die("cannot clone into the cgroup");
	if (pid)
		return pid;
	execl(WORK "/open", "open", file, NULL);
	_exit(1);
}

static void try_inside(int cgroup, const char *file, int expected,
		       struct tally *tally)
{
	int status;

	if (waitpid(start_inside(cgroup, file), &status, 0) < 0)
		die("the program is lost");
	if (status != expected) {
		tally->wrong++;
		tally->status = status;
	} else if (status) {
		tally->refused++;
	} else {
		tally->passed++;
	}
}

/* A second policy, which agrees, and goes with the cgroup or before it. */
static void bind_as_well(int cgroup, struct tally *tally)
{
	struct fng_client_binding binding = {
		.cgroup_fd = cgroup,
		.policy = BOUND,
	};

	if (fng_client_bind(guard_client(), &binding))
		die("not bound: %s", guard_client()->error);
	tally->bound++;
	if (torture_random(2))
		tally->both++;
	else if (fng_client_unbind(guard_client(), &binding))
		die("not unbound: %s", guard_client()->error);
}

static void live_and_die(const char *path, struct tally *tally)
{
	int cgroup = fng_cgroup_create(path), err;

	if (cgroup < 0)
		die("cannot make %s: %d", path, cgroup);
	tally->made++;
	if (tally->made % 3 == 1)
		bind_as_well(cgroup, tally);
	try_inside(cgroup, WORK "/bad", REFUSED, tally);
	try_inside(cgroup, WORK "/good", 0, tally);
	close(cgroup);
	err = fng_cgroup_destroy(path);
	if (err)
		die("cannot remove %s: %d", path, err);
}

static void __attribute__((noreturn)) churn(u32 task)
{
	char path[64];
	u32 i;

	for (i = 0; i < task * 100; i++)
		torture_random(2);
	do {
		snprintf(path, sizeof(path), PARENT "/%u-%u", task,
			 torture_random(NR_NAMES));
		live_and_die(path, &board->tallies[task]);
	} while (!__atomic_load_n(&board->stop, __ATOMIC_SEQ_CST));
	_exit(0);
}

/* A cgroup that the kernel cannot free is one that somebody holds. */
static u64 dying(void)
{
	char text[256] = "", *found;
	int fd = open("/sys/fs/cgroup" PARENT "/cgroup.stat", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		die("no cgroup.stat");
	close(fd);
	found = strstr(text, "nr_dying_descendants ");
	return found ? strtoull(strchr(found, ' '), NULL, 10) : ~0ULL;
}

static bool nothing_is_left(const void *data)
{
	const struct fng_client_status *before = data;
	struct fng_client_status now = control_status();

	return now.nr_bindings == before->nr_bindings &&
	       now.nr_subjects <= before->nr_subjects + 1 &&
	       !now.nr_entering && !dying();
}

static void check_rest(const struct fng_client_status *before)
{
	struct fng_client_status now;

	if (torture_await(nothing_is_left, before, 30))
		return;
	now = control_status();
	torture_check(false,
		      "left are %u bindings, %u subjects, %u entering, %llu dying cgroups; before were %u, %u",
		      now.nr_bindings, now.nr_subjects, now.nr_entering,
		      (unsigned long long)dying(), before->nr_bindings,
		      before->nr_subjects);
}

static struct tally run_tasks(void)
{
	struct tally sum = { 0 };
	pid_t pids[NR_TASKS];
	int status;
	u32 i;

	for (i = 0; i < NR_TASKS; i++) {
		pids[i] = fork();
		if (!pids[i])
			churn(i);
	}
	while (torture_goes_on())
		torture_sleep(100);
	__atomic_store_n(&board->stop, true, __ATOMIC_SEQ_CST);
	for (i = 0; i < NR_TASKS; i++) {
		const struct tally *tally = &board->tallies[i];

		torture_check(waitpid(pids[i], &status, 0) == pids[i] && !status,
			      "a task ended with %#x", status);
		torture_check(!tally->wrong,
			      "%llu programs were not guarded, or refused what is allowed; the last ended with %#x",
			      (unsigned long long)tally->wrong, tally->status);
		sum.made += tally->made;
		sum.bound += tally->bound;
		sum.both += tally->both;
		sum.refused += tally->refused;
		sum.passed += tally->passed;
	}
	return sum;
}

static void setup(void)
{
	static const struct rules template = {
		.name = POLICY,
		.head = "attach: { cgroup: [\"" PARENT "/*\"] }\n",
		.lenient = true,
	};
	static const struct rules bound = { .name = BOUND, .lenient = true };

	deeds_setup();
	copy_program("/usr/lib/fnguard/tests/helper_open", "open");
	board = torture_shared(sizeof(*board));
	close(fng_cgroup_create(PARENT));
	rules_load(&template);
	rules_load(&bound);
}

int main(int argc, char **argv)
{
	struct fng_client_status before;
	struct books books;
	struct tally sum;

	torture_begin(argc, argv);
	setup();
	before = control_status();
	books_open(&books);
	torture_start();
	sum = run_tasks();
	torture_work("cgroups made", sum.made);
	torture_work("of them bound as well", sum.bound);
	torture_work("programs refused a file", sum.refused);
	torture_work("programs that passed", sum.passed);
	books_close(&books, sum.refused, sum.both);
	check_rest(&before);
	fng_cgroup_destroy(PARENT);
	deeds_cleanup();
	return torture_end("a cgroup is guarded at once, and leaves nothing");
}
