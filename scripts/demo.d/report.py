#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""report.py POLICY UNGUARDED GUARDED EVENTS: what was tried, what became of it and who decided.

Exits with 0 only if everything went as it should."""
import json
import subprocess
import sys


def read_lines(name):
    with open(name, encoding="utf-8") as file:
        return file.read().splitlines()


def decided(record):
    """The rule of an event or of an explanation, and where it is written."""
    source = record.get("rule_file") or record.get("file")
    line = record.get("rule_line") or record.get("line")
    if not source:
        return record["rule"]
    return f"{source.rsplit('/', 1)[-1]}:{line}  {record['rule']}"


def explain(policy, question):
    text = subprocess.run(["fnguard", "--json", "policy", "explain", policy, *question],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)


class Report:
    def __init__(self, policy, unguarded, guarded, events):
        self.policy = policy
        self.unguarded = {step["what"]: step for step in map(json.loads, read_lines(unguarded))}
        self.guarded = [json.loads(line) for line in read_lines(guarded)]
        lines = read_lines(events)
        self.lines = [line for line in lines if "policy" in json.loads(line)]
        self.others = len(lines) - len(self.lines)
        self.events = [event for event in map(json.loads, self.lines) if event["kind"] == "denied"]
        self.wrong = []

    def judge_needed(self, step):
        if step["error"]:
            self.wrong.append(f"{step['what']}: it is allowed and failed")
        return decided(explain(self.policy, step["ask"]))

    def judge_attack(self, step):
        events = [event for event in self.events if event["pid"] == step["pid"]]
        if not step["error"]:
            self.wrong.append(f"{step['what']}: it was not refused")
        if len(events) != 1:
            self.wrong.append(f"{step['what']}: {len(events)} events")
        return decided(events[0]) if events else "nobody"

    def judge_unguarded(self, step):
        before = self.unguarded[step["what"]]
        if before["error"]:
            self.wrong.append(f"{step['what']}: it fails without a policy, too, and proves nothing")
        return before["error"] or "done"

    def judge_events(self):
        """Nobody is refused anything but the attacks."""
        attacks = {step["pid"] for step in self.guarded if not step["needed"]}
        for event in self.events:
            if event["pid"] not in attacks:
                self.wrong.append(f"{event['hook']} was refused to the function at work: {decided(event)}")

    def row(self, step):
        judge = self.judge_needed if step["needed"] else self.judge_attack
        return step["what"], self.judge_unguarded(step), step["error"] or "done", judge(step)

    def rows(self):
        missing = self.unguarded.keys() - {step["what"] for step in self.guarded}
        self.wrong += [f"{what}: the guarded function never came to it" for what in sorted(missing)]
        self.judge_events()
        return [self.row(step) for step in self.guarded]

    def print(self):
        table = [("TRIED", "UNGUARDED", "GUARDED", "DECIDED BY"), *self.rows()]
        widths = [max(map(len, column)) for column in zip(*table)]
        print("\n== what it tried, and what became of it")
        for row in table:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        print("\n== the events, as the agent wrote them")
        print("\n".join(self.lines))
        print(f"({self.others} more lines are about the guard itself and the proof of its hooks.)")

    def verdict(self):
        print()
        for sentence in self.wrong:
            print(f"WRONG: {sentence}")
        if self.wrong or not self.guarded:
            return 1
        needed = sum(step["needed"] for step in self.guarded)
        print(f"{needed} of {needed} steps of its work done, "
              f"{len(self.guarded) - needed} of {len(self.guarded) - needed} attacks refused and reported.")
        return 0


def main():
    report = Report(*sys.argv[1:])
    report.print()
    return report.verdict()


if __name__ == "__main__":
    sys.exit(main())
