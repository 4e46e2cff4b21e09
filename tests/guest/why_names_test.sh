#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What fnguard why says where an access has two names, or one that was made to deceive.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CGROUPS=/sys/fs/cgroup
WORK=$(mktemp -d)
DIR=/srv/names

# has FILTER TEXT: is there one refusal of which the filter is true?
has() {
	jq -e "any(.[]; $1)" "$WORK/why.json" >/dev/null
	result $? "$2"
}

cat >"$WORK/acts.py" <<'ACTS'
"""Each is refused: prints as many."""
import ctypes
import os
import socket

DIR = "/srv/names/"
RENAME_EXCHANGE = 2


def exchange(old, new):
	libc = ctypes.CDLL(None, use_errno=True)
	if libc.renameat2(-100, (DIR + old).encode(), -100, (DIR + new).encode(), RENAME_EXCHANGE):
		raise OSError(ctypes.get_errno(), "renameat2")


def talk(name):
	with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
		sock.connect(name)


def run(path):
	if os.spawnv(os.P_WAIT, path, [path]) == 127:
		raise PermissionError


def open_deleted(path):
	with open(path, "w+") as file:
		os.unlink(path)
		open("/proc/self/fd/%d" % file.fileno(), "r+")


refused = 0
for act, *args in (
	(os.rename, DIR + "from/a", DIR + "to/b"),
	(exchange, "from/c", "full/f"),
	(os.rename, DIR + "from/a", DIR + "bin/x"),
	(os.rmdir, DIR + "tree/dir"),
	(os.rename, DIR + "tree/other", DIR + "tree/new"),
	(talk, b"\0names\0x"),
	(open, DIR + "odd/a\u009b31m\u202eb"),
	(open, DIR + "odd/a\nb"),
	(open, DIR + "odd/" + 250 * "l" + "/" + 50 * "l"),
	(run, DIR + "late"),
	(open_deleted, DIR + "full/gone"),
):
	try:
		act(*args)
	except PermissionError:
		refused += 1
print(refused)
ACTS
mkdir -p $DIR/{from,to,full,bin,tree/dir/deep,tree/other,odd} $CGROUPS/names
mkdir -p $DIR/odd/"$(printf 'l%.0s' {1..250})"
touch $DIR/from/{a,c} $DIR/to/b $DIR/full/f $DIR/odd/$'a\u009b31m\u202eb' $DIR/odd/$'a\nb'
touch $DIR/odd/"$(printf 'l%.0s' {1..250})/$(printf 'l%.0s' {1..50})"
cat >"$WORK/names.yaml" <<'POLICY'
policy: names
exec:
  default: deny
  allow: ["/usr/bin/*", "/srv/names/bin/*", "/srv/names/late"]
  modified: deny
  map: ["/usr/**"]
files:
  default: deny
  rules:
    - { path: "/usr/**", allow: [read] }
    - { path: "/etc/*", allow: [read] }
    - { path: "/proc/**", allow: [read] }
    - { path: "/dev/**", allow: [read, write] }
    - { path: "/tmp/**", allow: [read] }
    - { path: "/srv/names/from/*", allow: [read, write, delete] }
    - { path: "/srv/names/to/*", allow: [read, write, create] }
    - { path: "/srv/names/full/*", allow: [read, write, create, delete] }
    - { path: "/srv/names/bin/*", allow: [read, write, create] }
    - { path: "/srv/names/tree/**", allow: [all] }
    - { path: "/srv/names/tree/dir/deep/key", deny: [write] }
    - { path: "/srv/names/tree/other/key", deny: [delete] }
unix: { default: deny }
POLICY
python3 -c 'import socket, time
sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
sock.bind(b"\0names\0x")
sock.listen()
print("ready", flush=True)
time.sleep(600)' >"$WORK/ready" &
server=$!
until [[ -s $WORK/ready ]]; do
	sleep 0.1
