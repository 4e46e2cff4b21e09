#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A cgroup is exempt from its rules: what the command line says of that.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CGROUPS=/sys/fs/cgroup
DIR=$(mktemp -d)
cd "$DIR" || exit 1

# reads CGROUP: can a program in there read what the policy denies it?
reads() {
	(echo "$BASHPID" >"$CGROUPS/$1/cgroup.procs" && exec sh -c 'read -r _ </etc/passwd') 2>/dev/null
}

# says STATUS WORDS COMMAND...: it ends with that status and says these words.
says() {
	local said status
	said=$("${@:3}" 2>&1)
	status=$?
	[[ $status = "$1" && $said = *"$2"* ]] || {
		echo "# status $status: $said"
		return 1
	}
}

# marked FILTER: of the rows of the list, and their left time and reason.
marked() {
	fnguard cgroup list --json | jq -e "any(.[]; $1 and .audit.left > 30000 and .audit.reason == \"why not\")" >/dev/null
}

mkdir -p $CGROUPS/exempt/one/below $CGROUPS/exempt/two
cat >exempt.yaml <<'POLICY'
policy: exempt
files: { default: allow, rules: [{ path: /etc/passwd, deny: [all] }] }
POLICY
fnguard policy load exempt.yaml >/dev/null 2>&1 && fnguard cgroup bind /exempt exempt >/dev/null
result $? "a slice is guarded"
! reads exempt/one && ! reads exempt/two
result $? "what is in it may not read"
for wrong in "" "--for 15m" "--reason x" "--for 15m --reason x --end" "--for 25h --reason x" "--for 15 --reason x" "--for 0s --reason x"; do
	# shellcheck disable=SC2086 # they are words
	says 2 "fnguard cgroup audit" fnguard cgroup audit /exempt/one $wrong
	result $? "it makes no sense to say '$wrong'"
done
says 1 "cannot open the cgroup" fnguard cgroup audit /exempt/nobody --for 15m --reason x
result $? "nor of a cgroup that is not there"
says 1 "No policy applies" fnguard cgroup audit / --for 15m --reason x
result $? "nor of one that is not guarded"
says 0 "For 37800 s, rules refuse nothing in /exempt/one." fnguard cgroup audit /exempt/one --for 10h30m --reason "why not"
result $? "a cgroup of the slice is exempt"
reads exempt/one && reads exempt/one/below && ! reads exempt/two
result $? "it may read, and what is below, and nobody beside"
marked '.cgroup == "/exempt/one" and .by == "above"'
result $? "the list has it, with the time that is left and the reason"
fnguard cgroup list --json | jq -e 'any(.[]; .cgroup == "/exempt" and .audit == null)' >/dev/null
result $? "and not the slice"
fnguard cgroup list | grep -qE '^/exempt/one .* 10h [0-9]+m [0-9]+s: why not$'
result $? "also as text"
fnguard status --json | jq -e '.audited | length == 1 and .[0].cgroup == "/exempt/one" and .[0].reason == "why not"' >/dev/null
result $? "and so has the status"
fnguard status | grep -qE '^Only audited +/exempt/one 10h [0-9]+m [0-9]+s: why not$'
result $? "also as text"
fnguard cgroup bind /exempt/one/below exempt >/dev/null && marked '.cgroup == "/exempt/one/below" and .by == "hand"'
result $? "what is bound below it is marked"
says 0 "Rules refuse again in /exempt/one." fnguard cgroup audit /exempt/one --end
result $? "it ends"
! reads exempt/one && ! reads exempt/one/below
result $? "and nothing may be read"
says 1 "The cgroup is not exempt" fnguard cgroup audit /exempt/one --end
result $? "and does not end twice"
fnguard cgroup list --json | jq -e 'all(.[]; .audit == null)' >/dev/null && ! fnguard status | grep -q audited
result $? "and nobody says any more that it is exempt"
rmdir $CGROUPS/exempt/one/below $CGROUPS/exempt/* $CGROUPS/exempt 2>/dev/null
rm -r "$DIR"
finish
