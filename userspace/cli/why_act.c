// SPDX-License-Identifier: MIT
/*
 * What was done, from what the kernel remembers of its refusal.
 */
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include <compiler/schema.h>
#include "learn.h"
#include "why.h"

/* The number of a name, by the one that gives names; @nr if there is none. */
static u32 find_name(const char *name, const char *(*name_of)(u32 number), u32 nr)
{
	u32 i;

	for (i = 0; i < nr && strcmp(name_of(i), name); i++)
		;
	return i;
}

static u32 access_of(const json_t *event)
{
	const json_t *list = json_object_get(event, "access"), *word;
	u32 access = 0, bit;
	size_t i;

	json_array_foreach(list, i, word) {
		for (bit = 0; bit < FNG_NR_ACCESS; bit++)
			if (!strcmp(json_string_value(word),
				    fng_access_name(bit)))
				access |= 1u << bit;
	}
	return access;
}

static void make_socket(const json_t *event, struct fng_client_act *act)
{
	unsigned int family, type;

	if (sscanf(fng_why_text(event, "object"), "family=%u type=%u", &family,
		   &type) != 2)
		return;
	act->kind = FNG_ACT_SOCKET;
	act->number = family | type << FNG_ACT_SOCKET_TYPE;
}

/* Named as the kernel does, "CAP_NET_RAW". */
static void make_capability(const char *name, struct fng_client_act *act)
{
	const char *word = name + strlen("CAP_");

	if (strncmp(name, "CAP_", strlen("CAP_")))
		return;
	for (u32 i = 0; fngc_capability_words[i]; i++) {
		if (strcasecmp(fngc_capability_words[i], word))
			continue;
		act->kind = FNG_ACT_CAPABILITY;
		act->number = fngc_capability_values[i];
	}
}

/* Which privilege a hook is about; of capabilities, the object is the name. */
static void make_privilege(const json_t *event, struct fng_client_act *act)
{
	static const struct {
		u32 hook;
		u32 privilege;
	} privileges[] = {
		{ FNG_HOOK_PTRACE_ACCESS_CHECK, FNG_PRIVILEGE_PTRACE },
		{ FNG_HOOK_TRACEME, FNG_PRIVILEGE_PTRACE },
		{ FNG_HOOK_TASK_FIX_SETUID, FNG_PRIVILEGE_SETUID },
		{ FNG_HOOK_TASK_FIX_SETGID, FNG_PRIVILEGE_SETUID },
		{ FNG_HOOK_TASK_FIX_SETGROUPS, FNG_PRIVILEGE_SETUID },
		{ FNG_HOOK_BPRM_CREDS_FROM_FILE, FNG_PRIVILEGE_SETUID },
		{ FNG_HOOK_PERF_EVENT_OPEN, FNG_PRIVILEGE_PERF },
		{ FNG_HOOK_KEY_ALLOC, FNG_PRIVILEGE_KEYRING },
		{ FNG_HOOK_KEY_PERMISSION, FNG_PRIVILEGE_KEYRING },
		{ FNG_HOOK_INIT_SECURITY_ANON, FNG_PRIVILEGE_USERFAULTFD },
		{ FNG_HOOK_SOCKET_CREATE, FNG_PRIVILEGE_RAW_SOCKET },
		{ FNG_HOOK_SETTIME64, FNG_PRIVILEGE_TIME },
	};
	const char *hook = fng_why_text(event, "hook");

	for (size_t i = 0; i < sizeof(privileges) / sizeof(*privileges); i++) {
		if (strcmp(fng_hook_name(privileges[i].hook), hook))
			continue;
		act->kind = FNG_ACT_PRIVILEGE;
		act->number = privileges[i].privilege;
	}
	if (!strcmp(hook, fng_hook_name(FNG_HOOK_CAPABLE)))
		make_capability(fng_why_text(event, "object"), act);
}

/* Sent somewhere, or only asked a name server about a name that none may be. */
static void make_sending(const json_t *event, const struct fng_image *image,
			 struct fng_client_act *act)
{
	act->address = fng_why_text(event, "addr");
	act->port = fng_why_number(event, "port");
	act->proto = find_name(fng_why_text(event, "proto"), fng_proto_name,
			       FNG_NR_PROTOS);
	act->host = fng_why_text(event, "host");
	if (!*act->address)
		return;
	act->kind = image && act->rule == image->meta->dns_rule &&
		    *act->host ? FNG_ACT_ASK : FNG_ACT_CONNECT;
}

