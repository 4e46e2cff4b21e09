// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events come faster than they are read: nobody waits for the reader, and who
 * counts what was told, and what was not, arrives at what was refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "deeds.h"
#include "hear.h"
#include "torture.h"

#define POLICY		"torture-overrun"
#define NR_FILES	150

/* Of a receiver that has no room for what one burst tells. */
#define TINY		4096

#define TELL_SECONDS	15
/* What was sent has been read by whoever is not stalled. */
#define SETTLED_MS	500
#define BLOCKED_NS	(10ULL * 1000000000)

static struct blob policy;
static u64 reloads, overruns, missed;

/* The first refusal of each rule is told by itself. */
static int burst(const void *arg)
{
	char name[64];
	u32 i;

	(void)arg;
	for (i = 0; i < NR_FILES; i++) {
		snprintf(name, sizeof(name), WORK "/many/%u", i);
		if (errno_of_fd(open(name, O_RDONLY | O_CLOEXEC)) != EACCES)
			return EINVAL;
	}
	return EACCES;
}

static const struct deed bursts[] = {
	{ "open of many files", burst, NULL, EACCES, STORM_REFUSED },
};

static void make_files(void)
{
	char name[64];
	u32 i;

	make_dir("many");
	for (i = 0; i < NR_FILES; i++) {
		snprintf(name, sizeof(name), "many/%u", i);
		make_file(name, "");
	}
}

static void compile(void)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	u32 i;

	if (!out)
		die("no memory for a policy");
	fprintf(out, "policy: " POLICY "\nfiles:\n  default: allow\n  rules:\n");
	for (i = 0; i < NR_FILES; i++)
		fprintf(out, "    - { path: \"" WORK "/many/%u\", deny: [read] }\n",
			i);
	fclose(out);
	policy = control_compile(text);
	free(text);
}

/* With another version, every rule has its first refusal again. */
static void reload_for(u32 parts)
{
	torture_share(parts);
	do {
		if (control_load(&policy))
			die("not loaded: %s", guard_client()->error);
		reloads++;
		torture_sleep(torture_random(500));
	} while (torture_goes_on());
	torture_share_end();
}

/**
 * struct wait - what is waited for
 * @hearer: who hears
 * @before: state of the guard before it started
 * @seen: refusals
 */
struct wait {
	const struct hearer *hearer;
	struct fng_client_status before;
	u64 seen;
};

static u64 accounted(const struct wait *wait)
{
	return wait->hearer->heard->refusals + control_status().unheard -
	       wait->before.unheard;
}

static bool are_accounted(const void *data)
{
	const struct wait *wait = data;

	return accounted(wait) >= wait->seen;
}

static void check_account(struct wait *wait, const char *who)
{
	torture_await(are_accounted, wait, TELL_SECONDS);
	torture_check(accounted(wait) == wait->seen,
		      "%s: %llu refusals were seen, %llu told and %llu given up",
		      who, (unsigned long long)wait->seen,
		      (unsigned long long)wait->hearer->heard->refusals,
		      (unsigned long long)(control_status().unheard -
					   wait->before.unheard));
	torture_check(control_status().denied - wait->before.denied ==
			      wait->seen,
		      "%s: %llu refusals were seen and %llu counted", who,
		      (unsigned long long)wait->seen,
		      (unsigned long long)(control_status().denied -
					   wait->before.denied));
}

/* Returns the number of refusals. */
static u64 storm_for(u32 parts)
{
	struct group group;
	struct storm storm = {
		.group = &group,
		.deeds = bursts,
		.nr_deeds = 1,
		.nr_tasks = 2,
		.cpu = -1,
	};
	struct score score;

	group_make(&group, NULL);
	storm_start(&storm);
	group_bind(&group, POLICY);
	storm_go(&storm);
	reload_for(parts);
	storm_stop(&storm);
	group_remove(&group);
	storm_judge(&storm);
	score = storm_total(&storm);
	torture_check(score.slowest < BLOCKED_NS * patience(),
		      "%llu ms were spent on one burst",
		      (unsigned long long)score.slowest / 1000000);
	return score.refused * NR_FILES;
}

/* The only listener does not read: nothing is told, and so it is told later. */
static void stall_the_only(void)
{
	struct hearer hearer = { .buffer = TINY };
	struct wait wait = { .hearer = &hearer, .before = control_status() };

	hearer_start(&hearer);
	wait.seen = storm_for(2);
	torture_check(hearer.heard->refusals < wait.seen,
		      "who does not read has heard all");
	hearer.heard->stalled = false;
	check_account(&wait, "the only listener");
	overruns += hearer.heard->overruns;
	torture_work("refusals told late", hearer.heard->refusals);
	hearer_stop(&hearer);
}

/**
 * struct pair - two listeners
 * @slow: does not read, and came later
 * @live: reads
 */
struct pair {
	const struct hearer *slow;
	const struct hearer *live;
};

/* Events that it could have heard from a number on. */
static u64 passed(const struct hearer *hearer, u64 first)
{
	return hearer->heard->events + hearer->heard->missed -
	       (first - hearer->heard->first);
}

static bool agree(const void *data)
{
	const struct pair *pair = data;
	u64 first = pair->slow->heard->first;

	return first && passed(pair->slow, first) == passed(pair->live, first);
}

/* Not for the moment in which one of two who differ has heard more than the other. */
static bool agree_and_stay(const struct pair *pair)
{
	if (!torture_await(agree, pair, 1))
		return false;
	torture_sleep(SETTLED_MS);
	return agree(pair);
}

/* How many it has missed, it learns from the next event that it has room for. */
static bool catch_up(const struct pair *pair)
{
	u32 i;

	for (i = 0; i < TELL_SECONDS; i++) {
		if (control_load(&policy))
			die("not loaded: %s", guard_client()->error);
		if (agree_and_stay(pair))
			return true;
	}
	return false;
}

/* Who does not read misses what the other is told, and can tell how much. */
static void stall_one_of_two(void)
{
	struct hearer slow = { .buffer = TINY }, live = { 0 };
	struct pair pair = { .slow = &slow, .live = &live };
	struct wait wait = { .hearer = &live, .before = control_status() };
	bool agreed;

	hearer_start(&live);
	hearer_start(&slow);
	wait.seen = storm_for(1);
	check_account(&wait, "the other listener");
	slow.heard->stalled = false;
	agreed = catch_up(&pair);
	torture_check(agreed,
		      "%llu events from %llu on were heard by one, %llu from %llu on by the other, who has missed %llu",
		      (unsigned long long)live.heard->events,
		      (unsigned long long)live.heard->first,
		      (unsigned long long)slow.heard->events,
		      (unsigned long long)slow.heard->first,
		      (unsigned long long)slow.heard->missed);
	overruns += slow.heard->overruns;
	missed = slow.heard->missed;
	torture_work("refusals told at once", live.heard->refusals);
	hearer_stop(&slow);
	hearer_stop(&live);
}

int main(int argc, char **argv)
{
	torture_begin(argc, argv);
	deeds_setup();
	make_files();
	compile();
	if (control_load(&policy))
		die("not loaded: %s", guard_client()->error);
	torture_start();
	stall_the_only();
	stall_one_of_two();
	deeds_cleanup();
	torture_work("reloads", reloads);
	torture_work("overruns", overruns);
	torture_work("events missed and known to be", missed);
	printf("# samples that found no room: %llu\n",
	       (unsigned long long)control_status().events_lost);
	return torture_end("what is not told in time is counted");
}
