# SPDX-License-Identifier: MIT
"""What was promised, and whether it is so."""
import collections

import scaling
from rows import CLOCK, COLUMNS, DENIED, DISTURBANCE, GROWTH, NOISE, PEERS, PER_HOOK, PER_PACKET, ROWS, SCALES, STORMS

KIB = 1024
Target = collections.namedtuple("Target", "name value limit")


def own_targets(figures):
    for row, (title, hooks, packets, limit, _) in ROWS.items():
        if hooks is not None and row not in DENIED and row in figures.rows("unguarded"):
            # Two columns, and so two boots, are compared.
            yield Target(f"{title}: unguarded", figures.added("unguarded", row),
                         hooks * PER_HOOK + packets * PER_PACKET + 2 * CLOCK[0])
        if limit is not None and row in figures.rows("guarded"):
            yield Target(f"{title}: guarded", figures.added("guarded", row), limit)


def peer_targets(figures):
    """Not more than a peer that does the same work."""
    for row, (title, *_, peers) in ROWS.items():
        for peer in PEERS:
            if peer in peers and row in figures.rows(peer) and row in figures.rows("guarded"):
                yield Target(f"{title}: guarded, beside {COLUMNS[peer]}",
                             figures.added("guarded", row), figures.added(peer, row))


def scaled_peer_targets(figures):
    """Nor is anything that there is more of to make it dearer than a peer whose rules are as many."""
    for what in scaling.scales(figures):
        for row in scaling.rows(figures, what):
            if "nftables" in ROWS[row].peers and row in figures.rows("nftables"):
                yield Target(f"{ROWS[row].title}: most over {SCALES[what]}, beside {COLUMNS['nftables']}",
                             max(cost for _, cost in scaling.series(figures, what, row)), figures.added("nftables", row))


def growth_targets(figures):
    """Of what is added, which is stricter than of the whole operation."""
    for what in scaling.scales(figures):
        for row in scaling.rows(figures, what):
            costs = [cost for _, cost in scaling.series(figures, what, row)]
            noise, _ = NOISE[row]
            yield Target(f"{ROWS[row].title}: growth over {SCALES[what]}",
                         max(costs) - min(costs), max(round(GROWTH * min(costs)), noise))


def storm_targets(figures):
    """What one cgroup does is nothing to another, and is counted. On one processor the scheduler may have it run while a process
    waits for its child, on 6.12 always: that is so beside the same storm of who is not guarded, and no guard's doing."""
    for storm, title in STORMS.items():
        if f"{storm}:1" not in figures.values:
            continue
        for row in figures.rows(f"{storm}:1"):
            calm, stormy, free = (figures.cost(f"{storm}:{number}", row) if row in figures.rows(f"{storm}:{number}") else 0
                                  for number in range(3))
            yield Target(f"{ROWS[row].title}: beside {title}", stormy, round(max(calm, free) * (1 + DISTURBANCE)))
        yield Target(f"{title}: refusals that are miscounted", abs(round(figures.values[f"{storm}:1"]["uncounted"])), 0)


def memory_targets(figures):
    memory = figures.values["memory"]
    if memory:
        yield Target("a policy of 500 rules in the kernel: KiB", round(memory["policy_500"] / KIB), 256)
        yield Target("a variant of 20 rules over a template: bytes", round(memory["policy_variant"]), 16 * KIB)
        yield Target("a bound cgroup in the kernel: bytes", round(memory["binding"] + memory["subject"]), KIB)


def host_targets(host):
    yield Target("compiling 10,000 rules: milliseconds", round(host["compile_seconds_rules-10000"] * 1000), 2000)
    yield Target("compiling 10,000 rules: MiB", round(host["compile_bytes_rules-10000"] / KIB / KIB), 512)


def targets(figures):
    for kind in own_targets, peer_targets, scaled_peer_targets, growth_targets, storm_targets, memory_targets:
        for target in kind(figures):
            yield target._replace(name=f"{figures.name}: {target.name}")


def print_targets(found):
    for number, (name, value, limit) in enumerate(found, 1):
        print(f"{'ok' if value <= limit else 'not ok'} {number} - {name}: {value:,} of {limit:,}")
    print(f"1..{len(found)}")
