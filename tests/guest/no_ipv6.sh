#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A host that was started without IPv6 (ipv6.disable=1), where what the kernel has for IPv6 must not be asked anything.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

ALLOWED=127.1.0.1 DENIED=127.1.0.2 PORT=8000
WORK=$(mktemp -d)
cd "$WORK" || exit 1

# as GROUP COMMAND...: in that cgroup, "" for none.
as() {
	# shellcheck disable=SC2016 # the inner shell's
	[[ -z $1 ]] || set -- sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "/sys/fs/cgroup/$1" "${@:2}"
	[[ $1 != "" ]] || shift
	"$@"
}

# reaches GROUP ADDRESS
reaches() {
	as "$1" bash -c "exec 3<>/dev/tcp/$2/$PORT" 2>said
}

# bound NAME: is a device of this name?
bound() {
	fnguard netdev list --json | jq -e --arg name "$1" 'any(.[]; .device == $name)' >/dev/null
}

cat >guest.yaml <<'YAML'
policy: guest
attach: { interface: ["fngdev*"] }
egress: { default: deny }
YAML
cat >function.yaml <<YAML
policy: function
egress:
  rules: [{ allow: { to: [$ALLOWED], ports: [$PORT/tcp] } }]
limits: { destinations: 10, connect: 100/s }
YAML

[[ ! -e /proc/sys/net/ipv6 ]]
result $? "there is no IPv6"
ip link set lo up
python3 -m http.server --bind 0.0.0.0 $PORT >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
until reaches "" $ALLOWED; do sleep 0.2; done
reaches "" $DENIED
result $? "both addresses are reached unguarded"

ip link add fngdev9 type veth peer name other9
ip addr add 10.9.0.1/24 dev fngdev9 && ip link set fngdev9 up && ip link set other9 up && ip route add default via 10.9.0.2
result $? "there is a default route"
ip link add fngdev0 type veth peer name other0
fnguard policy load guest.yaml function.yaml >/dev/null
result $? "policies are loaded"
bound fngdev0
result $? "a device that was there is bound"
ip link add fngdev1 type veth peer name other1 && bound fngdev1
result $? "and one that is made later"
! bound fngdev9
result $? "but not the one with the default route"
ip link set fngdev9 down && ip link set fngdev9 up && ! bound fngdev9
result $? "nor when it was set down, which has taken the route away"

mkdir /sys/fs/cgroup/no-ipv6 && fnguard cgroup bind /no-ipv6 function >/dev/null
reaches no-ipv6 $ALLOWED
result $? "a function goes where it may"
! reaches no-ipv6 $DENIED && grep -q refused said
result $? "and nowhere else ($(tail -n1 said))"
[[ $(fnguard counters --policy function --totals --json | jq '[.[] | select(.class == "egress").count] | add') = 1 ]]
result $? "which is counted"
finish
