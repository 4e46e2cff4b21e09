// SPDX-License-Identifier: MIT
#include <compiler/address.h>

int fngc_proto(const char *name, size_t len)
{
	static const char *const names[] = FNG_PROTO_NAMES;

	for (int proto = 0; proto < FNG_PROTO_OTHER; proto++) {
		if (strlen(names[proto]) == len &&
		    !memcmp(names[proto], name, len))
			return proto;
	}
	return -1;
}

/* One port number at *p, which is moved behind it; -1 if there is none. */
static int port_number(const char **p)
{
	size_t len = strspn(*p, "0123456789");
	int port = 0;

	if (!len || len > 5 || (**p == '0' && len > 1))
		return -1;
	while (len--)
		port = port * 10 + *(*p)++ - '0';
	return port <= 65535 ? port : -1;
}

static bool parse_range(const char *text, size_t len, int lowest,
			struct fngc_ports *ports)
{
	const char *p = text;
	int first, last;

	ports->first = 0;
	ports->last = 65535;
	if (len == 1 && *text == '*')
		return true;
	first = last = port_number(&p);
	if (first >= lowest && *p == '-') {
		p++;
		last = port_number(&p);
	}
	ports->first = first;
	ports->last = last;
	return first >= lowest && last >= first && p == text + len;
}

const char *fngc_ports_parse(struct fngc_compile *c, const char *text,
			     int lowest, struct fngc_ports *ports)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	int proto;

	memset(ports, 0, sizeof(*ports));
	proto = fngc_proto(text, strlen(text));
	if (proto >= 0) {
		ports->last = 65535;
		ports->protos = FNGC_PROTO_BIT(proto);
		return NULL;
	}
	if (!parse_range(text, len, lowest, ports))
		return fngc_sprintf(&c->arena,
				    "'%.64s' is not a port from %d to 65535, a "
				    "range of them or '*'", text, lowest);
	ports->protos = FNGC_PROTO_USUAL;
	if (!slash)
		return NULL;
	proto = fngc_proto(slash + 1, strlen(slash + 1));
	if (proto < 0)
		return fngc_sprintf(&c->arena,
				    "'%.64s': the protocol must be tcp, udp, "
				    "sctp or icmp", text);
	if (proto == FNG_PROTO_ICMP)
		return fngc_sprintf(&c->arena,
				    "'%.64s': icmp has no ports; write 'icmp'",
				    text);
	ports->protos = FNGC_PROTO_BIT(proto);
	return NULL;
}
