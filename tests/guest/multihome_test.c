// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection to where a function may go grows to where it may not: a peer says
 * that it has more addresses, or the function does. MPTCP opens connections to
 * these by itself, and SCTP asks whether somebody is there.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/sctp.h>
#include <sys/prctl.h>

#include "expect.h"
#include "net.h"
#include "wire.h"

#define MULTIHOME_POLICY						\
	"policy: multihome\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [10.9.0.2/31]\n"					\
	"        ports: [8000/tcp, 8000/sctp]\n"

#define NO_PROTOCOL	"the kernel has no such protocol"

#define PORT		8000
#define OTHER_PORT	8001

/* Addresses of the peer: where everybody starts, and where that leads. */
#define FIRST		"10.9.0.2"
#define ALLOWED		"10.9.0.3"
#define DENIED		"10.9.0.4"

/* Milliseconds after which SCTP tries again where it never heard from. */
#define UNMEASURED	3000

/* Twentieths of a second that a peer may take on a fast kernel. */
#define SOON		40

static void make_neighbours(struct wire *wire)
{
	wire_make_talking(wire);
	wire_guest_runs(wire, "ip addr add " ALLOWED "/24 dev eth0 && "
			"ip addr add " DENIED "/24 dev eth0");
}

EVENTS_OF_SUITE(events);
WIRE_OF_SUITE(make_neighbours, wire);

static struct sockaddr_in address_of(const char *address, u16 port)
{
	return (struct sockaddr_in) {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = inet_addr(address),
	};
}

static int open_socket(int type, int protocol)
{
	int fd = socket(AF_INET, type, protocol);

	if (fd < 0)
		die("no socket of protocol %d", protocol);
	return fd;
}

/**
 * struct seat - a socket that is to be bound
 * @fd: the socket
 * @at: where
 */
struct seat {
	int fd;
	struct sockaddr_in at;
};

static bool is_bound(const void *arg)
{
	const struct seat *seat = arg;

	return !bind(seat->fd, (const void *)&seat->at, sizeof(seat->at));
}

/*
 * The peer of the row before may still be about to end. SCTP is only at addresses
 * that it was bound to.
 */
static int listen_first(int type, int protocol)
{
	const struct seat seat = {
		.fd = open_socket(type, protocol),
		.at = address_of(protocol == IPPROTO_SCTP ? FIRST : "0.0.0.0",
				 PORT),
	};
	int on = 1;

	setsockopt(seat.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!await_state(is_bound, &seat, 5) || listen(seat.fd, 8))
		die("nobody listens");
	return seat.fd;
}

/* Moments later, somewhere else may be reached. */
static int await(bool (*reached)(int fd, const struct sockaddr_in *at), int fd,
		 const struct sockaddr_in *at)
{
	u32 i;

	for (i = 0; i < SOON * patience(); i++) {
		if (reached(fd, at))
			return 0;
		usleep(50000);
	}
	return ETIMEDOUT;
}

/**
 * struct way - how a connection grows
 * @protocol: of IP
 * @prepare: sets the network namespace of the peer up
 * @serve: what it does there with its socket; does not return
 * @grow: connects, and waits until the second address is reached
 * @second: that address
 * @port: its port
 */
struct way {
	int protocol;
	void (*prepare)(const struct way *way);
	void (*serve)(const struct way *way, int fd);
	int (*grow)(const struct way *way, int fd);
	const char *second;
	u16 port;
};

/* MPTCP: the peer offers an address, and the kernel connects to it. */

static void accept_offers(void)
{
	if (system("ip mptcp limits set subflows 4 add_addr_accepted 4"))
		die("no offers are accepted");
}

static void offer(const struct way *way)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "ip mptcp endpoint flush && "
		 "ip mptcp endpoint add %s %s signal", way->second,
		 way->port == PORT ? "" : "port 8001");
	shell(command);
}

static void __attribute__((noreturn)) echo(const struct way *way, int listener)
{
	char byte;
	int fd;

	(void)way;
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0 || read(fd, &byte, 1) != 1 ||
		    write(fd, &byte, 1) != 1)
			die("nobody was served");
	}
}

/* As /proc/net/tcp has it. */
static bool is_connected(int fd, const struct sockaddr_in *at)
{
	char wanted[32], line[256];
	FILE *in = fopen("/proc/self/net/tcp", "r");
	bool found = false;

	(void)fd;
	if (!in)
		die("no list of connections");
	snprintf(wanted, sizeof(wanted), " %08X:%04X 01 ", at->sin_addr.s_addr,
		 ntohs(at->sin_port));
	while (!found && fgets(line, sizeof(line), in))
		found = strstr(line, wanted);
	fclose(in);
	return found;
}

