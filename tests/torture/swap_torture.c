// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies are swapped while their subjects do what all of them deny, what all
 * of them allow, and what they disagree about.
 */
#include <stdlib.h>

#include "books.h"
#include "deeds.h"
#include "torture.h"

#define NR_IMAGES	8
#define MAX_EXTRA	20
#define STILL_MS	1000

static const char *const names[2] = { "torture-swap-a", "torture-swap-b" };

/* By name and number. */
static struct blob images[2][NR_IMAGES];
static int current;
static u64 generation;
static u64 replaced, renamed;

static const char *any_template(void)
{
	return rules_templates[torture_random(NR_TEMPLATES)];
}

/* Half of them extend a template: they share its tables, or are the first. */
static void compile_all(void)
{
	u32 name, i;

	for (name = 0; name < 2; name++)
		for (i = 0; i < NR_IMAGES; i++) {
			const struct rules rules = {
				.name = names[name],
				.lenient = i & 1,
				.flipped = i & 2,
				.extra = torture_random(MAX_EXTRA),
				.template = i & 4 ? any_template() : NULL,
			};

			images[name][i] = rules_compile(&rules);
		}
}

static void load(int name)
{
	const struct blob *blob = &images[name][torture_random(NR_IMAGES)];
	const struct fng_client_image image = { .data = blob->data,
						.size = blob->size };

	if (fng_client_policy_load(guard_client(), &generation, &image, 1))
		die("not swapped: %s", guard_client()->error);
}

/* The other policy takes over, with the bindings. */
static void hand_over(void)
{
	int other = !current;

	load(other);
	if (fng_client_policy_unload(guard_client(), &generation,
				     names[current], names[other]))
		die("not handed over: %s", guard_client()->error);
	current = other;
	renamed++;
}

static void swap(void)
{
	if (!torture_random(8)) {
		hand_over();
		return;
	}
	load(current);
	replaced++;
}

/* What one version of a policy refuses, its own counters tell. */
static void count_still(struct storm *storm)
{
	u64 seen;

	load(current);
	storm_start(storm);
	group_bind(storm->group, names[current]);
	storm_go(storm);
	torture_sleep(STILL_MS * patience());
	storm_stop(storm);
	storm_judge(storm);
	seen = storm_total(storm).refused;
	torture_check(books_total(names[current]) == seen,
		      "%llu refusals were seen, and the policy's totals are %llu",
		      (unsigned long long)seen,
		      (unsigned long long)books_total(names[current]));
	torture_work("refusals without swaps", seen);
}

/* Of what may go either way, has some gone each way? */
static bool have_flipped(const struct storm *storm)
{
	u64 passed = 0, refused = 0;
	u32 i;

	for (i = DEEDS_AGREED; i < DEEDS_ALL; i++) {
		const struct score score = storm_score(storm, i);

		passed += score.passed;
		refused += score.refused;
	}
	return passed && refused;
}

static void swap_under(struct storm *storm)
{
	struct books books;

	storm_start(storm);
	group_bind(storm->group, names[current]);
	books_open(&books);
	storm_go(storm);
	hand_over();
	do
		swap();
	while (torture_goes_on() || !have_flipped(storm));
	storm_stop(storm);
	torture_work("swaps under the same name", replaced);
	torture_work("swaps to another name", renamed);
	storm_judge(storm);
	books_close(&books, storm_total(storm).refused, 0);
}

int main(int argc, char **argv)
{
	struct group group, still;
	struct storm storm = {
		.group = &group,
		.deeds = deeds,
		.nr_deeds = DEEDS_ALL,
		.nr_tasks = 3,
		.cpu = -1,
	};

	torture_begin(argc, argv);
	deeds_setup();
	compile_all();
	generation = control_status().policy_gen;
	load(current);
	group_make(&group, NULL);
	torture_start();
	swap_under(&storm);
	group_remove(&group);
	group_make(&still, NULL);
	storm.group = &still;
	count_still(&storm);
	group_remove(&still);
	deeds_cleanup();
	return torture_end("what both policies say holds during each swap");
}
