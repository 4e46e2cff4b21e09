/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies about names, and how they refuse. To be included after expect.h.
 */
#ifndef TESTS_GUEST_NAMES_H
#define TESTS_GUEST_NAMES_H

#include "errand.h"

#define NAMES_POLICY	"policy: names\n" NAMES_RULES
#define STRICT_POLICY	"policy: names-strict\n" NAMES_RULES "  dns: strict\n"
/* The last of it. */
#define STRICT_LINE	11

static const struct expected no_connect = {
	.err = ECONNREFUSED, .hook = FNG_HOOK_SOCKET_CONNECT,
	.class = FNG_CLASS_EGRESS,
};

static const struct expected no_question = {
	.err = EPERM, .hook = FNG_HOOK_LOCAL_OUT, .class = FNG_CLASS_EGRESS,
};

/* By STRICT_POLICY over TCP: the call succeeds, and then the connection ends. */
static const struct expected no_question_later = {
	.err = ECONNREFUSED, .hook = FNG_HOOK_LOCAL_OUT,
	.class = FNG_CLASS_EGRESS, .line = STRICT_LINE,
};

#endif /* TESTS_GUEST_NAMES_H */
