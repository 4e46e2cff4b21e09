// SPDX-License-Identifier: MIT
/*
 * Questions as people write them.
 */
#include <stdarg.h>
#include <stdlib.h>

#include <compiler/address.h>
#include <compiler/host.h>
#include <compiler/text.h>

/* A question while it is read. */
struct reader {
	struct fngc_query *query;
	const char *target;
	const char *access;
	char *reason;
	size_t size;
};

__attribute__((format(printf, 2, 3)))
static int refuse(const struct reader *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->reason, r->size, fmt, args);
	va_end(args);
	return -EINVAL;
}

static int find_word(const char *text, size_t len, const char *const *words)
{
	for (int i = 0; words[i]; i++) {
		if (strlen(words[i]) == len && !memcmp(words[i], text, len))
			return i;
	}
	return -1;
}

static int read_access(const struct reader *r)
{
	const char *p = r->access;

	r->query->access = p ? 0 : FNG_ACCESS_READ;
	while (p && *p) {
		size_t len = strcspn(p, ", ");
		int word = find_word(p, len, fngc_access_words);

		if (word < 0)
			return refuse(r, "'%.*s' is not an access: read, write,"
				      " create, delete, attr, link or all",
				      (int)(len < 64 ? len : 64), p);
		r->query->access |= fngc_access_words[word + 1] ? 1u << word :
				    FNG_ACCESS_FILES;
		p += len;
		p += strspn(p, ", ");
	}
	return r->query->access ? 0 : refuse(r, "no access is named");
}

/* The kernel asks about paths that have no detours. */
static int check_path(const struct reader *r, const char *path)
{
	if (*path != '/')
		return refuse(r, "'%.64s' is not an absolute path", path);
	if (!fngc_is_kernel_path(path))
		return refuse(r, "'%.64s' is not a path as the kernel sees it: "
			      "no '//', '.', '..' or '/' at the end", path);
	if (strlen(path) >= FNG_MAX_PATH)
		return refuse(r, "the path is too long");
	r->query->path = r->target;
	r->query->verb = FNGC_ACCESS;
	return 0;
}

static int read_path(const struct reader *r)
{
	return check_path(r, r->target);
}

static int read_open(const struct reader *r)
{
	return read_access(r) ?: read_path(r);
}

static int read_bit(const struct reader *r, u32 bit)
{
	r->query->access = bit;
	return read_path(r);
}

/* A Unix socket, as rules name it. */
static int read_peer(const struct reader *r)
{
	size_t host = strlen(FNG_PEER_HOST);

	r->query->access = FNG_ACCESS_UNIX;
	if (!strncmp(r->target, FNG_PEER_HOST, host))
		return check_path(r, r->target + host);
	if (*r->target != FNG_PEER_ABSTRACT)
		return read_path(r);
	if (!r->target[1] || strlen(r->target + 1) > FNG_MAX_ABSTRACT)
		return refuse(r, "'%.64s' is not an abstract name: 1 to %d "
			      "bytes behind the '@'", r->target,
			      FNG_MAX_ABSTRACT);
	r->query->verb = FNGC_ACCESS;
	r->query->path = r->target;
	return 0;
}

/* Splits "address:port/proto", "[address]:port/proto" and "host:port/proto". */
static const char *split_address(const char *text, char *address, size_t size)
{
	size_t len = *text == '[' ? strcspn(text, "]") : strcspn(text, ":/");
	bool brackets = *text == '[';

	if (brackets && text[len] != ']')
		return NULL;
	if (len - brackets >= size)
		return NULL;
	memcpy(address, text + brackets, len - brackets);
	address[len - brackets] = '\0';
	return text + len + brackets;
}

/* One that stands for those that anybody may have: it is for documents. */
static const u8 ordinary[4] = { 203, 0, 113, 1 };

static bool read_address(struct fngc_query *query, const char *text)
{
	struct fng_endpoint *endpoint = &query->endpoint;

	if (fngc_address_parse(text, endpoint->addr, &endpoint->family))
		return true;
	if (fngc_host_normalise(text, query->host))
		return false;
	endpoint->family = 4;
	memcpy(endpoint->addr, ordinary, sizeof(ordinary));
	return true;
}

