// SPDX-License-Identifier: GPL-2.0-only
/*
 * Speaking to the module as the client library would not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include <client/exchange.h>
#include <compiler/compiler.h>

#include "control.h"

int control_send(struct fng_client *client, int command, int flags,
		 const struct piece *pieces)
{
	struct nl_msg *msg = fng_request(client, command, flags);

	if (!msg)
		die("no memory for a request");
	for (; pieces && pieces->type; pieces++)
		if (nla_put(msg, pieces->type, pieces->size, pieces->data))
			die("the request is too long");
	return fng_exchange(client, msg, NULL, NULL);
}

struct fng_client_status control_status(void)
{
	struct fng_client_status status;

	if (fng_client_status(guard_client(), false, &status))
		die("no status: %s", guard_client()->error);
	return status;
}

bool control_unchanged(const struct fng_client_status *before)
{
	const struct fng_client_status now = control_status();

	return now.state == before->state &&
	       now.policy_gen == before->policy_gen &&
	       now.nr_policies == before->nr_policies &&
	       now.nr_bindings == before->nr_bindings;
}

struct blob control_compile(const char *text)
{
	struct fngc_result *result;
	struct blob blob;

	if (fngc_compile_text(NULL, "test.yaml", text, strlen(text), &result)) {
		fngc_diags_print(result, stderr, false);
		die("a policy of the test is invalid");
	}
	blob.size = result->image_size;
	blob.data = malloc(blob.size);
	if (!blob.data)
		die("no memory for an image");
	memcpy(blob.data, result->image, blob.size);
	fngc_result_free(result);
	return blob;
}

int control_memfd(const struct blob *blob, int seals)
{
	int fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, blob->data, blob->size) != blob->size ||
	    fcntl(fd, F_ADD_SEALS, seals))
		die("cannot make an image");
	return fd;
}

static int put_image(struct nl_msg *msg, int fd, u32 size)
{
	struct nlattr *nest = nla_nest_start(msg, FNG_A_POLICY);

	if (!nest || nla_put_s32(msg, FNG_A_IMAGE_FD, fd) ||
	    nla_put_u32(msg, FNG_A_IMAGE_SIZE, size))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

int control_load_fd(int fd, u32 size)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status = control_status();
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_LOAD, 0);

	if (!msg || nla_put_u64(msg, FNG_A_POLICY_GEN, status.policy_gen) ||
	    put_image(msg, fd, size))
		die("no memory for a request");
	return fng_exchange(client, msg, NULL, NULL);
}

int control_load(const struct blob *blob)
{
	int fd = control_memfd(blob, CONTROL_SEALS);
	int err = control_load_fd(fd, blob->size);

	close(fd);
	return err;
}

int control_load_as(const char *text, struct fng_client_load *how)
{
	struct blob blob = control_compile(text);
	const struct fng_client_image image = {
		.data = blob.data, .size = blob.size,
	};
	int err;

	how->generation = control_status().policy_gen;
	err = fng_client_policy_load_as(guard_client(), how, &image, 1);
	free(blob.data);
	return err;
}
