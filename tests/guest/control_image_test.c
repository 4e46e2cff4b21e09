// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images that are not what they should be: nothing of them is believed, and what
 * was loaded before goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include <fnguard/image.h>

#include "control.h"
#include "expect.h"

#define POLICY								\
	"policy: image\n"						\
	"attach: { cgroup: [\"/nowhere/*\"] }\n"			\
	"files:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { path: \"/usr/**\", allow: [read] }\n"			\
	"egress:\n"							\
	"  default: deny\n"						\
	"  rules:\n"							\
	"    - { allow: { to: [10.0.0.0/8, \"fd00::/8\"], ports: [443] } }\n"

/**
 * struct loaded - what there is to be changed
 * @status: state of the module
 * @hash: of all bytes of the policy that is loaded
 */
struct loaded {
	struct fng_client_status status;
	u64 hash;
};

static int read_hash(const struct fng_client_policy *policy, void *data)
{
	*(u64 *)data = policy->image_hash;
	return 0;
}

static struct loaded loaded(void)
{
	struct loaded loaded = { .status = control_status() };

	if (fng_client_policy_get(guard_client(), "image", read_hash,
				  &loaded.hash))
		die("the policy is not loaded");
	return loaded;
}

static void expect_unchanged(struct __test_metadata *_metadata,
			     const struct loaded *before)
{
	EXPECT_TRUE(control_unchanged(&before->status));
	EXPECT_EQ(before->hash, loaded().hash);
}

FIXTURE(file) {
	struct blob blob;
	struct loaded before;
};

FIXTURE_VARIANT(file) {
	/* Returns a descriptor, and may change the size that is announced. */
	int (*make)(FIXTURE_DATA(file) *self);
	int err;
	const char *said;
};

static int no_seals(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, 0);
}

static int may_be_written(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, F_SEAL_GROW | F_SEAL_SHRINK);
}

static int may_grow(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, F_SEAL_WRITE | F_SEAL_SHRINK);
}

static int may_shrink(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, F_SEAL_WRITE | F_SEAL_GROW);
}

/* What holds one mapping that can be written cannot be sealed for good. */
static int may_be_written_once_more(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, F_SEAL_FUTURE_WRITE | F_SEAL_GROW |
					  F_SEAL_SHRINK);
}

static int on_tmpfs(FIXTURE_DATA(file) *self)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (write(fd, self->blob.data, self->blob.size) != self->blob.size)
		die("cannot write the file");
	return fd;
}

static int not_readable(FIXTURE_DATA(file) *self)
{
	char name[40];
	int fd = control_memfd(&self->blob, 0), writer;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	writer = open(name, O_WRONLY | O_CLOEXEC);
	if (writer < 0 || fcntl(fd, F_ADD_SEALS, CONTROL_SEALS))
		die("cannot seal the file");
	return writer;
}

static int a_directory(FIXTURE_DATA(file) *self)
{
	(void)self;
	return open("/", O_RDONLY | O_DIRECTORY);
}

static int a_device(FIXTURE_DATA(file) *self)
{
	(void)self;
	return open("/dev/zero", O_RDONLY);
}

static int a_pipe(FIXTURE_DATA(file) *self)
{
	int fds[2];

	(void)self;
	if (pipe(fds))
		die("no pipe");
	return fds[0];
}

static int shorter_than_said(FIXTURE_DATA(file) *self)
{
	int fd = control_memfd(&self->blob, CONTROL_SEALS);

	self->blob.size++;
	return fd;
}

static int longer_than_said(FIXTURE_DATA(file) *self)
{
	int fd = control_memfd(&self->blob, CONTROL_SEALS);

	self->blob.size--;
	return fd;
}

static int too_large(FIXTURE_DATA(file) *self)
{
	int fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	self->blob.size = FNG_MAX_IMAGE_SIZE + 1;
	if (ftruncate(fd, self->blob.size) ||
	    fcntl(fd, F_ADD_SEALS, CONTROL_SEALS))
		die("cannot make a large file");
	return fd;
}

static int untouched(FIXTURE_DATA(file) *self)
{
	return control_memfd(&self->blob, CONTROL_SEALS);
}

#define FILE_ROW(how, number, text)					\
	FIXTURE_VARIANT_ADD(file, how) {				\
		.make = how,						\
		.err = number,						\
		.said = text,						\
	}
#define NO_MEMFD	"The image must be a readable memfd with the seals"
#define OTHER_SIZE	"The image's size is not the one that was announced"

