// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an exemption lifts, section by section, and what it does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include "admin.h"
#include "errand.h"
#include "exempt.h"
#include "expect.h"

#define HERE	"127.1.0.1"

static const struct target datagram = UDP(HERE);

static int open_file(const void *path)
{
	return errno_of_fd(open(path, O_RDONLY | O_CLOEXEC));
}

static int map_writable_code(const void *arg)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	if (at == MAP_FAILED)
		return errno;
	munmap(at, 4096);
	return 0;
}

static int make_socket(const void *arg)
{
	(void)arg;
	return errno_of_fd(socket(AF_INET, SOCK_DGRAM, 0));
}

static int bind_port(const void *arg)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(arg, &address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int err = errno_of(bind(fd, (struct sockaddr *)&address, size));

	close(fd);
	return err;
}

static int ask_for_status(const void *arg)
{
	struct fng_client_status status;
	struct fng_client client;
	int err;

	(void)arg;
	err = fng_client_open(&client) ?:
	      fng_client_status(&client, false, &status);
	fng_client_close(&client);
	return -err;
}

EVENTS_OF_SUITE(events);

FIXTURE(exemption) {
	struct bench bench;
};

FIXTURE_VARIANT(exemption) {
	const char *policy;
	int (*act)(const void *arg);
	const void *arg;
	struct expected expected;
	bool stays;		/* refused also while exempt */
};

#define ROW(name, text, does, with, error, where, what, always)	\
	FIXTURE_VARIANT_ADD(exemption, name) {				\
		.policy = "policy: exemption\n" text,			\
		.act = does, .arg = with,				\
		.expected = {						\
			.err = error, .hook = FNG_HOOK_##where,		\
			.class = FNG_CLASS_##what,			\
		},							\
		.stays = always,					\
	}
#define LIFTED(name, text, does, with, error, where, what) \
	ROW(name, text, does, with, error, where, what, false)
#define KEPT(name, text, does, with, where) \
	ROW(name, text, does, with, EPERM, where, FLOOR, true)

LIFTED(files, "files: { default: deny }\n", open_file, "a", EACCES, FILE_OPEN,
	FILES);
LIFTED(exec, "exec: { default: deny, map: [\"/**\"] }\n", errand_execute,
	WORK "/true", EACCES, BPRM_CHECK, EXEC);
LIFTED(fileless, "exec: { default: allow }\n", map_writable_code, NULL, EACCES,
	MMAP_FILE, EXEC);
LIFTED(memory, "memory: { write-exec: deny }\n", map_writable_code, NULL,
	EPERM, MMAP_FILE, MEMORY);
LIFTED(egress, "egress: { default: deny }\n", net_connect, &datagram,
	ECONNREFUSED, SOCKET_CONNECT, EGRESS);
LIFTED(listen, "listen: { default: deny }\n", bind_port, &datagram, EPERM,
	SOCKET_BIND, LISTEN);
LIFTED(sockets, "sockets: { families: [unix] }\n", make_socket, NULL, EPERM,
	SOCKET_CREATE, SOCKETS);
LIFTED(capabilities, "privileges: { capabilities: [] }\n",
	admin_raise_priority, NULL, EACCES, CAPABLE, PRIVILEGES);
LIFTED(limits, "limits: { connect: 0 }\n", net_connect, &datagram, EAGAIN,
	SOCKET_CONNECT, LIMITS);
KEPT(mount, "files: { default: allow }\n", admin_mount, NULL, SB_MOUNT);
KEPT(module, "memory: { write-exec: allow }\n", admin_init_module, NULL,
	CAPABLE);
KEPT(reboot, "memory: { write-exec: allow }\n", admin_reboot, NULL, CAPABLE);
KEPT(io_uring, "memory: { write-exec: allow }\n", admin_io_uring, NULL,
	INIT_SECURITY_ANON);
KEPT(helper, "files: { default: allow }\n", admin_open_write,
	"/proc/sys/kernel/core_pattern", FILE_OPEN);
/* What the floor and a rule refuse both, the floor does. */
KEPT(withheld_capability, "privileges: { capabilities: [] }\n",
	admin_set_host_name, NULL, CAPABLE);
KEPT(control, "memory: { write-exec: allow }\n", ask_for_status, NULL,
	CONTROL);

FIXTURE_SETUP(exemption)
{
	work_make();
	make_file("a", "");
	make_dir("target");
	copy_helper("helper_true", "true");
	guard_load(variant->policy);
	bench_start(&self->bench, "exemption");
}

FIXTURE_TEARDOWN(exemption)
{
	bench_end(&self->bench);
	work_remove();
}

TEST_F(exemption, works_unguarded)
{
	const struct attempt attempt = { NULL, variant->act, variant->arg };

	expect_control(_metadata, &attempt);
}

TEST_F(exemption, lifts_what_rules_refuse)
{
	struct expected expected = variant->expected;
	struct outcome outcome = { .nr = 0 };
	char line[EVENT_LINE_SIZE];

	exempt_begin(&self->bench.group, 3600);
	if (!variant->stays) {
		expected.err = 0;
		expected.audit = true;
	}
	outcome.err = worker_do(&self->bench.worker, variant->act,
				variant->arg);
	if (outcome.err == ENDED_UNABLE)
		SKIP(return, "the kernel cannot do this");
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	EXPECT_TRUE(events_find(&events, variant->stays ? "denied" :
				"would-deny", self->bench.group.path, line));
	expect_text(_metadata, line, fng_hook_name(expected.hook));
}

TEST_F(exemption, refuses_again_once_it_has_ended)
{
	const struct expected *expected = &variant->expected;
	struct outcome outcome = { .nr = 0 };
	char line[EVENT_LINE_SIZE];

	exempt_begin(&self->bench.group, 3600);
	exempt_end(&self->bench.group);
	outcome.err = worker_do(&self->bench.worker, variant->act,
				variant->arg);
	refusals_read(self->bench.group.id, &outcome);
	expect_refused(_metadata, &outcome, expected);
	EXPECT_TRUE(events_find(&events, "denied", self->bench.group.path,
				line));
}

TEST_HARNESS_MAIN
