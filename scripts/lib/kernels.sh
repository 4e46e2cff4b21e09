# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The kernels the harness knows, by name.

# kernel_source NAME: sets KERNEL_RELEASE, the Debian release whose archive has the kernel, and KERNEL_SERIES, a regular
# expression of the versions that NAME may stand for; the newest of them is taken. KERNEL_COMPILER is the version of gcc to get
# where the release's own is not what bookworm has. A debug kernel is built from the release's source, which takes a while.
kernel_source() {
	KERNEL_COMPILER=""
	case $1 in
	debian-6.1) KERNEL_RELEASE=bookworm KERNEL_SERIES='6\.1\.0-[0-9]+' ;;
	debian-6.12) KERNEL_RELEASE=bookworm KERNEL_SERIES='6\.12\.[0-9]+\+deb12' ;;
	debian-7) KERNEL_RELEASE=trixie KERNEL_SERIES='7\.[0-9]+\.[0-9]+\+deb13' KERNEL_COMPILER=14 ;;
	debug-6.1 | debug-6.12 | kcsan-6.12) KERNEL_RELEASE=bookworm KERNEL_SERIES=${1#*-} ;;
	*) die "unknown kernel $1; known are: $(kernel_names)" ;;
	esac
}

kernel_names() { echo debian-6.1 debian-6.12 debian-7 debug-6.1 debug-6.12 kcsan-6.12; }

# kernel_fragments NAME: the files in recipes/ that a kernel's options are in; none for one that is not built here.
kernel_fragments() {
	case $1 in
	debug-6.1) echo guest.config debug.config debug-6.1.config ;;
	debug-*) echo guest.config debug.config ;;
	kcsan-*) echo guest.config kcsan.config ;;
	esac
}

# kernel_dir NAME: the cache directory of a kernel, made if need be:
#   release   what uname -r says         vmlinuz   the kernel
#   modules/  usr/lib/modules/RELEASE    boot.cpio the modules that PID 1 needs before it has a disk
#   modules.ext4  the same as an image   build     the header tree to build modules against
#   root/     where there is one, build in this root: the machine's compiler is the wrong one
kernel_dir() {
	local key fragments
	kernel_source "$1"
	read -ra fragments < <(kernel_fragments "$1") || :
	if ((${#fragments[@]})); then
		key=$(recipe_key kernel-debug "${fragments[@]/#/$SCRIPTS/recipes/}" \
			"$SCRIPTS"/recipes/*.patch "$SCRIPTS/recipes/linux-source" "$SCRIPTS/lib/image.sh" "$KERNEL_SERIES")
		cached "kernels/$1-$key" kernel-debug "$KERNEL_SERIES" "${fragments[@]}"
		return
	fi
	key=$(recipe_key kernel "$SCRIPTS/lib/image.sh" \
		"$KERNEL_RELEASE $KERNEL_SERIES $KERNEL_COMPILER")
	cached "kernels/$1-$key" kernel "$1"
}

# resolve_kernel NAME|PATH: the directory of a kernel, by name or as it is.
resolve_kernel() {
	case $1 in
	*/*)
		[[ -f $1/vmlinuz && -f $1/boot.cpio && -f $1/modules.ext4 ]] || die "$1 is not a kernel directory as scripts/kernel makes it"
		(cd "$1" && pwd)
		;;
	*) kernel_dir "$1" ;;
	esac
}

# kernel_patience DIR: how many times longer than a stock kernel this one may take for everything. Who waits in or for a guest
# multiplies by it; in the guest it is the variable PATIENCE.
kernel_patience() {
	if is_debug_kernel "$1"; then echo 10; else echo 1; fi
}

is_debug_kernel() { grep -qsE '^CONFIG_(KASAN|KCSAN)=y' "$1/config"; }
