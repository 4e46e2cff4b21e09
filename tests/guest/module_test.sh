#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and removing the module: its parameters, what keeps it from being
# removed, and machines on which it cannot work, where it says so and leaves
# nothing behind.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

MODULE=/usr/lib/fnguard/fnguard.ko
PARAMETERS=/sys/module/fnguard/parameters
POLICY=$(mktemp --suffix .yaml)
OCCUPY=(/share/guest-modules-*/occupy.ko)

# says WORDS COMMAND...: it fails, and says these words.
says() {
	local words=$1 said
	shift
	said=$("$@" 2>&1) && {
		echo "# it did not fail: $*"
		return 1
	}
	[[ $said = *"$words"* ]] || {
		echo "# it said: $said"
		return 1
	}
}

# logged WORDS: the kernel has said so since forget_log.
forget_log() {
	dmesg -C
}

logged() {
	dmesg | grep -qF "$1" || {
		dmesg | sed 's/^/# /'
		return 1
	}
}

is_loaded() {
	[[ -d /sys/module/fnguard ]]
}

is_idle() {
	fnguard status 2>/dev/null | grep -q '^State *idle'
}

users() {
	cat /sys/module/fnguard/refcnt
}

# hooks: how many functions are redirected by anybody.
hooks() {
	grep -cE '\([0-9]+\).*\bI\b' /sys/kernel/tracing/enabled_functions
}

# with PARAMETER VALUE...: the module, loaded with that.
with() {
	rmmod fnguard 2>/dev/null
	insmod "$MODULE" "$@"
}

policies() {
	fnguard policy list --json | jq length
}

cat >"$POLICY" <<-YAML
	policy: module
	attach: { cgroup: ["/module/*"] }
	files: { default: allow, rules: [{ path: "/etc/shadow", deny: [all] }] }
YAML

# guarded: a task under the policy cannot read, and one that is not can.
guarded() {
	mkdir -p /sys/fs/cgroup/module/task
	head -c 1 /etc/shadow >/dev/null || return
	# shellcheck disable=SC2016 # the inner shell's
	says "ermission denied" sh -c \
		'echo $$ >/sys/fs/cgroup/module/task/cgroup.procs; exec head -c 1 /etc/shadow'
}

## loaded twice, removed, loaded again
says "File exists" insmod "$MODULE"
result $? "a second time it is not loaded"
is_idle
result $? "and the first is as it was"
rmmod fnguard && ! is_loaded
result $? "idle, it can be removed"
says "not currently loaded" rmmod fnguard
result $? "but not twice"
insmod "$MODULE" && is_idle
result $? "it can be loaded again"

## parameters
[[ $(<"$PARAMETERS/ledger_rows") = 16384 ]]
result $? "rows of the ledger, if not said"
[[ $(<"$PARAMETERS/observed_rate") = 1000 ]]
result $? "what is observed of all cgroups, if not said"
[[ $(<"$PARAMETERS/launchers") = */usr/bin/runc,*systemd-executor* ]]
result $? "launchers, if not said"
with ledger_rows=1000 && [[ $(<"$PARAMETERS/ledger_rows") = 1000 ]]
result $? "rows as said"
with ledger_rows=0 && [[ $(<"$PARAMETERS/ledger_rows") = 256 ]]
result $? "too few rows become the fewest"
with ledger_rows=4294967295 && [[ $(<"$PARAMETERS/ledger_rows") = 1048576 ]]
result $? "too many rows become the most"
with refusals=1 && [[ $(<"$PARAMETERS/refusals") = 64 ]]
result $? "and so do refusals that are remembered"
for wrong in ledger_rows=many observed_rate=many ledger_rows=-1 ledger_rows=4294967296 \
	"launchers=$(seq -s, 17)"; do
	says "could not insert module" with "$wrong"
	result $? "it is not loaded with ${wrong:0:30}"
	! is_loaded
	result $? "and nothing is left of it"
done
with launchers=/nowhere,/usr/bin/true && [[ $(<"$PARAMETERS/launchers") = /nowhere,/usr/bin/true ]]
result $? "launchers as said, though one does not exist"

## armed
[[ $(users) = 0 ]]
result $? "nobody uses it before it is armed"
fnguard policy load "$POLICY" >/dev/null 2>&1 && [[ $(users) = 1 ]]
result $? "it holds itself once there is a policy"
says "in use" rmmod fnguard
result $? "armed, it cannot be removed"
(($(hooks) > 20)) && guarded
result $? "and goes on guarding"
says "Device or resource busy" sysctl -w kernel.ftrace_enabled=0
result $? "nobody can switch its hooks off"
guarded
result $? "and it goes on guarding"
says "Device or resource busy" insmod "${OCCUPY[0]}" function=security_path_chown
result $? "nor take one of them"
fnguard disarm --reason "to be removed" >/dev/null && is_idle && [[ $(users) = 0 ]]
result $? "disarmed, nobody uses it"
[[ $(hooks) = 0 ]]
result $? "and no function is redirected"
rmmod fnguard && ! is_loaded
result $? "it can be removed"

## hooks that cannot be had: none of them, one in the middle, the last
insmod "$MODULE"
sysctl -qw kernel.ftrace_enabled=0
says "kernel.ftrace_enabled is 0" fnguard arm
result $? "it is not armed where nothing can be traced"
says "kernel.ftrace_enabled is 0" fnguard policy load "$POLICY"
result $? "and no policy is loaded"
is_idle && [[ $(users) = 0 && $(policies) = 0 ]]
result $? "it is idle, and holds nothing"
sysctl -qw kernel.ftrace_enabled=1
for function in security_path_chown cgroup_attach_task; do
	insmod "${OCCUPY[0]}" function="$function"
	forget_log
	says "held by a live patch or another guard" fnguard policy load "$POLICY"
	result $? "it is not armed where another holds $function"
	logged "$function is held by"
	result $? "and says in the log that it is that one"
	is_idle && [[ $(users) = 0 && $(policies) = 0 && $(hooks) = 1 ]]
	result $? "no other hook is left behind"
	head -c 1 /etc/shadow >/dev/null && mkdir -p /sys/fs/cgroup/module/task
	result $? "nothing is refused"
	rmmod occupy
done
rmmod fnguard && insmod "$MODULE"
result $? "it can be removed and loaded"
fnguard policy load "$POLICY" >/dev/null 2>&1 && fnguard arm >/dev/null && guarded
result $? "and armed, now that nobody is in the way"
fnguard status >/dev/null
result $? "every hook is proven"

## other hierarchies of cgroups
fnguard disarm --reason "end" >/dev/null
rmmod fnguard
umount -l /sys/fs/cgroup
forget_log
says "Operation not supported" insmod "$MODULE"
result $? "it is not loaded where there are no cgroups"
logged "is not the unified cgroup v2 hierarchy; boot with"
result $? "and says what it needs"
mount -t tmpfs cgroup_root /sys/fs/cgroup
mkdir /sys/fs/cgroup/systemd /sys/fs/cgroup/unified
mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
says "Operation not supported" insmod "$MODULE"
result $? "nor where they are of the first version"
mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
says "Operation not supported" insmod "$MODULE"
result $? "nor where they are of both"
! is_loaded
result $? "nothing is left of it"
umount /sys/fs/cgroup/unified /sys/fs/cgroup/systemd /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
insmod "$MODULE" && fnguard policy load "$POLICY" >/dev/null 2>&1 && guarded
result $? "with the unified hierarchy back in place it works"
rm -f "$POLICY"
finish
