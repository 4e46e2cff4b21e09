// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that a command can change: what the guard says, and what it does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <guest/control.h>

#include "deeds.h"
#include "snapshot.h"

static void __attribute__((format(printf, 2, 3)))
add(struct snapshot *snapshot, const char *format, ...)
{
	size_t length = strlen(snapshot->text);
	va_list args;

	va_start(args, format);
	if (vsnprintf(snapshot->text + length, sizeof(snapshot->text) - length,
		      format, args) >= (int)(sizeof(snapshot->text) - length))
		die("more policies and bindings than a snapshot has room for");
	va_end(args);
}

static int add_policy(const struct fng_client_policy *policy, void *data)
{
	add(data, "policy %s %llx bound %u\n", policy->name,
	    (unsigned long long)policy->image_hash, policy->nr_bindings);
	if (policy->candidate)
		add(data, "candidate %llx\n",
		    (unsigned long long)policy->candidate->image_hash);
	return 0;
}

static int add_binding(const struct fng_client_binding *binding, void *data)
{
	add(data, "%llx is bound to %s%s labels %s\n",
	    (unsigned long long)binding->cgroup_id, binding->policy,
	    binding->template ? " by template" : "", binding->labels ?: "");
	return 0;
}

static int add_device(const struct fng_client_netdev *netdev, void *data)
{
	add(data, "device %u is bound to %s\n", netdev->ifindex,
	    netdev->policy);
	return 0;
}

static void add_deeds(struct snapshot *snapshot, const struct worker *guarded)
{
	u64 denied = control_status().denied;
	int bad = worker_do(guarded, deeds_open_bad, NULL);
	int good = worker_do(guarded, deeds_open_good, NULL);

	snapshot->enforced = bad == EACCES;
	add(snapshot, "what is denied ends with %d, what is allowed with %d, %llu counted\n",
	    bad, good, (unsigned long long)(control_status().denied - denied));
}

void snapshot_take(struct snapshot *snapshot, const struct worker *guarded)
{
	struct fng_client *client = guard_client();
	struct fng_client_status status = control_status();

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->policy_gen = status.policy_gen;
	snapshot->binding_gen = status.binding_gen;
	add(snapshot, "state %u, %u policies%s, %u bindings, %u devices\n",
	    status.state, status.nr_policies,
	    status.unconfirmed ? " on trial" : "", status.nr_bindings,
	    status.nr_devices);
	if (fng_client_policy_list(client, add_policy, snapshot) ||
	    fng_client_binding_list(client, add_binding, snapshot) ||
	    fng_client_netdev_list(client, add_device, snapshot))
		die("no lists: %s", client->error);
	add_deeds(snapshot, guarded);
}

bool snapshot_alike(const struct snapshot *a, const struct snapshot *b)
{
	return !strcmp(a->text, b->text);
}

bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->policy_gen == b->policy_gen &&
	       a->binding_gen == b->binding_gen && snapshot_alike(a, b);
}

void snapshot_print(const char *what, const struct snapshot *snapshot)
{
	const char *line = snapshot->text, *end;

	printf("# %s: policy generation %llu, binding generation %llu\n", what,
	       (unsigned long long)snapshot->policy_gen,
	       (unsigned long long)snapshot->binding_gen);
	for (; (end = strchr(line, '\n')); line = end + 1)
		printf("#   %.*s\n", (int)(end - line), line);
}