static int be_offered(const struct way *way, int fd)
{
	const struct sockaddr_in first = address_of(FIRST, PORT);
	const struct sockaddr_in second = address_of(way->second, way->port);
	char byte = '?';

	if (connect(fd, (const void *)&first, sizeof(first)) ||
	    write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
		return errno;
	return await(is_connected, fd, &second);
}

/* SCTP: a connection has several addresses at each end. */

static void allow_changes(const struct way *way)
{
	(void)way;
	net_set("sctp/addip_enable", "1");
	net_set("sctp/addip_noauth_enable", "1");
}

static void add_second(const struct way *way, int fd)
{
	const struct sockaddr_in at = address_of(way->second, PORT);

	if (setsockopt(fd, IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD, &at,
		       sizeof(at)))
		die("no second address");
}

static void __attribute__((noreturn)) be_at_both(const struct way *way, int fd)
{
	add_second(way, fd);
	for (;;)
		pause();
}

/* Tells of it once there is a connection. */
static void __attribute__((noreturn)) add_later(const struct way *way, int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		die("nobody said a word");
	add_second(way, fd);
	for (;;)
		pause();
}

static void ask_there(int fd, const struct sockaddr_in *at)
{
	struct sctp_paddrparams demand = { .spp_flags = SPP_HB_DEMAND };

	memcpy(&demand.spp_address, at, sizeof(*at));
	setsockopt(fd, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &demand,
		   sizeof(demand));
}

/*
 * Somebody has answered from there, so that it is known how long that takes. An
 * address that was named to the kernel is active before anybody was asked.
 */
static bool is_answered(int fd, const struct sockaddr_in *at)
{
	struct sctp_paddrinfo info = { 0 };
	socklen_t size = sizeof(info);

	memcpy(&info.spinfo_address, at, sizeof(*at));
	if (getsockopt(fd, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info, &size))
		return false;
	if (info.spinfo_state == SCTP_ACTIVE && info.spinfo_rto < UNMEASURED)
		return true;
	ask_there(fd, at);
	return false;
}

static int connect_to_all(int fd, const struct sockaddr_in *all, size_t nr)
{
	return errno_of(setsockopt(fd, IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX, all,
				   nr * sizeof(*all)));
}

static int be_told(const struct way *way, int fd)
{
	const struct sockaddr_in first = address_of(FIRST, PORT);
	const struct sockaddr_in second = address_of(way->second, PORT);

	if (connect(fd, (const void *)&first, sizeof(first)) ||
	    write(fd, "?", 1) != 1)
		return errno;
	return await(is_answered, fd, &second);
}

static int name_both(const struct way *way, int fd)
{
	const struct sockaddr_in both[] = {
		address_of(FIRST, PORT), address_of(way->second, PORT)
	};

	return connect_to_all(fd, both, ARRAY_SIZE(both)) ?:
	       await(is_answered, fd, &both[1]);
}

/* What is sent goes there first. */
static int prefer_second(const struct way *way, int fd)
{
	const struct sockaddr_in both[] = {
		address_of(FIRST, PORT), address_of(way->second, PORT)
	};
	struct sctp_setprim preferred = { 0 };

	memcpy(&preferred.ssp_addr, &both[1], sizeof(both[1]));
	if (connect_to_all(fd, both, ARRAY_SIZE(both)) ||
	    setsockopt(fd, IPPROTO_SCTP, SCTP_PRIMARY_ADDR, &preferred,
		       sizeof(preferred)) ||
	    write(fd, "?", 1) != 1)
		return errno;
	return await(is_answered, fd, &both[1]);
}

/* No hook is asked, so that it takes as long as nobody answers. */
static int name_second(const struct way *way, int fd)
{
	const struct sockaddr_in second = address_of(way->second, PORT);
	const struct sctp_initmsg once = {
		.sinit_max_attempts = 1, .sinit_max_init_timeo = 200,
	};

	if (setsockopt(fd, IPPROTO_SCTP, SCTP_INITMSG, &once, sizeof(once)))
		die("no less attempts");
	return connect_to_all(fd, &second, 1);
}

FIXTURE(multihome) {
};

/* @kept: the second address is not reached. */
FIXTURE_VARIANT(multihome) {
	struct way way;
	bool kept;
};

#define ROW(name, is_kept, number, before, peer, own, where, at)		\
	FIXTURE_VARIANT_ADD(multihome, name) {				\
		.way = { number, before, peer, own, where, at },	\
		.kept = is_kept,					\
	}
#define MPTCP(name, is_kept, where, at)					\
	ROW(mptcp_##name, is_kept, IPPROTO_MPTCP, offer, echo,		\
	    be_offered, where, at)
#define SCTP(name, is_kept, peer, own, where)				\
	ROW(sctp_##name, is_kept, IPPROTO_SCTP, allow_changes, peer,	\
	    own, where, PORT)

MPTCP(offered, false, ALLOWED, PORT);
MPTCP(offered_denied, true, DENIED, PORT);
MPTCP(offered_other_port_denied, true, ALLOWED, OTHER_PORT);
SCTP(told, false, be_at_both, be_told, ALLOWED);
SCTP(told_denied, true, be_at_both, be_told, DENIED);
SCTP(told_later, false, add_later, be_told, ALLOWED);
SCTP(told_later_denied, true, add_later, be_told, DENIED);
SCTP(named, false, be_at_both, name_both, ALLOWED);
SCTP(named_denied, true, be_at_both, name_both, DENIED);
SCTP(preferred, false, be_at_both, prefer_second, ALLOWED);
SCTP(preferred_denied, true, be_at_both, prefer_second, DENIED);
SCTP(alone, false, be_at_both, name_second, ALLOWED);
SCTP(alone_denied, true, be_at_both, name_second, DENIED);

static int type_of(const struct way *way, bool peer)
{
	return peer && way->protocol == IPPROTO_SCTP ? SOCK_SEQPACKET :
						       SOCK_STREAM;
}

/* It is where nothing is guarded, and nothing is accepted that it is offered. */
static void start_peer(const struct way *way)
{
	int fd;

	wire_enter(&wire);
	way->prepare(way);
	fd = listen_first(type_of(way, true), way->protocol);
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		way->serve(way, fd);
	}
	close(fd);
	wire_leave(&wire);
}

