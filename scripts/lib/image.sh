# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# ext4 images made from directories without mounting anything.

# as_root COMMAND...: root of this machine, or at least of a user namespace, so that images hold files of uid 0.
as_root() {
	if ((EUID == 0)); then "$@"; else unshare -r -- "$@"; fi
}

# make_image FILE DIR: an ext4 image of exactly DIR, to be mounted read-only: no journal, no spare blocks.
make_image() {
	local file=$1 dir=$2 inodes blocks
	need mke2fs vm
	need debugfs vm
	# One inode a file and its data in whole blocks; the extra covers directories that need a second block and the tables.
	read -r inodes blocks < <(find "$dir" -printf '%s\n' |
		awk '{ n++; b += int(($1 + 4095) / 4096) } END { print n + 64, b }')
	blocks=$((blocks + inodes / 8 + blocks / 64 + 1024))
	rm -f "$file"
	as_root mke2fs -q -F -t ext4 -b 4096 -I 256 -N "$inodes" -m 0 -O ^has_journal,^resize_inode,^metadata_csum \
		-E root_owner=0:0,lazy_itable_init=1,nodiscard -d "$dir" "$file" "$blocks" >/dev/null ||
		die "cannot make an image of $dir"
	debugfs -w -R "rmdir lost+found" "$file" >/dev/null 2>&1
}
