# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# TAP: result after each thing to be shown, and finish at the end. What was said, in WORK/said, explains a failure.

COUNT=0 FAILED=0

# result STATUS WHAT
result() {
	COUNT=$((COUNT + 1))
	if (($1 == 0)); then
		echo "ok $COUNT $2"
		return
	fi
	FAILED=1
	echo "not ok $COUNT $2"
	sed 's/^/# said: /' "$WORK/said"
}

# finish: the plan, and the status that goes with it.
finish() {
	echo "1..$COUNT"
	exit "$FAILED"
}
