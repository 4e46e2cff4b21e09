// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code in files whose content a policy knows by its digest.
 *
 * The kernel does not read the files: what userspace says that it has found is
 * what they are until they change.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "drift.h"
#include "expect.h"

#define DIGEST	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define OTHER	"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"

#define CODE								\
	"exec:\n"							\
	"  allow: [\"" WORK "/**\"]\n"					\
	"  sha256:\n"							\
	"    " WORK "/program: " DIGEST "\n"				\
	"    " WORK "/library: " DIGEST "\n"				\
	"    " WORK "/all/program: " DIGEST "\n"

#define DENY_POLICY	"policy: attest\n" CODE
#define OTHER_POLICY							\
	"policy: attest\n"						\
	"exec: { allow: [\"" WORK "/**\"],\n"				\
	"  sha256: { " WORK "/program: " OTHER " } }\n"
#define AUDIT_POLICY	"policy: attest-audit\nmode: audit\n" CODE

/**
 * struct deed - a file is digested, something happens to it, it becomes code
 * @digested: the file that is digested, or NULL
 * @before: what happens before that; or NULL
 * @change: what happens after it, if anything
 * @use: how it becomes code
 * @path: the file
 */
struct deed {
	const char *digested;
	void (*before)(const char *path);
	void (*change)(const char *path);
	int (*use)(const char *path);
	const char *path;
};

static void read_hex(const char *text, u8 sha256[FNG_SHA256_SIZE])
{
	unsigned int byte;
	int i;

	for (i = 0; i < FNG_SHA256_SIZE; i++) {
		sscanf(text + 2 * i, "%2x", &byte);
		sha256[i] = byte;
	}
}

static void look(int fd, struct fng_client_attestation *attestation)
{
	struct stat st;

	if (fstat(fd, &st))
		die("cannot look at a file");
	attestation->fd = fd;
	attestation->size = st.st_size;
	attestation->ctime = st.st_ctim.tv_sec * 1000000000ull +
			     st.st_ctim.tv_nsec;
	read_hex(DIGEST, attestation->sha256);
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("cannot open %s", path);
	return fd;
}

static void attest(const char *path)
{
	struct fng_client_attestation attestation;
	struct fng_client *client = guard_client();
	int fd = open_file(path);

	if (fng_client_attest_begin(client, fd, &attestation.moment))
		die("%s cannot be attested: %s", path, client->error);
	look(fd, &attestation);
	if (fng_client_attest(client, &attestation))
		die("%s was not attested: %s", path, client->error);
	close(fd);
}

static void prepare(const void *arg)
{
	const struct deed *deed = arg;

	if (deed->before)
		deed->before(deed->path);
	drift_settle();
	if (deed->digested)
		attest(deed->digested);
}

static int perform(const void *arg)
{
	const struct deed *deed = arg;

	if (deed->change)
		deed->change(deed->path);
	return deed->use(deed->path);
}

static void replace(const char *path)
{
	copy_helper("helper_true", "other");
	if (rename("other", path))
		die("cannot replace %s", path);
}

FIXTURE(attested) {
};

FIXTURE_VARIANT(attested) {
	const char *policy;
	struct deed deed;
	struct expected expected;
};

#define ROW(name, what, digested, file, before, happens, how, ...)	\
	FIXTURE_VARIANT_ADD(attested, name) {				\
		.policy = what,						\
		.deed = { digested, before, happens, how, file },	\
		.expected = { __VA_ARGS__ },				\
	}
#define ALLOWED		0
#define BY(hook)	EACCES, FNG_HOOK_##hook, FNG_CLASS_EXEC
#define PROGRAM(what, digested, happens, ...)				\
	ROW(what, "attest", digested, "program", NULL, happens, drift_run, \
	    __VA_ARGS__)
#define REFUSED		BY(BPRM_CHECK), .line = 5

PROGRAM(undigested, NULL, NULL, REFUSED);
PROGRAM(another_digested, "library", NULL, REFUSED);
PROGRAM(untouched, "program", NULL, ALLOWED);
PROGRAM(rewritten, "program", drift_rewrite, REFUSED);
PROGRAM(opened, "program", drift_open_and_leave, REFUSED);
PROGRAM(stored, "program", drift_store, REFUSED);
PROGRAM(mode_changed, "program", drift_change_mode, REFUSED);
PROGRAM(replaced, "program", replace, REFUSED);
ROW(not_named, "attest", NULL, "unnamed", drift_rewrite, NULL, drift_run,
    ALLOWED);
ROW(script_of_undigested, "attest", NULL, "script", NULL, NULL, drift_run,
    REFUSED);
ROW(script_of_digested, "attest", "program", "script", NULL, NULL, drift_run,
    ALLOWED);
ROW(mapped_undigested, "attest", NULL, "library", NULL, NULL, drift_map_code,
    BY(MMAP_FILE), .line = 6);
ROW(mapped, "attest", "library", "library", NULL, NULL, drift_map_code, ALLOWED);
ROW(mapped_while_open, "attest", "library", "library", NULL, drift_hold_open, drift_map_code,
    BY(MMAP_FILE), .line = 6);
ROW(protected_undigested, "attest", NULL, "library", NULL, NULL,
    drift_map_and_protect, BY(FILE_MPROTECT), .line = 6);
ROW(protected, "attest", "library", "library", NULL, NULL, drift_map_and_protect,
    ALLOWED);
