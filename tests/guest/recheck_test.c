// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that are under way when policies change end if they may not be made
 * any more, and go on if they may.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include "control.h"
#include "expect.h"
#include "net.h"
#include "worker.h"

#define PORT	8011

#define POLICY(rules, ports)						\
	"policy: recheck\n"						\
	"egress: { default: deny, rules: [ " rules " ] }\n"		\
	"listen: { default: deny, allow: [ " ports " ] }\n"

#define BOTH	"{ allow: { to: [127.1.0.1, 127.1.0.2, \"fd00:1::1\"] } }"
#define ONE	"{ allow: { to: [127.1.0.2] } }"

/**
 * struct line - a connection between the test and a task
 * @group: the task's cgroup
 * @worker: the task, which has its end in net_held
 * @fd: the test's end
 */
struct line {
	struct group group;
	struct worker worker;
	int fd;
};

static int listener_at(const char *address)
{
	const struct target target = { .address = address, .port = PORT,
				       .type = SOCK_STREAM };
	struct sockaddr_storage to;
	socklen_t size = target_address(&target, &to);
	int fd = socket(target_family(&target), SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&to, size) || listen(fd, 4))
		die("cannot listen at %s", address);
	return fd;
}

static int hold(const void *arg)
{
	net_hold_connected(arg);
	return 0;
}

static void line_worker(struct line *line, const char *policy)
{
	group_make(&line->group, NULL);
	worker_start(&line->worker);
	worker_move(&line->worker, &line->group);
	if (policy)
		group_bind(&line->group, policy);
}

/* The task connects. */
static void line_out(struct line *line, const char *policy,
		     const struct target *to)
{
	int listener;

	/* Before there is a socket that it would have as well. */
	line_worker(line, policy);
	listener = listener_at(to->address);
	if (worker_do(&line->worker, hold, to))
		die("no connection");
	line->fd = accept(listener, NULL, NULL);
	close(listener);
}

static int listen_held(const void *arg)
{
	net_held = listener_at(arg);
	return 0;
}

static int accept_and_leave(const void *arg)
{
	int fd = accept(net_held, NULL, NULL);

	(void)arg;
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int accept_held(const void *arg)
{
	int fd = accept(net_held, NULL, NULL);

	(void)arg;
	close(net_held);
	net_held = fd;
	return fd < 0 ? errno : 0;
}

/* The task is connected to. */
static void line_in(struct line *line, const char *policy,
		    const struct target *to)
{
	line_worker(line, policy);
	if (worker_do(&line->worker, listen_held, to->address))
		die("nobody listens");
	net_hold_connected(to);
	line->fd = net_held;
	if (worker_do(&line->worker, accept_held, NULL))
		die("no connection");
}

static void line_end(struct line *line)
{
	close(line->fd);
	worker_end(&line->worker);
	group_remove(&line->group);
}

static int say(const void *arg)
{
	return errno_of(send(net_held, arg, 1, MSG_NOSIGNAL));
}

/* What the task says arrives. */
static bool is_open(const struct line *line)
{
	struct pollfd fd = { .fd = line->fd, .events = POLLIN };
	char byte;

	return !worker_do(&line->worker, say, "x") &&
	       poll(&fd, 1, 5000 * patience()) == 1 &&
	       read(line->fd, &byte, 1) == 1;
}

/* The other end is told, and so is the task. */
static bool was_ended(const struct line *line)
{
	struct pollfd fd = { .fd = line->fd, .events = POLLIN };
	char byte;

	return poll(&fd, 1, 5000 * patience()) == 1 &&
	       read(line->fd, &byte, 1) == -1 && errno == ECONNRESET &&
	       worker_do(&line->worker, say, "x");
}

static void expect_counted(struct __test_metadata *_metadata,
			   const struct line *line, u32 class)
{
	struct outcome outcome = {};

	refusals_read(line->group.id, &outcome);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_EQ(FNG_HOOK_LOCAL_OUT, outcome.refusals[0].hook);
	EXPECT_EQ(class, outcome.refusals[0].class);
	EXPECT_LE(1, outcome.refusals[0].count);
}

static void expect_untouched(struct __test_metadata *_metadata,
			     const struct line *line)
{
	struct outcome outcome = {};

	EXPECT_TRUE(is_open(line));
	refusals_read(line->group.id, &outcome);
	EXPECT_EQ(0, outcome.nr);
}

static const struct target first = { .address = "127.1.0.1", .port = PORT,
				     .type = SOCK_STREAM };
static const struct target second = { .address = "127.1.0.2", .port = PORT,
				      .type = SOCK_STREAM };
static const struct target six = { .address = "fd00:1::1", .port = PORT,
				   .type = SOCK_STREAM };
static const struct target mapped = { .address = "::ffff:127.1.0.1",
				      .port = PORT, .type = SOCK_STREAM };

TEST(what_may_not_be_made_ends)
{
	const struct target *targets[] = { &first, &six, &mapped };
	struct line line, other, unguarded;
	struct events events;
	char text[EVENT_LINE_SIZE];
	size_t i;

	net_add_address("fd00:1::1");
	guard_load(POLICY(BOTH, ""));
	events_start(&events);
	line_out(&other, "recheck", &second);
	for (i = 0; i < 3; i++) {
		line_out(&unguarded, NULL, targets[i]);
		line_out(&line, "recheck", targets[i]);
		EXPECT_TRUE(is_open(&line));
		guard_load(POLICY(ONE, ""));
		EXPECT_TRUE(was_ended(&line));
		expect_counted(_metadata, &line, FNG_CLASS_EGRESS);
		EXPECT_TRUE(events_find(&events, "denied", line.group.path,
					text));
		expect_text(_metadata, text, " local_out ");
		expect_untouched(_metadata, &other);
		EXPECT_TRUE(is_open(&unguarded));
		guard_load(POLICY(BOTH, ""));
		line_end(&line);
		line_end(&unguarded);
	}
	line_end(&other);
	events_stop(&events);
}

/* Whoever was let in is a matter of listen, wherever he is from. */
TEST(what_was_accepted_is_a_matter_of_listen)
{
	const struct target *targets[] = { &first, &six };
	struct line line;
	size_t i;

	net_add_address("fd00:1::1");
	for (i = 0; i < 2; i++) {
		guard_load(POLICY(BOTH, "8011/tcp"));
		line_in(&line, "recheck", targets[i]);
		EXPECT_TRUE(is_open(&line));
		guard_load(POLICY(ONE, "8011/tcp"));
		expect_untouched(_metadata, &line);
		guard_load(POLICY(ONE, "8012/tcp"));
		EXPECT_TRUE(was_ended(&line));
		expect_counted(_metadata, &line, FNG_CLASS_LISTEN);
		line_end(&line);
	}
}

/* Connects the socket that was accepted to somebody else. */
static int take_apart_and_connect(const void *arg)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	return errno_of(connect(net_held, &none, sizeof(none))) ?:
	       errno_of(connect(net_held, (struct sockaddr *)&address, size));
}

