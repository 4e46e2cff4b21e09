// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads are transactions: all of their policies or none, one after the other, and
 * nobody sees half of one.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include <client/exchange.h>
#include <fnguard/image.h>

#include "control.h"
#include "expect.h"

static struct fng_image_meta *meta_of(const struct blob *blob)
{
	const struct fng_image_header *header =
		(struct fng_image_header *)blob->data;

	return (struct fng_image_meta *)
	       (blob->data + header->section[FNG_SECTION_META].offset);
}

/* A policy whose name and version are easily changed. */
static struct blob make_blob(const char *prefix, u32 number, u32 version)
{
	struct blob blob = control_compile("policy: x\n"
					   "egress: { default: allow }\n");
	struct fng_image_meta *meta = meta_of(&blob);

	memset(meta->name, 0, sizeof(meta->name));
	snprintf(meta->name, sizeof(meta->name), "%s-%u", prefix, number);
	meta->version = version;
	return blob;
}

/* As many as one transaction may have; numbered from 0, all of one version. */
static int load_many(const char *prefix, u32 nr, u32 version, u64 generation)
{
	struct fng_client_image images[FNG_MAX_TRANSACTION];
	u32 i;
	int err;

	for (i = 0; i < nr; i++) {
		struct blob blob = make_blob(prefix, i, version);

		images[i] = (struct fng_client_image) {
			.data = blob.data, .size = blob.size,
		};
	}
	err = fng_client_policy_load(guard_client(), &generation, images, nr);
	for (i = 0; i < nr; i++)
		free((void *)images[i].data);
	return err;
}

/**
 * struct census - policies whose names begin alike
 * @prefix: how
 * @nr: number of them
 * @lowest: version
 * @highest: version
 */
struct census {
	const char *prefix;
	u32 nr;
	u32 lowest;
	u32 highest;
};

static int count(const struct fng_client_policy *policy, void *data)
{
	struct census *census = data;

	if (strncmp(policy->name, census->prefix, strlen(census->prefix)))
		return 0;
	census->nr++;
	if (policy->version < census->lowest)
		census->lowest = policy->version;
	if (policy->version > census->highest)
		census->highest = policy->version;
	return 0;
}

static struct census count_policies(const char *prefix)
{
	struct census census = { prefix, 0, UINT32_MAX, 0 };

	if (fng_client_policy_list(guard_client(), count, &census))
		die("no list of policies: %s", guard_client()->error);
	return census;
}

TEST(largest_transaction)
{
	struct fng_client_status before = control_status();
	struct census census;

	EXPECT_EQ(0, load_many("largest", FNG_MAX_TRANSACTION, 1,
			       before.policy_gen));
	EXPECT_EQ(before.policy_gen + 1, control_status().policy_gen);
	census = count_policies("largest-");
	EXPECT_EQ(FNG_MAX_TRANSACTION, census.nr);
}

static void put_image(struct nl_msg *msg, int fd, u32 size)
{
	struct nlattr *nest = nla_nest_start(msg, FNG_A_POLICY);

	if (!nest || nla_put_s32(msg, FNG_A_IMAGE_FD, fd) ||
	    nla_put_u32(msg, FNG_A_IMAGE_SIZE, size))
		die("the request is too long");
	nla_nest_end(msg, nest);
}

TEST(transaction_that_is_too_large)
{
	struct fng_client_status before = control_status();
	struct fng_client *client = guard_client();
	struct nl_msg *msg = fng_request(client, FNG_CMD_POLICY_LOAD, 0);
	struct blob blob = make_blob("larger", 0, 1);
	int fd = control_memfd(&blob, CONTROL_SEALS);
	u32 i;

	nla_put_u64(msg, FNG_A_POLICY_GEN, before.policy_gen);
	for (i = 0; i <= FNG_MAX_TRANSACTION; i++)
		put_image(msg, fd, blob.size);
	EXPECT_EQ(-E2BIG, fng_exchange(client, msg, NULL, NULL));
	expect_text(_metadata, client->error, "More than 256 policies");
	EXPECT_TRUE(control_unchanged(&before));
	close(fd);
	free(blob.data);
}

/* The one that is bad is the last, when all others have been read. */
TEST(one_of_many_is_bad)
{
	struct fng_client_status before = control_status();
	u64 generation = before.policy_gen;
	struct fng_client_image images[3];
	struct blob blobs[3];
	u32 i;

	for (i = 0; i < 3; i++) {
		blobs[i] = make_blob("bad", i, 1);
		images[i] = (struct fng_client_image) {
			.data = blobs[i].data, .size = blobs[i].size,
		};
	}
	meta_of(&blobs[2])->floor |= 1u << 31;
	EXPECT_EQ(-EINVAL, fng_client_policy_load(guard_client(), &generation,
						  images, 3));
	expect_text(_metadata, guard_client()->error, " at byte ");
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_EQ(0, count_policies("bad-").nr);
	meta_of(&blobs[2])->floor &= ~(1u << 31);
	EXPECT_EQ(0, fng_client_policy_load(guard_client(), &generation, images,
					    3));
	EXPECT_EQ(3, count_policies("bad-").nr);
	for (i = 0; i < 3; i++)
		free(blobs[i].data);
}

