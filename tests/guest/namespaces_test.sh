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

# A namespace of somebody's own in which there is no room for another hook, which takes 1,024.
full() {
	{
		echo "add table ip x"
		for ((i = 0; i < 1024; i++)); do
			echo "add chain ip x c$i { type filter hook input priority $i; }"
		done
	} | nft -f - && ! nft add chain ip x more "{ type filter hook input priority 9999; }" 2>/dev/null || exit
	touch /run/full
	exec sleep 600
}
cat >/run/names.yaml <<-YAML
	policy: names
	egress: { default: deny, resolvers: [10.0.0.53], rules: [{ allow: { host: "a.n.test", ports: [443/tcp] } }] }
YAML
fnguard arm >/dev/null
export -f full
unshare --user --map-root-user --net bash -c full &
user=$!
for ((i = 0; i < 300 * ${PATIENCE:-1}; i++)); do
	[[ ! -e /run/full ]] || break
	sleep 0.1
done
[[ -e /run/full ]]
result $? "a user has a namespace with as many hooks as there may be"
said=$(fnguard policy load /run/names.yaml 2>&1)
result $? "that keeps nobody else from rules on names (said: $said)"
fnguard policy unload names >/dev/null
result $? "nor from taking them back"
fnguard policy load /run/names.yaml >/dev/null && kill "$user"
wait "$user" 2>/dev/null
sleep 1
fnguard policy unload names >/dev/null
result $? "nor does its end"
finish
