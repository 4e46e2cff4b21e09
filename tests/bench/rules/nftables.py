# SPDX-License-Identifier: MIT
"""The rules on addresses for nftables, for sockets of the cgroup that has the policy's name, which must exist.

An address leads to the chain of its ports: one look into a tree. Later segments of a connection pass first, as fnguard and the
others judge a connection when it opens; that takes the flags of a segment, which is cheaper than tracking connections."""
FAMILIES = {4: ("ipv4_addr", "ip"), 6: ("ipv6_addr", "ip6")}


def chain_names(rules):
    """A chain for each list of ports that a rule allows."""
    return {repr(rule.ports): f"ports{i}" for i, rule in enumerate(rules) if rule.effect == "allow" and rule.ports is not None}


def port_lines(ports, allow):
    for protocol, first, last in ports:
        if first is None:
            yield f"\t\tmeta l4proto {protocol} {allow}"
        else:
            yield f"\t\t{protocol} dport {first if first == last else f'{first}-{last}'} {allow}"


def chain_lines(rules, allow):
    ports_of = {repr(rule.ports): rule.ports for rule in rules}
    for key, name in chain_names(rules).items():
        yield f"\tchain {name} {{"
        yield from port_lines(ports_of[key], allow)
        yield "\t\tgoto refuse\n\t}"


def verdict(rule, names, allow):
    if rule.effect == "deny":
        return "goto refuse"
    return allow if rule.ports is None else f"goto {names[repr(rule.ports)]}"


def map_lines(rules, allow):
    names = chain_names(rules)
    for version, (kind, _) in FAMILIES.items():
        elements = [f"{network} : {verdict(rule, names, allow)}" for rule in rules for network in rule.networks
                    if network.version == version]
        yield f"\tmap addresses{version} {{\n\t\ttype {kind} : verdict\n\t\tflags interval"
        yield "\t\telements = { " + ",\n\t\t\t".join(elements) + " }\n\t}"


def address_lines():
    for version, (_, family) in FAMILIES.items():
        yield f"\t\t{family} daddr vmap @addresses{version}"
    yield "\t\tgoto refuse\n\t}"


def text(name, rules):
    yield "table inet bench {"
    yield "\tchain refuse {\n\t\tmeta l4proto tcp reject with tcp reset\n\t\treject with icmpx admin-prohibited\n\t}"
    yield from chain_lines(rules.networks, "accept")
    yield from map_lines(rules.networks, "accept")
    yield "\tchain judge {\n\t\tmeta l4proto tcp tcp flags & (syn | ack) != syn accept"
    yield from address_lines()
    yield "\tchain output {\n\t\ttype filter hook output priority 0; policy accept;"
    yield f'\t\tsocket cgroupv2 level 1 "{name}" goto judge\n\t}}\n}}'


# A device knows no connections. What others have opened, and what the guest has asked, is remembered as fnguard does it.
DEVICE_HEAD = """table netdev bench {{
	set peers {{
		type ipv4_addr . inet_proto . inet_service . inet_service
		size 1024
		flags dynamic, timeout
		timeout 3h
	}}
	set asked {{
		type ipv4_addr . inet_proto . inet_service . inet_service
		size 1024
		flags dynamic, timeout
		timeout 3m
	}}
	set served {{
		type inet_proto . inet_service
		elements = {{ {served} }}
	}}
	chain refuse {{
		tcp flags & (syn | ack) == syn drop
		ip daddr . meta l4proto . th dport . th sport @peers accept
		drop
	}}
	chain pass {{
		meta l4proto udp update @asked {{ ip daddr . meta l4proto . th dport . th sport }}
		accept
	}}"""
DEVICE_TAIL = """	chain answer {
		meta l4proto . th dport @served update @peers { ip saddr . meta l4proto . th sport . th dport }
		accept
	}
	chain egress {
		type filter hook egress device "outer" priority 0; policy accept;
		meta protocol arp accept
		tcp flags & (syn | ack) != syn goto answer
		icmp type { echo-reply, destination-unreachable, time-exceeded, parameter-problem } accept
		ip saddr . meta l4proto . th sport . th dport @asked goto answer
		meta l4proto . th dport @served goto answer
		drop
	}
}"""


def device_text(_, rules):
    """The same for what a guest sends by a device, where each packet is judged, and for what others open towards it."""
    yield DEVICE_HEAD.format(served=", ".join(f"{protocol} . {first}" for protocol, first, _ in rules.served))
    yield from chain_lines(rules.networks, "goto pass")
    yield from map_lines(rules.networks, "goto pass")
    yield '\tchain ingress {\n\t\ttype filter hook ingress device "outer" priority 0; policy accept;'
    yield "\t\tmeta protocol arp accept"
    yield from address_lines()
    yield DEVICE_TAIL
