// SPDX-License-Identifier: MIT
/*
 * The network of a case.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "network.h"
#include "technique.h"

static int set_up(int fd)
{
	struct ifreq request = { .ifr_name = "lo",
				 .ifr_flags = IFF_UP | IFF_RUNNING };

	return fng_act_call(ioctl(fd, SIOCSIFFLAGS, &request));
}

static int add_v4(int fd, const char *label, const char *address)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, label);
	inet_pton(AF_INET, address, &sin.sin_addr);
	memcpy(&request.ifr_addr, &sin, sizeof(sin));
	return fng_act_call(ioctl(fd, SIOCSIFADDR, &request));
}

static int add_v6(const char *address)
{
	struct in6_ifreq request = {
		.ifr6_prefixlen = 128,
		.ifr6_ifindex = (int)if_nametoindex("lo"),
	};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	inet_pton(AF_INET6, address, &request.ifr6_addr);
	err = fng_act_call(ioctl(fd, SIOCSIFADDR, &request));
	close(fd);
	return err;
}

static int set_up_v4(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return errno;
	err = set_up(fd)			       ?:
		      add_v4(fd, "lo:1", FNG_PROBE_V4) ?:
		      add_v4(fd, "lo:2", FNG_PROBE_METADATA);
	close(fd);
	return err;
}

int fng_probe_make_network(void)
{
	return fng_act_call(unshare(CLONE_NEWNET)) ?: set_up_v4();
}

int fng_probe_listen(int family, int type, int protocol, unsigned short port)
{
	struct sockaddr_in6 any = { .sin6_family = family,
				    .sin6_port = htons(port) };
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	socklen_t size = family == AF_INET6 ? sizeof(any) :
					      sizeof(struct sockaddr_in);

	if (fd < 0 || (port && bind(fd, (struct sockaddr *)&any, size)) ||
	    (type == SOCK_STREAM && listen(fd, 8)))
		return errno;
	return 0;
}

int fng_probe_make_peer(int family, unsigned short port)
{
	int err = fng_probe_make_network();

	if (!err && family == AF_INET6)
		err = add_v6(FNG_PROBE_V6);
	return err							?:
		       fng_probe_listen(family, SOCK_STREAM, 0, port) ?:
		       fng_probe_listen(family, SOCK_DGRAM, 0, port);
}
