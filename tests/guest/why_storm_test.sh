#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What was refused last is read all the time, while tasks and packets of cgroups that come, go and are activated are refused things, and
# policies replace each other. Then the module is removed with all of that remembered.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CGROUPS=/sys/fs/cgroup/storm
WORK=$(mktemp -d)

# live CGROUP: a short life, in which files and packets are refused.
live() {
	(echo "$BASHPID" >"$1/cgroup.procs" && exec python3 -E -S -B "$WORK/act.py") >/dev/null 2>&1
}

# functions NAME: lives, one after the other, until it is over.
functions() {
	local i=0
	while [[ ! -e $WORK/over ]]; do
		mkdir "$CGROUPS/$1-$((++i))"
		live "$CGROUPS/$1-$i"
		rmdir "$CGROUPS/$1-$i"
		echo "$i" >"$WORK/lives.$1"
	done
}

# pool: the same in a cgroup that stays, and is activated for each.
pool() {
	local i=0
	while [[ ! -e $WORK/over ]]; do
		fnguard cgroup activate /storm/pool storm "use$((++i))" >/dev/null 2>>"$WORK/refused"
		live $CGROUPS/pool
		echo "$i" >"$WORK/lives.pool"
	done
}

# lived: has each of them had two functions?
lived() {
	[[ $(cat "$WORK"/lives.* 2>/dev/null | awk '$1 > 1' | wc -l) = 3 ]]
}

cat >"$WORK/act.py" <<'ACT'
import os, socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(40):
	try:
		os.stat("/srv/storm/%d" % i) and os.open("/srv/storm/%d" % i, os.O_RDONLY)
	except OSError:
		pass
	try:
		sock.sendto(b"?", ("127.0.0.1", 9000 + i))
	except OSError:
		pass
	try:
		open("/proc/self/comm", "w").write("%d\n" % i)
		os.rename("/srv/storm/%d" % i, "/srv/storm/new%d" % i)
	except OSError:
		pass
ACT
mkdir -p /srv/storm $CGROUPS/pool
touch /srv/storm/{0..39}
ip link set lo up
for errno in EACCES EPERM; do
	cat >"$WORK/$errno.yaml" <<POLICY
policy: storm
response: { errno: { files: $errno } }
files:
  default: deny
  rules:
    - { path: "/**", allow: [all] }
    - { path: "/", allow: [all] }
    - { path: "/srv/storm/**", deny: [all] }
egress: { default: deny, rules: [] }
POLICY
done
rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko refusals=128 && fnguard policy load "$WORK/EACCES.yaml" >/dev/null 2>"$WORK/said" &&
	fnguard cgroup bind /storm storm >/dev/null
result $? "there is little room ($(cat "$WORK/said"))"
functions a &
functions b &
pool &
reads=0
failed=0
end=$((SECONDS + 15))
while ((SECONDS < end)) || { ! lived && ((SECONDS < 60 * ${PATIENCE:-1})); }; do
	fnguard why --json --last 999 >"$WORK/why.json" 2>"$WORK/said" && jq -e 'type == "array"' "$WORK/why.json" >/dev/null || failed=$((failed + 1))
	reads=$((reads + 1))
	((reads % 3)) || fnguard policy load "$WORK/$( ((reads % 2)) && echo EACCES || echo EPERM).yaml" >/dev/null 2>&1
done
touch "$WORK/over"
wait
((reads > 1 && !failed)) && [[ ! -s $WORK/refused ]]
result $? "it can be read all the time: $reads times, $failed failed, of $(cat "$WORK"/lives.* | paste -sd+) functions: $(cat "$WORK/said" "$WORK/refused")"
[[ $(jq '[.[] | select(.class != "files" and .class != "egress")] | length' "$WORK/why.json") = 0 && $(jq length "$WORK/why.json") -gt 3 ]]
result $? "nothing is told that nobody did: $(jq length "$WORK/why.json") refusals of $(jq "[.[].cgroup_id] | unique | length" "$WORK/why.json")"
fnguard cgroup unbind /storm/pool storm >/dev/null
fnguard cgroup unbind /storm storm >/dev/null
fnguard policy unload storm >/dev/null
fnguard disarm --reason "the module goes" >/dev/null 2>&1
rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko
result $? "the module goes with it"
rmdir $CGROUPS/pool $CGROUPS
rm -rf /srv/storm "$WORK"
finish
