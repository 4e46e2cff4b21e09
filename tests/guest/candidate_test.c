// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates: what is asked beside a policy, told where it says otherwise, and takes
 * its place in one step.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/un.h>

#include <client/phase.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "events.h"
#include "expect.h"

#define POLICY	"candidate"
#define SLICE	"candidate-slice"
#define TRUE	WORK "/true"

EVENTS_OF_SUITE(events);

static int open_a(const void *arg)
{
	(void)arg;
	return errno_of_fd(open(WORK "/a", O_RDONLY | O_CLOEXEC));
}

static int execute(const void *arg)
{
	(void)arg;
	return errand_execute(TRUE);
}

static int write_code(const void *arg)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	if (page == MAP_FAILED)
		return errno;
	munmap(page, 4096);
	return 0;
}

static int connect_datagram(const void *arg)
{
	static const struct target to = UDP("127.1.0.1");

	(void)arg;
	return net_connect(&to);
}

static int serve(const void *arg)
{
	const struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_port = htons(8099),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	(void)arg;
	err = errno_of(bind(fd, (const void *)&any, sizeof(any))) ?:
	      errno_of(listen(fd, 1));
	close(fd);
	return err;
}

static const struct sockaddr_un peer = {
	.sun_family = AF_UNIX, .sun_path = "\0fn-candidate",
};

static void __attribute__((constructor)) be_talked_to(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (const void *)&peer, sizeof(peer)))
		die("cannot be talked to");
}

static int talk(const void *arg)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	(void)arg;
	err = errno_of(connect(fd, (const void *)&peer, sizeof(peer)));
	close(fd);
	return err;
}

static int hurry(const void *arg)
{
	int err = errno_of(setpriority(PRIO_PROCESS, 0, -1));

	(void)arg;
	setpriority(PRIO_PROCESS, 0, 0);
	return err;
}

/**
 * struct counts - what was counted for a cgroup
 * @denied: what was refused
 * @would_deny: what a candidate would have refused
 * @would_allow: what a candidate would have allowed
 * @other: anything else
 * @class: of the last of the candidates' rows
 * @version: of the policy of that
 */
struct counts {
	u64 denied;
	u64 would_deny;
	u64 would_allow;
	u64 other;
	u32 class;
	u32 version;
};

static int add_counter(const struct fng_client_counter *counter, void *data)
{
	struct counts *counts = data;

	if (fng_client_counter_refuses(counter)) {
		*(counter->audit ? &counts->other : &counts->denied) +=
			counter->count;
		return 0;
	}
	if (counter->would_deny)
		counts->would_deny += counter->count;
	else if (counter->would_allow)
		counts->would_allow += counter->count;
	else
		counts->other += counter->count;
	counts->class = counter->class;
	counts->version = counter->version;
	return 0;
}

static struct counts counts_of(const struct group *group)
{
	struct counts counts = { 0 };

	if (fng_client_counters(guard_client(), NULL, &group->id, add_counter,
				&counts))
		die("no counters: %s", guard_client()->error);
	return counts;
}

/**
 * struct seen - a policy, as it is told
 * @version: its version, 0 if it is not loaded
 * @candidate: that of its candidate, 0 if there is none
 * @would: what it would do
 */
struct seen {
	u32 version;
	u32 candidate;
	struct fng_client_candidate would;
};

static int note(const struct fng_client_policy *policy, void *data)
{
	struct seen *seen = data;

	seen->version = policy->version;
	if (!policy->candidate)
		return 0;
	seen->candidate = policy->candidate->version;
	seen->would = *policy->candidate;
	return 0;
}

static struct seen see(const char *policy)
{
	struct seen seen = { 0 };

	fng_client_policy_get(guard_client(), policy, note, &seen);
	return seen;
}

static int load(const char *policy, u32 version, const char *rest,
		bool candidate)
{
	struct fng_client_load how = { .candidate = candidate };
	char text[1024];

	snprintf(text, sizeof(text), "policy: %s\nversion: %u\n%s", policy,
		 version, rest);
	return control_load_as(text, &how);
}

