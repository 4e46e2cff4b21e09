// SPDX-License-Identifier: MIT
/*
 * Questions in the engine's terms, and its answers in the reference's.
 */
#include "compare.h"
#include "print.h"

static const u32 bits[REF_NR_BITS] = {
	FNG_ACCESS_READ, FNG_ACCESS_WRITE, FNG_ACCESS_CREATE,
	FNG_ACCESS_DELETE, FNG_ACCESS_ATTR, FNG_ACCESS_LINK, FNG_ACCESS_EXEC,
	FNG_ACCESS_MAP, FNG_ACCESS_UNIX,
};

static const u8 classes[REF_NR_CLASSES] = {
	[REF_EXEC] = FNG_CLASS_EXEC, [REF_MEMORY] = FNG_CLASS_MEMORY,
	[REF_FILES] = FNG_CLASS_FILES, [REF_EGRESS] = FNG_CLASS_EGRESS,
	[REF_SOCKETS] = FNG_CLASS_SOCKETS,
	[REF_PRIVILEGES] = FNG_CLASS_PRIVILEGES,
	[REF_LISTEN] = FNG_CLASS_LISTEN, [REF_UNIX] = FNG_CLASS_UNIX,
	[REF_LIMITS] = FNG_CLASS_LIMITS,
	[REF_FLOOR] = FNG_CLASS_FLOOR,
};

static const u8 protos[REF_NR_PROTOS] = {
	[REF_TCP] = FNG_PROTO_TCP, [REF_UDP] = FNG_PROTO_UDP,
	[REF_ICMP] = FNG_PROTO_ICMP, [REF_SCTP] = FNG_PROTO_SCTP,
	[REF_OTHER] = FNG_PROTO_OTHER,
};

static u32 to_engine(u32 access)
{
	u32 mask = 0;

	for (u32 i = 0; i < REF_NR_BITS; i++)
		mask |= access >> i & 1 ? bits[i] : 0;
	return mask;
}

static u32 from_engine(u32 mask)
{
	u32 access = 0;

	for (u32 i = 0; i < REF_NR_BITS; i++)
		access |= mask & bits[i] ? 1u << i : 0;
	return access;
}

static u8 class_of(u8 class)
{
	u8 found = 0;

	while (found < REF_NR_CLASSES && classes[found] != class)
		found++;
	return found;
}

static u32 walk(const struct fng_image *image, const char *path)
{
	return fng_path_walk(image, path, strlen(path));
}

static u32 walk_directory(const struct fng_image *image, const char *path)
{
	char directory[REF_PATH_SIZE + 1];

	ref_directory(path, directory);
	return walk(image, directory);
}

static u32 part_of(const char *name)
{
	static const char *const names[] = FNG_FLOOR_NAMES;
	u32 part = 0;

	static_assert(sizeof(names) / sizeof(*names) == REF_NR_FLOOR_PARTS,
		      "every part of the floor is asked about");
	while (strcmp(names[part], name))
		part++;
	return part;
}

static u32 privilege_of(const struct ref_request *request)
{
	static const char *const names[] = FNG_PRIVILEGE_NAMES;
	const char *name = ref_grants[request->privilege].name;
	u32 privilege = 0;

	static_assert(sizeof(names) / sizeof(*names) == REF_NR_PRIVILEGES,
		      "every privilege is asked about");
	while (strcmp(names[privilege], name))
		privilege++;
	return privilege;
}

struct fng_endpoint ref_engine_endpoint(const struct ref_request *request)
{
	struct fng_endpoint endpoint = {
		.family = request->family,
		.proto = protos[request->proto],
		.port = request->port,
	};

	memcpy(endpoint.addr, request->addr, sizeof(endpoint.addr));
	return endpoint;
}

static void ask_connect(const struct fng_image *image,
			const struct ref_request *request,
			struct fng_decision *decision)
{
	struct fng_endpoint endpoint = ref_engine_endpoint(request);

	fng_egress_decide(image, &endpoint, decision);
}

/* As the kernel asks about an address that it has learned for a name. */
static void ask_host(const struct fng_image *image,
		     const struct ref_request *request,
		     struct fng_decision *decision)
{
	struct fng_endpoint endpoint = ref_engine_endpoint(request);
	const struct fng_image_host *host;

	fng_egress_decide(image, &endpoint, decision);
	host = fng_host_find(image, request->name, strlen(request->name));
	if (host && fng_egress_open(image, decision))
		fng_host_decide(image, host, &endpoint, decision);
}

/* As people ask, by words. */
static void ask_words(const struct fng_image *image, const char *verb,
		      const char *target, struct fng_decision *decision)
{
	struct fngc_query query;
	char reason[128];

	if (fngc_query_parse(verb, target, NULL, &query, reason,
			     sizeof(reason)))
		fprintf(stderr, "%s %s: %s\n", verb, target, reason);
	fngc_decide(image, &query, decision);
}

static void ask_name(const struct fng_image *image,
		     const struct ref_request *request,
		     struct fng_decision *decision)
{
	const char *proto = ref_proto_names[request->proto];
	char target[sizeof(request->name) + 32];

	if (request->proto == REF_ICMP)
		sprintf(target, "%s/%s", request->name, proto);
	else
		sprintf(target, "%s:%u/%s", request->name, request->port,
			proto);
	ask_words(image, "connect", target, decision);
}

