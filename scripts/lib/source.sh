# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Pieces of the kernel's own source tree.

# linux_source PATH...: a directory of the cache with these files of linux-source-6.1.
linux_source() {
	local key dir
	key=$(recipe_key linux-source "$*")
	dir=$(cached "linux-source/$key" linux-source 6.1 "$@")
	printf '%s\n' "$dir/tree"
}
