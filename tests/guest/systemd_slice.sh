#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# systemd starts services in a slice that a template guards: its own set-up goes
# through, the service's misdeeds do not. Needs systemd as PID 1.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
READ='
try:
    open("/etc/shadow")
    print("read")
except PermissionError:
    print("refused")'

# service SLICE COMMAND...: runs it, sandboxed by systemd; OUT and STATUS.
service() {
	OUT=$(systemd-run --slice="$1" --wait --pipe --quiet -p WorkingDirectory=/ \
		-p PrivateTmp=yes -p ProtectSystem=strict -- "${@:2}" 2>&1)
	STATUS=$?
}

fnguard policy load "$TESTS/launch.yaml" >/dev/null 2>&1
result $? "a policy with a template is loaded"
service free.slice /usr/bin/python3 -c "$READ"
[[ $OUT = read ]]
result $? "an unguarded service reads what it likes (said: $OUT)"
service fn.slice /usr/bin/python3 -c "$READ"
[[ $OUT = refused ]]
result $? "a guarded one starts and is refused (said: $OUT)"
service free.slice /usr/bin/true
[[ $STATUS = 0 ]]
result $? "unguarded, any program is started"
service fn.slice /usr/bin/true
[[ $STATUS = 203 ]]
result $? "guarded, one without a rule is not (status $STATUS)"
fnguard status | grep -q '^State *enforcing'
result $? "the guard is enforcing"
finish
