// SPDX-License-Identifier: GPL-2.0-only
/*
 * Destinations that are not one machine somewhere else: many at once, this host
 * itself, by way of others, and inside of another packet.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ip.h>

#include "expect.h"
#include "net.h"
#include "setting.h"
#include "wire.h"

/* What a rule allows, and something beside it that none does. */
#define POLICY								\
	"policy: odd\n"							\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - allow:\n"						\
	"        to: [239.1.0.1, \"ff05::1\", 10.9.0.255, \"@loopback\", 10.8.0.2]\n" \
	"        ports: [8000/udp, 8000/tcp]\n"

WIRE_OF_SUITE(wire_make_talking, wire);
EVENTS_OF_SUITE(events);

FIXTURE(odd) {
};

FIXTURE_VARIANT(odd) {
	struct target to;
	int (*act)(const void *arg);
	int hook;		/* 0: it is allowed */
	int err;
	const char *object;
};

static int send_to(int fd, const struct target *to)
{
	struct sockaddr_storage address;
	socklen_t size = target_address(to, &address);

	if (target_family(to) == AF_INET6)
		((struct sockaddr_in6 *)&address)->sin6_scope_id = wire.ifindex;
	return errno_of(sendto(fd, "?", 1, 0, (struct sockaddr *)&address,
			       size));
}

static int open_for_many(const struct target *to)
{
	struct ip_mreqn device = { .imr_ifindex = (int)wire.ifindex };
	int index = (int)wire.ifindex, on = 1;
	int fd = socket(target_family(to), SOCK_DGRAM, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) ||
	    (target_family(to) == AF_INET ?
	     setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &device,
			sizeof(device)) :
	     setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index,
			sizeof(index))))
		die("nobody can send to many");
	return fd;
}

static int send_to_many(const void *arg)
{
	return send_to(open_for_many(arg), arg);
}

/* From an address, which tells by which device. */
static int send_to_everybody(const void *arg)
{
	const struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = inet_addr("10.9.0.1"),
	};
	int fd = open_for_many(arg);

	if (bind(fd, (struct sockaddr *)&from, sizeof(from)))
		die("the address is not there");
	return send_to(fd, arg);
}

static void join_v4(int fd, const struct target *group)
{
	struct ip_mreqn request = { .imr_ifindex = (int)wire.ifindex };

	request.imr_multiaddr.s_addr = inet_addr(group->address);
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request,
		       sizeof(request)))
		die("the group cannot be joined");
}

static void join_v6(int fd, const struct target *group)
{
	struct ipv6_mreq request = { .ipv6mr_interface = wire.ifindex };

	inet_pton(AF_INET6, group->address, &request.ipv6mr_multiaddr);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &request,
		       sizeof(request)))
		die("the group cannot be joined");
}

static int send_to_joined(const void *arg)
{
	int fd = open_for_many(arg);

	(target_family(arg) == AF_INET ? join_v4 : join_v6)(fd, arg);
	return send_to(fd, arg);
}

/* A way of its own for one datagram, over the first hop. */
static int send_by_way(const void *arg, int option)
{
	const struct target hop = { .address = "127.9.0.1", .port = 8000 };
	const struct target *to = arg;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(8)];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(8),
		.cmsg_level = IPPROTO_IP,
		.cmsg_type = IP_RETOPTS,
	} };
	unsigned char way[8] = { IPOPT_NOOP, option, 7, 4 };
	in_addr_t over = inet_addr(hop.address);
	struct sockaddr_storage address;
	struct iovec data = { "?", 1 };
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = target_address(to, &address),
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	memcpy(&way[4], &over, sizeof(over));
	memcpy(CMSG_DATA(&control.header), way, sizeof(way));
	return errno_of(sendmsg(socket(AF_INET, SOCK_DGRAM, 0), &message, 0));
}

static int send_loosely(const void *arg)
{
	return send_by_way(arg, IPOPT_LSRR);
}

static int send_strictly(const void *arg)
{
	return send_by_way(arg, IPOPT_SSRR);
}

/* The last segment comes first; it takes no privilege to say so. */
static int send_by_segments(const void *arg)
{
	struct {
		u8 next, length, type, left, last, flags;
		u16 tag;
		struct in6_addr segments[2];
	} way = { .length = 4, .type = 4, .left = 1, .last = 1 };
	const struct target *to = arg;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	inet_pton(AF_INET6, to->address, &way.segments[0]);
	inet_pton(AF_INET6, "fd09::9", &way.segments[1]);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, &way, sizeof(way)))
		die("no segments");
	return send_to(fd, to);
}

