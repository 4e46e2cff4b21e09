// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may control the guard: root of the host, and nobody that is guarded.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <netlink/netlink.h>

#include <client/event.h>
#include <client/exchange.h>

#include "control.h"
#include "expect.h"

#define POLICY		"sender"
#define AUDIT		"sender-audit"
#define NOBODY		65534

static const int commands[] = {
	FNG_CMD_STATUS, FNG_CMD_ARM, FNG_CMD_PROVE, FNG_CMD_DISARM,
	FNG_CMD_POLICY_LOAD, FNG_CMD_POLICY_UNLOAD, FNG_CMD_POLICY_GET,
	FNG_CMD_BIND, FNG_CMD_UNBIND, FNG_CMD_ATTEST, FNG_CMD_SEAL,
	FNG_CMD_NETDEV_BIND, FNG_CMD_NETDEV_UNBIND, FNG_CMD_EXEMPT,
	FNG_CMD_EXEMPT_END, FNG_CMD_RELEASE, FNG_CMD_PHASE, FNG_CMD_ACTIVATE,
	FNG_CMD_SUBJECT_GET, FNG_CMD_POLICY_PROMOTE, FNG_CMD_POLICY_CONFIRM,
	FNG_CMD_POLICY_ROLLBACK,
};

static const int lists[] = {
	FNG_CMD_POLICY_GET, FNG_CMD_BIND_GET, FNG_CMD_COUNTERS_GET,
	FNG_CMD_NETDEV_GET, FNG_CMD_LEARN_DUMP,
	FNG_CMD_EXEMPT_GET, FNG_CMD_QUARANTINE_GET, FNG_CMD_PHASE_GET,
	FNG_CMD_REFUSALS_GET,
};

#define NR_REQUESTS	(ARRAY_SIZE(commands) + ARRAY_SIZE(lists))

/*
 * Tries everything, with what a command needs, so that nothing else can be the
 * reason. Returns EPERM if that is the answer each time.
 */
