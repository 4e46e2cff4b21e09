// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module is loaded, armed, disarmed and removed in a loop, while the other CPU
 * is in hooked calls all the time.
 */
#include <errno.h>
#include <stdlib.h>

#include <client/proof.h>
#include <guest/worker.h>

#include "deeds.h"
#include "manage.h"
#include "torture.h"

#define POLICY	"torture-reload"

/* A proof takes as long as many of the other cycles. */
#define PROOF_EVERY	8

#define PROBES	5

static struct fng_client client;
static struct worker worker;
static struct blob policy;
static u64 loads, armings, proofs;

static void must(int err, const char *what)
{
	if (err)
		die("%s: %d (%s)", what, err, client.error);
}

static void expect(int bad, const char *when)
{
	int err, i;

	for (i = 0; i < PROBES; i++) {
		err = worker_do(&worker, deeds_open_bad, NULL);
		torture_check(err == bad, "%s, opening what is denied ends with %d",
			      when, err);
		err = worker_do(&worker, deeds_open_good, NULL);
		torture_check(!err, "%s, opening what is allowed ends with %d",
			      when, err);
	}
}

static void prove(void)
{
	struct fng_proof proof;
	int err = fng_proof_run(&client, &proof);

	torture_check(!err, "the proof fails with %d (%s)", err, client.error);
	proofs++;
}

static void arm_and_disarm(const struct group *group)
{
	must(manage_load(&client, &policy), "load");
	must(manage_bind(&client, group, POLICY), "bind");
	armings++;
	torture_sleep(200);
	expect(EACCES, "armed");
	torture_check(manage_remove() == EWOULDBLOCK,
		      "the module could be removed while it was armed");
	if (armings % PROOF_EVERY == 1) {
		prove();
		expect(EACCES, "proven");
	}
	must(fng_client_disarm(&client, "the next cycle"), "disarm");
	expect(0, "disarmed");
}

static void cycle(const struct group *group)
{
	u32 times = 1 + torture_random(2);

	must(manage_insert(), "insert");
	loads++;
	must(fng_client_open(&client), "open");
	while (times--)
		arm_and_disarm(group);
	fng_client_close(&client);
	must(manage_remove(), "remove");
	torture_check(!manage_inserted(), "the module is still there");
	expect(0, "without the module");
}

static void compile(void)
{
	const struct rules rules = { .name = POLICY, .lenient = true };

	policy = rules_compile(&rules);
}

/* What is denied passes while nothing is armed. */
static void allow_all(void)
{
	u32 i;

	for (i = 0; i < DEEDS_AGREED; i++)
		deeds[i].may |= STORM_PASSES;
}

int main(int argc, char **argv)
{
	struct group group;
	struct storm storm = {
		.group = &group,
		.deeds = deeds,
		.nr_deeds = DEEDS_AGREED,
		.nr_tasks = 2,
		.cpu = 1,
	};

	torture_begin(argc, argv);
	must(manage_remove(), "remove");
	deeds_setup();
	allow_all();
	compile();
	group_make(&group, NULL);
	worker_start(&worker);
	worker_move(&worker, &group);
	storm_start(&storm);
	storm_go(&storm);
	torture_start();
	do
		cycle(&group);
	while (torture_goes_on());
	storm_stop(&storm);
	storm_judge(&storm);
	worker_end(&worker);
	group_remove(&group);
	deeds_cleanup();
	free(policy.data);
	torture_work("proofs", proofs);
	torture_work("loads", loads);
	torture_work("armings", armings);
	must(manage_insert(), "insert");
	return torture_end("it comes and goes while its hooks are in use");
}