static int read_endpoint(const struct reader *r)
{
	struct fng_endpoint *endpoint = &r->query->endpoint;
	char address[FNG_MAX_HOST_NAME + 2];
	const char *rest, *slash;
	char *end = NULL;
	long port;
	int proto;

	rest = split_address(r->target, address, sizeof(address));
	if (!rest || !read_address(r->query, address))
		return refuse(r, "'%.64s' is not 1.2.3.4:443/tcp, [::1]:53/udp "
			      "or host.example.com:443", r->target);
	slash = strchr(rest, '/');
	proto = slash ? fngc_proto(slash + 1, strlen(slash + 1)) :
		FNG_PROTO_TCP;
	if (proto < 0)
		return refuse(r, "'%.64s': the protocol must be tcp, udp, sctp "
			      "or icmp", r->target);
	endpoint->proto = proto;
	r->query->verb = FNGC_CONNECT;
	if (proto == FNG_PROTO_ICMP && rest == slash)
		return 0;
	port = *rest == ':' ? strtol(rest + 1, &end, 10) : -1;
	if (port < 1 || port > 65535 || (*end && end != slash) ||
	    proto == FNG_PROTO_ICMP)
		return refuse(r, proto == FNG_PROTO_ICMP ?
			      "'%.64s': icmp has no port" :
			      "'%.64s' has no port from 1 to 65535", r->target);
	endpoint->port = port;
	return 0;
}

static int read_name(const struct reader *r)
{
	const char *bad = fngc_host_normalise(r->target, r->query->host);

	r->query->verb = FNGC_RESOLVE;
	return bad ? refuse(r, "'%.64s' %s", r->target, bad) : 0;
}

static int read_listen(const struct reader *r)
{
	const char *slash = strchr(r->target, '/');
	int proto = slash ? fngc_proto(slash + 1, strlen(slash + 1)) :
		    FNG_PROTO_TCP;
	char *end;
	long port = strtol(r->target, &end, 10);

	if (*r->target < '0' || *r->target > '9' || port > 65535 ||
	    (*end && end != slash))
		return refuse(r, "'%.64s' has no port from 0 to 65535, as in "
			      "8080/tcp", r->target);
	if (proto < 0 || proto == FNG_PROTO_ICMP)
		return refuse(r, "'%.64s': the protocol must be tcp, udp or "
			      "sctp", r->target);
	r->query->verb = FNGC_LISTEN;
	r->query->endpoint.proto = proto;
	r->query->endpoint.port = port;
	return 0;
}

static int read_socket(const struct reader *r)
{
	size_t len = strcspn(r->target, "/");
	const char *name = r->target[len] ? r->target + len + 1 : "stream";
	int family = find_word(r->target, len, fngc_family_words);
	int type = find_word(name, strlen(name), fngc_type_words);

	if (family < 0 || type < 0)
		return refuse(r, "'%.64s' is not a family and a type, as in "
			      "inet/stream", r->target);
	r->query->verb = FNGC_SOCKET;
	r->query->family = fngc_family_values[family];
	r->query->type = fngc_type_values[type];
	return 0;
}

/* One of two acts between which the policy makes no difference. */
static int read_act(const struct reader *r, enum fngc_verb verb,
		    const char *const words[3])
{
	r->query->verb = verb;
	if (find_word(r->target, strlen(r->target), words) >= 0)
		return 0;
	return refuse(r, "'%.64s' is neither %s nor %s", r->target, words[0],
		      words[1]);
}

static const char *const code_words[] = { "exec", "map", NULL };

static int read_fileless(const struct reader *r)
{
	return read_act(r, FNGC_FILELESS, code_words);
}

static int read_modified(const struct reader *r)
{
	return read_act(r, FNGC_MODIFIED, code_words);
}

static int read_undigested(const struct reader *r)
{
	int err = read_bit(r, FNG_ACCESS_EXEC);

	r->query->verb = FNGC_UNDIGESTED;
	return err;
}

static int read_write_exec(const struct reader *r)
{
	static const char *const words[] = { "mmap", "mprotect", NULL };

	return read_act(r, FNGC_WRITE_EXEC, words);
}

/* "one, two or three" */
static void list_words(const char *const *words, char *text, size_t size)
{
	const char *mark = "";

	*text = '\0';
	for (; *words; words++) {
		snprintf(text + strlen(text), size - strlen(text), "%s%s", mark,
			 *words);
		mark = words[1] && !words[2] ? " or " : ", ";
	}
}

static int read_word(const struct reader *r, const char *const *words,
		     const char *what)
{
	int word = find_word(r->target, strlen(r->target), words);
	char list[512];

	if (word >= 0)
		return word;
	list_words(words, list, sizeof(list));
	return refuse(r, "'%.64s' is no %s: %s", r->target, what, list);
}

