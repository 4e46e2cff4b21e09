#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""observe_acts NAME [ARGUMENT]...: what a policy may have reported although it allows it."""
import os
import socket
import sys


def many(number):
    for i in range(int(number)):
        with open(f"/tmp/observed/{i}", encoding="utf-8"):
            pass


def same(number):
    for _ in range(int(number)):
        with open("/tmp/observed/same", encoding="utf-8"):
            pass


def connect(address, port):
    with socket.socket() as sock:
        sock.settimeout(1)
        sock.connect_ex((address, int(port)))


def send(address, port):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (address, int(port)))


def listen(port):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", int(port)))
        sock.listen()


def shell(fds, *command):
    """Executes with a connection as the descriptors."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    for fd in map(int, fds.split(",")):
        os.dup2(client.fileno(), fd)
    os.execv(command[0], command)


def closing(*command):
    """Executes with a connection that ends with it in the place of the input."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    os.dup2(client.fileno(), 0, inheritable=False)
    os.execv(command[0], command)


def unix(*command):
    """Executes with a socket of another kind."""
    end, _ = socket.socketpair()
    os.dup2(end.fileno(), 0)
    os.execv(command[0], command)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
