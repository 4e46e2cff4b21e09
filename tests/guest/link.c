// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ethernet devices that are made and removed fast, without starting a program.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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
static void silence(const char *name)
{
	char setting[64];

	snprintf(setting, sizeof(setting), "ipv6/conf/%s/disable_ipv6", name);
	net_set(setting, "1");
}

static void set_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(request.ifr_name, name);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		die("the device %s cannot be set up", name);
	close(fd);
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
	silence(request.ifr_name);
	set_up(request.ifr_name);
}

/* Sends a request of the kernel's own family for devices. */
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

static struct nl_msg *message_about(int type, int flags, u32 ifindex)
{
	const struct ifinfomsg info = { .ifi_index = (int)ifindex };
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (!message || nlmsg_append(message, (void *)&info, sizeof(info),
				     NLMSG_ALIGNTO))
		die("no message");
	return message;
}

void link_make_veth(struct link *link)
{
	static const char *const ends[] = { NAME "a", NAME "b" };
	struct nl_msg *message = message_about(RTM_NEWLINK,
					       NLM_F_CREATE | NLM_F_EXCL, 0);
	struct nlattr *kind, *data, *peer;
	const struct ifinfomsg info = { 0 };
	int i;

	nla_put_string(message, IFLA_IFNAME, ends[0]);
	kind = nla_nest_start(message, IFLA_LINKINFO);
	nla_put_string(message, IFLA_INFO_KIND, "veth");
	data = nla_nest_start(message, IFLA_INFO_DATA);
	peer = nla_nest_start(message, VETH_INFO_PEER);
	nlmsg_append(message, (void *)&info, sizeof(info), NLMSG_ALIGNTO);
	nla_put_string(message, IFLA_IFNAME, ends[1]);
	nla_nest_end(message, peer);
	nla_nest_end(message, data);
	nla_nest_end(message, kind);
	if (request_link(message))
		die("no veth");
	for (i = 0; i < 2; i++) {
		silence(ends[i]);
		set_up(ends[i]);
	}
	*link = (struct link){ if_nametoindex(ends[0]), if_nametoindex(ends[1]),
			       -1 };
}

int link_remove(u32 ifindex)
{
	return request_link(message_about(RTM_DELLINK, 0, ifindex));
}

void link_close(struct link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}
