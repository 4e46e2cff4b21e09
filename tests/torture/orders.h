/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every command of the netlink family, as it is given with faults.
 */
#ifndef TESTS_TORTURE_ORDERS_H
#define TESTS_TORTURE_ORDERS_H

#include <guest/worker.h>

#include "storm.h"

/**
 * struct order - a command
 * @name: for messages
 * @prepare: makes what it needs, from whatever the last one left
 * @give: gives it
 * @answer: what comes of it without a fault
 * @changes: anything
 */
struct order {
	const char *name;
	void (*prepare)(void);
	int (*give)(struct fng_client *client);
	int answer;
	bool changes;
};

extern const struct order orders[];
extern const u32 nr_orders;

/* Makes what all need, and tasks that a policy guards; ends them. */
void orders_setup(void);
void orders_cleanup(void);

/* One does what it is told. The other tries what is denied while it may go. */
extern struct worker orders_guarded;
extern struct storm orders_watch;

/* Back to one policy, which the tasks' cgroup is bound to. */
void orders_reset(void);

#endif /* TESTS_TORTURE_ORDERS_H */
