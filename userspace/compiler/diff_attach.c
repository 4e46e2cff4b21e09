// SPDX-License-Identifier: MIT
/*
 * Cgroups and network devices that a policy applies to by itself.
 */
#include <compiler/differ.h>
#include <compiler/walk_pairs.h>

/* A name of a device, as the kernel knows it, without its NUL. */
#define MAX_DEVICE	15

enum shape { SHAPE_EMPTY, SHAPE_DIRECTORY, SHAPE_NAME };

/* From the v2 root; that itself is never bound. */
static u8 next_of_cgroup(u8 shape, u8 byte)
{
	if (byte != '/')
		return shape == SHAPE_EMPTY ? FNGC_NOWHERE : SHAPE_NAME;
	return shape == SHAPE_DIRECTORY ? FNGC_NOWHERE : SHAPE_DIRECTORY;
}

#define NOT_IN_DEVICE	"/: \t\n\v\f\r"

static u8 next_of_device(u8 shape, u8 byte)
{
	(void)shape;
	return strchr(NOT_IN_DEVICE, byte) ? FNGC_NOWHERE : SHAPE_NAME;
}

static u32 step_cgroup(const struct fng_image *image, u32 state, u8 byte)
{
	return fng_dfa_step(&image->cgroup, state, byte);
}

static u32 step_device(const struct fng_image *image, u32 state, u8 byte)
{
	return fng_dfa_step(&image->device, state, byte);
}

static enum fng_device_match match(const struct fng_image *image,
				   enum fngc_about about, u32 state)
{
	if (about == FNGC_ABOUT_DEVICE)
		return image->device.states[state].accept;
	return fng_cgroup_match(image, state) ? FNG_DEVICE_MATCHED :
	       FNG_DEVICE_UNMATCHED;
}

static void compare_pair(struct fngc_differ *differ, enum fngc_about about,
			 const struct fngc_pairs *pairs, u32 at)
{
	static const char *const words[FNG_NR_DEVICE_MATCHES] = {
		"does not apply", "applies", "applies by name",
	};
	const u32 *state = pairs->v[at].state;
	enum fng_device_match before = match(differ->image[0], about, state[0]);
	enum fng_device_match after = match(differ->image[1], about, state[1]);
	const struct fngc_difference difference = {
		.change = FNGC_CHANGE_OTHER,
		.about = about,
		.class = FNG_CLASS_SUBJECT,
		.answer = {
			{ words[before], FNG_RULE_NONE },
			{ words[after], FNG_RULE_NONE },
		},
	};
	struct fngc_difference *found = NULL;

	if (before != after)
		found = fngc_differ_add(differ, &difference,
					before * FNG_NR_DEVICE_MATCHES + after);
	if (found)
		found->example.name = fngc_pairs_name(pairs, at,
						      &differ->arena);
}

static int compare(struct fngc_differ *differ, enum fngc_about about,
		   const struct fngc_automata *automata,
		   const struct fngc_names *names)
{
	struct fngc_pairs pairs;
	bool complete = fngc_pairs_walk(automata, names, &pairs);

	for (size_t i = 0; complete && i < pairs.nr; i++) {
		if (pairs.v[i].shape == SHAPE_NAME)
			compare_pair(differ, about, &pairs, i);
	}
	fngc_pairs_free(&pairs);
	return complete ? 0 :
	       fngc_differ_fail(differ, "the templates of attach have more than 16,777,216 pairs of states");
}

int fngc_diff_attach(struct fngc_differ *differ)
{
	const struct fng_image *before = differ->image[0];
	const struct fng_image *after = differ->image[1];
	const struct fngc_automata cgroups = {
		{ before, after }, step_cgroup,
		{ before->cgroup.map, after->cgroup.map }, 2
	};
	const struct fngc_automata devices = {
		{ before, after }, step_device,
		{ before->device.map, after->device.map }, 2
	};
	const struct fngc_names paths = { next_of_cgroup, "/",
					  FNG_MAX_PATH - 1 };
	const struct fngc_names names = { next_of_device, NOT_IN_DEVICE,
					  MAX_DEVICE };

	return compare(differ, FNGC_ABOUT_CGROUP, &cgroups, &paths) ?:
	       compare(differ, FNGC_ABOUT_DEVICE, &devices, &names);
}
