// SPDX-License-Identifier: MIT
/*
 * Egress: random rules on random destinations, against a loop over the rules as
 * they are written.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <compiler/compiler.h>

#define MAX_RULES	24

/* One rule: one network, one range of ports, some protocols. */
struct rule {
	u8 addr[16];
	u8 family;
	u32 prefix;
	u16 first;
	u16 last;
	bool tcp;
	bool udp;
	bool sctp;
	bool icmp;
	bool allow;
};

static u32 next(u32 *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Addresses share their beginnings, so that networks nest. */
static void random_address(u32 *seed, u8 *addr, u8 *family)
{
	memset(addr, 0, 16);
	*family = next(seed) % 3 ? 4 : 6;
	addr[0] = *family == 4 ? 10 : 0;
	for (u32 i = 1; i < (*family == 4 ? 4 : 16); i++)
		addr[i] = next(seed) % 2 ? 0 : next(seed) % 2 ? 0xff :
			  next(seed) % 4;
	if (*family == 6 && next(seed) % 3)
		memset(addr, 0, 10);
}

static bool covers(const u8 *network, u32 prefix, const u8 *addr)
{
	for (u32 bit = 0; bit < prefix; bit++) {
		u8 mask = 0x80 >> bit % 8;

		if ((network[bit / 8] & mask) != (addr[bit / 8] & mask))
			return false;
	}
	return true;
}

static void random_rule(u32 *seed, struct rule *rule)
{
	static const u16 ports[] = { 1, 53, 80, 443, 8000, 8080, 65535 };
	u32 a = next(seed) % 7, b = next(seed) % 7, bits;

	memset(rule, 0, sizeof(*rule));
	random_address(seed, rule->addr, &rule->family);
	bits = rule->family == 4 ? 32 : 128;
	rule->prefix = next(seed) % (bits + 1);
	for (u32 bit = rule->prefix; bit < bits; bit++)
		rule->addr[bit / 8] &= ~(0x80 >> bit % 8);
	rule->first = ports[a < b ? a : b];
	rule->last = ports[a < b ? b : a];
	rule->allow = next(seed) % 3;
	switch (next(seed) % 5) {
	case 0:
		rule->tcp = true;
		break;
	case 1:
		rule->udp = true;
		break;
	case 2:
		rule->sctp = true;
		break;
	case 3:
		rule->icmp = true;
		break;
	default:
		rule->tcp = rule->udp = true;
	}
}

static void write_rule(char *text, const struct rule *rule)
{
	char addr[INET6_ADDRSTRLEN], ports[32];

	inet_ntop(rule->family == 4 ? AF_INET : AF_INET6, rule->addr, addr,
		  sizeof(addr));
	if (rule->icmp)
		strcpy(ports, "icmp");
	else
		sprintf(ports, "%u-%u%s", rule->first, rule->last,
			rule->sctp ? "/sctp" : rule->tcp && rule->udp ? "" :
			rule->tcp ? "/tcp" : "/udp");
	sprintf(text + strlen(text), "    - { %s: { to: ['%s/%u'], ports: ['%s']"
		" } }\n", rule->allow ? "allow" : "deny", addr, rule->prefix,
		ports);
}

static bool speaks_of(const struct rule *rule, const struct fng_endpoint *end)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	const u8 *network = rule->addr;
	u32 prefix = rule->prefix;
	u8 family = rule->family;

	if (family == 6 && prefix >= 96 && !memcmp(network, mapped, 12)) {
		family = 4;
		network += 12;
		prefix -= 96;
	}
	if (family != end->family || !covers(network, prefix, end->addr))
		return false;
	if (end->proto == FNG_PROTO_ICMP)
		return rule->icmp;
	if (end->port < rule->first || end->port > rule->last)
		return false;
	return end->proto == FNG_PROTO_TCP ? rule->tcp :
	       end->proto == FNG_PROTO_UDP ? rule->udp : rule->sctp;
}

static bool refused(const struct rule *rules, u32 nr,
		    const struct fng_endpoint *end)
{
	bool allowed = false;

	for (u32 i = 0; i < nr; i++) {
		if (!speaks_of(&rules[i], end))
			continue;
		if (!rules[i].allow)
			return true;
		allowed = true;
	}
	return !allowed;
}

/* What the engine does to an address before it looks it up. */
static void normalise(struct fng_endpoint *end)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const u8 zero[16];

	if (end->family == 6 && !memcmp(end->addr, mapped, 12)) {
		memmove(end->addr, end->addr + 12, 4);
		memset(end->addr + 4, 0, 12);
		end->family = 4;
	}
	if (!memcmp(end->addr, zero, end->family == 4 ? 4 : 16)) {
		if (end->family == 4)
			memcpy(end->addr, "\x7f\0\0\1", 4);
		else
			end->addr[15] = 1;
	}
}

