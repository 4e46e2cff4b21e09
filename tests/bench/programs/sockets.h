/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of IPv4. Nothing here may fail.
 */
#ifndef TESTS_BENCH_SOCKETS_H
#define TESTS_BENCH_SOCKETS_H

#include <netinet/in.h>
#include <sys/socket.h>

struct sockaddr_in address_of(const char *host, unsigned int port);

int new_socket(int type);

/* At @address, where the port is filled in if it is 0. */
int bound_socket(int type, struct sockaddr_in *address);

/* 0, or as connect(). */
int try_to_connect(int fd, const struct sockaddr_in *address);

int listening_socket(struct sockaddr_in *address);

/**
 * open_connection() - connect to a listening socket of our own
 * @ends: the first was made by the caller and is connected, the second accepted
 * @listener: who listens
 * @address: where
 */
void open_connection(int ends[2], int listener,
		     const struct sockaddr_in *address);

/* One byte from the one, and to the other. */
void send_byte(int from, const struct sockaddr_in *to);
void receive_byte(int fd);

/* 4 KiB from the first end to the second. */
void stream_chunk(const int ends[2]);

#endif /* TESTS_BENCH_SOCKETS_H */
