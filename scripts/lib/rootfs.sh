# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Where the guest's root file system is.

rootfs_image() {
	local key dir
	key=$(recipe_key rootfs "$SCRIPTS/rootfs.packages" "$SCRIPTS/lib/image.sh")
	dir=$(cached "rootfs/$key" rootfs)
	printf '%s\n' "$dir/root.ext4"
}
