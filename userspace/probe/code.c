// SPDX-License-Identifier: MIT
/*
 * Running programs that were not deployed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "network.h"
#include "technique.h"

/* Where servers listen. */
#define HTTPS 443

static int drop_program(struct fng_case *c)
{
	(void)c;
	return fng_probe_make_program("program", 0755);
}

static int drop_setuid(struct fng_case *c)
{
	int err = drop_program(c);

	if (!err && (chown("program", 65534, 65534) || chmod("program", 04755)))
		err = errno;
	return err;
}

static int drop_script(struct fng_case *c)
{
	(void)c;
	return fng_probe_make_file("script", "#!/bin/sh\nexit 0\n", 0755);
}

/* The interpreter is what is not allowed, not the script. */
static int drop_interpreter(struct fng_case *c)
{
	int err = drop_program(c);
	char text[128];

	snprintf(text, sizeof(text), "#!%s/program\n", c->dir);
	return err ?: fng_probe_make_file("script", text, 0755);
}

static int link_shell(struct fng_case *c)
{
	(void)c;
	return fng_act_call(symlink("/bin/sh", "program"));
}

/* A program that was deployed: what it is called may be allowed. */
static int stand_in(struct fng_case *c)
{
	int err = drop_program(c);

	return err ?: fng_act_call(mount("program", "/bin/sh", NULL, MS_BIND,
					 NULL));
}

static int copy_true(struct fng_case *c)
{
	int from = open("/bin/true", O_RDONLY | O_CLOEXEC);
	int to = open("program", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	int err = 0;

	(void)c;
	if (from < 0 || to < 0 || sendfile(to, from, NULL, 1 << 20) <= 0)
		err = errno;
	close(from);
	close(to);
	return err;
}

static int hold_deleted(struct fng_case *c)
{
	int err = drop_program(c);

	if (err)
		return err;
	c->fd = open("program", O_RDONLY | O_CLOEXEC);
	return c->fd < 0 || unlink("program") ? errno : 0;
}

/* Nobody may have it open for writing when it is executed. */
static int hold_tmpfile(struct fng_case *c)
{
	int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0755), err;
	char path[40];

	if (fd < 0)
		return errno;
	err = fng_probe_write_program(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	c->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (!err && c->fd < 0)
		err = errno;
	close(fd);
	return err;
}

static int execute_words(void *data)
{
	const struct fng_case *c = data;
	char *const *words = (char *const *)c->technique->arg;

	execv(words[0], words);
	return errno;
}

static int run(struct fng_case *c)
{
	return fng_act_apart(execute_words, c);
}

static int overwrite(struct fng_case *c)
{
	return fng_probe_make_program("program", 0755) ?: run(c);
}

static int execute_held(void *data)
{
	return fng_act_execute(((struct fng_case *)data)->fd);
}

static int hold_socket(struct fng_case *c)
{
	int err = fng_probe_make_peer(AF_INET, HTTPS);

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return err ?: c->fd < 0 ? errno : 0;
}

static int connect_to_peer(int fd)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(HTTPS),
	};

	inet_pton(AF_INET, FNG_PROBE_V4, &address.sin_addr);
	return fng_act_call(
		connect(fd, (struct sockaddr *)&address, sizeof(address)));
}

/* Somebody at the other end types what it executes. */
static int hold_connection(struct fng_case *c)
{
	return hold_socket(c) ?: connect_to_peer(c->fd);
}

static int execute_connected(void *data)
{
	const struct fng_case *c = data;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(c->fd, fd) < 0)
			return errno;
	return execute_words(data);
}

static int run_connected(struct fng_case *c)
{
	return fng_act_apart(execute_connected, c);
}

/* The connection is tried while it is guarded, and nobody is there to type. */
static int connect_and_run(struct fng_case *c)
{
	connect_to_peer(c->fd);
	return run(c);
}

