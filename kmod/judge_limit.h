/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judging how much is used of what is allowed.
 */
#ifndef FNGUARD_KMOD_JUDGE_LIMIT_H
#define FNGUARD_KMOD_JUDGE_LIMIT_H

#include "judge.h"
#include "subject.h"

/*
 * Of what is asked and cannot be read: no label would do, and no rate, since it may
 * be many questions.
 */
#define FNG_LABEL_UNKNOWN	U32_MAX

/**
 * struct fng_use - something that is used
 * @kinds: bits of enum fng_limit
 * @bytes: how many, for FNG_LIMIT_EGRESS and FNG_LIMIT_EGRESS_TOTAL
 * @label: of the longest label, for FNG_LIMIT_DNS_LABEL
 * @goes_on: of FNG_LIMIT_DESTINATIONS: something was sent there before, or nothing
 *	may be
 * @object: what is used; its endpoint is what FNG_LIMIT_DESTINATIONS is about
 */
struct fng_use {
	u32 kinds;
	u32 bytes;
	u32 label;
	bool goes_on;
	const struct fng_object *object;
};

int fng_judge_use(const struct fng_subject *subject, u8 hook,
		  const struct fng_use *use);
int fng_judge_count(const struct fng_subject *subject, u8 hook, u32 kind,
		    const char *what);

/**
 * fng_judge_once() - the same, where no limit is the rule
 * @subject: who
 * @hook: enum fng_hook
 * @kind: enum fng_limit
 * @what: is done, for the event
 *
 * Context: as fng_judge_count().
 * Return: the same.
 */
static __always_inline int fng_judge_once(const struct fng_subject *subject,
					  u8 hook, u32 kind, const char *what)
{
	if (!fng_subject_limits(subject, BIT(kind)))
		return 0;
	return fng_judge_count(subject, hook, kind, what);
}

#endif /* FNGUARD_KMOD_JUDGE_LIMIT_H */
