// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which capabilities may be used, and which parts of the fixed floor are lifted.
 */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "admin.h"
#include "expect.h"
#include "privileges.h"

EVENTS_OF_SUITE(events);

static int change_owner(const void *arg)
{
	(void)arg;
	return errno_of(chown("file", NOBODY, -1));
}

static int make_device(const void *arg)
{
	(void)arg;
	return errno_of(mknod("device", S_IFCHR | 0600, makedev(1, 3)));
}

static int bind_low(const void *arg)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(81),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int err = errno_of(bind(fd, (struct sockaddr *)&address,
				sizeof(address)));

	(void)arg;
	close(fd);
	return err;
}

static int raise_limit(const void *arg)
{
	const struct rlimit more = { 1 << 19, 1 << 19 };

	(void)arg;
	return errno_of(setrlimit(RLIMIT_NOFILE, &more));
}

static void lower_limit(const void *arg)
{
	const struct rlimit less = { 64, 64 };

	(void)arg;
	if (setrlimit(RLIMIT_NOFILE, &less))
		die("no lower limit");
}

static void give_away(const void *arg)
{
	(void)arg;
	if (chown("file", NOBODY, -1))
		die("no file of somebody else");
}

static int change_mode(const void *arg)
{
	(void)arg;
	return errno_of(chmod("file", 0640));
}

static int drop_from_bounds(const void *arg)
{
	(void)arg;
	return errno_of(prctl(PR_CAPBSET_DROP, CAP_AUDIT_READ, 0, 0, 0));
}

FIXTURE(capability) {
};

FIXTURE_VARIANT(capability) {
	const char *word;
	struct attempt attempt;
	int err;		/* some callers have an errno of their own */
	const char *object;
};

#define CAP_ROW(name, prepare, how, number, what)			\
	FIXTURE_VARIANT_ADD(capability, name) {				\
		.word = #name,						\
		.attempt = { prepare, how, NULL },			\
		.err = number,						\
		.object = what,						\
	}

CAP_ROW(chown, NULL, change_owner, EPERM, "CAP_CHOWN");
CAP_ROW(mknod, NULL, make_device, EPERM, "CAP_MKNOD");
CAP_ROW(sys_nice, NULL, admin_raise_priority, EACCES, "CAP_SYS_NICE");
CAP_ROW(net_bind_service, NULL, bind_low, EACCES,
	"CAP_NET_BIND_SERVICE");
CAP_ROW(sys_resource, lower_limit, raise_limit, EPERM,
	"CAP_SYS_RESOURCE");
CAP_ROW(fowner, give_away, change_mode, EPERM, "CAP_FOWNER");
CAP_ROW(setpcap, NULL, drop_from_bounds, EPERM, "CAP_SETPCAP");
CAP_ROW(net_raw, NULL, admin_open_raw, EPERM, "CAP_NET_RAW");

/* The capability is asked for once the socket itself is allowed. */
#define WITH_RAW	"allow: [raw-socket], "

FIXTURE_SETUP(capability)
{
	privileges_setup();
	privileges_load("capabilities", WITH_RAW "capabilities: ", "", "");
	privileges_load("capabilities-one", WITH_RAW "capabilities: ",
			variant->word, "");
}

FIXTURE_TEARDOWN(capability)
{
	work_remove();
}