#define ROW(name, how, ip, ...)						\
	FIXTURE_VARIANT_ADD(odd, name) {				\
		.act = how,						\
		.to = { .address = ip, .port = 8000, .type = SOCK_DGRAM }, \
		__VA_ARGS__						\
	}
#define NO_SEND(text)							\
	.hook = FNG_HOOK_SOCKET_SENDMSG, .err = ECONNREFUSED, .object = text
#define NO_CONNECT(text)						\
	.hook = FNG_HOOK_SOCKET_CONNECT, .err = ECONNREFUSED, .object = text
#define NO_PACKET(text)							\
	.hook = FNG_HOOK_LOCAL_OUT, .err = EPERM, .object = text

ROW(group, send_to_many, "239.1.0.1");
ROW(group_denied, send_to_many, "239.1.0.2", NO_SEND("239.1.0.2 port 8000/udp"));
ROW(group_joined, send_to_joined, "239.1.0.1");
ROW(group_joined_denied, send_to_joined, "239.1.0.2",
    NO_SEND("239.1.0.2 port 8000/udp"));
ROW(group_of_link_denied, send_to_many, "224.0.0.251",
    NO_SEND("224.0.0.251 port 8000/udp"));
ROW(group_v6, send_to_many, "ff05::1");
ROW(group_v6_denied, send_to_many, "ff05::2", NO_SEND("ff05::2 port 8000/udp"));
ROW(group_v6_joined_denied, send_to_joined, "ff05::2",
    NO_SEND("ff05::2 port 8000/udp"));
ROW(group_v6_of_link_denied, send_to_many, "ff02::1",
    NO_SEND("ff02::1 port 8000/udp"));
ROW(group_v6_of_host_denied, send_to_many, "ff01::1",
    NO_SEND("ff01::1 port 8000/udp"));
ROW(subnet, send_to_many, "10.9.0.255");
ROW(subnet_old_denied, send_to_many, "10.9.0.0",
    NO_SEND("10.9.0.0 port 8000/udp"));
ROW(everybody_denied, send_to_everybody, "255.255.255.255",
    NO_SEND("255.255.255.255 port 8000/udp"));

/* Services of the host are where it says that they are, not all on loopback. */
ROW(loopback, net_send, "127.0.0.1");
ROW(loopback_network, net_send, "127.255.0.1");
ROW(loopback_v6, net_send, "::1");
ROW(nowhere_is_loopback, net_send, "0.0.0.0");
ROW(nowhere_v6_is_loopback, net_send, "::");
ROW(own_address_denied, net_send, "10.9.0.1",
    NO_SEND("10.9.0.1 port 8000/udp"));
ROW(own_address_v6_denied, net_send, "fd09::1",
    NO_SEND("fd09::1 port 8000/udp"));
ROW(own_address_connect_denied, net_connect, "10.9.0.1",
    NO_CONNECT("10.9.0.1 port 8000/udp"));

ROW(loose_way, send_loosely, "127.1.0.1", NO_PACKET("127.9.0.1"));
ROW(strict_way, send_strictly, "127.1.0.1", NO_PACKET("127.9.0.1"));
ROW(segments, send_by_segments, "::1", NO_PACKET("fd09::9"));

FIXTURE_SETUP(odd)
{
	net_listen(8000);
	guard_load(POLICY);
}

FIXTURE_TEARDOWN(odd)
{
}

TEST_F(odd, works_unguarded)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->to };

	expect_control(_metadata, &attempt);
}

TEST_F(odd, is_judged)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = &variant->to };
	const struct expected expected = {
		.err = variant->err,
		.hook = variant->hook,
		.class = FNG_CLASS_EGRESS,
	};
	char line[EVENT_LINE_SIZE];
	struct outcome outcome;

	run_guarded("odd", &attempt, &outcome);
	if (!variant->hook) {
		expect_allowed(_metadata, &outcome);
		return;
	}
	expect_refused(_metadata, &outcome, &expected);
	ASSERT_TRUE(events_find(&events, "denied", outcome.cgroup, line));
	expect_text(_metadata, line, variant->object);
}

/*
 * A tunnel of the host's, to the other end of the wire: what goes in is judged by
 * where it goes there, and what comes out is the host's.
 */
FIXTURE(tunnel) {
};

FIXTURE_VARIANT(tunnel) {
	const char *make;
};

