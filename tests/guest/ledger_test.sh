#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What was refused is counted exactly and told exactly, row by row, when cgroups
# are gone as quickly as they came, and when the table is too small for them.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
EVENTS=$(mktemp)
# Two functions have 21 and 22 refusals, in five rows: all of them together have
# more rows than the table.
PAIR=43 SOME=30 ALL=140
((${PATIENCE:-1} == 1)) || SOME=8 ALL=110

# settled: waits until everything was told.
settled() {
	local i
	for ((i = 0; i < 50; i++)); do
		fnguard counters --json | python3 -c '
import json, sys
sys.exit(any(row["count"] != row["reported"] for row in json.load(sys.stdin)))' &&
			sleep 1 && return
		sleep 0.2
	done
	return 1
}

rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko ledger_rows=256
result $? "the module takes the size of its ledger"
fnguard policy load "$TESTS/ledger.yaml" >/dev/null
result $? "the policy is loaded"
fnguard events --json >"$EVENTS" 2>/dev/null &
LISTENER=$!
mkdir /sys/fs/cgroup/fn

"$TESTS/ledger_drive.py" refuse 0 "$SOME" && settled
result $? "$SOME functions are refused something and gone"
"$TESTS/ledger_drive.py" compare "$EVENTS" $((SOME * PAIR / 2))
result $? "each row outlives its cgroup and agrees with its events"

"$TESTS/ledger_drive.py" refuse "$SOME" "$ALL" && settled
result $? "more are refused something than the table has rows"
"$TESTS/ledger_drive.py" compare "$EVENTS" $((ALL * PAIR / 2))
result $? "nothing is lost, and what has no row any more is told as well"

kill "$LISTENER"
wait "$LISTENER" 2>/dev/null

# since: how much was refused since, and how much of it nobody has heard of.
since() {
	fnguard status --json | jq -r "\"\(.denied - ${DENIED:-0}) \(.unheard - ${UNHEARD:-0})\""
}

# Nobody listens, and a rule for each file takes more rows than there are.
FILES=300
read -r DENIED UNHEARD < <(since)
mkdir /srv/ledger /sys/fs/cgroup/unheard
{
	printf '%s\n' 'policy: unheard' 'files:' '  default: allow' '  rules:'
	for ((i = 0; i < FILES; i++)); do
		echo "    - { path: /srv/ledger/$i, deny: [all] }"
		: >"/srv/ledger/$i"
	done
} >/srv/unheard.yaml
fnguard policy load /srv/unheard.yaml >/dev/null 2>&1 && fnguard cgroup bind /unheard unheard >/dev/null
# shellcheck disable=SC2016 # the inner shell's
within unheard bash -c 'for file; do : <"$file"; done' bash /srv/ledger/* 2>/dev/null
[[ $(since) = "$FILES "* ]]
result $? "with nobody to listen, $FILES files are refused by a rule each"
fnguard cgroup unbind /unheard >/dev/null && fnguard policy unload unheard >/dev/null && [[ $(since) = "$FILES 0" ]]
result $? "the policy is unloaded, and it is waited for somebody to hear of it"
for ((i = 0; i < 20; i++)); do
	[[ $(since) = "$FILES $FILES" ]] && break
	sleep 3
done
[[ $(since) = "$FILES $FILES" ]]
result $? "who comes too late is told how many he has not heard of ($(since))"
rm -r /srv/ledger /srv/unheard.yaml
rmdir /sys/fs/cgroup/unheard
finish
