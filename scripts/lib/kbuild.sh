# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Building an external module against the headers of a kernel in the cache.

# Every module is compiled as if it were here, wherever it is: so objects do not tell of the place, and what was compiled in another
# tree is not compiled again.
BUILD_PLACE=$CACHE/module

# source_parts SRC: what a module is built from. A tree with a kmod/ is this repository or a copy of it, and the module is only a
# part of it.
source_parts() {
	if [[ -d $1/kmod ]]; then echo Kbuild kmod include; else echo ./; fi
}

# copy_sources SRC OUT: bring OUT up to date by content, deleting what SRC no longer has but never what the build made. What has
# changed gets a time of its own, and what has not keeps it: a fresh copy of the same sources is no reason to compile them.
copy_sources() {
	local what
	read -ra what <<<"$(source_parts "$1")"
	(cd "$1" && rsync -rlp --checksum --delete --exclude=/build --exclude=.git \
		--filter='protect *.o' --filter='protect *.ko' --filter='protect *.mod' --filter='protect *.mod.c' \
		--filter='protect *.a' --filter='protect *.symvers' --filter='protect *.order' --filter='protect .*' \
		"${what[@]}" "$2/")
}

# forget_kernel KERNEL_DIR OUT: what make has made there against another kernel, or as if it were elsewhere, is not there. It would
# tell by times, which do not tell: what comes from a cache or a package is old, whenever it came.
forget_kernel() {
	[[ $(cat "$2/.kernel" 2>/dev/null) != "$1 $BUILD_PLACE" ]] || return 0
	find "$2" -type f \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' -o -name '*.symvers' \
		-o -name '*.order' \) -delete
	echo "$1 $BUILD_PLACE" >"$2/.kernel"
}

# kbuild KERNEL_DIR OUT [ARGUMENT]...: what the compiler says is of files in OUT.
kbuild() {
	local dir=$1 out=$2 root=/ compiler=(CC="ccache gcc")
	shift 2
	forget_kernel "$dir" "$out"
	[[ ! -d $dir/root ]] || root=$dir/root
	[[ $root != / ]] || { need make build && need ccache build; }
	# Debian's headers name the compiler that the kernel was built with.
	! grep -qs DEBIAN_KERNEL_USE_CCACHE "$dir/build/.kernelvariables" || compiler=(DEBIAN_KERNEL_USE_CCACHE=1)
	at_build_place "$root" "$out" make -C "$dir/build" M="$BUILD_PLACE" -j"$(nproc)" modules "${compiler[@]}" "$@" 2>&1 |
		sed "s,$BUILD_PLACE/,,g"
}

# at_build_place ROOT OUT COMMAND...: run COMMAND in ROOT, with OUT at its place, and the caches and a real /dev at theirs, in a mount
# namespace that takes all of that away with the last process.
at_build_place() {
	local root=$1 out=$2 user=()
	shift 2
	((EUID == 0)) || user=(--map-root-user)
	mkdir -p "$BUILD_PLACE" "$CACHE/ccache"
	# shellcheck disable=SC2016 # the variables are for the inner shell
	unshare "${user[@]}" --mount -- bash -euc '
		root=${1%/} out=$2 place=$3 cache=$4
		shift 4
		mkdir -p "$root$place"
		mount --bind "$out" "$root$place"
		if [[ $root ]]; then
			for dir in /dev /proc "$cache/kernels" "$cache/ccache"; do
				mkdir -p "$root$dir"
				mount --rbind "$dir" "$root$dir"
			done
		fi
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 \
			CCACHE_DIR="$cache/ccache" CCACHE_MAXSIZE=2G chroot "$root/" "$@"
	' at_build_place "$root" "$out" "$BUILD_PLACE" "$CACHE" "$@"
}

# module_key SRC KERNEL_DIR [ARGUMENT]...: a key over all that decides what is built.
module_key() {
	local src=$1 kernel=$2 what
	read -ra what <<<"$(source_parts "$src")"
	shift 2
	{
		(cd "$src" && find "${what[@]}" -name .git -prune -o -path ./build -prune -o -type f -print0 | sort -z | xargs -0 sha256sum)
		cat "$SCRIPTS/kmod" "$SCRIPTS/lib/kbuild.sh"
		gcc --version
		printf '%s\0' "$(basename "$kernel")" "$@"
	} | content_key
}

# recall_modules KEY OUT: have in OUT what was built before, and say what the compiler said; fails if nothing was. What make has
# made there may be of other sources: it is told to make these files anew if it is asked again.
recall_modules() {
	local entry=$CACHE/kmod/$1 file
	[[ -d $entry ]] || return
	touch -c "$entry"
	cp -a "$entry/." "$2/"
	for file in "$2/modules.order" $(built_modules "$2"); do
		rm -f "${file%/*}/.${file##*/}.cmd"
	done
	cat "$2/build.log" >&2
}

# remember_modules KEY OUT: keep what was built, for whoever builds the same. What nobody has asked for in a week is forgotten.
remember_modules() {
	local entry=$CACHE/kmod/$1 out=$2 tmp modules
	mkdir -p "$CACHE/kmod" "$CACHE/tmp"
	tmp=$(mktemp -d "$CACHE/tmp/kmod-XXXXXXXX")
	mapfile -t modules < <(built_modules "$out")
	modules=("${modules[@]#"$out/"}")
	printf '%s\n' "${modules[@]/%.ko/.o}" >"$tmp/modules.order"
	(cd "$out" && cp --parents build.log "${modules[@]}" "$tmp/")
	# Somebody else may have been faster: then this is the same.
	mv -T "$tmp" "$entry" 2>/dev/null || rm -rf "$tmp"
	find "$CACHE/kmod" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf --one-file-system {} +
}

# built_modules OUT: the paths of the modules, fnguard's last.
built_modules() {
	local list
	list=$(cd "$1" && sed 's/\.o$/.ko/' modules.order | sed "s,^\($BUILD_PLACE/\)\?,$1/,")
	{
		grep -v '/fnguard\.ko$' <<<"$list" || :
		grep '/fnguard\.ko$' <<<"$list" || :
	}
}
