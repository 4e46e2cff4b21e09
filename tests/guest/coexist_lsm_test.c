// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that AppArmor or Landlock confines as well: each refuses its own, and
 * what both would refuse the guard does, who is asked first.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "coexist.h"

/* What only the neighbour refuses to read. */
#define THEIRS	WORK "/theirs"

#define PROFILE	"coexist"

FIXTURE(confined) {
};

/**
 * struct _fixture_variant_confined - who else confines the function
 * @prepare: has it loaded; returns why it cannot be
 * @confine: confines the task
 */
FIXTURE_VARIANT(confined) {
	const char *(*prepare)(void);
	void (*confine)(const void *arg);
};

static bool is_active(const char *module)
{
	char list[256] = "";
	int fd = open("/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, list, sizeof(list) - 1) < 0)
		return false;
	close(fd);
	return strstr(list, module);
}

static const char *load_profile(void)
{
	FILE *parser;

	if (!is_active("apparmor"))
		return "the kernel has no AppArmor";
	parser = popen("apparmor_parser --quiet --replace --skip-cache", "w");
	if (!parser)
		die("no parser of profiles");
	fprintf(parser, "profile " PROFILE " {\n"
		"file,\nnetwork,\nunix,\ncapability,\nsignal,\n"
		"deny " WORK "/{theirs,secret} r,\n}\n");
	if (pclose(parser))
		die("the profile was not loaded");
	return NULL;
}

static void change_profile(const void *arg)
{
	const char order[] = "changeprofile " PROFILE;
	int fd = open("/proc/self/attr/current", O_WRONLY | O_CLOEXEC);

	(void)arg;
	if (write(fd, order, strlen(order)) != (ssize_t)strlen(order))
		die("the task is not confined by AppArmor");
	close(fd);
}

static const char *find_landlock(void)
{
	return is_active("landlock") ? NULL : "the kernel has no Landlock";
}

static void may_read(int rules, const char *path)
{
	const struct landlock_path_beneath_attr beneath = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
		    &beneath, 0))
		die("no rule of Landlock for %s", path);
	close(beneath.parent_fd);
}

/* What is not named may not be read: what is theirs, and the secret. */
static void restrict_self(const void *arg)
{
	const struct landlock_ruleset_attr handled = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	int rules = syscall(SYS_landlock_create_ruleset, &handled,
			    sizeof(handled), 0);

	(void)arg;
	may_read(rules, WORK "/plain");
	may_read(rules, WORK "/good");
	may_read(rules, WORK "/bad");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, rules, 0))
		die("the task is not confined by Landlock");
	close(rules);
}

FIXTURE_VARIANT_ADD(confined, apparmor) {
	.prepare = load_profile,
	.confine = change_profile,
};

FIXTURE_VARIANT_ADD(confined, landlock) {
	.prepare = find_landlock,
	.confine = restrict_self,
};

FIXTURE_SETUP(confined)
{
	coexist_begin();
	make_file(THEIRS, "");
}

FIXTURE_TEARDOWN(confined)
{
	coexist_end();
}

/* It is refused with the errno of the neighbour, and nothing was counted. */
static void expect_theirs(struct __test_metadata *_metadata,
			  const struct outcome *outcome)
{
	EXPECT_EQ(EACCES, outcome->err);
	EXPECT_EQ(0, outcome->nr);
}

TEST_F(confined, is_refused_by_each_what_is_its_own)
{
	const struct attempt theirs = { .before = variant->confine,
					.act = coexist_open, .arg = THEIRS };
	const struct attempt both = { .before = variant->confine,
				      .act = coexist_open,
				      .arg = WORK "/secret" };
	const char *missing = variant->prepare();
	struct outcome outcome;
	struct events events;

	if (missing)
		SKIP(return, "%s", missing);
	guard_load(COEXIST_POLICY);
	events_start(&events);
	coexist_control(_metadata);
	coexist_check(_metadata, "without it", NULL, &events);
	coexist_check(_metadata, "confined", variant->confine, &events);
	run_guarded("coexist", &theirs, &outcome);
	expect_theirs(_metadata, &outcome);
	run_unguarded(&theirs, &outcome);
	expect_theirs(_metadata, &outcome);
	run_unguarded(&both, &outcome);
	expect_theirs(_metadata, &outcome);
	events_stop(&events);
}

TEST_HARNESS_MAIN
