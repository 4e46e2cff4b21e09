#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rules of detection that are shipped, while fnguard probe attacks a policy, and while functions work that do nothing else: each rule
# finds the technique that is its own, and none finds anything in the work.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d) LOG=
AGENT=

start_agent() {
	LOG=$WORK/$1
	fnguardd --log "$LOG" --detect /usr/share/fnguard/policy/detect 2>"$LOG.err" &
	AGENT=$!
	await grep -qF '"state":"connected"' "$LOG"
}

stop_agent() {
	sleep 2
	kill -TERM "$AGENT"
	wait "$AGENT"
}

# findings FILTER: the rules that have found something of which it is true, in one line.
findings() {
	jq -r "select(.kind == \"finding\") | select($1) | .rule" "$LOG" | sort -u | tr '\n' ' '
}

# Resolvers are named so that questions are judged by their names; the policy observes, so that rules see what is allowed as well.
cat >"$WORK/attacked.yaml" <<-YAML
	policy: attacked
	extends: [strict]
	egress: { default: deny, resolvers: [198.51.100.7], dns: strict, rules: [{ allow: { host: api.example.org, ports: [443/tcp] } }] }
	observe: [exec, map, open, connect, listen]
YAML
cat >"$WORK/audited.yaml" <<-YAML
	policy: audited
	mode: audit
	extends: [strict]
YAML
# What takes longer than the probe, or is no technique of a function's: CONCEPTS.md says why.
ELSEWHERE="beacon fork-bomb guard-degraded new-destination"

# Where everything takes long, a sixth of the techniques, and so only some of the rules.
ALL=()
((${PATIENCE:-1} == 1)) || mapfile -t ALL < <(fnguard --json probe --list | jq -r '.[].technique' | uniq | awk 'NR % 6 == 0')

fnguard arm >/dev/null
start_agent probed
result $? "the agent has read the rules"
fnguard --json probe --policy "$WORK/attacked.yaml" "${ALL[@]}" >"$WORK/probe" 2>"$WORK/said"
open=$(jq -r '.[] | select(.outcome == "open") | .technique' "$WORK/probe")
# That sends nothing, and the address is a resolver's.
[[ -z $open || $open = udp-connect ]]
result $? "nothing of the probe is open ($(jq -r 'group_by(.outcome) | map("\(length) \(.[0].outcome)") | join(", ")' "$WORK/probe"); open: $open)"
fnguard --json probe --policy "$WORK/audited.yaml" connect-and-shell >"$WORK/probe" 2>"$WORK/said"
stop_agent
mapfile -t RULES < <(fnguard --json detect check /usr/share/fnguard/policy/detect | jq -r '.rules[].rule')
FOUND=$(findings true)
read -ra SET_OFF <<<"$FOUND"
((${#SET_OFF[@]} >= (${#ALL[@]} ? 5 : 20)))
result $? "the probe sets off ${#SET_OFF[@]} rules"
for rule in "${RULES[@]}"; do
	((${#ALL[@]} == 0)) || break
	[[ " $ELSEWHERE " != *" $rule "* ]] || continue
	[[ " $FOUND" = *" $rule "* ]]
	result $? "the probe sets $rule off"
done
for rule in $ELSEWHERE; do
	[[ " ${RULES[*]} " = *" $rule "* && " $FOUND" != *" $rule "* ]]
	result $? "and it does not, as is said, set off $rule"
done

# Functions that work, observed; what one does besides is told to it alone.
start_agent worked
OBSERVE=1 "$TESTS/workload_test.sh" >"$WORK/tap" 2>&1
result $? "the workloads work"
grep -v '^ok' "$WORK/tap" | sed 's/^/# /'
stop_agent
jq -es 'any(.kind == "observed")' "$LOG" >/dev/null
result $? "what they do is observed"
[[ -z $(findings '.cgroup | test("^/workload/.*-2$") | not') ]]
result $? "nothing is found in the work ($(findings true): $(jq -c 'select(.kind == "finding") | [.rule, .cgroup, .event.object]' "$LOG" | tr '\n' ' '))"
if ((${PATIENCE:-1} == 1)); then
	[[ $(findings '.cgroup | test("^/workload/.*-2$")') = "metadata password-hashes " ]]
	result $? "what is done besides is found"
fi
rm -rf "$WORK"
finish
