# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What everybody does who runs tests in a guest: unload the module, and look for
# leaks where the kernel can.

KMEMLEAK=/sys/kernel/debug/kmemleak

unload() {
	fnguard disarm --reason "the next test" >/dev/null 2>&1
	rmmod fnguard 2>/dev/null
}

# What the kernel and its programs have left behind by now is not ours.
forget_leaks() {
	[[ ! -e $KMEMLEAK ]] || echo clear >"$KMEMLEAK"
}

# What is younger than five seconds is not reported, and the first look may catch
# what is merely on its way. A module that is loaded again lies where it lay, so its
# addresses have names in the report; one that is sealed stays where it is.
find_leaks() {
	[[ -e $KMEMLEAK ]] || return 0
	unload
	sleep 6
	# Once it has run out of memory it is switched off, and would find nothing.
	if ! echo scan >"$KMEMLEAK" || ! echo scan >"$KMEMLEAK"; then
		echo "not ok leaks were not looked for"
		return
	fi
	[[ -d /sys/module/fnguard ]] || insmod /usr/lib/fnguard/fnguard.ko
	touch /run/looked-for-leaks
	sed "s/^/# /" "$KMEMLEAK" | head -n 200 | tee /run/leaks
	if [[ -s /run/leaks ]]; then echo "not ok nothing leaks"; else echo "ok nothing leaks"; fi
}
