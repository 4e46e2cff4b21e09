#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies are attacked: what is refused, what is open and how to close it, and that nothing is left behind.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

DIR=/run/probe-test OUT=$DIR/out
STEP=$((10 * ${PATIENCE:-1}))
# Where everything takes long, a sixth of the techniques: for the kernel to look at what they make of us.
ALL=()
((${PATIENCE:-1} == 1)) ||
	mapfile -t ALL < <(fnguard --json probe --list | jq -r '.[].technique' | awk 'NR % 6 == 0; $0 == "module" || $0 == "written-page"' | uniq)
LEAST=$((${#ALL[@]} ? 12 : 60))
mkdir -p "$DIR"

# probe ARGUMENT...: its JSON is in $OUT, its status in STATUS.
probe() {
	fnguard --json probe --timeout "$STEP" "$@" >"$OUT" 2>"$OUT.err"
	STATUS=$?
}

# names FILTER: techniques whose row is so, in one line.
names() {
	jq -r "[.[] | select($1) | .technique] | join(\" \")" "$OUT"
}

# number FILTER: how many rows are so.
number() {
	jq "[.[] | select($1)] | length" "$OUT"
}

# holds FILTER WHAT: is it so of every row, and are there rows?
holds() {
	[[ $(number .) -gt 0 && $(number "($1) | not") = 0 ]]
	result $? "$2 (not so: $(names "($1) | not"))"
}

# traces: all that a run could leave.
traces() {
	find /sys/fs/cgroup -type d -name 'fnguard.probe*'
	find /run /tmp /var/tmp -maxdepth 1 -name 'fnguard-probe*'
	fnguard --json policy list | jq -c 'map({name, version, bindings})'
	fnguard --json cgroup list | jq -c 'map(.cgroup)'
	pgrep -x fnguard
	grep fnguard-probe /proc/self/mounts
	grep fnguard-probe /proc/keys
	tail -n +2 /proc/sysvipc/shm
	lsmod | cut -d' ' -f1 | sort
	cat /proc/sys/kernel/hostname
}

# clean WHAT: is everything as it was?
clean() {
	[[ $(traces) = "$BEFORE" ]]
	result $? "$1 leaves nothing behind$(diff <(echo "$BEFORE") <(traces) | sed -n 's/^[<>]/ &/p' | tr '\n' ' ')"
}

fnguard arm >/dev/null
BEFORE=$(traces)

# What there is.
fnguard --json probe --list >"$OUT"
holds '.attack_id == null or (.attack_id | test("^T[0-9]{4}([.][0-9]{3})?$"))' "every id could be one of ATT&CK"
holds '.summary != ""' "every technique says what it does"
[[ $(jq -r '.[].technique' "$OUT" | sort | uniq -d) = "" ]]
result $? "no two techniques have the same name"
[[ $(jq -r 'map(.threat) | unique | join(", ")' "$OUT") = "code injection, data leakage, privilege escalation, resource exhaustion" ]]
result $? "there are techniques of all four threats"

# The control.
probe "${ALL[@]}"
holds '.outcome == "open" or .outcome == "skipped"' "unguarded, nothing is refused"
holds '.outcome != "skipped" or .reason != null' "what is skipped says why"
holds '.outcome == "skipped" or (.errno == null and (.reported | not) and .rule == null)' "what is open was answered with success"
open=$(number '.outcome == "open"') skipped=$(names '.outcome == "skipped"')
((open >= LEAST))
result $? "$open techniques work unguarded, and these do not: $skipped"
[[ $STATUS = 1 ]]
result $? "the status says that something is open (is $STATUS)"
clean "the control"

# A policy that stops everything.
probe --policy strict "${ALL[@]}"
holds '.outcome == "refused" or .outcome == "skipped"' "strict leaves nothing open"
[[ $(number '.outcome == "refused"') = "$open" && $(names '.outcome == "skipped"') = "$skipped" ]]
result $? "strict refuses all that work unguarded"
holds '.outcome == "skipped" or (.reported and .errno != null and .rule != null)' "each refusal is reported, with errno and rule"
[[ $(jq -r '.[] | select(.technique == "module") | "\(.errno) \(.rule)"' "$OUT") = "EPERM floor:module" ]]
result $? "a module is refused by the floor"
line=$(grep -n 'write-exec: deny' /usr/share/fnguard/policy/templates/strict.yaml | cut -d: -f1)
[[ $(jq -r '.[] | select(.technique == "written-page") | .rule' "$OUT") = "strict.yaml:$line" ]]
result $? "a page that was written is refused by line $line of strict"
[[ $STATUS = 0 ]]
result $? "the status says that nothing is open (is $STATUS)"
clean "attacking strict"

# The rest is about the program, whatever the kernel.
[[ $(uname -r) = 6.1.* && ${#ALL[@]} = 0 ]] || finish

# One that leaves something open.
printf 'policy: leaky\nextends: [strict]\nmemory: { write-exec: allow }\n' >"$DIR/leaky.yaml"
SOME=(shell written-page writable-code memfd-program bpf udp)
probe --policy "$DIR/leaky.yaml" "${SOME[@]}"
[[ $(names '.outcome == "open"') = "writable-code written-page" && $STATUS = 1 ]]
result $? "without write-exec, memory that was written becomes code (open: $(names '.outcome == "open"'), status $STATUS)"
text=$(fnguard probe --timeout "$STEP" --policy "$DIR/leaky.yaml" "${SOME[@]}")
[[ $(sed '1,/^What is open/d' <<<"$text") = $'\nmemory:\n  write-exec: deny' ]]
result $? "the line that closes it is printed, and no other"
grep -qE '^all +4 refused, +4 reported, +2 open, +0 skipped: 66 %$' <<<"$text"
result $? "the score counts it"
printf 'policy: watched\nextends: [strict]\nmode: audit\n' >"$DIR/watched.yaml"
probe --policy "$DIR/watched.yaml" "${SOME[@]}"
holds '.outcome == "open" and .reason == "the policy only audits it"' "what is only audited is open"
clean "attacking files"

# What is printed closes what is open. A third of the techniques has most of the lines.
mapfile -t MANY < <(fnguard --json probe --list | jq -r '.[].technique' | awk 'NR % 3 == 0')
printf 'policy: bare\n' >"$DIR/bare.yaml"
fnguard probe --timeout "$STEP" --policy "$DIR/bare.yaml" "${MANY[@]}" >"$OUT"
{
	echo 'policy: mended'
	sed '1,/^What is open/d' "$OUT" | sed 's/^files:/&\n  default: allow/'
} >"$DIR/mended.yaml"
grep -q '^open ' "$OUT"
result $? "a policy that says nothing leaves much open"
probe --policy "$DIR/mended.yaml" "${MANY[@]}"
[[ $STATUS = 0 ]]
result $? "the lines that are printed close it (open: $(names '.outcome == "open"'))"

# Beside what is in use.
mkdir /sys/fs/cgroup/probe-test
printf 'policy: used\nversion: 3\nextends: [strict]\nattach: { cgroup: [/fnguard.probe-*] }\n' >"$DIR/used.yaml"
sed '/^attach/d' "$DIR/used.yaml" >"$DIR/detached.yaml"
fnguard policy load "$DIR/detached.yaml" >/dev/null && fnguard cgroup bind /probe-test used >/dev/null
USED=$(traces)
probe --policy used "${SOME[@]}"
[[ $STATUS = 0 && $(traces) = "$USED" ]]
result $? "a policy that is loaded is attacked by its name, and stays"
probe --policy "$DIR/used.yaml" "${SOME[@]}"
[[ $STATUS = 0 && $(traces) = "$USED" ]]
result $? "a file is attacked as a copy that replaces nothing and attaches itself to nothing"
fnguard cgroup unbind /probe-test >/dev/null && rmdir /sys/fs/cgroup/probe-test && fnguard policy unload used >/dev/null

# What cannot be attacked.
probe --policy nonsuch
[[ $STATUS = 1 && $(jq -r .error "$OUT") = 'there is no file, no loaded policy and no valid template "nonsuch"' ]]
result $? "a name that nobody knows is told ($STATUS, $(cat "$OUT"))"
probe --policy 'x", "strict'
[[ $STATUS = 1 ]]
result $? "a name that is none is not compiled"
echo 'policy: [' >"$DIR/invalid.yaml"
probe --policy "$DIR/invalid.yaml"
[[ $STATUS = 3 ]]
result $? "an invalid policy is told"
fnguard policy compile "$DIR/leaky.yaml" -o "$DIR/leaky.image" >/dev/null
probe --policy "$DIR/leaky.image"
[[ $STATUS = 2 ]]
result $? "an image is not taken, which has its name in it"
probe nonsuch
[[ $STATUS = 2 && $(jq -r .error "$OUT") = 'there is no technique "nonsuch"'* ]]
result $? "a technique that does not exist is told"
fnguard probe --timeout 0 2>/dev/null
[[ $? = 2 ]]
result $? "a time limit of nothing is told"
clean "what cannot be attacked"

# meddle SIGNAL: until there are no more cases, sends each that is met a signal.
meddle() {
	local procs pid
	until [[ -e $DIR/done ]]; do
		for procs in /sys/fs/cgroup/fnguard.probe-*/*-control/cgroup.procs; do
			while read -r pid; do
				kill "-$1" "$pid"
			done <"$procs"
		done
	done 2>/dev/null
}

# with_meddler SIGNAL: a run whose cases are sent it.
with_meddler() {
	rm -f "$DIR/done"
	meddle "$1" &
	fnguard --json probe --timeout 1 setuid setgid setgroups shell memfd-program dropped-program >"$OUT"
	touch "$DIR/done"
	wait
}
with_meddler STOP
(($(number '.reason == "unguarded it took too long"') > 0 && $(number .) == 6))
result $? "a case that hangs is skipped, and the next is tried ($(jq -r '[.[].reason] | join(", ")' "$OUT"))"
clean "a case that hangs"
with_meddler SEGV
(($(number '.reason == "unguarded it died of SIGSEGV"') > 0 && $(number .) == 6))
result $? "a case that crashes is skipped, and the next is tried ($(jq -r '[.[].reason] | join(", ")' "$OUT"))"
clean "a case that crashes"

# interrupted SIGNAL
interrupted() {
	fnguard --json probe --policy strict >"$OUT" &
	until compgen -G '/sys/fs/cgroup/fnguard.probe-*/*-control' >/dev/null; do
		sleep 0.05
	done
	kill "-$1" $!
	wait $!
}
interrupted TERM
[[ $? = 143 && ! -s $OUT ]]
result $? "SIGTERM ends it, as one that was ended by it"
clean "SIGTERM"
# A shell has what it runs in the background ignore SIGINT.
interrupted HUP
[[ $? = 129 ]]
result $? "so does SIGHUP"
clean "SIGHUP"
setsid bash -c 'trap - INT; exec "$@"' - timeout -s INT 2 fnguard probe >"$OUT" 2>&1
clean "SIGINT"

# Without the module.
fnguard disarm --reason "the test is over" >/dev/null && rmmod fnguard
probe --policy strict
[[ $STATUS = 4 ]]
result $? "without the module, no policy can be attacked"
probe "${SOME[@]}" guard-control
[[ $STATUS = 1 && $(names '.outcome == "skipped"') = guard-control && $(number '.outcome == "open"') = 6 ]]
result $? "without the module, the control runs all the same (skipped: $(names '.outcome == "skipped"'))"
finish
