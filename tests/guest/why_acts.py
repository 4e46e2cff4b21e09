#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does one thing of each kind that a policy can refuse, and tells the errno of each: ACT ERRNO, with 0 for what was allowed.

The arguments name what is done; without any, all is. flood N tries to make N files with different names.
"""
import errno
import mmap
import os
import socket
import struct
import sys
import time

STDOUT = 1


def read():
	os.close(os.open("/srv/why/data/read.txt", os.O_RDONLY))


def create():
	os.close(os.open("/srv/why/state/new.txt", os.O_WRONLY | os.O_CREAT, 0o600))


def rename():
	os.rename("/srv/why/moved/old", "/srv/why/moved/new")
	os.rename("/srv/why/moved/new", "/srv/why/moved/old")


def execute():
	pid = os.fork()
	if not pid:
		try:
			os.execv("/usr/bin/true", ["true"])
		except OSError as error:
			os._exit(error.errno)
	_, status = os.waitpid(pid, 0)
	if os.WEXITSTATUS(status):
		raise OSError(os.WEXITSTATUS(status), "exec")


def map_code():
	with open("/srv/why/code.so", "rb") as file:
		mmap.mmap(file.fileno(), 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def write_exec():
	mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
		  prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def send_to(address, port):
	with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
		sock.sendto(b"?", (address, port))


def connect():
	send_to("127.0.0.1", 9999)


def name():
	question = struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + b"\3www\7example\3com\0" + struct.pack(">HH", 1, 1)
	with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
		sock.settimeout(20)
		sock.connect(("127.0.0.1", 53))
		sock.send(question)
		answer = sock.recv(512)
	send_to(socket.inet_ntoa(answer[-4:]), 8443)


def listen():
	with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
		sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		sock.bind(("127.0.0.1", 8081))
		sock.listen()


def unix():
	with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
		sock.connect("\0why-host")


def family():
	socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close()


def capability():
	os.setpriority(os.PRIO_PROCESS, 0, -5)


def privilege():
	os.setgroups([0])


def floor():
	os.chroot("/")


def limit():
	with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
		for _ in range(12):
			sock.connect(("127.0.0.1", 7777))


def later():
	while not os.path.exists("/srv/why/go"):
		time.sleep(0.1)
	execute()


def denied():
	os.close(os.open("/srv/why/secret/key", os.O_RDONLY))


ACTS = [read, create, rename, execute, map_code, write_exec, connect, name, listen, unix, family, capability, privilege, floor, limit]


def attempt(act):
	try:
		act()
	except OSError as error:
		return errno.errorcode.get(error.errno, str(error))
	return "0"


def flood(times):
	for i in range(times):
		try:
			os.close(os.open("/srv/why/flood/%d" % i, os.O_WRONLY | os.O_CREAT))
		except OSError:
			pass


def main():
	if sys.argv[1:2] == ["flood"]:
		flood(int(sys.argv[2]))
		return
	wanted = [globals()[word] for word in sys.argv[1:]] or ACTS
	for act in wanted:
		os.write(STDOUT, ("%s %s\n" % (act.__name__, attempt(act))).encode())


main()
