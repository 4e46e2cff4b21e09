// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixed floor: what no function may do, whatever its policy says.
 *
 * A capability is checked before most of the hooks that carry the floor, so an
 * enforcing policy refuses there; that the hook behind it would refuse as well is
 * seen in audit mode, which passes both.
 */
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "admin.h"
#include "expect.h"

#define PATHS_POLICY							\
	"policy: floor-paths\n"						\
	"files: { default: allow }\n"

/* Without rules for paths, their names need not be kept from changing. */
#define BARE_POLICY							\
	"policy: floor-bare\n"						\
	"egress: { default: allow }\n"

#define AUDIT_POLICY							\
	"policy: floor-audit\n"						\
	"mode: audit\n"							\
	"files: { default: allow }\n"

EVENTS_OF_SUITE(events);

FIXTURE(floor) {
};

FIXTURE_VARIANT(floor) {
	struct attempt attempt;
	int part;
	int hook;		/* which is asked first */
	int then;		/* and behind it; 0 if there is none */
	const char *object;
};

#define ROW(name, prepare, how, argument, which, first, second, what)	\
	FIXTURE_VARIANT_ADD(floor, name) {				\
		.attempt = { prepare, how, argument },			\
		.part = FNG_FLOOR_##which,				\
		.hook = FNG_HOOK_##first,				\
		.then = second,						\
		.object = what,						\
	}
#define NOTHING		0
#define THEN(hook)	FNG_HOOK_##hook

ROW(mount, NULL, admin_mount, NULL, MOUNT, SB_MOUNT, THEN(CAPABLE), "mount");
ROW(mount_bind, NULL, admin_mount_bind, NULL, MOUNT, SB_MOUNT, THEN(CAPABLE),
	"mount");
ROW(mount_propagation, NULL, admin_mount_propagation, NULL, MOUNT, SB_MOUNT,
	THEN(CAPABLE), "mount");
ROW(umount, admin_mount_target, admin_umount, NULL, MOUNT, CAPABLE, NOTHING,
	"CAP_SYS_ADMIN");
ROW(fsopen, NULL, admin_fsopen, NULL, MOUNT, CAPABLE, NOTHING,
	"CAP_SYS_ADMIN");
ROW(open_tree, NULL, admin_open_tree, NULL, MOUNT, CAPABLE, NOTHING,
	"CAP_SYS_ADMIN");
ROW(move_mount, admin_hold_mount, admin_move_mount, NULL, MOUNT, CAPABLE,
	THEN(MOVE_MOUNT), "CAP_SYS_ADMIN");
ROW(pivot_root, admin_enter_target, admin_pivot_root, NULL, MOUNT, CAPABLE,
	THEN(SB_PIVOTROOT), "CAP_SYS_ADMIN");
ROW(mount_namespace, NULL, admin_mount_namespace, NULL, MOUNT, CAPABLE,
	NOTHING, "CAP_SYS_ADMIN");
ROW(set_host_name, NULL, admin_set_host_name, NULL, MOUNT, CAPABLE, NOTHING,
	"CAP_SYS_ADMIN");
ROW(user_namespace, NULL, admin_user_namespace, NULL, USERNS,
	CREATE_USER_NS, NOTHING, "user namespace");
ROW(user_namespace_of_child, NULL, admin_user_namespace_of_child, NULL,
	USERNS, CREATE_USER_NS, NOTHING, "user namespace");
ROW(chroot, NULL, admin_chroot, NULL, CHROOT, CAPABLE, THEN(PATH_CHROOT),
	"CAP_SYS_CHROOT");
ROW(init_module, NULL, admin_init_module, NULL, MODULE, CAPABLE,
	THEN(KERNEL_LOAD_DATA), "CAP_SYS_MODULE");
ROW(finit_module, admin_hold_garbage, admin_finit_module, NULL, MODULE,
	CAPABLE, THEN(KERNEL_READ_FILE), "CAP_SYS_MODULE");
ROW(delete_module, NULL, admin_delete_module, NULL, MODULE, CAPABLE, NOTHING,
	"CAP_SYS_MODULE");
ROW(kexec_load, NULL, admin_kexec_load, NULL, REBOOT, CAPABLE,
	THEN(KERNEL_LOAD_DATA), "CAP_SYS_BOOT");
