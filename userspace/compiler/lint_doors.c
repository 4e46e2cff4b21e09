// SPDX-License-Identifier: MIT
/*
 * What attackers come for, and which rule of a policy lets them have it.
 */
#include <compiler/lint.h>

/* More of one rule are only counted. */
#define MAX_NAMED	5

/**
 * struct door - something that is worth refusing to a function
 * @verb: question to the policy
 * @target: what about
 * @access: accesses, where the question takes them
 * @what: what a function can do if it is allowed
 *
 * Those of one section are together.
 */
struct door {
	const char *verb;
	const char *target;
	const char *access;
	const char *what;
};

static const struct door doors[] = {
	/* Programs that run what they read: exec rules do not see that. */
	{ "exec", "/usr/bin/dash", NULL, "run shell scripts that it can read" },
	{ "exec", "/usr/bin/bash", NULL, "run Bash scripts that it can read" },
	{ "exec", "/usr/bin/busybox", NULL, "use a shell and a hundred tools" },
	{ "exec", "/usr/bin/python3.11", NULL, "run Python that it can read" },
	{ "exec", "/usr/bin/perl", NULL, "run Perl that it can read" },
	{ "exec", "/usr/bin/node", NULL, "run JavaScript that it can read" },
	{ "exec", "/usr/bin/ruby", NULL, "run Ruby that it can read" },
	{ "exec", "/usr/bin/php", NULL, "run PHP that it can read" },
	{ "exec", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", NULL,
	  "run any program that may be mapped" },
	{ "exec", "/usr/bin/curl", NULL, "download by curl" },
	{ "exec", "/usr/bin/su", NULL, "become another user by su" },

	{ "open", "/etc/shadow", "read", "read the hashes of passwords" },
	{ "open", "/root/.ssh/id_rsa", "read", "read root's keys" },
	{ "open", "/root/.aws/credentials", "read",
	  "read root's credentials of a cloud" },
	{ "open", "/dev/sda", "read", "read disks below their file systems" },
	{ "open", "/root/.ssh/authorized_keys", "create",
	  "let others log in as root" },
	{ "open", "/etc/cron.d/job", "create", "have cron run programs" },
	{ "open", "/etc/ld.so.preload", "create",
	  "have every program load a library" },
	{ "open", "/usr/bin/program", "write", "change installed programs" },
	{ "open", "/dev/sda", "write", "write to disks below their file systems" },
	{ "open", "/sys/fs/cgroup/slice/memory.max", "write",
	  "lift limits of resources" },
	{ "open", "/proc/sys/vm/overcommit_memory", "write",
	  "change settings of the kernel" },

	{ "connect", "169.254.169.254:80/tcp", NULL,
	  "ask the metadata service for the machine's credentials" },
	{ "connect", "198.51.100.1:4444/tcp", NULL,
	  "connect to anybody, at any port" },
	{ "connect", "198.51.100.1:443/tcp", NULL, "send data to anybody" },
	{ "connect", "198.51.100.1:53/udp", NULL,
	  "hide data in queries for names" },
	{ "resolve", "data.attacker.invalid", NULL,
	  "hide data in names that resolvers are asked for" },
	{ "connect", "127.0.0.1:2375/tcp", NULL,
	  "reach what listens on the loopback interface" },

	{ "socket", "packet/raw", NULL, "see every packet of its interfaces" },
	{ "socket", "vsock/stream", NULL, "talk to the hypervisor" },
	{ "socket", "alg/seqpacket", NULL,
	  "reach the kernel's ciphers" },
	{ "socket", "xdp/raw", NULL, "take packets before the firewall" },
	{ "socket", "netlink/raw", NULL, "talk to much of the kernel" },

	{ "capability", "sys_admin", NULL, "use CAP_SYS_ADMIN, nearly all of root" },
	{ "capability", "sys_ptrace", NULL, "read and change other processes" },
	{ "capability", "sys_module", NULL, "load kernel modules" },
	{ "capability", "dac_override", NULL, "ignore the modes of files" },
	{ "capability", "dac_read_search", NULL, "read whatever the modes say" },
	{ "capability", "net_admin", NULL, "reconfigure the network" },
	{ "capability", "net_raw", NULL, "forge packets" },
	{ "capability", "mknod", NULL, "make devices" },
	{ "privilege", "setuid", NULL, "become another user" },
	{ "privilege", "userfaultfd", NULL,
	  "stop the kernel in the middle of a copy" },
	{ "privilege", "perf", NULL, "measure others' secrets" },
	{ "privilege", "keyring", NULL, "read the keys of its user" },

	{ "listen", "4444/tcp", NULL, "open a back door at any TCP port" },
	{ "listen", "4444/udp", NULL, "open a back door at any UDP port" },

	{ "unix", "host:/run/docker.sock", NULL, "start containers by docker" },
	{ "unix", "host:/run/containerd/containerd.sock", NULL,
	  "start containers by containerd" },
	{ "unix", "host:/run/dbus/system_bus_socket", NULL,
	  "ask the host's services by D-Bus" },
	{ "unix", "@any", NULL, "talk to whoever has taken an abstract name" },
};