static void random_endpoint(u32 *seed, struct fng_endpoint *end)
{
	static const u16 ports[] = { 1, 2, 53, 54, 79, 80, 81, 443, 444, 7999,
				     8000, 8080, 8081, 65534, 65535 };

	random_address(seed, end->addr, &end->family);
	end->proto = next(seed) % 4;
	end->port = end->proto == FNG_PROTO_ICMP ? 0 : ports[next(seed) % 15];
}

static void random_round(u32 *seed)
{
	char text[8192] = "policy: t\negress:\n  rules:\n";
	u32 nr = next(seed) % MAX_RULES + 1;
	const struct fngc_options options = { .isolated = true };
	struct rule rules[MAX_RULES];
	struct fngc_result *result;

	for (u32 i = 0; i < nr; i++) {
		random_rule(seed, &rules[i]);
		write_rule(text, &rules[i]);
	}
	if (fngc_compile_text(&options, "t.yaml", text, strlen(text), &result))
		fngc_diags_print(result, stderr, false);
	assert_non_null(result->image);
	for (u32 i = 0; i < 300; i++) {
		struct fngc_query query = { .verb = FNGC_CONNECT };
		struct fng_decision decision;

		random_endpoint(seed, &query.endpoint);
		fngc_decide(&result->view, &query, &decision);
		normalise(&query.endpoint);
		if (decision.refused != refused(rules, nr, &query.endpoint))
			fail_msg("%s\nproto %u port %u", text,
				 query.endpoint.proto, query.endpoint.port);
	}
	fngc_result_free(result);
}

static void test_random(void **unused)
{
	u32 seed = 4711;

	for (u32 i = 0; i < 1500; i++)
		random_round(&seed);
	(void)unused;
}

static const char *const gateways =
	"policy: t\n"
	"egress:\n"
	"  rules:\n"
	"    - { allow: { to: ['::/0', 192.0.2.0/24] } }\n"
	"    - { deny: { to: [169.254.0.0/16], ports: [80/tcp] } }\n"
	"    - { deny: { to: ['::ffff:198.51.100.7', 255.255.255.255] } }\n";

static void test_gateways(void **unused)
{
	static const struct {
		const char *addr;
		u16 port;
		bool refused;
	} rows[] = {
		{ "64:ff9b::169.254.169.254", 80, true },
		{ "64:ff9b::169.254.0.0", 80, true },
		{ "64:ff9b::169.254.255.255", 80, true },
		{ "64:ff9b::169.253.255.255", 80, false },
		{ "64:ff9b::169.255.0.0", 80, false },
		{ "64:ff9b::169.254.169.254", 81, false },
		{ "64:ff9b::1:169.254.169.254", 80, false },
		{ "64:ff9b:1::169.254.169.254", 80, false },
		{ "64:ff9b::192.0.2.1", 80, false },
		{ "64:ff9b::198.51.100.7", 1, true },
		{ "64:ff9b::255.255.255.255", 1, true },
		{ "2002:a9fe::", 80, true },
		{ "2002:a9fe:a9fe::1", 80, true },
		{ "2002:a9fe:ffff:ffff:ffff:ffff:ffff:ffff", 80, true },
		{ "2002:a9fd:ffff:ffff:ffff:ffff:ffff:ffff", 80, false },
		{ "2002:a9ff::", 80, false },
		{ "2002:a9fe:a9fe::1", 81, false },
		{ "2002:c633:6407::1", 1, true },
		{ "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, true },
		{ "2003::", 1, false },
		{ "2001:0:a9fe:a9fe::1", 80, false },
	};
	const struct fngc_options options = { .isolated = true };
	struct fngc_result *result;

	fngc_compile_text(&options, "t.yaml", gateways, strlen(gateways),
			  &result);
	assert_non_null(result->image);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fngc_query query = {
			.verb = FNGC_CONNECT,
			.endpoint = { .family = 6, .port = rows[i].port },
		};
		struct fng_decision decision;

		inet_pton(AF_INET6, rows[i].addr, query.endpoint.addr);
		fngc_decide(&result->view, &query, &decision);
		if (decision.refused != rows[i].refused)
			fail_msg("%s port %u", rows[i].addr, rows[i].port);
	}
	fngc_result_free(result);
	(void)unused;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_gateways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
