#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own tests of Landlock say the same in a cgroup where every hook
# judges, and allows, as in one without a policy.
#
# What no policy can allow, and where they differ therefore: a file whose name
# cannot be told is refused. That is what is below a directory that was moved out of
# the bind mount it is reached through, and a directory outside of the task's root.
#
# Of the tests of sockets, each of which starts a program to bring its network up,
# only some are run, all of them with LANDLOCK_ALL=1.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
SELFTESTS=(/share/landlock-*/*_test)
CGROUPS=/sys/fs/cgroup/landlock
WORK=$(mktemp -d)

NAMELESS_TESTS=(relative_chroot_only path_disconnected path_disconnected_rename path_disconnected_link)
NAMELESS_FIXTURES=(layout4_disconnected_leafs)
NAMELESS=$(IFS='|' && printf '%s' "\.(${NAMELESS_TESTS[*]})$|\b(${NAMELESS_FIXTURES[*]})\.")
SOCKETS=(-f mini -f ipv4_tcp -v tcp_sandbox_with_ipv4_tcp1)

# chosen NAME: options of a test that choose from it. Those of Linux 6.1 take none.
chosen() {
	case $1 in
	fs_test)
		printf -- '-T %s ' "${NAMELESS_TESTS[@]}"
		printf -- '-F %s ' "${NAMELESS_FIXTURES[@]}"
		;;
	net_test) ((${LANDLOCK_ALL:-0})) || echo "${SOCKETS[*]}" ;;
	esac
}

# may_connect WHERE: a task in that cgroup may connect to what the policy denies.
may_connect() {
	(
		echo 0 >"$CGROUPS/$1/cgroup.procs"
		exec bash -c ': </dev/udp/127.0.0.9/9'
	) 2>/dev/null
}

# said NAME WHERE: what a test says in a cgroup; its results, without their
# numbers, are in WORK/NAME.WHERE.
said() {
	local options
	read -ra options < <(chosen "$1")
	(
		cd "$WORK/landlock" || exit
		echo 0 >"$CGROUPS/$2/cgroup.procs"
		exec "./$1" "${options[@]}"
	) 2>&1 | tee "$WORK/said.$2" | grep -E '^(ok|not ok)\b' | sed -E 's/ok [0-9]+ /ok /' |
		grep -vE "$NAMELESS" >"$WORK/$1.$2"
}

# compare NAME: by their results; what led to others is shown as well.
compare() {
	diff "$WORK/$1.free" "$WORK/$1.guarded" >"$WORK/difference" && return
	sed 's/^/# /' "$WORK/difference"
	diff "$WORK/said.free" "$WORK/said.guarded" | head -n 50 | sed 's/^/#   /'
	return 1
}

if [[ ! -x ${SELFTESTS[0]} ]] || ! grep -qs landlock /sys/kernel/security/lsm; then
	result 0 "Landlock # SKIP the kernel has none, or its tests are not here"
	finish
fi
mkdir -p "$CGROUPS"/{free,guarded}
fnguard policy load "$TESTS/landlock.yaml" >/dev/null 2>&1
result $? "a policy that allows everything is loaded"
ip link set lo up
may_connect free && ! may_connect guarded
result $? "and guards the one cgroup of the two"
cp -r "$(dirname "${SELFTESTS[0]}")" "$WORK/landlock"
for test in "$WORK"/landlock/*_test; do
	name=$(basename "$test")
	said "$name" free
	grep -q '^ok' "$WORK/$name.free"
	result $? "$name: $(grep -c '^ok' "$WORK/$name.free") of its tests pass unguarded"
	said "$name" guarded
	compare "$name"
	result $? "$name: guarded it says the same"
done
rm -rf "$WORK"
finish
