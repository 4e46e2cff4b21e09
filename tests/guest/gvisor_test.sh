#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# gVisor, whose network stack is a program of its own that writes frames to one end of a veth pair: the other end is bound, and judges
# them. There is no socket of a function's for anybody else to look at.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=$(mktemp -d)
NETNS=fnggvisor DEVICE=fnggv0
ALLOWED=10.9.0.1 DENIED=10.9.0.3 PORT=8000
PIDS=()

make_network() {
	local address
	ip netns add $NETNS
	ip link add $DEVICE type veth peer name eth0 netns $NETNS
	ip link set $DEVICE up
	ip -n $NETNS link set lo up
	for address in $ALLOWED $DENIED; do
		ip addr add "$address/24" dev $DEVICE
		python3 -m http.server --bind "$address" $PORT >/dev/null 2>&1 &
		PIDS+=($!)
	done
	for address in $ALLOWED $DENIED; do
		until (exec 3<>"/dev/tcp/$address/$PORT") 2>/dev/null; do sleep 1; done
	done
}

# What the sandbox runs: it tells of each address whether it can be reached.
make_bundle() {
	mkdir "$WORK/rootfs"
	mount --bind / "$WORK/rootfs"
	# shellcheck disable=SC2016
	(cd "$WORK" && crun spec && jq --arg netns "/run/netns/$NETNS" --arg script '
		for address in '"$ALLOWED $DENIED"'; do
			(exec 3<>"/dev/tcp/$address/'$PORT'" && echo >&3 "GET / HTTP/1.0" && echo >&3 && head -c 4 <&3 && echo " $address")
		done' '
		.process.terminal = false | .process.args = ["/bin/bash", "-c", $script] |
		(.linux.namespaces[] | select(.type == "network")).path = $netns' config.json >"$WORK/changed" &&
		mv "$WORK/changed" config.json)
}

# sandboxed NAME: the same program in a sandbox of its own, which takes the address away from the kernel; what it says is in OUT.
sandboxed() {
	ip -n $NETNS addr replace 10.9.0.2/24 dev eth0
	ip -n $NETNS link set eth0 up
	OUT=$(timeout "$((120 * ${PATIENCE:-1}))" runsc --root="$WORK/root" --platform=ptrace --network=sandbox --ignore-cgroups \
		run --bundle "$WORK" "$1" 2>&1 </dev/null)
	OUT=${OUT//$'\n'/; }
}

# counted: refusals at the device, and by which hooks.
counted() {
	fnguard counters --policy gvisor --json |
		jq -r '[.[] | select(.verdict == "denied")] | "\([.[].count] | add // 0) \([.[].hook] | unique | join(","))"'
}

# It tells the host's network namespace by a file that later kernels have in all of them.
if ! type -P runsc >/dev/null || ((${PATIENCE:-1} > 1)) || unshare -n test -e /proc/sys/net/core/rmem_default; then
	exit 4
fi
make_network
make_bundle
sandboxed before
[[ $OUT = *"HTTP $ALLOWED"*"HTTP $DENIED"* ]]
result $? "unguarded, the sandbox reaches both addresses (said: $OUT)"
cat >"$WORK/policy.yaml" <<END
policy: gvisor
egress: { default: deny, rules: [ { allow: { to: [$ALLOWED], ports: [$PORT/tcp] } } ] }
END
fnguard policy load "$WORK/policy.yaml" >/dev/null && fnguard netdev bind $DEVICE gvisor >/dev/null
result $? "the host's end of its wire is bound"
sandboxed guarded
[[ $OUT = *"HTTP $ALLOWED"* && $OUT != *"HTTP $DENIED"* ]]
result $? "guarded, it reaches the one that is allowed (said: $OUT)"
[[ $OUT = *"Connection refused"* ]]
result $? "and is told that the other is refused"
[[ $(counted) = "1 netdev_ingress" ]]
result $? "which is counted once (counted: $(counted))"
fnguard netdev unbind $DEVICE >/dev/null
sandboxed after
[[ $OUT = *"HTTP $ALLOWED"*"HTTP $DENIED"* ]]
result $? "unbound, it reaches both again (said: $OUT)"
umount "$WORK/rootfs"
kill "${PIDS[@]}"
wait
ip netns del $NETNS
finish
