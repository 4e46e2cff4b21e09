#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Looks at the ledger: `none`, `counted HOOK CLASS` for the newest cgroup, or
`total CLASS`, which prints how many refusals there were."""
import json
import subprocess
import sys


def rows():
    """Refusals under policies; the proof of the hooks has none."""
    text = subprocess.run(["fnguard", "counters", "--json"], check=True,
                          capture_output=True, text=True).stdout
    return [row for row in json.loads(text)
            if row["verdict"] == "denied" and "policy" in row]


def counted(hook, kind):
    """Exactly one refusal in the cgroup of the last run, under that hook."""
    found = rows()
    last = max(row["cgroup_id"] for row in found)
    mine = [row for row in found if row["cgroup_id"] == last]
    right = (len(mine) == 1 and mine[0]["count"] == 1 and
             mine[0]["hook"] == hook and mine[0]["class"] == kind)
    if right and kind != "floor":
        right = ".yaml:" in mine[0].get("source", "")
    if not right:
        print("# instead:", mine)
    return right


def none():
    found = rows()
    if found:
        print("# instead:", found)
    return not found


def total(kind):
    print(sum(row["count"] for row in rows() if row["class"] == kind))
    return True


if __name__ == "__main__":
    sys.exit(not {"none": none, "counted": counted,
                  "total": total}[sys.argv[1]](*sys.argv[2:]))
