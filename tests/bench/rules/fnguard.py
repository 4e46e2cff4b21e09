# SPDX-License-Identifier: MIT
"""The rules as a policy of fnguard."""
from model import ALL, RESOLVER


def quoted(words):
    return ", ".join(f'"{word}"' for word in words)


def code_lines(paths):
    """What may be executed may be mapped without saying so again."""
    allowed = [rule for rule in paths if rule.effect == "allow"]
    mapped = [rule for rule in allowed if "map" in rule.access and "exec" not in rule.access]
    yield "  allow:"
    yield from (f'    - "{rule.pattern}"' for rule in allowed if "exec" in rule.access)
    if mapped:
        yield "  map:"
    yield from (f'    - "{rule.pattern}"' for rule in mapped)


def file_line(rule):
    access = [word for word in rule.access if word not in ("exec", "map")]
    words = "all" if rule.access == ALL else ", ".join(access)
    return f'    - {{ path: "{rule.pattern}", {rule.effect}: [{words}] }}'


def port_word(port):
    protocol, first, last = port
    if first is None:
        return protocol
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"


def ports_of(rule):
    return "" if rule.ports is None else f", ports: [{', '.join(map(port_word, rule.ports))}]"


def net_line(rule):
    return f"    - {{ {rule.effect}: {{ to: [{quoted(rule.networks)}]{ports_of(rule)} }} }}"


def host_lines(rule):
    """Addresses of the loopback device are nobody's by name, unless that is said."""
    for host in rule.hosts:
        yield f'    - {{ {rule.effect}: {{ host: "{host}"{ports_of(rule)}, answers: any }} }}'


def text(name, rules):
    yield f"policy: {name}\nversion: 1"
    yield from sections(rules)


def template_text(name, rules):
    yield f"template: {name}"
    yield from sections(rules)


def variant_text(name, template, paths):
    """What a policy adds to a template."""
    yield f"policy: {name}\nversion: 1\nextends: [{template}]"
    yield "exec:"
    yield from code_lines(paths)
    yield from file_section(paths)


def file_section(paths):
    yield "files:\n  default: deny\n  rules:"
    yield from (file_line(rule) for rule in paths if set(rule.access) - {"exec", "map"})


def egress_section(rules):
    yield "egress:\n  default: deny"
    if rules.hosts:
        yield f"  resolvers: [{RESOLVER}]"
    yield "  rules:"
    yield from map(net_line, rules.networks)
    for rule in rules.hosts:
        yield from host_lines(rule)


def sections(rules):
    if rules.paths:
        yield "exec:\n  default: deny"
        yield from code_lines(rules.paths)
        yield from file_section(rules.paths)
    yield from egress_section(rules)
    if rules.served:
        yield f"listen:\n  default: deny\n  allow: [{', '.join(map(port_word, rules.served))}]"
