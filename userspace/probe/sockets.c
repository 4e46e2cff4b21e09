// SPDX-License-Identifier: MIT
/*
 * Sockets that get around what rules for addresses can judge.
 *
 * A kind whose module is not loaded is not tried: the control would load it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "technique.h"

/**
 * struct kind - a kind of socket
 * @family: AF_*
 * @type: SOCK_*
 * @protocol: its protocol
 * @name: what /proc/net/protocols calls it; NULL for netlink
 */
struct kind {
	int family;
	int type;
	int protocol;
	const char *name;
};

/* Every protocol of netlink has a socket of the kernel, whose owner is 0. */
static bool is_listed(const struct kind *kind, const char *line)
{
	int protocol, owner, length = 0;

	if (!kind->name)
		return sscanf(line, "%*s %d %d", &protocol, &owner) == 2 &&
		       protocol == kind->protocol && !owner;
	sscanf(line, "%*s%n", &length);
	return length == (int)strlen(kind->name) &&
	       !strncmp(line, kind->name, length);
}

static int find(struct fng_case *c)
{
	const struct kind *kind = c->technique->arg;
	FILE *list = fopen(
		kind->name ? "/proc/net/protocols" : "/proc/net/netlink", "re");
	bool found = false;
	char line[256];

	if (!list)
		return errno;
	while (!found && fgets(line, sizeof(line), list))
		found = is_listed(kind, line);
	fclose(list);
	return found ? 0 : EPROTONOSUPPORT;
}

static int make(struct fng_case *c)
{
	const struct kind *kind = c->technique->arg;

	return fng_act_fd(socket(kind->family, kind->type | SOCK_CLOEXEC,
				 kind->protocol));
}

#define KIND(family, type, protocol, name) \
	(&(const struct kind){ family, type, protocol, name })
#define NETLINK(protocol) KIND(AF_NETLINK, SOCK_RAW, protocol, NULL)
#define FAMILIES FNG_REMEDY("sockets", "families: [unix, inet, inet6]")
#define TYPES FNG_REMEDY("sockets", "types: [stream, dgram]")

const struct fng_technique fng_techniques_sockets[] = {
	{ "packet-socket", FNG_THREAT_LEAK, "T1040",
	  "listen to every packet of the host (AF_PACKET)", find, make,
	  KIND(AF_PACKET, SOCK_RAW, 0, "PACKET"), FAMILIES },
	{ "packet-socket-cooked", FNG_THREAT_LEAK, "T1040",
	  "send packets past the firewall (AF_PACKET, SOCK_DGRAM)", find, make,
	  KIND(AF_PACKET, SOCK_DGRAM, 0, "PACKET"), FAMILIES },
	{ "raw-socket", FNG_THREAT_LEAK, "T1095",
	  "make packets by hand (SOCK_RAW)", find, make,
	  KIND(AF_INET, SOCK_RAW, IPPROTO_ICMP, "RAW"), TYPES },
	{ "raw-socket-v6", FNG_THREAT_LEAK, "T1095",
	  "make packets by hand (SOCK_RAW, IPv6)", find, make,
	  KIND(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "RAWv6"), TYPES },
	{ "vsock", FNG_THREAT_LEAK, "T1048",
	  "talk to the hypervisor (AF_VSOCK)", find, make,
	  KIND(AF_VSOCK, SOCK_STREAM, 0, "AF_VSOCK"), FAMILIES },
	{ "xdp-socket", FNG_THREAT_LEAK, "T1040",
	  "take packets from a device (AF_XDP)", find, make,
	  KIND(AF_XDP, SOCK_RAW, 0, "XDP"), FAMILIES },
	{ "crypto-socket", FNG_THREAT_PRIVILEGE, "T1068",
	  "reach the kernel's ciphers (AF_ALG)", find, make,
	  KIND(AF_ALG, SOCK_SEQPACKET, 0, "ALG"), FAMILIES },
	{ "generic-netlink", FNG_THREAT_PRIVILEGE, "T1068",
	  "talk to kernel modules (generic netlink)", find, make,
	  NETLINK(NETLINK_GENERIC), FAMILIES },
	{ "netfilter-netlink", FNG_THREAT_PRIVILEGE, "T1562.004",
	  "talk to the firewall (netfilter netlink)", find, make,
	  NETLINK(NETLINK_NETFILTER), FAMILIES },
	{ "xfrm-netlink", FNG_THREAT_PRIVILEGE, "T1572",
	  "set up tunnels (xfrm netlink)", find, make, NETLINK(NETLINK_XFRM),
	  FAMILIES },
	{ "audit-netlink", FNG_THREAT_PRIVILEGE, "T1562.001",
	  "talk to the audit subsystem", find, make, NETLINK(NETLINK_AUDIT),
	  FAMILIES },
	{ "device-netlink", FNG_THREAT_LEAK, "T1120",
	  "hear of the host's devices", find, make,
	  NETLINK(NETLINK_KOBJECT_UEVENT), FAMILIES },
	{ "sctp-socket", FNG_THREAT_LEAK, "T1048",
	  "make an SCTP socket, of many addresses", find, make,
	  KIND(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, "SCTP"), TYPES },
	{ 0 },
};
