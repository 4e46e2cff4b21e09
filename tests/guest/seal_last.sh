#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A guard that is sealed: what could be done before, and cannot be done any more
# until reboot. So it comes last in its guest. More than 500 lines: there is only one seal to do all of it with.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
CGROUPS=/sys/fs/cgroup
SEALED="The guard is sealed"
DIR=$(mktemp -d)
cd "$DIR" || exit 1

# few ARRAY N: the first N of it, where another kernel has them all: they differ in what openssl and the command look at.
few() {
	local -n all=$1
	((${PATIENCE:-1} == 1)) && with_controls || all=("${all[@]:0:$2}")
}

## certificates, and what is like one

# certificate NAME SUBJECT OPTION...: one that its key signed itself, which was made beforehand unless OPTION says otherwise.
certificate() {
	local name=$1 subject=$2 key=(-key "$1.key")
	shift 2
	if (($#)); then
		key=(-nodes -keyout "$name.key")
	else
		cp "$TESTS/$name.key" .
	fi
	openssl req -x509 "${key[@]}" -out "$name.pem" -subj "/CN=$subject" -days 30 "$@" 2>/dev/null
}

# issue NAME OF ISSUER DAYS: the key of OF, with a certificate that ISSUER signed. The kernel looks for who that is by his key.
issue() {
	echo "authorityKeyIdentifier=keyid" >extensions
	openssl req -new -key "$2.key" -out request -subj "/CN=$1" 2>/dev/null
	cp "$2.key" "$1.key"
	openssl x509 -req -in request -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days "$4" -extfile extensions -out "$1.pem" 2>/dev/null
}

certificate good "the good one"
certificate other "another"
certificate spare "one of two"
# Renewed: the same subject and the same key.
openssl req -x509 -key spare.key -out renewed.pem -subj "/CN=one of two" -days 60 2>/dev/null
certificate weak weak
certificate strange strange -newkey ed25519
certificate curve "a curve" -newkey ec -pkeyopt ec_paramgen_curve:P-256
issue leaf other good 30
issue stranger spare other 30
issue late other good -1
openssl x509 -in good.pem -outform DER -out good.der
openssl pkey -in good.key -outform DER -out key.der
head -c 700 good.der >half.der
head -c 3000 /dev/urandom >garbage
: >empty
[[ -s curve.pem && -s leaf.pem && -s stranger.pem && -s late.pem && -s good.der && -s key.der ]]
result $? "there are certificates"

## policies

# policy NAME VERSION PATH [EXTRA]: its text, which denies PATH.
policy() {
	printf '%s\n' "policy: $1" "version: $2" "${4:-}" "files: { default: allow, rules: [{ path: \"$3\", deny: [all] }] }"
}

# image NAME VERSION PATH [EXTRA]: compiled into NAME-VERSION.fng, unless that is what was compiled last.
image() {
	local text
	text=$(policy "$@")
	[[ -s $1-$2.fng && -s $1.yaml && $text = "$(<"$1.yaml")" ]] && return
	echo "$text" >"$1.yaml"
	fnguard policy compile "$1.yaml" -o "$1-$2.fng" >/dev/null 2>&1
}

# signed NAME VERSION PATH [EXTRA]: and signed by SIGNER.
signed() {
	image "$@"
	fnguard policy sign --key "${SIGNER:-good}.key" --cert "${SIGNER:-good}.pem" "$1-$2.fng" >/dev/null
}

load() {
	fnguard policy load "$@"
}

## what is asked, and what is answered

# On a kernel that checks each of its steps every program that is started counts, so the shell takes apart what is answered.

# is STATE SEALED: both at once.
is() {
	[[ $(fnguard status --json) =~ \"state\":\ \"$1\",[[:space:]]*\"sealed\":\ $2, ]]
}

generation() {
	[[ $(fnguard status --json) =~ \"policy_generation\":\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# loaded NAME: its version.
loaded() {
	[[ $(fnguard policy list --json) =~ \"name\":\ \"$1\",[^}]*\"version\":\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# everything: what no refused command may change.
everything() {
	local line
	while read -r line; do
		[[ ! $line =~ ^\"(state|sealed|policies|bindings|(policy|binding)_generation)\" ]] || echo "$line"
	done < <(fnguard status --json)
}

# refuses STATUS WORDS COMMAND...: it ends with that status, says these words, and changes nothing. What there was after the one
# before it is what there is now, if that was the last step: asking is dear.
AFTER='' ASKED=-1
refuses() {
	local wanted=$1 words=$2 before said status
	shift 2
	((COUNT == ASKED + 1)) || AFTER=$(everything)
	before=$AFTER
	said=$("$@" 2>&1 </dev/null)
	status=$?
	[[ $status = "$wanted" && $said = *"$words"* ]] || {
		echo "# status $status: $said"
		return 1
	}
	AFTER=$(everything)
	ASKED=$COUNT
	[[ $AFTER = "$before" ]] || {
		diff <(echo "$before") <(echo "$AFTER") | sed 's/^/# /'
		return 1
	}
}

# cgroup NAME: make it.
cgroup() {
	mkdir -p "$CGROUPS/$1"
}

# reads CGROUP FILE: can a task of it?
reads() {
	# shellcheck disable=SC2016 # the inner shell's
	within "$1" sh -c 'read -r _ <"$1"' sh "$2" 2>/dev/null
}

# counts POLICY: what it denies, in all cgroups, since its version was loaded.
counts() {
	fnguard counters --json --policy "$1" --totals
}

seal() {
	fnguard seal --yes "${@/#/--cert=}"
}

# counted POLICY CGROUP FILE: each refusal is counted once.
counted() {
	local before
	before=$(counts "$1")
	# shellcheck disable=SC2016 # the inner shell's
	within "$2" sh -c 'for _ in 1 2 3; do ! read -r _ <"$1" || exit 1; done' sh "$3" 2>/dev/null || return
	counts "$1" | jq -e --argjson before "$before" 'def files: [.[] | select(.class == "files").count] | add // 0;
		files == ($before | files) + 3' >/dev/null
}

## before

for file in a b c d e; do
	echo "$file" >"/etc/seal-$file"
done
cgroup seal/one
cgroup seal/two
refuses 1 "Only a guard that is enforcing can be sealed" seal good.pem
result $? "a guard that is idle is not sealed"
image base 5 /etc/seal-a && image side 1 /etc/seal-b && load base-5.fng side-1.fng >/dev/null 2>&1
result $? "policies without a signature are loaded"
WRONG=("late.pem:has expired" "weak.pem:too weak" "half.der:there is no certificate" "strange.pem:no kernel can check it"
	"nothing.pem:cannot read nothing.pem" "good.key:there is no certificate" "key.der:there is no certificate"
	"garbage:there is no certificate" "empty:there is no certificate")
few WRONG 3
for wrong in "${WRONG[@]}"; do
	refuses 1 "${wrong#*:}" seal good.pem "${wrong%%:*}"
	result $? "it is not sealed with ${wrong%%:*}"
done
refuses 2 "say who may sign" fnguard seal --yes
result $? "nor with nobody"
refuses 2 "cannot be taken back" fnguard seal --cert good.pem
result $? "nor if nobody can be asked"
refuses 2 "cannot be taken back" fnguard seal --cert good.pem --json
result $? "nor if the answer is for a program"
# Not every kernel knows curves.
CURVE=()
modprobe -q ecdsa_generic 2>/dev/null
if grep -q '^name *: ecdsa-nist-p256' /proc/crypto; then
	CURVE=(curve)
else
	refuses 1 "cannot check signatures by keys of the certificate's kind" seal good.pem curve.pem
	result $? "nor with a key of a kind that this kernel cannot check"
fi
cat good.pem{,,,,,,,,} >nine.pem
refuses 1 "more than 8 certificates" seal nine.pem
result $? "nor with nine certificates"
refuses 1 "the guard was not sealed" sh -c 'echo no | script -qec "fnguard seal --cert good.pem" /dev/null'
result $? "nor if the answer is no"
is '[a-z]+' false && fnguard status | grep -q '^Sealed *no$'
result $? "it is not sealed, and says so"

# Controls: all of it goes while it is not sealed.
image base 4 /etc/seal-a && load base-4.fng >/dev/null 2>&1 && [[ $(loaded base) = 4 ]]
result $? "unsealed, a lower version replaces a higher"
load base-5.fng >/dev/null 2>&1 && load base-5.fng >/dev/null 2>&1
result $? "and the same comes again"
fnguard cgroup bind /seal/one base >/dev/null && fnguard cgroup unbind /seal/one base >/dev/null
result $? "a cgroup is bound and unbound"
fnguard policy unload side >/dev/null && load side-1.fng >/dev/null 2>&1
result $? "a policy is unloaded and loaded"
fnguard policy unload side --replace-with base >/dev/null && load side-1.fng >/dev/null 2>&1
result $? "or replaced by another"
SIGNER=other signed base 5 /etc/seal-a && load base-5.fng >/dev/null 2>&1
result $? "a signature of anybody is looked at by nobody"
fnguard disarm --reason "a control" >/dev/null && is idle false
result $? "it is disarmed"
rm -f base-5.fng.p7s
load base-5.fng side-1.fng >/dev/null 2>&1 && fnguard cgroup bind /seal/one base --label function=one >/dev/null
result $? "and armed, and a cgroup is bound"
reads seal/two /etc/seal-a && counted base seal/one /etc/seal-a
result $? "which is refused what its policy denies, and counted"

ip link add sealed0 type veth peer name sealed1
fnguard netdev bind sealed0 base >/dev/null && fnguard netdev unbind sealed0 >/dev/null && fnguard netdev bind sealed0 base >/dev/null
result $? "a device is bound, unbound, and bound again"

# Who is skipped takes his freedom to where he goes: the agent, into a cgroup that a template guards.
image home 1 /etc/seal-a 'attach: { cgroup: ["/seal-home/*"], interface: [sealed2] }' && load home-1.fng >/dev/null 2>&1
cgroup seal-home/victim && counted home seal-home/victim /etc/seal-a
result $? "a template guards a cgroup"
ip link add sealed2 type veth peer name sealed3 && fnguard netdev list | grep -q "sealed2.* template "
result $? "and a device"

# agent: starts one, as AGENT.
agent() {
	fnguardd --log "$DIR/agent.log" &
	AGENT=$!
	until grep -q '"connected"' "$DIR/agent.log" 2>/dev/null; do sleep 0.2; done
}

# moved PID CGROUP
moved() {
	echo "$1" >"$CGROUPS/$2/cgroup.procs"
}

agent
moved "$AGENT" seal-home/victim && load side-1.fng >/dev/null 2>&1 && reads seal-home/victim /etc/seal-a
result $? "which is free while the agent is in it"
refuses 1 "matches the cgroup of PID 1 or the agent" seal good.pem
result $? "and is not sealed with, since who starts the agent anew could not let it in"
kill "$AGENT" && wait "$AGENT" 2>/dev/null
ASKED=-1
refuses 1 "The agent has ended" seal good.pem
result $? "nor without the agent that there was"
rm -f agent.log
agent
load side-1.fng >/dev/null 2>&1 && ! reads seal-home/victim /etc/seal-a && is enforcing false
result $? "and guarded when it is elsewhere"

fnguard cgroup audit /seal/one --for 1h --reason "before the seal" >/dev/null && reads seal/one /etc/seal-a
result $? "a cgroup is exempt"

load --confirm-within 1h side-1.fng >/dev/null 2>&1
refuses 1 "s to be confirmed: fnguard policy confirm" seal good.pem
result $? "it is not sealed while a load waits to be confirmed"
fnguard policy rollback >/dev/null
result $? "which is rolled back"

## the seal
fnguard events --json --count 200 --timeout $((8 * ${PATIENCE:-1})) >heard 2>/dev/null &
listener=$!
sleep 1
echo 4711 >/proc/self/loginuid 2>/dev/null
seal good.der spare.pem renewed.pem "${CURVE[@]/%/.pem}" >said 2>&1
result $? "it is sealed ($(<said))"
is enforcing true && fnguard status | grep -q '^Sealed *yes$'
result $? "says so, and is enforcing"
while kill -0 "$listener" 2>/dev/null && [[ $(<heard) != *'"sealed"'* ]]; do sleep 0.2; done
sleep 1
kill "$listener" 2>/dev/null
wait "$listener" 2>/dev/null
jq -es --argjson who "$(cat /proc/self/loginuid 2>/dev/null || echo null)" \
	'[.[] | select(.kind == "sealed")] | length == 1 and .[0].comm == "fnguard" and (.[0].loginuid == $who or .[0].loginuid == null)' \
	heard >/dev/null
result $? "an event tells who did it ($(jq -c 'select(.kind == "sealed") | [.uid, .loginuid, .comm]' heard))"
dmesg | grep -q 'fnguard: sealed: until reboot'
result $? "so does the kernel's log"

## what takes something back
for again in good.pem other.pem; do
	refuses 1 "$SEALED already" seal "$again"
	result $? "it is not sealed again, with $again"
done
refuses 1 "$SEALED" fnguard disarm --reason "to get rid of it"
result $? "it is not disarmed"
refuses 1 "in use" rmmod fnguard
result $? "nor removed"
refuses 1 "$SEALED" fnguard policy unload side
result $? "no policy is unloaded"
refuses 1 "$SEALED" fnguard policy unload base --replace-with side
result $? "nor replaced by another"
refuses 1 "$SEALED" fnguard policy unload nobody
result $? "nor is one looked for"
for act in "unbind /seal/one" "unbind /seal/one base" "release /seal/one" "activate /seal/one base"; do
	# shellcheck disable=SC2086 # they are words
	refuses 1 "$SEALED" fnguard cgroup $act
	result $? "there is no $act"
done
refuses 1 "$SEALED" fnguard cgroup audit /seal/one --for 1s --reason "after it"
result $? "one that is exempt is not so for another time"
reads seal/one /etc/seal-a && fnguard cgroup audit /seal/one --end >/dev/null && ! reads seal/one /etc/seal-a
result $? "it was up to now, and that ends"
refuses 1 "already bound" fnguard cgroup bind /seal/one base --label function=two
result $? "nor given other labels"
refuses 1 "$SEALED" fnguard netdev unbind sealed0
result $? "no device is unbound"
refuses 1 "already bound" fnguard netdev bind sealed0 side
result $? "nor given another policy"
refuses 1 "$SEALED" fnguard netdev bind sealed2 side
result $? "nor taken from a template"
! (echo /usr/bin/true >/sys/module/fnguard/parameters/launchers) 2>/dev/null
result $? "its launchers are not changed"

## what adds something
fnguard cgroup bind /seal/two side >/dev/null && counted side seal/two /etc/seal-b
result $? "a cgroup is bound"
fnguard netdev bind sealed1 side >/dev/null
result $? "a device is bound"
fnguard arm >/dev/null && is enforcing true
result $? "the hooks are proven again"
fnguard counters >/dev/null && fnguard cgroup list >/dev/null && fnguard policy show --flat base >/dev/null
result $? "everything can be looked at"

## policies: unsigned, signed by somebody else, something else that is signed
image base 6 /etc/seal-a
refuses 1 "has no signature" load base-6.fng
result $? "a policy without a signature is not loaded"
refuses 1 "has no signature" load base.yaml
result $? "nor is a text"
refuses 1 "has no signature" fnguard run ./base.yaml -- true
result $? "nor to run something"
SIGNER=other signed base 6 /etc/seal-a
refuses 1 "None of the certificates" load base-6.fng
result $? "nor one that somebody else signed"
SIGNER=stranger signed base 6 /etc/seal-a
refuses 1 "None of the certificates" load base-6.fng
result $? "nor one by a certificate that somebody else signed"
signed base 7 /etc/seal-c
cp base-7.fng.p7s base-6.fng.p7s
refuses 1 "not one of these bytes" load base-6.fng
result $? "nor one with the signature of another version"
signed base 6 /etc/seal-a
cp base-6.fng wrong.fng
PLACES=($(($(stat -c %s base-6.fng.p7s) - 20)) 40 200)
few PLACES 1
for at in "${PLACES[@]}"; do
	cp base-6.fng.p7s wrong.fng.p7s
	printf '\x5a\xa5\x5a' | dd of=wrong.fng.p7s bs=1 seek="$at" conv=notrunc status=none
	refuses 1 "the kernel refused" load wrong.fng
	result $? "nor one whose signature was changed at byte $at"
done
SIZES=($(($(stat -c %s base-6.fng.p7s) - 1)) 1 100)
few SIZES 1
for size in "${SIZES[@]}"; do
	head -c "$size" base-6.fng.p7s >wrong.fng.p7s
	refuses 1 "not a detached one in DER" load wrong.fng
	result $? "nor with $size bytes of a signature"
done
cp garbage wrong.fng.p7s
refuses 1 "not a detached one in DER" load wrong.fng
result $? "nor with garbage in its place"
: >wrong.fng.p7s
refuses 1 "has no signature" load wrong.fng
result $? "nor with nothing in its place"
head -c 16385 /dev/zero >wrong.fng.p7s
refuses 1 "cannot use the signature" load wrong.fng
result $? "nor with too much of it"

# by_openssl OPTION...: signed by other means.
by_openssl() {
	openssl cms -sign -binary -md sha256 -in wrong.fng -out wrong.fng.p7s "$@" 2>/dev/null
}
by_openssl -outform PEM -nosmimecap -signer good.pem -inkey good.key
refuses 1 "not a detached one in DER" load wrong.fng
result $? "nor with one in PEM"
by_openssl -outform DER -nodetach -nosmimecap -signer good.pem -inkey good.key
refuses 1 "not a detached one in DER" load wrong.fng
result $? "nor with one that has the image in it"
by_openssl -outform DER -nosmimecap -signer late.pem -inkey other.key
refuses 1 "when its certificate was not valid" load wrong.fng
result $? "nor by a certificate that had expired"

## versions
signed base 5 /etc/seal-c
refuses 1 "replaced by a higher version only" load base-5.fng
result $? "another policy of the same version is not loaded"
signed base 4 /etc/seal-a
refuses 1 "replaced by a higher version only" load base-4.fng
result $? "nor one of a lower version"
signed base 7 /etc/seal-c
load base-7.fng >/dev/null && [[ $(loaded base) = 7 ]]
result $? "one of a higher version is"
reads seal/one /etc/seal-a && counted base seal/one /etc/seal-c
result $? "and is what is enforced"
load base-7.fng >/dev/null && [[ $(loaded base) = 7 ]] && counted base seal/one /etc/seal-c
result $? "its very bytes come again"
refuses 1 "replaced by a higher version only" load base-6.fng
result $? "the one between does not"
signed base 8 /etc/seal-c
refuses 1 "$SEALED" load --confirm-within 1h base-8.fng
result $? "nor does one that would be taken back again"
SIGNER=other signed base 7 /etc/seal-c
refuses 1 "None of the certificates" load base-7.fng
result $? "nor do the same bytes, if somebody else signed them"

## other signatures that hold
SIGNERS=(leaf "${CURVE[@]}" spare)
few SIGNERS 1
for signer in "${SIGNERS[@]}"; do
	version=$(($(loaded base) + 1))
	SIGNER=$signer signed base "$version" /etc/seal-c
	load "base-$version.fng" >/dev/null && [[ $(loaded base) = "$version" ]]
	result $? "one that $signer signed is loaded"
done
OPTIONS=("-signer good.pem -inkey good.key -signer other.pem -inkey other.key" "-noattr -signer good.pem -inkey good.key"
	"-nocerts -signer good.pem -inkey good.key" "-keyid -signer good.pem -inkey good.key"
	"-signer renewed.pem -inkey spare.key" "-signer good.pem -inkey good.key")
few OPTIONS 1
for options in "${OPTIONS[@]}"; do
	version=$(($(loaded base) + 1))
	image base "$version" /etc/seal-c
	cp "base-$version.fng" wrong.fng
	# shellcheck disable=SC2086 # the words are options
	by_openssl -outform DER -nosmimecap $options
	load wrong.fng >/dev/null && [[ $(loaded base) = "$version" ]]
	result $? "one that openssl signed is, with $options"
done

## candidates: as policies
cgroup seal/three
signed beside 2 /etc/seal-b && load beside-2.fng >/dev/null && fnguard cgroup bind /seal/three beside >/dev/null
result $? "a policy is loaded, and a cgroup bound to it"
image beside 3 /etc/seal-d
refuses 1 "has no signature" load --candidate beside-3.fng
result $? "a candidate without a signature is not loaded"
signed beside 1 /etc/seal-d
refuses 1 "replaced by a higher version only" load --candidate beside-1.fng
result $? "nor one that is not newer"
signed beside 3 /etc/seal-d && load --candidate beside-3.fng >/dev/null && fnguard policy list | grep -q "^beside  *2 .* version 3 (" &&
	reads seal/three /etc/seal-d
result $? "one that is signed and newer is, and refuses nothing"
refuses 1 "$SEALED" fnguard policy unload --candidate beside
result $? "it is not unloaded"
refuses 1 "$SEALED" fnguard policy promote beside --confirm-within 1h
result $? "nor promoted for a while"
fnguard policy promote beside >/dev/null && [[ $(loaded beside) = 3 ]] && ! reads seal/three /etc/seal-d
result $? "it is promoted"

## several at once
signed first 1 /etc/seal-d
signed second 1 /etc/seal-e
signed third 1 /etc/seal-e
image lacking 1 /etc/seal-e
SIGNER=other signed foreign 1 /etc/seal-e
signed side 1 /etc/seal-e
refuses 1 "has no signature" load first-1.fng second-1.fng lacking-1.fng
result $? "none is loaded if one lacks a signature"
refuses 1 "(attribute policy 3)" load first-1.fng second-1.fng foreign-1.fng
result $? "nor if somebody else signed one"
refuses 1 "(attribute policy 2)" load first-1.fng side-1.fng second-1.fng
result $? "nor if one is of the version that there is"
before=$(generation)
load first-1.fng second-1.fng third-1.fng >/dev/null && (($(generation) == before + 1)) && [[ $(loaded third) = 1 ]]
result $? "all are if nothing is wrong"
signed template 1 /etc/seal-d 'attach: { cgroup: ["/seal-new/*"] }'
cgroup seal-new/early
load template-1.fng >/dev/null && cgroup seal-new/late && ! reads seal-new/late /etc/seal-d && reads seal/two /etc/seal-d
result $? "a new one may bind by a template"

moved "$AGENT" seal-home/victim && signed first 2 /etc/seal-d && load first-2.fng >/dev/null && [[ $(loaded first) = 2 ]] &&
	counted home seal-home/victim /etc/seal-a
result $? "who holds the agent now is as guarded as before"
moved "$AGENT" . && reads seal/two /etc/seal-a
result $? "and the agent is let out again"
cgroup seal-free/agent
signed free 1 /etc/seal-d 'attach: { cgroup: ["/seal-free/*"] }'
moved "$AGENT" seal-free/agent && load free-1.fng >/dev/null && ! reads seal-free/agent /etc/seal-d
result $? "who says that he is the agent keeps no policy away from where he is"
moved "$AGENT" .

# A launcher may do what sets a function up: what is one is not looked for again.
# shellcheck disable=SC2016 # the inner shell's
by_launcher() {
	sh -c 'echo $$ >"$1/cgroup.procs" && exec python3 -c "open(\"/etc/seal-d\")"' sh "$CGROUPS/seal-new/late" 2>/dev/null
}
# shellcheck disable=SC2016 # the inner shell's
! by_launcher && unshare -m sh -c 'mount --bind "$(readlink -f /usr/bin/python3)" "$(readlink -f /usr/bin/crun)" && fnguard arm' >/dev/null &&
	! by_launcher
result $? "nobody makes a program a launcher by a mount"

"$TESTS/seal_attest_test" >attested 2>&1 && ! grep -q '^not ok' attested
result $? "nobody is believed what is in a file ($(grep -E '^# |^not ok' attested | tail -n 2 | tr '\n' ' '))"

## around it
python3 "$TESTS/seal_keyring.py" <(openssl x509 -in other.pem -outform DER) >keyring
[[ $? = 0 && ! -s keyring ]]
result $? "root cannot change the keyring ($(tr '\n' ';' <keyring))"
if [[ ! -e /proc/sys/kernel/ftrace_enabled ]]; then
	result 0 "nobody can switch its hooks off # SKIP no such knob"
else
	! sysctl -qw kernel.ftrace_enabled=0 2>/dev/null
	result $? "nobody can switch its hooks off"
fi
SIGNER=other signed base 99 /etc/seal-c
refuses 1 "None of the certificates" load base-99.fng
result $? "and nobody else has come to be trusted"
counted base seal/one /etc/seal-c && counted side seal/two /etc/seal-b && reads seal/two /etc/seal-c
result $? "at the end, what is denied is refused and counted, and nothing else"
is enforcing true
result $? "and it is enforcing"
kill "$AGENT"

# Some kernels remove modules that are in use, if they are forced to.
# Whoever reads what this prints does not wait for it.
rmmod -f fnguard >said 2>&1 </dev/null &
remover=$!
for ((i = 0; i < 2 * ${PATIENCE:-1}; i++)); do
	! kill -0 "$remover" 2>/dev/null || sleep 1
done
if kill -0 "$remover" 2>/dev/null; then
	! reads seal/one /etc/seal-c && reads seal/two /etc/seal-c
	result $? "whoever removes it by force waits, and everything is refused as before"
else
	grep -qi "in use\|temporarily unavailable" said && ! reads seal/one /etc/seal-c
	result $? "nobody removes it by force ($(<said))"
fi
finish
