/* SPDX-License-Identifier: MIT */
/*
 * The network of a case: one of its own, whose only device is the loopback
 * device. That has addresses of the outside world, so that nothing which is sent to
 * these leaves the host, and an answer comes.
 */
#ifndef PROBE_NETWORK_H
#define PROBE_NETWORK_H

#include <netinet/in.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* Of those that are for documentation; and that of the metadata service. */
#define FNG_PROBE_V4 "198.51.100.7"
#define FNG_PROBE_V6 "2001:db8::7"
#define FNG_PROBE_METADATA "169.254.169.254"

/*
 * Each returns 0 or an errno. The peer answers over TCP and UDP. Who listens does
 * so as long as the case runs; without a port, listen() finds one.
 */
int fng_probe_make_network(void);
int fng_probe_make_peer(int family, unsigned short port);
int fng_probe_listen(int family, int type, int protocol, unsigned short port);

#endif /* PROBE_NETWORK_H */