static void ask_use(const struct fng_image *image, u32 times,
		    struct fng_decision *decision)
{
	const struct fng_image_limit *limit =
		fng_limit_find(image, FNG_LIMIT_CONNECT);
	bool enough = true;
	u64 until = 0;

	while (limit && enough && times--)
		enough = fng_limit_take(limit, 1, 1, &until);
	fng_limit_decide(image, limit, !enough, decision);
}

static void ask_paths(const struct fng_image *image,
		      const struct ref_request *request,
		      struct fng_decision *decision)
{
	const char *path = request->path, *to = request->to;

	switch (request->kind) {
	case REF_ASK_PATH:
		fng_name_decide(image, path, strlen(path),
				to_engine(request->access), decision);
		break;
	case REF_ASK_RENAME:
		fng_gain_decide(image, walk(image, path), walk(image, to),
				decision);
		break;
	case REF_ASK_RENAME_PEER:
		fng_peer_gain_decide(image, walk(image, path), decision);
		break;
	case REF_ASK_REMOVE_TREE:
		fng_subtree_decide(image, walk_directory(image, path),
				   decision);
		break;
	default:
		fng_tree_gain_decide(image, walk_directory(image, path),
				     walk_directory(image, to), decision);
	}
}

u32 ref_engine_part(const struct ref_request *request)
{
	if (request->kind == REF_ASK_PRIVILEGE)
		return privilege_of(request);
	if (request->kind == REF_ASK_FLOOR)
		return part_of(ref_floor_parts[request->part].name);
	return request->capability;
}

void ref_engine_ask(const struct fng_image *image,
		    const struct ref_request *request,
		    struct fng_decision *decision)
{
	switch (request->kind) {
	case REF_ASK_NAMELESS:
		fng_nameless_decide(image, to_engine(request->access),
				    decision);
		break;
	case REF_ASK_CONNECT:
		ask_connect(image, request, decision);
		break;
	case REF_ASK_HOST:
		ask_host(image, request, decision);
		break;
	case REF_ASK_NAME:
		ask_name(image, request, decision);
		break;
	case REF_ASK_RESOLVE:
		ask_words(image, "resolve", request->name, decision);
		break;
	case REF_ASK_USE:
		ask_use(image, request->port, decision);
		break;
	case REF_ASK_LISTEN:
		fng_listen_decide(image, protos[request->proto], request->port,
				  decision);
		break;
	case REF_ASK_SOCKET:
		fng_socket_decide(image, request->domain, request->type,
				  decision);
		break;
	case REF_ASK_CAPABILITY:
		fng_capability_decide(image, ref_engine_part(request),
				      decision);
		break;
	case REF_ASK_PRIVILEGE:
		fng_privilege_decide(image, ref_engine_part(request), decision);
		break;
	case REF_ASK_DEFAULT:
		fng_class_default(image, classes[request->class], decision);
		break;
	case REF_ASK_FILELESS:
		fng_fileless_decide(image, decision);
		break;
	case REF_ASK_MODIFIED:
		fng_modified_decide(image, decision);
		break;
	case REF_ASK_WRITE_EXEC:
		fng_write_exec_decide(image, decision);
		break;
	case REF_ASK_FLOOR:
		fng_floor_decide(image, ref_engine_part(request), decision);
		break;
	default:
		ask_paths(image, request, decision);
	}
}

static struct ref_verdict ask_cgroup(const struct fng_image *image,
				     const char *path)
{
	u32 state = fng_dfa_walk(&image->cgroup, FNG_STATE_START, path,
				 strlen(path));

	return (struct ref_verdict){
		.refused = !fng_cgroup_match(image, state)
	};
}

static struct ref_verdict ask_device(const struct fng_image *image,
				     const char *name)
{
	enum fng_device_match match;

	match = fng_device_match(image, name, strlen(name));
	return (struct ref_verdict){
		.refused = match == FNG_DEVICE_UNMATCHED,
		.audit = match == FNG_DEVICE_NAMED,
	};
}

static struct ref_verdict ask_resolver(const struct fng_image *image,
				       const struct ref_request *request)
{
	struct fng_endpoint endpoint = ref_engine_endpoint(request);

	return (struct ref_verdict){
		.refused = !fng_resolver_known(image, &endpoint)
	};
}

/* A rule's line; templates are t1.yaml and so on. */
static u32 line_of(const struct ref_subject *subject,
		   const struct fng_image *image, u32 rule)
{
	struct fngc_origin origin;
	u32 file;

	fngc_origin(image, rule, &origin);
	if (!origin.line)
		return 0;
	file = *origin.file == 't' ? (u32)(origin.file[1] - '0') : 0;
	return REF_LINE(ref_file_rank(&subject->policy, file), origin.line);
}

struct ref_verdict ref_engine_decide(const struct ref_subject *subject,
				     const struct ref_request *request)
{
	const struct fng_image *image = ref_asked_image(subject, request);
	struct fng_decision decision;

	if (request->kind == REF_ASK_CGROUP)
		return ask_cgroup(image, request->path);
	if (request->kind == REF_ASK_DEVICE)
		return ask_device(image, request->path);
	if (request->kind == REF_ASK_RESOLVER)
		return ask_resolver(image, request);
	ref_engine_ask(image, request, &decision);
	return (struct ref_verdict){
		.refused = decision.refused,
		.audit = decision.audit,
		.class = class_of(decision.class),
		.err = decision.err,
		.line = line_of(subject, image, decision.rule),
		.access = from_engine(decision.access),
	};
}
