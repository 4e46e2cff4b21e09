// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file whose name may not be read is unlinked in the moment in which its name
 * is looked at. Whatever it is called then, it is not read.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "expect.h"

#define ROUNDS	500

#define RACE_POLICY							\
	"policy: race\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/*.key\", deny: [read] }\n"

/**
 * struct race - what the two threads share
 * @round: which file it is about; 0 before the first
 * @held: the last round whose file the opener holds
 * @unlinked: the last round whose file is gone
 * @read: files that were opened for reading
 */
struct race {
	atomic_int round;
	atomic_int held;
	atomic_int unlinked;
	int read;
};

static void name_key(char *name, size_t size, int round)
{
	snprintf(name, size, "%d.key", round);
}

/* A descriptor without access does not keep the name, but leads to the file. */
static int hold(int round)
{
	char name[32];
	int fd;

	name_key(name, sizeof(name), round);
	fd = open(name, O_PATH | O_CLOEXEC);
	if (fd < 0)
		die("no file %s", name);
	return fd;
}

static void open_until_unlinked(struct race *race, int round)
{
	int fd = hold(round), opened = -1;
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	atomic_store(&race->held, round);
	while (opened < 0 && atomic_load(&race->unlinked) < round)
		opened = open(link, O_RDONLY | O_CLOEXEC);
	if (opened >= 0) {
		race->read++;
		close(opened);
	}
	close(fd);
}

static void *open_all(void *arg)
{
	struct race *race = arg;
	int round;

	for (round = 1; round <= ROUNDS; round++) {
		while (atomic_load(&race->round) < round)
			;
		open_until_unlinked(race, round);
	}
	return NULL;
}

static void unlink_held(struct race *race, int round)
{
	volatile int spin;
	char name[32];

	while (atomic_load(&race->held) < round)
		;
	/* Not always at the same point of what the opener does. */
	for (spin = 0; spin < round % 40 * 500; spin++)
		;
	name_key(name, sizeof(name), round);
	if (unlink(name))
		die("cannot unlink %s", name);
	atomic_store(&race->unlinked, round);
}

static void make_keys(const void *arg)
{
	char name[32];
	int round;

	(void)arg;
	for (round = 1; round <= ROUNDS; round++) {
		name_key(name, sizeof(name), round);
		make_file(name, "secret");
	}
}

/* ENDED_STATUS plus how many files were read. */
static int race_all(const void *arg)
{
	struct race race = { .round = 0 };
	pthread_t opener;
	int round;

	(void)arg;
	if (pthread_create(&opener, NULL, open_all, &race))
		die("no thread");
	for (round = 1; round <= ROUNDS; round++) {
		atomic_store(&race.round, round);
		unlink_held(&race, round);
	}
	pthread_join(opener, NULL);
	return ENDED_STATUS + race.read;
}

TEST(unlinked_while_it_is_named)
{
	const struct attempt attempt = { make_keys, race_all, NULL };
	struct outcome outcome;

	work_make();
	guard_load(RACE_POLICY);
	run_unguarded(&attempt, &outcome);
	EXPECT_LT(ENDED_STATUS + ROUNDS / 2, outcome.err);
	EXPECT_EQ(0, outcome.nr);

	run_guarded("race", &attempt, &outcome);
	EXPECT_EQ(ENDED_STATUS, outcome.err);
	EXPECT_LE(1, outcome.nr);
	work_remove();
}

TEST_HARNESS_MAIN
