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

/*
 * A file that changed in this very tick is looked at again in the next; where the
 * change time is in whole seconds, that takes more than one. Each wait is twice
 * the one before.
 */
#define TRIES	7
#define TICK_US	20000

/* Nobody has programs that are larger; sparse files can be. 1 GiB. */
#define MAX_SIZE	(1ll << 30)

/*
 * As the function sees the path: no link leads out of the root. None leads
 * anywhere, since the kernel would ask about the file by another name.
 */
static int find_below(const char *root, const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
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

/* Opening anything but a file may be a deed, such as of a device. */
static int open_found(int found)
{
	char name[40];
	struct stat st;
	int fd;

	if (fstat(found, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", found);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

static int open_below(const char *root, const char *path)
{
	int found = find_below(root, path), fd;

	if (found < 0)
		return found;
	fd = open_found(found);
	close(found);
	return fd;
}

/* What is there beyond that the kernel has not seen, either. */
static int digest_start(EVP_MD_CTX *context, int fd, u64 size)
{
	static char buf[1 << 16];
	ssize_t n;

	while (size) {
		n = read(fd, buf, size < sizeof(buf) ? size : sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ESTALE;
		if (!EVP_DigestUpdate(context, buf, n))
			return -EIO;
		size -= n;
	}
	return 0;
}

static int digest(int fd, u64 size, u8 sha256[FNG_SHA256_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int err = -ENOMEM;

	if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
		err = lseek(fd, 0, SEEK_SET) ? -EIO :
		      digest_start(context, fd, size);
		if (!err && !EVP_DigestFinal_ex(context, sha256, NULL))
			err = -EIO;
	}
	EVP_MD_CTX_free(context);
	return err;
}

static int fail(struct fng_attested *attested, const char *reason, int err)
{
	attested->state = FNG_ATTEST_FAILED;
	snprintf(attested->reason, sizeof(attested->reason), "%s", reason);
	return err;
}

static void write_hex(char *text, const u8 sha256[FNG_SHA256_SIZE])
{
	for (size_t i = 0; i < FNG_SHA256_SIZE; i++)
		sprintf(text + 2 * i, "%02x", sha256[i]);
}

static int look_at(struct fng_client_attestation *attestation)
{
	struct stat st;

	if (fstat(attestation->fd, &st))
		return -errno;
	if (st.st_size > MAX_SIZE)
		return -EFBIG;
	attestation->size = st.st_size;
	attestation->ctime = st.st_ctim.tv_sec * 1000000000ull +
			     st.st_ctim.tv_nsec;
	return 0;
}

static const char *explain(int err)
{
	switch (err) {
	case -ELOOP:
		return "a symbolic link is on the way: the kernel sees the file by another path";
	case -EINVAL:
		return "it is not a regular file";
	case -EFBIG:
		return "it is larger than 1 GiB";
	case -ESTALE:
		return "it became smaller while it was read";
	default:
		return strerror(-err);
	}
}

/* 0 or what the kernel answered; the state is set unless it should be tried again. */
static int attest_once(struct fng_client *client, int fd, const u8 *wanted,
		       struct fng_attested *attested)
{
	struct fng_client_attestation attestation = { .fd = fd };
	int err;

	/* What is too large need not be written out first. */
	err = look_at(&attestation);
	if (err)
		return fail(attested, explain(err), err);
	err = fng_client_attest_begin(client, fd, &attestation.moment);
	if (err)
		return fail(attested, client->error, err);
	/* From before it is read, which the kernel compares with what is after. */
	err = look_at(&attestation) ?:
	      digest(fd, attestation.size, attestation.sha256);
	if (err)
		return fail(attested, explain(err), err);
	write_hex(attested->sha256, attestation.sha256);
	if (memcmp(attestation.sha256, wanted, FNG_SHA256_SIZE)) {
		attested->state = FNG_ATTEST_DIFFERENT;
		return 0;
	}
	err = fng_client_attest(client, &attestation);
	if (err)
		return fail(attested, client->error, err);
	attested->state = FNG_ATTEST_DONE;
	return 0;
}

static void attest_open(struct fng_client *client, int fd, const u8 *wanted,
			struct fng_attested *attested)
{
	int wait = TICK_US, tries, err = 0;

	for (tries = 0; tries < TRIES; tries++) {
		if (err == -EAGAIN)
			usleep(wait);
		wait *= err == -EAGAIN ? 2 : 1;
		err = attest_once(client, fd, wanted, attested);
		if (err != -EAGAIN && err != -ESTALE)
			return;
	}
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
		fail(attested, explain(fd), fd);
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
