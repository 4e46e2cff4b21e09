#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes refusals in short-lived cgroups, and compares what the ledger and the
events say about them: `refuse FIRST LAST`, `compare EVENTS TOTAL`."""
import collections
import json
import os
import subprocess
import sys


def try_all(number):
    """What is refused to function NUMBER: some once, one 20 times."""
    tries = ["/usr/bin/false"] * 20 + ["/usr/bin/env"]
    if number % 2 == 0:
        tries.append("/usr/bin/id")
    for path in tries:
        try:
            os.execv(path, [path])
        except PermissionError:
            pass


def function(number):
    """One function: its cgroup, its program, what it tries, its end."""
    group = f"/sys/fs/cgroup/fn/{number}"
    os.mkdir(group)
    pid = os.fork()
    if not pid:
        with open(f"{group}/cgroup.procs", "w", encoding="ascii") as procs:
            procs.write("0")
        try_all(number)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        sys.exit(f"function {number} was not refused what it should be")
    os.rmdir(group)


def refuse(first, last):
    for number in range(int(first), int(last)):
        function(number)
    return True


def counters(*options):
    text = subprocess.run(["fnguard", "counters", "--json", "--policy",
                           "ledger", *options], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(text)


def key(thing):
    return (thing["cgroup_id"], thing["hook"], thing["rule_id"])


def told(path):
    """What the events tell, by row."""
    repeats = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["kind"] == "denied" and event.get("policy") == "ledger":
                repeats[key(event) if event.get("cgroup_id") else None] += (
                    event["repeat"])
    return repeats


def compare(path, total):
    """Row by row where there are rows; the others as one."""
    events = told(path)
    rows = counters()
    right = sum(row["count"] for row in rows) == int(total)
    totals = counters("--totals")
    right &= sum(row["count"] for row in totals) == int(total)
    right &= not any("verdict" in row for row in totals)
    others = 0
    for row in rows:
        right &= row["count"] == row["reported"]
        if not row["cgroup_id"]:
            others += row["count"]
            continue
        right &= events.pop(key(row), 0) == row["count"]
        right &= row["cgroup"].endswith(" (gone)") and ".yaml:" in row["source"]
    right &= sum(events.values()) == others
    print(f"# {len(rows)} rows, {others} refusals without one")
    return right


if __name__ == "__main__":
    sys.exit(not {"refuse": refuse, "compare": compare}[sys.argv[1]](
        *sys.argv[2:]))
