// SPDX-License-Identifier: GPL-2.0-only
/*
 * More than a policy that learns can remember, and lists while it learns.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bound.h"
#include "errand.h"
#include "expect.h"
#include "learned.h"
#include "net.h"

/* More names than there is room for. */
#define FLOOD	(FNG_MAX_ACTS + 1000)

static const char file[] = WORK "/a";
static const struct target tcp = TO("127.0.0.1");
static const struct learned a_file = { .kind = FNG_ACT_NAME, .name = file };
static const struct learned a_flood = { .kind = FNG_ACT_NAME,
					.name = WORK "/dir/0" };

static int act_flood(const void *arg)
{
	const u32 *nr = arg;
	char name[32];
	u32 i;

	if (chdir(WORK "/dir"))
		return errno;
	for (i = 0; i < *nr; i++) {
		snprintf(name, sizeof(name), "%u", i);
		if (mkdir(name, 0700) || rmdir(name))
			return errno;
	}
	return 0;
}

static int act_read(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

static void begin(void)
{
	bound_setup();
	make_dir("dir");
	learned_begin();
}

TEST(a_flood_of_names_is_counted_and_harms_nothing_else)
{
	static const u32 nr = FLOOD;
	static const struct learned connects = {
		FNG_ACT_CONNECT, "127.0.0.1", "", ERRAND_PORT,
	};
	const struct attempt reads = { .act = act_read, .arg = file };
	const struct attempt floods = { .act = act_flood, .arg = &nr };
	const struct attempt attempt = { .act = net_connect, .arg = &tcp };
	struct outcome outcome;
	struct found found;

	begin();
	net_listen(ERRAND_PORT);
	run_guarded("learn", &reads, &outcome);
	run_guarded("learn", &floods, &outcome);
	expect_allowed(_metadata, &outcome);
	run_guarded("learn", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	found = learned_find("learn", &connects);
	EXPECT_EQ(1, found.times);
	EXPECT_LT(0, found.unkept);
	EXPECT_GT(FNG_MAX_ACTS, found.all);
	EXPECT_EQ(1, learned_find("learn", &a_file).times);
	EXPECT_EQ(FNG_ACCESS_CREATE | FNG_ACCESS_DELETE,
		  learned_find("learn", &a_flood).access);
	/* What was listed did nothing itself. */
	EXPECT_EQ(found.unkept, learned_find("learn", &connects).unkept);
	work_remove();
}

/* Every list is of a moment: what was in one is in all that follow, reloads or not. */
TEST(lists_are_whole_while_it_learns)
{
	static const u32 nr = 3000;
	const struct attempt floods = { .act = act_flood, .arg = &nr };
	u32 before = 0, lists = 0;
	struct outcome outcome;
	struct found found;
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		run_guarded("learn", &floods, &outcome);
		_exit(outcome.err);
	}
	do {
		found = learned_find("learn", &a_flood);
		EXPECT_LE(before, found.all);
		EXPECT_GE(1, found.times);
		before = found.all;
		guard_load(lists++ % 2 ? LEARNER : LEARNER "version: 2\n");
	} while (!waitpid(pid, NULL, WNOHANG));
	EXPECT_LT(1, lists);
	found = learned_find("learn", &a_flood);
	EXPECT_LE(nr, found.all);
	EXPECT_EQ(1, found.times);
	EXPECT_EQ(0, found.unkept);
	work_remove();
}

TEST_HARNESS_MAIN
