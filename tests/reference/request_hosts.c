// SPDX-License-Identifier: MIT
#include "generate.h"
#include "request.h"

/* Of each kind of special, ordinary, and wrapped in another. */
static const char *const addrs[] = {
	"203.0.113.1", "8.8.8.8", "2001:db8::1", "2606::1", "10.0.0.1",
	"0.0.0.0", "127.0.0.1", "169.254.169.254", "172.31.255.255",
	"172.32.0.0", "100.63.255.255", "100.64.0.0", "192.0.0.8", "192.0.1.0",
	"192.168.0.1", "198.18.0.1", "198.20.0.0", "223.255.255.255",
	"224.0.0.1", "255.255.255.255", "::", "::1", "::8.8.8.8",
	"::fffe:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b::10.0.0.1",
	"64:ff9b::1:10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "100:0:0:1::",
	"2001::1", "2001:1ff::1", "2001:200::1", "2002:808:808::1",
	"2002:a00:1::1", "2003:a00:1::", "fbff::1", "fc00::1", "fd00::2",
	"fe7f::1", "fe80::1", "fec0::1", "ff02::1",
};

/* What a wildcard stands for, one label more or less at times. */
static void fill_in(struct ref_source *source, const char *pattern, char *name)
{
	static const char *const more[] = { "q.", "a.", "b.", "evil.", "_s." };
	bool wild = *pattern == '*';
	const char *dot = strchr(pattern, '.');
	u32 nr = wild;

	if (ref_chance(source, 30))
		nr = ref_below(source, 4);
	*name = '\0';
	while (nr--)
		strcat(name, REF_PICK(source, more));
	if (wild || (ref_chance(source, 10) && dot && dot[1]))
		pattern = dot + 1;
	strcat(name, pattern);
}

/* In lower case and without a dot at the end, as it is on the wire. */
static void normalise(char *name)
{
	size_t len = strlen(name);

	if (name[len - 1] == '.')
		name[len - 1] = '\0';
	for (; *name; name++) {
		if (*name >= 'A' && *name <= 'Z')
			*name += 'a' - 'A';
	}
}

static void choose_name(struct ref_source *source,
			const struct ref_policy *policy,
			const struct ref_ports **ports, char *name)
{
	static const char *const others[] = {
		"example", "com", "a.example", "b.a.com", "localhost",
	};
	const struct ref_host_rule *rule;

	if (!policy->nr_hosts || ref_chance(source, 10)) {
		strcpy(name, REF_PICK(source, others));
		return;
	}
	rule = &policy->hosts[ref_below(source, policy->nr_hosts)];
	fill_in(source, rule->name, name);
	if (rule->nr_ports)
		*ports = &rule->ports[ref_below(source, rule->nr_ports)];
}

static void choose_endpoint(struct ref_source *source,
			    const struct ref_policy *policy,
			    const struct ref_ports *ports,
			    struct ref_request *request)
{
	struct ref_network network = ref_network_read(REF_PICK(source, addrs));

	ref_request_connect(source, policy, request);
	if (ref_chance(source, 80))
		ref_choose_form(source, network.addr, request);
	if (!ports || ref_chance(source, 15))
		return;
	request->port = ref_chance(source, 50) ? ports->first : ports->last;
	request->port += (u16)(ref_below(source, 3) - 1);
	if (ports->proto != REF_OTHER && ref_chance(source, 80))
		request->proto = ports->proto;
}

static void choose_resolver(struct ref_source *source,
			    const struct ref_policy *policy,
			    struct ref_request *request)
{
	u32 nr = policy->nr_resolvers;

	ref_request_connect(source, policy, request);
	if (nr && ref_chance(source, 60))
		ref_choose_form(source,
				policy->resolvers[ref_below(source, nr)]
					.network.addr, request);
	/* Whoever asks has unwrapped it. */
	if (request->family == 6 && ref_is_v4(request->addr)) {
		request->family = 4;
		memmove(request->addr, request->addr + 12, 4);
	}
	if (request->family == 4)
		memset(request->addr + 4, 0, 12);
}

void ref_request_host(struct ref_source *source,
		      const struct ref_policy *policy,
		      struct ref_request *request)
{
	const struct ref_ports *ports = NULL;

	if (request->kind == REF_ASK_RESOLVER) {
		choose_resolver(source, policy, request);
		return;
	}
	choose_name(source, policy, &ports, request->name);
	choose_endpoint(source, policy, ports, request);
	if (request->kind == REF_ASK_HOST)
		normalise(request->name);
	/* There is no other way to write it. */
	if (request->kind == REF_ASK_NAME && request->proto == REF_OTHER)
		request->proto = REF_TCP;
	if (request->kind == REF_ASK_NAME && !request->port)
		request->port = 1;
}
