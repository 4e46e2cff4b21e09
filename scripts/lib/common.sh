# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What every script here shares: messages, and the cache with its one rule.
#
# The rule: an entry is built in a temporary directory and renamed into place under a lock, so whatever exists under its
# final name is complete. Deleting the cache, or any part of it, only costs time.

shopt -s inherit_errexit
# Called from a make, these scripts must not pass its flags on to the makes they call.
unset MAKEFLAGS MFLAGS MAKELEVEL

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SCRIPTS=$REPO/scripts
CACHE=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/fnguard
PROG=${0##*/}

info() { printf '%s: %s\n' "$PROG" "$*" >&2; }

# 125 says "the harness failed", so that no caller takes it for the answer of a test.
die() {
	info "$*"
	exit 125
}

# need TOOL GROUP: a missing tool is answered with the command that installs it.
need() {
	[[ -n $(type -P "$1") ]] || die "$1 is not installed; run: scripts/deps $2"
}

# content_key <INPUT: the short hash that names a cache entry.
content_key() {
	sha256sum | cut -c1-12
}

# need_space MIB: fail before a build and in words, not in the middle of it with ENOSPC.
need_space() {
	local free
	free=$(df --output=avail -BM "$CACHE" | tail -n1 | tr -dc 0-9)
	((free >= $1)) || die "$CACHE needs $1 MiB of free disk space to go on, and has $free"
}

# cached ENTRY RECIPE [ARG]...: make sure that $CACHE/ENTRY exists and print its path. scripts/recipes/RECIPE is run with an
# empty directory and the ARGs, and fills the directory. ENTRY names the content: see recipe_key().
cached() {
	local entry=$1 path=$CACHE/$1
	if [[ ! -e $path ]]; then
		mkdir -p "$CACHE/locks" "$CACHE/tmp"
		(build_locked "$@" >&2) || die "could not make $path, see above"
	fi
	touch -c "$path"
	printf '%s\n' "$path"
}

# Runs in a subshell: the lock ends with it. The recipe inherits the lock, so that one that outlives a killed parent is still
# waited for, and is a process of its own, because errexit would be off in a function called from here.
build_locked() {
	local entry=$1 recipe=$2 flat=${1//\//_}
	local tmp=$CACHE/tmp/$flat path=$CACHE/$entry
	shift 2
	exec 9>"$CACHE/locks/$flat.lock"
	flock 9
	[[ ! -e $path ]] || return 0 # built by somebody else while this process waited
	# Under the lock nobody uses this directory: what is in it was left behind by a killed build.
	rm -rf --one-file-system "$tmp"
	mkdir -p "$tmp" "${path%/*}"
	need_space 2048
	info "making $entry, once"
	if "$SCRIPTS/recipes/$recipe" "$tmp" "$@" && mv -T "$tmp" "$path"; then
		# What nobody has asked for in a month belongs to an older recipe.
		find "${path%/*}" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf --one-file-system {} +
		return 0
	fi
	rm -rf --one-file-system "$tmp"
	return 1
}

# recipe_key RECIPE [FILE|WORD]...: a key over the recipe's own text and whatever else decides the result.
recipe_key() {
	local recipe=$SCRIPTS/recipes/$1 word
	shift
	{
		cat "$recipe"
		for word; do
			if [[ -f $word ]]; then cat "$word"; else printf '%s\0' "$word"; fi
		done
	} | content_key
}
