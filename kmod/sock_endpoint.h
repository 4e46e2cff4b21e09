/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two ends of a socket.
 */
#ifndef FNGUARD_KMOD_SOCK_ENDPOINT_H
#define FNGUARD_KMOD_SOCK_ENDPOINT_H

#include <net/sock.h>

#include "judge_egress.h"

/* Any context. */
struct fng_endpoint fng_sock_peer(const struct sock *sk);
struct fng_endpoint fng_sock_local(const struct sock *sk);

#endif /* FNGUARD_KMOD_SOCK_ENDPOINT_H */
