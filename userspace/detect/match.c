// SPDX-License-Identifier: MIT
/*
 * One condition and one event.
 */
#include <compiler/glob.h>
#include <compiler/host.h>
#include <detect/event.h>

/* Longest text that is compared with patterns; events carry no longer ones. */
#define MAX_TEXT	4096

static bool is_byte(const struct fngc_glob *glob, size_t item, char byte)
{
	return glob->items[item].kind == FNGC_BYTE &&
	       glob->items[item].byte == (u8)byte;
}

/*
 * Most patterns begin or end with bytes that most texts do not: that is seen
 * without trying all the ways in which the rest could match.
 */
static bool may_match(const struct fngc_glob *glob,
		      const struct fng_detect_text *text)
{
	size_t nr = glob->nr, size = text->size;

	for (size_t i = 0; i < nr && glob->items[i].kind == FNGC_BYTE; i++) {
		if (i == size || !is_byte(glob, i, text->at[i]))
			return false;
	}
	for (; nr && glob->items[nr - 1].kind == FNGC_BYTE; nr--, size--) {
		if (!size || !is_byte(glob, nr - 1, text->at[size - 1]))
			return false;
	}
	return true;
}

static bool globs_match(const struct fng_detect_globs *globs,
			const struct fng_detect_text *text)
{
	char copy[MAX_TEXT + 1];

	if (!globs->nr)
		return true;
	if (!text->at || text->size > MAX_TEXT ||
	    memchr(text->at, '\0', text->size))
		return false;
	memcpy(copy, text->at, text->size);
	copy[text->size] = '\0';
	for (size_t i = 0; i < globs->nr; i++) {
		if (may_match(&globs->v[i], text) &&
		    fngc_glob_matches(&globs->v[i], copy))
			return true;
	}
	return false;
}

static bool hosts_match(const struct fng_detect_globs *globs,
			const struct fng_detect_text *host)
{
	char name[FNG_MAX_HOST_NAME + 1], path[FNG_MAX_HOST_NAME + 2];
	struct fng_detect_text reversed = { .at = path };

	if (!globs->nr)
		return true;
	if (!host->at || host->size > FNG_MAX_HOST_NAME)
		return false;
	memcpy(name, host->at, host->size);
	name[host->size] = '\0';
	reversed.size = fngc_host_reverse(path, name) - path;
	return globs_match(globs, &reversed);
}

static bool address_matches(const struct fng_detect_match *match,
			    const struct fng_detect_event *event)
{
	size_t size = event->family == 4 ? 4 : 16;

	for (size_t i = 0; i < match->nr_ranges; i++) {
		const struct fngc_range *range = &match->ranges[i];

		if (range->family == event->family &&
		    memcmp(range->first, event->addr, size) <= 0 &&
		    memcmp(range->last, event->addr, size) >= 0)
			return true;
	}
	return !match->nr_ranges;
}

static bool port_matches(const struct fng_detect_match *match,
			 const struct fng_detect_event *event)
{
	for (size_t i = 0; i < match->nr_ports; i++) {
		const struct fngc_ports *ports = &match->ports[i];

		if (event->family && event->proto < FNG_NR_PROTOS &&
		    ports->protos >> event->proto & 1 &&
		    event->port >= ports->first && event->port <= ports->last)
			return true;
	}
	return !match->nr_ports;
}

static bool is_among(const char *const *texts, size_t nr,
		     const struct fng_detect_text *text)
{
	for (size_t i = 0; text->at && i < nr; i++) {
		if (strlen(texts[i]) == text->size &&
		    !memcmp(texts[i], text->at, text->size))
			return true;
	}
	return !nr;
}

/* The proof of the hooks is nothing to who does not name it. */
static bool rule_matches(const struct fng_detect_match *match, u32 rule)
{
	for (size_t i = 0; i < match->nr_rules; i++) {
		if (match->rules[i] == rule)
			return true;
	}
	return !match->nr_rules && rule != (FNG_RULE_GUARD | FNG_GUARD_CANARY);
}