static int run_held(struct fng_case *c)
{
	return fng_act_apart(execute_held, c);
}

static int execute_link(void *data)
{
	char path[40], *argv[] = { path, NULL };

	snprintf(path, sizeof(path), "/proc/self/fd/%d",
		 ((struct fng_case *)data)->fd);
	execv(path, argv);
	return errno;
}

static int run_link(struct fng_case *c)
{
	return fng_act_apart(execute_link, c);
}

static const char *const program[] = { "./program", NULL };
static const char *const script[] = { "./script", NULL };
static const char *const shell[] = { "/bin/sh", "-c", "exit 0", NULL };
static const char *const transfer[] = { "/usr/bin/curl", "--version", NULL };
static const char *const deployed[] = { "/bin/sh", NULL };
static const char *const linked[] = { "./program", "-c", "exit 0", NULL };
static const char *const loader[] = { "/lib64/ld-linux-x86-64.so.2",
				      "./program", NULL };

const struct fng_technique fng_techniques_code[] = {
	{ "dropped-program", FNG_THREAT_CODE, "T1059",
	  "execute a program that was just written", drop_program, run, program,
	  &fng_remedy_exec },
	{ "dropped-script", FNG_THREAT_CODE, "T1059.004",
	  "execute a shell script that was just written", drop_script, run,
	  script, &fng_remedy_exec },
	{ "dropped-interpreter", FNG_THREAT_CODE, "T1059",
	  "execute a script that names a dropped program as its interpreter",
	  drop_interpreter, run, script, &fng_remedy_exec },
	{ "shell", FNG_THREAT_CODE, "T1059.004",
	  "execute the shell of the host", NULL, run, shell, &fng_remedy_exec },
	{ "reverse-shell", FNG_THREAT_CODE, "T1059.004",
	  "execute the shell of the host on a connection", hold_connection,
	  run_connected, shell, &fng_remedy_exec },
	{ "connect-and-shell", FNG_THREAT_CODE, "T1059.004",
	  "connect, and execute the shell of the host", hold_socket,
	  connect_and_run, shell, &fng_remedy_exec },
	{ "transfer-tool", FNG_THREAT_CODE, "T1105",
	  "execute a program that fetches files", NULL, run, transfer,
	  &fng_remedy_exec },
	{ "shell-by-link", FNG_THREAT_CODE, "T1036",
	  "execute the shell through a symbolic link of another name",
	  link_shell, run, linked, &fng_remedy_exec },
	{ "overwritten-program", FNG_THREAT_CODE, "T1554",
	  "overwrite a program that was deployed, and execute it", stand_in,
	  overwrite, deployed, &fng_remedy_modified },
	{ "loader", FNG_THREAT_CODE, "T1218",
	  "have ld.so execute a program that was just written", copy_true, run,
	  loader, &fng_remedy_exec },
	{ "memfd-program", FNG_THREAT_CODE, "T1620",
	  "execute a program in memory, by its descriptor",
	  fng_probe_hold_memfd, run_held, NULL, &fng_remedy_fileless },
	{ "memfd-link", FNG_THREAT_CODE, "T1620",
	  "execute a program in memory, by /proc/self/fd",
	  fng_probe_hold_memfd, run_link, NULL, &fng_remedy_fileless },
	{ "deleted-program", FNG_THREAT_CODE, "T1620",
	  "execute a program that was deleted", hold_deleted, run_held, NULL,
	  &fng_remedy_fileless },
	{ "nameless-program", FNG_THREAT_CODE, "T1620",
	  "execute a file that never had a name (O_TMPFILE)", hold_tmpfile,
	  run_held, NULL, &fng_remedy_fileless },
	{ "setuid-program", FNG_THREAT_PRIVILEGE, "T1548.001",
	  "execute a program that belongs to another user and is set-user-ID",
	  drop_setuid, run, program, &fng_remedy_privileges },
	{ 0 },
};
