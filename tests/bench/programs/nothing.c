// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest program: it has no library, and ends.
 */
#include <sys/syscall.h>

void _start(void);

void _start(void)
{
	__asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(0));
	__builtin_unreachable();
}
