#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions in Python, in JavaScript and in one static file work in a container
# under the templates that are meant for them, without a single denial; what one
# does besides, and may not, is denied once.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
BUNDLE=$(mktemp -d)

# policy NAME TEMPLATES [PARAMETERS]: what guards the function; what it does is reported if OBSERVE says so.
policy() {
	cat - "$TESTS/workload.yaml" <<-YAML
		policy: workload-$1
		extends: [$2]
		params: { ${3:-} }
		attach: { cgroup: ["/workload/$1-*"] }
		${OBSERVE:+observe: [exec, map, open, connect, listen]}
	YAML
}

# container CGROUP WORD...: runs the words in a container that sees the guest's
# files; what it says is in OUT.
container() {
	local cgroup=$1
	shift
	jq -n '$ARGS.positional' --args -- "$@" |
		jq --slurpfile spec "$BUNDLE/spec.json" --arg cgroup "$cgroup" '
			. as $words | $spec[0] | .process.terminal = false |
			.process.args = $words | .linux.cgroupsPath = $cgroup |
			.mounts += [{ destination: "/tmp", type: "tmpfs", source: "tmpfs" }]
		' >"$BUNDLE/config.json"
	OUT=$(cd "$BUNDLE" && timeout "$((60 * ${PATIENCE:-1}))" crun run "workload${cgroup//\//-}" </dev/null 2>&1)
}

# denials NAME: how many there were under the policy, and by which hooks. That of
# all cgroups together also counts what the runtime did while it was entering.
denials() {
	fnguard counters --policy "workload-$1" --json | jq -r '
		[.[] | select(.verdict == "denied" and .count > 0)] |
		"\([.[].count] | add // 0) \([.[].hook] | join(","))"'
}

# are_denied NAME WHAT: so many by these hooks; if it is not that, what they were.
are_denied() {
	local found
	found=$(denials "$1")
	[[ $found = "$2" ]] && return
	echo "# instead: $found"
	grep -w "workload-$1" "$BUNDLE/events" | grep ' denied ' | sed 's/^/# /'
	return 1
}

# works NAME TEMPLATES PARAMETERS HOOK MISDEED WORD...: as a function, which HOOK
# denies what it does besides, as the shell does it.
works() {
	local name=$1 templates=$2 parameters=$3 hook=$4 misdeed=$5
	shift 5
	container "/free/$name" /bin/bash -c "$misdeed && echo misbehaved"
	[[ $OUT = misbehaved ]]
	result $? "$name: unguarded, it could do more (said: $OUT)"
	policy "$name" "$templates" "$parameters" >"$BUNDLE/workload-$name.yaml"
	fnguard policy load "$BUNDLE/workload-$name.yaml" >"$BUNDLE/said" 2>&1 || sed 's/^/# /' "$BUNDLE/said"
	fnguard policy show "workload-$name" >/dev/null
	result $? "$name: its policy is loaded"
	container "/workload/$name-1" "$@"
	[[ $OUT = "done" ]]
	result $? "$name: guarded, it works (said: $OUT)"
	are_denied "$name" "0 "
	result $? "$name: nothing is denied"
	container "/workload/$name-2" "$@" misbehave
	[[ $OUT = "done" ]]
	result $? "$name: what it may not do does not disturb it (said: $OUT)"
	are_denied "$name" "1 $hook"
	result $? "$name: and is denied once"
}

mkdir -p "$BUNDLE/rootfs" /app
fnguard events >"$BUNDLE/events" 2>/dev/null &
EVENTS=$!
mount --bind / "$BUNDLE/rootfs"
cp "$TESTS"/{workload.py,workload.js} /app/
cp "$TESTS/helper_workload" /app/worker
(cd "$BUNDLE" && crun spec && mv config.json spec.json)
works static "strict, static-binary" "binary: /app/worker" bprm_check /usr/bin/true /app/worker
if ((${PATIENCE:-1} > 1)); then
	result 0 "python, node # SKIP they take minutes on this kernel"
else
	works python "strict, base, python3" "" file_open 'read <"/etc/shadow"' /usr/bin/python3 /app/workload.py
	# There is nobody at the other end, and nobody refuses to find that out.
	works node "strict, base, node" "" socket_connect \
		'{ : </dev/tcp/169.254.169.254/80; } |& grep -q unreachable' /usr/bin/node /app/workload.js
fi
umount "$BUNDLE/rootfs"
kill "$EVENTS"
finish
