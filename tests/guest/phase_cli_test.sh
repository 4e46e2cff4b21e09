#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A warm pool by the command line: a function serves and is refused more from then on; then the next one has its cgroup.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CGROUPS=/sys/fs/cgroup
DIR=$(mktemp -d)
cd "$DIR" || exit 1

reads() {
	within pool/one sh -c 'read -r _ </etc/passwd' 2>/dev/null
}

mkdir -p $CGROUPS/pool/one
cat >pool.yaml <<'POLICY'
policy: pool
files: { default: allow }
phases:
  serve: { files: { rules: [{ path: /etc/passwd, deny: [all] }] } }
  late: { enter: 10m, memory: { write-exec: deny } }
POLICY
sed 's/^policy: pool/policy: next/' pool.yaml >next.yaml
fnguard policy check pool.yaml | grep -qE '^late +time +600 +as the policy$'
result $? "checking the policy lists its phases"
[[ $(fnguard policy explain pool.yaml open /etc/passwd --json | jq -r .verdict) = allow &&
	$(fnguard policy explain --phase serve pool.yaml open /etc/passwd --json | jq -r .verdict) = deny ]]
result $? "and explains by each"
fnguard policy compile -o pool.fng pool.yaml >/dev/null && fnguard policy load pool.fng >/dev/null 2>&1
result $? "it is loaded as an image"
fnguard policy load pool.yaml next.yaml >/dev/null 2>&1 && fnguard cgroup bind /pool/one pool >/dev/null
result $? "and as a text, beside another"
fnguard policy show pool >/dev/null
result $? "what the kernel holds can be shown"
reads
result $? "the function reads what it may"
fnguard cgroup phase /pool/one --json | jq -e 'length == 1 and .[0].policy == "pool" and .[0].phase == null and .[0].next == "serve" and .[0].enter == "command"' >/dev/null
result $? "it is in no phase yet"
fnguard cgroup phase /pool/one | grep -qE '^pool +\(start\) +[0-9]+ +serve +command$'
result $? "and the table says so"
[[ $(fnguard cgroup phase /pool/one serve) = "/pool/one is in phase serve of pool." ]]
result $? "it enters a phase"
! reads
result $? "and is refused what that does"
fnguard status --json | jq -e '.phases == 1' >/dev/null
result $? "which the status counts"
fnguard counters --json --cgroup /pool/one | jq -e 'any(.[]; .phase == "serve" and .policy == "pool")' >/dev/null
result $? "which the counters tell by phase"
said=$(fnguard cgroup phase /pool/one serve 2>&1)
[[ $? = 1 && $said = *"in that phase already"* ]]
result $? "it cannot enter it again (said: $said)"
said=$(fnguard cgroup phase /pool/one nothing 2>&1)
[[ $? = 1 && $said = *"no phase of that name"* ]]
result $? "nor one that there is not"
fnguard cgroup phase /pool/one --policy pool late >/dev/null
said=$(fnguard cgroup phase /pool/one serve 2>&1)
[[ $? = 1 && $said = *"no way back"* ]]
result $? "nor go back (said: $said)"
[[ $(fnguard cgroup activate /pool/one next pay-8 --label tenant=acme) = "Activated /pool/one with next." ]]
result $? "the next function has the cgroup"
reads
result $? "and begins at the start"
fnguard cgroup list --json | jq -e 'map(select(.cgroup == "/pool/one")) | length == 1 and .[0].policy == "next" and .[0].labels.tenant == "acme"' >/dev/null
result $? "bound to its own policy alone"
fnguard cgroup phase /pool/one serve >/dev/null && ! reads
result $? "it has phases of its own"
fnguard counters --json --cgroup /pool/one | jq -e 'any(.[]; .activation == "pay-8" and .policy == "next") and any(.[]; .activation == null and .policy == "pool")' >/dev/null
result $? "and what it is refused is told apart"
place_sleeper pool/one
said=$(fnguard cgroup activate /pool/one pool 2>&1)
[[ $? = 1 && $said = *"There are tasks"* ]]
result $? "while it runs, nobody else gets it (said: $said)"
kill "$SLEEPER"
wait "$SLEEPER" 2>/dev/null
said=$(fnguard cgroup activate /pool/one nothing 2>&1)
[[ $? = 1 && $said = *"No policy of that name"* ]] && ! reads
result $? "nor by a policy that there is not"
fnguard cgroup unbind /pool/one >/dev/null
rmdir $CGROUPS/pool/one $CGROUPS/pool
rm -r "$DIR"
finish
