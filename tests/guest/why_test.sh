#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A function is refused one thing of each kind. fnguard why names what, by which rule and where it was written; the lines that it proposes
# are written into the policy until all is allowed. Nobody listens to events meanwhile.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d)
CGROUPS=/sys/fs/cgroup
cd "$WORK" || exit 1

# acts CGROUP WORD...: has the function do what is named, in a cgroup, and tell what became of it.
acts() {
	local cgroup=$1
	shift
	(echo "$BASHPID" >"$CGROUPS$cgroup/cgroup.procs" && exec python3 -E -S -B /srv/why/why_acts.py "$@") >"$WORK/acts" 2>"$WORK/said"
}

# why ARGUMENT...: into a file.
why() {
	fnguard why --json "$@" >"$WORK/why.json" 2>"$WORK/said"
}

# has FILTER TEXT: is there one refusal of which the filter is true?
has() {
	jq -e "any(.[]; $1)" "$WORK/why.json" >/dev/null
	result $? "$2"
}

mkdir -p /srv/why/{data,state,moved,secret,flood} $CGROUPS/why/app $CGROUPS/why/other $CGROUPS/why/phased
cp "$TESTS/why_acts.py" /srv/why/
touch /srv/why/moved/old /srv/why/data/read.txt /srv/why/secret/key
head -c 4096 /dev/zero >/srv/why/code.so
ip link set lo up
ip addr add 203.0.113.7/32 dev lo
python3 "$TESTS/why_serve.py" >"$WORK/ready" &
until [[ -s $WORK/ready ]]; do
	sleep 0.1
done
cat >base.yaml <<'POLICY'
policy: base
files:
  default: deny
  rules:
    - { path: "/**", allow: [all] }
    - { path: "/", allow: [all] }
POLICY
cat >app.yaml <<'POLICY'
policy: app
exec:
  default: deny
  allow:
    - "/usr/bin/python3*"
  map:
    - "/usr/lib/**"
memory:
  write-exec: deny
files:
  default: deny
  rules:
    - { path: "/usr/**", allow: [read] }
    - { path: "/etc/*", allow: [read] }
    - { path: "/proc/**", allow: [read] }
    - { path: "/dev/**", allow: [read, write] }
    - { path: "/srv/why/*", allow: [read] }
    - { path: "/srv/why/data/*.json", allow: [read] }
    - { path: "/srv/why/state/new.txt", allow: [read] }
    - { path: "/srv/why/moved/old", allow: [all] }
    - { path: "/srv/why/secret/**", deny: [all] }
egress:
  default: deny
  resolvers: [127.0.0.1]
  rules:
    - { allow: { to: [127.0.0.1], ports: [7777/udp] } }
    - { allow: { host: "www.example.com", ports: [443/tcp] } }
listen:
  default: deny
  allow:
    - 8080/tcp
unix:
  default: deny
  allow:
    - "@why-others"
sockets:
  families:
    - unix
    - inet
  types:
    - stream
    - dgram
privileges:
  capabilities:
    - dac_override
  allow:
    - time
limits:
  connect: 3/s burst 5
response:
  errno: { egress: EACCES, limits: EAGAIN }
POLICY
fnguard policy load base.yaml app.yaml >/dev/null 2>"$WORK/said" && fnguard cgroup bind /why base >/dev/null &&
	fnguard cgroup bind /why/app app --label function=pay --label tenant=acme >/dev/null &&
	fnguard cgroup bind /why/other app --label function=mail --label tenant=acme >/dev/null
