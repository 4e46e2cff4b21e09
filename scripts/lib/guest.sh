# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# One run of a guest: prepare what it needs in RUN, a directory of this run, boot it, judge it. The options are in the variables
# that scripts/vm sets.

# The same arguments for every run, so that instruction counts can be compared. nokaslr fixes addresses; the limits of the
# watchdogs are those of a processor, and an emulator is fifty times slower; ignore_loglevel, so that no dmesg -n hides a report.
KERNEL_ARGUMENTS="console=ttyS0 ignore_loglevel panic=-1 oops=panic nokaslr random.trust_cpu=on watchdog_thresh=60
rcupdate.rcu_cpu_stall_timeout=100 sysctl.kernel.hung_task_timeout_secs=300 no_timer_check printk.devkmsg=on"
SYSTEMD_ARGUMENTS="fnguard.systemd systemd.unit=fnguard-vm.service systemd.show_status=no systemd.log_target=kmsg"

# clock_arguments: the counter of an emulated processor is the host's, which leaps by hours where the host is itself a virtual machine
# and is moved. The emulator's timer goes by the host's clock.
clock_arguments() {
	if ((ICOUNT)) || kvm_works "$QEMU" "$KERNEL_DIR/vmlinuz"; then
		echo tsc=reliable
	else
		echo tsc=unstable clocksource=hpet
	fi
}

# guest_prepare COMMAND...
guest_prepare() {
	local module patience
	KERNEL_DIR=$(resolve_kernel "$KERNEL")
	patience=$(kernel_patience "$KERNEL_DIR")
	TIMEOUT=$((TIMEOUT * patience))
	((patience == 1)) || set -- env "PATIENCE=$patience" "$@"
	ROOT_IMAGE=$(rootfs_image)
	QEMU=$(qemu_program)
	module=$(fresh_module)
	((BARE)) || fresh_artefacts
	new_run_directory
	NONCE=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	payload_tree "$RUN/payload" "$module" "$INSMOD" "$NONCE" "$@"
	share_images
	make_image "$RUN/payload.ext4" "$RUN/payload"
	cat "$KERNEL_DIR/boot.cpio" "$(guest_programs)/init.cpio" >"$RUN/initramfs"
}

# fresh_module: the path of the module to install. Before there is a Kbuild, there is none.
fresh_module() {
	if [[ -n $MODULE ]]; then
		printf '%s\n' "$MODULE"
	elif ((!BARE)) && [[ -f $REPO/Kbuild ]]; then
		"$SCRIPTS/kmod" --kernel "$KERNEL" | tail -n1
	fi
}

# The programs are the Makefile's business. Two runs at once must not build in the same tree.
fresh_artefacts() {
	grep -qs '^guest-artefacts:' "$REPO/Makefile" || return 0
	mkdir -p "$CACHE/locks"
	flock "$CACHE/locks/make-$(content_key <<<"$REPO").lock" make -s -C "$REPO" guest-artefacts >&2 ||
		die "make guest-artefacts failed"
}

