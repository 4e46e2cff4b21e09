# SPDX-License-Identifier: MIT
"""The rules on addresses for nftables, for sockets of the cgroup that has the policy's name, which must exist.

An address leads to the chain of its ports: one look into a tree. Later segments of a connection pass first, as fnguard and the
others judge a connection when it opens; that takes the flags of a segment, which is cheaper than tracking connections."""
FAMILIES = {4: ("ipv4_addr", "ip"), 6: ("ipv6_addr", "ip6")}


def chain_names(rules):
    """A chain for each list of ports that a rule allows."""
    return {repr(rule.ports): f"ports{i}" for i, rule in enumerate(rules) if rule.effect == "allow" and rule.ports is not None}


def port_lines(ports):
    for protocol, first, last in ports:
        if first is None:
            yield f"\t\tmeta l4proto {protocol} accept"
        else:
            yield f"\t\t{protocol} dport {first if first == last else f'{first}-{last}'} accept"


def chain_lines(rules):
    yield "\tchain refuse {\n\t\tmeta l4proto tcp reject with tcp reset\n\t\treject with icmpx admin-prohibited\n\t}"
    ports_of = {repr(rule.ports): rule.ports for rule in rules}
    for key, name in chain_names(rules).items():
        yield f"\tchain {name} {{"
        yield from port_lines(ports_of[key])
        yield "\t\tgoto refuse\n\t}"


def verdict(rule, names):
    if rule.effect == "deny":
        return "goto refuse"
    return "accept" if rule.ports is None else f"goto {names[repr(rule.ports)]}"


def map_lines(rules):
    names = chain_names(rules)
    for version, (kind, _) in FAMILIES.items():
        elements = [f"{network} : {verdict(rule, names)}" for rule in rules for network in rule.networks
                    if network.version == version]
        yield f"\tmap addresses{version} {{\n\t\ttype {kind} : verdict\n\t\tflags interval"
        yield "\t\telements = { " + ",\n\t\t\t".join(elements) + " }\n\t}"


def text(name, rules):
    yield "table inet bench {"
    yield from chain_lines(rules.networks)
    yield from map_lines(rules.networks)
    yield "\tchain judge {\n\t\tmeta l4proto tcp tcp flags & (syn | ack) != syn accept"
    for version, (_, family) in FAMILIES.items():
        yield f"\t\t{family} daddr vmap @addresses{version}"
    yield "\t\tgoto refuse\n\t}"
    yield "\tchain output {\n\t\ttype filter hook output priority 0; policy accept;"
    yield f'\t\tsocket cgroupv2 level 1 "{name}" goto judge\n\t}}\n}}'