static int promote(const char *policy, u32 within)
{
	struct fng_client_load how = {
		.generation = control_status().policy_gen,
		.within = within,
	};

	return fng_client_policy_promote(guard_client(), &how, policy);
}

static int drop(const char *policy)
{
	u64 generation = control_status().policy_gen;

	return fng_client_candidate_unload(guard_client(), &generation, policy);
}

static void expect_no(struct __test_metadata *_metadata, int wanted, int err,
		      const char *why)
{
	EXPECT_EQ(wanted, err);
	expect_text(_metadata, guard_client()->error, why);
}

static void forget(const char *policy)
{
	u64 generation = control_status().policy_gen;

	fng_client_policy_unload(guard_client(), &generation, policy, NULL);
}

static void setup(struct group *group, struct worker *worker)
{
	bound_setup();
	copy_helper("helper_true", TRUE);
	group_make(group, NULL);
	worker_start(worker);
	worker_move(worker, group);
}

/* Bindings of removed cgroups are counted for a while. */
static void teardown(struct group *group, struct worker *worker)
{
	const struct fng_client_binding all = { .cgroup_fd = group->fd };

	fng_client_unbind(guard_client(), &all);
	worker_end(worker);
	group_remove(group);
	work_remove();
}

FIXTURE(asked) {
	struct group group;
	struct worker worker;
};

FIXTURE_VARIANT(asked) {
	int (*act)(const void *arg);
	u32 class;
	const char *allows;
	const char *denies;
	int err;
};

/* clang-format off */
#define ROW(name, act, class, allows, denies, err)			\
	FIXTURE_VARIANT_ADD(asked, name) { act, class, allows, denies, err };
ROW(open, open_a, FNG_CLASS_FILES, "files: { default: allow }",
    "files: { default: allow, rules: [{ path: " WORK "/a, deny: [read] }] }", EACCES)
ROW(exec, execute, FNG_CLASS_EXEC, "exec: { default: allow }",
    "exec: { default: allow, deny: [" TRUE "] }", EACCES)
ROW(memory, write_code, FNG_CLASS_MEMORY, "files: { default: allow }",
    "memory: { write-exec: deny }", EPERM)
ROW(connect, connect_datagram, FNG_CLASS_EGRESS, "egress: { default: allow }",
    "egress: { default: deny }", ECONNREFUSED)
ROW(listen, serve, FNG_CLASS_LISTEN, "listen: { default: allow }",
    "listen: { default: deny }", EPERM)
ROW(peer, talk, FNG_CLASS_UNIX, "unix: { default: allow }",
    "unix: { default: deny }", EPERM)
ROW(capability, hurry, FNG_CLASS_PRIVILEGES,
    "privileges: { capabilities: [sys_nice] }",
    "privileges: { capabilities: [] }", EACCES)
/* clang-format on */

FIXTURE_SETUP(asked)
{
	setup(&self->group, &self->worker);
}

FIXTURE_TEARDOWN(asked)
{
	teardown(&self->group, &self->worker);
	forget(POLICY);
}

static int act(const FIXTURE_DATA(asked) *self,
	       const FIXTURE_VARIANT(asked) *variant)
{
	return worker_do(&self->worker, variant->act, NULL);
}

static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(asked) *self,
		  const char *active, const char *candidate)
{
	ASSERT_EQ(0, load(POLICY, 1, active, false));
	group_bind(&self->group, POLICY);
	ASSERT_EQ(0, load(POLICY, 2, candidate, true));
	EXPECT_EQ(1, see(POLICY).version);
	EXPECT_EQ(2, see(POLICY).candidate);
}

static void expect_told(struct __test_metadata *_metadata, const char *kind,
			const char *about)
{
	char line[EVENT_LINE_SIZE];

	EXPECT_TRUE(events_find(&events, kind, about, line));
	expect_text(_metadata, line, " by " POLICY " ");
}

TEST_F(asked, unguarded_it_works)
{
	EXPECT_EQ(0, act(self, variant));
}

