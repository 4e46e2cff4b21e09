// SPDX-License-Identifier: MIT
/*
 * Preloaded into an emulator: once the file that LEAP names is there, the processor's counter is LEAP_TICKS further on for the
 * emulator, as it is after the host of a virtual machine has changed. Clocks of the host are not: those read the counter elsewhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>
#include <x86intrin.h>

#define LEAP_TICKS (1ULL << 44)
#define VDSO_BYTES 65536

static uintptr_t vdso;

static uint64_t counter(uintptr_t reader)
{
	const char *file = getenv("LEAP");
	uint64_t now;

	prctl(PR_SET_TSC, PR_TSC_ENABLE);
	now = __rdtsc();
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
	if (reader - vdso >= VDSO_BYTES && access(file, F_OK) == 0)
		now += LEAP_TICKS;
	return now;
}

/* Whatever else has gone wrong happens again, and is not caught then. */
static void read_for(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	const uint8_t *code = (const uint8_t *)registers[REG_RIP];
	int error = errno, bytes = code[1] == 0x31 ? 2 : 3;
	uint64_t now;

	(void)info;
	if (memcmp(code, "\x0f\x31", 2) && memcmp(code, "\x0f\x01\xf9", 3)) {
		signal(number, SIG_DFL);
		return;
	}
	now = counter(registers[REG_RIP]);
	registers[REG_RAX] = (uint32_t)now;
	registers[REG_RDX] = now >> 32;
	if (bytes == 3)
		registers[REG_RCX] = 0;
	registers[REG_RIP] += bytes;
	errno = error;
}

__attribute__((constructor)) static void begin(void)
{
	struct sigaction action = { .sa_sigaction = read_for, .sa_flags = SA_SIGINFO | SA_NODEFER };

	if (!getenv("LEAP") || !strstr(program_invocation_short_name, "qemu"))
		return;
	vdso = getauxval(AT_SYSINFO_EHDR);
	sigaction(SIGSEGV, &action, NULL);
	prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
}
