#!/bin/bash
# SPDX-License-Identifier: MIT
# guest.sh SECONDS SEED [SCENARIO]...: runs in the guest: scenarios one after the other, each for its part of that many seconds
# and with the module freshly loaded, as TAP. A scenario says by itself what held; one that ends without a verdict has failed.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
# shellcheck source=tests/guest/leaks.sh
. /usr/lib/fnguard/tests/leaks.sh

SECONDS_ALL=$1 SEED=$2
shift 2
SCENARIOS=(swap cgroups netns reload tracers memory overrun faults init)
(($#)) || set -- "${SCENARIOS[@]}"
PATIENCE=${PATIENCE:-1}

# tell_where SCENARIO SECONDS: after these, where its tasks are, for who wants to know why it does not end.
tell_where() {
	local pid task
	read -rt "$2" <> <(:) || for pid in $(pgrep -x "$1"); do
		for task in "/proc/$pid/task/"*; do
			echo "# $1: ${task##*/} of $pid, $(awk '/^State/ { print $2 $3 }' "$task/status"), is in"
			sed 's/^/#   /' "$task/stack"
		done
	done
}

# try SCENARIO SECONDS: what it takes beyond its time, it takes to set up and to wait for books to be closed.
try() {
	local status limit=$(($2 + 180 * PATIENCE)) watcher
	unload
	if ! insmod /usr/lib/fnguard/fnguard.ko; then
		echo "not ok $1: the module is not loaded"
		return
	fi
	SECONDS=0
	tell_where "$1" "$limit" &
	watcher=$!
	timeout -k 5 "$((limit + 5))" "./$1" "$2" "$SEED" 2>&1 | tee /run/tap
	status=${PIPESTATUS[0]}
	kill "$watcher" 2>/dev/null
	grep -qE "^(ok|not ok) $1: " /run/tap || echo "not ok $1: ended with status $status"
	echo "# $1 took $SECONDS s"
}

# Where memory runs out, it is not this that ends for it.
echo -1000 >"/proc/$$/oom_score_adj"
forget_leaks
for scenario; do
	echo "# $scenario"
	try "$scenario" "$((SECONDS_ALL / $#))"
done
find_leaks
