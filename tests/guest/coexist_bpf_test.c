// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF programs on the hooked functions, as other tools attach them: both see every
 * call, and the guard's refusals hold, whoever came first.
 */
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "coexist.h"

/**
 * struct program - a program that counts the calls of a kernel function
 * @fd: the program
 * @link: its attachment
 */
struct program {
	int fd;
	int link;
};

static const char *const functions[] = { COEXIST_FUNCTIONS };

/* As the kernel's security modules call the same places. */
static const char *const lsm_hooks[] = {
	"file_open", "bprm_check_security", "socket_connect"
};

static struct program programs[ARRAY_SIZE(functions)];

/* What all of them count in. */
static int map = -1;

static int make_map(void)
{
	if (map < 0)
		map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "calls", sizeof(u32),
				     sizeof(u64), 1, NULL);
	if (map < 0)
		die("no map");
	return map;
}

/* Adds one to the only value of the map, and has nothing against the call. */
static int load_program(int function, enum bpf_attach_type type)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = make_map() },
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

	return bpf_prog_load(type == BPF_LSM_MAC ? BPF_PROG_TYPE_LSM :
			     BPF_PROG_TYPE_TRACING, "count", "GPL", code,
			     ARRAY_SIZE(code), &options);
}

static void attach(struct program *program, const char *function,
		   enum bpf_attach_type type)
{
	int id = libbpf_find_vmlinux_btf_id(function, type);

	if (id < 0)
		die("the kernel does not describe %s", function);
	program->fd = load_program(id, type);
	if (program->fd < 0)
		die("the program for %s was not loaded", function);
	program->link = bpf_raw_tracepoint_open(NULL, program->fd);
	if (program->link < 0)
		die("the program was not attached to %s", function);
}

static const char *attach_all(const char *const *names,
			      enum bpf_attach_type type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(programs); i++)
		attach(&programs[i], names[i], type);
	return NULL;
}

static const char *start_entry(void)
{
	return attach_all(functions, BPF_TRACE_FENTRY);
}

static const char *start_exit(void)
{
	return attach_all(functions, BPF_TRACE_FEXIT);
}

static const char *start_modify_return(void)
{
	return attach_all(functions, BPF_MODIFY_RETURN);
}

static const char *start_lsm(void)
{
	return attach_all(lsm_hooks, BPF_LSM_MAC);
}

static u64 seen(void)
{
	u32 key = 0;
	u64 count;

	if (bpf_map_lookup_elem(map, &key, &count))
		die("the map has no value");
	return count;
}

static void stop(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		close(programs[i].link);
		close(programs[i].fd);
	}
}

FIXTURE(program) {
};

FIXTURE_VARIANT(program) {
	struct neighbour neighbour;
};

#define PROGRAM(name)							\
	FIXTURE_VARIANT_ADD(program, name) {				\
		.neighbour = { start_##name, seen, stop },		\
	}

PROGRAM(entry);
PROGRAM(exit);
PROGRAM(modify_return);
PROGRAM(lsm);

FIXTURE_SETUP(program)
{
	coexist_begin();
}

FIXTURE_TEARDOWN(program)
{
	coexist_end();
}

TEST_F(program, changes_no_refusal)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		SKIP(return, "the kernel does not describe its functions");
	coexist_with(_metadata, &variant->neighbour);
}

TEST_HARNESS_MAIN
