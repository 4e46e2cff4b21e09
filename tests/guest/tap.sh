# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# TAP for the shell tests of the guest: result after each thing to be shown, and
# finish at the end.

COUNT=0 FAILED=0

# result STATUS WHAT: one line of TAP.
result() {
	COUNT=$((COUNT + 1))
	if (($1 == 0)); then
		echo "ok $COUNT $2"
	else
		echo "not ok $COUNT $2"
		FAILED=1
	fi
}

# finish: the plan, and the status that goes with it.
finish() {
	echo "1..$COUNT"
	exit "$FAILED"
}
