# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What one run brings into the guest: an image whose files lie above the distribution's.

# put SOURCE DIRECTORY: copy the files of SOURCE, if there are any.
put() {
	local file
	for file in "$1"/*; do
		[[ -e $file ]] || continue
		mkdir -p "$2"
		cp -RL --preserve=mode,timestamps -- "$file" "$2/"
	done
}

put_artefacts() {
	put "$REPO/build/bin" "$1/usr/bin"
	put "$REPO/build/sbin" "$1/usr/sbin"
	put "$REPO/build/tests/guest" "$1/usr/lib/fnguard/tests"
	put "$REPO/policy" "$1/usr/share/fnguard/policy"
}

# payload_tree DIR MODULE INSMOD NONCE COMMAND...: lay out the image's files. MODULE may be empty.
payload_tree() {
	local dir=$1 module=$2 insmod=$3 nonce=$4 vm=$1/usr/lib/fnguard-vm programs depends
	shift 4
	programs=$(guest_programs)
	mkdir -p "$vm" "$dir/usr/lib/fnguard"
	mkdir -p "$dir/etc/systemd/system"
	cp "$SCRIPTS/guest/fnguard-vm.service" "$dir/etc/systemd/system/"
	cp "$programs/runner" "$vm/runner"
	printf '%s\n' "$nonce" >"$vm/nonce"
	printf '%s\0' "$@" >"$vm/command"
	((BARE)) || put_artefacts "$dir"
	[[ -n $module ]] || return 0
	cp "$module" "$dir/usr/lib/fnguard/fnguard.ko"
	((insmod)) || return 0
	: >"$vm/insmod"
	depends=$(modinfo -F depends "$module" | tr , ' ')
	[[ -z $depends ]] || printf '%s\n' "$depends" >"$vm/depends"
}

guest_programs() {
	local key
	key=$(recipe_key guest-programs "$SCRIPTS"/guest/*.[ch])
	cached "guest/$key" guest-programs
}
