// SPDX-License-Identifier: MIT
/*
 * Whose refusals are asked for: a cgroup by its path, by a label of its binding, or
 * by a process in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <client/cgroup.h>
#include "session.h"
#include "why.h"

/* The path of a process's cgroup, from the line of the v2 hierarchy. */
static bool path_of_process(const char *pid, char *path, size_t size)
{
	char name[64], line[4096];
	bool found = false;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%s/cgroup", pid);
	file = fopen(name, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, "0::/", 4);
	}
	fclose(file);
	if (found)
		snprintf(path, size, "%s", line + 3);
	return found;
}

static int use_path(const char *path, struct fng_why_target *target)
{
	const char *mount = fng_cgroup_mount() ?: "";
	size_t len = strlen(mount);
	int fd = fng_session_cgroup(path);

	if (fd < 0)
		return FNG_EXIT_FAILED;
	target->id = fng_cgroup_id(fd);
	close(fd);
	if (len && !strncmp(path, mount, len))
		path += len;
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	snprintf(target->path, sizeof(target->path), "%.*s", (int)(len ?: 1),
		 len ? path : "/");
	return FNG_EXIT_DONE;
}

/* A number is a process, or else an id: what is gone has no path any more. */
static int use_number(const char *text, struct fng_why_target *target)
{
	char path[4096];

	if (path_of_process(text, path, sizeof(path)))
		return use_path(path, target);
	target->id = strtoull(text, NULL, 10);
	return FNG_EXIT_DONE;
}

/**
 * struct search - a label that is looked for
 * @label: "key=value", or a value
 * @nr: how many cgroups have it
 * @found: one of them
 * @list: all of them, for a message
 */
struct search {
	const char *label;
	u32 nr;
	struct fng_why_target found;
	char list[1024];
};

static bool has_label(const char *labels, const char *wanted)
{
	char text[FNG_MAX_LABELS + 1], *next, *label, *equals;

	snprintf(text, sizeof(text), "%s", labels ?: "");
	for (next = text; (label = strsep(&next, ","));) {
		equals = strchr(label, '=');
		if (!strcmp(label, wanted) ||
		    (equals && !strcmp(equals + 1, wanted)))
			return *wanted;
	}
	return false;
}

/* Several policies may be bound to one cgroup. */
static int look(const struct fng_client_binding *binding, void *data)
{
	struct search *search = data;
	size_t used = strlen(search->list);

	if (!has_label(binding->labels, search->label) ||
	    binding->cgroup_id == search->found.id)
		return 0;
	search->nr++;
	search->found.id = binding->cgroup_id;
	snprintf(search->found.path, sizeof(search->found.path), "%s",
		 binding->cgroup ?: "");
	snprintf(search->list + used, sizeof(search->list) - used, "%s%s (%s)",
		 used ? ", " : "", binding->cgroup ?: "(gone)",
		 binding->labels);
	return 0;
}

static int use_label(struct fng_client *client, const char *label,
		     struct fng_why_target *target)
{
	struct search search = { .label = label };
	int result;

	result = fng_session_failed(client, fng_client_binding_list(client, look,
								   &search));
	if (result)
		return result;
	if (search.nr > 1) {
		fng_output_error("\"%s\" is a label of %u cgroups; name one of them: %s",
				 label, search.nr, search.list);
		return FNG_EXIT_FAILED;
	}
	if (!search.nr) {
		fng_output_error("\"%s\" is neither a cgroup, whose path begins with /, nor a process, nor a label of a bound cgroup",
				 label);
		return FNG_EXIT_FAILED;
	}
	*target = search.found;
	return FNG_EXIT_DONE;
}

int fng_why_find(struct fng_client *client, const char *what,
		 struct fng_why_target *target)
{
	memset(target, 0, sizeof(*target));
	if (!what)
		return FNG_EXIT_DONE;
	if (*what == '/')
		return use_path(what, target);
	if (what[strspn(what, "0")] && !what[strspn(what, "0123456789")])
		return use_number(what, target);
	return use_label(client, what, target);
}