FILE_ROW(untouched, 0, NULL);
FILE_ROW(no_seals, EINVAL, NO_MEMFD);
FILE_ROW(may_be_written, EINVAL, NO_MEMFD);
FILE_ROW(may_be_written_once_more, EINVAL, NO_MEMFD);
FILE_ROW(may_grow, EINVAL, NO_MEMFD);
FILE_ROW(may_shrink, EINVAL, NO_MEMFD);
FILE_ROW(on_tmpfs, EINVAL, NO_MEMFD);
FILE_ROW(not_readable, EINVAL, NO_MEMFD);
FILE_ROW(a_directory, EINVAL, NO_MEMFD);
FILE_ROW(a_device, EINVAL, NO_MEMFD);
FILE_ROW(a_pipe, EINVAL, NO_MEMFD);
FILE_ROW(shorter_than_said, EINVAL, OTHER_SIZE);
FILE_ROW(longer_than_said, EINVAL, OTHER_SIZE);
FILE_ROW(too_large, EFBIG, "larger than 64 MiB");

FIXTURE_SETUP(file)
{
	guard_load(POLICY);
	self->blob = control_compile(POLICY);
	self->before = loaded();
}

FIXTURE_TEARDOWN(file)
{
	free(self->blob.data);
}

TEST_F(file, must_be_what_cannot_change)
{
	int fd = variant->make(self);

	EXPECT_EQ(-variant->err, control_load_fd(fd, self->blob.size));
	close(fd);
	if (!variant->err)
		return;
	expect_text(_metadata, guard_client()->error, variant->said);
	expect_unchanged(_metadata, &self->before);
}

FIXTURE(bytes) {
	struct blob blob;
	struct loaded before;
};

FIXTURE_VARIANT(bytes) {
	/* There are bytes behind the image that it may grow into. */
	void (*change)(struct blob *blob);
	int err;
};

static struct fng_image_header *header_of(struct blob *blob)
{
	return (struct fng_image_header *)blob->data;
}

static struct fng_image_meta *meta_of(struct blob *blob)
{
	return (struct fng_image_meta *)
	       (blob->data + header_of(blob)->section[FNG_SECTION_META].offset);
}

#define CHANGE(name, ...)						\
static void name(struct blob *blob)					\
{									\
	__VA_ARGS__;							\
}

CHANGE(magic, header_of(blob)->magic++)
CHANGE(older_abi, header_of(blob)->abi = FNG_IMAGE_ABI_MIN - 1)
CHANGE(newer_abi, header_of(blob)->abi = FNG_IMAGE_ABI + 1)
CHANGE(larger_size, header_of(blob)->size += FNG_IMAGE_ALIGN)
CHANGE(smaller_size, header_of(blob)->size -= FNG_IMAGE_ALIGN)
CHANGE(more_sections, header_of(blob)->nr_sections++)
CHANGE(section_outside, header_of(blob)->section[2].offset = 0xfffffff8)
CHANGE(section_overlong, header_of(blob)->section[2].size = 0xfffffff0)
CHANGE(section_askew, header_of(blob)->section[2].offset++)
CHANGE(name_empty, memset(meta_of(blob)->name, 0, 64))
CHANGE(name_of_path, meta_of(blob)->name[0] = '/')
CHANGE(name_without_end, memset(meta_of(blob)->name, 'x', 64))
CHANGE(unknown_floor, meta_of(blob)->floor = ~0u)
CHANGE(one_byte, blob->size = 1)
CHANGE(only_header, blob->size = sizeof(struct fng_image_header))
CHANGE(cut_short, blob->size -= FNG_IMAGE_ALIGN)
CHANGE(cut_short_and_honest, blob->size -= FNG_IMAGE_ALIGN;
       header_of(blob)->size = blob->size)
CHANGE(lengthened, blob->size += FNG_IMAGE_ALIGN)
CHANGE(zeroes, memset(blob->data, 0, blob->size))
CHANGE(ones, memset(blob->data, 0xff, blob->size))

#define BYTES_ROW(how, number)						\
	FIXTURE_VARIANT_ADD(bytes, how) { .change = how, .err = number }

BYTES_ROW(magic, EINVAL);
BYTES_ROW(older_abi, EPROTONOSUPPORT);
BYTES_ROW(newer_abi, EPROTONOSUPPORT);
BYTES_ROW(larger_size, EINVAL);
BYTES_ROW(smaller_size, EINVAL);
BYTES_ROW(more_sections, EINVAL);
BYTES_ROW(section_outside, EINVAL);
BYTES_ROW(section_overlong, EINVAL);
BYTES_ROW(section_askew, EINVAL);
BYTES_ROW(name_empty, EINVAL);
BYTES_ROW(name_of_path, EINVAL);
BYTES_ROW(name_without_end, EINVAL);
BYTES_ROW(unknown_floor, EINVAL);
BYTES_ROW(one_byte, EINVAL);
BYTES_ROW(only_header, EINVAL);
BYTES_ROW(cut_short, EINVAL);
BYTES_ROW(cut_short_and_honest, EINVAL);
BYTES_ROW(lengthened, EINVAL);
BYTES_ROW(zeroes, EINVAL);
BYTES_ROW(ones, EINVAL);

