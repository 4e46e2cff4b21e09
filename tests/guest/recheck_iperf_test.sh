#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A stream that a change of policies does not allow any more stops at the next packet, and one beside it goes on as fast as before.
# Both are iperf3's; packets are counted by nftables, behind the guard.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=$(mktemp -d)
CGROUP=/sys/fs/cgroup/recheck
BEFORE=127.1.0.1 BESIDE=127.1.0.2

# What is not paced takes all of a processor, and shows no more for it.
SPEED=(-b "$((9 / ${PATIENCE:-1} + 1))M" -l 1000 -N --pacing-timer 50000)

# policy ADDRESS...: those that the function may talk to.
policy() {
	cat <<-END
		policy: recheck-iperf
		egress:
		  default: deny
		  rules: [ { allow: { to: [$(IFS=, && echo "$*")] } } ]
	END
}

load() {
	policy "$@" >"$WORK/policy.yaml"
	fnguard policy load "$WORK/policy.yaml" >/dev/null 2>&1
}

# packets ADDRESS: how many with data went there.
packets() {
	nft -j list chain ip recheck sent | jq --arg to "$1" '.nftables[].rule | select(.) | .expr
		| select(any(.[]; .match?.right == $to)) | .[].counter | select(.) | .packets'
}

# stream ADDRESS: from the cgroup, until it is ended.
stream() {
	iperf3 -s -B "$1" -D --logfile "$WORK/$1.server"
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$1/cgroup.procs" && exec iperf3 -c "$2" -t 600 "${@:4}" >"$3" 2>&1' stream "$CGROUP" "$1" "$WORK/$1.client" \
		"${SPEED[@]}" &
}

# flows ADDRESS: packets go there.
flows() {
	local before
	before=$(packets "$1")
	sleep 1
	(($(packets "$1") > before + 100))
}

# A kernel that looks for our mistakes may have no means to count packets.
if ! nft -f - <<END; then
table ip recheck {
	chain sent {
		type filter hook postrouting priority 0;
		ip daddr $BEFORE tcp dport 5201 meta length > 200 counter
		ip daddr $BESIDE tcp dport 5201 meta length > 200 counter
	}
}
END
	exit 4
fi
[[ $(packets $BEFORE) = 0 && $(packets $BESIDE) = 0 ]]
result $? "packets are counted"
mkdir -p "$CGROUP"
load $BEFORE $BESIDE
result $? "a policy allows both destinations"
fnguard cgroup bind /recheck recheck-iperf >/dev/null
stream $BEFORE
FIRST=$!
stream $BESIDE
SECOND=$!
for ((i = 0; i < 50; i++)); do
	flows $BEFORE && flows $BESIDE && break
done
flows $BEFORE && flows $BESIDE
result $? "both streams flow"

load $BESIDE
STOPPED=$(packets $BEFORE)
sleep 3
[[ $(packets $BEFORE) = "$STOPPED" ]]
result $? "no packet goes where it may not any more ($STOPPED then, $(packets $BEFORE) now)"
! kill -0 $FIRST 2>/dev/null
result $? "its client has noticed ($(tail -n1 "$WORK/$BEFORE.client"))"
flows $BESIDE && kill -0 $SECOND
result $? "the other goes on"
fnguard counters --policy recheck-iperf --json | jq -e '.[] | select(.hook == "local_out" and .class == "egress" and .count >= 1)' >/dev/null
result $? "it is counted"

load $BEFORE $BESIDE
flows $BESIDE && kill -0 $SECOND
result $? "what was allowed all the time goes on once more"
kill $SECOND
pkill iperf3
wait
nft delete table ip recheck
finish
