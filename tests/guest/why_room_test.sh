#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel remembers of refusals when there are more cgroups than room: each gets some of it, what finds none is counted, and
# those that are gone make room.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

ROOM=64
MANY=70
CGROUPS=/sys/fs/cgroup/room

# refuse CGROUP FILE...: somebody in the cgroup tries to read files that are there.
refuse() {
	local cgroup=$CGROUPS/$1
	shift
	[[ -d $cgroup ]] || mkdir -p "$cgroup"
	(echo "$BASHPID" >"$cgroup/cgroup.procs" && exec cat "$@") >/dev/null 2>&1
}

# remembered FILTER: of what is remembered.
remembered() {
	fnguard why --json --last 999 | jq -r "$1"
}

mkdir -p /srv/room $CGROUPS
touch /srv/room/{1..40}
cat >/srv/room.yaml <<'POLICY'
policy: room
files:
  default: deny
  rules:
    - { path: "/usr/**", allow: [read] }
    - { path: "/etc/*", allow: [read] }
POLICY
rmmod fnguard && insmod /usr/lib/fnguard/fnguard.ko refusals=$ROOM && fnguard policy load /srv/room.yaml >/dev/null 2>&1 &&
	fnguard cgroup bind /room room >/dev/null
result $? "there is room for $ROOM"
refuse loud /srv/room/*
refuse quiet /srv/room/1
[[ $(remembered '[.[] | select(.cgroup == "/room/loud")] | length') -le 16 &&
	$(remembered '[.[] | select(.cgroup == "/room/quiet")] | length') = 1 ]]
result $? "who is refused much takes a share of it"
seq -f "$CGROUPS/%g" "$MANY" | xargs mkdir
for ((i = 1; i <= MANY; i++)); do
	refuse "$i" /srv/room/1 /srv/room/2
done
nr=$(remembered '[.[].cgroup] | unique | length')
((nr > ROOM / 3)) && [[ $(remembered length) = "$ROOM" ]]
result $? "the less is left, the less of it gets one: it is of $nr cgroups"
fnguard why /room/quiet 2>&1 >/dev/null | grep -q "found no room"
result $? "what found none is counted"
[[ $(remembered '[.[] | select(.cgroup == "/room/quiet")] | length') = 1 ]]
result $? "and has pushed out nothing"
rmdir $CGROUPS/[0-9]*
for ((i = 0; i < 100; i++)); do
	refuse later /srv/room/3
	[[ $(remembered '[.[] | select(.cgroup == "/room/later")] | length') = 1 ]] && break
	sleep 0.2
done
((i < 100))
result $? "cgroups that are gone make room"
fnguard cgroup unbind /room >/dev/null
rmdir $CGROUPS/loud $CGROUPS/quiet $CGROUPS/later $CGROUPS
rm -rf /srv/room /srv/room.yaml
finish
