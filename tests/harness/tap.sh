# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# TAP for what is tested by what it has said, which is in WORK/said.

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
