// SPDX-License-Identifier: MIT
/*
 * What one policy allows and another does not: the list of differences, and what
 * whole sections do otherwise.
 */
#include <stdlib.h>

#include <compiler/differ.h>

/* What tells one difference from another; bits add up. */
static u32 identify(struct fngc_differ *differ,
		    const struct fngc_difference *difference, u32 extra)
{
	const u32 words[] = {
		difference->change, difference->about, difference->class,
		difference->answer[0].rule, difference->answer[1].rule, extra,
	};

	return fngc_intern(&differ->known, words, ARRAY_SIZE(words));
}

struct fngc_difference *
fngc_differ_add(struct fngc_differ *differ,
		const struct fngc_difference *difference, u32 extra)
{
	u32 id = identify(differ, difference, extra);
	struct fngc_difference *known;

	if (id == differ->found.nr) {
		known = FNGC_PUSH(&differ->found);
		*known = *difference;
		return known;
	}
	known = &differ->found.v[id];
	known->bits |= difference->bits;
	return NULL;
}

static const char *verdict(const struct fng_decision *decision)
{
	if (!decision->refused)
		return "allow";
	return decision->audit ? "audit" : "deny";
}

/*
 * Where both refuse for the same section, that section's mode and errno say the rest.
 * It may be another section, which is only audited.
 */
static bool changed(const struct fng_decision *before,
		    const struct fng_decision *after, enum fngc_change *change)
{
	*change = before->refused ? FNGC_CHANGE_ALLOWED : FNGC_CHANGE_REFUSED;
	if (before->refused != after->refused)
		return true;
	if (!before->refused || before->class == after->class)
		return false;
	if (before->audit != after->audit)
		*change = after->audit ? FNGC_CHANGE_ALLOWED :
			  FNGC_CHANGE_REFUSED;
	else
		*change = FNGC_CHANGE_OTHER;
	return before->audit != after->audit || before->err != after->err;
}

struct fngc_difference *
fngc_differ_decided(struct fngc_differ *differ, enum fngc_about about,
		    const struct fng_decision decisions[2], u64 bits, u32 extra)
{
	struct fngc_difference difference = {
		.about = about,
		.class = decisions[!decisions[0].refused].class,
		.bits = bits,
		.answer = {
			{ verdict(&decisions[0]), decisions[0].rule },
			{ verdict(&decisions[1]), decisions[1].rule },
		},
	};

	if (!changed(&decisions[0], &decisions[1], &difference.change))
		return NULL;
	return fngc_differ_add(differ, &difference, extra);
}

int fngc_differ_fail(struct fngc_differ *differ, const char *reason)
{
	differ->result.error = reason;
	return -E2BIG;
}

static const struct fng_image_class *
settings_of(const struct fngc_differ *differ, u32 side, u32 class)
{
	return &differ->image[side]->classes[class];
}

static void compare_modes(struct fngc_differ *differ, u32 class)
{
	const struct fng_image_class *before = settings_of(differ, 0, class);
	const struct fng_image_class *after = settings_of(differ, 1, class);
	const struct fngc_difference difference = {
		.change = after->mode != FNG_MODE_ENFORCE ? FNGC_CHANGE_ALLOWED :
			  FNGC_CHANGE_REFUSED,
		.about = FNGC_ABOUT_MODE,
		.class = class,
		.answer = {
			{ fngc_mode_name(before->mode), FNG_RULE_NONE },
			{ fngc_mode_name(after->mode), FNG_RULE_NONE },
		},
	};

	if (before->mode != after->mode)
		fngc_differ_add(differ, &difference, 0);
}

static void compare_errnos(struct fngc_differ *differ, u32 class)
{
	const struct fng_image_class *before = settings_of(differ, 0, class);
	const struct fng_image_class *after = settings_of(differ, 1, class);
	const struct fngc_difference difference = {
		.change = FNGC_CHANGE_OTHER,
		.about = FNGC_ABOUT_ERRNO,
		.class = class,
		.answer = {
			{ fngc_errno_name(before->err), FNG_RULE_NONE },
			{ fngc_errno_name(after->err), FNG_RULE_NONE },
		},
	};

	if (before->err != after->err)
		fngc_differ_add(differ, &difference, 0);
}

/* Of a section that one of them does not have, all there is to say is refusals. */
static void compare_classes(struct fngc_differ *differ)
{
	for (u32 class = 0; class < FNG_NR_CLASSES; class++) {
		if (!settings_of(differ, 0, class)->present ||
		    !settings_of(differ, 1, class)->present)
			continue;
		compare_modes(differ, class);
		compare_errnos(differ, class);
	}
}

/* Within a section, as they were found: what is shortest comes first. */
static void arrange(struct fngc_differ *differ)
{
	size_t nr = differ->found.nr, at = 0;
	struct fngc_difference *list;

	list = fngc_alloc(&differ->arena, nr * sizeof(*list));
	for (u32 place = 0; place < FNGC_NR_CHANGES * FNG_NR_CLASSES; place++) {
		for (size_t i = 0; i < nr; i++) {
			const struct fngc_difference *d = &differ->found.v[i];

			if (d->change * FNG_NR_CLASSES + d->class == place)
				list[at++] = *d;
		}
	}
	fngc_diff_gather(differ);
	for (size_t i = 0; i < nr; i++)
		fngc_diff_describe(differ, &list[i]);
	differ->result.differences = list;
	differ->result.nr = nr;
}

static int compare(struct fngc_differ *differ)
{
	int err;

	compare_classes(differ);
	err = fngc_diff_paths(differ);
	if (!err)
		err = fngc_diff_egress(differ);
	if (!err)
		err = fngc_diff_attach(differ);
	if (err)
		return err;
	fngc_diff_digests(differ);
	fngc_diff_listen(differ);
	fngc_diff_scalars(differ);
	fngc_diff_limits(differ);
	fngc_diff_response(differ);
	arrange(differ);
	return 0;
}

int fngc_diff(const struct fng_image *before, const struct fng_image *after,
	      struct fngc_diff **diff)
{
	struct fngc_differ *differ = fngc_xcalloc(1, sizeof(*differ));
	int err;

	differ->image[0] = before;
	differ->image[1] = after;
	err = compare(differ);
	fngc_intern_free(&differ->known);
	free(differ->found.v);
	*diff = &differ->result;
	return err;
}

void fngc_diff_free(struct fngc_diff *diff)
{
	struct fngc_differ *differ = (struct fngc_differ *)diff;

	if (!diff)
		return;
	fngc_arena_free(&differ->arena);
	free(differ);
}
