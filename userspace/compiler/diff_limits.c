// SPDX-License-Identifier: MIT
/*
 * How much of something, and what files have to be.
 */
#include <compiler/differ.h>

static const char *word_of(const struct fng_image *image,
			      const struct fng_image_limit *limit)
{
	if (!limit)
		return "unlimited";
	return image->classes[FNG_CLASS_LIMITS].mode != FNG_MODE_ENFORCE ?
	       "audit" : "limited";
}

/* How many can be used at once, one by one. */
static u64 at_once(const struct fng_image_limit *limit)
{
	return limit->cost ? limit->most / fng_limit_price(limit, 1) :
	       limit->most;
}

/* Does one let something through that the other does not, at some time? */
static bool wider(const struct fng_image_limit *limit,
		  const struct fng_image_limit *other)
{
	typedef unsigned __int128 wide;

	if (!limit || !other)
		return !limit && other;
	if (at_once(limit) > at_once(other))
		return true;
	/* What lets nothing through has no rate that would matter. */
	if (!limit->cost || !at_once(limit))
		return false;
	return limit->cost < other->cost ||
	       (wide)limit->most * other->cost > (wide)other->most * limit->cost;
}

static void compare_limit(struct fngc_differ *differ, u32 kind)
{
	const struct fng_image_limit *limits[2];
	struct fngc_difference difference = {
		.about = FNGC_ABOUT_LIMIT,
		.class = FNG_CLASS_LIMITS,
		.example.part = kind,
	};

	for (u32 side = 0; side < 2; side++) {
		limits[side] = fng_limit_find(differ->image[side], kind);
		difference.answer[side] = (struct fngc_answer){
			word_of(differ->image[side], limits[side]),
			limits[side] ? limits[side]->rule : FNG_RULE_NONE
		};
	}
	difference.change = FNGC_CHANGE_ALLOWED;
	if (wider(limits[1], limits[0]))
		fngc_differ_add(differ, &difference, kind);
	difference.change = FNGC_CHANGE_REFUSED;
	if (wider(limits[0], limits[1]))
		fngc_differ_add(differ, &difference, kind);
}

void fngc_diff_limits(struct fngc_differ *differ)
{
	for (u32 kind = 0; kind < FNG_NR_LIMITS; kind++)
		compare_limit(differ, kind);
}

static void decide_content(const struct fng_image *image, const char *path,
			   const u8 *sha256, struct fng_decision *decision)
{
	size_t len = strlen(path);
	const struct fng_image_digest *digest =
		fng_digest_find(image, path, len);

	if (digest && (!sha256 || memcmp(digest->sha256, sha256,
					 sizeof(digest->sha256))))
		fng_digest_decide(image, digest, decision);
}

/* Where the name is refused as code, on one side or both, its content says nothing. */
static void compare_content(struct fngc_differ *differ, const char *path,
			    const u8 *sha256, u32 access)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++) {
		fng_name_decide(differ->image[side], path, strlen(path), access,
				&decisions[side]);
		if (decisions[side].refused)
			return;
	}
	for (u32 side = 0; side < 2; side++)
		decide_content(differ->image[side], path, sha256,
			       &decisions[side]);
	found = fngc_differ_decided(differ, FNGC_ABOUT_DIGEST, decisions, 0, 0);
	if (found) {
		found->example.name = path;
		found->example.access = access;
		found->example.sha256 = sha256;
	}
}

/* What each of them wants the file to be, and what neither does. */
void fngc_diff_digests(struct fngc_differ *differ)
{
	for (u32 side = 0; side < 2; side++) {
		const struct fng_image *image = differ->image[side];

		for (u32 i = 0; i < image->nr_digests; i++) {
			const struct fng_image_digest *digest =
				&image->digests[i];
			const char *path = image->strings + digest->path;

			compare_content(differ, path, digest->sha256,
					FNG_ACCESS_EXEC);
			compare_content(differ, path, digest->sha256,
					FNG_ACCESS_MAP);
			compare_content(differ, path, NULL, FNG_ACCESS_EXEC);
			compare_content(differ, path, NULL, FNG_ACCESS_MAP);
		}
	}
}
