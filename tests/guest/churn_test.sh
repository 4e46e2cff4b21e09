#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies come and go, and the whole guard, while guarded and unguarded tasks
# execute, open and connect all the time. CHURN_LOADS and CHURN_ARMS say how often.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

LOADS=${CHURN_LOADS:-200}
ARMS=${CHURN_ARMS:-2}
TESTS=$(cd "$(dirname "$0")" && pwd)
IMAGE=$(mktemp)
GROUP=/sys/fs/cgroup/churn
JOBS=()

# busy: executes, opens and connects until it is killed.
busy() {
	while :; do
		/usr/bin/true
		cat /etc/passwd >/dev/null
		python3 -c 'import socket
for _ in range(200):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("127.0.0.1", 9))'
	done
}

# start_load [CGROUP]: a busy task, in a cgroup or here.
start_load() {
	(
		[[ -z ${1:-} ]] || echo "$BASHPID" >"$1/cgroup.procs"
		busy
	) >/dev/null 2>&1 &
	JOBS+=($!)
}

stop_load() {
	echo 1 >"$GROUP/cgroup.kill"
	kill "${JOBS[@]}" 2>/dev/null
	wait 2>/dev/null
}

# times N COMMAND...: runs it N times; fails with the first that fails.
times() {
	local n=$1 i
	shift
	for ((i = 1; i <= n; i++)); do
		"$@" >/dev/null || {
			echo "# failed at $i: $*"
			return 1
		}
	done
}

available() {
	awk '/^MemAvailable/ { print $2 }' /proc/meminfo
}

load() {
	fnguard policy load "$IMAGE"
}

reload() {
	fnguard policy unload churn && load
}

# The hooks are attached again by the module that detached them, and by a new one.
rearm() {
	fnguard disarm --reason "churn" && load &&
		fnguard disarm --reason "churn" && rmmod fnguard &&
		insmod /usr/lib/fnguard/fnguard.ko && load && ! rmmod fnguard 2>/dev/null
}

fnguard policy compile "$TESTS/churn.yaml" -o "$IMAGE" >/dev/null 2>&1 && load >/dev/null
result $? "the policy is loaded"
mkdir "$GROUP" && fnguard cgroup bind /churn churn >/dev/null
result $? "a cgroup is bound to it"
start_load "$GROUP"
start_load
times 20 load
before=$(available)
times "$LOADS" load
result $? "it is replaced $LOADS times under load"
fnguard cgroup unbind /churn >/dev/null
times "$LOADS" reload
result $? "it is unloaded and loaded $LOADS times"
after=$(available)
((before - after < 32768))
result $? "no memory is lost (before $before KiB, after $after KiB)"
times "$ARMS" rearm
result $? "the guard is disarmed, removed and armed $ARMS times"
fnguard status | grep -q '^State *enforcing'
result $? "it is enforcing"
stop_load
rm -f "$IMAGE"
finish
