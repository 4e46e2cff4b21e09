#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""seal_keyring: what root can do with the keyring of a sealed guard. Prints each thing that is not refused."""
import ctypes
import errno
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
ADD_KEY, REQUEST_KEY, KEYCTL = 248, 249, 250
SESSION, USER = -3, -4
WANTED = (errno.EACCES, errno.EPERM)


def keys():
    """Numbers and descriptions of all keys that root may look at."""
    with open("/proc/keys", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            yield int(fields[0], 16), " ".join(fields[8:])


def find(description):
    found = [number for number, text in keys() if text.startswith(description)]
    if len(found) != 1:
        sys.exit(f"{len(found)} keys are called {description}")
    return found[0]


def attempts(ring, key, certificate):
    size = ctypes.c_size_t(len(certificate))
    own = ctypes.c_long(LIBC.syscall(ADD_KEY, b"user", b"seal-test", b"x", ctypes.c_size_t(1), SESSION)).value
    yield "add a certificate", (ADD_KEY, b"asymmetric", b"more", certificate, size, ring)
    yield "link a key into it", (KEYCTL, 8, own, ring)
    yield "link it elsewhere", (KEYCTL, 8, ring, SESSION)
    yield "unlink its key", (KEYCTL, 9, key, ring)
    yield "move its key away", (KEYCTL, 30, key, ring, SESSION, 0)
    yield "clear it", (KEYCTL, 7, ring)
    for name, number in (("the keyring", ring), ("the key", key)):
        yield f"revoke {name}", (KEYCTL, 3, number)
        yield f"invalidate {name}", (KEYCTL, 21, number)
        yield f"change the owner of {name}", (KEYCTL, 4, number, 0, 0)
        yield f"change the permissions of {name}", (KEYCTL, 5, number, 0x3f3f3f3f)
        yield f"let {name} expire", (KEYCTL, 15, number, 1)
        yield f"update {name}", (KEYCTL, 2, number, certificate, size)
    yield "restrict it to nothing", (KEYCTL, 29, ring, None, None)
    yield "search it", (KEYCTL, 10, ring, b"asymmetric", b"certificate 1", 0)
    yield "read it", (KEYCTL, 11, ring, None, 0)


def main():
    with open(sys.argv[1], "rb") as file:
        certificate = file.read()
    ring, key = find(".fnguard"), find("certificate 1")
    for what, arguments in attempts(ring, key, certificate):
        ctypes.set_errno(0)
        if LIBC.syscall(*arguments) != -1 or ctypes.get_errno() not in WANTED:
            print(f"{what}: {errno.errorcode.get(ctypes.get_errno(), 'it is done')}")


main()
