# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the shell tests of the guest share. TAP: result after each thing to be shown,
# and finish at the end.

COUNT=0 FAILED=0

# result STATUS WHAT: one line of TAP.
result() {
	COUNT=$((COUNT + 1))
	if (($1 == 0)); then
		echo "ok $COUNT $2"
	else
		echo "not ok $COUNT $2"
		FAILED=1
	fi
}

# await COMMAND...: it succeeds within 20 seconds.
await() {
	local i
	for ((i = 0; i < 200 * ${PATIENCE:-1}; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# within CGROUP COMMAND...: by a program that is started there, so that it is a task of the cgroup.
within() {
	(echo "$BASHPID" >"/sys/fs/cgroup/$1/cgroup.procs" && exec "${@:2}")
}

# place_sleeper CGROUP: a program that only sleeps is a task of the cgroup, and SLEEPER. It is started outside, where nothing refuses it;
# moved before it was, it would be the shell that forked it, and start it in there.
place_sleeper() {
	sleep 300 &
	SLEEPER=$!
	await grep -q sleep "/proc/$SLEEPER/comm"
	echo "$SLEEPER" >"/sys/fs/cgroup/$1/cgroup.procs"
}

# with_controls: is what is refused to be tried unguarded as well, as in the matrices of the programs?
with_controls() {
	[[ ${LEAVE_OUT:-} != *works_unguarded* ]]
}

# finish: the plan, and the status that goes with it.
finish() {
	echo "1..$COUNT"
	exit "$FAILED"
}
