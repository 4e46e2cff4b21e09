// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running functions under policies.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <client/names.h>
#include <client/proof.h>
#include <compiler/compiler.h>

#include "common.h"

/**
 * struct shared - what the task under test tells
 * @returned: @err is what the function returned
 * @err: 0 or an errno
 */
struct shared {
	bool returned;
	int err;
};

void die(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	fprintf(stderr, "# ");
	vfprintf(stderr, format, args);
	fprintf(stderr, " (errno %d, %s)\n", error, strerror(error));
	va_end(args);
	abort();
}

u32 patience(void)
{
	const char *times = getenv("PATIENCE");

	return times ? strtoul(times, NULL, 10) : 1;
}

bool await_state(bool (*done)(const void *arg), const void *arg,
		 u32 seconds)
{
	const struct timespec pause = { 0, 100 * 1000 * 1000 };
	u32 tries;

	for (tries = 0; tries < 10 * seconds * patience(); tries++) {
		if (done(arg))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

int errno_of(long result)
{
	return result < 0 ? errno : 0;
}

int errno_of_fd(int fd)
{
	int err = errno_of(fd);

	if (fd >= 0)
		close(fd);
	return err;
}

void guard_arm(struct fng_client *client)
{
	struct fng_proof proof;

	if (fng_proof_run(client, &proof))
		die("not armed: %s", client->error);
}

static void ensure_armed(struct fng_client *client)
{
	struct fng_client_status status;

	if (fng_client_status(client, false, &status))
		die("status: %s", client->error);
	if (status.state == FNG_STATE_ENFORCING ||
	    status.state == FNG_STATE_UNATTENDED)
		return;
	guard_arm(client);
}

struct fng_client *guard_client(void)
{
	static struct fng_client client;
	static pid_t owner;

	if (owner == getpid())
		return &client;
	if (fng_client_open(&client))
		die("no connection to the module: %s", client.error);
	owner = getpid();
	ensure_armed(&client);
	return &client;
}

static u64 policy_generation(struct fng_client *client)
{
	struct fng_client_status status;

	if (fng_client_status(client, false, &status))
		die("status: %s", client->error);
	return status.policy_gen;
}

void guard_load(const char *text)
{
	struct fng_client *client = guard_client();
	u64 generation = policy_generation(client);
	struct fng_client_image image = { NULL };
	struct fngc_result *result;

	if (fngc_compile_text(NULL, "test.yaml", text, strlen(text), &result)) {
		fngc_diags_print(result, stderr, false);
		die("a policy of the test is invalid");
	}
	image.data = result->image;
	image.size = result->image_size;
	if (fng_client_policy_load(client, &generation, &image, 1))
		die("a policy was not loaded: %s", client->error);
	fngc_result_free(result);
}

void group_make(struct group *group, const struct group *parent)
{
	static unsigned int count;

	memset(group, 0, sizeof(*group));
	snprintf(group->path, sizeof(group->path), "%.100s/%d-%u",
		 parent ? parent->path : "/fnguard.test", getpid(), count++);
	group->fd = fng_cgroup_create(group->path);
	if (group->fd < 0) {
		errno = -group->fd;
		die("cannot make the cgroup %s", group->path);
	}
	group->id = fng_cgroup_id(group->fd);
}

void group_remove(const struct group *group)
{
	int err;

	close(group->fd);
	err = fng_cgroup_destroy(group->path);
	if (err) {
		errno = -err;
		die("cannot remove the cgroup %s", group->path);
	}
}

void group_bind(const struct group *group, const char *policy)
{
	struct fng_client_binding binding = {
		.cgroup_fd = group->fd,
		.policy = policy,
	};

	if (fng_client_bind(guard_client(), &binding))
		die("%s was not bound: %s", policy, guard_client()->error);
}

static struct shared *share(void)
{
	struct shared *shared;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no shared memory");
	return shared;
}

static int await(pid_t pid, const struct shared *shared)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("no child %d", pid);
	if (shared->returned)
		return shared->err;
	if (WIFSIGNALED(status))
		return ENDED_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status) ? ENDED_STATUS + WEXITSTATUS(status) : 0;
}

static void __attribute__((noreturn))
become(int (*act)(const void *arg), const void *arg, struct shared *shared)
{
	shared->err = act(arg);
	shared->returned = true;
	_exit(0);
}

int in_child(int (*act)(const void *arg), const void *arg)
{
	struct shared *shared = share();
	pid_t pid = fork();
	int err;

	if (pid < 0)
		die("cannot fork");
	if (!pid)
		become(act, arg, shared);
	err = await(pid, shared);
	munmap(shared, sizeof(*shared));
	return err;
}

/**
 * struct steps - what parent and child wait for
 * @ready: the child has prepared
 * @go: the parent has bound its cgroup
 */
struct steps {
	int ready[2];
	int go[2];
};

static void make_steps(struct steps *steps)
{
	if (pipe2(steps->ready, O_CLOEXEC) || pipe2(steps->go, O_CLOEXEC))
		die("no pipes");
}

static void __attribute__((noreturn))
run_child(const struct group *group, const struct attempt *attempt,
	  const struct steps *steps, struct shared *shared)
{
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fng_cgroup_move(group->fd, 0))
		die("cannot enter the cgroup");
	if (chdir(WORK) && errno != ENOENT)
		die("cannot enter " WORK);
	if (attempt->before)
		attempt->before(attempt->arg);
	if (write(steps->ready[1], &byte, 1) != 1 ||
	    read(steps->go[0], &byte, 1) != 1)
		_exit(99);
	become(attempt->act, attempt->arg, shared);
}