ROW(audited, "attest-audit", NULL, "library", NULL, NULL, drift_map_code, .err = 0,
    .hook = FNG_HOOK_MMAP_FILE, .class = FNG_CLASS_EXEC, .line = 7,
    .audit = true);
/* It is digested in the layer, as an image is before any container has it. */
ROW(overlay, "attest", "lower/program", "all/program", drift_stack, NULL,
    drift_run, ALLOWED);
ROW(overlay_digested_there, "attest", "all/program", "all/program",
    drift_stack, NULL, drift_run, ALLOWED);
ROW(overlay_rewritten, "attest", "lower/program", "all/program", drift_stack,
    drift_rewrite, drift_run, BY(BPRM_CHECK), .line = 7);
ROW(overlay_written_below, "attest", "lower/program", "all/program",
    drift_stack, drift_rewrite_lower, drift_run, BY(BPRM_CHECK), .line = 7);

FIXTURE_SETUP(attested)
{
	drift_make();
	guard_load(DENY_POLICY);
	guard_load(AUDIT_POLICY);
}

FIXTURE_TEARDOWN(attested)
{
	work_remove();
}

TEST_F(attested, works_unguarded)
{
	const struct attempt attempt = { prepare, perform, &variant->deed };

	expect_control(_metadata, &attempt);
}

TEST_F(attested, is_judged)
{
	const struct attempt attempt = { prepare, perform, &variant->deed };
	struct outcome outcome;

	run_guarded(variant->policy, &attempt, &outcome);
	if (variant->expected.err || variant->expected.audit)
		expect_refused(_metadata, &outcome, &variant->expected);
	else
		expect_allowed(_metadata, &outcome);
}

FIXTURE(command) {
	struct fng_client *client;
	struct fng_client_attestation said;
};

FIXTURE_SETUP(command)
{
	drift_make();
	drift_settle();
	self->client = guard_client();
	ASSERT_EQ(0, fng_client_attest_begin(self->client, open_file("program"),
					     &self->said.moment));
	look(open_file("program"), &self->said);
}

FIXTURE_TEARDOWN(command)
{
	work_remove();
}

static int try_program(void)
{
	const struct deed deed = { .use = drift_run, .path = "program" };
	const struct attempt attempt = { NULL, perform, &deed };
	struct outcome outcome;

	guard_load(DENY_POLICY);
	run_guarded("attest", &attempt, &outcome);
	return outcome.err;
}

TEST_F(command, is_believed)
{
	EXPECT_EQ(0, fng_client_attest(self->client, &self->said));
	EXPECT_EQ(0, try_program());
}

/* Nobody has said anything yet. */
TEST_F(command, beginning_is_not_enough)
{
	EXPECT_EQ(EACCES, try_program());
}

TEST_F(command, later_digest_counts)
{
	EXPECT_EQ(0, fng_client_attest(self->client, &self->said));
	read_hex(OTHER, self->said.sha256);
	EXPECT_EQ(0, fng_client_attest(self->client, &self->said));
	EXPECT_EQ(EACCES, try_program());
}

TEST_F(command, replaced_policy)
{
	const struct deed deed = { .use = drift_run, .path = "program" };
	const struct attempt attempt = { NULL, perform, &deed };
	struct outcome outcome;

	EXPECT_EQ(0, fng_client_attest(self->client, &self->said));
	EXPECT_EQ(0, try_program());
	guard_load(OTHER_POLICY);
	run_guarded("attest", &attempt, &outcome);
	EXPECT_EQ(EACCES, outcome.err);
	EXPECT_EQ(0, try_program());
}

TEST_F(command, another_size)
{
	self->said.size++;
	EXPECT_EQ(-ESTALE, fng_client_attest(self->client, &self->said));
	EXPECT_EQ(EACCES, try_program());
}

TEST_F(command, another_change_time)
{
	self->said.ctime--;
	EXPECT_EQ(-ESTALE, fng_client_attest(self->client, &self->said));
}

TEST_F(command, changed_while_it_was_read)
{
	drift_change_mode("program");
	EXPECT_EQ(-ESTALE, fng_client_attest(self->client, &self->said));
}

/* What was seen is what is there, but it may have been written after that. */
TEST_F(command, changed_in_the_tick_of_the_beginning)
{
	self->said.moment.wall = self->said.ctime;
	EXPECT_EQ(-EAGAIN, fng_client_attest(self->client, &self->said));
	EXPECT_EQ(EACCES, try_program());
}

TEST_F(command, moment_to_come)
{
	self->said.moment.wall += 1000000000000ull;
	EXPECT_EQ(-EINVAL, fng_client_attest(self->client, &self->said));
}

TEST_F(command, open_for_writing)
{
	int fd = open("program", O_RDWR | O_CLOEXEC);
	struct fng_client_moment moment;

	EXPECT_EQ(-ETXTBSY, fng_client_attest_begin(self->client, fd, &moment));
	EXPECT_EQ(-ETXTBSY, fng_client_attest(self->client, &self->said));
	close(fd);
}

TEST_F(command, what_has_no_digest)
{
	struct fng_client_moment moment;
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(-EINVAL, fng_client_attest_begin(self->client, pipes[0],
						   &moment));
	EXPECT_EQ(-EINVAL, fng_client_attest_begin(self->client,
						   open_file("/tmp"), &moment));
	EXPECT_EQ(-EBADF, fng_client_attest_begin(self->client, 4000, &moment));
	EXPECT_EQ(-ETXTBSY, fng_client_attest_begin(self->client,
						    open_file("/proc/version"),
						    &moment));
}

TEST_HARNESS_MAIN
