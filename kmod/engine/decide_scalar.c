// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a policy decides by one setting.
 */
#include <fnguard/capabilities.h>
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
 * fng_modified_decide() - decide on code in a file that drifted
 * @image: whose decision
 * @decision: the decision
 */
void fng_modified_decide(const struct fng_image *image,
			 struct fng_decision *decision)
{
	fng_decision_set(decision, image, FNG_CLASS_EXEC,
			 image->classes[FNG_CLASS_EXEC].present &&
			 image->meta->modified == FNG_EFFECT_DENY,
			 image->meta->modified_rule);
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
 * fng_privilege_decide() - decide on what the privileges section names
 * @image: whose decision
 * @privilege: enum fng_privilege
 * @decision: the decision
 */
void fng_privilege_decide(const struct fng_image *image, u32 privilege,
			  struct fng_decision *decision)
{
	const struct fng_image_meta *meta = image->meta;

	fng_decision_set(decision, image, FNG_CLASS_PRIVILEGES,
			 image->classes[FNG_CLASS_PRIVILEGES].present &&
			 !has_bit(meta->privileges, 32, privilege),
			 meta->privileges_rule);
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

/*
 * The part of the floor that withholds a capability, or FNG_NR_FLOORS.
 * CAP_SYS_ADMIN is the only check that the new mount API makes. Who has
 * CAP_NET_ADMIN over a network namespace can have its packets rewritten, routed
 * and wrapped after LOCAL_OUT: by traffic control, by routes and by tunnels.
 */
static u32 floor_of_capability(u32 cap)
{
	switch (cap) {
	case FNG_CAP_SYS_ADMIN:
		return FNG_FLOOR_MOUNT;
	case FNG_CAP_SYS_MODULE:
		return FNG_FLOOR_MODULE;
	case FNG_CAP_SYS_BOOT:
		return FNG_FLOOR_REBOOT;
	case FNG_CAP_SYS_RAWIO:
		return FNG_FLOOR_KMEM;
	case FNG_CAP_SYS_CHROOT:
		return FNG_FLOOR_CHROOT;
	case FNG_CAP_BPF:
		return FNG_FLOOR_BPF;
	case FNG_CAP_NET_ADMIN:
		return FNG_FLOOR_SOCKET;
	default:
		return FNG_NR_FLOORS;
	}
}

/* What is only audited must not hide what is enforced, nor what is learned that. */
static void prefer(const struct fng_image *image, struct fng_decision *decision,
		   const struct fng_decision *other)
{
	if (other->refused &&
	    (!decision->refused || image->classes[other->class].mode <
				   image->classes[decision->class].mode))
		*decision = *other;
}

/**
 * fng_capability_decide() - decide on the use of a capability
 * @image: whose decision
 * @cap: CAP_*
 * @decision: the decision: by the floor, by the set of those that may be used, or
 *	by the privilege of which it is a part
 */
void fng_capability_decide(const struct fng_image *image, u32 cap,
			   struct fng_decision *decision)
{
	const struct fng_image_meta *meta = image->meta;
	u32 part = floor_of_capability(cap);
	struct fng_decision floor, time;

	fng_decision_set(decision, image, FNG_CLASS_PRIVILEGES,
			 image->classes[FNG_CLASS_PRIVILEGES].present &&
			 !has_bit(meta->capabilities, 64, cap),
			 meta->capabilities_rule);
	if (part < FNG_NR_FLOORS) {
		fng_floor_decide(image, part, &floor);
		prefer(image, &floor, decision);
		if (floor.refused)
			*decision = floor;
	}
	if (cap == FNG_CAP_SYS_TIME) {
		fng_privilege_decide(image, FNG_PRIVILEGE_TIME, &time);
		prefer(image, decision, &time);
	}
}

/**
 * fng_kill_decide() - is who is refused something killed for it?
 * @image: whose decision
 * @decision: that refuses, and is enforced
 */
bool fng_kill_decide(const struct fng_image *image,
		     const struct fng_decision *decision)
{
	const struct fng_image_meta *meta = image->meta;

	if (decision->rule == (FNG_RULE_GUARD | FNG_GUARD_QUARANTINE))
		return false;
	if (meta->kill >> decision->class & 1)
		return true;
	return meta->kill >> FNG_KILL_FILELESS & 1 &&
	       decision->class == FNG_CLASS_EXEC &&
	       decision->rule == meta->fileless_rule;
}