FIXTURE_SETUP(bytes)
{
	guard_load(POLICY);
	self->before = loaded();
	self->blob = control_compile(POLICY);
	self->blob.data = realloc(self->blob.data,
				  self->blob.size + FNG_IMAGE_ALIGN);
	memset(self->blob.data + self->blob.size, 0, FNG_IMAGE_ALIGN);
}

FIXTURE_TEARDOWN(bytes)
{
	free(self->blob.data);
}

TEST_F(bytes, are_refused_with_a_place)
{
	variant->change(&self->blob);
	EXPECT_EQ(-variant->err, control_load(&self->blob));
	expect_text(_metadata, guard_client()->error, " at byte ");
	expect_unchanged(_metadata, &self->before);
}

static int ask_for_image(int fd)
{
	const struct piece pieces[] = {
		{ FNG_A_POLICY_NAME, "image", sizeof("image") },
		{ FNG_A_IMAGE_FD, &fd, sizeof(fd) },
		{ 0 },
	};

	return control_send(guard_client(), FNG_CMD_POLICY_GET, 0, pieces);
}

TEST(image_is_given_back_as_it_was)
{
	const struct blob nothing = { NULL, 0 };
	struct blob blob = control_compile(POLICY);
	int fd = control_memfd(&nothing, 0);
	void *bytes = malloc(blob.size);

	guard_load(POLICY);
	EXPECT_EQ(0, ask_for_image(fd));
	EXPECT_EQ(blob.size, lseek(fd, 0, SEEK_END));
	EXPECT_EQ(blob.size, pread(fd, bytes, blob.size, 0));
	EXPECT_EQ(0, memcmp(blob.data, bytes, blob.size));
	close(fd);
	free(bytes);
	free(blob.data);
}

/* It goes nowhere where writing might be noticed, or wait. */
TEST(image_is_given_to_memfds_only)
{
	static const char *const names[] = { "/dev/null", "/proc/self/comm",
					     "/etc/passwd" };
	const struct blob nothing = { NULL, 0 };
	int fd = control_memfd(&nothing, CONTROL_SEALS);
	size_t i;

	guard_load(POLICY);
	EXPECT_EQ(-EPERM, ask_for_image(fd));
	expect_text(_metadata, guard_client()->error, "could not be written");
	close(fd);
	EXPECT_EQ(-EBADF, ask_for_image(1000));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fd = open(names[i], O_WRONLY | O_CLOEXEC);
		EXPECT_EQ(-EINVAL, ask_for_image(fd));
		expect_text(_metadata, guard_client()->error,
			    "written to a memfd only");
		close(fd);
	}
}

/* Every size that it could be cut to, as far as there is time. */
TEST(no_beginning_of_an_image_is_one)
{
	struct blob blob = control_compile(POLICY);
	u32 whole = blob.size, step = whole / 200 + 1;
	struct loaded before;

	guard_load(POLICY);
	before = loaded();
	for (blob.size = 1; blob.size < whole; blob.size += step)
		EXPECT_EQ(-EINVAL, control_load(&blob));
	expect_unchanged(_metadata, &before);
	free(blob.data);
}

/* One bit of an image is wrong; a prime, so that no place in a word is spared. */
#define STRIDE	67

/*
 * Some bits are free to be as they like: the version, a rule's line. Whatever the
 * module says, it does.
 */
TEST(any_bit_may_be_wrong)
{
	struct blob blob = control_compile(POLICY);
	u32 refused = 0, taken = 0, bit;

	guard_load(POLICY);
	for (bit = 0; bit < blob.size * 8; bit += STRIDE) {
		struct fng_client_status before = control_status();
		int err;

		blob.data[bit / 8] ^= 1 << bit % 8;
		err = control_load(&blob);
		blob.data[bit / 8] ^= 1 << bit % 8;
		if (err) {
			refused++;
			EXPECT_TRUE(control_unchanged(&before));
			expect_text(_metadata, guard_client()->error,
				    " at byte ");
		} else {
			taken++;
			EXPECT_EQ(before.policy_gen + 1,
				  control_status().policy_gen);
		}
	}
	TH_LOG("%u refused, %u taken", refused, taken);
	EXPECT_LE(50, refused);
	EXPECT_LE(1, taken);
	free(blob.data);
}

TEST_HARNESS_MAIN
