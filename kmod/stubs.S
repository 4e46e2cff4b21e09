/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each stub loads its errno itself. Handing the value over in the saved
 * registers does not work: a BPF trampoline on the same function uses %rax as
 * scratch before it reaches the stub, and a refusal would turn into whatever
 * was left there.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include <uapi/asm-generic/errno.h>

/*
 * Of the preprocessor: an assembler macro would be given the number. Whether
 * SYM_FUNC_START() begins with endbr64 depends on the kernel, so it is not used.
 */
#define FNG_STUB(name)				\
SYM_START(fng_stub_##name, SYM_L_GLOBAL, SYM_A_ALIGN) ASM_NL \
	endbr64				ASM_NL	\
	movq	$-name, %rax		ASM_NL	\
	RET				ASM_NL	\
SYM_FUNC_END(fng_stub_##name)

	.text
FNG_STUB(EPERM)
FNG_STUB(ENOENT)
FNG_STUB(EIO)
FNG_STUB(EAGAIN)
FNG_STUB(EACCES)
FNG_STUB(EROFS)
FNG_STUB(ENOSYS)
FNG_STUB(EAFNOSUPPORT)
FNG_STUB(ENETUNREACH)
FNG_STUB(ETIMEDOUT)
FNG_STUB(ECONNREFUSED)
FNG_STUB(EHOSTUNREACH)