static bool is_available(const struct way *way)
{
	return !errno_of_fd(socket(AF_INET, SOCK_STREAM, way->protocol));
}

FIXTURE_SETUP(multihome)
{
	const struct way *way = &variant->way;

	if (way->protocol == IPPROTO_SCTP && system("modprobe -q sctp"))
		TH_LOG("there is no SCTP");
	guard_load(MULTIHOME_POLICY);
	if (!is_available(way))
		return;
	if (way->protocol == IPPROTO_SCTP)
		allow_changes(way);
	else
		accept_offers();
	start_peer(way);
}

FIXTURE_TEARDOWN(multihome)
{
}

static int grow(const void *arg)
{
	const struct way *way = arg;

	return way->grow(way, open_socket(type_of(way, false), way->protocol));
}

TEST_F(multihome, works_unguarded)
{
	const struct attempt attempt = { .act = grow, .arg = &variant->way };

	if (!is_available(&variant->way))
		SKIP(return, NO_PROTOCOL);
	expect_control(_metadata, &attempt);
}

/* How often it is tried is the protocol's affair. */
static void expect_kept(struct __test_metadata *_metadata,
			const struct way *way, const struct outcome *outcome)
{
	const struct refusal *row = &outcome->refusals[0];
	char line[EVENT_LINE_SIZE], text[64];

	EXPECT_EQ(ETIMEDOUT, outcome->err);
	ASSERT_EQ(1, outcome->nr);
	EXPECT_EQ(FNG_HOOK_LOCAL_OUT, row->hook);
	EXPECT_EQ(FNG_CLASS_EGRESS, row->class);
	EXPECT_LE(1, row->count);
	snprintf(text, sizeof(text), " %s port %u/%s -> ", way->second,
		 way->port, way->protocol == IPPROTO_SCTP ? "sctp" : "tcp");
	ASSERT_TRUE(events_find(&events, "denied", outcome->cgroup, line));
	expect_text(_metadata, line, text);
}

TEST_F(multihome, is_judged)
{
	const struct attempt attempt = { .act = grow, .arg = &variant->way };
	struct outcome outcome;

	if (!is_available(&variant->way))
		SKIP(return, NO_PROTOCOL);
	run_guarded("multihome", &attempt, &outcome);
	if (variant->kept)
		expect_kept(_metadata, &variant->way, &outcome);
	else
		expect_allowed(_metadata, &outcome);
	if (!_metadata->passed)
		outcome_print(&outcome);
}

TEST_HARNESS_MAIN
