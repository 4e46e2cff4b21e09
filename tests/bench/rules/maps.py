# SPDX-License-Identifier: MIT
"""The rules as lines for bpf/enforcer, which puts them into maps.

    path exact|prefix ALLOWED DENIED PATH      ALLOWED and DENIED are words of letters, or -
    net allow|deny NETWORK PORTS               PORTS is all, or PROTOCOL:FIRST:LAST,...

A map cannot match a pattern: one with a wildcard becomes the prefix before it. That is more than the rule grants, and cheaper
than it, as an enforcer would not compare the rest."""
import re

WILDCARD = re.compile(r"[*?\[{]")
PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17}


def braces(pattern):
    """The patterns that one with alternatives stands for."""
    match = re.search(r"\{([^}]*)\}", pattern)
    if not match:
        return [pattern]
    return [found for word in match[1].split(",") for found in braces(pattern[:match.start()] + word + pattern[match.end():])]


def letters(access):
    return "".join(word[0] for word in access)


def path_keys(paths):
    """Access by kind and path: a map has one value for a key."""
    found = {}
    for rule in paths:
        for pattern in braces(rule.pattern):
            match = WILDCARD.search(pattern)
            key = ("prefix", pattern[:match.start()]) if match else ("exact", pattern)
            found.setdefault(key, {"allow": set(), "deny": set()})[rule.effect].update(letters(rule.access))
    return found


def port_words(ports):
    if ports is None:
        return "all"
    return ",".join(f"{PROTOCOLS[protocol]}:{first or 0}:{65535 if last is None else last}" for protocol, first, last in ports)


def text(_, rules):
    for (kind, path), effects in path_keys(rules.paths).items():
        allowed, denied = ("".join(sorted(effects[effect])) or "-" for effect in ("allow", "deny"))
        yield f"path {kind} {allowed} {denied} {path}"
    for rule in rules.networks:
        for network in rule.networks:
            yield f"net {rule.effect} {network} {port_words(rule.ports)}"
