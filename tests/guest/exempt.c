// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroups that are exempt from their rules for a while.
 */
#include <stdio.h>
#include <string.h>

#include "exempt.h"

void exempt_begin(const struct group *group, u32 seconds)
{
	const struct fng_client_exemption exemption = {
		.cgroup_fd = group->fd,
		.seconds = seconds,
		.reason = EXEMPT_REASON,
	};

	if (fng_client_exempt(guard_client(), &exemption))
		die("%s is not exempt: %s", group->path,
		    guard_client()->error);
}

void exempt_end(const struct group *group)
{
	if (fng_client_exempt_end(guard_client(), group->fd))
		die("%s is exempt: %s", group->path, guard_client()->error);
}

/**
 * struct search - an exemption that is looked for
 * @cgroup_id: of this cgroup
 * @exempt: as it was found
 */
struct search {
	u64 cgroup_id;
	struct exempt *exempt;
};

static int compare(const struct fng_client_exemption *exemption, void *data)
{
	const struct search *search = data;
	struct exempt *exempt = search->exempt;

	exempt->nr++;
	if (exemption->cgroup_id != search->cgroup_id)
		return 0;
	exempt->left = exemption->seconds;
	snprintf(exempt->reason, sizeof(exempt->reason), "%s",
		 exemption->reason);
	return 0;
}

bool exempt_find(u64 cgroup_id, struct exempt *exempt)
{
	struct search search = { cgroup_id, exempt };

	memset(exempt, 0, sizeof(*exempt));
	if (fng_client_exemption_list(guard_client(), compare, &search))
		die("no list of exemptions: %s", guard_client()->error);
	return exempt->left;
}