TEST_F(asked, stricter)
{
	struct counts counts;

	begin(_metadata, self, variant->allows, variant->denies);
	EXPECT_EQ(0, act(self, variant));
	counts = counts_of(&self->group);
	EXPECT_LE(1, counts.would_deny);
	EXPECT_EQ(0, counts.would_allow);
	EXPECT_EQ(0, counts.denied);
	EXPECT_EQ(0, counts.other);
	EXPECT_EQ(variant->class, counts.class);
	EXPECT_EQ(2, counts.version);
	EXPECT_EQ(counts.would_deny, see(POLICY).would.would_deny);
	EXPECT_EQ(0, see(POLICY).would.would_allow);
	expect_told(_metadata, "candidate-would-deny", self->group.path);
	EXPECT_EQ(0, promote(POLICY, 0));
	EXPECT_EQ(variant->err, act(self, variant));
	EXPECT_EQ(2, see(POLICY).version);
	EXPECT_EQ(0, see(POLICY).candidate);
	EXPECT_EQ(counts.would_deny, counts_of(&self->group).would_deny);
	EXPECT_LE(1, counts_of(&self->group).denied);
}

TEST_F(asked, looser)
{
	struct counts counts;

	begin(_metadata, self, variant->denies, variant->allows);
	EXPECT_EQ(variant->err, act(self, variant));
	counts = counts_of(&self->group);
	EXPECT_LE(1, counts.would_allow);
	EXPECT_EQ(0, counts.would_deny);
	EXPECT_EQ(counts.would_allow, counts.denied);
	EXPECT_EQ(0, counts.other);
	EXPECT_EQ(variant->class, counts.class);
	EXPECT_EQ(1, counts.version);
	EXPECT_EQ(counts.would_allow, see(POLICY).would.would_allow);
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	expect_told(_metadata, "candidate-would-allow", self->group.path);
	EXPECT_EQ(0, promote(POLICY, 0));
	EXPECT_EQ(0, act(self, variant));
}

static void expect_same(struct __test_metadata *_metadata,
			FIXTURE_DATA(asked) *self,
			const FIXTURE_VARIANT(asked) *variant, const char *rest,
			int err)
{
	struct counts counts;

	begin(_metadata, self, rest, rest);
	EXPECT_EQ(err, act(self, variant));
	counts = counts_of(&self->group);
	EXPECT_EQ(0, counts.would_deny + counts.would_allow + counts.other);
	EXPECT_EQ(!!err, !!counts.denied);
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	EXPECT_EQ(0, see(POLICY).would.would_allow);
	EXPECT_EQ(0, promote(POLICY, 0));
	EXPECT_EQ(err, act(self, variant));
}

TEST_F(asked, the_same_that_denies)
{
	expect_same(_metadata, self, variant, variant->denies, variant->err);
}

TEST_F(asked, the_same_that_allows)
{
	expect_same(_metadata, self, variant, variant->allows, 0);
}

#define ALLOWS	"files: { default: allow }\n"
#define DENIES	"files: { default: deny }\n"

FIXTURE(candidate) {
	struct group group;
	struct worker worker;
};

FIXTURE_SETUP(candidate)
{
	setup(&self->group, &self->worker);
	if (load(POLICY, 1, ALLOWS, false))
		die("%s", guard_client()->error);
	group_bind(&self->group, POLICY);
}

FIXTURE_TEARDOWN(candidate)
{
	teardown(&self->group, &self->worker);
	forget(POLICY);
	forget(SLICE);
}

static int open_it(const FIXTURE_DATA(candidate) *self)
{
	return worker_do(&self->worker, open_a, NULL);
}

