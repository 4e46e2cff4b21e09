// SPDX-License-Identifier: GPL-2.0-only
/*
 * Things that descriptors refer to.
 */
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "things.h"

int thing_file(const struct thing *thing)
{
	return open(thing->name, thing->flags | O_CLOEXEC);
}

int thing_deleted(const struct thing *thing)
{
	int fd = open(thing->name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	unlink(thing->name);
	return fd;
}

/* Afterwards nobody can get there by a path. */
int thing_unmounted(const struct thing *thing)
{
	int fd;

	make_dir("gone");
	if (mount("none", "gone", "tmpfs", 0, NULL))
		die("no file system");
	make_file("gone/ok", "");
	fd = open(thing->name, O_RDONLY | O_CLOEXEC);
	if (umount2("gone", MNT_DETACH))
		die("it stays");
	rmdir("gone");
	return fd;
}

int thing_memfd(const struct thing *thing)
{
	return memfd_create(thing->name, MFD_CLOEXEC);
}

int thing_pipe(const struct thing *thing)
{
	int ends[2];

	(void)thing;
	return pipe2(ends, O_CLOEXEC) ? -1 : ends[0];
}

int thing_ring(const struct thing *thing)
{
	struct io_uring_params params = { 0 };

	(void)thing;
	return syscall(SYS_io_uring_setup, 1, &params);
}

int thing_packet(const struct thing *thing)
{
	(void)thing;
	return socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

int thing_unix(const struct thing *thing)
{
	(void)thing;
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static struct sockaddr_in address_of(const char *host, u16 port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

int thing_connected(const struct thing *thing)
{
	struct sockaddr_in address = address_of(thing->name, 9);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		die("not connected");
	return fd;
}

int thing_unconnected(const struct thing *thing)
{
	(void)thing;
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

int thing_listener(const struct thing *thing)
{
	struct sockaddr_in address = address_of("127.0.0.1", thing->flags);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(fd, 1))
		die("nobody listens");
	return fd;
}

int thing_ping(const struct thing *thing)
{
	struct sockaddr_in address = address_of(thing->name, 0);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);

	if (fd < 0)
		fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		die("not connected");
	return fd;
}

int thing_bound(const struct thing *thing)
{
	struct sockaddr_in address = address_of("127.0.0.1", thing->flags);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		die("not bound");
	return fd;
}

/* Its loopback is not this one's. */
int thing_foreign(const struct thing *thing)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;

	if (unshare(CLONE_NEWNET))
		die("no other network");
	fd = thing_unconnected(thing);
	if (setns(here, CLONE_NEWNET))
		die("no way back");
	close(here);
	return fd;
}

int thing_map(const struct thing *thing)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	(void)thing;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}