/* Whoever was accepted and connects then is a matter of egress. */
TEST(what_was_accepted_may_connect_later)
{
	const struct target *targets[] = { &first, &six };
	struct line line;
	int listener;
	size_t i;

	net_add_address("fd00:1::1");
	for (i = 0; i < 2; i++) {
		guard_load(POLICY(BOTH, "8011/tcp"));
		line_in(&line, "recheck", targets[i]);
		EXPECT_TRUE(is_open(&line));
		close(line.fd);
		listener = listener_at(targets[i]->address);
		ASSERT_EQ(0, worker_do(&line.worker, take_apart_and_connect,
				       targets[i]));
		line.fd = accept(listener, NULL, NULL);
		close(listener);
		EXPECT_TRUE(is_open(&line));
		guard_load(POLICY(ONE, "8011/tcp"));
		EXPECT_TRUE(was_ended(&line));
		expect_counted(_metadata, &line, FNG_CLASS_EGRESS);
		line_end(&line);
	}
}

static void line_listen(struct line *line, const char *policy,
			const struct target *at)
{
	line_worker(line, policy);
	if (worker_do(&line->worker, listen_held, at->address))
		die("nobody listens");
	line->fd = -1;
}

TEST(who_may_not_be_reached_listens_no_more)
{
	const struct target *targets[] = { &first, &six };
	struct line line, unguarded;
	size_t i;

	net_add_address("fd00:1::1");
	for (i = 0; i < 2; i++) {
		guard_load(POLICY(BOTH, "8011/tcp"));
		line_listen(&line, "recheck", targets[i]);
		line_listen(&unguarded, NULL, &second);
		guard_load(POLICY(ONE, "8011/tcp"));
		EXPECT_EQ(0, net_connect(targets[i]));
		EXPECT_EQ(0, worker_do(&line.worker, accept_and_leave, NULL));
		guard_load(POLICY(ONE, "8012/tcp"));
		EXPECT_EQ(EINVAL,
			  worker_do(&line.worker, accept_and_leave, NULL));
		EXPECT_EQ(ECONNREFUSED, net_connect(targets[i]));
		expect_counted(_metadata, &line, FNG_CLASS_LISTEN);
		EXPECT_EQ(0, net_connect(&second));
		line_end(&line);
		line_end(&unguarded);
	}
}

/* The kernel chooses the port. */
static int listen_anywhere(const void *arg)
{
	(void)arg;
	net_held = net_bind("127.1.0.1", 0, SOCK_STREAM);
	return errno_of(listen(net_held, 4));
}

static int held_port(const void *arg)
{
	struct sockaddr_in at;
	socklen_t size = sizeof(at);

	(void)arg;
	if (getsockname(net_held, (struct sockaddr *)&at, &size))
		die("the socket is gone");
	return ntohs(at.sin_port);
}