/* Each policy of the chain is compared with its own candidate. */
TEST_F(candidate, of_a_policy_above_as_of_one_below)
{
	struct group child;
	struct worker worker;
	struct counts counts;

	ASSERT_EQ(0, load(SLICE, 7, DENIES, false));
	bound_unbind(&self->group, POLICY);
	group_make(&child, &self->group);
	worker_start(&worker);
	worker_move(&worker, &child);
	group_bind(&self->group, POLICY);
	group_bind(&child, SLICE);
	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, load(SLICE, 8, ALLOWS, true));
	EXPECT_EQ(EACCES, worker_do(&worker, open_a, NULL));
	counts = counts_of(&child);
	EXPECT_EQ(1, counts.denied);
	EXPECT_EQ(1, counts.would_deny);
	EXPECT_EQ(1, counts.would_allow);
	EXPECT_EQ(1, see(POLICY).would.would_deny);
	EXPECT_EQ(1, see(SLICE).would.would_allow);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(2, see(POLICY).would.would_deny);
	bound_unbind(&child, SLICE);
	worker_end(&worker);
	group_remove(&child);
}

TEST_F(candidate, is_dropped_and_nothing_else)
{
	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	EXPECT_EQ(0, drop(POLICY));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).version);
	EXPECT_EQ(0, see(POLICY).candidate);
	EXPECT_EQ(0, counts_of(&self->group).would_deny);
	expect_no(_metadata, -ENOENT, drop(POLICY), "has a candidate");
	expect_no(_metadata, -ENOENT, promote(POLICY, 0), "has a candidate");
	EXPECT_EQ(0, open_it(self));
}

TEST_F(candidate, stays_while_its_policy_is_replaced)
{
	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, load(POLICY, 3, ALLOWS, false));
	EXPECT_EQ(3, see(POLICY).version);
	EXPECT_EQ(2, see(POLICY).candidate);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).would.would_deny);
	ASSERT_EQ(0, load(POLICY, 4, ALLOWS, true));
	EXPECT_EQ(4, see(POLICY).candidate);
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, counts_of(&self->group).would_deny);
}

TEST_F(candidate, goes_with_its_policy)
{
	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	bound_unbind(&self->group, POLICY);
	bound_unload(POLICY);
	EXPECT_EQ(0, see(POLICY).version);
	ASSERT_EQ(0, load(POLICY, 1, ALLOWS, false));
	EXPECT_EQ(0, see(POLICY).candidate);
}

TEST_F(candidate, is_one_of_a_policy_and_refuses_something)
{
	struct fng_client_load how = { .candidate = true, .within = 60 };

	expect_no(_metadata, -ENOENT, load(SLICE, 1, DENIES, true),
		  "load that first");
	expect_no(_metadata, -EINVAL,
		  load(POLICY, 2, "mode: learn\n" DENIES, true),
		  "it is no candidate");
	expect_no(_metadata, -EINVAL,
		  control_load_as("policy: " POLICY "\n" DENIES, &how),
		  "confirm when it is promoted");
	EXPECT_EQ(0, see(POLICY).candidate);
}

/* What only audits refuses nothing, on either side. */
TEST_F(candidate, modes_count)
{
	ASSERT_EQ(0, load(POLICY, 2, "mode: audit\n" DENIES, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	ASSERT_EQ(0, load(POLICY, 3, "mode: audit\n" DENIES, false));
	ASSERT_EQ(0, load(POLICY, 4, DENIES, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).would.would_deny);
	EXPECT_EQ(1, counts_of(&self->group).would_deny);
	EXPECT_EQ(1, counts_of(&self->group).other);
	ASSERT_EQ(0, load(POLICY, 5, ALLOWS, true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, see(POLICY).would.would_allow);
}

/* It uses nothing of limits, kills nobody, and puts nobody into quarantine. */
TEST_F(candidate, has_no_limits_and_no_response)
{
	int i;

	ASSERT_EQ(0, load(POLICY, 2, DENIES "limits: { open: 1/h burst 1 }\n"
			  "response: { kill: [files], quarantine: 1 denials / 1h }\n",
			  true));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(5, see(POLICY).would.would_deny);
	EXPECT_EQ(0, control_status().kills);
	EXPECT_EQ(0, control_status().nr_quarantined);
	EXPECT_EQ(0, worker_do(&self->worker, execute, NULL));
}

/* It is asked as for the phase that the cgroup is in. */
TEST_F(candidate, has_phases_of_the_same_names)
{
	ASSERT_EQ(0, load(POLICY, 2, ALLOWS "phases: { serve: { exec: { allow: [] } } }\n",
			  false));
	ASSERT_EQ(0, load(POLICY, 3, ALLOWS "phases: { serve: { files: { default: deny } } }\n",
			  true));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	ASSERT_EQ(0, fng_client_phase_enter(guard_client(), self->group.fd,
					    POLICY, "serve"));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).would.would_deny);
}

/* Where eight apply there is no room to ask another. */
TEST_F(candidate, gives_way_to_policies)
{
	char name[32], line[EVENT_LINE_SIZE];
	int i;

	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "candidate-%d", i);
		ASSERT_EQ(0, load(name, 1, ALLOWS, false));
		group_bind(&self->group, name);
	}
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, see(POLICY).would.would_deny);
	EXPECT_TRUE(events_find(&events, "skipped", self->group.path, line));
	expect_text(_metadata, line, "the candidate is not asked");
	for (i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "candidate-%d", i);
		bound_unbind(&self->group, name);
		bound_unload(name);
	}
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).would.would_deny);
}

