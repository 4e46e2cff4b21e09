// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said to be in a file, before the guard is sealed and, run again by
 * seal_last.sh, afterwards: then the kernel looks for itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "control.h"
#include "drift.h"
#include "expect.h"

#define FILE_NAME	"/var/tmp/seal-attest"

/* More than is read at a time, and no multiple of that. */
#define SIZE		(200 * 1000 + 1)

/* Of SIZE times 'x'. */
static const u8 right[FNG_SHA256_SIZE] = {
	0xd2, 0xe1, 0xd7, 0xd6, 0xc3, 0x4b, 0x8e, 0x6e,
	0x55, 0x73, 0xbb, 0xbc, 0x5b, 0x47, 0x21, 0x77,
	0x88, 0xa1, 0x5b, 0x88, 0x2b, 0xf7, 0x1a, 0x3b,
	0x21, 0x3a, 0x15, 0x3e, 0x70, 0xaa, 0xe1, 0x15,
};

FIXTURE(said) {
	int fd;
	bool sealed;
	struct fng_client_attestation attestation;
};

FIXTURE_SETUP(said)
{
	static char content[SIZE];
	int fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat st;

	memset(content, 'x', sizeof(content));
	if (write(fd, content, sizeof(content)) != sizeof(content) || close(fd))
		die("no file");
	drift_settle();
	self->sealed = control_status().sealed;
	self->fd = open(FILE_NAME, O_RDONLY | O_CLOEXEC);
	if (fng_client_attest_begin(guard_client(), self->fd,
				    &self->attestation.moment))
		die("it cannot be attested: %s", guard_client()->error);
	fstat(self->fd, &st);
	self->attestation.fd = self->fd;
	self->attestation.size = st.st_size;
	self->attestation.ctime = st.st_ctim.tv_sec * 1000000000ull +
				  st.st_ctim.tv_nsec;
	memcpy(self->attestation.sha256, right, sizeof(right));
}

FIXTURE_TEARDOWN(said)
{
	close(self->fd);
	unlink(FILE_NAME);
}

/* Wherever the sender has read to. */
TEST_F(said, truth)
{
	lseek(self->fd, 0, SEEK_END);
	EXPECT_EQ(0, fng_client_attest(guard_client(), &self->attestation));
}

TEST_F(said, lie)
{
	self->attestation.sha256[31] ^= 1;
	EXPECT_EQ(self->sealed ? -EBADMSG : 0,
		  fng_client_attest(guard_client(), &self->attestation));
	if (self->sealed)
		expect_text(_metadata, guard_client()->error,
			    FNG_REFUSED_SEALED);
}

/* What was true once does not become true by being said to be long ago. */
TEST_F(said, truth_of_before)
{
	int fd = open(FILE_NAME, O_WRONLY | O_CLOEXEC);

	if (pwrite(fd, "y", 1, 7) != 1 || close(fd))
		die("the file cannot be written");
	drift_settle();
	EXPECT_EQ(self->sealed ? -EBADMSG : -ESTALE,
		  fng_client_attest(guard_client(), &self->attestation));
}

/* A descriptor that cannot be read is one that can be written. */
TEST_F(said, about_what_cannot_be_read)
{
	int fd = open(FILE_NAME, O_WRONLY | O_CLOEXEC);

	self->attestation.fd = fd;
	EXPECT_EQ(-ETXTBSY, fng_client_attest(guard_client(),
					      &self->attestation));
	close(fd);
}

TEST_HARNESS_MAIN
