// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a policy decides by one setting.
 */
#include "decide.h"

/**
 * fng_class_default() - decide by the default of a class
 * @image: whose decision
 * @class: enum fng_class
 * @decision: the decision; an absent class allows
 */
void fng_class_default(const struct fng_image *image, u8 class,
		       struct fng_decision *decision)
{
	const struct fng_image_class *settings = &image->classes[class];

	fng_decision_set(decision, image, class,
			 settings->dflt == FNG_EFFECT_DENY, settings->rule);
}

/**
 * fng_fileless_decide() - decide on code that no file's name stands for
 * @image: whose decision
 * @decision: the decision
 */
void fng_fileless_decide(const struct fng_image *image,
			 struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_EXEC,
			 image->classes[FNG_CLASS_EXEC].present &&
			 image->meta->fileless == FNG_EFFECT_DENY,
			 image->meta->fileless_rule);
}

/**
 * fng_write_exec_decide() - decide on code in memory that was written
 * @image: whose decision
 * @decision: the decision
 */
void fng_write_exec_decide(const struct fng_image *image,
			   struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_MEMORY,
			 image->classes[FNG_CLASS_MEMORY].present &&
			 image->meta->write_exec == FNG_EFFECT_DENY,
			 image->meta->write_exec_rule);
}

static bool has_bit(u64 bits, u32 width, u32 bit)
{
	return bit < width && bits >> bit & 1;
}

/**
 * fng_socket_decide() - decide on the creation of a socket
 * @image: whose decision
 * @family: AF_*
 * @type: SOCK_*, without flags
 * @decision: the decision
 */
void fng_socket_decide(const struct fng_image *image, u32 family, u32 type,
		       struct fng_decision *decision)
{
	const struct fng_image_meta *meta = image->meta;
	bool present = image->classes[FNG_CLASS_SOCKETS].present;

	if (present && !has_bit(meta->families, 64, family))
		fng_decision_set(decision, image, FNG_CLASS_SOCKETS, true,
				 meta->families_rule);
	else
		fng_decision_set(decision, image, FNG_CLASS_SOCKETS,
				 present && !has_bit(meta->types, 32, type),
				 meta->types_rule);
}

/**
 * fng_floor_decide() - decide on what a part of the floor forbids
 * @image: whose decision
 * @part: enum fng_floor
 * @decision: the decision
 */
void fng_floor_decide(const struct fng_image *image, u32 part,
		      struct fng_decision *decision)
{
	bool refused = has_bit(image->meta->floor, 32, part);

	fng_decision_set(decision, image, FNG_CLASS_FLOOR, refused,
			 refused ? FNG_RULE_FLOOR | part : FNG_RULE_NONE);
}
