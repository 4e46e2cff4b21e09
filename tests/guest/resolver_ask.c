// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks a name server.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#include "common.h"
#include "net.h"
#include "resolver.h"

#define HEADER	12

size_t resolver_name(u8 *to, const char *name)
{
	u8 *start = to;

	while (*name) {
		size_t len = strcspn(name, ".");

		*to++ = len;
		to = mempcpy(to, name, len);
		name += len + (name[len] == '.');
	}
	*to++ = 0;
	return to - start;
}

void resolver_write(int fd, const u8 *bytes, size_t len)
{
	size_t piece;

	for (; len; bytes += piece, len -= piece) {
		piece = len > 2000 ? 1999 : len > 7 ? 7 : len;
		if (send(fd, bytes, piece, MSG_NOSIGNAL) < 0)
			return;
	}
}

size_t resolver_question(u8 *message, const char *name, u16 type)
{
	static const u8 header[HEADER] = { 0, 0, 1, 0, 0, 1 };
	static u16 id;
	size_t len;

	memcpy(message, header, HEADER);
	id++;
	message[0] = getpid() ^ id >> 8;
	message[1] = (u8)id;
	len = HEADER + resolver_name(message + HEADER, name);
	message[len++] = type >> 8;
	message[len++] = (u8)type;
	message[len++] = 0;
	message[len++] = 1;
	return len;
}

static int connect_to(const char *server, int type)
{
	const struct target target = { .address = server, .port = 53 };
	int fd = socket(target_family(&target), type, 0);
	struct sockaddr_storage to;
	socklen_t size = target_address(&target, &to);

	if (!connect(fd, (struct sockaddr *)&to, size))
		return fd;
	close(fd);
	return -1;
}

static int errno_of_time(void)
{
	return errno == EAGAIN ? ETIMEDOUT : errno;
}

static int exchange_stream(int fd, const u8 *question, size_t len, u8 *answer,
			   ssize_t *got)
{
	u16 size = htons(len);

	resolver_write(fd, (u8 *)&size, 2);
	resolver_write(fd, question, len);
	*got = recv(fd, &size, 2, MSG_WAITALL);
	if (*got != 2)
		return *got < 0 ? errno_of_time() : EPIPE;
	*got = recv(fd, answer, ntohs(size), MSG_WAITALL);
	return *got < 0 ? errno_of_time() : 0;
}

static int exchange_datagram(int fd, const u8 *question, size_t len, u8 *answer,
			     ssize_t *got)
{
	if (send(fd, question, len, 0) < 0)
		return errno;
	*got = recv(fd, answer, 65535, 0);
	return *got < 0 ? errno_of_time() : 0;
}

int resolver_ask_over(int fd, bool tcp, const char *name, u16 type,
		      struct in_addr *address)
{
	struct timeval time = { .tv_sec = 2 * patience() };
	static u8 question[512], answer[65535];
	size_t len = resolver_question(question, name, type);
	ssize_t got = 0;
	int err;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	err = tcp ? exchange_stream(fd, question, len, answer, &got) :
		    exchange_datagram(fd, question, len, answer, &got);
	if (!err && address && got >= 4)
		memcpy(address, answer + got - 4, 4);
	return err;
}

int resolver_ask(const char *server, bool tcp, const char *name, u16 type,
		 struct in_addr *address)
{
	int fd = connect_to(server, tcp ? SOCK_STREAM : SOCK_DGRAM), err;

	if (fd < 0)
		return errno;
	err = resolver_ask_over(fd, tcp, name, type, address);
	close(fd);
	return err;
}
