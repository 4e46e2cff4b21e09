// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The tables that a reader would find in the policy's text: its name and
 * settings, its classes, its rules and their texts.
 */
#include "verify.h"

static bool errno_known(u32 err)
{
	static const bool known[] = {
#define FNG_ERRNO_KNOWN(name) [name] = true,
		FNG_ERRNOS(FNG_ERRNO_KNOWN)
#undef FNG_ERRNO_KNOWN
	};

	return err < sizeof(known) && known[err];
}

static int check_strings(const struct fng_verifier *v)
{
	const char *strings = v->image.strings;
	u32 last = v->nr[FNG_SECTION_STRINGS] - 1;

	if (strings[0])
		return fng_refuse(v, strings,
				  "the first string is not empty");
	if (strings[last])
		return fng_refuse(v, &strings[last],
				  "the last string does not end");
	return 0;
}

static int check_rule(const struct fng_verifier *v,
		      const struct fng_image_rule *rule)
{
	if (rule->file >= v->nr[FNG_SECTION_STRINGS])
		return fng_refuse(v, &rule->file,
				  "a rule's file is no string");
	if (rule->text >= v->nr[FNG_SECTION_STRINGS])
		return fng_refuse(v, &rule->text,
				  "a rule's text is no string");
	if (rule->class >= FNG_NR_CLASSES)
		return fng_refuse(v, &rule->class,
				  "a rule is of no known class");
	if (rule->effect >= FNG_NR_EFFECTS)
		return fng_refuse(v, &rule->effect,
				  "a rule has no known effect");
	if (rule->reserved)
		return fng_refuse(v, &rule->reserved,
				  "a rule's reserved field is not zero");
	return 0;
}

static bool class_rule_valid(const struct fng_verifier *v, u32 class)
{
	u32 rule = v->image.classes[class].rule;

	if (!v->image.classes[class].present)
		return rule == FNG_RULE_NONE;
	switch (class) {
	case FNG_CLASS_FLOOR:
	case FNG_CLASS_SUBJECT:
		return rule == FNG_RULE_NONE;
	case FNG_CLASS_MEMORY:
	case FNG_CLASS_SOCKETS:
	case FNG_CLASS_LIMITS:
		/* The language gives these no default of their own. */
		return rule == FNG_RULE_NONE || fng_rule_valid(v, rule);
	default:
		return fng_rule_valid(v, rule);
	}
}

/* All that a base can know of a class. */
static int check_base_class(const struct fng_verifier *v, u32 index)
{
	const struct fng_image_class *class = &v->image.classes[index];

	if (class->present && !fng_class_access(index) &&
	    index != FNG_CLASS_EGRESS)
		return fng_refuse(v, &class->present,
				  "a base has a class without lists");
	if (class->mode)
		return fng_refuse(v, &class->mode, "a base has a mode");
	if (class->err)
		return fng_refuse(v, &class->err, "a base has an errno");
	if (class->rule != FNG_RULE_NONE)
		return fng_refuse(v, &class->rule,
				  "a base has the rule of a default");
	return 0;
}

/* What is granted in a base was granted for classes like these. */
static int check_inherited(const struct fng_verifier *v, u32 class)
{
	const struct fng_image_class *own = &v->image.classes[class];
	const struct fng_image_class *base = &v->base->classes[class];
	bool paths = fng_class_access(class);

	if (own->present < base->present || (paths && !base->present &&
					     own->present))
		return fng_refuse(v, &own->present,
				  "a class is in the base or the policy only");
	if (!paths)
		return 0;
	if (own->dflt != base->dflt)
		return fng_refuse(v, &own->dflt,
				  "a class has another default in the base");
	return 0;
}

static int check_policy_class(const struct fng_verifier *v, u32 class)
{
	const struct fng_image_class *own = &v->image.classes[class];

	if (own->mode >= FNG_NR_MODES)
		return fng_refuse(v, &own->mode,
				  "a class has no known mode");
	if (!errno_known(own->err))
		return fng_refuse(v, &own->err,
				  "a class's errno is not one of ours");
	if (!class_rule_valid(v, class))
		return fng_refuse(v, &own->rule,
				  "a class's default has no rule");
	return v->base ? check_inherited(v, class) : 0;
}

