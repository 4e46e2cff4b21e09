# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a check has found nothing in need not be looked at again, as long as neither the file nor the check changes.

# lint_mark KEY FILE: where it is noted that a check, which the key stands for, found nothing in the file as it is.
lint_mark() {
	printf '%s/lint/%s/%s\n' "$CACHE" "$1" "$({ echo "$2" && cat "$2"; } | content_key)"
}

# lint_left KEY FILE...: the files that have to be looked at.
lint_left() {
	local key=$1 file
	shift
	for file; do
		[[ -e $(lint_mark "$key" "$file") ]] || printf '%s\n' "$file"
	done
}

# lint_clean KEY FILE...: nothing was found in these. What nobody changed for a month is looked at once more.
lint_clean() {
	local key=$1 file
	mkdir -p "$CACHE/lint/$key"
	find "$CACHE/lint" -mindepth 2 -type f -mtime +30 -delete
	shift
	for file; do
		: >"$(lint_mark "$key" "$file")"
	done
}
