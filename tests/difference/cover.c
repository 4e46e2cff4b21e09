// SPDX-License-Identifier: MIT
/*
 * Is there a difference in the list for each that a question shows?
 */
#include <compiler/host.h>
#include <compiler/text.h>

#include "difference.h"

static const struct fng_image *image_of(const struct dif_policies *policies,
					u32 side)
{
	return side ? &policies->after.parts.part[0].image : &policies->before.parts.part[0].image;
}

/* How much of a refusal it is: none, a report, or one that is meant. */
static u32 weight(const struct fng_decision *decision)
{
	return decision->refused ? 2 - decision->audit : 0;
}

enum fngc_change dif_change_of(const struct fng_decision decisions[2])
{
	const struct fng_decision *before = &decisions[0];
	const struct fng_decision *after = &decisions[1];

	/* What one section refuses under both is a matter of its mode and errno. */
	if (before->refused && after->refused && before->class == after->class)
		return FNGC_NR_CHANGES;
	if (weight(before) > weight(after))
		return FNGC_CHANGE_ALLOWED;
	if (weight(before) < weight(after))
		return FNGC_CHANGE_REFUSED;
	return before->refused && before->err != after->err ?
	       FNGC_CHANGE_OTHER : FNGC_NR_CHANGES;
}

static void ask_both(const struct dif_policies *policies,
		     const struct ref_request *request,
		     struct fng_decision decisions[2])
{
	for (u32 side = 0; side < 2; side++)
		ref_engine_ask(image_of(policies, side), request,
			       &decisions[side]);
}

static bool fits(const struct fngc_difference *d, enum fngc_about about,
		 u64 bits, const struct fng_decision decisions[2])
{
	return d->about == about && (!bits || d->bits & bits) &&
	       d->class == decisions[!decisions[0].refused].class &&
	       d->change == dif_change_of(decisions) &&
	       d->answer[0].rule == decisions[0].rule &&
	       d->answer[1].rule == decisions[1].rule;
}

static enum dif_outcome look_up(const struct dif_policies *policies,
				enum fngc_about about, u64 bits,
				const struct fng_decision decisions[2])
{
	if (dif_change_of(decisions) == FNGC_NR_CHANGES)
		return DIF_SAME;
	for (size_t i = 0; i < policies->diff->nr; i++) {
		if (fits(&policies->diff->differences[i], about, bits,
			 decisions))
			return DIF_LISTED;
	}
	return DIF_MISSED;
}

/* Some entry is about this, whatever it says of it. */
static enum dif_outcome mentioned(const struct dif_policies *policies,
				  enum fngc_about about, const char *before,
				  const char *after)
{
	for (size_t i = 0; i < policies->diff->nr; i++) {
		const struct fngc_difference *d =
			&policies->diff->differences[i];

		if (d->about == about && !strcmp(d->answer[0].word, before) &&
		    !strcmp(d->answer[1].word, after))
			return DIF_LISTED;
	}
	return DIF_MISSED;
}

/* Could the kernel ask for this access to this name? */
static bool asked(const char *name, u32 bit)
{
	size_t host = strlen(FNG_PEER_HOST);

	if (bit == REF_TALK && !strncmp(name, FNG_PEER_HOST, host))
		return name[host + 1] && fngc_is_kernel_path(name + host);
	if (bit == REF_TALK && *name == FNG_PEER_ABSTRACT)
		return name[1];
	return fngc_is_kernel_path(name);
}

/* The worse of two. */
static enum dif_outcome max_of(enum dif_outcome a, enum dif_outcome b)
{
	return a > b ? a : b;
}

/* Bit by bit: each may be decided by another rule. */
static enum dif_outcome ask_name(const struct dif_policies *policies,
				 const char *name, u32 access)
{
	struct ref_request request = { .kind = REF_ASK_PATH };
	enum dif_outcome outcome = DIF_SAME, one;
	struct fng_decision decisions[2];

	strcpy(request.path, name);
	for (; access; access &= access - 1) {
		request.access = access & -access;
		if (!asked(name, request.access))
			return DIF_UNASKED;
		ask_both(policies, &request, decisions);
		one = look_up(policies, FNGC_ABOUT_NAME,
			      decisions[!decisions[0].refused].access,
			      decisions);
		outcome = max_of(outcome, one);
	}
	return outcome;
}