static int try_everything(struct fng_client *client)
{
	static const u64 number = 1;
	static const u32 index = 1;
	static const s32 fd;
	const struct piece pieces[FNG_CMD_MAX + 1][4] = {
		[FNG_CMD_ARM] = { { FNG_A_CGROUP_FD, &fd, 4 } },
		[FNG_CMD_DISARM] = { { FNG_A_REASON, "test", 5 } },
		[FNG_CMD_POLICY_UNLOAD] = { { FNG_A_POLICY_GEN, &number, 8 },
					    { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_POLICY_PROMOTE] = { { FNG_A_POLICY_GEN, &number, 8 },
					     { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_POLICY_GET] = { { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_LEARN_DUMP] = { { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_UNBIND] = { { FNG_A_CGROUP_ID, &number, 8 } },
		[FNG_CMD_NETDEV_BIND] = { { FNG_A_IFINDEX, &index, 4 },
					  { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_NETDEV_UNBIND] = { { FNG_A_IFINDEX, &index, 4 } },
		[FNG_CMD_EXEMPT] = { { FNG_A_CGROUP_FD, &fd, 4 },
				     { FNG_A_SECONDS, &index, 4 },
				     { FNG_A_REASON, "test", 5 } },
		[FNG_CMD_EXEMPT_END] = { { FNG_A_CGROUP_ID, &number, 8 } },
		[FNG_CMD_RELEASE] = { { FNG_A_CGROUP_ID, &number, 8 } },
		[FNG_CMD_SUBJECT_GET] = { { FNG_A_CGROUP_ID, &number, 8 } },
		[FNG_CMD_PHASE] = { { FNG_A_CGROUP_ID, &number, 8 },
				    { FNG_A_POLICY_NAME, "sender", 7 },
				    { FNG_A_PHASE, "serve", 6 } },
		[FNG_CMD_ACTIVATE] = { { FNG_A_CGROUP_FD, &fd, 4 },
				       { FNG_A_POLICY_NAME, "sender", 7 } },
		[FNG_CMD_SEAL] = { { FNG_A_CERTIFICATE, "certificate", 11 } },
	};
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		err = control_send(client, commands[i], 0,
				   pieces[commands[i]]);
		if (err != -EPERM)
			return 1000 + commands[i];
	}
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		err = control_send(client, lists[i], NLM_F_DUMP, NULL);
		if (err != -EPERM)
			return 2000 + lists[i];
	}
	return EPERM;
}

static struct fng_client held;

static void hold_connection(const void *arg)
{
	(void)arg;
	if (fng_client_open(&held))
		die("no connection: %s", held.error);
}

static int try_held(const void *arg)
{
	(void)arg;
	return try_everything(&held);
}

static int ask_for_status(const void *arg)
{
	struct fng_client client;
	struct fng_client_status status;
	int err;

	(void)arg;
	err = fng_client_open(&client) ?:
	      fng_client_status(&client, false, &status);
	fng_client_close(&client);
	return -err;
}

static void drop_capability(int cap)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		die("which capabilities?");
	data[cap / 32].effective &= ~(1u << cap % 32);
	if (syscall(SYS_capset, &header, data))
		die("cannot drop a capability");
}

static void become_nobody(void)
{
	if (setgid(NOBODY) || setuid(NOBODY))
		die("cannot become nobody");
}

/* Opens a connection as someone, and uses it as someone else. */
static int connected(void (*before)(void), void (*after)(void))
{
	if (before)
		before();
	hold_connection(NULL);
	if (after)
		after();
	return try_everything(&held);
}

static void drop_net_admin(void)
{
	drop_capability(CAP_NET_ADMIN);
}

static void drop_sys_admin(void)
{
	drop_capability(CAP_SYS_ADMIN);
}

static void enter_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		die("no user namespace");
}

#define ACT(name, before, after)					\
static int name(const void *arg)					\
{									\
	(void)arg;							\
	return connected(before, after);				\
}

ACT(nobody, become_nobody, NULL)
ACT(nobody_with_roots_socket, NULL, become_nobody)
ACT(without_net_admin, drop_net_admin, NULL)
ACT(without_sys_admin, drop_sys_admin, NULL)
ACT(without_sys_admin_any_more, NULL, drop_sys_admin)
ACT(root_of_a_user_namespace, enter_user_namespace, NULL)
ACT(root_of_a_user_namespace_since, NULL, enter_user_namespace)

FIXTURE(sender) {
	struct fng_client_status before;
};

FIXTURE_VARIANT(sender) {
	int (*act)(const void *arg);
};

#define ROW(name)							\
	FIXTURE_VARIANT_ADD(sender, name) { .act = name }

ROW(nobody);
ROW(nobody_with_roots_socket);
ROW(without_net_admin);
ROW(without_sys_admin);
ROW(without_sys_admin_any_more);
ROW(root_of_a_user_namespace);
ROW(root_of_a_user_namespace_since);

static void load_policies(void)
{
	guard_load("policy: " POLICY "\n"
		   "memory: { write-exec: allow }\n");
	guard_load("policy: " AUDIT "\n"
		   "mode: audit\n"
		   "memory: { write-exec: allow }\n");
}

/* Those of cgroups that are gone count until somebody has noticed. */
static void wait_for_no_bindings(void)
{
	while (control_status().nr_bindings)
		usleep(100 * 1000);
}

FIXTURE_SETUP(sender)
{
	wait_for_no_bindings();
	load_policies();
	self->before = control_status();
}

FIXTURE_TEARDOWN(sender)
{
}

TEST_F(sender, may_do_nothing)
{
	EXPECT_EQ(0, in_child(ask_for_status, NULL));
	EXPECT_EQ(EPERM, in_child(variant->act, NULL));
	EXPECT_TRUE(control_unchanged(&self->before));
}

/* The answer to what somebody was made to write into an open descriptor. */
static int write_request(struct fng_client *client)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_STATUS, NLM_F_ACK);
	struct nlmsghdr *header = nlmsg_hdr(msg);
	int fd = nl_socket_get_fd(client->sock);
	char answer[4096];
	ssize_t size;

	nl_complete_msg(client->sock, msg);
	if (write(fd, header, header->nlmsg_len) < 0)
		die("cannot write a request");
	size = read(fd, answer, sizeof(answer));
	header = (struct nlmsghdr *)answer;
	if (size < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		die("no answer");
	return header->nlmsg_type == NLMSG_ERROR ?
	       -((struct nlmsgerr *)NLMSG_DATA(header))->error : 0;
}

static void raise_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		die("which capabilities?");
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	if (syscall(SYS_capset, &header, data))
		die("cannot raise capabilities");
}

/* Whoever opened it has lent nothing to those who write to it, nor they to him. */
static int be_deputy(const void *arg)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	void (*const *before)(void) = arg;

	if (*before)
		(*before)();
	hold_connection(NULL);
	if (connect(nl_socket_get_fd(held.sock), (struct sockaddr *)&kernel,
		    sizeof(kernel)))
		die("cannot connect to the kernel");
	raise_capabilities();
	return write_request(&held);
}

