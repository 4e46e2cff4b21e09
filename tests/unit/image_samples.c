// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "image_samples.h"

#define READ	FNG_ACCESS_READ
#define ALLOW	FNG_EFFECT_ALLOW
#define DENY	FNG_EFFECT_DENY

static void full_rules(struct image_builder *b)
{
	static const struct {
		u32 id;
		u8 class;
		u8 effect;
		const char *text;
	} rules[] = {
		{ FULL_USR, FNG_CLASS_FILES, ALLOW, "/usr/**: read" },
		{ FULL_BIN, FNG_CLASS_EXEC, ALLOW, "allow: /usr/bin/**" },
		{ FULL_TMP, FNG_CLASS_FILES, ALLOW, "/tmp/**: read, write" },
		{ FULL_SECRETS, FNG_CLASS_FILES, DENY, "/app/secrets/**: all" },
		{ FULL_MOTD, FNG_CLASS_FILES, ALLOW, "/etc/motd: read" },
		{ FULL_NO_CODE, FNG_CLASS_EXEC, DENY, "deny: /opt/x" },
		{ FULL_WEB, FNG_CLASS_EGRESS, ALLOW, "10.0.0.0/8: 443/tcp" },
		{ FULL_LOCAL, FNG_CLASS_EGRESS, ALLOW, "@loopback" },
		{ FULL_METADATA, FNG_CLASS_EGRESS, DENY, "@metadata" },
		{ FULL_FILELESS, FNG_CLASS_EXEC, DENY, "fileless: deny" },
		{ FULL_WRITE_EXEC, FNG_CLASS_MEMORY, DENY, "write-exec: deny" },
		{ FULL_FAMILIES, FNG_CLASS_SOCKETS, ALLOW, "families: unix, inet" },
		{ FULL_TYPES, FNG_CLASS_SOCKETS, ALLOW, "types: stream" },
		{ FULL_CAPABILITIES, FNG_CLASS_PRIVILEGES, DENY,
		  "capabilities: chown" },
		{ FULL_PRIVILEGES, FNG_CLASS_PRIVILEGES, DENY,
		  "allow: setuid, time" },
		{ FULL_LISTEN, FNG_CLASS_LISTEN, ALLOW, "allow: 8000-8100/tcp" },
		{ FULL_DEAF, FNG_CLASS_LISTEN, DENY, "deny: 8080/tcp" },
		{ FULL_PEERS, FNG_CLASS_UNIX, ALLOW, "allow: @fn-**" },
		{ FULL_DOCKER, FNG_CLASS_UNIX, DENY, "deny: [/run/docker/s]" },
		{ FULL_MODIFIED, FNG_CLASS_EXEC, DENY, "modified: deny" },
		{ FULL_DIGEST, FNG_CLASS_EXEC, DENY, "sha256 /app/a" },
		{ FULL_DIGEST_LONGER, FNG_CLASS_EXEC, DENY, "sha256 /app/ab" },
		{ FULL_DNS, FNG_CLASS_EGRESS, DENY, "dns: strict" },
		{ FULL_API, FNG_CLASS_EGRESS, ALLOW, "api.example.com: 443/tcp" },
		{ FULL_INSIDE, FNG_CLASS_EGRESS, ALLOW, "**.inside.example" },
		{ FULL_NO_ADMIN, FNG_CLASS_EGRESS, DENY,
		  "**.inside.example: 8080/tcp" },
		{ FULL_RATE, FNG_CLASS_LIMITS, DENY, "connect: 50/s burst 100" },
		{ FULL_LABEL, FNG_CLASS_LIMITS, DENY, "label: 40" },
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (image_rule(b, rules[i].class, rules[i].effect,
			       rules[i].text) != rules[i].id)
			abort();
}

static void full_scalars(struct image_builder *b)
{
	b->meta.version = 7;
	b->meta.families = 1u << 1 | 1u << 2 | 1u << 10 | 1ull << 63;
	b->meta.types = 1u << 1 | 1u << 2 | 1u << 31;
	b->meta.fileless_rule = FULL_FILELESS;
	b->meta.modified = FNG_EFFECT_DENY;
	b->meta.modified_rule = FULL_MODIFIED;
	b->meta.dns = FNG_EFFECT_DENY;
	b->meta.dns_rule = FULL_DNS;
	b->meta.write_exec_rule = FULL_WRITE_EXEC;
	b->meta.families_rule = FULL_FAMILIES;
	b->meta.types_rule = FULL_TYPES;
	b->meta.capabilities = 1u << 0 | 1ull << 63;
	b->meta.capabilities_rule = FULL_CAPABILITIES;
	b->meta.privileges = 1u << FNG_PRIVILEGE_SETUID |
			     1u << FNG_PRIVILEGE_TIME;
	b->meta.privileges_rule = FULL_PRIVILEGES;
	b->meta.floor &= ~(1u << FNG_FLOOR_BPF);
	b->meta.kill = 1u << FNG_CLASS_MEMORY | 1u << FNG_KILL_FILELESS;
	b->meta.quarantine = FNG_MAX_QUARANTINE;
	b->meta.quarantine_time = FNG_MAX_QUARANTINE_TIME;
	b->meta.observe = (1u << FNG_NR_OBSERVABLES) - 1;
	b->meta.observe_burst = FNG_MAX_OBSERVE_BURST;
	b->meta.observe_cost = 10000000ull << FNG_LIMIT_SHIFT;
}

static void full_default(struct image_builder *b)
{
	struct fng_image_accept *accept;
	u32 i;

	image_accept(b, 0, 0, FULL_FILES_DEFAULT);
	accept = (struct fng_image_accept *)b->accepts.data;
	for (i = 0; i < FNG_NR_ACCESS; i++)
		if (FNG_ACCESS_CODE & 1u << i)
			accept->rule[i] = FULL_EXEC_DEFAULT;
		else if (FNG_ACCESS_UNIX & 1u << i)
			accept->rule[i] = FULL_UNIX_DEFAULT;
}

static void full_paths(struct image_builder *b)
{
	u32 usr, bin, tmp, secrets, motd, no_code, peers, docker;

	full_default(b);
	usr = image_accept(b, READ, 0, FULL_USR);
	bin = image_accept(b, READ | FNG_ACCESS_CODE, 0, FULL_BIN);
	tmp = image_accept(b, FNG_ACCESS_FILES & ~FNG_ACCESS_LINK, 0, FULL_TMP);
	secrets = image_accept(b, 0, FNG_ACCESS_FILES, FULL_SECRETS);
	motd = image_accept(b, READ, 0, FULL_MOTD);
	no_code = image_accept(b, 0, FNG_ACCESS_CODE, FULL_NO_CODE);
	peers = image_accept(b, FNG_ACCESS_UNIX, 0, FULL_PEERS);
	docker = image_accept(b, 0, FNG_ACCESS_UNIX, FULL_DOCKER);
	image_path(b, "/usr/", IMAGE_BELOW, usr);
	image_path(b, "/usr/bin/", IMAGE_BELOW, bin);
	image_path(b, "/tmp/", IMAGE_BELOW, tmp);
	image_path(b, "/app/secrets/", IMAGE_BELOW, secrets);
	image_path(b, "/etc/motd", IMAGE_EXACT, motd);
	image_path(b, "/opt/x", IMAGE_EXACT, no_code);
	/* A byte that is negative where char is signed. */
	image_path(b, "/\xff\x80", IMAGE_EXACT, motd);
	image_path(b, "@fn-", IMAGE_BELOW, peers);
	image_path(b, FNG_PEER_HOST "/run/log", IMAGE_EXACT, peers);
	image_path(b, "/run/docker/s", IMAGE_EXACT, docker);
}

static void all_ports(struct image_builder *b, u8 effect, u32 rule)
{
	u8 proto;

	for (proto = 0; proto < FNG_PROTO_OTHER; proto++)
		image_port(b, proto, 0, 65535, effect, rule);
}

static void full_egress(struct image_builder *b)
{
	u32 web = image_portset(b);
	u32 local, metadata;

	image_port(b, FNG_PROTO_TCP, 80, 80, DENY, FULL_METADATA);
	image_port(b, FNG_PROTO_TCP, 443, 443, ALLOW, FULL_WEB);
	image_port(b, FNG_PROTO_TCP, 8000, 8100, ALLOW, FULL_WEB);
	image_port(b, FNG_PROTO_UDP, 53, 53, ALLOW, FULL_WEB);
	image_port(b, FNG_PROTO_ICMP, 0, 0, ALLOW, FULL_WEB);
	local = image_portset(b);
	all_ports(b, ALLOW, FULL_LOCAL);
	metadata = image_portset(b);
	all_ports(b, DENY, FULL_METADATA);
	image_v4(b, 0x0a000000, 0x0affffff, web);
	image_v4(b, 0x7f000000, 0x7fffffff, local);
	image_v4(b, 0xa9fea9fe, 0xa9fea9fe, metadata);
	image_v4(b, 0xfffffff0, 0xffffffff, web);
	image_v6(b, "::1", "::1", local);
	image_v6(b, "fd00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", web);
	image_v6(b, "fe80::1:8000:0:0:0", "fe80::1:8000:0:0:ff", metadata);
	image_v6(b, "ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 local);
}

static void full_listen(struct image_builder *b)
{
	b->meta.listen = image_portset(b);
	image_port(b, FNG_PROTO_TCP, 8000, 8079, ALLOW, FULL_LISTEN);
	image_port(b, FNG_PROTO_TCP, 8080, 8080, DENY, FULL_DEAF);
	image_port(b, FNG_PROTO_TCP, 8081, 8100, ALLOW, FULL_LISTEN);
	image_port(b, FNG_PROTO_UDP, 0, 0, ALLOW, FULL_LISTEN);
	image_port(b, FNG_PROTO_SCTP, 0, 9, ALLOW, FULL_LISTEN);
}

/* Names inside mean special addresses, too, on fewer ports; but not one of them. */
static void full_hosts(struct image_builder *b)
{
	u32 api, inside, special;

	api = image_portset(b);
	image_port(b, FNG_PROTO_TCP, 443, 443, ALLOW, FULL_API);
	inside = image_portset(b);
	image_port(b, FNG_PROTO_TCP, 0, 8079, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_TCP, 8080, 8080, DENY, FULL_NO_ADMIN);
	image_port(b, FNG_PROTO_TCP, 8081, 65535, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_UDP, 53, 53, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_ICMP, 0, 0, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_SCTP, 9, 9, ALLOW, FULL_INSIDE);
	special = image_portset(b);
	image_port(b, FNG_PROTO_TCP, 80, 80, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_ICMP, 0, 0, ALLOW, FULL_INSIDE);
	image_port(b, FNG_PROTO_SCTP, 9, 9, ALLOW, FULL_INSIDE);
	api = image_host(b, api, FNG_HOST_NO_PORTS);
	inside = image_host(b, inside, special);
	image_name(b, "/com/example/api", IMAGE_EXACT, api);
	image_name(b, "/example/inside/", IMAGE_BELOW, inside);
	image_name(b, "/example/inside/evil", IMAGE_EXACT, 0);
	image_resolver(b, "10.0.0.2");
	image_resolver(b, "10.0.0.3");
	image_resolver(b, "fd00::2");
}

/* 50/s burst 100; 1 MiB/s burst 64 KiB. */
static void full_limits(struct image_builder *b)
{
	image_limit(b, FNG_LIMIT_CONNECT, 20000000ull << FNG_LIMIT_SHIFT,
		    2000000000, FULL_RATE);
	image_limit(b, FNG_LIMIT_EGRESS, 1000000000, 62500000, FULL_RATE);
	image_limit(b, FNG_LIMIT_EGRESS_TOTAL, 0, 1u << 30, FULL_RATE);
	image_limit(b, FNG_LIMIT_DESTINATIONS, 0, 100, FULL_RATE);
	image_limit(b, FNG_LIMIT_DNS_QUERIES, 50000000ull << FNG_LIMIT_SHIFT,
		    0, FULL_RATE);
	image_limit(b, FNG_LIMIT_DNS_LABEL, 0, 40, FULL_LABEL);
}

static void full(struct image_builder *b)
{
	image_begin(b, "full-sample.1_x");
	full_rules(b);
	full_scalars(b);
	full_paths(b);
	full_egress(b);
	full_listen(b);
	full_hosts(b);
	full_limits(b);
	image_template(b, "/fn/api-", IMAGE_BELOW);
	image_template(b, "/fn/one", IMAGE_EXACT);
	image_device(b, "tap-fn-", IMAGE_BELOW);
	image_device(b, "tap0", IMAGE_EXACT);
	image_digest(b, "/app/a", FULL_DIGEST);
	image_digest(b, "/app/ab", FULL_DIGEST_LONGER);
}

static struct image_blob full_base(void)
{
	struct image_builder b;

	image_begin(&b, "");
	full_rules(&b);
	full_paths(&b);
	full_egress(&b);
	return image_end_base(&b);
}

/* What no own name starts like is judged by the base, as if it started with "/". */
static void over(struct image_builder *b)
{
	u32 own, secrets, net, nothing;

	image_begin_over(b, "over", full_base(), OVER_BASE_STATE);
	image_rule(b, FNG_CLASS_FILES, ALLOW, "own/**: read");
	image_rule(b, FNG_CLASS_FILES, DENY, "own/secrets: all");
	image_rule(b, FNG_CLASS_EGRESS, ALLOW, "10.1.0.0/16: 80/tcp");
	image_accept(b, 0, 0, OVER_FILES_DEFAULT);
	own = image_accept(b, READ, 0, OVER_OWN);
	secrets = image_accept(b, 0, FNG_ACCESS_FILES, OVER_SECRETS);
	image_path(b, "own/", IMAGE_BELOW, own);
	image_path(b, "own/secrets", IMAGE_EXACT, secrets);
	net = image_portset(b);
	image_port(b, FNG_PROTO_TCP, 80, 80, ALLOW, OVER_NET);
	nothing = image_portset(b);
	image_v4(b, 0x0a010000, 0x0a01ffff, net);
	image_v4(b, 0x0a020000, 0x0a02ffff, nothing);
	image_v6(b, "fd00:1::", "fd00:1::ffff", net);
}

static void sparse(struct image_builder *b)
{
	u32 secrets;

	image_begin(b, "sparse");
	image_absent(b, FNG_CLASS_EXEC);
	image_absent(b, FNG_CLASS_MEMORY);
	image_absent(b, FNG_CLASS_EGRESS);
	image_absent(b, FNG_CLASS_SOCKETS);
	image_absent(b, FNG_CLASS_PRIVILEGES);
	image_absent(b, FNG_CLASS_LISTEN);
	image_absent(b, FNG_CLASS_UNIX);
	image_absent(b, FNG_CLASS_LIMITS);
	b->classes[FNG_CLASS_FILES].dflt = ALLOW;
	image_rule(b, FNG_CLASS_FILES, DENY, "/app/secrets/**: all");
	image_accept(b, FNG_ACCESS_FILES, 0, SPARSE_FILES_DEFAULT);
	secrets = image_accept(b, 0, FNG_ACCESS_FILES, SPARSE_SECRETS);
	image_path(b, "/app/secrets/", IMAGE_BELOW, secrets);
}

static void bare(struct image_builder *b)
{
	u8 class;

	image_begin(b, "0");
	for (class = 0; class < FNG_CLASS_FLOOR; class++)
		image_absent(b, class);
	free(b->rules.data);
	free(b->strings.data);
	b->rules = (struct image_bytes) { 0 };
	b->strings = (struct image_bytes) { 0 };
	image_string(b, "");
	b->meta.floor = 0;
	image_accept(b, FNG_ACCESS_ALL, 0, FNG_RULE_NONE);
}

struct image_blob sample_build(enum sample sample)
{
	struct image_builder b;

	switch (sample) {
	case SAMPLE_SPARSE:
		sparse(&b);
		break;
	case SAMPLE_BARE:
		bare(&b);
		break;
	case SAMPLE_OVER:
		over(&b);
		break;
	case SAMPLE_AUDIT:
		full(&b);
		b.classes[FNG_CLASS_FILES].mode = FNG_MODE_AUDIT;
		break;
	default:
		full(&b);
	}
	return image_end(&b);
}

const char *sample_name(enum sample sample)
{
	static const char *const names[NR_SAMPLES] = {
		"full", "sparse", "bare", "audit", "over"
	};

	return names[sample];
}
