#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Real container runtimes start a function in a cgroup that a template guards
# from its first instruction: their own set-up goes through, the function's
# misdeeds do not. The same container outside the template is the control.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

BUNDLE=$(mktemp -d)
TESTS=$(cd "$(dirname "$0")" && pwd)

make_root() {
	local applet
	mkdir -p "$BUNDLE"/rootfs/{bin,proc,sys,dev,tmp,etc}
	cp /bin/busybox "$BUNDLE/rootfs/bin/"
	cp /bin/busybox "$BUNDLE/rootfs/bin/true"
	echo secret >"$BUNDLE/rootfs/etc/secret"
	for applet in sh cat; do
		ln -s busybox "$BUNDLE/rootfs/bin/$applet"
	done
}

# container RUNTIME CGROUP COMMAND: runs it; what it says is in OUT.
container() {
	(cd "$BUNDLE" && rm -f config.json && "$1" spec)
	jq --arg cgroup "$2" --arg command "$3" '
		.process.terminal = false | .process.args = ["/bin/sh", "-c", $command] |
		.linux.cgroupsPath = $cgroup' "$BUNDLE/config.json" >"$BUNDLE/changed"
	mv "$BUNDLE/changed" "$BUNDLE/config.json"
	OUT=$(cd "$BUNDLE" && timeout "$((60 * ${PATIENCE:-1}))" "$1" run "test-$1-${2//\//-}" </dev/null 2>&1)
}

# SAY is what the function does: each word stands for one thing that worked.
SAY='echo -n "started "
cat /etc/secret >/dev/null 2>&1 && echo -n "read "
/bin/true 2>/dev/null && echo -n "exec "
echo -n done'

make_root
fnguard policy load "$TESTS/launch.yaml" >/dev/null 2>&1
result $? "a policy with a template is loaded"
for runtime in crun runc; do
	if with_controls; then
		container "$runtime" "/free/$runtime" "$SAY"
		[[ $OUT = "started read exec done" ]]
		result $? "$runtime: unguarded, everything works (said: $OUT)"
	fi
	container "$runtime" "/fn/$runtime" "$SAY"
	[[ $OUT = "started done" ]]
	result $? "$runtime: guarded, it starts and is refused the rest (said: $OUT)"
	container "$runtime" "/fn/$runtime-other" "exec /bin/true"
	[[ $OUT = *ermission\ denied* ]]
	result $? "$runtime: a program without a rule is not started"
done
fnguard status | grep -q '^Tasks entering *0'
result $? "nobody is left entering"
denied=$("$TESTS/slice_check.py" total exec)
[[ $denied = 4 ]]
result $? "each refused program is counted (said: $denied)"
finish