static int read_floor(const struct reader *r)
{
	static const char *const words[FNG_NR_FLOORS + 1] = FNG_FLOOR_NAMES;
	int part = read_word(r, words, "part of the floor");

	r->query->verb = FNGC_FLOOR;
	r->query->part = part;
	return part < 0 ? part : 0;
}

static int read_privilege(const struct reader *r)
{
	static const char *const words[FNG_NR_PRIVILEGES + 1] =
		FNG_PRIVILEGE_NAMES;
	int privilege = read_word(r, words, "privilege");

	r->query->verb = FNGC_PRIVILEGE;
	r->query->part = privilege;
	return privilege < 0 ? privilege : 0;
}

static int read_capability(const struct reader *r)
{
	int word = find_word(r->target, strlen(r->target),
			     fngc_capability_words);

	if (word < 0)
		return refuse(r, "'%.64s' is no capability, as in net_raw",
			      r->target);
	r->query->verb = FNGC_CAPABILITY;
	r->query->part = fngc_capability_values[word];
	return 0;
}

static int read_limit(const struct reader *r)
{
	static const char *const words[FNG_NR_LIMITS + 1] = FNG_LIMIT_NAMES;
	int kind = read_word(r, words, "limit");

	r->query->verb = FNGC_LIMIT;
	r->query->part = kind;
	return kind < 0 ? kind : 0;
}

/* The second name stands where other questions have their access. */
static int read_move(const struct reader *r, u32 access, bool tree)
{
	int err;

	if (!r->access)
		return refuse(r, "the new name is missing, as in rename /old /new");
	err = check_path(r, r->access) ?: check_path(r, r->target);
	r->query->verb = FNGC_MOVE;
	r->query->to = r->access;
	r->query->access = access;
	r->query->tree = tree;
	return err;
}

static int read_rename(const struct reader *r)
{
	return read_move(r, FNG_ACCESS_DELETE, false);
}

static int read_rename_tree(const struct reader *r)
{
	return read_move(r, FNG_ACCESS_DELETE, true);
}

/* Without another name, it is a kind of access. */
static int read_link(const struct reader *r)
{
	return r->access ? read_move(r, FNG_ACCESS_LINK, false) :
			   read_bit(r, FNG_ACCESS_LINK);
}

/* Words that are one kind of access each. */
static int read_single(const struct reader *r, const char *verb)
{
	static const char *const bits[FNG_NR_ACCESS + 1] = FNG_ACCESS_NAMES;
	int bit = find_word(verb, strlen(verb), bits);

	if (bit < 0)
		return refuse(r, "'%.64s' is no question: open, read, write, "
			      "create, delete, attr, link, rename, rename-dir, "
			      "exec, map, connect, sendto, resolve, listen, "
			      "bind, unix, socket, fileless, "
			      "modified, undigested, write-exec, capability, "
			      "privilege, floor or limit", verb);
	return read_bit(r, 1u << bit);
}

/**
 * struct verb - a question
 * @verb: its first word
 * @read: reads the rest
 */
struct verb {
	const char *verb;
	int (*read)(const struct reader *r);
};

static const struct verb *find_verb(const struct verb *verbs, const char *verb)
{
	while (verbs->verb && strcmp(verbs->verb, verb))
		verbs++;
	return verbs->verb ? verbs : NULL;
}

int fngc_query_parse(const char *verb, const char *target, const char *access,
		     struct fngc_query *query, char *reason, size_t size)
{
	static const struct verb two_words[] = {
		{ "open", read_open }, { "rename", read_rename },
		{ "rename-dir", read_rename_tree }, { "link", read_link },
		{ NULL, NULL },
	};
	static const struct verb verbs[] = {
		{ "connect", read_endpoint }, { "sendto", read_endpoint },
		{ "resolve", read_name },
		{ "listen", read_listen }, { "bind", read_listen },
		{ "unix", read_peer }, { "socket", read_socket },
		{ "fileless", read_fileless }, { "modified", read_modified },
		{ "undigested", read_undigested },
		{ "write-exec", read_write_exec },
		{ "capability", read_capability },
		{ "privilege", read_privilege }, { "floor", read_floor },
		{ "limit", read_limit }, { NULL, NULL },
	};
	const struct reader r = { query, target, access, reason, size };
	const struct verb *found = find_verb(two_words, verb);

	memset(query, 0, sizeof(*query));
	if (found)
		return found->read(&r);
	if (access)
		return refuse(&r, "'%.64s' takes no access; 'open' does", verb);
	found = find_verb(verbs, verb);
	return found ? found->read(&r) : read_single(&r, verb);
}