# A directory whose lock can be had belongs to a run that was killed, as far as no run is just about to lock its own: hence the
# lock around it all.
new_run_directory() {
	local old
	mkdir -p "$CACHE/run" "$CACHE/locks"
	exec 6>"$CACHE/locks/run.lock"
	flock 6
	for old in "$CACHE"/run/*/; do
		[[ -d $old ]] || continue
		flock -n "$old/lock" rm -rf "$old" || :
	done
	RUN=$(mktemp -d "$CACHE/run/XXXXXXXX")
	trap guest_clean EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	exec 7>"$RUN/lock"
	flock 7
	exec 6>&-
}

guest_clean() {
	[[ -z ${GUEST_PID:-} ]] || kill -TERM "$GUEST_PID" 2>/dev/null || :
	wait
	# Whoever starts a guest meanwhile and looks for what others have left behind may put a lock there: that one removes it.
	rm -rf "$RUN" 2>/dev/null || :
}

share_images() {
	local i
	for i in "${!SHARES[@]}"; do
		basename -- "$(realpath "${SHARES[i]}")" >>"$RUN/payload/usr/lib/fnguard-vm/shares"
		make_image "$RUN/share$i.ext4" "${SHARES[i]}"
	done
}

# disk FILE SERIAL: an image that the guest finds by its serial and that nobody writes to.
disk() {
	ARGS+=(-drive "if=none,id=$2,file=$1,format=raw,readonly=on,cache=unsafe" -device "virtio-blk-pci,drive=$2,serial=$2")
}

port() {
	ARGS+=(-chardev "file,id=$1,path=$RUN/$1" -device "virtserialport,chardev=$1,name=fnguard.$1")
}

guest_arguments() {
	local i kernel_args
	kernel_args="$(xargs <<<"$KERNEL_ARGUMENTS") $(clock_arguments) $APPEND"
	((!SYSTEMD)) || kernel_args+=" $SYSTEMD_ARGUMENTS"
	mapfile -t ARGS < <(machine_args "$QEMU" "$KERNEL_DIR/vmlinuz" "$ICOUNT" "$CPUS")
	ARGS+=(-M q35 -m "$MEMORY" -nodefaults -no-user-config -display none -no-reboot
		-kernel "$KERNEL_DIR/vmlinuz" -initrd "$RUN/initramfs" -append "$kernel_args"
		-serial "file:$RUN/console" -device virtio-serial-pci)
	port out
	port err
	port ctl
	disk "$ROOT_IMAGE" root
	disk "$KERNEL_DIR/modules.ext4" modules
	disk "$RUN/payload.ext4" payload
	for i in "${!SHARES[@]}"; do
		disk "$RUN/share$i.ext4" "share$i"
	done
}

# The output comes through named pipes, since the emulator would open and truncate a file that is this script's output. The
# emulator dies with this script however that ends.
guest_boot() {
	local streams=()
	: >"$RUN/console"
	: >"$RUN/ctl"
	cat "$RUN/out" &
	streams+=($!)
	cat "$RUN/err" >&2 &
	streams+=($!)
	GUEST_STATUS=0
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$TIMEOUT" setpriv --pdeathsig KILL "$QEMU" "${ARGS[@]}" \
		</dev/null >"$RUN/emulator" 2>&1 &
	GUEST_PID=$!
	wait "$GUEST_PID" || GUEST_STATUS=$?
	GUEST_PID=""
	# Opening a pipe both ways frees a reader that waits for an emulator that never came to open it.
	: 3<>"$RUN/out" 4<>"$RUN/err"
	wait "${streams[@]}" || :
}

# Did the emulator abort, and the kernel had neither come to the first program nor complained?
broke_off_early() {
	((GUEST_STATUS == 134)) && ! grep -aq 'Run /init as init process' "$RUN/console" &&
		[[ -z $(kernel_reports "$RUN/console") ]]
}

# While one processor maps PCI devices, the emulator may fall over what the other looks up: rare, and seen with QEMU 10.0 only as a
# failed assertion. Nothing of ours has run by then, so the guest is booted again; whatever comes later counts.
guest_run() {
	local try
	guest_arguments
	mkfifo "$RUN/out" "$RUN/err"
	for try in 1 2 3; do
		guest_boot
		broke_off_early || return 0
		info "try $try: the emulator broke off while the kernel booted: $(tail -n 1 "$RUN/emulator")"
	done
}

show_log() {
	info "the end of the guest's log:"
	tr -d '\r' <"$RUN/console" | tail -n 60 | sed 's/^/| /' >&2
	sed 's/^/| /' "$RUN/emulator" >&2
}

guest_verdict() {
	local answer reports
	[[ -z $LOG ]] || cp "$RUN/console" "$LOG"
	answer=$(token "$RUN/ctl" "$NONCE")
	reports=$(kernel_reports "$RUN/console")
	if [[ -n $reports ]]; then
		show_log
		info "the kernel reported:"
		printf '%s\n' "$reports" >&2
		exit 123
	fi
	if ((GUEST_STATUS == 124 || GUEST_STATUS == 137)); then
		show_log
		info "timeout: not done after $TIMEOUT seconds"
		exit 124
	fi
	case $answer in
	"status "*) exit "${answer#status }" ;;
	"error "*)
		show_log
		die "${answer#error }"
		;;
	*)
		show_log
		die "the guest ended without a verdict (emulator status $GUEST_STATUS)"
		;;
	esac
}
