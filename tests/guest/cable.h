/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another network namespace, at the far end of a cable.
 */
#ifndef TESTS_GUEST_CABLE_H
#define TESTS_GUEST_CABLE_H

#include "worker.h"

/* Of the near end. The far end of IPv4 has no address to begin with. */
#define CABLE_NEAR	"10.9.0.1"
#define CABLE_NEAR_V6	"fd09::1"

/**
 * cable_lay() - put a task at the far end of a cable
 * @far: the task, which gets a network namespace of its own
 *
 * The near end is in the caller's namespace, in the place of one before.
 */
void cable_lay(const struct worker *far);

/* For the task at the far end to do; @arg is an address with its prefix. */
int cable_add_address(const void *arg);

#endif /* TESTS_GUEST_CABLE_H */