TEST_F(candidate, is_promoted_for_a_while)
{
	u64 generation;

	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	ASSERT_EQ(0, promote(POLICY, 3600));
	EXPECT_EQ(EACCES, open_it(self));
	expect_no(_metadata, -EBUSY, load(POLICY, 3, ALLOWS, true),
		  "s to be confirmed");
	expect_no(_metadata, -EBUSY, promote(POLICY, 0), "s to be confirmed");
	expect_no(_metadata, -EBUSY, drop(POLICY), "s to be confirmed");
	EXPECT_EQ(0, fng_client_policy_rollback(guard_client(), &generation));
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(1, see(POLICY).version);
	EXPECT_EQ(2, see(POLICY).candidate);
	EXPECT_EQ(1, see(POLICY).would.would_deny);
	EXPECT_EQ(0, promote(POLICY, 3600));
	EXPECT_EQ(0, fng_client_policy_confirm(guard_client(), &generation));
	EXPECT_EQ(EACCES, open_it(self));
	EXPECT_EQ(0, see(POLICY).candidate);
}

TEST_F(candidate, who_promotes_has_looked)
{
	struct fng_client_load how = {
		.generation = control_status().policy_gen,
	};

	ASSERT_EQ(0, load(POLICY, 2, DENIES, true));
	expect_no(_metadata, -ESTALE,
		  fng_client_policy_promote(guard_client(), &how, POLICY),
		  "look again and retry");
	EXPECT_EQ(0, open_it(self));
}

static int run(const char *command, char *said, size_t size)
{
	FILE *out = popen(command, "r");
	size_t n;

	if (!out)
		die("cannot run %s", command);
	n = fread(said, 1, size - 1, out);
	said[n] = '\0';
	return pclose(out) >> 8;
}

TEST_F(candidate, the_command_says_it)
{
	char said[8192];

	make_file("denies.yaml", "policy: " POLICY "\nversion: 2\n" DENIES);
	EXPECT_EQ(0, run("fnguard policy load --candidate " WORK "/denies.yaml 2>&1",
			 said, sizeof(said)));
	expect_text(_metadata, said, "Loaded 1 candidate; generation ");
	EXPECT_EQ(0, open_it(self));
	EXPECT_EQ(0, run("fnguard policy list", said, sizeof(said)));
	expect_text(_metadata, said, "version 2 (");
	expect_text(_metadata, said, "would deny 1, allow 0");
	EXPECT_EQ(0, run("fnguard counters", said, sizeof(said)));
	expect_text(_metadata, said, "candidate-would-deny");
	EXPECT_EQ(0, run("fnguard policy promote " POLICY, said, sizeof(said)));
	expect_text(_metadata, said, "The candidate of " POLICY " is in force");
	EXPECT_EQ(EACCES, open_it(self));
	EXPECT_EQ(1, run("fnguard policy unload --candidate " POLICY " 2>&1",
			 said, sizeof(said)));
	expect_text(_metadata, said, "No policy of that name has a candidate");
}

TEST_HARNESS_MAIN
