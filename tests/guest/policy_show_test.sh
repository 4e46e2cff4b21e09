#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel holds can be asked: it is the image that was loaded.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

POLICY=/usr/share/fnguard/policy/examples/python-api.yaml

# rules WHAT: the effective rules, without where the files lie.
rules() {
	fnguard policy show --flat --json "$1" | python3 -c '
import json, os, sys
for rule in json.load(sys.stdin):
    print(rule["effect"], rule["rule"], os.path.basename(rule["file"]), rule["line"])'
}

# refused STATUS WORDS COMMAND...: it ends with that status and says these words.
refused() {
	local status=$1 words=$2 said
	shift 2
	said=$("$@" 2>&1 >/dev/null)
	[[ $? = "$status" && $said = *"$words"* ]] || { echo "# it says: $said" && return 1; }
}

fnguard policy load "$POLICY" >/dev/null 2>&1
result $? "the policy is loaded"
fnguard policy show python-api | grep -q '^MODE *enforce'
result $? "it is shown by its name"
[[ $(rules "$POLICY" | tee /run/rules | wc -l) -gt 40 ]]
result $? "its file has rules"
rules python-api | cmp - /run/rules
result $? "the kernel has the same rules"
fnguard policy explain python-api open /etc/shadow read | grep -q '^at *strict.yaml:'
result $? "what the kernel holds is explained"

fnguard policy diff kernel:python-api "$POLICY"
result $? "what the kernel holds does not differ from its file"
sed 's|^policy:.*|&\nmemory: { mode: audit }|' "$POLICY" >/run/audited.yaml
fnguard policy diff kernel:python-api /run/audited.yaml
[[ $? = 11 ]]
result $? "but from one that only audits"
refused 1 'no loaded policy "nobody"' fnguard policy diff "$POLICY" kernel:nobody
result $? "a name that nobody has is not compared"
refused 1 'no loaded policy "nobody"' fnguard policy show --flat nobody
result $? "a name that nobody has"
refused 1 'nobody.yaml: error: cannot be read' fnguard policy show --flat nobody.yaml
result $? "a file that is not there"
refused 2 '--set is for policy files' fnguard policy explain python-api open / read --set A=b
result $? "parameters come too late for the kernel"
finish
