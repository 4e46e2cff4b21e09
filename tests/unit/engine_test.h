/* SPDX-License-Identifier: MIT */
/*
 * What every test of the engine needs.
 */
#ifndef ENGINE_TEST_H
#define ENGINE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "image_samples.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct subject - an image under test
 * @blob: its bytes
 * @image: its sections
 */
struct subject {
	struct image_blob blob;
	struct fng_image image;
};

/* What is verified by hand has its base here: one at a time is enough. */
static inline struct fng_image *the_base(void)
{
	static struct fng_image base;

	return &base;
}

static inline void assert_accepted(struct image_blob blob,
				   struct fng_image *image)
{
	struct fng_image_error error = { .reason = "none", .offset = ~0u };
	int err = fng_image_verify(blob.data, blob.size, the_base(), image,
				   &error);

	if (err)
		print_message("# at %u: %s\n", error.offset, error.reason);
	assert_int_equal(err, 0);
	assert_string_equal(error.reason, "none");
	assert_int_equal(error.offset, ~0u);
}

/* An image that is to be accepted. */
static inline struct subject subject_of(struct image_blob blob)
{
	struct subject s = { .blob = blob };

	assert_accepted(blob, &s.image);
	return s;
}

static inline struct subject subject_sample(enum sample sample)
{
	return subject_of(sample_build(sample));
}

static inline void subject_free(struct subject *s)
{
	image_free(s->blob);
}

static inline struct fng_endpoint endpoint_of(const char *addr, u8 proto,
					      u16 port)
{
	struct fng_endpoint end = { .proto = proto, .port = port };

	end.family = strchr(addr, ':') ? 6 : 4;
	assert_int_equal(inet_pton(end.family == 4 ? AF_INET : AF_INET6, addr,
				   end.addr), 1);
	return end;
}

static inline u32 path_state(const struct fng_image *image, const char *name)
{
	return fng_path_walk(image, name, strlen(name));
}

#endif /* ENGINE_TEST_H */
