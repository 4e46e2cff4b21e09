// SPDX-License-Identifier: MIT
/*
 * Policies: loading, unloading, listing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "exchange.h"
#include "load.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

static int write_all(int fd, const char *data, size_t size)
{
	ssize_t n;

	while (size) {
		n = write(fd, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		data += n;
		size -= n;
	}
	return 0;
}

static int create_memfd(void)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("fnguard-image", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("fnguard-image", flags);
	return fd < 0 ? -errno : fd;
}

/* A memfd that nobody can change any more: what is verified is what is used. */
static int seal_image(const struct fng_client_image *image)
{
	int fd = create_memfd(), err;

	if (fd < 0)
		return fd;
	err = write_all(fd, image->data, image->size) ?:
	      write_all(fd, image->signature, image->signature_size);
	if (!err && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW |
					   F_SEAL_SHRINK | F_SEAL_SEAL))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int put_image(struct nl_msg *msg, const struct fng_client_image *image,
		     int fd)
{
	struct nlattr *nest = nla_nest_start(msg, FNG_A_POLICY);

	if (!nest || nla_put_s32(msg, FNG_A_IMAGE_FD, fd) ||
	    nla_put_u32(msg, FNG_A_IMAGE_SIZE, image->size))
		return -ENOMEM;
	if (image->signature_size &&
	    nla_put_u32(msg, FNG_A_SIGNATURE_SIZE, image->signature_size))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

static int read_generation(const struct nlmsghdr *header, void *data)
{
	struct fng_attrs attrs;
	u64 *generation = data;
	int err;

	err = fng_reply_attrs(header, &attrs);
	if (!err)
		*generation = fng_attr_number(&attrs, FNG_A_POLICY_GEN);
	return err;
}

static int load(struct fng_client *client, struct fng_client_load *how,
		const struct fng_client_image *images, size_t nr, int *fds)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_LOAD, 0);
	size_t i;
	int err;

	err = msg ? nla_put_u64(msg, FNG_A_POLICY_GEN, how->generation) :
		    -ENOMEM;
	if (!err && how->within)
		err = nla_put_u32(msg, FNG_A_SECONDS, how->within);
	if (!err && how->candidate)
		err = nla_put_flag(msg, FNG_A_CANDIDATE);
	for (i = 0; i < nr && !err; i++) {
		fds[i] = seal_image(&images[i]);
		err = fds[i] < 0 ? fds[i] : put_image(msg, &images[i], fds[i]);
	}
	if (!err)
		return fng_exchange(client, msg, read_generation,
				    &how->generation);
	nlmsg_free(msg);
	return fng_client_fail(client, err, "cannot hand the image over: %s",
			       strerror(-err));
}

int fng_client_policy_load_as(struct fng_client *client,
			      struct fng_client_load *how,
			      const struct fng_client_image *images, size_t nr)
{
	int fds[FNG_MAX_TRANSACTION], err;
	size_t i;

	if (nr > FNG_MAX_TRANSACTION)
		return fng_client_fail(client, -E2BIG,
				       "at most %u policies can be loaded at once",
				       FNG_MAX_TRANSACTION);
	memset(fds, -1, sizeof(fds));
	err = load(client, how, images, nr, fds);
	for (i = 0; i < nr; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return err;
}

int fng_client_policy_load(struct fng_client *client, u64 *generation,
			   const struct fng_client_image *images, size_t nr)
{
	struct fng_client_load how = { .generation = *generation };
	int err = fng_client_policy_load_as(client, &how, images, nr);

	*generation = how.generation;
	return err;
}

int fng_client_policy_promote(struct fng_client *client,
			      struct fng_client_load *how, const char *name)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_PROMOTE, 0);

	if (msg) {
		nla_put_u64(msg, FNG_A_POLICY_GEN, how->generation);
		nla_put_string(msg, FNG_A_POLICY_NAME, name);
		if (how->within)
			nla_put_u32(msg, FNG_A_SECONDS, how->within);
	}
	return fng_exchange(client, msg, read_generation, &how->generation);
}

int fng_client_policy_confirm(struct fng_client *client, u64 *generation)
{
	return fng_exchange(client,
			    fng_request(client, FNG_CMD_POLICY_CONFIRM, 0),
			    read_generation, generation);
}

int fng_client_policy_rollback(struct fng_client *client, u64 *generation)
{
	return fng_exchange(client,
			    fng_request(client, FNG_CMD_POLICY_ROLLBACK, 0),
			    read_generation, generation);
}

int fng_client_policy_unload(struct fng_client *client, u64 *generation,
			     const char *name, const char *replace_with)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_UNLOAD, 0);

	if (msg) {
		nla_put_u64(msg, FNG_A_POLICY_GEN, *generation);
		nla_put_string(msg, FNG_A_POLICY_NAME, name);
		if (replace_with)
			nla_put_string(msg, FNG_A_REPLACE_WITH, replace_with);
	}
	return fng_exchange(client, msg, read_generation, generation);
}

