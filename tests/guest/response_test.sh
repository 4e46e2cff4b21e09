#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A function attacks, and its cgroup comes into quarantine: what the command line says of that.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CGROUPS=/sys/fs/cgroup
DIR=$(mktemp -d)
cd "$DIR" || exit 1

# runs SCRIPT
runs() {
	within isolate/one sh -c "$1" 2>/dev/null
}

# attack: what is denied, four times.
attack() {
	runs 'for _ in 1 2 3 4; do ! read -r _ </etc/passwd || exit 1; done'
}

mkdir -p $CGROUPS/isolate/one
cat >isolate.yaml <<'POLICY'
policy: isolate
files: { default: allow, rules: [{ path: /etc/passwd, deny: [all] }] }
memory: { write-exec: deny }
response: { kill: [memory], quarantine: 4 denials / 1h }
POLICY
fnguard policy load isolate.yaml >/dev/null 2>&1 && fnguard cgroup bind /isolate isolate >/dev/null
result $? "a slice is guarded"
fnguard policy show --flat isolate | grep -qE '^response +quarantine +4 denials / 3600s' &&
	fnguard policy show --flat isolate | grep -qE '^response +kill +memory'
result $? "the policy that the kernel holds says what follows"
runs 'exit 0'
result $? "a program is executed in there"
attack
result $? "it is denied what it attacks"
! runs 'exit 0'
result $? "and then none is executed"
fnguard cgroup list --json | jq -e 'any(.[]; .cgroup == "/isolate/one" and .state == "quarantined" and .by == "above")' >/dev/null
result $? "the list says so"
fnguard cgroup list --json | jq -e 'any(.[]; .cgroup == "/isolate" and .state == "guarded")' >/dev/null
result $? "and not of the slice"
fnguard status --json | jq -e '.quarantined | length == 1 and .[0].cgroup == "/isolate/one"' >/dev/null &&
	fnguard status | grep -qE '^In quarantine +/isolate/one$'
result $? "and so does the status"
fnguard counters --json --cgroup /isolate/one | jq -e 'any(.[]; .class == "exec" and .rule == "guard:quarantine")' >/dev/null
result $? "the counters tell what was refused for it"
[[ $(fnguard cgroup release /isolate/one) = "Released /isolate/one." ]] && runs 'exit 0'
result $? "it is released"
said=$(fnguard cgroup release /isolate/one 2>&1)
[[ $? = 1 && $said = *"not in quarantine"* ]]
result $? "and not twice"
fnguard status --json | jq -e '.quarantined == [] and .killed == 0' >/dev/null
result $? "nobody is in quarantine, and nobody was killed"
said=$(fnguard run isolate -- python3 -c 'import mmap; mmap.mmap(-1, 4096, prot=7)' 2>&1)
[[ $? = 137 ]]
result $? "who makes what it writes executable is killed (said: ${said##*$'\n'})"
fnguard status --json | jq -e '.killed == 1' >/dev/null && fnguard status | grep -qE '^Killed for it +1$'
result $? "the status counts that"
rmdir $CGROUPS/isolate/one $CGROUPS/isolate 2>/dev/null
rm -r "$DIR"
finish
