#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard answers only to those who see the whole host.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

mkdir -p /sys/fs/cgroup/inner
# within OPTION COMMAND...: from a cgroup, in a new namespace; prints what it says, the last line alone.
within() {
	(
		echo "$BASHPID" >/sys/fs/cgroup/inner/cgroup.procs
		unshare "$@" 2>&1 | tail -n 1
		exit "${PIPESTATUS[0]}"
	)
}

fnguard status >/dev/null
result $? "it answers to root"
within --uts fnguard status >/dev/null
result $? "it answers to root in a namespace that hides nothing"
said=$(within --cgroup fnguard status)
[[ $? = 4 && $said = *"cgroup namespace hides cgroups"* ]]
result $? "it does not answer where cgroups are hidden (said: $said)"
said=$(within --net fnguard status)
[[ $? = 4 ]]
result $? "there is no family in another network namespace (said: $said)"
said=$(within --user --map-root-user fnguard status)
[[ $? = 4 && $said = *"CAP_SYS_ADMIN"* ]]
result $? "root of a user namespace may not ask (said: $said)"
finish