/* The same; somebody comes to the port once that is loaded which is as it was. */
static void line_in_anywhere(struct line *line)
{
	struct target target = first;

	guard_load(POLICY(BOTH, "0/tcp"));
	line_worker(line, "recheck");
	if (worker_do(&line->worker, listen_anywhere, NULL))
		die("nobody listens");
	target.port = worker_do(&line->worker, held_port, NULL);
	guard_load(POLICY(ONE, "0/tcp"));
	net_hold_connected(&target);
	line->fd = net_held;
	if (worker_do(&line->worker, accept_held, NULL))
		die("no connection");
}

TEST(a_port_that_the_kernel_chose_is_judged_as_such)
{
	struct line line;

	line_in_anywhere(&line);
	guard_load(POLICY(BOTH, "0/tcp"));
	expect_untouched(_metadata, &line);
	guard_load(POLICY(BOTH, "8011/tcp"));
	EXPECT_TRUE(was_ended(&line));
	expect_counted(_metadata, &line, FNG_CLASS_LISTEN);
	line_end(&line);
}

/* Each policy is asked for itself: one that only tells ends nothing, either. */
TEST(what_a_candidate_would_end_goes_on)
{
	struct fng_client_load candidate = { .candidate = true };
	struct line line;

	line_in_anywhere(&line);
	EXPECT_EQ(0, control_load_as(POLICY(BOTH, "8011/tcp"), &candidate));
	expect_untouched(_metadata, &line);
	guard_load("policy: recheck-audit\nmode: audit\n"
		   "listen: { default: deny, allow: [ 8011/tcp ] }\n");
	group_bind(&line.group, "recheck-audit");
	guard_load(POLICY(ONE, "0/tcp"));
	EXPECT_TRUE(is_open(&line));
	guard_load(POLICY(ONE, "8011/tcp"));
	EXPECT_TRUE(was_ended(&line));
	line_end(&line);
}

TEST(a_port_that_the_kernel_chose_is_denied_as_such)
{
	struct line line;

	guard_load(POLICY(BOTH, "0/tcp"));
	line_worker(&line, "recheck");
	ASSERT_EQ(0, worker_do(&line.worker, listen_anywhere, NULL));
	guard_load("policy: recheck\n"
		   "listen: { default: allow, deny: [0/tcp] }\n");
	EXPECT_EQ(EINVAL, worker_do(&line.worker, accept_and_leave, NULL));
	expect_counted(_metadata, &line, FNG_CLASS_LISTEN);
	line.fd = -1;
	line_end(&line);
}

static int connect_soon(const void *arg)
{
	struct sockaddr_storage to;
	socklen_t size = target_address(arg, &to);

	net_held = socket(target_family(arg), SOCK_STREAM | SOCK_NONBLOCK, 0);
	return connect(net_held, (struct sockaddr *)&to, size) ? errno : 0;
}

static bool is_reached(const struct target *target)
{
	struct pollfd wait = { .events = POLLOUT };
	bool reached;

	connect_soon(target);
	wait.fd = net_held;
	reached = poll(&wait, 1, 500 * patience()) == 1 &&
		  !(wait.revents & POLLERR);
	close(net_held);
	return reached;
}

/* It has listened before anybody could ask whether it may. */
TEST(who_listened_before_is_not_reached)
{
	struct line line;

	guard_load(POLICY(BOTH, "8012/tcp"));
	line_listen(&line, NULL, &first);
	EXPECT_TRUE(is_reached(&first));
	group_bind(&line.group, "recheck");
	EXPECT_FALSE(is_reached(&first));
	expect_counted(_metadata, &line, FNG_CLASS_LISTEN);
	guard_load(POLICY(BOTH, "8011/tcp"));
	EXPECT_TRUE(is_reached(&first));
	line_end(&line);
}

static int wait_for_error(const void *arg)
{
	struct pollfd fd = { .fd = net_held };

	(void)arg;
	poll(&fd, 1, 5000 * patience());
	return net_held_error();
}

/* Nobody answers, until policies have changed. */
TEST(who_waits_to_be_connected_waits_no_more)
{
	struct line line;

	ASSERT_EQ(0, system("iptables -A INPUT -d 127.1.0.1 -p tcp "
			    "--dport 8011 -j DROP"));
	guard_load(POLICY(BOTH, ""));
	line_worker(&line, "recheck");
	EXPECT_EQ(EINPROGRESS, worker_do(&line.worker, connect_soon, &first));
	guard_load(POLICY(BOTH, "8011/tcp"));
	guard_load(POLICY(ONE, ""));
	EXPECT_EQ(ECONNREFUSED,
		  worker_do(&line.worker, wait_for_error, NULL));
	expect_counted(_metadata, &line, FNG_CLASS_EGRESS);
	/* To delete one rule is what lockdep objects to in the kernel itself. */
	EXPECT_EQ(0, system("iptables -F INPUT"));
	line.fd = -1;
	line_end(&line);
}

TEST(audit_ends_nothing)
{
	struct line line;

	guard_load(POLICY(BOTH, ""));
	line_out(&line, "recheck", &first);
	guard_load("mode: audit\n" POLICY(ONE, ""));
	sleep(1);
	EXPECT_TRUE(is_open(&line));
	line_end(&line);
}

TEST_HARNESS_MAIN
