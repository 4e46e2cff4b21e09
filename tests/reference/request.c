// SPDX-License-Identifier: MIT
#include <arpa/inet.h>

#include "generate.h"
#include "reference.h"
#include "request.h"

const char *const ref_kind_names[REF_NR_KINDS] = {
	[REF_ASK_PATH] = "path", [REF_ASK_RENAME] = "rename",
	[REF_ASK_RENAME_PEER] = "rename-peer",
	[REF_ASK_REMOVE_TREE] = "remove-tree",
	[REF_ASK_MOVE_TREE] = "move-tree", [REF_ASK_NAMELESS] = "nameless",
	[REF_ASK_CONNECT] = "connect", [REF_ASK_HOST] = "host",
	[REF_ASK_NAME] = "name", [REF_ASK_RESOLVE] = "resolve",
	[REF_ASK_RESOLVER] = "resolver", [REF_ASK_USE] = "use",
	[REF_ASK_LISTEN] = "listen",
	[REF_ASK_SOCKET] = "socket",
	[REF_ASK_CAPABILITY] = "capability",
	[REF_ASK_PRIVILEGE] = "privilege",
	[REF_ASK_DEFAULT] = "default", [REF_ASK_FILELESS] = "fileless",
	[REF_ASK_MODIFIED] = "modified",
	[REF_ASK_WRITE_EXEC] = "write-exec", [REF_ASK_FLOOR] = "floor",
	[REF_ASK_CGROUP] = "cgroup", [REF_ASK_DEVICE] = "device",
};

/* Of a thousand; what costs most is asked least. */
static const u16 weights[REF_NR_KINDS] = {
	[REF_ASK_PATH] = 320, [REF_ASK_RENAME] = 100,
	[REF_ASK_RENAME_PEER] = 20,
	[REF_ASK_REMOVE_TREE] = 60, [REF_ASK_MOVE_TREE] = 30,
	[REF_ASK_NAMELESS] = 20, [REF_ASK_CONNECT] = 160,
	[REF_ASK_HOST] = 40, [REF_ASK_NAME] = 10, [REF_ASK_RESOLVE] = 15,
	[REF_ASK_RESOLVER] = 5, [REF_ASK_USE] = 10,
	[REF_ASK_LISTEN] = 50,
	[REF_ASK_SOCKET] = 30, [REF_ASK_CAPABILITY] = 20,
	[REF_ASK_PRIVILEGE] = 20, [REF_ASK_DEFAULT] = 10,
	[REF_ASK_FILELESS] = 5, [REF_ASK_MODIFIED] = 5,
	[REF_ASK_WRITE_EXEC] = 5, [REF_ASK_FLOOR] = 25, [REF_ASK_CGROUP] = 30,
	[REF_ASK_DEVICE] = 10,
};

static u8 choose_kind(struct ref_source *source)
{
	u32 at = ref_below(source, 1000);
	u8 kind = 0;

	while (at >= weights[kind])
		at -= weights[kind++];
	return kind;
}

/* One bit most times, else several of one section. */
static u32 choose_access(struct ref_source *source, bool path)
{
	u32 bits;

	if (path && ref_chance(source, 20))
		return REF_TALK;
	if (path && ref_chance(source, 35))
		return ref_chance(source, 80) ?
		       REF_RUN << ref_below(source, 2) : REF_CODE_BITS;
	bits = 1u << ref_below(source, 6);
	if (ref_chance(source, 20))
		bits |= ref_below(source, REF_FILE_BITS + 1);
	return bits;
}

static void choose_socket(struct ref_source *source,
			  struct ref_request *request)
{
	request->domain = ref_chance(source, 70) ?
		ref_families[ref_below(source,
				       ref_nr_words(ref_families))].value :
		ref_below(source, 72);
	request->type = ref_chance(source, 70) ?
		ref_types[ref_below(source, ref_nr_words(ref_types))].value :
		ref_below(source, 40);
}

/* There are too many to meet those of a list by chance. */
static u32 choose_capability(struct ref_source *source,
			     const struct ref_policy *policy)
{
	const struct ref_words *words =
		&policy->capabilities[ref_below(source,
						policy->nr_templates + 1u)];

	if (!words->nr || ref_chance(source, 50))
		return ref_below(source, 72);
	return ref_capabilities[words->word[ref_below(source,
						      words->nr)]].value;
}

/* As many as the policy says, and one more or less. */
static void choose_use(struct ref_source *source,
		       const struct ref_policy *policy,
		       struct ref_request *request)
{
	const struct ref_setting *limit = ref_effective(policy->connect);