#define TUNNEL(name, text)						\
	FIXTURE_VARIANT_ADD(tunnel, name) { .make = text }
#define BETWEEN		" local 10.9.0.1 remote 10.9.0.2"
#define BETWEEN_V6	" local fd09::1 remote fd09::2"

TUNNEL(ipip, "type ipip" BETWEEN);
TUNNEL(sit, "type sit mode any" BETWEEN);
TUNNEL(gre, "type gre" BETWEEN);
TUNNEL(gretap, "type gretap" BETWEEN);
TUNNEL(vxlan, "type vxlan id 7 dstport 4789 dev %s" BETWEEN);
TUNNEL(geneve, "type geneve id 7 remote 10.9.0.2");
TUNNEL(ip6gre, "type ip6gre" BETWEEN_V6);
TUNNEL(ipip6, "type ip6tnl mode ipip6" BETWEEN_V6);

static bool tunnel_made;

static bool run(const char *format, const char *word)
{
	char command[256];

	snprintf(command, sizeof(command), format, word);
	return !system(command);
}

/* Some tunnels carry frames, and so look for their neighbours. */
static void make_neighbours(void)
{
	run("ip neigh replace %s lladdr 02:00:00:00:00:02 dev tunnel 2>/dev/null",
	    "10.8.0.2");
	run("ip neigh replace %s lladdr 02:00:00:00:00:02 dev tunnel 2>/dev/null",
	    "10.8.0.3");
}

FIXTURE_SETUP(tunnel)
{
	char command[256];

	guard_load(POLICY);
	snprintf(command, sizeof(command), "ip link add tunnel %s 2>/dev/null",
		 variant->make);
	tunnel_made = run(command, wire.name);
	if (!tunnel_made)
		return;
	if (!run("echo 1 >/proc/sys/net/ipv6/conf/%s/disable_ipv6 && "
		 "ip addr add 10.8.0.1/24 dev tunnel && ip link set tunnel up",
		 "tunnel"))
		die("the tunnel leads nowhere");
	make_neighbours();
}

FIXTURE_TEARDOWN(tunnel)
{
	if (tunnel_made)
		run("ip link del %s", "tunnel");
}

static u64 packets_sent(void)
{
	return setting_number("/sys/class/net/tunnel/statistics/tx_packets", "");
}

TEST_F(tunnel, is_judged_by_what_goes_in)
{
	const struct target in = { .address = "10.8.0.2", .port = 8000,
				   .type = SOCK_DGRAM };
	const struct target other = { .address = "10.8.0.3", .port = 8000,
				      .type = SOCK_DGRAM };
	struct attempt attempt = { .act = net_send, .arg = &in };
	const struct expected expected = {
		.err = ECONNREFUSED,
		.hook = FNG_HOOK_SOCKET_SENDMSG,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;
	u64 sent;

	if (!tunnel_made)
		SKIP(return, "the kernel has no such tunnel");
	expect_control(_metadata, &attempt);
	sent = packets_sent();
	run_guarded("odd", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	EXPECT_EQ(sent + 1, packets_sent());
	attempt.arg = &other;
	expect_control(_metadata, &attempt);
	run_guarded("odd", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

/* What IPsec wraps has got to no device before. */
TEST(ipsec_is_judged_by_where_it_leads)
{
	const struct target in = { .address = "10.8.0.2", .port = 8000,
				   .type = SOCK_DGRAM };
	const struct attempt attempt = { .act = net_send, .arg = &in };
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_LOCAL_OUT,
		.class = FNG_CLASS_EGRESS,
	};
	struct outcome outcome;

	guard_load(POLICY);
	if (!run("modprobe -qa esp4 cipher_null xfrm_user 2>/dev/null; "
		 "ip xfrm state add src 10.9.0.1 dst 10.9.0.2 proto esp spi 7 "
		 "mode tunnel enc '%s' ''", "ecb(cipher_null)"))
		SKIP(return, "the kernel has no IPsec");
	if (!run("ip route add %s via 10.9.0.2 && "
		 "ip xfrm policy add dst 10.8.0.2 dir out tmpl src 10.9.0.1 "
		 "dst 10.9.0.2 proto esp spi 7 mode tunnel", "10.8.0.2"))
		die("nothing is wrapped");
	expect_control(_metadata, &attempt);
	run_guarded("odd", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	run("ip xfrm policy flush && ip xfrm state flush && ip route del %s",
	    "10.8.0.2");
}

TEST_HARNESS_MAIN