static int check_class(const struct fng_verifier *v,
		       const struct fng_image_class *class)
{
	if (class->present > 1)
		return fng_refuse(v, &class->present,
				  "a class is neither present nor absent");
	if (class->dflt >= FNG_NR_EFFECTS)
		return fng_refuse(v, &class->dflt,
				  "a class has no known default");
	if (class->reserved)
		return fng_refuse(v, &class->reserved,
				  "a class's reserved field is not zero");
	if (class->reserved2)
		return fng_refuse(v, &class->reserved2,
				  "a class's reserved field is not zero");
	if (!class->present && class->dflt != FNG_EFFECT_ALLOW)
		return fng_refuse(v, &class->dflt,
				  "an absent class does not allow");
	return 0;
}

static int check_classes(const struct fng_verifier *v)
{
	const struct fng_image_class *classes = v->image.classes;
	u32 i;
	int err;

	for (i = 0; i < FNG_NR_CLASSES; i++) {
		err = check_class(v, &classes[i]);
		if (err)
			return err;
		err = v->is_base ? check_base_class(v, i) :
		      check_policy_class(v, i);
		if (err)
			return err;
	}
	if (v->is_base)
		return 0;
	if (!classes[FNG_CLASS_FLOOR].present)
		return fng_refuse(v, &classes[FNG_CLASS_FLOOR].present,
				  "the floor is absent");
	if (!classes[FNG_CLASS_SUBJECT].present)
		return fng_refuse(v, &classes[FNG_CLASS_SUBJECT].present,
				  "the guard's own class is absent");
	return 0;
}

static bool name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool name_part(char c)
{
	return name_start(c) || c == '.' || c == '_' || c == '-';
}

/**
 * fng_verify_name() - verify the name of a policy or of one of its phases
 * @v: verifier
 * @name: the name
 * @max: most bytes of it, for which and one more there is room
 */
int fng_verify_name(const struct fng_verifier *v, const char *name, u32 max)
{
	u32 i = 0;

	if (!name_start(name[0]))
		return fng_refuse(v, name,
				  "a name starts with no letter or digit");
	while (i < max && name_part(name[i]))
		i++;
	/* What follows is the terminating NUL and padding. */
	for (; i <= max; i++)
		if (name[i])
			return fng_refuse(v, &name[i],
					  "a name is malformed");
	return 0;
}

/* A refusal must be able to say by which rule. */
static bool setting_rule_valid(const struct fng_verifier *v, u32 rule,
			       bool refuses)
{
	return fng_rule_valid(v, rule) || (rule == FNG_RULE_NONE && !refuses);
}

/* One setting that allows or refuses, if its class is there. */
static int check_effect(const struct fng_verifier *v, u8 class,
			const u32 *effect, const u32 *rule,
			const char *unknown, const char *ruleless)
{
	if (*effect >= FNG_NR_EFFECTS)
		return fng_refuse(v, effect, unknown);
	if (!setting_rule_valid(v, *rule,
				v->image.classes[class].present &&
				*effect == FNG_EFFECT_DENY))
		return fng_refuse(v, rule, ruleless);
	return 0;
}

static int check_effects(const struct fng_verifier *v,
			 const struct fng_image_meta *meta)
{
	int err;

	err = check_effect(v, FNG_CLASS_EXEC, &meta->fileless,
			   &meta->fileless_rule,
			   "fileless has no known effect",
			   "fileless has no rule");
	if (err)
		return err;
	err = check_effect(v, FNG_CLASS_EXEC, &meta->modified,
			   &meta->modified_rule,
			   "modified has no known effect",
			   "modified has no rule");
	if (err)
		return err;
	err = check_effect(v, FNG_CLASS_EGRESS, &meta->dns, &meta->dns_rule,
			   "dns has no known effect", "dns has no rule");
	if (err)
		return err;
	return check_effect(v, FNG_CLASS_MEMORY, &meta->write_exec,
			    &meta->write_exec_rule,
			    "write-exec has no known effect",
			    "write-exec has no rule");
}

static int check_sockets(const struct fng_verifier *v,
			 const struct fng_image_meta *meta)
{
	bool present = v->image.classes[FNG_CLASS_SOCKETS].present;

	if (!setting_rule_valid(v, meta->families_rule,
				present && ~meta->families))
		return fng_refuse(v, &meta->families_rule,
				  "the socket families have no rule");
	if (!setting_rule_valid(v, meta->types_rule, present && ~meta->types))
		return fng_refuse(v, &meta->types_rule,
				  "the socket types have no rule");
	return 0;
}

