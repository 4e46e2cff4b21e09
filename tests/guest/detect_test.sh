#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Attacks by a guarded function are found by the agent, by the rules that are shipped; one that behaves is not; and where the agent may
# act, the function whose event has completed a rule is killed or frozen, and no other.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d) LOG=
RULES=/usr/share/fnguard/policy/detect
AGENT=

# start_agent LOG OPTION...
start_agent() {
	LOG=$WORK/$1
	shift
	fnguardd --log "$LOG" "$@" 2>"$LOG.err" &
	AGENT=$!
	await grep -qF '"state":"connected"' "$LOG"
}

stop_agent() {
	kill -TERM "$AGENT"
	wait "$AGENT"
}

# finding FILTER: there is a finding of which it is true.
finding() {
	jq -es "[.[] | select(.kind == \"finding\") | select($1)] | length > 0" "$LOG"
}

# attack POLICY NAME...: a guarded function of its own tries them.
attack() {
	local policy=$1
	shift
	timeout "$((120 * ${PATIENCE:-1}))" fnguard run "$policy" -- "$TESTS/detect_attacks.py" "$@" >/dev/null 2>&1
}

# found RULE WHAT
found() {
	await finding ".rule == \"$1\" and .event.policy == \"detect-test\" and .outcome == null"
	result $? "$2: $1"
}

cat >"$WORK/policy.yaml" <<-YAML
	policy: detect-test
	exec: { default: allow, deny: [/usr/bin/dash, /usr/bin/bash, "/tmp/**"], fileless: deny }
	files: { default: allow, rules: [{ path: "/etc/{,g}shadow", deny: [all] }, { path: "/etc/machine-id", deny: [all] }] }
	egress: { default: deny }
YAML
sed 's/detect-test/detect-audit/; 1a mode: audit' "$WORK/policy.yaml" >"$WORK/audit.yaml"
cat >"$WORK/act.yaml" <<-YAML
	detect: act
	rules:
	  - { rule: dies, about: it is killed, severity: high, match: { object: [/etc/gshadow] }, action: kill, quiet: 1s }
	  - { rule: stops, about: it is frozen, severity: high, match: { object: [/etc/machine-id] }, action: freeze, quiet: 1s }
YAML
cat >"$WORK/beat.yaml" <<-YAML
	detect: beat
	rules:
	  - { rule: beat, about: it beats, severity: low, match: { class: [egress] }, by: destination, count: 5, interval: 1s-1m, jitter: 50 }
YAML
fnguard policy load "$WORK/policy.yaml" "$WORK/audit.yaml" >/dev/null 2>&1
result $? "the policies are loaded"

start_agent found --detect "$RULES" --detect "$WORK/act.yaml" --detect "$WORK/beat.yaml"
result $? "the agent has read the rules"
attack detect-test harmless
result $? "a function that behaves is not refused anything"
sleep 1
! finding true >/dev/null
result $? "and nothing is found ($(jq -r 'select(.kind == "finding") | .rule' "$LOG" | tr '\n' ' '))"

# Those that a rule of the policy refuses alike get a function of their own: eight of them are told with what they were about.
for some in beat "metadata mining" scan "shadow shell fileless dropped mount leave burst"; do
	# shellcheck disable=SC2086 # words
	attack detect-test $some &
done
attack detect-audit reverse
found password-hashes "the hashes of passwords"
found shell "a shell"
found metadata "the metadata service"
found mining-port "a port of miners"
found scan "a scan"
found fileless-code "a program in memory"
found dropped-code "a program in /tmp"
found escape "a mount"
found guard-attack "a way out of the cgroup"
found refusal-burst "a burst"
found beat "regular connections"
await finding '.rule == "shell-after-connection" and .count == 2 and .event.kind == "would-deny" and .severity == "critical"'
result $? "where a policy only audits, a reverse shell is seen whole"

# Nobody has asked for it to act.
LIFE=2 attack detect-test gshadow
result $? "a function outlives a rule that would have it killed"
finding '.rule == "dies" and .outcome == "not done: the agent may not act"' >/dev/null
result $? "and the finding says why"
[[ $(jq -s '[.[] | select(.rule == "scan")] | length' "$LOG") = 1 ]]
result $? "what goes on is found once"
jq -es 'all(.[] | select(.kind == "finding"); .cgroup == .event.cgroup and .first_boot_ns <= .last_boot_ns and .time_ns == .event.time_ns)' "$LOG" >/dev/null
result $? "findings agree with their events"

# The same from what was recorded.
jq -c 'select(.kind != "finding")' "$LOG" >"$WORK/events"
[[ $(fnguard --json detect replay "$RULES" "$WORK/events" | jq -r .rule | sort) = $(jq -r 'select(.kind == "finding" and .action == "report" and .rule != "beat") | .rule' "$LOG" | sort) ]]
result $? "a replay of the events finds the same"

# Rules are read again, or kept.
echo 'detect: [' >>"$WORK/beat.yaml"
kill -HUP "$AGENT"
await grep -qF '"state":"kept the rules"' "$LOG"
result $? "rules that are wrong are not taken"
grep -qF "$WORK/beat.yaml:" "$LOG.err"
result $? "and it is said where"
sed -i '$d' "$WORK/beat.yaml"
kill -HUP "$AGENT"
await grep -qF '"state":"read the rules"' "$LOG"
result $? "once they are right, they are"
stop_agent
result $? "the agent ends as it should"

start_agent acted --detect "$WORK/act.yaml" --detect-act
fnguard run detect-test -- sleep 1000 &
BYSTANDER=$!
LIFE=1000 attack detect-test gshadow
status=$?
((status == 137))
result $? "where the agent may act, the function is killed (status $status)"
await finding '.rule == "dies" and .outcome == "done"'
result $? "and the finding says so"
kill -0 "$BYSTANDER"
result $? "another of the same policy goes on"
fnguard run detect-audit -- cat /etc/gshadow >/dev/null
result $? "what is only audited is not killed"
await finding '.rule == "dies" and .outcome == "not done: nothing was refused"'
result $? "and the finding says why not"

mkdir -p /sys/fs/cgroup/frozen
fnguard cgroup bind /frozen detect-test >/dev/null
python3 -c 'import os, time
open("/sys/fs/cgroup/frozen/cgroup.procs", "w").write("0")
os.execv("/usr/bin/head", ["head", "-c", "1", "/etc/machine-id", "/dev/zero"])' >/dev/null 2>&1 &
await grep -qx 'frozen 1' /sys/fs/cgroup/frozen/cgroup.events || grep -qx 1 /sys/fs/cgroup/frozen/cgroup.freeze
result $? "a rule that freezes does"
await finding '.rule == "stops" and .outcome == "done"'
result $? "and the finding says so"
stop_agent
kill "$BYSTANDER"
echo 1 >/sys/fs/cgroup/frozen/cgroup.kill
echo 0 >/sys/fs/cgroup/frozen/cgroup.freeze
await rmdir /sys/fs/cgroup/frozen
rm -rf "$WORK"
finish
