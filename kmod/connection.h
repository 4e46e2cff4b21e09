/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that cannot go on.
 */
#ifndef FNGUARD_KMOD_CONNECTION_H
#define FNGUARD_KMOD_CONNECTION_H

#include <net/sock.h>

/* Any context but a hard interrupt. */
void fng_connection_end(struct sock *sk, int err);

/* Under fng_control_mutex: before anybody ends, and after; the latter sleeps. */
void fng_connection_start(void);
void fng_connection_stop(void);

#endif /* FNGUARD_KMOD_CONNECTION_H */