int fng_client_candidate_unload(struct fng_client *client, u64 *generation,
				const char *name)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_UNLOAD, 0);

	if (msg) {
		nla_put_u64(msg, FNG_A_POLICY_GEN, *generation);
		nla_put_string(msg, FNG_A_POLICY_NAME, name);
		nla_put_flag(msg, FNG_A_CANDIDATE);
	}
	return fng_exchange(client, msg, read_generation, generation);
}

/**
 * struct visitor - who wants to see policies
 * @fn: called for each
 * @data: handed to @fn
 */
struct visitor {
	fng_client_policy_fn fn;
	void *data;
};

static int read_candidate(const struct nlattr *nest,
			  struct fng_client_candidate *candidate)
{
	struct fng_attrs attrs;
	int err = fng_attrs_parse(&attrs, fng_attr_data(nest),
				  fng_attr_size(nest));

	if (err)
		return err;
	candidate->version = fng_attr_number(&attrs, FNG_A_POLICY_VERSION);
	candidate->image_hash = fng_attr_number(&attrs, FNG_A_IMAGE_HASH);
	candidate->would_deny = fng_attr_number(&attrs, FNG_A_WOULD_DENY);
	candidate->would_allow = fng_attr_number(&attrs, FNG_A_WOULD_ALLOW);
	return 0;
}

static int visit_policy(const struct fng_attrs *attrs, void *data)
{
	const struct nlattr *nest = attrs->attr[FNG_A_CANDIDATE_POLICY];
	struct visitor *visitor = data;
	struct fng_client_candidate candidate;
	struct fng_client_policy policy = {
		.name = fng_attr_string(attrs, FNG_A_POLICY_NAME) ?: "",
		.version = fng_attr_number(attrs, FNG_A_POLICY_VERSION),
		.mode = fng_attr_number(attrs, FNG_A_MODE),
		.image_size = fng_attr_number(attrs, FNG_A_IMAGE_SIZE),
		.image_hash = fng_attr_number(attrs, FNG_A_IMAGE_HASH),
		.nr_rules = fng_attr_number(attrs, FNG_A_NR_RULES),
		.nr_bindings = fng_attr_number(attrs, FNG_A_NR_BINDINGS),
		.candidate = nest ? &candidate : NULL,
	};
	int err = nest ? read_candidate(nest, &candidate) : 0;

	if (err)
		return err;
	return visitor->fn(&policy, visitor->data);
}

int fng_client_policy_list(struct fng_client *client, fng_client_policy_fn fn,
			   void *data)
{
	struct visitor visitor = { fn, data };

	return fng_list(client, fng_request(client, FNG_CMD_POLICY_GET,
					    NLM_F_DUMP),
			visit_policy, &visitor);
}

static int visit_reply(const struct nlmsghdr *header, void *data)
{
	struct fng_attrs attrs;
	int err = fng_reply_attrs(header, &attrs);

	return err ?: visit_policy(&attrs, data);
}

int fng_client_policy_get(struct fng_client *client, const char *name,
			  fng_client_policy_fn fn, void *data)
{
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_GET, 0);
	struct visitor visitor = { fn, data };

	if (msg)
		nla_put_string(msg, FNG_A_POLICY_NAME, name);
	return fng_exchange(client, msg, visit_reply, &visitor);
}

static int read_memfd(int fd, void **data, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	*size = st.st_size;
	*data = malloc(*size);
	if (!*data)
		return -ENOMEM;
	if (pread(fd, *data, *size, 0) == (ssize_t)*size)
		return 0;
	free(*data);
	return -EIO;
}

static int accept_reply(const struct nlmsghdr *header, void *data)
{
	(void)header;
	(void)data;
	return 0;
}

int fng_client_policy_image(struct fng_client *client, const char *name,
			    void **data, size_t *size)
{
	struct nl_msg *msg;
	int fd = create_memfd(), err;

	if (fd < 0)
		return fng_client_fail(client, fd,
				       "cannot make room for the image: %s",
				       strerror(-fd));
	msg = fng_request(client, FNG_CMD_POLICY_GET, 0);
	if (msg) {
		nla_put_string(msg, FNG_A_POLICY_NAME, name);
		nla_put_s32(msg, FNG_A_IMAGE_FD, fd);
	}
	err = fng_exchange(client, msg, accept_reply, NULL);
	if (!err) {
		err = read_memfd(fd, data, size);
		if (err)
			fng_client_fail(client, err,
					"cannot read the image: %s",
					strerror(-err));
	}
	close(fd);
	return err;
}
