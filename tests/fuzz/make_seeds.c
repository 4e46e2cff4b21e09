// SPDX-License-Identifier: MIT
/*
 * make_seeds KIND DIRECTORY: writes what a fuzzer starts from. Images, for
 * verify_fuzz, are each followed by names that its rules are about; messages of
 * the DNS are for dns_fuzz, and in a stream for dns_stream_fuzz.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/dns_message.h"
#include "../unit/image_samples.h"

static const char names[] =
	"/usr/bin/python3/etc/motd/srv/data/app/secrets/key/fn/api-1/opt/x"
	"api.example.com";

static FILE *create(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void put(FILE *file, const void *bytes, size_t size)
{
	if (fwrite(bytes, size, 1, file) != 1) {
		perror("make_seeds");
		exit(1);
	}
}

static void finish(FILE *file)
{
	if (fclose(file)) {
		perror("make_seeds");
		exit(1);
	}
}

static void write_images(const char *directory)
{
	for (enum sample sample = 0; sample < NR_SAMPLES; sample++) {
		struct image_blob blob = sample_build(sample);
		FILE *file = create(directory, sample_name(sample));

		put(file, blob.data, blob.size);
		put(file, names, sizeof(names));
		finish(file);
		image_free(blob);
	}
}

static void write_messages(const char *directory)
{
	for (size_t i = 0; i < nr_dns_samples; i++) {
		FILE *file = create(directory, dns_samples[i].name);

		put(file, dns_samples[i].bytes, dns_samples[i].len);
		finish(file);
	}
}

/* Through a buffer of 64 bytes, which is too small for some of them. */
static void write_stream(const char *directory)
{
	FILE *file = create(directory, "stream");

	put(file, "\0\x40\1", 3);
	for (size_t i = 0; i < nr_dns_samples; i++) {
		u8 prefix[] = { 0, (u8)dns_samples[i].len };

		put(file, prefix, sizeof(prefix));
		put(file, dns_samples[i].bytes, dns_samples[i].len);
	}
	finish(file);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *kind;
		void (*write)(const char *directory);
	} kinds[] = {
		{ "verify", write_images },
		{ "dns", write_messages },
		{ "dns_stream", write_stream },
	};

	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(kinds[0]);
	     i++) {
		if (strcmp(argv[1], kinds[i].kind))
			continue;
		kinds[i].write(argv[2]);
		return 0;
	}
	fputs("usage: make_seeds verify|dns|dns_stream DIRECTORY\n", stderr);
	return 2;
}
