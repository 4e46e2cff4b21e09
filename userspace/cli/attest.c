// SPDX-License-Identifier: MIT
/*
 * Files whose digests policies name: found, digested, and told to the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "attest.h"
#include "output.h"

/* A file that changed in this very tick is looked at again in the next. */
#define TRIES	5
#define TICK_US	20000

/*
 * As the function sees the path: no link leads out of the root. None leads
 * anywhere, since the kernel would ask about the file by another name.
 */
static int open_below(const char *root, const char *path)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	};
	int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd, err;

	if (dir < 0)
		return -errno;
	fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	err = errno;
	close(dir);
	return fd < 0 ? -err : fd;
}

static int digest_rest(EVP_MD_CTX *context, int fd)
{
	static char buf[1 << 16];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf)))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!EVP_DigestUpdate(context, buf, n))
			return -EIO;
	}
	return 0;
}

static int digest(int fd, u8 sha256[FNG_SHA256_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int err = -ENOMEM;

	if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
		err = lseek(fd, 0, SEEK_SET) ? -EIO : digest_rest(context, fd);
		if (!err && !EVP_DigestFinal_ex(context, sha256, NULL))
			err = -EIO;
	}
	EVP_MD_CTX_free(context);
	return err;
}

static void fail(struct fng_attested *attested, const char *reason)
{
	attested->state = FNG_ATTEST_FAILED;
	snprintf(attested->reason, sizeof(attested->reason), "%s", reason);
}

static void write_hex(char *text, const u8 sha256[FNG_SHA256_SIZE])
{
	for (size_t i = 0; i < FNG_SHA256_SIZE; i++)
		sprintf(text + 2 * i, "%02x", sha256[i]);
}

/* What it was before it is read, which the kernel compares with what it is after. */
static int look(struct fng_client *client,
		struct fng_client_attestation *attestation)
{
	struct stat st;
	int err = fng_client_attest_begin(client, attestation->fd,
					  &attestation->moment);

	if (err)
		return err;
	if (fstat(attestation->fd, &st)) {
		snprintf(client->error, sizeof(client->error), "%s",
			 strerror(errno));
		return -errno;
	}
	attestation->size = st.st_size;
	attestation->ctime = st.st_ctim.tv_sec * 1000000000ull +
			     st.st_ctim.tv_nsec;
	return 0;
}

/* 0 or what the kernel answered; the state is set unless it should be tried again. */
static int attest_once(struct fng_client *client, int fd, const u8 *wanted,
		       struct fng_attested *attested)
{
	struct fng_client_attestation attestation = { .fd = fd };
	int err = look(client, &attestation);

	if (err) {
		fail(attested, client->error);
		return err;
	}
	err = digest(fd, attestation.sha256);
	if (err) {
		fail(attested, strerror(-err));
		return err;
	}
	write_hex(attested->sha256, attestation.sha256);
	if (memcmp(attestation.sha256, wanted, FNG_SHA256_SIZE)) {
		attested->state = FNG_ATTEST_DIFFERENT;
		return 0;
	}
	err = fng_client_attest(client, &attestation);
	if (err)
		fail(attested, client->error);
	else
		attested->state = FNG_ATTEST_DONE;
	return err;
}

static void attest_open(struct fng_client *client, int fd, const u8 *wanted,
			struct fng_attested *attested)
{
	int tries = TRIES, err;

	do {
		err = attest_once(client, fd, wanted, attested);
		if (err == -EAGAIN)
			usleep(TICK_US);
	} while ((err == -EAGAIN || err == -ESTALE) && --tries);
}

static void attest_one(struct fng_client *client, const u8 *wanted,
		       struct fng_attested *attested)
{
	int fd = open_below(attested->root, attested->path);

	attested->reason[0] = '\0';
	attested->sha256[0] = '\0';
	if (fd == -ENOENT || fd == -ENOTDIR) {
		attested->state = FNG_ATTEST_ABSENT;
		return;
	}
	if (fd < 0) {
		fail(attested, fd == -ELOOP ?
		     "a symbolic link is on the way: the kernel sees the file by another path" :
		     strerror(-fd));
		return;
	}
	attest_open(client, fd, wanted, attested);
	close(fd);
}

void fng_attest_image(struct fng_client *client, const struct fng_image *image,
		      const char *root, fng_attest_fn fn, void *data)
{
	for (u32 i = 0; i < image->nr_digests; i++) {
		struct fng_attested attested = {
			.path = image->strings + image->digests[i].path,
			.root = root,
		};

		attest_one(client, image->digests[i].sha256, &attested);
		fn(&attested, data);
	}
}

static void remark(const struct fng_attested *attested, void *data)
{
	(void)data;
	if (attested->state == FNG_ATTEST_DIFFERENT)
		fng_output_note("%s will not run: its SHA-256 here is %s",
				attested->path, attested->sha256);
	else if (attested->state == FNG_ATTEST_FAILED)
		fng_output_note("%s will not run: %s", attested->path,
				attested->reason);
}

void fng_attest_host(struct fng_client *client, const struct fng_image *image)
{
	fng_attest_image(client, image, "/", remark, NULL);
}
