#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the lines that fnguard why --json has named into policies, as a reader of them would: why_fix.py WHY POLICY...

POLICY is a name, and the file POLICY.yaml. Prints how many lines there were.
"""
import json
import sys


def section_of(lines, name):
	"""The lines of a section, as first and behind the last."""
	if name + ":" not in lines:
		lines.append(name + ":")
	first = lines.index(name + ":") + 1
	last = first
	while last < len(lines) and lines[last].startswith(" "):
		last += 1
	return first, last


def add(lines, where, line):
	section, key = where.split(".")
	first, last = section_of(lines, section)
	heads = [i for i in range(first, last) if lines[i].startswith("  %s:" % key)]
	if not heads:
		lines.insert(last, "  %s:" % key)
		heads = [last]
	lines.insert(heads[0] + 1, "    " + line)


def put(lines, section, line):
	first, last = section_of(lines, section)
	key = line.split(":")[0]
	for i in range(first, last):
		if lines[i].strip().startswith(key + ":"):
			lines[i] = "  " + line
			return
	lines.insert(last, "  " + line)


def fixes_of(denials, policy):
	"""What is proposed for a policy, each once; of one that was replaced since, what is proposed today."""
	fixes = {}
	for denial in denials:
		for answer in denial["policies"] + denial.get("policies_now", []):
			fix = answer.get("fix", {})
			if denial.get("now") != "allow" and answer.get("policy") == policy and "yaml" in fix:
				fixes[fix["yaml"]] = fix
	return fixes.values()


def main():
	denials = json.load(open(sys.argv[1]))
	number = 0
	for policy in sys.argv[2:]:
		lines = open(policy + ".yaml").read().splitlines()
		for fix in fixes_of(denials, policy):
			(add if fix["how"] == "add" else put)(lines, fix["where"], fix["yaml"])
			number += 1
		open(policy + ".yaml", "w").write("\n".join(lines) + "\n")
	print(number)


main()
