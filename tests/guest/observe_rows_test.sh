#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions come and go, and cgroups of a warm pool stay: rows of the ledger that nobody can be counted in any more make room, so that
# those who come later are told of as well as the first.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=$(mktemp -d)
POOL=/sys/fs/cgroup/pool
# A quarter of the table is for what is observed.
ROWS=256 SHARE=64

# told FILTER: some event is so, within 20 seconds.
told() {
	local i
	for ((i = 0; i < 200 * ${PATIENCE:-1}; i++)); do
		jq -es "[.[] | select($1)] | length > 0" "$WORK/events" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# in_pool COMMAND...: as a function that uses the cgroup; COMMAND is no launcher.
in_pool() {
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$POOL" "$@"
}

rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko ledger_rows="$ROWS"
result $? "the module takes the size of its ledger"
printf '%s\n' 'policy: brief' 'exec: { default: deny, allow: ["/**"] }' 'observe: [exec]' >"$WORK/brief.yaml"
{
	printf '%s\n' 'policy: pooled' 'files:' '  default: allow' '  rules:'
	for i in {1..8}; do
		echo "    - { path: $WORK/$i, deny: [all] }"
		: >"$WORK/$i"
	done
} >"$WORK/pooled.yaml"
fnguard policy load "$WORK/brief.yaml" "$WORK/pooled.yaml" >/dev/null 2>&1
result $? "the policies are loaded"
fnguard --json events >"$WORK/events" 2>"$WORK/listening" &
EVENTS=$!
for ((i = 0; i < 100; i++)); do
	grep -q waiting "$WORK/listening" && break
	sleep 0.1
done

for ((i = 0; i < SHARE + 16; i++)); do
	fnguard run brief -- /bin/true >/dev/null 2>&1
done
sleep $((2 * ${PATIENCE:-1}))
fnguard run brief -- /usr/bin/id >/dev/null 2>&1
told '.kind == "observed" and .object == "/usr/bin/id"'
result $? "who comes after $((SHARE + 16)) functions is observed as the first was"

mkdir "$POOL"
for ((i = 0; i < ROWS / 8 + 8; i++)); do
	fnguard cgroup activate /pool pooled "use-$i" >/dev/null 2>&1 || break
	# shellcheck disable=SC2016
	in_pool /bin/bash -c 'for file; do : <"$file"; done' bash "$WORK"/{1..8} 2>/dev/null
done
result $((i != ROWS / 8 + 8)) "$i functions use the same cgroup"
sleep $((2 * ${PATIENCE:-1}))
fnguard cgroup activate /pool pooled last >/dev/null 2>&1
in_pool /bin/cat "$WORK/5" 2>/dev/null
told ".kind == \"denied\" and .activation == \"last\" and .object == \"$WORK/5\""
result $? "what is refused to the one after them is told with what it was about"

kill "$EVENTS"
wait "$EVENTS" 2>/dev/null
rmdir "$POOL"
rm -rf "$WORK"
finish
