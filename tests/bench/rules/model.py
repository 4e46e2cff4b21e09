# SPDX-License-Identifier: MIT
"""The rules of the benchmark, which every guard gets: the same numbers give the same rules. Each generated path starts with a
component of its own, as on a host with many tenants, so that nothing can be merged. Networks do not overlap: not every guard
takes those that do."""
import collections
import ipaddress
import random

# effect: allow or deny. access: words of ACCESS.
PathRule = collections.namedtuple("PathRule", "pattern effect access")
# networks: a list. ports: a list of (protocol, first, last), or None for all.
NetRule = collections.namedtuple("NetRule", "networks effect ports")
# hosts: a list of names.
HostRule = collections.namedtuple("HostRule", "hosts effect ports")
# served: ports that others may open, as in NetRule.
Rules = collections.namedtuple("Rules", "paths networks hosts served")

ACCESS = ["read", "write", "create", "delete", "exec", "map"]
READ, ALL = ["read"], ACCESS

# What the measured program does; the rules count.
OWN_PATHS = [
    PathRule("/srv/shop/measure", "allow", ["exec", "map"]),
    PathRule("/srv/shop/pair", "allow", ["exec", "map"]),
    PathRule("/srv/shop/nothing", "allow", ["exec", "map"]),
    PathRule("/srv/shop/nothing-dynamic", "allow", ["exec", "map"]),
    PathRule("/srv/shop/lib/*", "allow", ["map"]),
    PathRule("/srv/shop/lib/*", "allow", READ),
    PathRule("/srv/prices.json", "allow", READ),
    PathRule("/srv/shop/app/**", "allow", READ),
    PathRule("/srv/shop/tmp/**", "allow", ["read", "write", "create", "delete"]),
]
OWN_NETWORKS = NetRule([ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128")], "allow", None)
# What a guest may send to, and be reached on.
LINK_NETWORKS = NetRule([ipaddress.ip_network("10.77.0.1/32")], "allow", None)
SERVED = [("tcp", 7000, 7000), ("udp", 7000, 7000)]
RESOLVER = ipaddress.ip_address("127.0.0.1")
# Where the benchmark asks from: it has the server's end as well, which is connected to there.
ASKING = NetRule([ipaddress.ip_network("127.0.0.1/32")], "allow", [("udp", 5353, 5353)])

SHAPES = [
    ("/srv/{t}/bin/worker-{n}", "allow", READ),
    ("/srv/{t}/etc/service.conf", "allow", READ),
    ("/srv/{t}/lib/module-{n}.so.1", "allow", READ),
    ("/srv/{t}/models/v{n}/weights.bin", "allow", READ),
    ("/srv/{t}/data/**", "allow", ["read", "write", "create"]),
    ("/srv/{t}/static/**/index.html", "allow", READ),
    ("/srv/{t}/cache/*.tmp", "allow", ["read", "write", "create", "delete"]),
    ("/srv/{t}/log/[a-z0-9_]*.log", "allow", ["read", "write", "create"]),
    ("/srv/{t}/{{certs,keys}}/*.pem", "allow", READ),
    ("/srv/{t}/data/secret-*", "deny", ALL),
]
CODE = ("/srv/{t}/bin/*", "allow", ["exec", "map"])
# Of 65 prefixes.
V4_LENGTHS = [32] * 30 + [28] * 10 + [24] * 20 + [22] * 3 + [20] * 2
V6_LENGTHS = [128] * 20 + [64] * 30 + [56] * 10 + [48] * 5
PORTS = [
    [("tcp", 443, 443)],
    [("tcp", 80, 80), ("tcp", 443, 443)],
    [("tcp", 5432, 5432)],
    [("tcp", 8000, 8100)],
    [("udp", 53, 53), ("tcp", 53, 53)],
    [("tcp", 6379, 6379), ("tcp", 9092, 9092)],
    [("icmp", None, None)],
    [("udp", 123, 123)],
]
NETWORKS_A_RULE = 8
# Names that the benchmark asks for.
MAX_ASKED = 512


def generated_rules(count, tenant):
    """One of ten on code and the others on files."""
    for i in range(count):
        pattern, effect, access = SHAPES[i // 10 % 10] if i % 10 else CODE
        yield PathRule(pattern.format(t=f"{tenant}-{i:05}", n=i % 7), effect, access)


def random_network(rng):
    if rng.random() < 0.2:
        return ipaddress.ip_network((rng.getrandbits(125) | 1 << 125, rng.choice(V6_LENGTHS)), strict=False)
    return ipaddress.ip_network((rng.randrange(1 << 24, 127 << 24), rng.choice(V4_LENGTHS)), strict=False)


def networks(count):
    """COUNT networks of which none contains another: of two that do, the first stays."""
    rng = random.Random(1)
    found, widest = {}, {4: min(V4_LENGTHS), 6: min(V6_LENGTHS)}
    covers = set()
    while len(found) < count:
        network = random_network(rng)
        above = [network.supernet(new_prefix=length) for length in range(widest[network.version], network.prefixlen + 1)]
        if network in covers or any(net in found for net in above):
            continue
        covers.update(above)
        found[network] = None
    return list(found)


def net_rules(count, own):
    """The benchmark's own and one of ten rules are for every port; one of twenty denies."""
    yield own
    generated = networks(count - len(own.networks))
    for i, start in enumerate(range(0, len(generated), NETWORKS_A_RULE)):
        ports = None if i % 10 == 9 else PORTS[i % len(PORTS)]
        yield NetRule(generated[start:start + NETWORKS_A_RULE], "deny" if i % 20 == 19 else "allow", ports)


def host_rules(count):
    """The first name is the one that is measured. Of the others, one of ten stands for many."""
    for i in range(1, count + 1):
        host = f"*.host-{i:05}.bench.test" if i % 10 == 0 and i > MAX_ASKED else f"host-{i:05}.bench.test"
        yield HostRule([host], "allow", None if i == 1 else PORTS[i % len(PORTS)])


def rules(paths, addresses, extra=0, tenant=""):
    """That many, and EXTRA ones that no other TENANT has."""
    generated = generated_rules(paths - len(OWN_PATHS), "tenant")
    return Rules([*OWN_PATHS, *generated, *generated_rules(extra, tenant)], list(net_rules(addresses, OWN_NETWORKS)), [], [])


def device_rules(addresses):
    return Rules([], list(net_rules(addresses, LINK_NETWORKS)), [], SERVED)


def named_rules(count):
    return Rules([], [ASKING], list(host_rules(count)), [])