result $? "two policies apply (said: $(cat "$WORK/said"))"
[[ $(fnguard why /why/app) = "Nothing that was refused to /why/app is remembered." ]]
result $? "nothing was refused yet, and that is no failure"
acts /why/app
[[ $(grep -c . "$WORK/acts") = 15 && $(grep -c " 0$" "$WORK/acts") = 0 ]]
result $? "all is refused: $(paste -sd, "$WORK/acts")"
why /why/app --last 99
result $? "why tells"
# refused OPERATION RULE LINE NEAREST WHERE YAML ERRNO: as the kernel has decided, and as it would be written. The rule is on that line, or
# of a key, on the one below.
refused() {
	local line
	line=$(grep -nF -- "$3" app.yaml | head -n 1 | cut -d: -f1)
	[[ $3 != *: ]] || ((line++))
	jq -e --arg op "$1" --arg rule "$2" --arg at "${line:+app.yaml:$line}" --arg nearest "$4" --arg where "$5" --arg yaml "$6" \
		--arg errno "$7" 'any(.[]; .operation == $op and .errno == $errno and .verdict == "denied" and .pid > 0 and (.comm | startswith("python3")) and
		.cgroup == "/why/app" and .now == "deny" and any(.policies[]; .policy == "base" and .verdict == "allow") and
		any(.policies[]; .policy == "app" and .verdict == "deny" and .rule == $rule and (.at // "") == $at and
			(.nearest.rule // "") == $nearest and .fix.where == $where and .fix.yaml == $yaml))' "$WORK/why.json" >/dev/null
	result $? "$1: by which rule, where, which comes nearest, and what would allow it"
}
refused "open /srv/why/data/read.txt read" "files default deny" "files:" "files allow read /srv/why/data/*.json" files.rules \
	'- { path: "/srv/why/data/read.txt", allow: [read] }' EACCES
refused "open /srv/why/state/new.txt create" "files default deny" "files:" "files allow read /srv/why/state/new.txt" \
	files.rules '- { path: "/srv/why/state/new.txt", allow: [create] }' EACCES
refused "open /srv/why/moved/new create" "files default deny" "files:" "files allow all /srv/why/moved/old" files.rules \
	'- { path: "/srv/why/moved/new", allow: [create] }' EACCES
refused "exec /usr/bin/true" "exec default deny" "exec:" "exec allow /usr/bin/python3*" exec.allow '- "/usr/bin/true"' EACCES
refused "map /srv/why/code.so" "exec default deny" "exec:" "" exec.map '- "/srv/why/code.so"' EACCES
refused "write-exec mmap" "memory write-exec deny" "write-exec: deny" "" memory "write-exec: allow" EPERM
refused "connect 127.0.0.1:9999/udp" "egress default deny" "egress:" "egress allow to 127.0.0.1 ports 7777/udp" egress.rules \
	'- { allow: { to: ["127.0.0.1"], ports: [9999/udp] } }' EACCES
refused "connect 203.0.113.7:8443/udp (www.example.com)" "egress default deny" "egress:" \
	"egress allow host www.example.com ports 443/tcp" egress.rules '- { allow: { host: "www.example.com", ports: [8443/udp] } }' EACCES
refused "listen 8081/tcp" "listen default deny" "listen:" "listen allow 8080/tcp" listen.allow "- 8081/tcp" EPERM
refused "unix @why-host" "unix default deny" "unix:" "" unix.allow '- "@why-host"' EPERM
refused "socket inet6/dgram" "sockets families" "- inet" "" sockets.families "- inet6" EPERM
refused "capability sys_nice" "privileges capabilities" "  capabilities:" "" privileges.capabilities "- sys_nice" EPERM
refused "capability setgid" "privileges capabilities" "  capabilities:" "" privileges.capabilities "- setgid" EPERM
has '.operation == "floor chroot" and
	([.policies[] | .policy + " " + .rule + " " + .fix.where] ==
		["base floor chroot privileges", "app floor chroot privileges.allow"]) and
	(.policies[0].fix.yaml | test("^allow: .chroot, .*setuid")) and .policies[1].fix.yaml == "- chroot"' \
	"the floor: of both policies; the one that says nothing of privileges must name those that it allows"
has '.class == "limits" and any(.policies[]; .rule == "limits connect 3/s burst 5" and
	.fix.how == "set" and .fix.yaml == "connect: 6/s burst 10" and .fix.advice)' \
	"a limit: as what no rule allows, and twice as much"
fnguard why /why/app --last 3 >"$WORK/text"
[[ $(grep -c "^denied " "$WORK/text") = 3 && $(grep -c "^  allow    base: " "$WORK/text") -ge 1 ]] &&
	grep -qE "^  by       pid [0-9]+ \(python3[^)]*\) in /why/app$" "$WORK/text" && grep -qE "^    fix    (add to|set in) " "$WORK/text"
result $? "the same as text: as many as were asked for"
# shellcheck disable=SC2012
for round in 1 2 3 4 5 6; do
	[[ $(python3 "$TESTS/why_fix.py" why.json base app) -gt 0 ]] || break
	fnguard policy load base.yaml app.yaml >/dev/null 2>"$WORK/said" || break
	rm -f /srv/why/moved/new /srv/why/state/new.txt
	touch /srv/why/moved/old
	acts /why/app
	! grep -qv " 0$" "$WORK/acts" && break
	why /why/app --last 99
done
[[ $(grep -c " 0$" "$WORK/acts") = 15 ]]
result $? "with the lines that it proposes in the policy, all is allowed, in round $round: $(paste -sd, "$WORK/acts") $(cat "$WORK/said")"
why /why/app --last 99
[[ $(jq '[.[] | select(.now == "deny")] | length' why.json) = 0 && $(jq '[.[] | select(.now == "allow")] | length' why.json) -gt 5 ]]
result $? "what was refused is still told, and that it is allowed now"
acts /why/other denied
why function=mail
has '.operation == "open /srv/why/secret/key read" and any(.policies[]; .rule == "files deny all /srv/why/secret/**" and
	.fix.how == "remove" and (.fix | has("yaml") | not))' \
	"by a label: what a rule denies by name, no other rule allows"
fnguard cgroup release /why/other 2>/dev/null
[[ $(fnguard why --json mail | jq length) = 1 && $(fnguard why --json $CGROUPS/why/other | jq length) = 1 ]]
result $? "by the value of a label, and by the directory of the cgroup"
! why tenant=acme && jq -e '.error | contains("2 cgroups") and contains("/why/app") and contains("/why/other")' why.json >/dev/null
result $? "a label of several is refused, with all of them"
! why nobody && jq -e '.error | contains("neither a cgroup")' why.json >/dev/null
result $? "and one that nobody has"
place_sleeper why/other
[[ $(fnguard why --json "$SLEEPER" | jq -r '.[0].operation') = "open /srv/why/secret/key read" ]]
result $? "by a process in the cgroup"
kill "$SLEEPER" && wait "$SLEEPER" 2>/dev/null
# refused_at: in seconds since 1970.
refused_at() {
	date -d "$(fnguard why --json mail | jq -r '.[0].time')" +%s
}
then=$(refused_at)
date -s "+100 seconds" >/dev/null
now=$(refused_at)
((now - then >= 99 && now - then <= 101))
result $? "at which time of day it was, by the clock as it is set now ($((now - then)) s later)"
acts /why/other flood 200
acts /why/other listen unix >/dev/null
acts /why/other flood 200
why /why/other --last 99
[[ $(jq '[.[] | select(.verb == "open")] | length' why.json) -le 16 && $(jq -r '.[0].target' why.json) = /srv/why/flood/199 ]]
result $? "of a flood of names the last are remembered: $(jq length why.json)"
why /why --last 999
[[ $(jq '[.[] | select(.cgroup == "/why/app")] | length' why.json) -gt 5 ]]
result $? "it pushes out nobody else's, and those below a cgroup are told with it"
[[ $(jq '[.[] | select(.cgroup == "/why/other") | .operation] | index("open /srv/why/flood/199 create") != null' why.json) = true ]]
result $? "with its own"
# explain CGROUP WORD...: the verdict of all, then of each.
explain() {
	local cgroup=$1
	shift
	fnguard policy explain --json --cgroup "$cgroup" "$@" | jq -r '[.verdict] + [.policies[] | .policy + "=" + .verdict] | join(" ")'
}
[[ $(explain /why/app open /srv/why/data/read.txt) = "allow base=allow app=allow" &&
	$(explain /why/app open /root/x write) = "deny base=allow app=deny" &&
	$(explain /why open /root/x write) = "allow base=allow" && $(explain / open /root/x) = "allow" ]]
result $? "explain asks all policies of a cgroup, root-most first"
fnguard cgroup audit /why/app --for 1h --reason test >/dev/null
[[ $(explain /why/app open /root/x write) = "audit base=allow app=audit" && $(explain /why/app floor bpf) = "deny base=deny app=deny" ]] &&
	fnguard policy explain --cgroup /why/app open /root/x write | grep -q "exempt for"
result $? "with exemptions, and without one of the floor"
fnguard cgroup audit /why/app --end >/dev/null
[[ $(explain /why/app limit connect) = "allow base=allow app=allow" &&
	$(explain /why/app rename /srv/why/moved/old /root/x) = *"app=deny" ]] &&
	fnguard policy explain app limit connect | grep -q "^rule .*limits connect "
result $? "of limits, how much they are; of a rename, both names"
cat >phased.yaml <<'POLICY'
policy: phased
exec:
  default: deny
  allow: ["/usr/bin/**"]
  map: ["/usr/**"]
phases:
  serve:
    exec: { allow: [] }
response: { quarantine: 1 denials / 10s }
POLICY
fnguard policy load phased.yaml >/dev/null && fnguard cgroup bind /why/phased phased >/dev/null
[[ $(explain /why/phased exec /usr/bin/true) = "allow base=allow phased=allow" ]]
result $? "before a phase"
acts /why/phased later &
later=$!
until grep -q python3 /proc/"$(head -n 1 $CGROUPS/why/phased/cgroup.procs)"/comm 2>/dev/null; do
	sleep 0.1
done
fnguard cgroup phase /why/phased serve >/dev/null
[[ $(explain /why/phased exec /usr/bin/true) = "deny base=allow phased=deny" ]]
result $? "and in it"
touch /srv/why/go
wait $later
why /why/phased
has '.operation == "exec /usr/bin/true" and any(.policies[]; .phase == "serve" and
	.fix.where == "phases.serve.exec.allow" and .at == "phased.yaml:3")' \
	"why knows the phase, and that it has a list of its own"
[[ $(explain /why/phased connect 192.0.2.1:80) = "deny base=deny phased=deny" &&
	$(explain /why/phased open /etc/passwd) = "allow base=allow phased=allow" ]] &&
	fnguard policy explain --cgroup /why/phased exec /bin/sh | grep -q "in quarantine"
result $? "explain knows the quarantine"
kill %1
cd / && rm -rf "$WORK" /srv/why
fnguard cgroup unbind /why/app >/dev/null
fnguard cgroup unbind /why/other >/dev/null
fnguard cgroup unbind /why/phased >/dev/null
fnguard cgroup unbind /why >/dev/null
rmdir $CGROUPS/why/app $CGROUPS/why/other $CGROUPS/why/phased $CGROUPS/why
finish
