// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making one allocation of one system call fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <guest/common.h>

#include "fault.h"

#define FAULTS	"/sys/kernel/debug/"

u32 fault_nth, fault_left;
static int control = -1;

bool fault_setup(void)
{
	control = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (control < 0 && errno == ENOENT)
		return false;
	if (control < 0)
		die("no fail-nth");
	make_file(FAULTS "failslab/ignore-gfp-wait", "0");
	make_file(FAULTS "failslab/verbose", "0");
	make_file(FAULTS "fail_page_alloc/ignore-gfp-wait", "0");
	make_file(FAULTS "fail_page_alloc/ignore-gfp-highmem", "0");
	make_file(FAULTS "fail_page_alloc/min-order", "0");
	make_file(FAULTS "fail_page_alloc/verbose", "0");
	return true;
}

static void set(const char *text, int size)
{
	if (pwrite(control, text, size, 0) != size)
		die("no faults");
}

/* What has to be formatted is, so that nothing but the call comes in between. */
void fault_begin(u32 n)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%u", n);

	set(text, size);
}

u32 fault_end(void)
{
	int err = errno;
	char text[16] = "";

	if (pread(control, text, sizeof(text) - 1, 0) < 0)
		die("no faults");
	set("0", 1);
	errno = err;
	return strtoul(text, NULL, 10);
}

static int send_with_fault(struct nl_sock *sock, struct nl_msg *msg)
{
	const struct nlmsghdr *header = nlmsg_hdr(msg);
	int fd = nl_socket_get_fd(sock);
	ssize_t n;

	fault_begin(fault_nth);
	n = send(fd, header, header->nlmsg_len, 0);
	fault_left = fault_end();
	return n < 0 ? -nl_syserr2nlerr(errno) : n;
}

void fault_client(struct fng_client *client)
{
	struct nl_cb *cb = nl_socket_get_cb(client->sock);

	nl_cb_overwrite_send(cb, send_with_fault);
	nl_cb_put(cb);
}