	request->port = (u16)(ref_burst_of(ref_rate_of(limit->value)) +
			      ref_below(source, 3));
	request->port -= request->port > 0;
}

void ref_request_choose(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_request *request)
{
	static const u8 with_default[] = {
		REF_EXEC, REF_FILES, REF_EGRESS, REF_LISTEN, REF_UNIX
	};

	memset(request, 0, offsetof(struct ref_request, below));
	request->kind = choose_kind(source);
	request->served = policy->closed && request->kind < REF_ASK_CGROUP &&
			  ref_chance(source, 50);
	if (request->kind <= REF_ASK_MOVE_TREE ||
	    request->kind == REF_ASK_CGROUP)
		ref_request_paths(source, policy, request);
	if (request->kind == REF_ASK_DEVICE)
		ref_request_device(source, request);
	if (request->kind == REF_ASK_MOVE_TREE)
		ref_request_below(source, policy, request);
	if (request->kind == REF_ASK_CONNECT)
		ref_request_connect(source, policy, request);
	if (request->kind >= REF_ASK_HOST && request->kind <= REF_ASK_RESOLVER)
		ref_request_host(source, policy, request);
	if (request->kind == REF_ASK_USE)
		choose_use(source, policy, request);
	if (request->kind == REF_ASK_LISTEN)
		ref_request_listen(source, policy, request);
	if (request->kind == REF_ASK_SOCKET)
		choose_socket(source, request);
	if (request->kind == REF_ASK_CAPABILITY)
		request->capability = choose_capability(source, policy);
	request->access = choose_access(source,
					request->kind == REF_ASK_PATH);
	request->class = REF_PICK(source, with_default);
	request->part = (u8)ref_below(source, REF_NR_FLOOR_PARTS);
	request->privilege = (u8)ref_below(source, REF_NR_PRIVILEGES);
}

static const struct ref_network *
choose_network(struct ref_source *source, const struct ref_policy *policy,
	       struct ref_network *found, const struct ref_ports **ports)
{
	static const char *const others[] = {
		"::", "0.0.0.0", "::1", "127.0.0.1", "::ffff:0:1",
		"8.8.8.8", "2606::1", "255.255.255.255",
	};
	const struct ref_egress_rule *rule;
	const struct ref_target *target;
	const char *const *network;
	u32 nr = 0;

	*found = ref_network_read(REF_PICK(source, others));
	if (!policy->nr_egress || ref_chance(source, 10))
		return found;
	rule = &policy->egress[ref_below(source, policy->nr_egress)];
	if (rule->nr_ports)
		*ports = &rule->ports[ref_below(source, rule->nr_ports)];
	target = &rule->targets[ref_below(source, rule->nr_targets)];
	if (!target->set)
		return &target->network;
	network = ref_sets[target->set - 1].networks;
	while (network[nr])
		nr++;
	*found = ref_network_read(network[ref_below(source, nr)]);
	return found;
}

/* The edges of a network, and what is beside them. */
static void choose_address(struct ref_source *source,
			   const struct ref_network *network, u8 addr[16])
{
	u32 host = 128u - network->prefix;

	memcpy(addr, network->addr, 16);
	switch (ref_below(source, 6)) {
	case 0:
		ref_fill(addr, host, true);
		break;
	case 1:
		ref_step(addr, false);
		break;
	case 2:
		ref_fill(addr, host, true);
		ref_step(addr, true);
		break;
	case 3:
		ref_fill(addr, host ? 1 + ref_below(source, host) : 0, true);
		ref_step(addr, ref_chance(source, 50));
		break;
	default:
		break;
	}
}

static void wrap(struct ref_source *source, const u8 addr[4], u8 wrapped[16])
{
	bool site = ref_chance(source, 50);

	memset(wrapped, 0, 16);
	memcpy(wrapped, site ? "\x20\x02" : "\0\x64\xff\x9b", site ? 2 : 4);
	memcpy(wrapped + (site ? 2 : 12), addr, 4);
	if (site && ref_chance(source, 50))
		wrapped[15] = 1;
}

/* IPv4 is asked for as itself, as IPv6 that is mapped, or behind a gateway. */
void ref_choose_form(struct ref_source *source, const u8 addr[16],
		     struct ref_request *request)
{
	bool v4 = ref_is_v4(addr);

	request->family = v4 && ref_chance(source, 60) ? 4 : 6;
	if (request->family == 4)
		memcpy(request->addr, addr + 12, 4);
	else if (v4 && ref_chance(source, 40))
		wrap(source, addr + 12, request->addr);
	else
		memcpy(request->addr, addr, 16);
}

