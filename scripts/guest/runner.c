// SPDX-License-Identifier: MIT
/*
 * Runs COMMAND in the guest: as process 1, or from a unit of systemd. Its output goes out through virtio serial ports as it
 * comes; when it has ended, its status goes out through a third one, behind a word that only this run knows. The host believes
 * nothing else.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"

#define VM_DIR "/usr/lib/fnguard-vm"
#define MODULE "/usr/lib/fnguard/fnguard.ko"

static int control = -1;
static char nonce[64];

/* The answer, "NONCE VERB VALUE", and the end. Writes to a port return when the host has the bytes. */
static void __attribute__((noreturn, format(printf, 1, 2))) answer(const char *format, ...)
{
	char text[512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (control >= 0 && length > 0)
		dprintf(control, "%s %s\n", nonce, text);
	reboot(RB_POWER_OFF);
	_exit(1);
}

static char *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	text = calloc(1, st.st_size + 1);
	if (!text || read(fd, text, st.st_size) != st.st_size)
		return NULL;
	close(fd);
	if (size)
		*size = st.st_size;
	return text;
}

static int find_port(const char *wanted)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int fd = -1;

	while (fd < 0 && dir && (entry = readdir(dir))) {
		char path[300], *name;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
		name = entry->d_name[0] == '.' ? NULL : read_file_line(path);
		if (name && !strcmp(name, wanted)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_WRONLY | O_CLOEXEC);
		}
		free(name);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* Ports come up one by one after the driver is there. */
static int open_port(const char *name)
{
	for (int tries = 0; tries < 1000; tries++) {
		int fd = find_port(name);

		if (fd >= 0)
			return fd;
		usleep(10000);
	}
	fprintf(stderr, "runner: no port %s\n", name);
	answer("error no port");
}

static void load_module(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (access(VM_DIR "/insmod", F_OK))
		return;
	if (!access(VM_DIR "/depends", F_OK) && system("exec /sbin/modprobe -a $(cat " VM_DIR "/depends)"))
		answer("error the modules that fnguard.ko depends on cannot be loaded");
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		answer("error fnguard.ko cannot be loaded: %s", strerror(errno));
	close(fd);
}

static void __attribute__((noreturn)) run_child(const int out[2], const int err[2])
{
	char *argv[4096];
	size_t size, count = 0;
	char *text = read_file(VM_DIR "/command", &size);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (char *word = text; text && word < text + size && count < 4095; word += strlen(word) + 1)
		argv[count++] = word;
	argv[count] = NULL;
	setsid();
	if (dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0) < 0 || dup2(out[1], 1) < 0 || dup2(err[1], 2) < 0 || chdir("/root"))
		_exit(126);
	if (count)
		execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", count ? argv[0] : "no command", strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void write_all(int fd, const char *data, ssize_t size)
{
	while (size > 0) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno != EINTR)
			answer("error output was lost: %s", strerror(errno));
		if (done > 0) {
			data += done;
			size -= done;
		}
	}
}

static void relay(int from, int to)
{
	static char buffer[32768];
	ssize_t size = read(from, buffer, sizeof(buffer));

	write_all(to, buffer, size);
}

/* Process 1 reaps everybody. True once COMMAND itself is among the dead. */
static int reap(pid_t command, int *status)
{
	int ended = 0, wait_status;
	pid_t pid;

	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		*status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
		ended = 1;
	}
	return ended;
}

/* Pipes hold 64 KiB; the bound is for a process left running that never stops writing. */
static void drain(struct pollfd *pipe, int port)
{
	for (int i = 0; i < 64 && poll(pipe, 1, 0) > 0 && (pipe->revents & POLLIN); i++)
		relay(pipe->fd, port);
}

/* What COMMAND left running may hold the pipes open for ever, so its end is the end. */
static int supervise(pid_t command, const int pipes[2], const int ports[2], int signals)
{
	struct pollfd fds[3] = {
		{ .fd = pipes[0], .events = POLLIN },
		{ .fd = pipes[1], .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	int status = 0, ended = 0;

	while (!ended) {
		if (poll(fds, 3, -1) < 0)
			continue;
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents & POLLIN)
				relay(fds[i].fd, ports[i]);
			else if (fds[i].revents)
				fds[i].fd = -1;
		}
		if (fds[2].revents && read(signals, &info, sizeof(info)) > 0)
			ended = reap(command, &status);
	}
	drain(&fds[0], ports[0]);
	drain(&fds[1], ports[1]);
	return status;
}

static int run_command(int signals)
{
	int out[2], err[2], ports[2] = { open_port("fnguard.out"), open_port("fnguard.err") };
	pid_t command;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		answer("error no pipes: %s", strerror(errno));
	command = fork();
	if (command < 0)
		answer("error no process: %s", strerror(errno));
	if (!command)
		run_child(out, err);
	close(out[1]);
	close(err[1]);
	return supervise(command, (int[]){ out[0], err[0] }, ports, signals);
}

int main(void)
{
	sigset_t blocked;
	int status;
	char *word;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "dumb", 1);
	setenv("LANG", "C.UTF-8", 1);
	if (getpid() == 1)
		set_up_machine();
	word = read_file_line(VM_DIR "/nonce");
	snprintf(nonce, sizeof(nonce), "%s", word ? word : "none");
	control = open_port("fnguard.ctl");
	load_module();
	status = run_command(signalfd(-1, &blocked, SFD_CLOEXEC));
	check_leaks();
	answer("status %d", status);
}