static bool numbers_match(const struct fng_detect_match *match,
			  const struct fng_detect_event *event)
{
	/* What a launcher does before the function's first program is the host's. */
	if (event->entering)
		return false;
	if (event->kind > 31 || !(match->kinds >> event->kind & 1))
		return false;
	if (match->classes && (event->class >= FNG_NR_CLASSES ||
			       !(match->classes >> event->class & 1)))
		return false;
	if (match->hooks && (event->hook >= FNG_NR_HOOKS ||
			     !(match->hooks >> event->hook & 1)))
		return false;
	if (match->access && !(match->access & event->access))
		return false;
	if (match->stdio && !event->stdio)
		return false;
	if (match->states && (event->kind != FNG_EVENT_STATE ||
			      event->state > FNG_STATE_DEGRADED ||
			      !(match->states >> event->state & 1)))
		return false;
	return rule_matches(match, event->rule);
}

bool fng_detect_matches(const struct fng_detect_match *match,
			const struct fng_detect_event *event)
{
	return numbers_match(match, event) && address_matches(match, event) &&
	       port_matches(match, event) &&
	       is_among(match->policies, match->nr_policies, &event->policy) &&
	       is_among(match->reasons, match->nr_reasons, &event->reason) &&
	       globs_match(&match->objects, &event->object) &&
	       globs_match(&match->exes, &event->exe) &&
	       globs_match(&match->cgroups, &event->cgroup) &&
	       hosts_match(&match->hosts, &event->host);
}

/* FNV-1a */
static u64 mix(u64 hash, const void *bytes, size_t size)
{
	const u8 *byte = bytes;

	while (size--)
		hash = (hash ^ *byte++) * 0x100000001b3ull;
	return hash;
}

/* Neither 0, which is that there is none, nor 1. */
static u64 key_of(const void *bytes, size_t size)
{
	u64 hash = mix(0xcbf29ce484222325ull, bytes, size);

	return hash > 1 ? hash : 2;
}

static u64 endpoint_key(const struct fng_detect_event *event, bool addr,
			bool port)
{
	u8 bytes[24] = { 0 };

	if (!event->family)
		return 0;
	bytes[0] = event->family;
	if (addr)
		memcpy(bytes + 1, event->addr, event->family == 4 ? 4 : 16);
	if (port) {
		bytes[20] = event->proto;
		bytes[21] = event->port >> 8;
		bytes[22] = event->port & 0xff;
	}
	if (!addr)
		bytes[0] = 0;
	return key_of(bytes, sizeof(bytes));
}

static u64 text_key(const struct fng_detect_text *text)
{
	return text->at ? key_of(text->at, text->size) : 0;
}

static u64 rule_key(const struct fng_detect_event *event)
{
	if (event->rule == FNG_RULE_NONE)
		return 0;
	return mix(key_of(&event->rule, sizeof(event->rule)), event->policy.at,
		   event->policy.size) | 2;
}

u64 fng_detect_key(enum fng_detect_what what,
		   const struct fng_detect_event *event)
{
	switch (what) {
	case FNG_DETECT_OBJECT:
		return text_key(&event->object);
	case FNG_DETECT_DESTINATION:
		return endpoint_key(event, true, true);
	case FNG_DETECT_ADDRESS:
		return endpoint_key(event, true, false);
	case FNG_DETECT_PORT:
		return endpoint_key(event, false, true);
	case FNG_DETECT_HOST:
		return text_key(&event->host);
	case FNG_DETECT_EXE:
		return text_key(&event->exe);
	case FNG_DETECT_PROCESS:
		return event->process ?
		       key_of(&event->process, sizeof(event->process)) : 0;
	case FNG_DETECT_HOOK:
		return event->hook < FNG_NR_HOOKS ? event->hook + 2 : 0;
	case FNG_DETECT_RULE:
		return rule_key(event);
	case FNG_DETECT_POLICY:
		return text_key(&event->policy);
	default:
		return 1;
	}
}
