#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions in Python, in JavaScript and in a static file are learned; under the policy that is written of that they work again, without a
# denial, and one thing more is refused. What two runs have shown is merged.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d)

# learns NAME WORD...: runs a function under a policy that learns.
learns() {
	local name=$1
	shift
	fnguard learn start "$name" >"$WORK/said" 2>&1 || sed 's/^/# /' "$WORK/said"
	OUT=$(timeout "$((60 * ${PATIENCE:-1}))" fnguard run "$name" -- "$@" 2>&1)
	[[ $OUT = "done" ]]
	result $? "$name: it works while it is learned (said: $OUT)"
	fnguard learn show "$name" --json >"$WORK/$name.json"
	[[ $(jq .unkept "$WORK/$name.json") = 0 ]]
	result $? "$name: all of it found room"
	[[ -z $(fnguard --json counters --policy "$name" | jq -c '.[] | select(.count > 0)') ]]
	result $? "$name: nothing is counted meanwhile"
}

# is_enforced NAME HOOK WORD...: under the policy in NAME.yaml.
is_enforced() {
	local name=$1 hook=$2 found
	shift 2
	fnguard policy check "$WORK/$name.yaml" >"$WORK/said" 2>&1
	result $? "$name: what is written is a policy"
	grep -q "mode enforce" "$WORK/said" && ! grep -q unrestricted <(grep -v ^limits "$WORK/said")
	result $? "$name: it enforces, and has every section"
	! grep "^# Refused" -A 99 "$WORK/$name.yaml"
	result $? "$name: it allows all that was done"
	fnguard policy load "$WORK/$name.yaml" >/dev/null
	OUT=$(timeout "$((60 * ${PATIENCE:-1}))" fnguard run "$name" -- "$@" 2>&1)
	[[ $OUT = "done" ]]
	result $? "$name: it works under it (said: $OUT)"
	found=$(fnguard --json counters --policy "$name" | jq -c '[.[] | select(.count > 0)]')
	[[ $found = "[]" ]]
	result $? "$name: nothing is denied (but $found)"
	OUT=$(timeout "$((60 * ${PATIENCE:-1}))" fnguard run "$name" -- "$@" misbehave 2>&1)
	[[ $OUT = "done" ]]
	result $? "$name: one thing more does not disturb it (said: $OUT)"
	found=$(fnguard --json counters --policy "$name" --totals | jq -r '[.[] | select(.count > 0) | "\(.count) \(.hook)"] | join(",")')
	[[ $found = "1 $hook" ]]
	result $? "$name: and is denied once (found $found)"
}

# is_tight NAME: what is loaded as NAME stops nearly all techniques that there are, though it was written by none who knows them.
is_tight() {
	fnguard probe --policy "$1" --json >"$WORK/probe.json" 2>/dev/null
	[[ $(jq '[.[] | select(.outcome != "skipped")] | length > 100 and
		([.[] | select(.outcome == "refused" and .reported)] | length) >= 0.95 * length' "$WORK/probe.json") = true ]]
	result $? "$1: at least 95 % of techniques are refused and reported (open: $(jq -r '[.[] | select(.outcome == "open") | .technique] |
		join(", ")' "$WORK/probe.json"))"
}

# writes NAME ARGUMENT...: the policy that allows what NAME did.
writes() {
	local name=$1
	shift
	fnguard learn write "$name" -o "$WORK/$name.yaml" "$@"
	result $? "$name: a policy is written"
}

mkdir -p /app
cp "$TESTS"/workload.{py,js} /app/
cp "$TESTS/helper_workload" /app/worker
fnguard arm >/dev/null
learns worker /app/worker
writes worker
is_enforced worker bprm_check /app/worker
# What is written under one name is put in the place of another, and read there.
# shellcheck disable=SC2016
renames='echo state >/tmp/state.$$ && mv /tmp/state.$$ /tmp/state && read -r </tmp/state && echo "done"
	{ [[ $0 != misbehave ]] || read -r </etc/shadow; } 2>/dev/null || :'
learns renames /usr/bin/bash -c "$renames"
writes renames
grep -qF '"/tmp/state.[0-9]*", allow: [read,write,create,delete]' "$WORK/renames.yaml" &&
	grep -qF '"/tmp/state", allow: [read,create,delete]' "$WORK/renames.yaml"
result $? "renames: what may be done under the new name may be under the old, and the next one replaces it"
is_enforced renames file_open /usr/bin/bash -c "$renames"
! fnguard learn show worker >"$WORK/said" 2>&1 && grep -q "does not learn" "$WORK/said"
result $? "who enforces has learned nothing"
! fnguard learn start worker >"$WORK/said" 2>&1 && grep -q "does more than learn" "$WORK/said"
result $? "nobody ends a policy that enforces by learning under its name"
printf '%s\n' 'policy: partly' 'mode: learn' 'files: { default: deny }' \
	'egress: { mode: enforce, default: deny }' >"$WORK/partly.yaml"
fnguard policy load "$WORK/partly.yaml" >/dev/null &&
	! fnguard learn start partly >"$WORK/said" 2>&1 && grep -q "does more than learn" "$WORK/said"
result $? "nor one of which a section enforces"
fnguard learn start again >/dev/null && fnguard learn start again >"$WORK/said" 2>&1
result $? "to start once more goes on"
if ((${PATIENCE:-1} > 1)) || [[ ${LEAVE_OUT:-} = *works_unguarded* ]]; then
	result 0 "python, node, probe # SKIP it takes long, and what is written is the same on every kernel"
	finish
fi
learns python /usr/bin/python3 /app/workload.py
writes python
grep -q "/tmp/tmp????????" "$WORK/python.yaml" && grep -q "extends: \[python3\]" "$WORK/python.yaml"
result $? "python: names that change are patterns, and a template is used"
is_enforced python file_open /usr/bin/python3 /app/workload.py
learns node /usr/bin/node /app/workload.js
writes node
is_enforced node socket_connect /usr/bin/node /app/workload.js
for name in worker python node; do
	is_tight "$name"
done
learns again /usr/bin/python3 /app/workload.py
fnguard learn merge "$WORK/python.json" "$WORK/worker.json" --name merged -o "$WORK/merged.yaml" &&
	grep -q /app/worker "$WORK/merged.yaml" && grep -q /app/workload.py "$WORK/merged.yaml" &&
	fnguard policy check "$WORK/merged.yaml" >/dev/null 2>&1
result $? "two functions are merged into one policy"
fnguard learn merge "$WORK/python.json" --name x -o "$WORK/one.yaml" &&
	fnguard learn merge "$WORK/again.json" "$WORK/python.json" --name x -o "$WORK/two.yaml" &&
	diff "$WORK/one.yaml" "$WORK/two.yaml" >"$WORK/said"
status=$?
sed 's/^/# /' "$WORK/said"
result $status "another run of the same function changes nothing"
finish
