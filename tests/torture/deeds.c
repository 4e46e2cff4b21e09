// SPDX-License-Identifier: GPL-2.0-only
/*
 * What storms do: executing, opening, removing, connecting and sending.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <guest/net.h>

#include "deeds.h"

/* A port with a server, on every address. */
#define PORT	4242

#define TARGET(where, how)	{ .address = where, .port = PORT, .type = how }

static pid_t server;

int deeds_execute(const void *arg)
{
	volatile int err = 0;
	int status;
	pid_t pid;

	pid = vfork();
	if (!pid) {
		execl(arg, arg, NULL);
		err = errno;
		_exit(1);
	}
	if (pid < 0)
		return errno;
	if (waitpid(pid, &status, 0) != pid)
		return errno;
	if (err)
		return err;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : status;
}

static int open_file(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY | O_CLOEXEC));
}

int deeds_open_bad(const void *arg)
{
	(void)arg;
	return open_file(WORK "/bad");
}

int deeds_open_good(const void *arg)
{
	(void)arg;
	return open_file(WORK "/good");
}

/* Whom nobody refuses it finds a directory, and has taken nothing away. */
static int unlink_directory(const void *arg)
{
	int err = errno_of(unlink(arg));

	return err == EISDIR ? 0 : err;
}

/* A name of its own for each task. */
static int create_and_unlink(const void *arg)
{
	char name[] = WORK "/own/xxxxxxxxxx";
	u32 pid = getpid();
	int fd, i;

	(void)arg;
	for (i = sizeof(name) - 2; name[i] == 'x'; i--, pid /= 10)
		name[i] = '0' + pid % 10;
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return errno_of_fd(fd) ?: errno_of(unlink(name));
}

/* Tasks that end their connections leave none that wait for their end. */
static int reach(const struct target *target,
		 int (*how)(int fd, const struct sockaddr *to, socklen_t size))
{
	const struct linger at_once = { .l_onoff = 1 };
	int fd = socket(target_family(target), target->type | SOCK_CLOEXEC, 0);
	struct sockaddr_storage address;
	socklen_t size = target_address(target, &address);
	int err;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	err = errno_of(how(fd, (struct sockaddr *)&address, size));
	close(fd);
	return err;
}

static int send_to(int fd, const struct sockaddr *to, socklen_t size)
{
	return sendto(fd, "?", 1, 0, to, size);
}

static int connect_to(const void *arg)
{
	return reach(arg, connect);
}

/* Armed between the call and its packet, the guard refuses that, in its own way. */
static int send_datagram(const void *arg)
{
	int err = reach(arg, send_to);

	return err == EPERM ? ECONNREFUSED : err;
}

static const struct target udp_good = TARGET("127.0.0.1", SOCK_DGRAM);
static const struct target udp_bad = TARGET("127.0.0.2", SOCK_DGRAM);
static const struct target udp_flip = TARGET("127.0.0.3", SOCK_DGRAM);
static const struct target tcp_good = TARGET("127.0.0.1", SOCK_STREAM);
static const struct target tcp_bad = TARGET("127.0.0.2", SOCK_STREAM);

/* What flips sends no packets, which would be judged a second time, later. */
struct deed deeds[DEEDS_ALL] = {
	{ "exec of what is denied", deeds_execute, WORK "/run-bad", EACCES,
	  STORM_REFUSED },
	{ "exec of what is allowed", deeds_execute, WORK "/run-good", EACCES,
	  STORM_PASSES },
	{ "open of what is denied", open_file, WORK "/bad", EACCES,
	  STORM_REFUSED },
	{ "open of what is allowed", open_file, WORK "/good", EACCES,
	  STORM_PASSES },
	{ "unlink of what is denied", unlink_directory, WORK "/bad-dir",
	  EACCES, STORM_REFUSED },
	{ "creation of what is allowed", create_and_unlink, NULL, EACCES,
	  STORM_PASSES },
	{ "UDP connect to what is denied", connect_to, &udp_bad, ECONNREFUSED,
	  STORM_REFUSED },
	{ "UDP connect to what is allowed", connect_to, &udp_good, ECONNREFUSED,
	  STORM_PASSES },
	{ "datagram to what is denied", send_datagram, &udp_bad, ECONNREFUSED,
	  STORM_REFUSED },
	{ "TCP connect to what is denied", connect_to, &tcp_bad, ECONNREFUSED,
	  STORM_REFUSED },
	{ "TCP connect to what is allowed", connect_to, &tcp_good, ECONNREFUSED,
	  STORM_PASSES },
	{ "exec of what flips", deeds_execute, WORK "/run-flip", EACCES,
	  STORM_EITHER },
	{ "open of what flips", open_file, WORK "/flip", EACCES,
	  STORM_EITHER },
	{ "UDP connect to what flips", connect_to, &udp_flip, ECONNREFUSED,
	  STORM_EITHER },
};

static int bound_socket(int type)
{
	const struct target any = TARGET("0.0.0.0", type);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_storage address;
	socklen_t size = target_address(&any, &address);

	/* Connections of the scenario before may still be ending. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size))
		die("cannot bind port %d", PORT);
	return fd;
}

static void __attribute__((noreturn)) serve(int listener)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		close(accept(listener, NULL, NULL));
}

/* The port is open before anybody tries it; datagrams are never read. */
static void start_server(void)
{
	int listener = bound_socket(SOCK_STREAM);

	if (listen(listener, 64))
		die("cannot listen");
	bound_socket(SOCK_DGRAM);
	server = fork();
	if (server < 0)
		die("cannot fork");
	if (!server)
		serve(listener);
	close(listener);
}

void deeds_setup(void)
{
	static const char *const programs[] = { "run-good", "run-bad",
						"run-flip" };
	u32 i;

	work_make();
	make_file("good", "good");
	make_file("bad", "bad");
	make_file("flip", "flip");
	make_dir("own");
	make_dir("bad-dir");
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		copy_program("/usr/lib/fnguard/tests/helper_true", programs[i]);
	rules_setup();
	net_loopback_up();
	start_server();
}

void deeds_cleanup(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	work_remove();
}
