#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One function in Python under policy/examples/python-api.yaml: it works, its
# attacks are refused with the policy's errno, and each refusal is counted once,
# under the right hook and class. Every attack is tried unguarded first, where it
# must get through: what fails anyway proves nothing.
set -uo pipefail

# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

CHECKS=/usr/lib/fnguard/tests/slice_check.py
POLICY=/usr/share/fnguard/policy/examples/python-api.yaml

# guarded NAME CODE: run Python code as the function; its output is in OUT.
guarded() {
	OUT=$(fnguard run "$POLICY" --label "case=$1" \
		-- python3 -c "$2" 2>&1)
}

# attack NAME ERRNO HOOK CLASS CODE: CODE prints the errno of what it tried, or 0.
attack() {
	local name=$1 errno=$2 hook=$3 class=$4 code=$5 control
	if with_controls; then
		control=$(python3 -c "$code" 2>&1)
		[[ $control = 0 ]]
		result $? "$name works unguarded (said: $control)"
	fi
	guarded "$name" "$code"
	[[ $OUT = "$errno" ]]
	result $? "$name is refused with $errno (said: $OUT)"
	"$CHECKS" counted "$hook" "$class"
	result $? "$name is counted under $hook and $class"
}

TRY='
import errno, os, socket, shutil, sys
def errno_of(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return 0
'

# exec_code PREPARE ARGUMENTS: the errno of an execve, or 0 once it succeeded.
exec_code() {
	cat <<-PYTHON
		$TRY
		$1
		read, write = os.pipe()
		if os.fork() == 0:
		    os.close(read)
		    os.set_inheritable(write, False)
		    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
		    os.write(write, str(errno_of(lambda: os.execve($2))).encode())
		    os._exit(1)
		os.close(write)
		os.wait()
		print(os.read(read, 64).decode() or 0)
	PYTHON
}

# Python lists its working directory, which the policy allows for the function's.
mkdir -p /app && cd /app || exit 1
ip link set lo up

fnguard status >/dev/null
result $? "status says nothing is wrong before a policy is loaded"
fnguard status | grep -q '^State *idle'
result $? "and that the guard is idle"

guarded works 'import json, ssl, socket; print(json.dumps("works"))'
[[ $OUT = '"works"' ]]
result $? "a function starts and imports its library (said: $OUT)"
fnguard status | grep -q '^State *enforcing'
result $? "the guard is enforcing"
"$CHECKS" none
result $? "nothing was refused to a function that behaves"

attack "a shell" EACCES bprm_check exec \
	"$(exec_code "" '"/bin/sh", ["sh", "-c", "true"], {}')"
attack "a binary dropped in /tmp" EACCES bprm_check exec \
	"$(exec_code 'open("/tmp/evil", "wb").write(open("/usr/bin/python3", "rb").read()); os.chmod("/tmp/evil", 0o755)' \
		'"/tmp/evil", ["evil", "-c", "0"], {}')"
attack "a memfd" EACCES bprm_check exec \
	"$(exec_code 'fd = os.memfd_create("x"); os.write(fd, open("/usr/bin/python3", "rb").read())' \
		'fd, ["x", "-c", "0"], {}')"
attack "a mapping of a dropped library" EACCES mmap_file exec \
	"$TRY
import mmap
shutil.copyfile('/usr/lib/x86_64-linux-gnu/libc.so.6', '/tmp/evil.so')
file = os.open('/tmp/evil.so', os.O_RDONLY)
print(errno_of(lambda: mmap.mmap(file, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)))"
attack "/etc/shadow" EACCES file_open files \
	"$TRY
print(errno_of(lambda: open('/etc/shadow')))"
attack "a datagram to a port without a rule" ECONNREFUSED socket_sendmsg egress \
	"$TRY
print(errno_of(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.9', 5353))))"
attack "a user namespace" EPERM create_user_ns floor \
	"$TRY
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
failed = libc.unshare(0x10000000)
print(errno.errorcode[ctypes.get_errno()] if failed else 0)"

fnguard disarm --reason "end of test" >/dev/null
result $? "disarm detaches every hook"
fnguard status | grep -q '^State *idle'
result $? "the guard is idle again"
rmmod fnguard
result $? "the module can be removed"
fnguard status >/dev/null 2>&1
[[ $? = 4 ]]
result $? "status without the module exits with 4"

finish
