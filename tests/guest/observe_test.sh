#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a policy allows and observes is reported: each kind of it, with what it was about and the rule that allows it; what is the same,
# and what is over the rate, as numbers that add up; and nothing where no policy observes, or where something else tells already.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d)
ACTS=$TESTS/observe_acts.py
# Of how many files, and how often of the same.
MANY=400 SAME=3000
((${PATIENCE:-1} == 1)) || MANY=200 SAME=600

# policy NAME LINE...: loads it.
policy() {
	printf '%s\n' "policy: $1" 'exec: { default: deny, allow: ["/**"] }' 'egress: { default: deny, rules: [{ allow: { to: ["@loopback"] } }] }' "${@:2}" >"$WORK/$1.yaml"
	fnguard policy load "$WORK/$1.yaml" >"$WORK/said" 2>&1 || sed 's/^/# /' "$WORK/said"
}

# act POLICY NAME [ARGUMENT]...
act() {
	timeout "$((60 * ${PATIENCE:-1}))" fnguard run "$1" -- "$ACTS" "${@:2}" >"$WORK/out" 2>&1
}

# those POLICY FILTER: the policy's events that are so. Reading all the others takes a slow kernel seconds.
those() {
	grep -F "\"$1\"" "$WORK/events" | jq -cs --arg policy "$1" "[.[] | select(.policy == \$policy) | select($2)]"
}

# told POLICY FILTER: some event of the policy is so.
told() {
	[[ $(those "$@") = "[{"* ]]
}

# is_told POLICY FILTER WHAT
is_told() {
	await told "$1" "$2"
	result $? "$3"
}

# never_told POLICY FILTER WHAT: after what else was told.
never_told() {
	local found
	found=$(those "$1" "$2")
	[[ $found = "[]" ]]
	result $? "$3 (${found:0:500})"
}

# adds_up POLICY: what events tell is what was counted.
adds_up() {
	local counted told
	counted=$(fnguard --json counters --policy "$1" | jq '[.[] | select(.verdict == "observed") | .count] | add // 0')
	told=$(those "$1" '.kind == "observed"' | jq '[.[].repeat] | add // 0')
	[[ $counted = "$told" && $counted != 0 ]]
}

mkdir -p /tmp/observed
for ((i = 0; i < MANY; i++)); do
	: >"/tmp/observed/$i"
done
: >/tmp/observed/same
FILES='files: { default: deny, rules: [{ path: "/**", allow: [read, write, create] }] }'
policy observe-all "$FILES" 'listen: { default: deny, allow: [8080/tcp] }' 'observe: [exec, map, open, connect, listen]' 'observe-rate: 1000/s burst 4000'
policy observe-slow "$FILES" 'observe: [open]' 'observe-rate: 1/s burst 5'
policy observe-some 'observe: [exec]'
policy observe-none "$FILES"
policy observe-inherits 'files: { default: allow, rules: [{ path: /etc/shadow, deny: [all] }] }' 'observe: [exec]'
policy observe-audit 'mode: audit' 'observe: [connect]'
policy observe-learn 'mode: learn' 'observe: [connect, exec]'
fnguard policy show --flat "$WORK/observe-some.yaml" | grep -q 'observe.*exec, one in 10ms, 100 at once'
result $? "it is shown what is observed, and how much of it"
fnguard --json events >"$WORK/events" 2>"$WORK/listening" &
EVENTS=$!
await grep -q waiting "$WORK/listening"

# Each kind.
act observe-all connect 127.0.0.1 9
is_told observe-all '.kind == "observed" and .hook == "bprm_check" and .class == "exec" and .access == ["exec"] and .rule_line == 2 and .errno == null and .pid > 0 and (.object | test("python3"))' "a program, and the rule that allows it"
is_told observe-all '.hook == "bprm_check" and (.object | endswith("observe_acts.py"))' "a script besides its interpreter"
is_told observe-all '.kind == "observed" and .hook == "mmap_file" and .access == ["map"] and (.object | test("libc"))' "a library"
is_told observe-all '.kind == "observed" and .hook == "file_open" and .class == "files" and .access == ["read"] and .rule_line == 4 and (.object | endswith(".py"))' "a file"
is_told observe-all '.kind == "observed" and .hook == "socket_connect" and .addr == "127.0.0.1" and .port == 9 and .proto == "tcp" and .rule_line == 3' "a connection"
act observe-all send 127.0.0.1 9
is_told observe-all '.kind == "observed" and .hook == "socket_sendmsg" and .port == 9 and .proto == "udp"' "a datagram"
act observe-all listen 8080
is_told observe-all '.kind == "observed" and .hook == "socket_listen" and .class == "listen" and .port == 8080 and .rule_line == 5' "a port"
is_told observe-all '.verdicts == [{ policy: "observe-all" }]' "with a verdict that refuses nothing"

