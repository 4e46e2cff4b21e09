// SPDX-License-Identifier: GPL-2.0-only
/*
 * Others on the hooked functions: tracers and probes see every call and change no
 * refusal, whoever came first; of those that redirect a function only the first
 * gets it, and the second is told so.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/klog.h>

#include "coexist.h"
#include "setting.h"

#define TRACING		"/sys/kernel/tracing/"
#define MODULES		"/share/guest-modules-*/"
#define ENABLED		"/proc/sys/kernel/ftrace_enabled"

#define LOG_CLEAR	5
#define LOG_READ_ALL	3

static const char *start_tracer(const char *tracer)
{
	static const char *const functions[] = { COEXIST_FUNCTIONS };
	char names[256] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		strcat(names, functions[i]);
		strcat(names, " ");
	}
	setting_must_write(TRACING "set_ftrace_filter", names);
	if (setting_write(TRACING "current_tracer", tracer))
		return "the kernel has no such tracer";
	setting_must_write(TRACING "tracing_on", "1");
	return NULL;
}

static const char *start_function_tracer(void)
{
	return start_tracer("function");
}

static const char *start_graph_tracer(void)
{
	return start_tracer("function_graph");
}

static u64 tracer_seen(void)
{
	long nr = sysconf(_SC_NPROCESSORS_ONLN), i;
	char path[64];
	u64 seen = 0;

	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), TRACING "per_cpu/cpu%ld/stats", i);
		seen += setting_number(path, "entries: ");
	}
	return seen;
}

static void stop_tracer(void)
{
	setting_must_write(TRACING "current_tracer", "nop");
	setting_must_write(TRACING "set_ftrace_filter", "");
}

static int insert(const char *module)
{
	char command[256];

	snprintf(command, sizeof(command), "insmod " MODULES "%s 2>/dev/null",
		 module);
	return system(command);
}

static void must_remove(const char *module)
{
	char command[64];

	snprintf(command, sizeof(command), "rmmod %s", module);
	if (system(command))
		die("the module %s stays", module);
}

static void start_probes(const char *when)
{
	static const char *const functions[] = { COEXIST_FUNCTIONS };
	char module[256];

	snprintf(module, sizeof(module),
		 "probe.ko when=%s functions=%s,%s,%s", when, functions[0],
		 functions[1], functions[2]);
	if (insert(module))
		die("no probes");
}

static const char *start_probes_before(void)
{
	start_probes("before");
	return NULL;
}

static const char *start_probes_return(void)
{
	start_probes("return");
	return NULL;
}

static u64 probes_seen(void)
{
	return setting_number("/sys/module/probe/parameters/hits", "");
}

static void stop_probes(void)
{
	must_remove("probe");
}

FIXTURE(neighbour) {
};

FIXTURE_VARIANT(neighbour) {
	struct neighbour neighbour;
};

#define NEIGHBOUR(name, how_start, how_seen, how_stop)			\
	FIXTURE_VARIANT_ADD(neighbour, name) {				\
		.neighbour = { how_start, how_seen, how_stop },		\
	}

NEIGHBOUR(function_tracer, start_function_tracer, tracer_seen, stop_tracer);
NEIGHBOUR(graph_tracer, start_graph_tracer, tracer_seen, stop_tracer);
NEIGHBOUR(kprobes, start_probes_before, probes_seen, stop_probes);
NEIGHBOUR(kretprobes, start_probes_return, probes_seen, stop_probes);

FIXTURE_SETUP(neighbour)
{
	coexist_begin();
}

FIXTURE_TEARDOWN(neighbour)
{
	coexist_end();
}

TEST_F(neighbour, changes_no_refusal)
{
	coexist_with(_metadata, &variant->neighbour);
}

FIXTURE(holder) {
};

/**
 * struct _fixture_variant_holder - who redirects a function
 * @module: its module, with parameters
 * @name: of the module
 * @function: that it redirects
 */
FIXTURE_VARIANT(holder) {
	const char *module;
	const char *name;
	const char *function;
};

