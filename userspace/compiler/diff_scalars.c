// SPDX-License-Identifier: MIT
/*
 * What a policy decides by one setting.
 */
#include <compiler/differ.h>

/* Families and types that settings have bits for, and one that has none. */
#define NR_FAMILIES	65u
#define NR_TYPES	33u
#define NR_CAPABILITIES	64u

/* What is refused for the family, or for the type, goes with all of the other. */
static void compare_socket(struct fngc_differ *differ, u32 family, u32 type)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++)
		fng_socket_decide(differ->image[side], family, type,
				  &decisions[side]);
	found = fngc_differ_decided(differ, FNGC_ABOUT_SOCKET, decisions, 0, 0);
	if (!found)
		return;
	found->example.family = family;
	found->example.type = type;
}

/* One question that has a number, and how it is decided. */
typedef void (*numbered_fn)(const struct fng_image *image, u32 number,
			    struct fng_decision *decision);

static void compare_numbered(struct fngc_differ *differ, enum fngc_about about,
			     numbered_fn decide, u32 nr)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 number = 0; number < nr; number++) {
		for (u32 side = 0; side < 2; side++)
			decide(differ->image[side], number, &decisions[side]);
		found = fngc_differ_decided(differ, about, decisions,
					    1ull << number, 0);
		if (found)
			found->example.part = number;
	}
}

static void compare_act(struct fngc_differ *differ, enum fngc_about about,
			void (*decide)(const struct fng_image *image,
				       struct fng_decision *decision))
{
	struct fng_decision decisions[2];

	for (u32 side = 0; side < 2; side++)
		decide(differ->image[side], &decisions[side]);
	fngc_differ_decided(differ, about, decisions, 0, 0);
}

void fngc_diff_scalars(struct fngc_differ *differ)
{
	for (u32 family = 0; family < NR_FAMILIES; family++)
		for (u32 type = 0; type < NR_TYPES; type++)
			compare_socket(differ, family, type);
	compare_numbered(differ, FNGC_ABOUT_CAPABILITY, fng_capability_decide,
			 NR_CAPABILITIES);
	compare_numbered(differ, FNGC_ABOUT_PRIVILEGE, fng_privilege_decide,
			 FNG_NR_PRIVILEGES);
	compare_numbered(differ, FNGC_ABOUT_FLOOR, fng_floor_decide,
			 FNG_NR_FLOORS);
	compare_act(differ, FNGC_ABOUT_FILELESS, fng_fileless_decide);
	compare_act(differ, FNGC_ABOUT_MODIFIED, fng_modified_decide);
	compare_act(differ, FNGC_ABOUT_WRITE_EXEC, fng_write_exec_decide);
}
