#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The disk under the agent's log is full: the agent goes on, tells systemd how
# much it could not write, and, once there is room, its log. Each event is in the
# log, or in that number.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

DISK=/run/small
LOG=$DISK/log
POLICY=$(mktemp --suffix .yaml)
NOTIFY=/run/agent-notify

# await COMMAND...: it succeeds within ten seconds.
await() {
	local i
	for ((i = 0; i < 100; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# refuse N: makes that many events, one for each cgroup.
refuse() {
	local i
	for ((i = 0; i < $1; i++)); do
		# shellcheck disable=SC2016 # the inner shell's
		fnguard run agent-disk -- head -c 1 /etc/shadow 2>/dev/null
	done
}

# unwritten: what the agent said last that it could not write.
unwritten() {
	grep -oE '[0-9]+ lines not written' "$NOTIFY" | tail -n 1 | cut -d' ' -f1
}

some_unwritten() {
	(($(unwritten) > 0))
}

nothing_unwritten() {
	(($(unwritten) == 0))
}

# told: lines of the log about what is not in it. One may still fit where the line
# of an event does not.
told() {
	grep -F '"kind":"lost","where":"log"' "$LOG"
}

# account: events that are in the log and lines that are told to be missing add
# up to all events of the time; and every line is whole.
account() {
	python3 - "$LOG" "$1" <<-'PYTHON'
		import json, sys
		lines = [json.loads(line) for line in open(sys.argv[1])]
		seqs = [line["seq"] for line in lines if "seq" in line]
		lost = sum(line["count"] for line in lines if line["kind"] == "lost")
		missing = max(seqs) - min(seqs) + 1 - len(seqs)
		print(f"# {len(seqs)} events in the log, {missing} are missing, {lost} are told to be")
		sorted_once = seqs == sorted(set(seqs))
		sys.exit(not (sorted_once and lost == missing and missing >= int(sys.argv[2])))
	PYTHON
}

cat >"$POLICY" <<-YAML
	policy: agent-disk
	files: { default: allow, rules: [{ path: "/etc/shadow", deny: [all] }] }
YAML
mkdir "$DISK" && mount -t tmpfs -o size=256k small "$DISK"
: >"$NOTIFY"
socat -u UNIX-RECV:/run/notify.sock OPEN:"$NOTIFY",append &
SOCAT=$!
await test -S /run/notify.sock
fnguard policy load "$POLICY" >/dev/null 2>&1
NOTIFY_SOCKET=/run/notify.sock fnguardd --log "$LOG" &
AGENT=$!
await grep -q READY=1 "$NOTIFY"
result $? "the agent is ready"
refuse 2
await grep -qF '"kind":"denied"' "$LOG"
result $? "what is refused is in its log"

fallocate -l 1M "$DISK/filler" 2>/dev/null || cat /dev/zero >"$DISK/filler" 2>/dev/null
(($(df --output=avail "$DISK" | tail -n 1) == 0))
result $? "the disk is full"
refuse 10
await some_unwritten
result $? "it says that lines are not written (said: $(unwritten))"
kill -0 "$AGENT"
result $? "and goes on"
fnguard status | grep -q '^State *enforcing$'
result $? "the guard is attended"

rm "$DISK/filler"
await nothing_unwritten
result $? "once there is room, nothing is left to tell"
told | grep -qF '"reason":"ENOSPC"'
result $? "for its log says so, and why"
refuse 2
sleep 2
kill -TERM "$AGENT"
wait "$AGENT"
result $? "it ends as it should"
account 5
result $? "each event is in the log or counted as missing"
kill "$SOCAT"
umount "$DISK"
rm -f "$POLICY"
finish
