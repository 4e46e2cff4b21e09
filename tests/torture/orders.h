/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every command of the netlink family, as it is given with faults.
 */
#ifndef TESTS_TORTURE_ORDERS_H
#define TESTS_TORTURE_ORDERS_H

#include <guest/worker.h>

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

/* Makes what all need, and a task that a policy guards; ends it. */
void orders_setup(void);
void orders_cleanup(void);
extern struct worker orders_guarded;

/* Back to one policy, which the task's cgroup is bound to. */
void orders_reset(void);

#endif /* TESTS_TORTURE_ORDERS_H */
