# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a finished guest says: its token, and what its kernel complained about.

# Each pattern stands at the beginning of a message, after the time stamp, so that a program's mention of a word is no report;
# "possible", "suspicious" and so on are lockdep's. The last lines are what RCU, the watchdogs and kmemleak print.
REPORT_PATTERNS='WARNING: |BUG: |BUG [a-z]|INFO: (possible|suspicious|rcu_|task |inconsistent|lockdep|trying)|Oops:|Oops |kernel BUG at
|Kernel panic|general protection fault|invalid opcode|divide error|stack segment|double fault|int3:|traps: PANIC
|Internal error|Unable to handle|unchecked MSR|KASAN:|KCSAN:|KFENCE:|UBSAN:|KMSAN:|refcount_t:|list_add|list_del corruption
|ODEBUG:|DEBUG_LOCKS_WARN_ON|percpu ref .* <= 0|rcu: INFO: |rcu: .*stall|watchdog: BUG|NMI watchdog: Watchdog detected|workqueue: .*BUG
|kmemleak: [0-9]+ new suspected|unregister_netdevice: waiting|scheduling while atomic|------------\[ cut here
|.*blocked for more than [0-9]+ seconds|.*: Freeing .* invalid|.*sleeping function called from invalid context'

# kernel_reports LOG: the lines of the log that are complaints of the kernel. It races with itself here and there, and knows: of
# races, only those count that our module takes part in.
kernel_reports() {
	tr -d '\r' <"$1" | grep -aE "^(\[[^]]*\] *)*(${REPORT_PATTERNS//$'\n'/})" | grep -avE 'BUG: KCSAN: [^[]*$' || :
}

# token LOG NONCE: what the guest answered, or nothing. A line without its end is a guest that died while writing.
token() {
	sed -n "s/^$2 \(.*\)$/\1/p" "$1" | head -n1
}