static bool is_fileless(const json_t *event, const struct fng_image *image,
			u32 rule)
{
	return image ? rule == image->meta->fileless_rule :
		       *fng_why_text(event, "object") != '/';
}

static void make_code(const json_t *event, const struct fng_image *image,
		      struct fng_client_act *act)
{
	if (is_fileless(event, image, act->rule))
		act->kind = FNG_ACT_FILELESS;
	else if (act->access)
		act->kind = FNG_ACT_NAME;
}

static bool is_name(const char *name)
{
	return *name == '/' || *name == FNG_PEER_ABSTRACT ||
	       !strncmp(name, FNG_PEER_HOST, strlen(FNG_PEER_HOST));
}

static bool is_hook(const json_t *event, u32 hook)
{
	return !strcmp(fng_hook_name(hook), fng_why_text(event, "hook"));
}

bool fng_why_gains(const json_t *event)
{
	const u32 done = FNG_ACCESS_CREATE | FNG_ACCESS_DELETE | FNG_ACCESS_LINK;

	return (is_hook(event, FNG_HOOK_PATH_RENAME) ||
		is_hook(event, FNG_HOOK_PATH_LINK)) &&
	       access_of(event) & ~done;
}

bool fng_why_moves(const json_t *event)
{
	return is_hook(event, FNG_HOOK_PATH_RENAME) ||
	       is_hook(event, FNG_HOOK_PATH_RMDIR);
}

/* Is it not the directory's own name that it is refused for, but one below? */
static bool is_below(const json_t *event, const struct fng_image *image,
		     const struct fng_client_act *act)
{
	struct fng_decision decision;

	if (!act->access || !fng_why_moves(event))
		return false;
	if (!image)
		return is_hook(event, FNG_HOOK_PATH_RMDIR) &&
		       act->access & ~(u32)FNG_ACCESS_DELETE;
	fng_name_decide(image, act->name, strlen(act->name), act->access,
			&decision);
	return !decision.refused;
}

static void make_of_class(const json_t *event, const struct fng_image *image,
			  struct fng_client_act *act)
{
	switch (act->class) {
	case FNG_CLASS_EXEC:
		make_code(event, image, act);
		break;
	case FNG_CLASS_FILES:
	case FNG_CLASS_UNIX:
		if (is_name(act->name))
			act->kind = FNG_ACT_NAME;
		break;
	case FNG_CLASS_MEMORY:
		act->kind = FNG_ACT_WRITE_EXEC;
		break;
	case FNG_CLASS_SOCKETS:
		make_socket(event, act);
		break;
	case FNG_CLASS_PRIVILEGES:
		make_privilege(event, act);
		break;
	case FNG_CLASS_EGRESS:
		make_sending(event, image, act);
		break;
	case FNG_CLASS_LISTEN:
		make_sending(event, image, act);
		act->kind = FNG_ACT_LISTEN;
		break;
	}
}

static void add_below(struct fngl_acts *acts, const struct fng_client_act *act)
{
	fngl_add(acts, &(struct fngl_act) {
		.verb = FNGL_BELOW, .target = act->name, .access = act->access,
		.more = "",
	});
}

/* A NUL would make it the name of something else: it is told as no text. */
static const char *name_of(const json_t *event, struct fngc_arena *arena)
{
	const json_t *object = json_object_get(event, "object");
	size_t len = json_string_length(object);
	char *name = fngc_alloc(arena, len + 1);

	for (size_t i = 0; i < len; i++)
		name[i] = json_string_value(object)[i] ?: '\1';
	name[len] = '\0';
	return name;
}

void fng_why_act(const json_t *event, const struct fng_image *image,
		 struct fngl_acts *acts)
{
	struct fng_client_act act = {
		.kind = FNG_ACT_OTHER,
		.class = find_name(fng_why_text(event, "class"), fng_class_name,
				   FNG_NR_CLASSES),
		.rule = fng_why_number(event, "rule_id"),
		.access = access_of(event),
		.name = name_of(event, &acts->arena),
		.target = "", .address = "", .host = "",
	};

	if (act.rule & FNG_RULE_FLOOR) {
		act.kind = FNG_ACT_FLOOR;
		act.number = act.rule & FNG_RULE_INDEX_MASK;
	} else if (!(act.rule & FNG_RULE_GUARD)) {
		if (is_below(event, image, &act)) {
			add_below(acts, &act);
			return;
		}
		make_of_class(event, image, &act);
	}
	fng_learn_add(acts, &act);
}
