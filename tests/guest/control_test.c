// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that are not well-formed, or come too late: each is refused with a
 * sentence, and changes nothing.
 */
#include <errno.h>
#include <string.h>

#include <client/exchange.h>

#include "bound.h"
#include "control.h"
#include "expect.h"

FIXTURE(request) {
	struct fng_client_status before;
};

FIXTURE_VARIANT(request) {
	int command;
	int flags;
	struct piece pieces[4];
	int err;
	const char *said;
};

static const u64 number;
static const s32 minus_one = -1;
static const u32 too_large = FNG_NR_HOOKS;
static const char long_name[FNG_MAX_POLICY_NAME + 2] =
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/* As long as one may be, and begins as one does that is longer. */
static const char certificate[FNG_MAX_CERTIFICATE + 1] = "\x30\x82\x7f\xff";

/* An attribute in another, with room for one number. */
struct inner {
	u16 len;
	u16 type;
	u32 value;
};

static const struct inner only_fd = { 8, FNG_A_IMAGE_FD, 0 };
static const struct inner only_size = { 8, FNG_A_IMAGE_SIZE, 4096 };
static const struct inner cut_off = { 80, FNG_A_IMAGE_FD, 0 };
static const struct inner no_size[] = { { 8, FNG_A_IMAGE_FD, 0 },
					{ 8, FNG_A_IMAGE_SIZE, 0 } };
static const struct inner no_file[] = { { 8, FNG_A_IMAGE_FD, 1000 },
					{ 8, FNG_A_IMAGE_SIZE, 4096 } };
static const struct inner empty_signature[] = {
	{ 8, FNG_A_IMAGE_FD, 0 }, { 8, FNG_A_IMAGE_SIZE, 4096 },
	{ 8, FNG_A_SIGNATURE_SIZE, 0 }
};
static const struct inner long_signature[] = {
	{ 8, FNG_A_IMAGE_FD, 0 }, { 8, FNG_A_IMAGE_SIZE, 4096 },
	{ 8, FNG_A_SIGNATURE_SIZE, FNG_MAX_SIGNATURE + 1 }
};
static const struct inner unknown_inside = { 8, FNG_A_REASON, 0 };

#define U32(attr)	{ FNG_A_##attr, &number, 4 }
#define U64(attr)	{ FNG_A_##attr, &number, 8 }
#define NAME(attr)	{ FNG_A_##attr, "nobody", 7 }
#define SIZED(attr, n)	{ FNG_A_##attr, &number, n }
#define POLICY(what)	{ FNG_A_POLICY | NLA_F_NESTED, &what, sizeof(what) }

/* What generic netlink says by itself. */
#define UNSUPPORTED	"Operation not supported"

#define ROW(name, what, how, number, text, ...)				\
	FIXTURE_VARIANT_ADD(request, name) {				\
		.command = FNG_CMD_##what,				\
		.flags = how,						\
		.err = number,						\
		.said = text,						\
		.pieces = { __VA_ARGS__ },				\
	}
#define BAD(name, command, text, ...)					\
	ROW(name, command, 0, EINVAL, text, __VA_ARGS__)

BAD(arm_without_cgroup, ARM, "(missing attribute cgroup-fd)", {});
BAD(disarm_without_reason, DISARM, "(missing attribute reason)", {});
BAD(load_without_generation, POLICY_LOAD, "(missing attribute policy-gen)",
	POLICY(no_file));
BAD(load_without_policy, POLICY_LOAD, "(missing attribute policy)",
	U64(POLICY_GEN));
BAD(load_without_size, POLICY_LOAD, "A policy needs FNG_A_IMAGE_FD and",
	U64(POLICY_GEN), POLICY(only_fd));
BAD(load_without_file, POLICY_LOAD, "A policy needs FNG_A_IMAGE_FD and",
	U64(POLICY_GEN), POLICY(only_size));
BAD(unload_without_generation, POLICY_UNLOAD,
	"(missing attribute policy-gen)", NAME(POLICY_NAME));
BAD(unload_without_name, POLICY_UNLOAD, "(missing attribute policy-name)",
	U64(POLICY_GEN));
BAD(get_without_name, POLICY_GET, "(missing attribute policy-name)", {});
BAD(bind_without_cgroup, BIND, "(missing attribute cgroup-fd)",
	NAME(POLICY_NAME));
BAD(bind_without_policy, BIND, "(missing attribute policy-name)",
	U32(CGROUP_FD));
BAD(unbind_without_cgroup, UNBIND, "Exactly one of FNG_A_CGROUP_FD and",
	NAME(POLICY_NAME));
BAD(unbind_with_two, UNBIND, "Exactly one of FNG_A_CGROUP_FD and",
	U32(CGROUP_FD), U64(CGROUP_ID));

BAD(u64_of_four_bytes, POLICY_UNLOAD, "(attribute policy-gen)",
	SIZED(POLICY_GEN, 4), NAME(POLICY_NAME));
