# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Building an external module against the headers of a kernel in the cache.

# copy_sources SRC OUT: bring OUT up to date, deleting what SRC no longer has but never what the build made. A tree with a kmod/
# is this repository or a copy of it, and the module is only a part of it.
copy_sources() {
	local what=(./)
	[[ ! -d $1/kmod ]] || what=(Kbuild kmod include)
	(cd "$1" && rsync -a --delete --exclude=/build --exclude=.git \
		--filter='protect *.o' --filter='protect *.ko' --filter='protect *.mod' --filter='protect *.mod.c' \
		--filter='protect *.a' --filter='protect *.symvers' --filter='protect *.order' --filter='protect .*' \
		"${what[@]}" "$2/")
}

# kbuild KERNEL_DIR OUT [ARGUMENT]...
kbuild() {
	local dir=$1 out=$2
	shift 2
	set -- -C "$dir/build" M="$out" -j"$(nproc)" modules "$@"
	if [[ -d $dir/root ]]; then
		in_root "$dir/root" "$out" make "$@"
	else
		need make build
		make "$@"
	fi
}

# in_root ROOT DIR COMMAND...: run COMMAND in ROOT, with DIR and the cache at their own places and a real /dev, in a mount
# namespace that takes all of that away with the last process.
in_root() {
	local root=$1 dir=$2 user=()
	shift 2
	((EUID == 0)) || user=(--map-root-user)
	# shellcheck disable=SC2016 # the variables are for the inner shell
	unshare "${user[@]}" --mount -- bash -euc '
		root=$1 dir=$2 cache=$3
		shift 3
		for place in /dev /proc "$cache" "$dir"; do
			mkdir -p "$root$place"
			mount --rbind "$place" "$root$place"
		done
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 chroot "$root" "$@"
	' in_root "$root" "$dir" "$CACHE/kernels" "$@"
}

# built_modules OUT: the paths of the modules, fnguard's last.
built_modules() {
	local list
	list=$(cd "$1" && sed 's/\.o$/.ko/' modules.order | sed "s,^\($1/\)\?,$1/,")
	{
		grep -v '/fnguard\.ko$' <<<"$list" || :
		grep '/fnguard\.ko$' <<<"$list" || :
	}
}