ROW(kexec_file_load, admin_hold_garbage, admin_kexec_file_load, NULL, REBOOT,
	CAPABLE, THEN(KERNEL_READ_FILE), "CAP_SYS_BOOT");
ROW(reboot, NULL, admin_reboot, NULL, REBOOT, CAPABLE, NOTHING, "CAP_SYS_BOOT");
ROW(bpf, admin_hold_map_and_drop, admin_bpf_look_up, NULL, BPF, BPF, NOTHING,
	"bpf");
ROW(io_uring, NULL, admin_io_uring, NULL, IO_URING, INIT_SECURITY_ANON,
	NOTHING, "io_uring_setup");
ROW(iopl, NULL, admin_iopl, NULL, KMEM, CAPABLE, NOTHING, "CAP_SYS_RAWIO");
ROW(dev_mem, NULL, admin_open_read, "/dev/mem", KMEM, FILE_OPEN, THEN(CAPABLE),
	"/dev/mem");
ROW(proc_kcore, NULL, admin_open_read, "/proc/kcore", KMEM, CAPABLE, NOTHING,
	"CAP_SYS_RAWIO");
ROW(tracefs, NULL, admin_open_write, "/sys/kernel/tracing/trace_marker",
	TRACING, FILE_OPEN, NOTHING, "/sys/kernel/tracing/trace_marker");
ROW(debugfs, NULL, admin_open_write, "/sys/kernel/debug/clear_warn_once",
	TRACING, FILE_OPEN, NOTHING, "/sys/kernel/debug/clear_warn_once");
ROW(core_pattern, NULL, admin_open_write, "/proc/sys/kernel/core_pattern",
	HELPER, FILE_OPEN, NOTHING, "/proc/sys/kernel/core_pattern");
ROW(modprobe, NULL, admin_open_write, "/proc/sys/kernel/modprobe", HELPER,
	FILE_OPEN, NOTHING, "/proc/sys/kernel/modprobe");
ROW(sysrq, NULL, admin_open_write, "/proc/sysrq-trigger", HELPER, FILE_OPEN,
	NOTHING, "/proc/sysrq-trigger");
ROW(release_agent, admin_mount_hierarchy, admin_open_write,
	WORK "/target/release_agent", HELPER, FILE_OPEN, NOTHING,
	WORK "/target/release_agent");
ROW(binfmt_misc, admin_mount_binfmt, admin_open_write, WORK "/target/register",
	HELPER, FILE_OPEN, NOTHING, WORK "/target/register");

FIXTURE_SETUP(floor)
{
	work_make();
	make_dir("target");
	guard_load(PATHS_POLICY);
	guard_load(BARE_POLICY);
	guard_load(AUDIT_POLICY);
}

FIXTURE_TEARDOWN(floor)
{
	work_remove();
}

static struct expected expected_of(const FIXTURE_VARIANT(floor) *variant)
{
	return (struct expected) {
		.err = EPERM,
		.hook = variant->hook,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | variant->part,
	};
}

TEST_F(floor, works_unguarded)
{
	expect_control(_metadata, &variant->attempt);
}