TEST(descriptor_of_somebody_else)
{
	static void (*const nothing)(void);
	static void (*const drops[])(void) = { drop_net_admin, drop_sys_admin };
	size_t i;

	guard_client();
	EXPECT_EQ(0, in_child(be_deputy, &nothing));
	for (i = 0; i < ARRAY_SIZE(drops); i++)
		EXPECT_EQ(EPERM, in_child(be_deputy, &drops[i]));
}

static int subscribe_as_nobody(const void *arg)
{
	struct fng_stream stream;

	(void)arg;
	hold_connection(NULL);
	become_nobody();
	return -fng_stream_open(&stream, held.group);
}

static int subscribe(const void *arg)
{
	struct fng_stream stream;

	(void)arg;
	hold_connection(NULL);
	return -fng_stream_open(&stream, held.group);
}

TEST(events_are_for_root)
{
	guard_client();
	EXPECT_EQ(0, in_child(subscribe, NULL));
	EXPECT_EQ(EPERM, in_child(subscribe_as_nobody, NULL));
}

static int connect_elsewhere(const void *arg)
{
	struct fng_client client;
	int err;

	(void)arg;
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	err = fng_client_open(&client);
	if (!strstr(client.error, "initial network namespace only"))
		err = -EIO;
	return -err;
}

/* Without asking whether there is such a family here. */
static int ask_elsewhere(const void *arg)
{
	struct fng_client_status status;
	struct fng_client client;

	hold_connection(arg);
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	fng_client_open(&client);
	client.family = held.family;
	return -fng_client_status(&client, false, &status);
}

TEST(other_network_namespace)
{
	guard_client();
	EXPECT_EQ(ENOENT, in_child(connect_elsewhere, NULL));
	EXPECT_EQ(ENOENT, in_child(ask_elsewhere, NULL));
}

static const struct expected refused = {
	.err = EPERM,
	.hook = FNG_HOOK_CONTROL,
	.class = FNG_CLASS_FLOOR,
	.rule = FNG_RULE_FLOOR | FNG_FLOOR_CONTROL,
};

TEST(guarded_sender)
{
	const struct attempt attempt = { .act = ask_for_status };
	struct outcome outcome;
	struct events events;

	load_policies();
	events_start(&events);
	expect_control(_metadata, &attempt);
	run_guarded(POLICY, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &refused);
	expect_event(_metadata, &events, &outcome, &refused, FNG_FAMILY_NAME);
	events_stop(&events);
}

TEST(guarded_sender_in_audit_mode)
{
	const struct attempt attempt = { .act = ask_for_status };
	struct expected expected = refused;
	struct outcome outcome;

	load_policies();
	expected.err = 0;
	expected.audit = true;
	run_guarded(AUDIT, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* A connection from before does not help, whatever is asked. */
TEST(guarded_sender_may_do_nothing)
{
	const struct attempt attempt = { hold_connection, try_held, NULL };
	struct fng_client_status before;
	struct outcome outcome;
	struct group group;

	load_policies();
	group_make(&group, NULL);
	before = control_status();
	run_in(&group, POLICY, &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	ASSERT_EQ(1, outcome.nr);
	EXPECT_EQ(NR_REQUESTS, outcome.refusals[0].count);
	EXPECT_EQ(FNG_HOOK_CONTROL, outcome.refusals[0].hook);
	EXPECT_EQ(before.policy_gen, control_status().policy_gen);
	EXPECT_EQ(before.state, control_status().state);
	group_remove(&group);
}

/* A launcher is let do much, but not this. */
TEST(entering_sender)
{
	const struct attempt attempt = { .act = ask_for_status };
	struct outcome outcome;
	struct group group;

	load_policies();
	group_make(&group, NULL);
	group_bind(&group, POLICY);
	run_in(&group, NULL, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &refused);
	group_remove(&group);
}

static int read_error(const void *arg)
{
	struct fng_client_status status;

	(void)arg;
	fng_client_status(&held, false, &status);
	return strstr(held.error, "A policy guards the caller") ? EPERM : EIO;
}

TEST(guarded_sender_is_told_why)
{
	const struct attempt attempt = { hold_connection, read_error, NULL };
	struct outcome outcome;

	load_policies();
	run_guarded(POLICY, &attempt, &outcome);
	expect_refused(_metadata, &outcome, &refused);
}

TEST_HARNESS_MAIN