/* The guard registers one of the functions alone, the other with many. */
FIXTURE_VARIANT_ADD(holder, probe_of_own) {
	.module = "probe.ko when=around functions=security_file_open",
	.name = "probe",
	.function = "security_file_open",
};

FIXTURE_VARIANT_ADD(holder, probe_of_shared) {
	.module = "probe.ko when=around functions=security_bprm_check",
	.name = "probe",
	.function = "security_bprm_check",
};

FIXTURE_VARIANT_ADD(holder, live_patch) {
	.module = "patch.ko",
	.name = "patch",
	.function = "security_path_chroot",
};

FIXTURE_SETUP(holder)
{
	coexist_begin();
	coexist_reload();
}

FIXTURE_TEARDOWN(holder)
{
	coexist_end();
}

static bool patch_is_disabled(const void *arg)
{
	(void)arg;
	return access("/sys/kernel/livepatch/patch", F_OK);
}

/* A live patch leaves once no task is in what it replaced. */
static void let_go_of(const char *module)
{
	if (!setting_write("/sys/kernel/livepatch/patch/enabled", "0") &&
	    !await_state(patch_is_disabled, NULL, 30))
		die("the live patch stays");
	must_remove(module);
}

/* To load a policy arms the guard, without guard_client(), which would insist. */
static int load_policy(struct fng_client *client)
{
	struct fng_client_status status;
	struct blob blob = control_compile(COEXIST_POLICY);
	const struct fng_client_image image = { .data = blob.data,
						.size = blob.size };
	u64 generation;
	int err;

	if (fng_client_status(client, false, &status))
		die("status: %s", client->error);
	generation = status.policy_gen;
	err = fng_client_policy_load(client, &generation, &image, 1);
	free(blob.data);
	return err;
}

static bool is_logged(const char *text)
{
	static char log[1 << 18];
	int size = klogctl(LOG_READ_ALL, log, sizeof(log) - 1);

	log[size < 0 ? 0 : size] = '\0';
	return strstr(log, text);
}

static void expect_not_armed(struct __test_metadata *_metadata,
			     const char *words)
{
	struct fng_client_status status = {};
	struct fng_client client;

	if (fng_client_open(&client))
		die("no connection to the module: %s", client.error);
	EXPECT_EQ(-EBUSY, load_policy(&client));
	EXPECT_NE(NULL, strstr(client.error, words)) {
		TH_LOG("it said: %s", client.error);
	}
	EXPECT_EQ(0, fng_client_status(&client, false, &status));
	EXPECT_EQ(FNG_STATE_IDLE, status.state);
	fng_client_close(&client);
}

TEST_F(holder, is_not_shared_with_whoever_came_second)
{
	char logged[128];

	ASSERT_EQ(0, insert(variant->module));
	klogctl(LOG_CLEAR, NULL, 0);
	expect_not_armed(_metadata, "held by a live patch or another guard");
	snprintf(logged, sizeof(logged), "fnguard: %s is held by",
		 variant->function);
	EXPECT_TRUE(is_logged(logged));
	let_go_of(variant->name);
	guard_load(COEXIST_POLICY);
	EXPECT_NE(0, insert(variant->module));
	coexist_alone(_metadata, "once it was kept out");
}

/* Linux 7 has left the switch there without its function. */
TEST(ftrace_is_not_switched_off_under_the_guard)
{
	int err;

	coexist_begin();
	coexist_reload();
	err = setting_write(ENABLED, "0");
	if (err != EOPNOTSUPP) {
		ASSERT_EQ(0, err);
		expect_not_armed(_metadata, "kernel.ftrace_enabled is 0");
		setting_must_write(ENABLED, "1");
	}
	guard_load(COEXIST_POLICY);
	EXPECT_EQ(err ?: EBUSY, setting_write(ENABLED, "0"));
	coexist_alone(_metadata, "once somebody had tried");
	coexist_end();
}

TEST_HARNESS_MAIN
