// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways out of quarantine, and ways for others to bring a function into it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>

#include "bound.h"
#include "control.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define POLICY		"quarantine"
#define TEXT(when)							\
	"policy: " POLICY "\n"						\
	"exec: { default: allow }\n"					\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/b, deny: [all] } ]\n"		\
	"egress: { default: allow }\n"					\
	"response: { quarantine: " when " }\n"

#define PORT		9191
#define RELEASES	30

static const struct target datagram = UDP("127.1.0.1");
static const struct target stream = TO("127.1.0.1");
static const struct target served = AT("127.1.0.1", PORT, SOCK_STREAM);
static int listener = -1, accepted = -1;

static void __attribute__((constructor)) prepare(void)
{
	net_listen(ERRAND_PORT);
}

FIXTURE(response) {
	struct bench bench;
};

FIXTURE_SETUP(response)
{
	bound_setup();
	guard_load(TEXT("5 denials / 1h"));
	bench_start(&self->bench, POLICY);
}

FIXTURE_TEARDOWN(response)
{
	bench_end(&self->bench);
	work_remove();
}

static bool nobody_is_quarantined(const void *arg)
{
	(void)arg;
	return !control_status().nr_quarantined;
}

/* Until what it had is gone, so that nothing is looked at once more. */
static void quarantine(const struct bench *bench)
{
	int i;

	if (worker_do(&bench->worker, errand_hold, &stream))
		die("there is no connection");
	for (i = 0; i < 5; i++)
		if (bound_ask(&bench->worker, 'b') != EACCES)
			die("it was not refused");
	if (!await_state(errand_has_ended, &bench->worker, 10))
		die("its connection did not end");
	sleep(2);
}

static int act_listen(const void *option)
{
	int on = 120;

	listener = net_bind("127.1.0.1", PORT, SOCK_STREAM);
	return errno_of(setsockopt(listener, IPPROTO_TCP, *(const int *)option,
				   &on, sizeof(on))) ?:
	       errno_of(listen(listener, 16));
}

static int act_accept(const void *arg)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };

	(void)arg;
	if (poll(&wait, 1, 1000 * patience()) != 1)
		return ETIMEDOUT;
	accepted = accept(listener, NULL, NULL);
	return accepted < 0 ? errno : 0;
}

static int act_tell(const void *arg)
{
	(void)arg;
	return accepted < 0 ? EBADF : errno_of(write(accepted, "secret", 6));
}

static bool hears(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char text[16];

	return poll(&wait, 1, 1000 * patience()) == 1 &&
	       read(fd, text, sizeof(text)) == 6;
}

static int reach(int flags)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(&served, &address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (flags & MSG_FASTOPEN)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	else if (connect(fd, (const void *)&address, size))
		die("nobody listens");
	if (flags & MSG_FASTOPEN)
		sendto(fd, "?", 1, flags, (const void *)&address, size);
	return fd;
}

/* Its peer's last segment comes when the function is in quarantine already. */
TEST_F(response, who_is_accepted_late_hears_nothing)
{
	static const int option = TCP_DEFER_ACCEPT;
	const struct bench *bench = &self->bench;
	int fd;

	ASSERT_EQ(0, worker_do(&bench->worker, act_listen, &option));
	fd = reach(0);
	quarantine(bench);
	EXPECT_EQ(ECONNREFUSED, worker_do(&bench->worker, net_send, &datagram));
	EXPECT_EQ(1, write(fd, "?", 1));
	worker_do(&bench->worker, act_accept, NULL);
	worker_do(&bench->worker, act_tell, NULL);
	EXPECT_FALSE(hears(fd));
	EXPECT_EQ(1, control_status().nr_quarantined);
	close(fd);
}

TEST_F(response, who_opens_fast_hears_nothing)
{
	static const int option = TCP_FASTOPEN;
	const struct bench *bench = &self->bench;
	int fd;

	net_set("ipv4/tcp_fastopen", "1543");
	ASSERT_EQ(0, worker_do(&bench->worker, act_listen, &option));
	quarantine(bench);
	fd = reach(MSG_FASTOPEN);
	worker_do(&bench->worker, act_accept, NULL);
	worker_do(&bench->worker, act_tell, NULL);
	EXPECT_FALSE(hears(fd));
	close(fd);
}

/* The control: without a quarantine it does hear. */
TEST_F(response, who_is_accepted_late_is_told_otherwise)
{
	static const int option = TCP_DEFER_ACCEPT;
	const struct bench *bench = &self->bench;
	int fd;

	ASSERT_EQ(0, worker_do(&bench->worker, act_listen, &option));
	fd = reach(0);
	EXPECT_EQ(1, write(fd, "?", 1));
	EXPECT_EQ(0, worker_do(&bench->worker, act_accept, NULL));
	EXPECT_EQ(0, worker_do(&bench->worker, act_tell, NULL));
	EXPECT_TRUE(hears(fd));
	close(fd);
}