BAD(u64_of_nine_bytes, POLICY_UNLOAD, "(attribute policy-gen)",
	{ FNG_A_POLICY_GEN, long_name, 9 }, NAME(POLICY_NAME));
BAD(u32_of_two_bytes, ARM, "(attribute cgroup-fd)", SIZED(CGROUP_FD, 2));
BAD(u32_of_no_bytes, ARM, "(attribute cgroup-fd)", SIZED(CGROUP_FD, 0));
ROW(flag_with_a_value, STATUS, 0, ERANGE, "(attribute agent)",
	SIZED(AGENT, 4));
BAD(name_without_end, POLICY_GET, "(attribute policy-name)",
	{ FNG_A_POLICY_NAME, "nobody", 6 });
BAD(empty_name, POLICY_GET, "(attribute policy-name)", SIZED(POLICY_NAME, 0));
BAD(name_too_long, POLICY_GET, "(attribute policy-name)",
	{ FNG_A_POLICY_NAME, long_name, sizeof(long_name) });
ROW(descriptor_below_zero, BIND, 0, ERANGE, "(attribute cgroup-fd)",
	{ FNG_A_CGROUP_FD, &minus_one, 4 }, NAME(POLICY_NAME));
ROW(hook_that_is_none, ARM, 0, ERANGE, "(attribute hook-id)", U32(CGROUP_FD),
	{ FNG_A_HOOK_ID, &too_large, 4 });
ROW(image_of_no_bytes, POLICY_LOAD, 0, ERANGE, "(attribute ",
	U64(POLICY_GEN), POLICY(no_size));
ROW(signature_of_no_bytes, POLICY_LOAD, 0, ERANGE, "(attribute ",
	U64(POLICY_GEN), POLICY(empty_signature));
ROW(signature_too_long, POLICY_LOAD, 0, ERANGE, "(attribute ",
	U64(POLICY_GEN), POLICY(long_signature));
BAD(policy_not_nested, POLICY_LOAD, "NLA_F_NESTED is missing",
	U64(POLICY_GEN), { FNG_A_POLICY, &no_file, sizeof(no_file) });
BAD(policy_cut_off, POLICY_LOAD, "leftover after parsing", U64(POLICY_GEN),
	POLICY(cut_off));
BAD(unknown_in_policy, POLICY_LOAD, "Unsupported attribute (attribute reason)",
	U64(POLICY_GEN), POLICY(unknown_inside));
BAD(unknown, STATUS, "Unknown attribute type", { FNG_A_MAX + 1, &number, 4 });
BAD(of_another_command, DISARM, "Unknown attribute type", NAME(REASON),
	U64(POLICY_GEN));
BAD(where_none_belongs, PROVE, "attribute", { FNG_A_PAD, &number, 4 });

ROW(no_command, EVENTS, 0, EOPNOTSUPP, UNSUPPORTED, {});
ROW(beyond_commands, MAX + 1, 0, EOPNOTSUPP, UNSUPPORTED, {});
ROW(list_asked_for_as_one, BIND_GET, 0, EOPNOTSUPP, UNSUPPORTED, {});
ROW(one_asked_for_as_list, STATUS, NLM_F_DUMP, EOPNOTSUPP, UNSUPPORTED, {});
ROW(list_with_wrong_size, COUNTERS_GET, NLM_F_DUMP, EINVAL,
	"invalid attribute length (attribute cgroup-id)", SIZED(CGROUP_ID, 4));
ROW(list_with_unknown, BIND_GET, NLM_F_DUMP, EINVAL,
	"Unknown attribute type (attribute policy-name)", NAME(POLICY_NAME));

ROW(descriptor_not_open, POLICY_LOAD, 0, EBADF, "No such file descriptor",
	U64(POLICY_GEN), POLICY(no_file));
ROW(get_unknown_policy, POLICY_GET, 0, ENOENT,
	"No policy of that name is loaded", NAME(POLICY_NAME));
ROW(unbind_unknown_cgroup, UNBIND, 0, ENOENT, "has no such binding",
	{ FNG_A_CGROUP_ID, "abcdefg", 8 });
BAD(seal_without_certificate, SEAL, "(missing attribute certificate)", {});
BAD(certificate_of_no_bytes, SEAL, "Not an X.509 certificate in DER",
	{ FNG_A_CERTIFICATE, certificate, 0 });
ROW(certificate_of_one_byte, SEAL, 0, EBADMSG, "(attribute certificate)",
	{ FNG_A_CERTIFICATE, certificate, 1 });
ROW(certificate_of_nothing, SEAL, 0, EBADMSG, "Not an X.509 certificate in DER",
	{ FNG_A_CERTIFICATE, certificate, FNG_MAX_CERTIFICATE });
ROW(certificate_too_long, SEAL, 0, ERANGE, "(attribute certificate)",
	{ FNG_A_CERTIFICATE, certificate, sizeof(certificate) });
ROW(second_certificate, SEAL, 0, EBADMSG, "(attribute certificate 1)",
	{ FNG_A_CERTIFICATE, certificate, 9 },
	{ FNG_A_CERTIFICATE, certificate, 9 });