/* A new name is judged by what both names allow, so one of them differs. */
static enum dif_outcome ask_rename(const struct dif_policies *policies,
				   const struct ref_request *request)
{
	bool peer = request->kind == REF_ASK_RENAME_PEER;
	u32 access = peer ? REF_TALK : REF_GAIN_BITS;
	struct fng_decision decisions[2];
	enum dif_outcome from, to;

	ask_both(policies, request, decisions);
	from = ask_name(policies, request->path, access);
	to = peer ? from : ask_name(policies, request->to, access);
	if (from == DIF_UNASKED || to == DIF_UNASKED)
		return DIF_UNASKED;
	if (from == DIF_MISSED || to == DIF_MISSED)
		return DIF_MISSED;
	if (decisions[0].refused == decisions[1].refused)
		return DIF_SAME;
	return from == DIF_LISTED || to == DIF_LISTED ? DIF_LISTED : DIF_MISSED;
}

static bool is_directory(const char *path)
{
	return path[1] && fngc_is_kernel_path(path);
}

static enum dif_outcome ask_tree(const struct dif_policies *policies,
				 const struct ref_request *request)
{
	bool move = request->kind == REF_ASK_MOVE_TREE;
	struct fng_decision decisions[2];

	if (!is_directory(request->path) ||
	    (move && !is_directory(request->to)))
		return DIF_UNASKED;
	ask_both(policies, request, decisions);
	return look_up(policies, move ? FNGC_ABOUT_MOVE : FNGC_ABOUT_DIRECTORY,
		       0, decisions);
}

static enum dif_outcome ask_nameless(const struct dif_policies *policies,
				     const struct ref_request *request)
{
	struct ref_request one = *request;
	enum dif_outcome outcome = DIF_SAME, each;
	struct fng_decision decisions[2];

	for (u32 left = request->access; left; left &= left - 1) {
		one.access = left & -left;
		ask_both(policies, &one, decisions);
		each = look_up(policies, FNGC_ABOUT_NAMELESS,
			       decisions[!decisions[0].refused].access,
			       decisions);
		outcome = max_of(outcome, each);
	}
	return outcome;
}

static bool believed(const char *text, char name[FNG_MAX_HOST_NAME + 1])
{
	return !fngc_host_normalise(text, name);
}

/* Everything may go to who has called, and is let go for a rule of listen. */
static enum dif_outcome ask_answer(const struct dif_policies *policies,
				   const struct fng_endpoint *to, u16 port)
{
	struct fng_decision decisions[2];
	enum dif_outcome outcome;

	for (u32 side = 0; side < 2; side++) {
		const struct fng_image *image = image_of(policies, side);
		u8 class;

		fng_egress_decide(image, to, &decisions[side]);
		class = decisions[side].class;
		if (fng_egress_open(image, &decisions[side]) &&
		    fng_listen_names(image, to->proto, port))
			fng_listen_decide(image, to->proto, port,
					  &decisions[side]);
		decisions[side].class = class;
	}
	outcome = look_up(policies, FNGC_ABOUT_CONNECT, 1u << to->proto,
			  decisions);
	if (outcome == DIF_MISSED)
		outcome = look_up(policies, FNGC_ABOUT_ANSWER, 1u << to->proto,
				  decisions);
	return outcome;
}

/* From where rules of listen begin and end. */
static enum dif_outcome ask_answers(const struct dif_policies *policies,
				    const struct ref_request *request)
{
	const struct ref_policy *both[] = { &policies->before.policy,
					    &policies->after.policy };
	struct fng_endpoint to = ref_engine_endpoint(request);
	enum dif_outcome outcome = DIF_SAME;

	to.proto = request->port & 1 ? FNG_PROTO_UDP : FNG_PROTO_SCTP;
	for (u32 i = 0; i < 2 * REF_MAX_LISTEN; i++) {
		const struct ref_policy *policy = both[i & 1];
		const struct ref_ports *ports = &policy->listen[i / 2].ports;
		enum dif_outcome one;

		if (i / 2 >= policy->nr_listen)
			continue;
		one = ask_answer(policies, &to, ports->first);
		if (one == DIF_SAME)
			one = ask_answer(policies, &to, ports->last);
		outcome = max_of(outcome, one);
	}
	return outcome;
}