static void let_go(const struct group *group, const char *policy,
		   const struct steps *steps)
{
	char byte;

	close(steps->ready[1]);
	if (read(steps->ready[0], &byte, 1) != 1)
		die("the child could not prepare");
	if (policy)
		group_bind(group, policy);
	if (write(steps->go[1], &byte, 1) != 1)
		die("the child is gone");
}

void run_in(const struct group *group, const char *bind,
	    const struct attempt *attempt, struct outcome *outcome)
{
	struct shared *shared = share();
	struct steps steps;

	memset(outcome, 0, sizeof(*outcome));
	strcpy(outcome->cgroup, group->path);
	make_steps(&steps);
	outcome->pid = fork();
	if (outcome->pid < 0)
		die("cannot fork");
	if (!outcome->pid)
		run_child(group, attempt, &steps, shared);
	let_go(group, bind, &steps);
	outcome->err = await(outcome->pid, shared);
	close(steps.ready[0]);
	close(steps.go[0]);
	close(steps.go[1]);
	munmap(shared, sizeof(*shared));
	refusals_read(group->id, outcome);
}

static void run(const char *policy, const struct attempt *attempt,
		struct outcome *outcome)
{
	struct group group;

	/* Connects, and so arms, before anything is measured. */
	guard_client();
	group_make(&group, NULL);
	run_in(&group, policy, attempt, outcome);
	group_remove(&group);
}

void run_unguarded(const struct attempt *attempt, struct outcome *outcome)
{
	run(NULL, attempt, outcome);
}

void run_guarded(const char *policy, const struct attempt *attempt,
		 struct outcome *outcome)
{
	run(policy, attempt, outcome);
}

static int add_refusal(const struct fng_client_counter *counter, void *data)
{
	struct outcome *outcome = data;
	struct refusal *refusal;

	if (!fng_client_counter_refuses(counter))
		return 0;
	if (outcome->nr == MAX_REFUSALS)
		die("more than %d rows of one cgroup", MAX_REFUSALS);
	refusal = &outcome->refusals[outcome->nr++];
	snprintf(refusal->policy, sizeof(refusal->policy), "%s",
		 counter->policy ?: "");
	refusal->hook = counter->hook;
	refusal->class = counter->class;
	refusal->rule = counter->rule;
	refusal->line = counter->rule_line;
	refusal->audit = counter->audit;
	refusal->count = counter->count;
	return 0;
}

void refusals_read(u64 cgroup_id, struct outcome *outcome)
{
	struct fng_client *client = guard_client();

	outcome->nr = 0;
	if (fng_client_counters(client, NULL, &cgroup_id, add_refusal, outcome))
		die("no counters: %s", client->error);
}

void totals_read(const char *policy, struct outcome *totals)
{
	struct fng_client *client = guard_client();
	const u64 all = 0;

	memset(totals, 0, sizeof(*totals));
	if (fng_client_counters(client, policy, &all, add_refusal, totals))
		die("no totals: %s", client->error);
}

u64 outcome_sum(const struct outcome *outcome)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < outcome->nr; i++)
		sum += outcome->refusals[i].count;
	return sum;
}

void outcome_print(const struct outcome *outcome)
{
	u32 i;

	fprintf(stderr, "# it ended with %d\n", outcome->err);
	for (i = 0; i < outcome->nr; i++) {
		const struct refusal *r = &outcome->refusals[i];

		fprintf(stderr, "# %s %s %s rule %#x line %u: %llu%s\n",
			r->policy, fng_hook_name(r->hook),
			fng_class_name(r->class), r->rule, r->line,
			(unsigned long long)r->count,
			r->audit ? " would-be" : "");
	}
}

void work_make(void)
{
	if (mkdir(WORK, 0755) && errno != EEXIST)
		die("cannot make " WORK);
	if (mount("work", WORK, "tmpfs", 0, "mode=0755"))
		die("cannot mount " WORK);
	if (chdir(WORK))
		die("cannot enter " WORK);
}

void work_remove(void)
{
	if (chdir("/") || umount2(WORK, MNT_DETACH))
		die("cannot unmount " WORK);
}

void make_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die("cannot make the file %s", path);
	close(fd);
}

void make_dir(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die("cannot make the directory %s", path);
}

void copy_program(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ssize_t n;

	if (in < 0 || out < 0)
		die("cannot copy %s to %s", from, to);
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	if (n < 0)
		die("cannot copy %s to %s", from, to);
	close(in);
	close(out);
}

void copy_helper(const char *name, const char *to)
{
	char path[PATH_MAX] = "";
	char *slash;

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		die("where am I?");
	slash = strrchr(path, '/');
	snprintf(slash + 1, path + sizeof(path) - slash - 1, "%s", name);
	copy_program(path, to);
}

int run_command(const char *command, char *said, size_t size)
{
	FILE *out = popen(command, "r");
	size_t n;

	if (!out)
		die("cannot run %s", command);
	n = fread(said, 1, size - 1, out);
	said[n] = '\0';
	return pclose(out) >> 8;
}

void shell(const char *command)
{
	if (system(command))
		die("this fails: %s", command);
}
