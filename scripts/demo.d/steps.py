# SPDX-License-Identifier: MIT
"""What the function does: first its work, then what nobody hired it for."""
import ctypes
import http.client
import json
import mmap
import os
import shutil
import socket
from typing import Callable, NamedTuple

PROGRAM = "/usr/bin/true"
LIBRARY = "/lib/x86_64-linux-gnu/libz.so.1"
LOADER = "/lib64/ld-linux-x86-64.so.2"
DROPPED = "/tmp/dropped"


class Step(NamedTuple):
    """needed: it must work; ask: what to ask `fnguard policy explain` about it."""
    what: str
    needed: bool
    act: Callable[[], object]
    ask: tuple = ()


def use_modules():
    import sqlite3
    import ssl
    sqlite3.connect(":memory:").execute("select 1")
    ssl.create_default_context()


def read_own_files():
    for name in os.listdir("/app"):
        with open(f"/app/{name}", encoding="utf-8") as file:
            file.read()


def write_temporary():
    with open("/tmp/work.txt", "w", encoding="utf-8") as file:
        file.write("half done")
    os.rename("/tmp/work.txt", "/tmp/work.done")
    os.unlink("/tmp/work.done")


def call_service():
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=5)
    connection.request("GET", "/")
    if connection.getresponse().status != 200:
        raise RuntimeError("no answer")


def drop(source):
    shutil.copyfile(source, DROPPED)
    os.chmod(DROPPED, 0o755)
    return DROPPED


def run_dropped():
    os.execv(drop(PROGRAM), ["true"])


def run_by_loader():
    os.execv(LOADER, ["ld.so", drop(PROGRAM)])


def load_dropped():
    ctypes.CDLL(drop(LIBRARY))


def map_dropped():
    with open(drop(LIBRARY), "rb") as file:
        mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)


def run_memfd():
    fd = os.memfd_create("code")
    with open(PROGRAM, "rb") as file:
        os.write(fd, file.read())
    os.execve(fd, ["true"], {})


def read_shadow():
    with open("/etc/shadow", encoding="utf-8") as file:
        file.read()


def connect(host, port):
    socket.create_connection((host, port), timeout=5).close()


STEPS = [
    Step("import modules of the library", True, use_modules, ("open", json.__file__)),
    Step("list and read its files in /app", True, read_own_files, ("open", "/app/greeting.txt")),
    Step("write, rename, remove in /tmp", True, write_temporary, ("open", "/tmp/work.txt", "write,create,delete")),
    Step("call the service on 127.0.0.1:8080", True, call_service, ("connect", "127.0.0.1:8080/tcp")),
    Step("execute a shell", False, lambda: os.execv("/bin/sh", ["sh", "-c", "true"])),
    Step("execute a program dropped in /tmp", False, run_dropped),
    Step("execute it through ld.so", False, run_by_loader),
    Step("load a dropped library by ctypes", False, load_dropped),
    Step("map it as code by mmap", False, map_dropped),
    Step("execute a memfd", False, run_memfd),
    Step("read /etc/shadow", False, read_shadow),
    Step("connect to 169.254.169.254:80", False, lambda: connect("169.254.169.254", 80)),
    Step("connect to [2001:db8::1]:443", False, lambda: connect("2001:db8::1", 443)),
]