static enum dif_outcome ask_address(const struct dif_policies *policies,
				    const struct ref_request *request)
{
	u64 proto = 1u << ref_engine_endpoint(request).proto;
	char name[FNG_MAX_HOST_NAME + 1];
	struct fng_decision decisions[2];
	enum dif_outcome outcome;

	if (request->kind == REF_ASK_HOST && !believed(request->name, name))
		return DIF_UNASKED;
	ask_both(policies, request, decisions);
	outcome = look_up(policies, FNGC_ABOUT_CONNECT, proto, decisions);
	if (outcome == DIF_MISSED && request->kind == REF_ASK_HOST)
		outcome = look_up(policies, FNGC_ABOUT_HOST, proto, decisions);
	return outcome;
}

static enum dif_outcome ask_resolve(const struct dif_policies *policies,
				    const struct ref_request *request)
{
	char name[FNG_MAX_HOST_NAME + 1];
	struct fng_decision decisions[2];

	if (!believed(request->name, name))
		return DIF_UNASKED;
	for (u32 side = 0; side < 2; side++)
		fng_dns_decide(image_of(policies, side), name, strlen(name),
			       &decisions[side]);
	return look_up(policies, FNGC_ABOUT_RESOLVE, 0, decisions);
}

static enum dif_outcome ask_resolver(const struct dif_policies *policies,
				     const struct ref_request *request)
{
	struct fng_endpoint endpoint = ref_engine_endpoint(request);
	bool before = fng_resolver_known(&policies->before.parts.part[0].image, &endpoint);
	bool after = fng_resolver_known(&policies->after.parts.part[0].image, &endpoint);

	if (before == after)
		return DIF_SAME;
	for (size_t i = 0; i < policies->diff->nr; i++) {
		const struct fngc_difference *d =
			&policies->diff->differences[i];

		if (d->about == FNGC_ABOUT_RESOLVER &&
		    d->change == (after ? FNGC_CHANGE_ALLOWED :
					  FNGC_CHANGE_REFUSED) &&
		    !memcmp(d->example.endpoint.addr, endpoint.addr,
			    sizeof(endpoint.addr)))
			return DIF_LISTED;
	}
	return DIF_MISSED;
}

static enum dif_outcome ask_use(const struct dif_policies *policies,
				const struct ref_request *request)
{
	struct fng_decision decisions[2];

	ask_both(policies, request, decisions);
	if (decisions[0].refused == decisions[1].refused)
		return DIF_SAME;
	for (size_t i = 0; i < policies->diff->nr; i++) {
		const struct fngc_difference *d =
			&policies->diff->differences[i];

		if (d->about == FNGC_ABOUT_LIMIT &&
		    d->example.part == FNG_LIMIT_CONNECT &&
		    d->change == (decisions[0].refused ? FNGC_CHANGE_ALLOWED :
							 FNGC_CHANGE_REFUSED))
			return DIF_LISTED;
	}
	return DIF_MISSED;
}

static enum dif_outcome ask_cgroup(const struct dif_policies *policies,
				   const char *path)
{
	static const char *const words[] = { "does not apply", "applies" };
	bool match[2];

	if (!is_directory(path))
		return DIF_UNASKED;
	for (u32 side = 0; side < 2; side++) {
		const struct fng_image *image = image_of(policies, side);

		match[side] = fng_cgroup_match(image,
					       fng_dfa_walk(&image->cgroup,
							    FNG_STATE_START,
							    path,
							    strlen(path)));
	}
	return match[0] == match[1] ? DIF_SAME :
	       mentioned(policies, FNGC_ABOUT_CGROUP, words[match[0]],
			 words[match[1]]);
}

