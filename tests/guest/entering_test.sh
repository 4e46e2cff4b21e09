#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who sets a sandbox up from inside its cgroup is guarded once it executes its
# program, and whoever was guarded once is never taken for one that sets it up.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
STEPS=/run/entering
INSIDE=/sys/fs/cgroup/entering/one
OUTSIDE=/sys/fs/cgroup/entering.out
SAID=$(mktemp)

# ask STEP: has the function do it, and waits until it has.
ask() {
	local i
	touch "$STEPS/$1"
	for ((i = 0; i < 500; i++)); do
		[[ -e $STEPS/$1 ]] || return 0
		sleep 0.02
	done
	return 1
}

# reads WHAT: the function reads the secret, and sees that, or that errno.
reads() {
	local i
	: >"$SAID"
	ask read || return 1
	for ((i = 0; i < 100; i++)); do
		[[ -s $SAID ]] && break
		sleep 0.02
	done
	[[ $(<"$SAID") = "$1" ]] || { echo "# it says: $(<"$SAID")" && return 1; }
}

move() {
	echo "$FUNCTION" >"$1/cgroup.procs"
}

# entering N: so many tasks are entering, as far as the guard knows.
entering() {
	fnguard status | grep -q "^Tasks entering *$1\$"
}

mkdir -p "$STEPS" "$INSIDE" "$OUTSIDE"
printf secret >/tmp/secret
fnguard policy load "$TESTS/entering.yaml" >/dev/null 2>&1
result $? "the policy is loaded"
"$TESTS/entering_steps.py" >>"$SAID" &
FUNCTION=$!

reads secret
result $? "outside, the secret is read"
move "$INSIDE" && entering 1 && reads secret
result $? "a task that is moved in is entering, and may set things up"
ask execute && entering 0 && reads EACCES
result $? "what it executes is guarded"

for how in execute execute_by_thread; do
	move "$OUTSIDE" && reads secret
	result $? "$how: moved out by the host, it is free"
	ask "$how" && reads secret
	result $? "$how: it executes something out there"
	move "$INSIDE" && entering 0 && reads EACCES
	result $? "$how: moved in again, it is guarded at once"
done

touch "$STEPS/end"
wait "$FUNCTION"
result $? "it ends"
finish