TEST(two_of_one_name)
{
	struct fng_client_status before = control_status();
	u64 generation = before.policy_gen;
	struct blob blob = make_blob("twice", 0, 1);
	const struct fng_client_image images[2] = {
		{ .data = blob.data, .size = blob.size },
		{ .data = blob.data, .size = blob.size },
	};

	EXPECT_EQ(-EINVAL, fng_client_policy_load(guard_client(), &generation,
						  images, 2));
	expect_text(_metadata, guard_client()->error, "have the same name");
	EXPECT_TRUE(control_unchanged(&before));
	free(blob.data);
}

#define RACERS	4
#define ROUNDS	14
#define PARTS	8

static pid_t start_racer(u32 number, u64 generation, int go, int result)
{
	pid_t pid = fork();
	char byte;
	int err;

	if (pid)
		return pid;
	guard_client();
	if (write(result, "", 1) != 1 || read(go, &byte, 1) < 0)
		_exit(1);
	err = load_many("race", PARTS, number, generation);
	_exit(!err ? 0 : err == -ESTALE ? 1 : 2);
}

static void await_bytes(int fd, u32 nr)
{
	char byte;

	while (nr--)
		if (read(fd, &byte, 1) != 1)
			die("a racer is gone");
}

/* Counts how the racers ended: first, too late, or otherwise. */
static void race(u64 generation, u32 round, u32 ends[3])
{
	pid_t pids[RACERS];
	int go[2], ready[2], status;
	u32 i;

	if (pipe(go) || pipe(ready))
		die("no pipes");
	for (i = 0; i < RACERS; i++)
		pids[i] = start_racer(round * RACERS + i + 1, generation,
				      go[0], ready[1]);
	await_bytes(ready[0], RACERS);
	for (i = 0; i < RACERS; i++)
		if (write(go[1], "", 1) != 1)
			die("nobody is there");
	for (i = 0; i < RACERS; i++) {
		waitpid(pids[i], &status, 0);
		ends[WIFEXITED(status) ? WEXITSTATUS(status) : 2]++;
	}
	close(go[0]);
	close(go[1]);
	close(ready[0]);
	close(ready[1]);
}

/* All have seen the same generation, so one of them is the first. */
TEST(loads_at_once)
{
	u32 round;

	guard_client();
	for (round = 0; round < ROUNDS / patience() + 1; round++) {
		struct fng_client_status before = control_status();
		struct census census;
		u32 ends[3] = { 0 };

		race(before.policy_gen, round, ends);
		EXPECT_EQ(1, ends[0]);
		EXPECT_EQ(RACERS - 1, ends[1]);
		EXPECT_EQ(before.policy_gen + 1, control_status().policy_gen);
		census = count_policies("race-");
		EXPECT_EQ(PARTS, census.nr);
		EXPECT_EQ(census.lowest, census.highest);
	}
}

static void __attribute__((noreturn)) load_forever(void)
{
	u32 version;

	for (version = 1;; version++)
		if (load_many("whole", PARTS, version,
			      control_status().policy_gen))
			_exit(1);
}

/* A list that is read meanwhile is of one moment. */
TEST(list_while_policies_are_replaced)
{
	u32 i, seen = 0, last = 0;
	pid_t pid;

	EXPECT_EQ(0, load_many("whole", PARTS, 0, control_status().policy_gen));
	pid = fork();
	if (!pid)
		load_forever();
	for (i = 0; i < 300 / patience() || seen < 5; i++) {
		struct census census = count_policies("whole-");

		EXPECT_EQ(PARTS, census.nr);
		EXPECT_EQ(census.lowest, census.highest);
		seen += census.highest != last;
		last = census.highest;
	}
	EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int count_binding(const struct fng_client_binding *binding, void *data)
{
	u32 *nr = data;

	*nr += !strcmp(binding->policy, "listed-0");
	return 0;
}

/* More than fits in one message of the kernel. */
TEST(long_list_of_bindings)
{
	enum { NR = 600 };
	struct group parent, groups[NR];
	u32 i, nr = 0;

	EXPECT_EQ(0, load_many("listed", 1, 1, control_status().policy_gen));
	group_make(&parent, NULL);
	for (i = 0; i < NR; i++) {
		group_make(&groups[i], &parent);
		group_bind(&groups[i], "listed-0");
	}
	if (fng_client_binding_list(guard_client(), count_binding, &nr))
		die("no list of bindings: %s", guard_client()->error);
	EXPECT_EQ(NR, nr);
	EXPECT_EQ(NR, control_status().nr_bindings);
	for (i = 0; i < NR; i++)
		group_remove(&groups[i]);
	group_remove(&parent);
}

TEST_HARNESS_MAIN
