// SPDX-License-Identifier: GPL-2.0-only
/*
 * crowd cgroups FIRST END -: makes the cgroups /crowd/host-FIRST to below END.
 * crowd bind FIRST END POLICY: binds each of them to POLICY.
 * crowd visit FIRST END -: has a task open a file in each, so that the guard has met it.
 * crowd policies FIRST END IMAGE: loads that many policies that differ from IMAGE in their names.
 *
 * What a busy host has, which is not to make any decision dearer.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <client/client.h>
#include <fnguard/image.h>

static struct fng_client client;

static void expect(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "crowd: %s failed: %s\n", what, client.error);
	exit(1);
}

static int group_fd(unsigned int i, int (*get)(const char *path))
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/crowd/host-%u", i);
	fd = get(path);
	expect(fd >= 0, path);
	return fd;
}

static void group_make(unsigned int i, const char *policy)
{
	(void)policy;
	close(group_fd(i, fng_cgroup_create));
}

static void group_bind(unsigned int i, const char *policy)
{
	struct fng_client_binding binding = {
		.cgroup_fd = group_fd(i, fng_cgroup_open),
		.policy = policy,
	};

	expect(!fng_client_bind(&client, &binding), "bind");
	close(binding.cgroup_fd);
}

static void group_visit(unsigned int i, const char *policy)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = group_fd(i, fng_cgroup_open),
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	(void)policy;
	expect(pid >= 0, "clone3");
	if (!pid) {
		close(open("/dev/null", O_RDONLY | O_CLOEXEC));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	close(args.cgroup);
}

static void *image_read(const char *path, size_t *size)
{
	struct stat st;
	void *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	expect(fd >= 0 && !fstat(fd, &st), path);
	*size = st.st_size;
	image = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	expect(image != MAP_FAILED, path);
	close(fd);
	return image;
}

static void *image_named(const void *original, size_t size, unsigned int i)
{
	const struct fng_image_header *header = original;
	struct fng_image_meta *meta;
	char *image = calloc(1, size);

	expect(image, "calloc");
	memcpy(image, original, size);
	meta = (void *)(image + header->section[FNG_SECTION_META].offset);
	memset(meta->name, 0, sizeof(meta->name));
	snprintf(meta->name, sizeof(meta->name), "crowd-%u", i);
	return image;
}

static void load(const struct fng_client_image *images, size_t nr)
{
	struct fng_client_status status;
	u64 generation;

	expect(!fng_client_status(&client, false, &status), "status");
	generation = status.policy_gen;
	expect(!fng_client_policy_load(&client, &generation, images, nr),
	       "load");
}

static void policies_load(unsigned int i, unsigned int end, const char *path)
{
	struct fng_client_image images[FNG_MAX_TRANSACTION];
	size_t size, n, k;
	void *original = image_read(path, &size);

	for (; i < end; i += n) {
		n = end - i < FNG_MAX_TRANSACTION ? end - i :
						    FNG_MAX_TRANSACTION;
		for (k = 0; k < n; k++)
			images[k] = (struct fng_client_image) {
				.data = image_named(original, size, i + k),
				.size = size,
			};
		load(images, n);
		for (k = 0; k < n; k++)
			free((void *)images[k].data);
	}
}

static void for_each_group(unsigned int i, unsigned int end, const char *policy,
			   void (*act)(unsigned int i, const char *policy))
{
	for (; i < end; i++)
		act(i, policy);
}

int main(int argc, char **argv)
{
	const char *verb = argc == 5 ? argv[1] : "";
	unsigned int first = argc == 5 ? atoi(argv[2]) : 0;
	unsigned int end = argc == 5 ? atoi(argv[3]) : 0;

	expect(!fng_client_open(&client), "connection");
	if (!strcmp(verb, "cgroups"))
		for_each_group(first, end, argv[4], group_make);
	else if (!strcmp(verb, "bind"))
		for_each_group(first, end, argv[4], group_bind);
	else if (!strcmp(verb, "visit"))
		for_each_group(first, end, argv[4], group_visit);
	else if (!strcmp(verb, "policies"))
		policies_load(first, end, argv[4]);
	else
		return 2;
	return 0;
}