done
fnguard policy load "$WORK/names.yaml" >/dev/null 2>"$WORK/said" && fnguard cgroup bind /names names >/dev/null
result $? "there is a policy ($(cat "$WORK/said"))"
cp /usr/bin/true $DIR/late
refused=$(echo "$BASHPID" >$CGROUPS/names/cgroup.procs && exec python3 -E -S -B "$WORK/acts.py" 2>"$WORK/said")
[[ $refused = 11 ]]
result $? "all is refused: $refused ($(cat "$WORK/said"))"
fnguard why --json /names --last 99 >"$WORK/why.json"
[[ $(jq length "$WORK/why.json") = 11 ]]
result $? "and nothing of it can be hidden: $(jq length "$WORK/why.json")"
has '.operation == "open /srv/names/to/b delete" and .policies[0].fix.yaml == "- { path: \"/srv/names/to/b\", allow: [delete] }"' \
	"what a rename would have replaced is told by its name"
has '.operation == "open /srv/names/from/c create"' "of an exchange, that of the two which must not be made"
has '.object == "/srv/names/from/a" and .operation == "path_rename /srv/names/from/a" and .verb == "exec" and
	.policies[0].fix.yaml == "- \"/srv/names/from/a\"" and (.policies[0].fix.advice | test("under its new name"))' \
	"who would win by a new name is not said to have executed the file, and the line tells what it allows"
has '.operation == "path_rmdir /srv/names/tree/dir" and (.policies[0].fix | has("yaml") | not)' \
	"a directory that cannot go away is not told as if a line about its name helped"
has '.operation == "path_rename /srv/names/tree/other" and (.policies[0].fix | has("yaml") | not)' \
	"and neither is one below which something must not be removed"
has '.class == "unix" and .verb == "other" and (.policies[0] | has("nearest") | not) and (.policies[0].fix | has("yaml") | not)' \
	"a name with a NUL is not taken for the one before it"
has '.object_len == null and (.target | length) == 256 and (has("now") | not) and (.policies[0].fix | has("yaml") | not)' \
	"nor the start of a long name for the whole: nobody knows what is said of it now"
has '.operation == "exec /srv/names/late" and (has("now") | not) and .policies[0].fix.yaml == "modified: allow"' \
	"what is allowed by its name, and refused since it was changed, is not said to be allowed by now"
has '(.operation | test("^open .*full/gone.* read,write$")) and (has("now") | not) and (.policies[0].fix | has("yaml") | not)' \
	"nor is what has lost its name, for which no line helps"
has '.policies[0].fix.yaml == "- { path: \"/srv/names/odd/a\\x9b31m\\u202eb\", allow: [read] }"' "a name that cannot be seen is proposed in figures"
fnguard why /names --last 99 --color=never >"$WORK/text"
! LC_ALL=C grep -qP '\xc2[\x80-\x9f]|\xe2\x80\xae|[\x01-\x08\x0b-\x1f]' "$WORK/text" && grep -qF 'odd/a\u{9b}31m\u{202e}b' "$WORK/text"
result $? "and printed so"
mkdir $CGROUPS/names/$'\e[31m' && fnguard why /names/$'\e[31m' >"$WORK/text" && ! grep -q $'\e' "$WORK/text"
result $? "the name of a cgroup does not steer the terminal either"
! fnguard why $'\e[31m' 2>"$WORK/text" && grep -qF '\x1b[31m' "$WORK/text" && ! fnguard why "" 2>/dev/null && ! fnguard why 0 2>/dev/null &&
	[[ $(fnguard why --json $CGROUPS/ --last 99 | jq length) = 11 ]]
result $? "nothing is no label and no number, and the root has all below it"
rmdir $CGROUPS/names/$'\e[31m'
sed -i 's|^  rules:$|&\n    - { path: "/srv/names/first", allow: [read] }|' "$WORK/names.yaml"
fnguard policy load "$WORK/names.yaml" >/dev/null 2>&1
fnguard why --json /names --last 99 >"$WORK/why.json"
jq -e 'all(.[]; .policies[0] | .replaced and (has("rule") | not)) and any(.[]; .policies_now[0].at // "" | endswith(":8")) and
	all(.[]; .now != "allow")' "$WORK/why.json" >/dev/null
result $? "as soon as a policy was replaced, nobody takes a rule of it for one of today"
kill $server
fnguard cgroup unbind /names >/dev/null
rmdir $CGROUPS/names
rm -rf $DIR "$WORK"
finish
