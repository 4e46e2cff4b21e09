#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a function talks to: a name server that knows one address of every name, and a Unix socket."""
import socket
import struct
import sys

unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
unix.bind("\0why-host")
unix.listen(64)
dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dns.bind(("127.0.0.1", 53))
print("ready")
sys.stdout.flush()
while True:
	question, sender = dns.recvfrom(512)
	head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0)
	answer = struct.pack(">HHHIH", 0xc00c, 1, 1, 300, 4) + socket.inet_aton("203.0.113.7")
	dns.sendto(head + question[12:] + answer, sender)
