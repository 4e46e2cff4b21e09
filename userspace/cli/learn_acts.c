// SPDX-License-Identifier: MIT
/*
 * Acts as the kernel tells them, and as rules have them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <client/names.h>
#include <compiler/schema.h>
#include "learn.h"
#include "session.h"

static void add(struct fngl_acts *acts, const char *verb, const char *target)
{
	fngl_add(acts, &(struct fngl_act) {
		.verb = verb, .target = target, .more = "",
	});
}

/* No rule can be about it, or none that can be written. */
static void add_other(struct fngl_acts *acts, const char *target,
		      const char *why)
{
	fngl_add(acts, &(struct fngl_act) {
		.verb = FNGL_OTHER, .target = target, .more = why,
	});
}

/* Control characters in names are written by nobody but attackers. */
static bool is_text(const char *name)
{
	json_t *value = json_string(name);
	bool valid = value;

	json_decref(value);
	for (; *name; name++)
		valid &= (unsigned char)*name >= ' ' && *name != 0x7f;
	return valid;
}

static void add_unreadable(struct fngl_acts *acts, const char *name,
			   const char *class)
{
	char text[64], why[64];
	size_t i;

	for (i = 0; i < sizeof(text) - 1 && name[i]; i++)
		text[i] = name[i] >= ' ' && name[i] < 0x7f ? name[i] : '?';
	text[i] = '\0';
	snprintf(why, sizeof(why), "%s: the name is no text", class);
	add_other(acts, text, why);
}

static void add_name(struct fngl_acts *acts, const struct fng_client_act *act)
{
	u32 files = act->access & FNG_ACCESS_FILES;

	if (!is_text(act->name)) {
		add_unreadable(acts, act->name, fng_class_name(act->class));
		return;
	}
	if (files)
		fngl_add(acts, &(struct fngl_act) {
			.verb = "open", .target = act->name, .access = files,
			.more = "",
		});
	if (act->access & FNG_ACCESS_EXEC)
		add(acts, "exec", act->name);
	if (act->access & FNG_ACCESS_MAP)
		add(acts, "map", act->name);
	if (act->access & FNG_ACCESS_UNIX)
		add(acts, "unix", act->name);
}

/* Where one of the names is no text, it was told of when the names were. */
static void add_move(struct fngl_acts *acts, const struct fng_client_act *act)
{
	if (is_text(act->name) && is_text(act->target))
		fngl_add(acts, &(struct fngl_act) {
			.verb = act->number ? FNGL_RENAME_DIR : FNGL_RENAME,
			.target = act->name, .more = act->target,
		});
}

/* Functions choose what they ask about, and some names no rule can have. */
static bool is_host(const char *name)
{
	struct fngc_query query;
	char reason[128];

	return !fngc_query_parse("resolve", name, NULL, &query, reason,
				 sizeof(reason));
}

static void add_connect(struct fngl_acts *acts,
			const struct fng_client_act *act)
{
	bool brackets = strchr(act->address, ':');
	const char *proto = fng_proto_name(act->proto);
	char target[128];
	int len;

	len = snprintf(target, sizeof(target), "%s%s%s", brackets ? "[" : "",
		       act->address, brackets ? "]" : "");
	if (act->proto != FNG_PROTO_ICMP)
		len += snprintf(target + len, sizeof(target) - len, ":%u",
				act->port);
	snprintf(target + len, sizeof(target) - len, "/%s", proto);
	if (act->proto >= FNG_PROTO_OTHER)
		add_other(acts, target, "egress: no rule names the protocol");
	else if (act->proto != FNG_PROTO_ICMP && !act->port)
		add_other(acts, target, "egress: no rule is about port 0");
	else
		fngl_add(acts, &(struct fngl_act) {
			.verb = "connect", .target = target,
			.more = is_host(act->host) ? act->host : "",
		});
}

static void add_question(struct fngl_acts *acts,
			 const struct fng_client_act *act)
{
	if (is_host(act->host))
		fngl_add(acts, &(struct fngl_act) {
			.verb = "resolve", .target = act->host,
			.more = act->address,
		});
	else if (*act->host)
		add_unreadable(acts, act->host, "egress");
	else
		add_other(acts, act->address, "egress: a question that cannot be read");
}

static void add_listen(struct fngl_acts *acts, const struct fng_client_act *act)
{
	char target[32];

	snprintf(target, sizeof(target), "%u/%s", act->port,
		 fng_proto_name(act->proto));
	if (act->proto >= FNG_PROTO_OTHER)
		add_other(acts, target, "listen: no rule names the protocol");
	else
		add(acts, "listen", target);
}

