// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ethernet devices that are made and removed fast, without starting a program.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "link.h"
#include "net.h"

#define NAME	"fnglink"

/* Of IPv6, which would speak of addresses as soon as there is a device. */
void link_silence(const char *name)
{
	char setting[64];

	snprintf(setting, sizeof(setting), "ipv6/conf/%s/disable_ipv6", name);
	net_set(setting, "1");
}

void link_make_tap(struct link *link)
{
	struct ifreq request = {
		.ifr_name = NAME "%d", .ifr_flags = IFF_TAP | IFF_NO_PI,
	};

	*link = (struct link){
		.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC),
	};
	if (link->fd < 0 || ioctl(link->fd, TUNSETIFF, &request))
		die("no tap");
	link->ifindex = if_nametoindex(request.ifr_name);
	link_silence(request.ifr_name);
	net_set_up(request.ifr_name);
}

/* Sends a request about devices, or their addresses. */
static int request_link(struct nl_msg *message)
{
	struct nl_sock *sock = nl_socket_alloc();
	int err;

	if (!sock || nl_connect(sock, NETLINK_ROUTE))
		die("no netlink");
	err = nl_send_sync(sock, message);
	nl_socket_free(sock);
	return err;
}

/* Suites make wires before libnl knows how large a message is. */
static struct nl_msg *message_of(int type, int flags, const void *head,
				 size_t size)
{
	struct nl_msg *message = nlmsg_alloc_size(getpagesize());

	if (!message || !nlmsg_put(message, 0, 0, type, 0, flags) ||
	    nlmsg_append(message, (void *)head, size, NLMSG_ALIGNTO))
		die("no message");
	return message;
}

static struct nl_msg *message_about(int type, int flags, u32 ifindex)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };

	return message_of(type, flags, &info, sizeof(info));
}

void link_add_veth(const char *name, const char *peer, int netns)
{
	struct nl_msg *message = message_about(RTM_NEWLINK,
					       NLM_F_CREATE | NLM_F_EXCL, 0);
	struct nlattr *kind, *data, *end;
	const struct ifinfomsg info = { 0 };

	nla_put_string(message, IFLA_IFNAME, name);
	kind = nla_nest_start(message, IFLA_LINKINFO);
	nla_put_string(message, IFLA_INFO_KIND, "veth");
	data = nla_nest_start(message, IFLA_INFO_DATA);
	end = nla_nest_start(message, VETH_INFO_PEER);
	nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO);
	nla_put_string(message, IFLA_IFNAME, peer);
	if (netns >= 0)
		nla_put_u32(message, IFLA_NET_NS_FD, netns);
	nla_nest_end(message, end);
	nla_nest_end(message, data);
	nla_nest_end(message, kind);
	if (request_link(message))
		die("no veth %s", name);
}

void link_make_veth(struct link *link)
{
	static const char *const ends[] = { NAME "a", NAME "b" };
	int i;

	link_add_veth(ends[0], ends[1], -1);
	for (i = 0; i < 2; i++) {
		link_silence(ends[i]);
		net_set_up(ends[i]);
	}
	*link = (struct link){ if_nametoindex(ends[0]), if_nametoindex(ends[1]),
			       -1 };
}

void link_add_address(const char *name, const char *address, u8 prefix)
{
	bool v6 = strchr(address, ':');
	const struct ifaddrmsg info = {
		.ifa_family = v6 ? AF_INET6 : AF_INET,
		.ifa_prefixlen = prefix,
		.ifa_flags = v6 ? IFA_F_NODAD : 0,
		.ifa_index = if_nametoindex(name),
	};
	struct nl_msg *message;
	struct in6_addr bytes;
	int size = v6 ? sizeof(bytes) : sizeof(struct in_addr);

	if (inet_pton(info.ifa_family, address, &bytes) != 1)
		die("no address: %s", address);
	message = message_of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &info,
			     sizeof(info));
	nla_put(message, IFA_LOCAL, size, &bytes);
	nla_put(message, IFA_ADDRESS, size, &bytes);
	if (request_link(message))
		die("%s does not get the address %s", name, address);
}

int link_remove(u32 ifindex)
{
	return request_link(message_about(RTM_DELLINK, 0, ifindex));
}

void link_move(u32 ifindex, int netns)
{
	struct nl_msg *message = message_about(RTM_NEWLINK, 0, ifindex);

	nla_put_u32(message, IFLA_NET_NS_FD, netns);
	if (request_link(message))
		die("the device %u cannot be moved", ifindex);
}

void link_close(struct link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}
