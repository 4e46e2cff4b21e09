// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF programs that trace what the guard hooks, as other tools attach them: both
 * see every call, and the guard's refusals hold, whoever came first.
 */
#include <fcntl.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bound.h"
#include "expect.h"

#define POLICY								\
	"policy: tracer\n"						\
	"files:\n"							\
	"  default: allow\n"						\
	"  rules:\n"							\
	"    - { path: \"" WORK "/secret\", deny: [read, delete] }\n"

/**
 * struct tracer - a program that counts the calls of a kernel function
 * @map: its counter
 * @program: the program
 * @link: its attachment
 */
struct tracer {
	int map;
	int program;
	int link;
};

FIXTURE(tracer) {
	struct tracer tracer;
	bool traced;
};

FIXTURE_VARIANT(tracer) {
	const char *function;
	enum bpf_attach_type type;
	bool first;
	int (*act)(const void *arg);
	int hook;
};

static int open_file(const void *arg)
{
	return errno_of_fd(open(arg, O_RDONLY));
}

static int unlink_file(const void *arg)
{
	return errno_of(unlink(arg));
}

#define ROW(name, what, how, before, attempted, id)			\
	FIXTURE_VARIANT_ADD(tracer, name) {				\
		.function = what,					\
		.type = how,						\
		.first = before,					\
		.act = attempted,					\
		.hook = id,						\
	}
/* The hook on opening has a registration of its own; the others share one. */
#define ROWS(name, how, before)						\
	ROW(name##_own_hook, "security_file_open", how, before,		\
	    open_file, FNG_HOOK_FILE_OPEN);				\
	ROW(name##_shared_hook, "security_path_unlink", how, before,	\
	    unlink_file, FNG_HOOK_PATH_UNLINK)

ROWS(entry_before, BPF_TRACE_FENTRY, true);
ROWS(entry_after, BPF_TRACE_FENTRY, false);
ROWS(exit_before, BPF_TRACE_FEXIT, true);
ROWS(exit_after, BPF_TRACE_FEXIT, false);

/* Adds one to the only value of @map. */
static int load_program(int map, int function, enum bpf_attach_type type)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = map },
		{},
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2,
		  .imm = 1 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_1,
		  .src_reg = BPF_REG_2, .imm = BPF_ADD },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const struct bpf_prog_load_opts options = {
		.sz = sizeof(options),
		.expected_attach_type = type,
		.attach_btf_id = function,
	};

	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "count", "GPL", code,
			     ARRAY_SIZE(code), &options);
}

/* Fails on a kernel that does not describe its own functions. */
static bool tracer_attach(struct tracer *tracer, const char *function,
			  enum bpf_attach_type type)
{
	int id = libbpf_find_vmlinux_btf_id(function, type);

	if (id < 0)
		return false;
	tracer->map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "calls", sizeof(u32),
				     sizeof(u64), 1, NULL);
	if (tracer->map < 0)
		die("no map");
	tracer->program = load_program(tracer->map, id, type);
	if (tracer->program < 0)
		die("the program was not loaded");
	tracer->link = bpf_raw_tracepoint_open(NULL, tracer->program);
	if (tracer->link < 0)
		die("the program was not attached to %s", function);
	return true;
}

static u64 tracer_count(const struct tracer *tracer)
{
	u32 key = 0;
	u64 count;

	if (bpf_map_lookup_elem(tracer->map, &key, &count))
		die("the map has no value");
	return count;
}

static void disarm(void)
{
	struct fng_client client;

	if (fng_client_open(&client))
		die("no connection to the module: %s", client.error);
	if (fng_client_disarm(&client, "a tracer comes first"))
		die("not disarmed: %s", client.error);
	fng_client_close(&client);
}

FIXTURE_SETUP(tracer)
{
	work_make();
	make_file(WORK "/secret", "secret");
	if (variant->first)
		disarm();
	else
		guard_client();
	self->traced = tracer_attach(&self->tracer, variant->function,
				     variant->type);
	guard_load(POLICY);
}

FIXTURE_TEARDOWN(tracer)
{
	work_remove();
}

static void run_traced(struct __test_metadata *_metadata,
		       const struct tracer *tracer, const char *policy,
		       const struct attempt *attempt, struct outcome *outcome)
{
	u64 before = tracer_count(tracer);

	if (policy)
		run_guarded(policy, attempt, outcome);
	else
		run_unguarded(attempt, outcome);
	EXPECT_GT(tracer_count(tracer), before);
}

TEST_F(tracer, works_unguarded)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = WORK "/secret" };
	struct outcome outcome;

	if (!self->traced)
		SKIP(return, "the kernel does not describe its functions");
	run_traced(_metadata, &self->tracer, NULL, &attempt, &outcome);
	expect_allowed(_metadata, &outcome);
}

TEST_F(tracer, is_refused)
{
	const struct attempt attempt = { .act = variant->act,
					 .arg = WORK "/secret" };
	const struct expected expected = {
		.err = EACCES,
		.hook = variant->hook,
		.class = FNG_CLASS_FILES,
		.line = 5,
	};
	struct outcome outcome;

	if (!self->traced)
		SKIP(return, "the kernel does not describe its functions");
	run_traced(_metadata, &self->tracer, "tracer", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
	close(self->tracer.link);
	run_guarded("tracer", &attempt, &outcome);
	expect_refused(_metadata, &outcome, &expected);
}

TEST_HARNESS_MAIN
