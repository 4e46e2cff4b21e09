#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A function is run under a policy, refused something, and the refusal found.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

POLICY=/usr/share/fnguard/policy/examples/python-api.yaml
ATTACK='import os; os.execv("/bin/sh", ["sh", "-c", "exit 7"])'

# rows OPTION...: what was refused, a line each.
rows() {
	fnguard counters --json "$@" |
		jq -r '.[] | "\(.count) \(.verdict) \(.class) \(.rule) \(.source // "-")"'
}

python3 -c "$ATTACK"
[[ $? = 7 ]]
result $? "unguarded, the function becomes a shell"
said=$(fnguard run "$POLICY" -- python3 -c "$ATTACK" 2>&1)
[[ $? = 1 && $said = *"PermissionError: [Errno 13] Permission denied"* ]]
result $? "guarded, it does not (said: ${said##*$'\n'})"
line=$(grep -n '^exec:' "$POLICY" | cut -d: -f1)
[[ $(rows) = "1 denied exec exec default deny python-api.yaml:$((line + 1))" ]]
result $? "the counters tell that, and which rule it was, and nothing else (say: $(rows))"
was=$(fnguard status --json | jq .policy_generation)
fnguard run "$POLICY" -- python3 -c pass >/dev/null 2>&1
[[ $(fnguard status --json | jq .policy_generation) = "$was" && $(fnguard why --json | jq -r ".[0].policies[0].rule") = "exec default deny" ]]
result $? "it is not loaded once more, and what was refused is told with its rule"
[[ $(rows --all) = *guard:canary* ]]
result $? "the proof of the hooks is told when asked for"
finish