void ref_request_connect(struct ref_source *source,
			 const struct ref_policy *policy,
			 struct ref_request *request)
{
	static const u16 others[] = { 0, 1, 53, 443, 65534, 65535 };
	const struct ref_ports *ports = NULL;
	struct ref_network found;
	const struct ref_network *network;
	u8 addr[16];

	network = choose_network(source, policy, &found, &ports);
	choose_address(source, network, addr);
	ref_choose_form(source, addr, request);
	request->proto = (u8)ref_below(source, REF_NR_PROTOS);
	request->port = REF_PICK(source, others);
	if (!ports || ref_chance(source, 15))
		return;
	request->port = ref_chance(source, 50) ? ports->first : ports->last;
	request->port += (u16)(ref_below(source, 3) - 1);
	if (ports->proto != REF_OTHER && ref_chance(source, 70))
		request->proto = ports->proto;
	else if (ref_chance(source, 60))
		request->proto = (u8)ref_below(source, 2);
}

/* The edges of some rule, and what is beside them. */
void ref_request_listen(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_request *request)
{
	static const u16 others[] = { 0, 1, 8000, 65534, 65535 };
	static const u8 protos[] = { REF_TCP, REF_UDP, REF_SCTP, REF_OTHER };
	const struct ref_ports *ports;

	request->port = REF_PICK(source, others);
	request->proto = REF_PICK(source, protos);
	if (!policy->nr_listen || ref_chance(source, 20))
		return;
	ports = &policy->listen[ref_below(source, policy->nr_listen)].ports;
	request->port = ref_chance(source, 50) ? ports->first : ports->last;
	request->port += (u16)(ref_below(source, 3) - 1);
	if (ref_chance(source, 70))
		request->proto = ports->proto == REF_OTHER ?
				 (u8)ref_below(source, 2) : ports->proto;
}

static void print_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		u8 byte = (u8)*text;

		fprintf(out, byte < 0x20 || byte > 0x7e ? "\\x%02x" : "%c",
			byte);
	}
}

static void print_connect(const struct ref_request *request, FILE *out)
{
	char text[INET6_ADDRSTRLEN];

	fprintf(out, " %s port %u %s",
		inet_ntop(request->family == 4 ? AF_INET : AF_INET6,
			  request->addr, text, sizeof(text)),
		request->port, ref_proto_names[request->proto]);
}

static void print_paths(const struct ref_request *request, FILE *out)
{
	fputc(' ', out);
	print_text(request->path, out);
	if (request->kind != REF_ASK_RENAME &&
	    request->kind != REF_ASK_MOVE_TREE)
		return;
	fputs(" to ", out);
	print_text(request->to, out);
}

void ref_request_print(const struct ref_request *request, FILE *out)
{
	fputs(ref_kind_names[request->kind], out);
	if (request->kind <= REF_ASK_MOVE_TREE ||
	    request->kind == REF_ASK_CGROUP || request->kind == REF_ASK_DEVICE)
		print_paths(request, out);
	if (request->kind >= REF_ASK_HOST && request->kind <= REF_ASK_RESOLVE)
		fprintf(out, " %s", request->name);
	if (request->kind == REF_ASK_CONNECT || request->kind == REF_ASK_HOST ||
	    request->kind == REF_ASK_RESOLVER)
		print_connect(request, out);
	if (request->kind == REF_ASK_NAME)
		fprintf(out, " port %u %s", request->port,
			ref_proto_names[request->proto]);
	if (request->kind == REF_ASK_USE)
		fprintf(out, " %u", request->port);
	if (request->kind == REF_ASK_LISTEN)
		fprintf(out, " port %u %s", request->port,
			ref_proto_names[request->proto]);
	if (request->kind == REF_ASK_SOCKET)
		fprintf(out, " family %u type %u", request->domain,
			request->type);
	if (request->kind == REF_ASK_CAPABILITY)
		fprintf(out, " %u", request->capability);
	if (request->kind == REF_ASK_PRIVILEGE)
		fprintf(out, " %s", ref_grants[request->privilege].name);
	if (request->kind == REF_ASK_DEFAULT)
		fprintf(out, " %s", ref_class_names[request->class]);
	if (request->kind == REF_ASK_FLOOR)
		fprintf(out, " %s", ref_floor_parts[request->part].name);
	if (request->kind != REF_ASK_PATH && request->kind != REF_ASK_NAMELESS)
		return;
	for (u32 i = 0; i < REF_NR_BITS; i++)
		fprintf(out, "%s%s", request->access >> i & 1 ? " " : "",
			request->access >> i & 1 ? ref_bit_names[i] : "");
}
