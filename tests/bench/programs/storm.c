// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm SCORE CGROUP KIND FILE: does something in CGROUP, a directory, as often as it can
 * until it is sent SIGTERM, and then prints how often it was refused: "fork" has all
 * processes make others, "exec" executes FILE, "connect" connects, and "open" opens
 * FILE. SCORE is a file that is not there yet.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

/**
 * struct score - what all processes of a storm share
 * @stop: it is over
 * @refused: how often a guard has refused something
 */
struct score {
	bool stop;
	unsigned long refused;
};

static volatile struct score *score;
static volatile sig_atomic_t old;
static const char *program, *directory;

static void expect(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static void note(bool failed)
{
	if (failed && (errno == EAGAIN || errno == EACCES))
		__atomic_add_fetch(&score->refused, 1, __ATOMIC_SEQ_CST);
}

/* Whoever was made makes others, for a second, so that there is memory for all. */
static void do_fork(void)
{
	const struct itimerval second = { .it_value.tv_sec = 1 };
	pid_t pid = fork();

	note(pid < 0);
	if (!pid)
		setitimer(ITIMER_REAL, &second, NULL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void do_exec(void)
{
	char *argv[] = { (char *)program, NULL }, *envp[] = { NULL };
	volatile int err = 0;
	pid_t pid = vfork();

	expect(pid >= 0, "vfork");
	if (!pid) {
		execve(program, argv, envp);
		err = errno;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	errno = err;
	note(err);
}

static void do_connect(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	note(connect(fd, (const struct sockaddr *)&address, sizeof(address)));
	close(fd);
}

static void do_open(void)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);

	note(fd < 0);
	close(fd);
}

static void (*find(const char *kind))(void)
{
	if (!strcmp(kind, "fork"))
		return do_fork;
	if (!strcmp(kind, "exec"))
		return do_exec;
	return strcmp(kind, "connect") ? do_open : do_connect;
}

static int open_in_cgroup(const char *name, int flags)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, flags | O_CLOEXEC);
	expect(fd >= 0, path);
	return fd;
}

static void keep_score(const char *path, int flags)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);

	expect(fd >= 0 && !ftruncate(fd, sizeof(*score)), path);
	score = mmap(NULL, sizeof(*score), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, 0);
	expect(score != MAP_FAILED, "mmap");
	close(fd);
}

/* Whoever enters sets a function up, and is none until he has executed something. */
static void enter(char **argv)
{
	int fd = open_in_cgroup("cgroup.procs", O_WRONLY);

	expect(write(fd, "0", 1) == 1, "cgroup.procs");
	execl("/proc/self/exe", argv[0], argv[1], "", argv[3], argv[4], NULL);
	expect(false, argv[0]);
}

static void rage(void (*act)(void))
{
	while (!score->stop && !old)
		act();
	_exit(0);
}

static void age(int signal)
{
	(void)signal;
	old = true;
}

static void stop(int signal)
{
	(void)signal;
	score->stop = true;
}

/* Those that were made by others are nobody's children here. */
static bool is_over(void)
{
	char text[128] = "";
	int fd = open_in_cgroup("cgroup.events", O_RDONLY);

	expect(read(fd, text, sizeof(text) - 1) > 0, "cgroup.events");
	close(fd);
	return strstr(text, "populated 0");
}

int main(int argc, char **argv)
{
	expect(argc == 5, "storm SCORE CGROUP KIND FILE");
	directory = argv[2];
	program = argv[4];
	keep_score(argv[1], *directory ? O_CREAT | O_EXCL : 0);
	signal(SIGTERM, stop);
	signal(SIGALRM, age);
	if (!*directory)
		rage(find(argv[3]));
	if (!fork())
		enter(argv);
	while (!score->stop || !is_over())
		usleep(10000);
	printf("%lu\n", score->refused);
	return 0;
}
