#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Files whose digests a policy names are found, digested and told to the kernel by the command.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

WORK=/tmp/attest-test
ROOT=$WORK/root
mkdir -p "$ROOT$WORK"
cp /usr/bin/true "$WORK/program"
cp /usr/bin/true "$ROOT$WORK/program"
sha256=$(sha256sum <"$WORK/program")
other=$(sha256sum </usr/bin/false)

# policy NAME PATH SHA256: the text of one.
policy() {
	cat >"$WORK/$1.yaml" <<-END
		policy: $1
		exec:
		  allow: ["$WORK/**", "/usr/bin/**"]
		  map: ["/usr/lib/**"]
		  sha256: { $2: ${3%% *} }
	END
}

# states ARGUMENT...: what becomes of each file, in one line; the status is the command's.
states() {
	fnguard --json policy attest "$@" >"$WORK/out" 2>&1
	STATUS=$?
	SAID=$(jq -r 'map("\(.root):\(.state)") | join(" ")' "$WORK/out" 2>/dev/null || cat "$WORK/out")
}

policy known "$WORK/program" "$sha256"
said=$(fnguard policy load "$WORK/known.yaml" 2>&1)
[[ $? = 0 && $said != *"will not run"* ]]
result $? "loading a policy attests what is there (said: $said)"
fnguard run known -- "$WORK/program"
result $? "it runs"
cp /usr/bin/false "$WORK/program"
fnguard run known -- "$WORK/program" 2>/dev/null
[[ $? = 126 ]]
result $? "it does not once it was overwritten"
fnguard counters --json | jq -e '.[] | select(.rule == "exec sha256 '"$WORK"'/program")' >/dev/null
result $? "the counters name the rule"
said=$(fnguard policy load "$WORK/known.yaml" 2>&1)
[[ $? = 0 && $said = *"$WORK/program will not run: its SHA-256 here is ${other%% *}"* ]]
result $? "loading it again says what is there now (said: $said)"
cp /usr/bin/true "$WORK/program"
fnguard run "$WORK/known.yaml" -- "$WORK/program"
result $? "running a policy's file attests as well"

states known
[[ $STATUS = 0 && $SAID = "/:attested" ]]
result $? "a loaded policy is attested below / (said: $SAID)"
states known --root "$ROOT" --root "$WORK"
[[ $STATUS = 0 && $SAID = "$ROOT:attested $WORK:absent" ]]
result $? "one root of several has the file (said: $SAID)"
states "$WORK/known.yaml" --root "$WORK"
[[ $STATUS = 1 && $SAID = "$WORK:absent" ]]
result $? "no root has it (said: $SAID)"
mount --bind "$ROOT$WORK/program" "$WORK/program"
fnguard run known -- "$WORK/program"
result $? "what was digested in a root runs where the function has it"
umount "$WORK/program"
cp /usr/bin/false "$ROOT$WORK/program"
states known --root "$ROOT"
[[ $STATUS = 1 && $SAID = "$ROOT:different" ]]
result $? "another file is told (said: $SAID)"
ln -sf /usr/bin/true "$ROOT$WORK/program"
states known --root "$ROOT"
[[ $STATUS = 1 && $SAID = "$ROOT:failed" ]] && grep -q 'symbolic link' "$WORK/out"
result $? "a symbolic link is told (said: $SAID)"
exec 9>>"$WORK/program"
states known
[[ $STATUS = 1 && $SAID = "/:failed" ]] && grep -q 'open for writing' "$WORK/out"
result $? "a file that is open for writing is told (said: $SAID)"
exec 9>&-
rm "$ROOT$WORK/program"
mkfifo "$ROOT$WORK/program"
states known --root "$ROOT"
[[ $STATUS = 1 && $SAID = "$ROOT:failed" ]] && grep -q 'not a regular file' "$WORK/out"
result $? "what is no file is told, and not opened (said: $SAID)"
rm "$ROOT$WORK/program"
truncate -s $(((1 << 30) + 1)) "$ROOT$WORK/program"
SECONDS=0
states known --root "$ROOT"
[[ $STATUS = 1 && $SAID = "$ROOT:failed" && $SECONDS -lt 10 ]] && grep -q 'larger than 1 GiB' "$WORK/out"
result $? "a file that is too large is told, and not read (said: $SAID)"
modprobe -qa loop ext4
truncate -s 8M "$WORK/disk.img"
mkfs.ext4 -q -F -I 128 "$WORK/disk.img" 2>/dev/null
# mount_disk: that of mount would be held open for writing, which a kernel may refuse to mount.
mount_disk() {
	local loop
	loop=$(losetup -f --show "$WORK/disk.img") && mount "$loop" "$ROOT" && losetup -d "$loop"
}
mount_disk && mkdir -p "$ROOT$WORK" && cp /usr/bin/true "$ROOT$WORK/program"
sync "$ROOT$WORK/program"
umount "$ROOT" && mount_disk && chmod 700 "$ROOT$WORK/program"
states known --root "$ROOT"
[[ $STATUS = 0 && $SAID = "$ROOT:attested" ]]
result $? "a file that just changed is attested where change times are in seconds (said: $SAID)"
umount "$ROOT"
states nonsense
[[ $STATUS = 1 ]]
result $? "a policy that is not there is told (said: $SAID)"
rm -rf "$WORK"
finish
