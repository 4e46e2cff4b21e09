# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The emulator, and whether this machine can do without emulation.

qemu_program() {
	local key dir
	key=$(recipe_key qemu)
	dir=$(cached "qemu/$key" qemu)
	printf '%s\n' "$dir/qemu"
}

# kvm_works QEMU VMLINUZ: /dev/kvm may exist and still not run a guest, so boot a kernel with it once and remember what came of
# it. Without an initramfs the kernel panics, which is a sign of life of the whole kernel.
kvm_works() {
	local memo log
	[[ -w /dev/kvm ]] || return 1
	memo=$CACHE/kvm-$(content_key <<<"$1 $(uname -r)")
	if [[ ! -e $memo ]]; then
		log=$(timeout -k 1 10 "$1" -accel kvm -cpu host -m 256 -nodefaults -display none -no-reboot -kernel "$2" \
			-append "console=ttyS0 panic=-1" -serial stdio </dev/null 2>/dev/null || :)
		if [[ $log = *"Kernel panic"* ]]; then echo yes; else echo no; fi >"$memo.$$"
		mv "$memo.$$" "$memo"
	fi
	[[ $(<"$memo") = yes ]]
}

# machine_args QEMU VMLINUZ ICOUNT CPUS: the processor part of the command line, one word a line.
machine_args() {
	if (($3)); then
		# One virtual nanosecond an instruction, and a fixed seed for the guest's random instructions: runs repeat.
		printf '%s\n' -accel tcg,thread=single -icount shift=0,sleep=off -seed 1 -cpu max -smp 1
	elif kvm_works "$1" "$2"; then
		printf '%s\n' -accel kvm -cpu host -smp "$4"
	else
		# What is slow to emulate is left out: a fifth level of page tables, and strings that are copied byte by byte.
		printf '%s\n' -accel tcg,thread=multi -cpu max,la57=off,erms=off,fsrm=off -smp "$4"
	fi
}