ROW(proof_that_is_not_running, PROVE, 0, EINVAL, "No proof is running", {});

FIXTURE_SETUP(request)
{
	guard_load("policy: control\n"
		   "files: { default: deny }\n");
	self->before = control_status();
}

FIXTURE_TEARDOWN(request)
{
}

TEST_F(request, is_refused_and_changes_nothing)
{
	struct fng_client *client = guard_client();

	EXPECT_EQ(-variant->err, control_send(client, variant->command,
					      variant->flags, variant->pieces));
	expect_text(_metadata, client->error, variant->said);
	EXPECT_TRUE(control_unchanged(&self->before));
}

/* Bytes behind the last attribute are not passed over. */
TEST(bytes_that_are_left_over)
{
	struct fng_client *client = guard_client();
	struct nl_msg *msg = fng_request(client, FNG_CMD_STATUS, 0);

	memset(nlmsg_reserve(msg, 3, 0), 0, 3);
	EXPECT_EQ(-EINVAL, fng_exchange(client, msg, NULL, NULL));
}

/* Bits that mean nothing today may mean something tomorrow. */
TEST(reserved_bits_of_the_header)
{
	struct fng_client *client = guard_client();
	struct nl_msg *msg = fng_request(client, FNG_CMD_STATUS, 0);

	((struct genlmsghdr *)nlmsg_data(nlmsg_hdr(msg)))->reserved = 1;
	EXPECT_EQ(-EINVAL, fng_exchange(client, msg, NULL, NULL));
}

#define CHANGED	"have changed since they were looked at"

TEST(load_that_comes_too_late)
{
	struct fng_client *client = guard_client();
	struct blob blob = control_compile("policy: control-late\n"
					   "files: { default: deny }\n");
	struct fng_client_image image = { .data = blob.data,
						.size = blob.size };
	struct fng_client_status before, after;
	u64 generation;

	guard_load("policy: control\n"
		   "files: { default: deny }\n");
	before = control_status();
	generation = before.policy_gen - 1;
	EXPECT_EQ(-ESTALE, fng_client_policy_load(client, &generation, &image,
						  1));
	expect_text(_metadata, client->error, CHANGED);
	generation = before.policy_gen + 1;
	EXPECT_EQ(-ESTALE, fng_client_policy_load(client, &generation, &image,
						  1));
	EXPECT_TRUE(control_unchanged(&before));
	generation = before.policy_gen;
	EXPECT_EQ(0, fng_client_policy_load(client, &generation, &image, 1));
	EXPECT_EQ(before.policy_gen + 1, generation);
	after = control_status();
	EXPECT_EQ(generation, after.policy_gen);
	EXPECT_EQ(before.nr_policies + 1, after.nr_policies);
	free(blob.data);
}

TEST(unload_that_comes_too_late)
{
	struct fng_client *client = guard_client();
	struct fng_client_status before;
	u64 generation;

	guard_load("policy: control\n"
		   "files: { default: deny }\n");
	before = control_status();
	generation = before.policy_gen - 1;
	EXPECT_EQ(-ESTALE, fng_client_policy_unload(client, &generation,
						    "control", NULL));
	expect_text(_metadata, client->error, CHANGED);
	generation = before.policy_gen;
	EXPECT_EQ(-ENOENT, fng_client_policy_unload(client, &generation,
						    "nobody", NULL));
	expect_text(_metadata, client->error, "No policy of that name");
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_EQ(0, fng_client_policy_unload(client, &generation, "control",
					      NULL));
	EXPECT_EQ(before.policy_gen + 1, generation);
}

static int send_binding(int command, const struct group *group, u64 generation)
{
	const struct piece pieces[] = {
		{ FNG_A_BINDING_GEN, &generation, sizeof(generation) },
		{ FNG_A_POLICY_NAME, "control", sizeof("control") },
		{ FNG_A_CGROUP_FD, &group->fd, sizeof(group->fd) },
		{ 0 },
	};

	return control_send(guard_client(), command, 0, pieces);
}

TEST(binding_that_comes_too_late)
{
	struct fng_client_status before;
	struct group group;

	guard_load("policy: control\n"
		   "files: { default: deny }\n");
	group_make(&group, NULL);
	before = control_status();
	EXPECT_EQ(-ESTALE, send_binding(FNG_CMD_BIND, &group,
					before.binding_gen + 1));
	expect_text(_metadata, guard_client()->error, CHANGED);
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_EQ(0, send_binding(FNG_CMD_BIND, &group, before.binding_gen));
	before = control_status();
	EXPECT_EQ(-ESTALE, send_binding(FNG_CMD_UNBIND, &group,
					before.binding_gen - 1));
	expect_text(_metadata, guard_client()->error, CHANGED);
	EXPECT_TRUE(control_unchanged(&before));
	EXPECT_EQ(0, send_binding(FNG_CMD_UNBIND, &group, before.binding_gen));
	group_remove(&group);
}

TEST_HARNESS_MAIN