static const char *word_of(const char *const *words, const u32 *values,
			   u32 value)
{
	for (size_t i = 0; words[i]; i++)
		if (values[i] == value)
			return words[i];
	return NULL;
}

static void add_socket(struct fngl_acts *acts, const struct fng_client_act *act)
{
	u32 family = act->number & ((1u << FNG_ACT_SOCKET_TYPE) - 1);
	u32 type = act->number >> FNG_ACT_SOCKET_TYPE;
	const char *families = word_of(fngc_family_words, fngc_family_values,
				       family);
	const char *types = word_of(fngc_type_words, fngc_type_values, type);
	char target[64];

	snprintf(target, sizeof(target), "%s/%s", families ?: "?",
		 types ?: "?");
	if (families && types)
		add(acts, "socket", target);
	else
		add_other(acts, target, "sockets: no rule names the family or type");
}

static void add_word(struct fngl_acts *acts, const char *verb,
		     const char *const *words, u32 nr, u32 number)
{
	if (number < nr)
		add(acts, verb, words[number]);
	else
		add_other(acts, verb, "a number that this program does not know");
}

/* What the guard itself would have refused has a reason with a name. */
static void add_reason(struct fngl_acts *acts, const struct fng_client_act *act)
{
	static const char *const reasons[] = FNG_GUARD_RULE_NAMES;
	const char *class = fng_class_name(act->class);
	u32 reason = act->rule & FNG_RULE_INDEX_MASK;
	char why[64];

	if ((act->rule & ~FNG_RULE_INDEX_MASK) == FNG_RULE_GUARD &&
	    reason < FNG_NR_GUARD_RULES)
		snprintf(why, sizeof(why), "%s: %s", class, reasons[reason]);
	else
		snprintf(why, sizeof(why), "%s: refused whatever it is called",
			 class);
	if (is_text(act->name))
		add_other(acts, act->name, why);
	else
		add_unreadable(acts, act->name, class);
}

void fng_learn_add(struct fngl_acts *acts, const struct fng_client_act *act)
{
	static const char *const privileges[] = FNG_PRIVILEGE_NAMES;
	static const char *const floors[] = FNG_FLOOR_NAMES;
	u32 capabilities = 0;

	while (fngc_capability_words[capabilities])
		capabilities++;
	switch (act->kind) {
	case FNG_ACT_NAME:
		add_name(acts, act);
		break;
	case FNG_ACT_MOVE:
		add_move(acts, act);
		break;
	case FNG_ACT_FILELESS:
		add(acts, "fileless", "exec");
		break;
	case FNG_ACT_WRITE_EXEC:
		add(acts, "write-exec", "mmap");
		break;
	case FNG_ACT_CONNECT:
		add_connect(acts, act);
		break;
	case FNG_ACT_ASK:
		add_question(acts, act);
		break;
	case FNG_ACT_LISTEN:
		add_listen(acts, act);
		break;
	case FNG_ACT_SOCKET:
		add_socket(acts, act);
		break;
	case FNG_ACT_CAPABILITY:
		add_word(acts, "capability", fngc_capability_words,
			 capabilities, act->number);
		break;
	case FNG_ACT_PRIVILEGE:
		add_word(acts, "privilege", privileges, FNG_NR_PRIVILEGES,
			 act->number);
		break;
	case FNG_ACT_FLOOR:
		add_word(acts, "floor", floors, FNG_NR_FLOORS, act->number);
		break;
	default:
		add_reason(acts, act);
	}
}

static int visit(const struct fng_client_act *act, void *data)
{
	fng_learn_add(data, act);
	return 0;
}

/* Some kernels hand on no sentence with the refusal of a list. */
static int failed(const struct fng_client *client, const char *name, int err)
{
	if (err == -ENOENT)
		fng_output_error("there is no loaded policy \"%s\"", name);
	else if (err == -ENODATA)
		fng_output_error("the policy %s does not learn", name);
	else
		return fng_session_failed(client, err);
	return FNG_EXIT_FAILED;
}

int fng_learn_fetch(struct fngl_acts *acts, const char *name)
{
	struct fng_client client;
	int result;

	result = fng_session_open(&client);
	if (!result)
		result = failed(&client, name,
				fng_client_learn(&client, name, visit, acts,
						 &acts->unkept));
	fng_client_close(&client);
	fngl_settle(acts);
	return result;
}

void fng_learn_remark(const struct fngl_acts *acts)
{
	if (acts->unkept)
		fng_output_note("this is not complete: %" PRIu64 " times something was done that found no room",
				acts->unkept);
}
