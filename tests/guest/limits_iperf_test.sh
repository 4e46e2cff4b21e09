#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is over a rate of bytes only gets slower: a stream of iperf3 goes on at that rate, over IPv4 and IPv6, and one of datagrams
# as well.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=$(mktemp -d)
CGROUP=/sys/fs/cgroup/limits
# Bytes in a second; a burst is a quarter of that. A kernel that looks for mistakes is slow by itself.
RATE=$((${PATIENCE:-1} > 1 ? 1 << 20 : 2 << 20))
SECONDS_SENT=5

# policy LIMIT
policy() {
	printf 'policy: limits-iperf\nlimits: { %s }\n' "$1" >"$WORK/policy.yaml"
	fnguard policy load "$WORK/policy.yaml" >/dev/null 2>&1
}

# sent ADDRESS [OPTION]...: bytes that arrived in a second, of who sends from the cgroup as fast as he can.
sent() {
	local address=$1
	shift
	# shellcheck disable=SC2016
	timeout 120 bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec iperf3 "$@"' sent "$CGROUP" -c "$address" -t "$SECONDS_SENT" -J "$@" |
		jq '.end | (.sum_received // .sum) | .bytes / .seconds * (1 - (.lost_percent // 0) / 100) | floor'
}

# is_near SPEED: of the rate, with a burst, headers, and what a guest that waits for others takes.
is_near() {
	[[ $1 ]] && (($1 <= RATE * 115 / 100 && $1 >= RATE * 40 / 100))
}

mkdir -p "$CGROUP"
iperf3 -s -D
policy "connect: 100/s"
fnguard cgroup bind /limits limits-iperf >/dev/null
result $? "a policy that limits no bytes is bound"
FREE=$(sent 127.0.0.1)
[[ $FREE ]] && ((FREE > RATE * 3 / 2))
result $? "without a limit there is more than half as much again as its rate ($FREE)"

policy "egress: ${RATE}B/s burst $((RATE / 4))B"
SPEED=$(sent 127.0.0.1)
is_near "$SPEED"
result $? "a stream is near its rate ($SPEED of $RATE)"
SPEED=$(sent ::1)
is_near "$SPEED"
result $? "one of IPv6, too ($SPEED of $RATE)"
SPEED=$(sent 127.0.0.1 -P 4)
is_near "$SPEED"
result $? "four of them share it ($SPEED of $RATE)"
fnguard counters --policy limits-iperf --json | jq -e '.[] | select(.hook == "local_out" and .class == "limits" and .count >= 1)' >/dev/null
result $? "what waits is counted"

policy "connect: 100/s"
SPEED=$(sent 127.0.0.1)
[[ $SPEED ]] && ((SPEED > RATE * 3 / 2))
result $? "without the limit it is fast again ($SPEED)"
pkill iperf3
rm -r "$WORK"
finish
