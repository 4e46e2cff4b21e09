// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be told of a cgroup by its id.
 *
 * Ids are never reused and cgroups of the v2 hierarchy are never renamed, so a
 * path that was once found out stays true when the cgroup is gone: functions may
 * live for less time than it takes to tell of them.
 */
#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "binding.h"
#include "device.h"
#include "place.h"

#define CACHE_BITS	7

static struct fng_place cache[1 << CACHE_BITS];

/* Where a path is made; the event worker's. */
static char path_buffer[PATH_MAX];

static struct cgroup *removed_cgroup(u64 cgroup_id)
{
	const struct fng_binding *binding;
	struct cgroup *cgroup = NULL;

	rcu_read_lock();
	binding = fng_binding_next(cgroup_id, NULL);
	if (binding) {
		cgroup = binding->cgroup;
		cgroup_get(cgroup);
	}
	rcu_read_unlock();
	return cgroup;
}

/**
 * fng_place_cgroup() - the cgroup of an id
 * @cgroup_id: the id
 *
 * A removed one is found as long as a binding of it is remembered.
 * Return: a cgroup with a reference for cgroup_put(), or NULL.
 */
struct cgroup *fng_place_cgroup(u64 cgroup_id)
{
	struct cgroup *cgroup = cgroup_get_from_id(cgroup_id);

	return IS_ERR(cgroup) ? removed_cgroup(cgroup_id) : cgroup;
}

/**
 * fng_place_is_gone() - was the cgroup removed, or the device unbound?
 * @id: of it
 */
bool fng_place_is_gone(u64 id)
{
	struct fng_device_facts facts;
	struct cgroup *cgroup;

	if (fng_id_is_device(id))
		return !fng_device_describe(id, &facts);
	cgroup = cgroup_get_from_id(id);
	if (IS_ERR(cgroup))
		return true;
	cgroup_put(cgroup);
	return false;
}

static int path_of(struct cgroup *cgroup, char *buffer, size_t size)
{
	int len = cgroup_path(cgroup, buffer, size);

	return len < 0 || len >= size ? -ENAMETOOLONG : 0;
}

/**
 * fng_place_path() - path of a cgroup from the root of the hierarchy
 * @cgroup_id: the cgroup
 * @buffer: for the path and its NUL
 * @size: bytes in @buffer
 */
int fng_place_path(u64 cgroup_id, char *buffer, size_t size)
{
	struct cgroup *cgroup = fng_place_cgroup(cgroup_id);
	int err;

	if (!cgroup)
		return -ENOENT;
	err = path_of(cgroup, buffer, size);
	cgroup_put(cgroup);
	return err;
}

static void fill_labels(struct fng_place *place, struct cgroup *cgroup)
{
	const struct fng_binding *binding;
	int level;

	place->labels[0] = 0;
	rcu_read_lock();
	for (level = cgroup->level; level > 0 && !place->labels[0]; level--) {
		u64 id = cgroup_id(cgroup->ancestors[level]);

		binding = fng_binding_next(id, NULL);
		for (; binding; binding = fng_binding_next(id, binding)) {
			if (!binding->labels[0])
				continue;
			strscpy(place->labels, binding->labels,
				sizeof(place->labels));
			break;
		}
	}
	rcu_read_unlock();
}

static void refresh(struct fng_place *place, struct cgroup *cgroup, u64 gen)
{
	if (!place->path &&
	    !path_of(cgroup, path_buffer, sizeof(path_buffer)))
		place->path = kstrdup(path_buffer, GFP_KERNEL);
	fill_labels(place, cgroup);
	place->gen = gen;
}

/**
 * fng_place_get() - what to tell of a cgroup
 * @cgroup_id: its id
 *
 * Return: never NULL; valid until the next call.
 */
const struct fng_place *fng_place_get(u64 cgroup_id)
{
	struct fng_place *place = &cache[hash_64(cgroup_id, CACHE_BITS)];
	u64 gen = fng_binding_gen();
	struct cgroup *cgroup;

	if (place->cgroup_id != cgroup_id) {
		kfree(place->path);
		memset(place, 0, sizeof(*place));
		place->cgroup_id = cgroup_id;
	}
	if (place->gen == gen && place->path)
		return place;
	cgroup = fng_place_cgroup(cgroup_id);
	if (cgroup) {
		refresh(place, cgroup, gen);
		cgroup_put(cgroup);
	}
	return place;
}

/* The event worker has stopped. */
void fng_place_exit(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cache); i++)
		kfree(cache[i].path);
}