#define NR_DOORS	(sizeof(doors) / sizeof(*doors))

/* What rules for sockets allow, the floor may refuse; to ask takes a resolver. */
static bool leads_nowhere(const struct fngc_compile *c,
			  const struct fngc_query *query)
{
	struct fng_decision decision;

	if (query->verb == FNGC_RESOLVE)
		return !c->model.resolvers.nr;
	if (query->verb != FNGC_SOCKET)
		return false;
	fng_floor_decide(&c->result.view, FNG_FLOOR_SOCKET, &decision);
	return decision.refused;
}

/* The rule that opens a door, or FNG_RULE_NONE. */
static u32 who_opens(const struct fngc_compile *c, const struct door *door)
{
	struct fngc_query query;
	struct fng_decision decision;
	char reason[128];

	if (fngc_query_parse(door->verb, door->target, door->access, &query,
			     reason, sizeof(reason)))
		return FNG_RULE_NONE;
	fngc_decide(&c->result.view, &query, &decision);
	if (decision.refused || leads_nowhere(c, &query) ||
	    decision.rule >= c->rules.nr)
		return FNG_RULE_NONE;
	return decision.rule;
}

static const struct fngc_source *source_of(const struct fngc_compile *c,
					   const struct fngc_rule *rule)
{
	for (size_t i = 0; i < c->layers.nr; i++) {
		if (c->layers.v[i]->source->path == rule->file)
			return c->layers.v[i]->source;
	}
	return NULL;
}

/* Adds "; WHAT" for all doors from @first on that the rule opens. */
static const char *name_doors(struct fngc_compile *c, const u32 *opener,
			      size_t first)
{
	const char *text = doors[first].what;
	size_t named = 1, more = 0;

	for (size_t i = first + 1; i < NR_DOORS; i++) {
		if (opener[i] != opener[first])
			continue;
		if (named++ < MAX_NAMED)
			text = fngc_sprintf(&c->arena, "%s; %s", text,
					    doors[i].what);
		else
			more++;
	}
	if (!more)
		return text;
	return fngc_sprintf(&c->arena, "%s; and %zu more", text, more);
}

static void report_opener(struct fngc_compile *c, const u32 *opener,
			  size_t first)
{
	const struct fngc_rule *rule = &c->rules.v[opener[first]];
	const struct fngc_place place = {
		.source = source_of(c, rule),
		.line = rule->line,
		.column = rule->column,
		.width = rule->width,
	};

	fngc_report(c, FNGC_NOTE, &place, NULL, "'%.80s' lets the function %s",
		    rule->text, name_doors(c, opener, first));
}

static bool is_first(const u32 *opener, size_t door)
{
	for (size_t i = 0; i < door; i++) {
		if (opener[i] == opener[door])
			return false;
	}
	return opener[door] != FNG_RULE_NONE;
}

void fngc_lint_doors(struct fngc_compile *c)
{
	u32 opener[NR_DOORS];

	for (size_t i = 0; i < NR_DOORS; i++)
		opener[i] = who_opens(c, &doors[i]);
	for (size_t i = 0; i < NR_DOORS; i++) {
		if (is_first(opener, i))
			report_opener(c, opener, i);
	}
}
