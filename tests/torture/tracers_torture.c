// SPDX-License-Identifier: GPL-2.0-only
/*
 * Others trace the hooked functions, or try to switch all tracing off, while
 * guarded tasks call them: every refusal stays one, and is counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <guest/setting.h>
#include <guest/worker.h>

#include "books.h"
#include "deeds.h"
#include "manage.h"
#include "torture.h"

#define POLICY		"torture-tracers"
#define TRACING		"/sys/kernel/tracing/"
#define ENABLED		"/proc/sys/kernel/ftrace_enabled"
#define PARAMETERS	"/sys/module/probe/parameters/"

/* Both kinds of registration, and what only some of the deeds call. */
static const char *const functions[] = {
	"security_file_open", "security_bprm_check", "security_mmap_file",
	"security_path_unlink", "security_path_mknod", "security_socket_create",
	"security_socket_connect", "security_socket_sendmsg",
	"security_capable", "cgroup_can_fork", "cgroup_attach_task",
};

#define NR_FUNCTIONS	(sizeof(functions) / sizeof(functions[0]))

static bool tracing, probing;
static u64 traced, probed, switches, armings, refused_armings;

/* Some of them, and one that is always called. */
static const char *choose(char between)
{
	static char names[256];
	u32 first = 1 + torture_random(NR_FUNCTIONS - 2);

	snprintf(names, sizeof(names), "%s%c%s%c%s", functions[0], between,
		 functions[first], between, functions[first + 1]);
	return names;
}

static void start_tracer(void)
{
	setting_must_write(TRACING "set_ftrace_filter", choose(' '));
	setting_must_write(TRACING "current_tracer", "function");
	setting_must_write(TRACING "tracing_on", "1");
}

/* To change the tracer empties the buffer. */
static void stop_tracer(void)
{
	setting_must_write(TRACING "tracing_on", "0");
	traced += setting_number(TRACING "per_cpu/cpu0/stats", "entries: ") +
		  setting_number(TRACING "per_cpu/cpu1/stats", "entries: ");
	setting_must_write(TRACING "current_tracer", "nop");
}

static void start_probes(void)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "insmod /share/guest-modules-*/probe.ko functions=%s", choose(','));
	if (system(command))
		die("no probes: %s", command);
}

static void stop_probes(void)
{
	probed += setting_number(PARAMETERS "hits", "");
	if (system("rmmod probe"))
		die("the probes stay");
}

/* Linux 7 has left the switch there without its function. */
static void switch_off(void)
{
	int err = setting_write(ENABLED, "0");

	switches++;
	torture_check(err == EBUSY || err == EOPNOTSUPP,
		      "tracing is switched off under the hooks: %d", err);
}

static void toggle(void)
{
	if (torture_random(2)) {
		(tracing ? stop_tracer : start_tracer)();
		tracing = !tracing;
	} else {
		(probing ? stop_probes : start_probes)();
		probing = !probing;
	}
	switch_off();
}

static void all_off(void)
{
	if (tracing)
		stop_tracer();
	if (probing)
		stop_probes();
	tracing = false;
	probing = false;
}

/* However little time there is, all deeds are done once among all tracers. */
static void trace_once(struct storm *storm)
{
	start_tracer();
	start_probes();
	tracing = true;
	probing = true;
	storm_go(storm);
	storm_rest(storm);
	switch_off();
}

static void trace_under(struct storm *storm)
{
	struct books books;

	storm_start(storm);
	group_bind(storm->group, POLICY);
	books_open(&books);
	trace_once(storm);
	storm_go(storm);
	while (torture_goes_on()) {
		toggle();
		torture_sleep(torture_random(100));
	}
	storm_stop(storm);
	all_off();
	storm_judge(storm);
	books_close(&books, storm_total(storm).refused, 0);
}

/* A module that nothing can be hooked by must say so, and be as it was. */
static void refuse_to_arm(const struct blob *policy)
{
	int err = setting_write(ENABLED, "0");

	if (err == EOPNOTSUPP)
		return;
	if (err)
		die("tracing cannot be switched off: %d", err);
	err = manage_load(guard_client(), policy);
	torture_check(err == -EBUSY &&
		      strstr(guard_client()->error, "ftrace_enabled is 0"),
		      "armed where nothing can be traced: %d (%s)", err,
		      guard_client()->error);
	torture_check(control_status().state == FNG_STATE_IDLE,
		      "it is not idle");
	setting_must_write(ENABLED, "1");
	refused_armings++;
}

static void arm_under(const struct worker *worker, const struct group *group,
		      const struct blob *policy)
{
	int err = manage_load(guard_client(), policy) ?:
		  manage_bind(guard_client(), group, POLICY);

	if (err)
		die("not armed: %s", guard_client()->error);
	torture_check(worker_do(worker, deeds_open_bad, NULL) == EACCES,
		      "armed among tracers, what is denied passes");
	torture_check(!worker_do(worker, deeds_open_good, NULL),
		      "armed among tracers, what is allowed does not pass");
	armings++;
}

static void arm_among_tracers(const struct group *group,
			      const struct blob *policy)
{
	struct worker worker;

	worker_start(&worker);
	worker_move(&worker, group);
	do {
		if (fng_client_disarm(guard_client(), "to be armed again"))
			die("not disarmed: %s", guard_client()->error);
		refuse_to_arm(policy);
		start_tracer();
		start_probes();
		arm_under(&worker, group, policy);
		stop_probes();
		stop_tracer();
	} while (torture_goes_on());
	worker_end(&worker);
}

static struct blob setup(void)
{
	const struct rules rules = { .name = POLICY, .lenient = true };
	struct blob policy;

	deeds_setup();
	policy = rules_compile(&rules);
	if (control_load(&policy))
		die("not loaded: %s", guard_client()->error);
	return policy;
}

int main(int argc, char **argv)
{
	struct group group, other;
	struct storm storm = {
		.group = &group,
		.deeds = deeds,
		.nr_deeds = DEEDS_AGREED,
		.nr_tasks = 2,
		.cpu = -1,
	};
	struct blob policy;

	torture_begin(argc, argv);
	policy = setup();
	group_make(&group, NULL);
	group_make(&other, NULL);
	torture_start();
	torture_share(2);
	trace_under(&storm);
	torture_share_end();
	arm_among_tracers(&other, &policy);
	group_remove(&group);
	group_remove(&other);
	deeds_cleanup();
	free(policy.data);
	torture_work("calls seen by the function tracer", traced);
	torture_work("calls seen by probes", probed);
	torture_work("times somebody tried to switch tracing off", switches);
	torture_work("armings among tracers", armings);
	return torture_end("tracers change no refusal");
}
