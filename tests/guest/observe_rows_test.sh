#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions come and go, and cgroups of a warm pool stay: rows of the ledger that nobody can be counted in any more make room, so that
# those who come later are told of as well as the first.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=$(mktemp -d)
# A quarter of the table is for what is observed.
ROWS=256 SHARE=64
# What each use of a cgroup of the pool is refused.
FILES=32
# What is observed in a second, of all cgroups.
RATE=50

# is_told FILTER: some event is so.
is_told() {
	jq -es "[.[] | select($1)] | length > 0" "$WORK/events"
}

told() {
	await is_told "$1"
}

rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko ledger_rows="$ROWS" observed_rate="$RATE"
result $? "the module takes the size of its ledger, and the rate of what is observed"
printf '%s\n' 'policy: brief' 'exec: { default: deny, allow: ["/**"] }' 'observe: [exec]' >"$WORK/brief.yaml"
{
	printf '%s\n' 'policy: pooled' 'files:' '  default: allow' '  rules:'
	for ((i = 0; i < FILES; i++)); do
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

mkdir /sys/fs/cgroup/brief
fnguard cgroup bind /brief brief >/dev/null 2>&1
for ((i = 0; i < SHARE / 16 + 1; i++)); do
	mkdir /sys/fs/cgroup/brief/{1..16}
	for ((j = 1; j <= 16; j++)); do
		within "brief/$j" /bin/true
	done
	rmdir /sys/fs/cgroup/brief/{1..16}
done
sleep $((2 * ${PATIENCE:-1}))
within brief /usr/bin/id >/dev/null
told '.kind == "observed" and .object == "/usr/bin/id"'
result $? "who comes after $((SHARE + 16)) functions is observed as the first was"

# Six cgroups, none of which is over its own rate.
mkdir -p /tmp/observed
for ((i = 0; i < 400; i++)); do
	: >"/tmp/observed/$i"
done
printf '%s\n' 'policy: open' 'observe: [open]' 'observe-rate: 1000/s burst 4000' >"$WORK/open.yaml"
fnguard policy load "$WORK/open.yaml" >/dev/null 2>&1
read -r began _ </proc/uptime
for ((i = 0; i < 6; i++)); do
	fnguard run open -- "$(dirname "$0")/observe_acts.py" many 400 >/dev/null 2>&1
done
told '.policy == "open" and .object == null and .repeat > 100'
result $? "of what many cgroups are allowed, much is a number"
sleep $((2 * ${PATIENCE:-1}))
read -r ended _ </proc/uptime
samples=$(jq -s '[.[] | select(.policy == "open" and .object != null)] | length' "$WORK/events")
((samples >= RATE && samples <= RATE * (${ended%.*} - ${began%.*} + 2)))
result $? "as many as there may be of all are told one by one ($samples)"
counted=$(fnguard --json counters --policy open | jq '[.[] | select(.verdict == "observed") | .count] | add')
told ".policy == \"open\" and .repeat > 0" && ((counted >= 2400)) &&
	[[ $(jq -s '[.[] | select(.policy == "open" and .kind == "observed") | .repeat] | add' "$WORK/events") = "$counted" ]]
result $? "and all of them add up ($counted)"
rm -r /tmp/observed

mkdir /sys/fs/cgroup/pool
for ((i = 0; i < ROWS / FILES + 2; i++)); do
	fnguard cgroup activate /pool pooled "use-$i" >/dev/null 2>&1 || break
	# shellcheck disable=SC2016
	within pool /bin/bash -c 'for file; do : <"$file"; done' bash "$WORK"/[0-9]* 2>/dev/null
done
result $((i != ROWS / FILES + 2)) "$i functions use the same cgroup"
sleep $((2 * ${PATIENCE:-1}))
fnguard cgroup activate /pool pooled last >/dev/null 2>&1
within pool /bin/cat "$WORK/5" 2>/dev/null
told ".kind == \"denied\" and .activation == \"last\" and .object == \"$WORK/5\""
result $? "what is refused to the one after them is told with what it was about"

kill "$EVENTS"
wait "$EVENTS" 2>/dev/null
rmdir /sys/fs/cgroup/{brief,pool}
rm -rf "$WORK"
finish
