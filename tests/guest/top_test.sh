#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fnguard top tells of each cgroup what the counters do, as tables for who has no terminal, and on a terminal.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d)

# policy NAME LINE...: loads it, and binds a cgroup of its own to it.
policy() {
	printf '%s\n' "policy: $1" 'files: { default: allow, rules: [{ path: /etc/shadow, deny: [all] }] }' "${@:2}" >"$WORK/$1.yaml"
	fnguard policy load "$WORK/$1.yaml" >/dev/null 2>&1
	mkdir -p "/sys/fs/cgroup/$1"
	fnguard cgroup bind "/$1" "$1" >/dev/null
}

# inside NAME COMMAND: a shell in the policy's cgroup runs it, once it has entered.
inside() {
	bash -c 'echo $$ >"/sys/fs/cgroup/$0/cgroup.procs" && exec bash -c "$1"' "$1" "$2" 2>/dev/null
}

# row NAME FILTER WHAT
row() {
	jq -es --arg name "$1" "last | map(select(.policy == \$name and .cgroup == \"/\" + \$name)) | length == 1 and (.[0] | $2)" "$WORK/top" >/dev/null
	result $? "$3 ($(jq -cs --arg name "$1" 'last | map(select(.policy == $name))' "$WORK/top"))"
}

policy top-few 'mode: audit'
policy top-many 'observe: [open]'
policy top-slow 'limits: { open: 1/h burst 30 }'
policy top-idle
inside top-few 'read -r line </etc/shadow'
inside top-many 'for ((i = 0; i < 20; i++)); do read -r line </etc/shadow; read -r line </etc/passwd; done'
inside top-slow 'for ((i = 0; i < 40; i++)); do read -r line </etc/passwd; done'

fnguard --json top --count 1 >"$WORK/top"
result $? "it prints a table and ends"
jq -es 'length == 1 and (last | map(.policy)) == (last | sort_by(-.denied) | map(.policy))' "$WORK/top" >/dev/null
result $? "sorted by denials"
row top-many '.denied >= 20 and .mode == "enforce" and .observed >= 1 and .would_deny == 0 and .limited == 0' "what is refused, and what is allowed"
row top-few '.denied == 0 and .would_deny == 1 and .mode == "audit" and .limited == 0' "what is only audited"
row top-slow '.limited > 0 and .limited <= .denied' "what limits refuse"
row top-idle '.denied == 0 and .last == ""' "a cgroup that does nothing"
[[ $(jq -s 'last | map(select(.policy == "top-many")) | .[0].denied' "$WORK/top") = $(fnguard --json counters --policy top-many | jq '[.[] | select(.verdict == "denied") | .count] | add') ]]
result $? "as many as the counters say"

fnguard --json top --batch --count 2 --delay $((3 + 2 * ${PATIENCE:-1})) --sort r >"$WORK/top" &
sleep 1
inside top-few 'read -r line </etc/shadow'
inside top-many 'for ((i = 0; i < 50; i++)); do read -r line </etc/shadow; done'
wait $!
row top-many '.denied_rate > 0 and (.last | test("^(file_open|path)"))' "in the second round there are rates, and what was last"
fnguard top --batch --count 1 --filter few >"$WORK/text"
grep -q '^fnguard top: enforcing, 4 policies, 1 rows' "$WORK/text" && grep -q top-few "$WORK/text" && ! grep -q top-many "$WORK/text"
result $? "a filter leaves what it names"
[[ $(fnguard --json top --count 1 --sort p --reverse | jq -r 'map(.policy)[0]') = top-slow ]]
result $? "another order, reversed"
fnguard top </dev/null >"$WORK/out" 2>&1
[[ $? = 1 ]] && grep -q 'try --batch' "$WORK/out"
result $? "without a terminal, a screen is refused"
fnguard top --sort x >/dev/null 2>&1
[[ $? = 2 ]]
result $? "what is no column is none"
timeout 2 fnguard top --batch >"$WORK/out"
[[ $? = 124 && $(grep -c '^fnguard top' "$WORK/out") -ge 1 ]]
result $? "without a count it goes on"

# On a terminal; meanwhile something is refused again and again.
inside top-few 'for ((;;)); do read -r line </etc/shadow; sleep 1; done' &
LOOP=$!
"$TESTS/top_screen.py" >"$WORK/screen"
status=$?
sed 's/^/# /' "$WORK/screen"
((status == 0))
result $? "on a terminal it draws, sorts, filters and ends, and leaves it as it was"
echo 1 >/sys/fs/cgroup/top-few/cgroup.kill
wait "$LOOP" 2>/dev/null
for name in top-few top-many top-slow top-idle; do
	fnguard cgroup unbind "/$name" >/dev/null
	rmdir "/sys/fs/cgroup/$name"
done
rm -rf "$WORK"
finish
