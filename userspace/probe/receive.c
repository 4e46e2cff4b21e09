// SPDX-License-Identifier: MIT
/*
 * Descriptors from an accomplice outside, who sends them over a Unix socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "network.h"
#include "technique.h"

/**
 * struct gift - what the accomplice sends
 * @make: opens it, outside; -1 with errno
 * @name: for it
 * @flags: for it
 */
struct gift {
	int (*make)(const struct gift *gift);
	const char *name;
	int flags;
};

union rights {
	char buffer[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

/* A message of one byte that has room for one descriptor. */
struct message {
	char text;
	struct iovec data;
	union rights rights;
	struct msghdr header;
};

static void lay_out(struct message *message)
{
	memset(message, 0, sizeof(*message));
	message->data = (struct iovec){ &message->text, 1 };
	message->header = (struct msghdr){
		.msg_iov = &message->data,
		.msg_iovlen = 1,
		.msg_control = &message->rights,
		.msg_controllen = sizeof(message->rights),
	};
}

static int send_gift(struct fng_case *c)
{
	const struct gift *gift = c->technique->arg;
	int fd = gift->make(gift);
	struct message message;
	struct cmsghdr *header;

	if (fd < 0)
		return errno;
	lay_out(&message);
	header = CMSG_FIRSTHDR(&message.header);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(c->fd, &message.header, 0) == 1 ? 0 : errno;
}

static int have_gift(struct fng_case *c)
{
	int ends[2], err;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends))
		return errno;
	c->fd = ends[1];
	err = fng_probe_have_outside(c, send_gift);
	c->fd = ends[0];
	close(ends[1]);
	return err;
}

static int have_gift_of_network(struct fng_case *c)
{
	return fng_probe_make_network() ?: have_gift(c);
}

/* A message from which a descriptor was taken arrives all the same, without it. */
static int take_gift(struct fng_case *c)
{
	struct message message;

	lay_out(&message);
	if (recvmsg(c->fd, &message.header, MSG_CMSG_CLOEXEC) != 1)
		return errno;
	return message.header.msg_flags & MSG_CTRUNC ? EBADF : 0;
}

static int give_file(const struct gift *gift)
{
	return open(gift->name, gift->flags | O_CLOEXEC);
}

static int give_connection(const struct gift *gift)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(443) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, gift->name, &address.sin_addr);
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

static int give_listener(const struct gift *gift)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(gift->flags) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    listen(fd, 1))
		return -1;
	return fd;
}

static int give_map(const struct gift *gift)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	(void)gift;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

#define GIFT(make, name, flags) (&(const struct gift){ make, name, flags })
#define DENY(path) \
	FNG_REMEDY("files", "- { path: \"" path "\", deny: [all] }")

const struct fng_technique fng_techniques_receive[] = {
	{ "passed-file", FNG_THREAT_LEAK, "T1003.008",
	  "receive /etc/shadow, which an accomplice has opened", have_gift,
	  take_gift, GIFT(give_file, "/etc/shadow", O_RDONLY),
	  DENY("/etc/shadow") },
	{ "passed-directory", FNG_THREAT_PRIVILEGE, "T1611",
	  "receive a directory outside, to open files below it", have_gift,
	  take_gift, GIFT(give_file, "/root", O_RDONLY | O_DIRECTORY),
	  DENY("/root") },
	{ "passed-connection", FNG_THREAT_LEAK, "T1041",
	  "receive a socket that an accomplice has connected to the outside",
	  have_gift_of_network, take_gift,
	  GIFT(give_connection, FNG_PROBE_V4, 0), &fng_remedy_egress },
	{ "passed-listener", FNG_THREAT_LEAK, NULL,
	  "receive a socket on which an accomplice listens",
	  have_gift_of_network, take_gift, GIFT(give_listener, NULL, 4444),
	  FNG_REMEDY("listen", "default: deny") },
	{ "passed-map", FNG_THREAT_PRIVILEGE, "T1068",
	  "receive a BPF map that an accomplice has made", have_gift,
	  take_gift, GIFT(give_map, NULL, 0), &fng_remedy_privileges },
	{ 0 },
};
