// SPDX-License-Identifier: MIT
/*
 * Stands in for what the compiler does not have yet, so that the rest can be
 * linked and tried. Goes away with the compiler's verbs.
 */
#include <errno.h>

#include <compiler/compiler.h>
#include "cli.h"
#include "output.h"

#define PENDING(name)							\
__attribute__((weak)) int name(int argc, char **argv)			\
{									\
	(void)argc;							\
	fng_output_error("%s is not there yet", argv[0]);		\
	return FNG_EXIT_FAILED;						\
}
PENDING(fng_cmd_policy_check)
PENDING(fng_cmd_policy_compile)
PENDING(fng_cmd_policy_explain)
PENDING(fng_cmd_policy_test)
PENDING(fng_cmd_policy_show_file)

__attribute__((weak)) int fngc_compile_file(const struct fngc_options *options,
					    const char *path,
					    struct fngc_result **result)
{
	(void)options;
	fng_output_error("%s: the compiler is not there yet", path);
	*result = NULL;
	return -ENOSYS;
}

__attribute__((weak)) void fngc_result_free(struct fngc_result *result)
{
	(void)result;
}
