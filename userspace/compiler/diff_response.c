// SPDX-License-Identifier: MIT
/*
 * What follows a refusal, and what is reported without one.
 */
#include <compiler/differ.h>

static const char *kill_word(const struct fng_image *image, u32 bit)
{
	return image->meta->kill >> bit & 1 ? "kill" : "refuse";
}

static void compare_kill(struct fngc_differ *differ, u32 bit)
{
	const char *words[2];
	struct fngc_difference difference = {
		.change = FNGC_CHANGE_OTHER,
		.about = FNGC_ABOUT_KILL,
		.class = bit == FNG_KILL_FILELESS ? FNG_CLASS_EXEC : bit,
		.example.name = bit == FNG_KILL_FILELESS ? "fileless" : NULL,
	};

	for (u32 side = 0; side < 2; side++) {
		words[side] = kill_word(differ->image[side], bit);
		difference.answer[side] = (struct fngc_answer){
			words[side], FNG_RULE_NONE
		};
	}
	if (strcmp(words[0], words[1]))
		fngc_differ_add(differ, &difference, bit);
}

static const char *quarantine_word(struct fngc_differ *differ, u32 side)
{
	const struct fng_image_meta *meta = differ->image[side]->meta;

	return meta->quarantine ?
	       fngc_sprintf(&differ->arena, "%u denials / %us",
			    meta->quarantine, meta->quarantine_time) : "none";
}

static void compare_quarantine(struct fngc_differ *differ)
{
	const struct fng_image_meta *before = differ->image[0]->meta;
	const struct fng_image_meta *after = differ->image[1]->meta;
	const struct fngc_difference difference = {
		.change = FNGC_CHANGE_OTHER,
		.about = FNGC_ABOUT_QUARANTINE,
		.class = FNG_CLASS_SUBJECT,
		.answer = {
			{ quarantine_word(differ, 0), FNG_RULE_NONE },
			{ quarantine_word(differ, 1), FNG_RULE_NONE },
		},
	};

	if (before->quarantine != after->quarantine ||
	    before->quarantine_time != after->quarantine_time)
		fngc_differ_add(differ, &difference, 0);
}

static const char *observe_word(struct fngc_differ *differ, u32 side)
{
	const struct fng_image_meta *meta = differ->image[side]->meta;
	char text[FNGC_OBSERVE_TEXT_SIZE];

	return meta->observe ? fngc_strdup(&differ->arena,
					   fngc_observe_text(meta, text)) :
	       "none";
}

static void compare_observed(struct fngc_differ *differ)
{
	const struct fngc_difference difference = {
		.change = FNGC_CHANGE_OTHER,
		.about = FNGC_ABOUT_OBSERVE,
		.class = FNG_CLASS_SUBJECT,
		.answer = {
			{ observe_word(differ, 0), FNG_RULE_NONE },
			{ observe_word(differ, 1), FNG_RULE_NONE },
		},
	};

	if (strcmp(difference.answer[0].word, difference.answer[1].word))
		fngc_differ_add(differ, &difference, 0);
}

void fngc_diff_response(struct fngc_differ *differ)
{
	for (u32 bit = 0; bit <= FNG_KILL_FILELESS; bit++)
		compare_kill(differ, bit);
	compare_quarantine(differ);
	compare_observed(differ);
}
