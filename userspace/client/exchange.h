/* SPDX-License-Identifier: MIT */
/*
 * One request and its answer; internal to the client.
 */
#ifndef CLIENT_EXCHANGE_H
#define CLIENT_EXCHANGE_H

#include <netlink/msg.h>
#include <netlink/attr.h>

#include "attr.h"
#include "client.h"

/* Called with each message of an answer; 0 or a negative errno. */
typedef int (*fng_reply_fn)(const struct nlmsghdr *header, void *data);

/* Says why something failed in @client->error; returns @err. */
int fng_client_fail(struct fng_client *client, int err, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

/* A request without attributes; NULL if there is no memory. */
struct nl_msg *fng_request(struct fng_client *client, int command, int flags);

/**
 * fng_exchange() - send a request and read its answer
 * @client: connection
 * @request: consumed in every case; NULL means there was no memory for it
 * @reply: called for each message, or NULL
 * @data: handed to @reply
 */
int fng_exchange(struct fng_client *client, struct nl_msg *request,
		 fng_reply_fn reply, void *data);

/* Finds the attributes of a message of the family. */
int fng_reply_attrs(const struct nlmsghdr *header, struct fng_attrs *attrs);

/* Called with the attributes of each row; non-zero ends the list. */
typedef int (*fng_row_fn)(const struct fng_attrs *attrs, void *data);

/**
 * fng_list() - send a dump request, and visit its rows once all are there
 * @client: connection
 * @request: consumed in every case
 * @row: called for each row
 * @data: handed to @row
 *
 * A list that changes while it is read is read again.
 */
int fng_list(struct fng_client *client, struct nl_msg *request, fng_row_fn row,
	     void *data);

#endif /* CLIENT_EXCHANGE_H */