static enum dif_outcome ask_device(const struct dif_policies *policies,
				   const char *name)
{
	static const char *const words[] = { "does not apply", "applies",
					     "applies by name" };
	size_t len = strlen(name);
	u32 match[2];

	if (!len || len > 15 || strpbrk(name, "/: \t\n\v\f\r"))
		return DIF_UNASKED;
	for (u32 side = 0; side < 2; side++)
		match[side] = fng_device_match(image_of(policies, side), name,
					       len);
	return match[0] == match[1] ? DIF_SAME :
	       mentioned(policies, FNGC_ABOUT_DEVICE, words[match[0]],
			 words[match[1]]);
}

/* What is one question to the engine, and one entry of the list. */
static enum dif_outcome ask_once(const struct dif_policies *policies,
				 const struct ref_request *request,
				 enum fngc_about about, u64 bits)
{
	struct fng_decision decisions[2];

	ask_both(policies, request, decisions);
	return look_up(policies, about, bits, decisions);
}

static enum dif_outcome ask_part(const struct dif_policies *policies,
				 const struct ref_request *request,
				 enum fngc_about about)
{
	u32 part = ref_engine_part(request);

	/* There is no such capability. */
	if (part >= 64)
		return DIF_UNASKED;
	return ask_once(policies, request, about, 1ull << part);
}

static enum dif_outcome ask_listen(const struct dif_policies *policies,
				   const struct ref_request *request)
{
	struct fng_endpoint on = ref_engine_endpoint(request);
	enum dif_outcome outcome;
	bool named[2];

	outcome = ask_once(policies, request, FNGC_ABOUT_LISTEN,
			   1u << on.proto);
	for (u32 side = 0; side < 2; side++)
		named[side] = fng_listen_names(image_of(policies, side),
					       on.proto, on.port);
	if (outcome != DIF_SAME || named[0] == named[1])
		return outcome;
	/* Who does not name it would refuse the answers of guests. */
	if (!image_of(policies, named[0])->classes[FNG_CLASS_EGRESS].present &&
	    on.port != 53)
		return DIF_UNASKED;
	return mentioned(policies, FNGC_ABOUT_NAMED,
			 named[0] ? "named" : "not named",
			 named[1] ? "named" : "not named");
}

enum dif_outcome dif_ask(const struct dif_policies *policies,
			 const struct ref_request *request)
{
	switch (request->kind) {
	case REF_ASK_PATH:
		return ask_name(policies, request->path, request->access);
	case REF_ASK_RENAME:
	case REF_ASK_RENAME_PEER:
		return ask_rename(policies, request);
	case REF_ASK_REMOVE_TREE:
	case REF_ASK_MOVE_TREE:
		return ask_tree(policies, request);
	case REF_ASK_NAMELESS:
		return ask_nameless(policies, request);
	case REF_ASK_CONNECT:
		return max_of(ask_address(policies, request),
			      ask_answers(policies, request));
	case REF_ASK_HOST:
		return ask_address(policies, request);
	case REF_ASK_RESOLVE:
		return ask_resolve(policies, request);
	case REF_ASK_RESOLVER:
		return ask_resolver(policies, request);
	case REF_ASK_USE:
		return ask_use(policies, request);
	case REF_ASK_LISTEN:
		return ask_listen(policies, request);
	case REF_ASK_SOCKET:
		return ask_once(policies, request, FNGC_ABOUT_SOCKET, 0);
	case REF_ASK_CAPABILITY:
		return ask_part(policies, request, FNGC_ABOUT_CAPABILITY);
	case REF_ASK_PRIVILEGE:
		return ask_part(policies, request, FNGC_ABOUT_PRIVILEGE);
	case REF_ASK_FLOOR:
		return ask_part(policies, request, FNGC_ABOUT_FLOOR);
	case REF_ASK_FILELESS:
		return ask_once(policies, request, FNGC_ABOUT_FILELESS, 0);
	case REF_ASK_MODIFIED:
		return ask_once(policies, request, FNGC_ABOUT_MODIFIED, 0);
	case REF_ASK_WRITE_EXEC:
		return ask_once(policies, request, FNGC_ABOUT_WRITE_EXEC, 0);
	case REF_ASK_CGROUP:
		return ask_cgroup(policies, request->path);
	case REF_ASK_DEVICE:
		return ask_device(policies, request->path);
	default:
		return DIF_UNASKED;
	}
}