TEST_F(floor, is_refused)
{
	const struct expected expected = expected_of(variant);
	struct outcome outcome;

	run_guarded("floor-paths", &variant->attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	if (outcome.nr)
		expect_event(_metadata, &events, &outcome, &expected,
			     variant->object);
}

/* Mounts and roots matter to names only. */
TEST_F(floor, is_refused_without_path_rules)
{
	const struct expected expected = expected_of(variant);
	struct outcome outcome;

	run_guarded("floor-bare", &variant->attempt, &outcome);
	if (variant->part >= FNG_FLOOR_MOUNT &&
	    variant->part <= FNG_FLOOR_USERNS)
		expect_allowed(_metadata, &outcome);
	else
		expect_refused(_metadata, &outcome, &expected);
}

/* One capability may be asked for several times on the way. */
static void expect_audited(struct __test_metadata *_metadata,
			   const struct outcome *outcome,
			   const FIXTURE_VARIANT(floor) *variant)
{
	u64 then = variant->then ? 1ull << variant->then : 0, hooks = 0;
	u32 i;

	EXPECT_EQ(0, outcome->err);
	for (i = 0; i < outcome->nr; i++) {
		const struct refusal *row = &outcome->refusals[i];

		hooks |= 1ull << row->hook;
		EXPECT_TRUE(row->audit);
		EXPECT_EQ(FNG_CLASS_FLOOR, row->class);
		EXPECT_EQ(FNG_RULE_FLOOR | variant->part, row->rule);
		EXPECT_LE(1, row->count);
		if (row->hook != FNG_HOOK_CAPABLE)
			EXPECT_EQ(1, row->count);
	}
	EXPECT_EQ(1ull << variant->hook | then, hooks);
	if (!_metadata->passed)
		outcome_print(outcome);
}

TEST_F(floor, is_told_in_audit_mode)
{
	char line[EVENT_LINE_SIZE], text[256];
	struct outcome outcome;

	run_guarded("floor-audit", &variant->attempt, &outcome);
	expect_audited(_metadata, &outcome, variant);
	snprintf(text, sizeof(text), " would-deny %s %s -> EPERM by floor-audit rule floor:",
		 fng_hook_name(variant->hook), variant->object);
	/* Who changes its CPU between two hooks may be told of in any order. */
	while (events_find(&events, "would-deny", outcome.cgroup, line))
		if (strstr(line, text))
			break;
	expect_text(_metadata, line, text);
}

/*
 * Older kernels look for the capabilities first. Whatever is asked, the floor
 * answers, and there is no map.
 */
TEST(map_is_not_made_by_root)
{
	const struct attempt attempt = { .act = admin_bpf_create };
	struct outcome outcome;
	u32 i;

	guard_load(PATHS_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("floor-paths", &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	EXPECT_LE(1, outcome.nr);
	for (i = 0; i < outcome.nr; i++) {
		EXPECT_EQ(FNG_CLASS_FLOOR, outcome.refusals[i].class);
		EXPECT_FALSE(outcome.refusals[i].audit);
	}
}

/* What the kernel refuses by itself is not the floor's. */
TEST(capability_that_is_not_held)
{
	const struct attempt attempt = { admin_drop, admin_set_host_name,
					 NULL };
	struct outcome outcome;

	guard_load(PATHS_POLICY);
	run_unguarded(&attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	run_guarded("floor-paths", &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	EXPECT_EQ(0, outcome.nr);
}

TEST(capability_that_is_not_the_floors)
{
	const struct attempt attempt = { .act = admin_raise_priority };
	struct outcome outcome;

	guard_load(PATHS_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("floor-paths", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

/* A list that shows to the privileged what it hides from others. */
static int list_trusted(const void *arg)
{
	char names[256];
	ssize_t size = listxattr("trusted", names, sizeof(names));

	(void)arg;
	return size > 0 && memmem(names, size, "trusted.x", 9) ? 0 : EPERM;
}

/* The function has asked for nothing that was refused to it. */
TEST(speculative_check_is_not_counted)
{
	const struct attempt attempt = { .act = list_trusted };
	struct outcome outcome;

	work_make();
	make_file("trusted", "");
	if (setxattr("trusted", "trusted.x", "x", 1, 0))
		die("no trusted attribute");
	guard_load(PATHS_POLICY);
	guard_load(AUDIT_POLICY);
	expect_control(_metadata, &attempt);
	run_guarded("floor-paths", &attempt, &outcome);
	EXPECT_EQ(EPERM, outcome.err);
	EXPECT_EQ(0, outcome.nr);
	run_guarded("floor-audit", &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
	work_remove();
}

/* The floor's mode is the policy's, not that of any section. */
TEST(mode_of_a_section_is_not_the_floors)
{
	const struct attempt attempt = { .act = admin_chroot };
	const struct expected expected = {
		.err = EPERM,
		.hook = FNG_HOOK_CAPABLE,
		.class = FNG_CLASS_FLOOR,
		.rule = FNG_RULE_FLOOR | FNG_FLOOR_CHROOT,
	};
	struct outcome outcome;

	guard_load("policy: floor-mixed\n"
		   "files: { default: allow, mode: audit }\n");
	run_guarded("floor-mixed", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	guard_load("policy: floor-mixed\n"
		   "mode: audit\n"
		   "files: { default: allow, mode: enforce }\n");
	run_guarded("floor-mixed", &attempt, &outcome);
	EXPECT_EQ(0, outcome.err);
	EXPECT_EQ(2, outcome.nr);
}

TEST_HARNESS_MAIN
