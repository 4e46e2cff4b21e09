// SPDX-License-Identifier: MIT
/*
 * Events and the stream they come in, read in place.
 */
#include <errno.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "event.h"

/* What waits to be read while the reader is busy. */
#define RECEIVE_BUFFER	(8 << 20)
/* The largest message that the kernel sends. */
#define MESSAGE_SIZE	(64 << 10)

int fng_event_parse(struct fng_event *event, const void *data, size_t size)
{
	const struct nlattr *attr = data;
	int err;

	event->nr_verdicts = 0;
	err = fng_attrs_parse(&event->attrs, data, size);
	if (err || !event->attrs.attr[FNG_A_VERDICT])
		return err;
	while (mnl_attr_ok(attr, (const char *)data + size -
					 (const char *)attr)) {
		if (mnl_attr_get_type(attr) == FNG_A_VERDICT &&
		    event->nr_verdicts < FNG_MAX_APPLIED)
			event->verdict[event->nr_verdicts++] = attr;
		attr = mnl_attr_next(attr);
	}
	return 0;
}

int fng_stream_open(struct fng_stream *stream, int group)
{
	int size = RECEIVE_BUFFER, err;

	memset(stream, 0, sizeof(*stream));
	stream->sock = mnl_socket_open2(NETLINK_GENERIC,
					SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!stream->sock)
		return -errno;
	setsockopt(mnl_socket_get_fd(stream->sock), SOL_SOCKET,
		   SO_RCVBUFFORCE, &size, sizeof(size));
	if (mnl_socket_bind(stream->sock, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(stream->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group))) {
		err = -errno;
		fng_stream_close(stream);
		return err;
	}
	return 0;
}

void fng_stream_close(struct fng_stream *stream)
{
	if (stream->sock)
		mnl_socket_close(stream->sock);
	stream->sock = NULL;
}

int fng_stream_fd(const struct fng_stream *stream)
{
	return mnl_socket_get_fd(stream->sock);
}

/* A smaller number than before means that the module was loaded again. */
static u64 count_missed(struct fng_stream *stream,
			const struct fng_event *event)
{
	u64 seq = fng_attr_number(&event->attrs, FNG_A_SEQ), missed = 0;

	if (!seq)
		return 0;
	if (stream->seq && seq > stream->seq + 1)
		missed = seq - stream->seq - 1;
	stream->seq = seq;
	return missed;
}

static void read_event(struct fng_stream *stream, const struct nlattr *nest,
		       fng_event_fn fn, void *data)
{
	struct fng_event event;

	if (fng_event_parse(&event, mnl_attr_get_payload(nest),
			    mnl_attr_get_payload_len(nest)))
		fn(NULL, 0, data);
	else
		fn(&event, count_missed(stream, &event), data);
}

static int read_message(struct fng_stream *stream,
			const struct nlmsghdr *header, fng_event_fn fn,
			void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(header);
	const struct nlattr *attr;
	int n = 0;

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*genl) ||
	    header->nlmsg_type < NLMSG_MIN_TYPE ||
	    genl->cmd != FNG_CMD_EVENTS)
		return 0;
	mnl_attr_for_each(attr, header, sizeof(*genl)) {
		if (mnl_attr_get_type(attr) != FNG_A_EVENT)
			continue;
		read_event(stream, attr, fn, data);
		n++;
	}
	return n;
}

int fng_stream_message(struct fng_stream *stream, const void *message,
		       size_t size, fng_event_fn fn, void *data)
{
	const struct nlmsghdr *header = message;
	int left = size, n = 0;

	while (mnl_nlmsg_ok(header, left)) {
		n += read_message(stream, header, fn, data);
		header = mnl_nlmsg_next(header, &left);
	}
	return n;
}

int fng_stream_read(struct fng_stream *stream, fng_event_fn fn, void *data)
{
	static char buf[MESSAGE_SIZE] __attribute__((aligned(8)));
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t n;

	n = recvmsg(fng_stream_fd(stream), &msg, MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	if (msg.msg_flags & MSG_TRUNC)
		return -ENOBUFS;
	if (from.nl_pid) /* not the kernel */
		return 0;
	return fng_stream_message(stream, buf, n, fn, data);
}