static pid_t start_sender(const struct group *group)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(&datagram, &address);
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		die("cannot fork");
	if (pid) {
		if (fng_cgroup_move(group->fd, pid))
			die("cannot move a task");
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	nice(19);
	sleep(1);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (;;)
		sendto(fd, "?", 1, 0, (const void *)&address, size);
}

static void stop_sender(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Nothing but the quarantine refuses what they send, and that is no denial more. */
TEST_F(response, a_release_lasts)
{
	const struct bench *bench = &self->bench;
	u32 i, again = 0;
	struct group group;
	struct worker worker;
	pid_t senders[2];

	ASSERT_TRUE(await_state(nobody_is_quarantined, NULL, 30));
	guard_load(TEXT("1 denials / 1h"));
	group_make(&group, NULL);
	worker_start(&worker);
	worker_move(&worker, &group);
	for (i = 0; i < 2; i++)
		senders[i] = start_sender(&group);
	group_bind(&group, POLICY);
	sleep(2);
	for (i = 0; i < RELEASES; i++) {
		ASSERT_EQ(EACCES, bound_ask(&worker, 'b'));
		usleep(20000);
		ASSERT_EQ(0, fng_client_release(guard_client(), group.fd));
		usleep(20000);
		again += control_status().nr_quarantined;
		if (control_status().nr_quarantined)
			fng_client_release(guard_client(), group.fd);
	}
	EXPECT_EQ(0, again);
	for (i = 0; i < 2; i++)
		stop_sender(senders[i]);
	worker_end(&worker);
	group_remove(&group);
	(void)bench;
}

/* Whoever enters may not talk to the network, and is not the function yet. */
TEST_F(response, a_launcher_quarantines_nobody)
{
	const struct bench *bench = &self->bench;
	pid_t pid;

	ASSERT_TRUE(await_state(nobody_is_quarantined, NULL, 30));
	pid = start_sender(&bench->group);
	sleep(3);
	EXPECT_EQ(0, control_status().nr_quarantined);
	stop_sender(pid);
}

static int act_write_much(const void *arg)
{
	static char bytes[65536];
	int i;

	(void)arg;
	for (i = 0; i < 12; i++)
		if (write(net_held, bytes, sizeof(bytes)) < 0)
			return errno;
	return 0;
}

static void *swallow(void *arg)
{
	static char bytes[65536];
	int fd = accept(*(int *)arg, NULL, NULL);

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	return NULL;
}

/* What is over a rate is sent again later, which is what the rate is for. */
TEST_F(response, who_is_slowed_down_is_not_quarantined)
{
	const struct bench *bench = &self->bench;
	pthread_t thread;
	int fd;

	guard_load("policy: " POLICY "\negress: { default: allow }\n"
		   "limits: { egress: 100KiB/s }\n"
		   "response: { quarantine: 5 denials / 1h }\n");
	fd = net_bind("127.1.0.1", PORT, SOCK_STREAM);
	ASSERT_EQ(0, listen(fd, 4));
	pthread_create(&thread, NULL, swallow, &fd);
	ASSERT_EQ(0, worker_do(&bench->worker, errand_hold, &served));
	worker_do(&bench->worker, act_write_much, NULL);
	sleep(2);
	EXPECT_EQ(0, control_status().nr_quarantined);
}

#define KILLER								\
	"policy: killer\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules: [ { path: " WORK "/b, deny: [all] } ]\n"		\
	"egress: { default: allow }\n"					\
	"response: { kill: [files, floor] }\n"

static int ends[2];

static int act_receive(const void *arg)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec data = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};

	(void)arg;
	return errno_of(recvmsg(ends[1], &message, 0));
}

static void pass(int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { "?", 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *control = CMSG_FIRSTHDR(&message);

	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(control), &fd, sizeof(fd));
	if (sendmsg(ends[0], &message, 0) != 1)
		die("it was not passed");
}

TEST_F(response, who_is_passed_something_is_not_killed_for_it)
{
	const struct attempt attempt = { .act = act_receive };
	struct outcome outcome;

	guard_load(KILLER);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	pass(open(WORK "/b", O_RDONLY | O_CLOEXEC));
	run_guarded("killer", &attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_EQ(1, outcome.nr);
}

static int act_packet_socket(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

/* A section that refuses it before spares nobody. */
TEST_F(response, one_is_killed_for_what_comes_second)
{
	const struct attempt attempt = { .act = act_packet_socket };
	struct outcome outcome;

	guard_load(KILLER);
	run_guarded("killer", &attempt, &outcome);
	EXPECT_EQ(ENDED_SIGNAL + SIGKILL, outcome.err);
	guard_load(KILLER "sockets: { families: [inet] }\n");
	run_guarded("killer", &attempt, &outcome);
	EXPECT_EQ(ENDED_SIGNAL + SIGKILL, outcome.err);
}

TEST_HARNESS_MAIN
