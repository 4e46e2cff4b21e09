// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates are asked wherever their policy is, and change nothing before they are
 * promoted.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/un.h>

#include "bound.h"
#include "candidate.h"
#include "errand.h"
#include "events.h"
#include "expect.h"

#define POLICY	"candidate"

/* Of no file. */
#define NO_DIGEST							\
	"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"

EVENTS_OF_SUITE(events);

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

static int connect_stream(const void *arg)
{
	static const struct target to = TO("127.1.0.1");

	(void)arg;
	return net_connect(&to);
}

/* What the socket sends is only seen as it leaves. */
static int send_held(const void *arg)
{
	(void)arg;
	return errno_of(send(net_held, "x", 1, 0));
}

static int hold_datagram(const void *arg)
{
	static const struct target to = UDP("127.1.0.1");

	(void)arg;
	net_hold_connected(&to);
	return 0;
}

static void __attribute__((constructor)) be_connected_to(void)
{
	net_listen(ERRAND_PORT);
}

static int make_socket(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
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
ROW(open, candidate_open, FNG_CLASS_FILES, "files: { default: allow }",
    "files: { default: allow, rules: [{ path: " WORK "/a, deny: [read] }] }", EACCES)
ROW(exec, candidate_execute, FNG_CLASS_EXEC, "exec: { default: allow }",
    "exec: { default: allow, deny: [" CANDIDATE_PROGRAM "] }", EACCES)
ROW(memory, write_code, FNG_CLASS_MEMORY, "files: { default: allow }",
    "memory: { write-exec: deny }", EPERM)
ROW(connect, connect_datagram, FNG_CLASS_EGRESS, "egress: { default: allow }",
    "egress: { default: deny }", ECONNREFUSED)
ROW(connect_stream, connect_stream, FNG_CLASS_EGRESS, "egress: { default: allow }",
    "egress: { default: deny }", ECONNREFUSED)
ROW(packet, send_held, FNG_CLASS_EGRESS, "egress: { default: allow }",
    "egress: { default: deny }", EPERM)
ROW(socket, make_socket, FNG_CLASS_SOCKETS, "sockets: { families: [unix, inet] }",
    "sockets: { families: [unix] }", EPERM)
ROW(digest, candidate_execute, FNG_CLASS_EXEC, "exec: { default: allow }",
    "exec: { default: allow, sha256: { " CANDIDATE_PROGRAM ": " NO_DIGEST " } }", EACCES)
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
	candidate_setup(&self->group, &self->worker);
	worker_do(&self->worker, hold_datagram, NULL);
}

FIXTURE_TEARDOWN(asked)
{
	candidate_teardown(&self->group, &self->worker);
	candidate_forget(POLICY);
}

static int act(const FIXTURE_DATA(asked) *self,
	       const FIXTURE_VARIANT(asked) *variant)
{
	return worker_do(&self->worker, variant->act, NULL);
}

static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(asked) *self,
		  const char *active, const char *candidate)
{
	ASSERT_EQ(0, candidate_load(POLICY, 1, active, false));
	group_bind(&self->group, POLICY);
	ASSERT_EQ(0, candidate_load(POLICY, 2, candidate, true));
	EXPECT_EQ(1, candidate_see(POLICY).version);
	EXPECT_EQ(2, candidate_see(POLICY).candidate);
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
	counts = candidate_counts(&self->group);
	EXPECT_LE(1, counts.would_deny);
	EXPECT_EQ(0, counts.would_allow);
	EXPECT_EQ(0, counts.denied);
	EXPECT_EQ(0, counts.other);
	EXPECT_EQ(variant->class, counts.class);
	EXPECT_EQ(2, counts.version);
	EXPECT_EQ(counts.would_deny, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_allow);
	expect_told(_metadata, "candidate-would-deny", self->group.path);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
	EXPECT_EQ(variant->err, act(self, variant));
	EXPECT_EQ(2, candidate_see(POLICY).version);
	EXPECT_EQ(0, candidate_see(POLICY).candidate);
	EXPECT_EQ(counts.would_deny, candidate_counts(&self->group).would_deny);
	EXPECT_LE(1, candidate_counts(&self->group).denied);
}

TEST_F(asked, looser)
{
	struct counts counts;

	begin(_metadata, self, variant->denies, variant->allows);
	EXPECT_EQ(variant->err, act(self, variant));
	counts = candidate_counts(&self->group);
	EXPECT_LE(1, counts.would_allow);
	EXPECT_EQ(0, counts.would_deny);
	EXPECT_EQ(counts.would_allow, counts.denied);
	EXPECT_EQ(0, counts.other);
	EXPECT_EQ(variant->class, counts.class);
	EXPECT_EQ(1, counts.version);
	EXPECT_EQ(counts.would_allow, candidate_see(POLICY).would.would_allow);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	expect_told(_metadata, "candidate-would-allow", self->group.path);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
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
	counts = candidate_counts(&self->group);
	EXPECT_EQ(0, counts.would_deny + counts.would_allow + counts.other);
	EXPECT_EQ(!!err, !!counts.denied);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_deny);
	EXPECT_EQ(0, candidate_see(POLICY).would.would_allow);
	EXPECT_EQ(0, candidate_promote(POLICY, 0));
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

TEST_HARNESS_MAIN
