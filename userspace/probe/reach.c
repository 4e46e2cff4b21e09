// SPDX-License-Identifier: MIT
/*
 * Being reached: ports to listen on. And reaching the daemons of the host, by
 * their Unix sockets.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "network.h"
#include "technique.h"

/**
 * struct door - a port to listen on
 * @family: AF_INET or AF_INET6
 * @type: SOCK_STREAM or SOCK_DGRAM
 * @protocol: of the socket, 0 for the usual
 * @port: its port; 0 leaves it to the kernel
 */
struct door {
	int family;
	int type;
	int protocol;
	unsigned short port;
};

static int make_network(struct fng_case *c)
{
	(void)c;
	return fng_probe_make_network();
}

static int open_door(struct fng_case *c)
{
	const struct door *door = c->technique->arg;

	return fng_probe_listen(door->family, door->type, door->protocol,
				door->port);
}

/**
 * struct daemon - a process of the host that serves on a Unix socket
 * @name: its path, or what its abstract name begins with, behind an '@'
 * @type: SOCK_STREAM or SOCK_DGRAM
 */
struct daemon {
	const char *name;
	int type;
};

/* Who served the case before may be dying still, and has its abstract name until then. */
static socklen_t address_of(const struct fng_case *c,
			    struct sockaddr_un *address)
{
	const struct daemon *daemon = c->technique->arg;
	const size_t size = sizeof(address->sun_path);
	int len;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (*daemon->name != '@') {
		len = snprintf(address->sun_path, size, "%s", daemon->name);
	} else {
		len = snprintf(address->sun_path, size, "%s-%d", daemon->name,
			       c->pid);
		address->sun_path[0] = '\0';
	}
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static int serve(struct fng_case *c)
{
	const struct daemon *daemon = c->technique->arg;
	int fd = socket(AF_UNIX, daemon->type | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	socklen_t size = address_of(c, &address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) ||
	    (daemon->type == SOCK_STREAM && listen(fd, 1)))
		return errno;
	return 0;
}

static int have_daemon(struct fng_case *c)
{
	return fng_probe_have_outside(c, serve);
}

/* Of what serves there, the socket is a stand-in. */
static int have_runtime(struct fng_case *c)
{
	return fng_act_call(mount("fnguard-probe", "/run", "tmpfs", 0,
				  "size=1m,mode=0755")) ?:
		       have_daemon(c);
}

static int call_daemon(struct fng_case *c)
{
	const struct daemon *daemon = c->technique->arg;
	int fd = socket(AF_UNIX, daemon->type | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	socklen_t size = address_of(c, &address);

	if (connect(fd, (struct sockaddr *)&address, size))
		return errno;
	return fng_act_fd(fd);
}

static int send_to_daemon(struct fng_case *c)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	socklen_t size = address_of(c, &address);

	return fng_act_call(sendto(fd, "?", 1, 0, (struct sockaddr *)&address,
				   size));
}

#define BACK_DOOR 4444
#define DOOR(family, type, protocol, port) \
	(&(const struct door){ family, type, protocol, port })
#define DAEMON(name, type) (&(const struct daemon){ name, type })
#define NO_DOORS FNG_REMEDY("listen", "default: deny")
#define NO_DAEMONS FNG_REMEDY("unix", "default: deny")

const struct fng_technique fng_techniques_reach[] = {
	{ "back-door", FNG_THREAT_LEAK, NULL, "listen for a shell over TCP",
	  make_network, open_door, DOOR(AF_INET, SOCK_STREAM, 0, BACK_DOOR),
	  NO_DOORS },
	{ "back-door-v6", FNG_THREAT_LEAK, NULL,
	  "listen for a shell over TCP and IPv6", make_network, open_door,
	  DOOR(AF_INET6, SOCK_STREAM, 0, BACK_DOOR), NO_DOORS },
	{ "back-door-any", FNG_THREAT_LEAK, NULL,
	  "listen at whatever port the kernel finds", make_network, open_door,
	  DOOR(AF_INET, SOCK_STREAM, 0, 0), NO_DOORS },
	{ "back-door-mptcp", FNG_THREAT_LEAK, NULL,
	  "listen for a shell over Multipath TCP", make_network, open_door,
	  DOOR(AF_INET, SOCK_STREAM, IPPROTO_MPTCP, BACK_DOOR), NO_DOORS },
	{ "back-door-udp", FNG_THREAT_LEAK, "T1205",
	  "wait for a datagram that is a signal", make_network, open_door,
	  DOOR(AF_INET, SOCK_DGRAM, 0, BACK_DOOR), NO_DOORS },
	{ "daemon", FNG_THREAT_PRIVILEGE, "T1559",
	  "connect to a daemon of the host by the path of its socket",
	  have_daemon, call_daemon, DAEMON("daemon.sock", SOCK_STREAM),
	  NO_DAEMONS },
	{ "container-runtime", FNG_THREAT_PRIVILEGE, "T1611",
	  "connect to the runtime of containers", have_runtime, call_daemon,
	  DAEMON("/run/docker.sock", SOCK_STREAM), NO_DAEMONS },
	{ "daemon-abstract", FNG_THREAT_PRIVILEGE, "T1559",
	  "connect to a daemon of the host by an abstract name", have_daemon,
	  call_daemon, DAEMON("@fnguard-probe", SOCK_STREAM), NO_DAEMONS },
	{ "daemon-datagram", FNG_THREAT_PRIVILEGE, "T1559",
	  "send a datagram to a daemon of the host", have_daemon,
	  send_to_daemon, DAEMON("daemon.sock", SOCK_DGRAM), NO_DAEMONS },
	{ "daemon-datagram-connected", FNG_THREAT_PRIVILEGE, "T1559",
	  "connect a datagram socket to a daemon of the host", have_daemon,
	  call_daemon, DAEMON("@fnguard-probe", SOCK_DGRAM), NO_DAEMONS },
	{ 0 },
};