TEST_F(capability, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

TEST_F(capability, is_refused)
{
	const struct expected expected = {
		.err = variant->err,
		.hook = FNG_HOOK_CAPABLE,
		.class = FNG_CLASS_PRIVILEGES,
		.line = SETTINGS_LINE,
	};
	struct outcome outcome;

	run_guarded("capabilities", &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	/* The event has the hook's errno, not what the caller makes of it. */
	outcome.err = EPERM;
	if (outcome.nr)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

TEST_F(capability, works_where_it_is_allowed)
{
	struct outcome outcome;

	run_guarded("capabilities-one", &variant->attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* What takes CAP_SYS_ADMIN works, but not without any capability. */
static void expect_no_admin(struct __test_metadata *_metadata,
			    const char *settings,
			    const struct attempt *attempt)
{
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_CAPABLE,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | FNG_FLOOR_MOUNT,
	};
	struct outcome outcome;

	privileges_load("capabilities", settings, "", "");
	expect_control(_metadata, attempt);
	run_guarded("capabilities", attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* Where a page is tells whoever opened the file and has CAP_SYS_ADMIN. */
static int pages = -1;

static void open_pages(const void *arg)
{
	(void)arg;
	pages = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	/* The opener's credentials are no longer the task's own. */
	if (pages < 0 || prctl(PR_SET_KEEPCAPS, 0))
		die("no page map");
}

static int find_page(const void *arg)
{
	unsigned long page = (unsigned long)&pages / 4096;
	u64 entry = 0;

	(void)arg;
	if (pread(pages, &entry, sizeof(entry), page * sizeof(entry)) !=
	    sizeof(entry))
		die("the page map cannot be read");
	return entry & ((1ull << 55) - 1) ? 0 : EPERM;
}

TEST(capability_of_who_opened_the_file)
{
	const struct attempt attempt = { open_pages, find_page, NULL };

	expect_no_admin(_metadata, "capabilities: ", &attempt);
}

static void become_other(const void *arg)
{
	(void)arg;
	if (setresuid(NOBODY, NOBODY, NOBODY))
		die("no other user");
}

static int make_namespaces(const void *arg)
{
	(void)arg;
	return errno_of(unshare(CLONE_NEWUSER | CLONE_NEWUTS));
}

/* Its owner has every capability in a namespace without holding any. */
TEST(capability_of_who_made_the_namespace)
{
	const struct attempt attempt = { become_other, make_namespaces, NULL };

	expect_no_admin(_metadata, "allow: [userns], capabilities: ", &attempt);
}

FIXTURE(lift) {
};

FIXTURE_VARIANT(lift) {
	const char *word;
	struct attempt attempt;
};

#define LIFT_ROW(name, word_, prepare, how, argument)			\
	FIXTURE_VARIANT_ADD(lift, name) {				\
		.word = word_,						\
		.attempt = { prepare, how, argument },			\
	}

LIFT_ROW(mount, "mount", NULL, admin_mount, NULL);
LIFT_ROW(chroot, "chroot", NULL, admin_chroot, NULL);
LIFT_ROW(userns, "userns", NULL, admin_user_namespace, NULL);
LIFT_ROW(module, "module", NULL, admin_init_module, NULL);
LIFT_ROW(reboot, "reboot", NULL, admin_kexec_load, NULL);
LIFT_ROW(bpf, "bpf", admin_hold_map_and_drop, admin_bpf_look_up, NULL);
LIFT_ROW(io_uring, "io_uring", NULL, admin_io_uring, NULL);
LIFT_ROW(kmem, "kmem", NULL, admin_iopl, NULL);
LIFT_ROW(tracing, "tracing", NULL, admin_open_write,
	 "/sys/kernel/tracing/trace_marker");
LIFT_ROW(helper, "helper", NULL, admin_open_write,
	 "/proc/sys/kernel/core_pattern");
LIFT_ROW(socket, "socket, raw-socket", NULL, admin_open_packet, NULL);

FIXTURE_SETUP(lift)
{
	static const char rest[] = "files: { default: allow }\n"
				   "egress: { default: allow }\n";

	privileges_setup();
	privileges_load("lifted", "allow: ", variant->word, rest);
	privileges_load("not-lifted", "allow: ", "time", rest);
}

FIXTURE_TEARDOWN(lift)
{
	work_remove();
}

TEST_F(lift, works)
{
	struct outcome outcome;

	run_guarded("lifted", &variant->attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_F(lift, is_refused_otherwise)
{
	struct outcome outcome;

	run_guarded("not-lifted", &variant->attempt, &outcome);
	EXPECT_NE(0, outcome.err);
	EXPECT_EQ(1, outcome.nr);
	EXPECT_EQ(FNG_CLASS_FLOOR, outcome.refusals[0].class);
}

TEST_HARNESS_MAIN
