// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies with nothing but privileges.
 */
#include <stdio.h>

#include "common.h"
#include "privileges.h"

void privileges_setup(void)
{
	work_make();
	make_dir("target");
	make_file("file", "");
}

void privileges_load(const char *policy, const char *settings,
		     const char *words, const char *rest)
{
	char text[256];

	snprintf(text, sizeof(text), "policy: %s\nprivileges: { %s[%s] }\n%s",
		 policy, settings, words, rest);
	guard_load(text);
}
