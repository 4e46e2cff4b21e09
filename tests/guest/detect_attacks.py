#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""detect_attacks NAME...: what rules of detection find, each by a process of its own. Fails if something was refused, and goes on."""
import ctypes
import os
import socket
import sys
import time


def connect(address, port):
    with socket.socket() as sock:
        sock.settimeout(2)
        sock.connect_ex((address, port))


def beat():
    for _ in range(6):
        connect("192.0.2.9", 443)
        time.sleep(2)


def shadow():
    with open("/etc/shadow", encoding="utf-8"):
        pass


def burst():
    for _ in range(2000):
        try:
            shadow()
        except OSError:
            pass


def scan():
    for host in range(20):
        connect(f"192.0.2.{host}", 22)


def program():
    with open("/usr/bin/true", "rb") as file:
        return file.read()


def fileless():
    fd = os.memfd_create("x")
    os.write(fd, program())
    os.execve(fd, ["x"], {})


def dropped():
    with open("/tmp/x", "wb") as file:
        file.write(program())
    os.chmod("/tmp/x", 0o755)
    os.execv("/tmp/x", ["x"])


def leave():
    with open("/sys/fs/cgroup/cgroup.procs", "w", encoding="utf-8") as file:
        file.write("0")


def reverse():
    connect("127.0.0.1", 9)
    os.execv("/bin/sh", ["sh", "-c", "true"])


def shadowed():
    """Goes on after a refusal, for as long as it is let."""
    try:
        with open("/etc/gshadow", encoding="utf-8"):
            pass
    except OSError:
        time.sleep(int(os.environ["LIFE"]))


def harmless():
    with open("/etc/passwd", encoding="utf-8") as file:
        file.read()
    socket.socket().bind(("127.0.0.1", 0))
    os.execv("/usr/bin/true", ["true"])


ATTACKS = {
    "beat": beat,
    "shadow": shadow,
    "burst": burst,
    "shell": lambda: os.execv("/bin/sh", ["sh", "-c", "true"]),
    "metadata": lambda: connect("169.254.169.254", 80),
    "mining": lambda: connect("192.0.2.4", 3333),
    "scan": scan,
    "fileless": fileless,
    "dropped": dropped,
    "mount": lambda: ctypes.CDLL(None).mount(b"none", b"/mnt", b"tmpfs", 0, None),
    "leave": leave,
    "reverse": reverse,
    "gshadow": shadowed,
    "harmless": harmless,
}


def main():
    failed = False
    for name in sys.argv[1:]:
        child = os.fork()
        if not child:
            try:
                ATTACKS[name]()
            except OSError:
                os._exit(1)
            os._exit(0)
        failed |= os.waitpid(child, 0)[1] != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
