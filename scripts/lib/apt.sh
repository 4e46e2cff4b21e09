# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A private apt: its own sources, lists and (empty) package state in the cache, so that suites this machine does not use can
# be read without changing anything under /etc/apt. Mirrors, proxies and keys are the machine's own.

# apt_mirror SUITE-PATTERN...: the URL under which this machine's apt has a suite that matches the first pattern that any does.
apt_mirror() {
	local pattern urls found
	urls=$(apt-get update --print-uris 2>/dev/null | sed -n "s,^'\([^']*/dists/[^']*\)/InRelease'.*,\1,p")
	for pattern; do
		found=$(grep -m1 -E "/dists/$pattern\$" <<<"$urls") || continue
		printf '%s\n' "${found%%/dists/*}"
		return
	done
}

# apt_sources bookworm|trixie: the sources.list lines of a release with updates, security and backports.
apt_sources() {
	local release=$1 main security keyring=/usr/share/keyrings/debian-archive-keyring.gpg opt=""
	# Other archives have suites of the same names, but only Debian's own has updates.
	main=$(apt_mirror '[a-z]+-updates' '[a-z]+')
	security=$(apt_mirror '[a-z]+-security' '[a-z]+/updates')
	[[ -n $main ]] || die "the apt sources of this machine name no Debian mirror"
	[[ ! -f $keyring ]] || opt=" [signed-by=$keyring]"
	printf 'deb%s %s %s main\n' "$opt" "$main" "$release" "$opt" "$main" "$release-updates" \
		"$opt" "$main" "$release-backports"
	[[ -z $security ]] || printf 'deb%s %s %s-security main\n' "$opt" "$security" "$release"
}

# apt_open RELEASE: make the private apt of RELEASE ready and set APT_CONF, the file to hand to apt with -c. The lists are read
# again after a day; only building a cache entry ever comes here.
apt_open() {
	local dir=$CACHE/apt/$1 new
	APT_CONF=$dir/apt.conf
	mkdir -p "$dir/lists/partial" "$dir/none"
	new=$(apt_sources "$1")
	exec 8>"$dir/lock"
	flock 8
	if [[ ! -f $dir/fresh || $new != "$(cat "$dir/sources.list" 2>/dev/null)" ||
		-n $(find "$dir/fresh" -mmin +1440) ]]; then
		rm -f "$dir/fresh"
		printf '%s\n' "$new" >"$dir/sources.list"
		: >"$dir/status"
		apt_conf "$dir" >"$APT_CONF"
		apt-get -c "$APT_CONF" -qq update >&2 || die "cannot read the package lists of Debian $1 from the mirror"
		: >"$dir/fresh"
	fi
	exec 8>&-
}

apt_conf() {
	cat <<-EOF
		Dir::State "$1";
		Dir::State::lists "$1/lists";
		Dir::State::status "$1/status";
		Dir::Cache "$1";
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "$1/none";
		Dir::Etc::preferences "$1/none/none";
		Dir::Etc::preferencesparts "$1/none";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "";
		APT::Get::AllowUnauthenticated "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
	EOF
}

# apt_newest REGEX: the package name of the highest version among those that match.
apt_newest() {
	apt-cache -c "$APT_CONF" pkgnames | { grep -Ex -- "$1" || :; } | sort -V | tail -n1
}

# apt_depends PACKAGE REGEX: those of its direct dependencies that match.
apt_depends() {
	apt-cache -c "$APT_CONF" depends "$1" | sed -n 's/^ *Depends: //p' | { grep -Ex -- "$2" || :; }
}

# apt_fetch DIR [APT-OPTION]... PACKAGE...: download the packages and all they depend on. apt verifies what it downloads, so an
# interrupted transfer is never used.
apt_fetch() {
	local dir=$1
	shift
	mkdir -p "$dir/partial"
	apt-get -c "$APT_CONF" -o Dir::Cache::archives="$dir" -qq -y --no-install-recommends --download-only \
		install "$@" >&2 || die "cannot download: $*"
}

# apt_fetch_only DIR PACKAGE...: the packages without what they depend on.
apt_fetch_only() {
	local dir=$1
	shift
	mkdir -p "$dir"
	(cd "$dir" && apt-get -c "$APT_CONF" -qq download "$@" >&2) || die "cannot download: $*"
}

# unpack_debs ROOT DIR: unpack every package in DIR into a merged-/usr ROOT without running any of their scripts.
unpack_debs() {
	local root=$1 deb link
	mkdir -p "$root/usr"
	for link in bin sbin lib lib64; do
		mkdir -p "$root/usr/$link"
		[[ -e $root/$link ]] || ln -s "usr/$link" "$root/$link"
	done
	for deb in "$2"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner --keep-directory-symlink -C "$root"
	done
}