# What is refused is not told as allowed.
act observe-all connect 192.0.2.1 443
is_told observe-all '.kind == "denied" and .addr == "192.0.2.1"' "what is refused is told as that"
never_told observe-all '.kind == "observed" and .addr == "192.0.2.1"' "and not as allowed"
mkdir /sys/fs/cgroup/inherits
fnguard cgroup bind /inherits observe-inherits >/dev/null
# shellcheck disable=SC2016
bash -c 'exec 5</etc/shadow && echo $$ >/sys/fs/cgroup/inherits/cgroup.procs && exec /usr/bin/nl' 2>/dev/null
is_told observe-inherits '.kind == "denied" and .hook == "file_receive" and .object == "/etc/shadow"' "who would inherit what is refused does not run"
bash -c 'echo $$ >/sys/fs/cgroup/inherits/cgroup.procs && exec /usr/bin/true'
is_told observe-inherits '.kind == "observed" and .object == "/usr/bin/true"' "who does not is observed"
never_told observe-inherits '.kind == "observed" and .object == "/usr/bin/nl"' "and nobody else"
rmdir /sys/fs/cgroup/inherits
act observe-audit connect 192.0.2.1 443
is_told observe-audit '.kind == "would-deny" and .addr == "192.0.2.1"' "what would be refused is told as that"
never_told observe-audit '.kind == "observed" and .addr == "192.0.2.1"' "and not as allowed"
act observe-learn connect 192.0.2.1 443
is_told observe-learn '.kind == "observed" and .addr == "192.0.2.1" and .rule_id == null' "who learns may tell as well"

# Only what is asked for.
act observe-some connect 127.0.0.1 9
is_told observe-some '.kind == "observed" and .hook == "bprm_check"' "what one kind of is observed"
never_told observe-some '.kind == "observed" and .hook != "bprm_check"' "is all that is told"
act observe-none many 10
never_told observe-none '.kind == "observed"' "where nothing is observed, nothing is told"

# What is the same, what is over the rate, and what it leaves to others.
act observe-all same "$SAME"
await adds_up observe-all
result $? "what is done again and again adds up"
samples=$(those observe-all '.object == "/tmp/observed/same"' | jq length)
((samples >= 1 && samples <= 60 * ${PATIENCE:-1}))
result $? "and is told once in a second ($samples)"
is_told observe-all '.kind == "observed" and .hook == "file_open" and .repeat > 100 and .object == null' "the rest is a number"
act observe-all many "$MANY"
await told observe-all ".object == \"/tmp/observed/$((MANY - 1))\""
result $? "different files are told one by one"
fnguard --json status | jq .events_lost >"$WORK/lost"
act observe-slow many "$MANY"
is_told observe-slow '.kind == "observed" and .repeat > 100 and .object == null' "what is over the rate is a number"
await adds_up observe-slow
result $? "and adds up"
samples=$(those observe-slow '.object != null' | jq length)
((samples >= 5 && samples <= 5 + 60 * ${PATIENCE:-1}))
result $? "with as many samples as the rate allows ($samples)"
(for ((i = 0; i < 3; i++)); do act observe-all many "$MANY"; done) &
act observe-none connect 192.0.2.77 1
wait $!
is_told observe-none '.kind == "denied" and .addr == "192.0.2.77"' "a flood of what is allowed hides nothing that is refused"
[[ $(fnguard --json status | jq .events_lost) = "$(cat "$WORK/lost")" ]]
result $? "and nothing of that is lost"

# Who types?
act observe-some shell 0,1,2 /bin/sh -c true
is_told observe-some '.network_stdio == [0, 1, 2] and .object == "/usr/bin/dash"' "a shell on a connection"
act observe-some shell 1 /usr/bin/id
is_told observe-some '.network_stdio == [1] and .object == "/usr/bin/id"' "a program that writes to one"
act observe-some unix /usr/bin/env true
is_told observe-some '.object == "/usr/bin/env"' "another on another socket"
never_told observe-some '.network_stdio and .object == "/usr/bin/env"' "is none of these"
act observe-some closing /usr/bin/printf x
is_told observe-some '.object == "/usr/bin/printf"' "one whose connection is closed"
never_told observe-some '.network_stdio and .object == "/usr/bin/printf"' "does not have it any more"
printf '%s\n' 'policy: observe-deny' 'exec: { default: allow, deny: [/usr/bin/dash] }' >"$WORK/deny.yaml"
fnguard policy load "$WORK/deny.yaml" >/dev/null 2>&1
act observe-deny shell 0 /bin/sh -c true
is_told observe-deny '.kind == "denied" and .network_stdio == [0]' "one that is refused says it, too"

fnguard counters --policy observe-some | grep -q observed
result $? "counters show what was observed"
kill "$EVENTS"
wait "$EVENTS" 2>/dev/null
rm -rf "$WORK" /tmp/observed
finish