static int check_privileges(const struct fng_verifier *v,
			    const struct fng_image_meta *meta)
{
	bool present = v->image.classes[FNG_CLASS_PRIVILEGES].present;

	if (!setting_rule_valid(v, meta->privileges_rule,
				present && ~meta->privileges))
		return fng_refuse(v, &meta->privileges_rule,
				  "the privileges have no rule");
	if (!setting_rule_valid(v, meta->capabilities_rule,
				present && ~meta->capabilities))
		return fng_refuse(v, &meta->capabilities_rule,
				  "the capabilities have no rule");
	return 0;
}

static int check_response(const struct fng_verifier *v,
			  const struct fng_image_meta *meta)
{
	if (meta->kill & ~FNG_KILL_KNOWN)
		return fng_refuse(v, &meta->kill,
				  "it kills for what is not known");
	if (meta->quarantine > FNG_MAX_QUARANTINE)
		return fng_refuse(v, &meta->quarantine,
				  "a quarantine takes too many refusals");
	if (meta->quarantine_time > FNG_MAX_QUARANTINE_TIME ||
	    !meta->quarantine != !meta->quarantine_time)
		return fng_refuse(v, &meta->quarantine_time,
				  "a quarantine has no time, or too much");
	return 0;
}

static int check_meta(const struct fng_verifier *v)
{
	const struct fng_image_meta *meta = v->image.meta;
	int err;

	err = fng_verify_name(v, meta->name, FNG_MAX_POLICY_NAME);
	if (err)
		return err;
	err = check_effects(v, meta);
	if (err)
		return err;
	err = check_sockets(v, meta);
	if (err)
		return err;
	err = check_privileges(v, meta);
	if (err)
		return err;
	if (meta->floor >> FNG_NR_FLOORS)
		return fng_refuse(v, &meta->floor,
				  "the floor has parts that are not known");
	return check_response(v, meta) ?: fng_verify_phase(v) ?:
	       fng_verify_observed(v);
}

/*
 * Bytes of a path, FNG_MAX_PATH if that is too long. The last byte of the strings
 * is a NUL, so that none goes beyond them.
 */
static u32 path_length(const char *path)
{
	u32 len = 0;

	while (len < FNG_MAX_PATH && path[len])
		len++;
	return len;
}

static bool follows(const char *path, const char *previous)
{
	while (*path && *path == *previous) {
		path++;
		previous++;
	}
	return (u8)*path > (u8)*previous;
}

static int check_digest(const struct fng_verifier *v, u32 i)
{
	const struct fng_image_digest *digest = &v->image.digests[i];
	const char *strings = v->image.strings;
	u32 len;

	if (digest->path >= v->nr[FNG_SECTION_STRINGS])
		return fng_refuse(v, &digest->path,
				  "a digest's path is no string");
	len = path_length(strings + digest->path);
	if (!len || len == FNG_MAX_PATH)
		return fng_refuse(v, &digest->path,
				  "a digest's path is empty or too long");
	if (i && !follows(strings + digest->path, strings + digest[-1].path))
		return fng_refuse(v, &digest->path,
				  "digests are out of order");
	if (!fng_rule_valid(v, digest->rule))
		return fng_refuse(v, &digest->rule, "a digest has no rule");
	return 0;
}

static int check_digests(const struct fng_verifier *v)
{
	u32 i;
	int err;

	if (v->image.nr_digests && !v->image.classes[FNG_CLASS_EXEC].present)
		return fng_refuse(v, v->image.digests,
				  "there are digests without the exec class");
	for (i = 0; i < v->image.nr_digests; i++) {
		err = check_digest(v, i);
		if (err)
			return err;
	}
	return 0;
}

/**
 * fng_verify_tables() - verify strings, rules, classes and settings
 * @v: verifier that has seen the shape
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_tables(const struct fng_verifier *v)
{
	u32 i;
	int err;

	err = check_strings(v);
	if (err)
		return err;
	for (i = 0; i < v->nr[FNG_SECTION_RULES]; i++) {
		err = check_rule(v, &v->image.rules[i]);
		if (err)
			return err;
	}
	err = check_classes(v);
	if (err || v->is_base)
		return err;
	err = check_meta(v);
	return err ? err : check_digests(v);
}
