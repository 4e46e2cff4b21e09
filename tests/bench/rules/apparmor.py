# SPDX-License-Identifier: MIT
"""The rules on paths as a profile of AppArmor, which knows no addresses: of sockets, it allows what the benchmark uses."""
from model import ALL

# It has one letter for writing, creating and deleting. What is executed stays under the profile.
LETTERS = {"read": "r", "write": "w", "create": "w", "delete": "w", "exec": "ix", "map": "m"}
# A rule that denies says only x for every way to execute.
DENY_ALL = "rwmx"


def letters(rule):
    if rule.access == ALL:
        return DENY_ALL
    return "".join(dict.fromkeys(LETTERS[word] for word in rule.access))


def path_line(rule):
    verb = "deny " if rule.effect == "deny" else ""
    return f'  {verb}"{rule.pattern}" {letters(rule)},'


def text(name, rules):
    yield f"abi <abi/3.0>,\nprofile {name} {{"
    yield "  network inet stream,\n  network inet dgram,"
    yield from map(path_line, rules.paths)
    yield "}"
