// SPDX-License-Identifier: MIT
/*
 * Lists. The rows are gathered first and visited afterwards, so that a list
 * which changed meanwhile can be read again without anybody having seen it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"

#define TRIES	8

/**
 * struct gathered - messages of a dump, one after the other
 * @data: malloc()ed
 * @size: bytes used
 * @room: bytes allocated
 */
struct gathered {
	char *data;
	size_t size;
	size_t room;
};

static int gather(const struct nlmsghdr *header, void *data)
{
	struct gathered *rows = data;
	size_t size = NLMSG_ALIGN(header->nlmsg_len);
	size_t room = rows->room ?: 1 << 14;
	char *grown;

	while (room - rows->size < size)
		room *= 2;
	if (room != rows->room) {
		grown = realloc(rows->data, room);
		if (!grown)
			return -ENOMEM;
		rows->data = grown;
		rows->room = room;
	}
	memcpy(rows->data + rows->size, header, header->nlmsg_len);
	rows->size += size;
	return 0;
}

static int visit(struct fng_client *client, const struct gathered *rows,
		 fng_row_fn row, void *data)
{
	const struct nlmsghdr *header;
	struct fng_attrs attrs;
	size_t at;
	int err;

	for (at = 0; at < rows->size; at += NLMSG_ALIGN(header->nlmsg_len)) {
		header = (const struct nlmsghdr *)(rows->data + at);
		err = fng_reply_attrs(header, &attrs);
		if (err)
			return fng_client_fail(client, err,
					       "a malformed row came from the kernel");
		err = row(&attrs, data);
		if (err)
			return err;
	}
	return 0;
}

/* Keeps what was read in the last try: a list that never rests is still useful. */
static int read_rows(struct fng_client *client, struct nl_msg *request,
		     struct gathered *rows)
{
	int err = -EINTR, tries;

	for (tries = 0; tries < TRIES && err == -EINTR; tries++) {
		struct nl_msg *again = nlmsg_convert(nlmsg_hdr(request));

		if (again)
			nlmsg_hdr(again)->nlmsg_seq = NL_AUTO_SEQ;
		rows->size = 0;
		err = fng_exchange(client, again, gather, rows);
	}
	if (err != -EINTR)
		return err;
	strcpy(client->warning, "the list kept changing while it was read");
	return 0;
}

int fng_list(struct fng_client *client, struct nl_msg *request, fng_row_fn row,
	     void *data)
{
	struct gathered rows = { NULL, 0, 0 };
	int err;

	if (!request)
		return fng_client_fail(client, -ENOMEM, "out of memory");
	err = read_rows(client, request, &rows);
	nlmsg_free(request);
	if (!err)
		err = visit(client, &rows, row, data);
	free(rows.data);
	return err;
}
