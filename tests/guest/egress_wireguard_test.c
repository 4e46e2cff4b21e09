// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tunnel of the host's that enciphers, and so sends what a function has sent
 * later, from a thread of the kernel's.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/wireguard.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "expect.h"
#include "net.h"
#include "wire.h"

#define DEVICE	"fngwg"
#define PORT	51820

/* What is allowed is inside, and where the tunnel leads is not. */
#define POLICY								\
	"policy: wireguard\n"						\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules: [{ allow: { to: [10.8.0.2], ports: [8000/udp] } }]\n"

WIRE_OF_SUITE(wire_make_talking, wire);

/**
 * struct end - one end of the tunnel
 * @secret: each byte of its key; the kernel makes it a valid one
 * @public: the other key, which belongs to it
 * @outer: its address on the wire
 * @inner: and in the tunnel
 */
struct end {
	u8 secret;
	u8 public[WG_KEY_LEN];
	const char *outer;
	const char *inner;
};

static const struct end ends[] = {
	{
		.secret = 0x11,
		.public = {
			0x7b, 0x4e, 0x90, 0x9b, 0xbe, 0x7f, 0xfe, 0x44,
			0xc4, 0x65, 0xa2, 0x20, 0x03, 0x7d, 0x60, 0x8e,
			0xe3, 0x58, 0x97, 0xd3, 0x1e, 0xf9, 0x72, 0xf0,
			0x7f, 0x74, 0x89, 0x2c, 0xb0, 0xf7, 0x3f, 0x13,
		},
		.outer = "10.9.0.1",
		.inner = "10.8.0.1",
	},
	{
		.secret = 0x22,
		.public = {
			0x0f, 0xaa, 0x68, 0x4e, 0xd2, 0x88, 0x67, 0xb9,
			0x7f, 0x4a, 0x6a, 0x2d, 0xee, 0x5d, 0xf8, 0xce,
			0x97, 0x4e, 0x76, 0xb7, 0x01, 0x8e, 0x3f, 0x22,
			0xa1, 0xc4, 0xcf, 0x26, 0x78, 0x57, 0x0f, 0x20,
		},
		.outer = "10.9.0.2",
		.inner = "10.8.0.2",
	},
};

/* All of the tunnel leads to the other end. */
static void put_addresses(struct nl_msg *message)
{
	const struct in_addr net = { .s_addr = inet_addr("10.8.0.0") };
	struct nlattr *list = nla_nest_start(message, WGPEER_A_ALLOWEDIPS);
	struct nlattr *one = nla_nest_start(message, 0);

	nla_put_u16(message, WGALLOWEDIP_A_FAMILY, AF_INET);
	nla_put(message, WGALLOWEDIP_A_IPADDR, sizeof(net), &net);
	nla_put_u8(message, WGALLOWEDIP_A_CIDR_MASK, 24);
	nla_nest_end(message, one);
	nla_nest_end(message, list);
}

static void put_peer(struct nl_msg *message, const struct end *peer)
{
	const struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(peer->outer),
	};
	struct nlattr *list = nla_nest_start(message, WGDEVICE_A_PEERS);
	struct nlattr *one = nla_nest_start(message, 0);

	nla_put(message, WGPEER_A_PUBLIC_KEY, sizeof(peer->public),
		peer->public);
	nla_put(message, WGPEER_A_ENDPOINT, sizeof(at), &at);
	put_addresses(message);
	nla_nest_end(message, one);
	nla_nest_end(message, list);
}

static void set_keys(const struct end *own, const struct end *peer)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_msg *message = nlmsg_alloc();
	u8 secret[WG_KEY_LEN];

	memset(secret, own->secret, sizeof(secret));
	if (!sock || genl_connect(sock) || !message)
		die("no netlink");
	genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ,
		    genl_ctrl_resolve(sock, WG_GENL_NAME), 0, 0,
		    WG_CMD_SET_DEVICE, WG_GENL_VERSION);
	nla_put_string(message, WGDEVICE_A_IFNAME, DEVICE);
	nla_put(message, WGDEVICE_A_PRIVATE_KEY, sizeof(secret), secret);
	nla_put_u16(message, WGDEVICE_A_LISTEN_PORT, PORT);
	put_peer(message, peer);
	if (nl_send_sync(sock, message))
		die("%s takes no keys", DEVICE);
	nl_socket_free(sock);
}

static void make_end(const struct end *own, const struct end *peer)
{
	char command[256];

	if (system("ip link add " DEVICE " type wireguard"))
		die("only one end has WireGuard");
	set_keys(own, peer);
	snprintf(command, sizeof(command), "ip addr add %s/24 dev " DEVICE
		 " && ip link set " DEVICE " up", own->inner);
	if (system(command))
		die("the tunnel leads nowhere");
}

FIXTURE(wireguard) {
	bool made;
	int far;
};

FIXTURE_SETUP(wireguard)
{
	guard_load(POLICY);
	self->made = !system("modprobe -q wireguard");
	if (!self->made)
		return;
	make_end(&ends[0], &ends[1]);
	wire_enter(&wire);
	make_end(&ends[1], &ends[0]);
	self->far = net_bind(ends[1].inner, 8000, SOCK_DGRAM);
	wire_leave(&wire);
}

FIXTURE_TEARDOWN(wireguard)
{
	if (self->made && system("ip link del " DEVICE))
		die("the tunnel stays");
}

static bool hears(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char data[16];

	return poll(&wait, 1, 5000 * (int)patience()) == 1 &&
	       read(fd, data, sizeof(data)) > 0;
}

/* Once the ends know each other, what is sent keeps its socket. */
TEST_F(wireguard, is_judged_by_what_goes_in)
{
	const struct target in = { .address = "10.8.0.2", .port = 8000,
				   .type = SOCK_DGRAM };
	const struct target other = { .address = "10.8.0.3", .port = 8000,
				      .type = SOCK_DGRAM };
	const struct target outer = { .address = "10.9.0.2", .port = PORT,
				      .type = SOCK_DGRAM };
	struct attempt attempt = { .act = net_send, .arg = &in };
	const struct expected expected = {
		.err = ECONNREFUSED,
		.hook = FNG_HOOK_SOCKET_SENDMSG,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;

	if (!self->made)
		SKIP(return, "the kernel has no WireGuard");
	expect_control(_metadata, &attempt);
	EXPECT_TRUE(hears(self->far));
	run_guarded("wireguard", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_TRUE(hears(self->far));
	attempt.arg = &other;
	run_guarded("wireguard", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	attempt.arg = &outer;
	run_guarded("wireguard", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
