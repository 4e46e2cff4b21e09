// SPDX-License-Identifier: MIT
#include <compiler/lint.h>

void fngc_lint(struct fngc_compile *c)
{
	(void)c;
}
