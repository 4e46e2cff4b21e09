// SPDX-License-Identifier: MIT
/*
 * Names of the numbers in messages.
 */
#include <string.h>

#include <fnguard/access.h>
#include <fnguard/hooks.h>
#include <uapi/fnguard.h>
#include "names.h"

#define LOOKUP(table, n) \
	((n) < sizeof(table) / sizeof(*(table)) && (table)[n] ? (table)[n] : \
								"unknown")

const char *fng_state_name(u32 state)
{
	static const char *const names[] = FNG_STATE_NAMES;

	return LOOKUP(names, state);
}

const char *fng_event_kind_name(u32 kind)
{
	static const char *const names[] = FNG_EVENT_KIND_NAMES;

	return LOOKUP(names, kind);
}

const char *fng_hook_name(u32 hook)
{
#define NAME(id, nr, name) [nr] = (name),
	static const char *const names[] = { FNG_HOOKS(NAME) };
#undef NAME

	return LOOKUP(names, hook);
}

const char *fng_class_name(u32 class)
{
	static const char *const names[] = FNG_CLASS_NAMES;

	return LOOKUP(names, class);
}

const char *fng_mode_name(u32 mode)
{
	static const char *const names[] = { "enforce", "audit", "learn" };

	return LOOKUP(names, mode);
}

const char *fng_proto_name(u32 proto)
{
	static const char *const names[] = FNG_PROTO_NAMES;

	return LOOKUP(names, proto);
}

const char *fng_access_name(unsigned int bit)
{
	static const char *const names[] = FNG_ACCESS_NAMES;

	return LOOKUP(names, bit);
}

const char *fng_errno_name(u32 err)
{
	return strerrorname_np(err);
}
