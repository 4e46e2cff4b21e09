// SPDX-License-Identifier: MIT
/*
 * Saying what is in files.
 */
#include <errno.h>

#include "exchange.h"

static int read_moment(const struct nlmsghdr *header, void *data)
{
	struct fng_attrs attrs;
	struct fng_client_moment *moment = data;
	int err = fng_reply_attrs(header, &attrs);

	if (err)
		return err;
	moment->wall = fng_attr_number(&attrs, FNG_A_MOMENT);
	moment->steps = fng_attr_number(&attrs, FNG_A_CLOCK_STEPS);
	return 0;
}

int fng_client_attest_begin(struct fng_client *client, int fd,
			    struct fng_client_moment *moment)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_ATTEST, 0);

	if (msg)
		nla_put_s32(msg, FNG_A_FILE_FD, fd);
	return fng_exchange(client, msg, read_moment, moment);
}

int fng_client_attest(struct fng_client *client,
		      const struct fng_client_attestation *attestation)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_ATTEST, 0);

	if (msg) {
		nla_put_s32(msg, FNG_A_FILE_FD, attestation->fd);
		nla_put_u64(msg, FNG_A_FILE_SIZE, attestation->size);
		nla_put_u64(msg, FNG_A_FILE_CTIME, attestation->ctime);
		nla_put_u64(msg, FNG_A_MOMENT, attestation->moment.wall);
		nla_put_u32(msg, FNG_A_CLOCK_STEPS, attestation->moment.steps);
		nla_put(msg, FNG_A_SHA256, sizeof(attestation->sha256),
			attestation->sha256);
	}
	return fng_exchange(client, msg, NULL, NULL);
}
