// SPDX-License-Identifier: MIT
/*
 * Becoming somebody else, and using what root may.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/xattr.h>

#include "network.h"
#include "technique.h"

/* The user who owns nothing. */
#define NOBODY 65534

/* SYSLOG_ACTION_SIZE_UNREAD: the first that always takes a privilege. */
#define UNREAD 9

static struct {
	struct file_handle head;
	char bytes[MAX_HANDLE_SZ];
} handle = { .head.handle_bytes = MAX_HANDLE_SZ };

static int make_file(struct fng_case *c)
{
	(void)c;
	return fng_probe_make_file("file", "", 0644);
}

static int make_foreign_file(struct fng_case *c)
{
	(void)c;
	return fng_probe_make_file("file", "", 0) ?:
		       fng_act_call(chown("file", NOBODY, NOBODY));
}

static int hold_handle(struct fng_case *c)
{
	int err = make_file(c), mount;

	if (!err &&
	    name_to_handle_at(AT_FDCWD, "file", &handle.head, &mount, 0))
		err = errno;
	c->fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return err;
}

static int hold_socket(struct fng_case *c)
{
	int err = fng_probe_make_network();

	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return err ?: c->fd < 0 ? errno : 0;
}

static int open_by_handle(struct fng_case *c)
{
	return fng_act_fd(
		open_by_handle_at(c->fd, &handle.head, O_RDONLY | O_CLOEXEC));
}

static int grant_capability(struct fng_case *c)
{
	const struct vfs_cap_data none = {
		.magic_etc = VFS_CAP_REVISION_2,
	};

	(void)c;
	return fng_act_call(setxattr("file", "security.capability", &none,
				     XATTR_CAPS_SZ_2, 0));
}

/* Nothing is set that was not so before. */
static int set_clock(struct fng_case *c)
{
	struct timex time = { .modes = 0 };

	(void)c;
	if (adjtimex(&time) < 0)
		return errno;
	time.modes = ADJ_STATUS;
	return fng_act_call(adjtimex(&time));
}

static int mark_packets(struct fng_case *c)
{
	const int mark = 1;

	return fng_act_call(
		setsockopt(c->fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)));
}

static int set_interface(struct fng_case *c)
{
	struct ifreq request = { .ifr_name = "lo" };

	if (ioctl(c->fd, SIOCGIFFLAGS, &request))
		return errno;
	return fng_act_call(ioctl(c->fd, SIOCSIFFLAGS, &request));
}

static int bind_low_port(struct fng_case *c)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(100),
	};

	return fng_act_call(bind(c->fd, (const struct sockaddr *)&address,
				 sizeof(address)));
}

FNG_ACT(set_host_name, fng_probe_reached(fng_act_host_name(), EINVAL))
FNG_ACT(make_device,
	fng_act_call(mknod("device", S_IFCHR | 0600, makedev(1, 3))))
FNG_ACT(read_log, fng_act_call(klogctl(UNREAD, NULL, 0)))

/* What one finds out only by trying. */
static int try_all(struct fng_case *c)
{
	int err = set_host_name(c);

	err = mark_packets(c) ? err : 0;
	err = set_clock(c) ? err : 0;
	err = make_device(c) ? err : 0;
	return read_log(c) ? err : 0;
}

FNG_ACT(become_user, fng_act_call(setuid(NOBODY)))
FNG_ACT(become_group, fng_act_call(setgid(NOBODY)))
FNG_ACT(leave_groups, fng_act_leave_groups(NULL))
FNG_ACT(give_away, fng_act_call(chown("file", NOBODY, NOBODY)))
FNG_ACT(read_foreign, fng_act_fd(open("file", O_RDONLY | O_CLOEXEC)))
FNG_ACT(set_time, fng_act_call(syscall(SYS_settimeofday, NULL, NULL)))

const struct fng_technique fng_techniques_privilege[] = {
	{ "setuid", FNG_THREAT_PRIVILEGE, "T1548", "become another user", NULL,
	  become_user, NULL, &fng_remedy_privileges },
	{ "setgid", FNG_THREAT_PRIVILEGE, "T1548", "become another group", NULL,
	  become_group, NULL, &fng_remedy_privileges },
	{ "setgroups", FNG_THREAT_PRIVILEGE, "T1548",
	  "change the supplementary groups", NULL, leave_groups, NULL,
	  &fng_remedy_privileges },
	{ "chown", FNG_THREAT_PRIVILEGE, "T1222.002",
	  "give a file to another user", make_file, give_away, NULL,
	  &fng_remedy_capabilities },
	{ "foreign-file", FNG_THREAT_PRIVILEGE, "T1222.002",
	  "open a file that its mode keeps from everybody", make_foreign_file,
	  read_foreign, NULL, &fng_remedy_capabilities },
	{ "file-handle", FNG_THREAT_PRIVILEGE, "T1611",
	  "open a file by its handle, past all directories", hold_handle,
	  open_by_handle, NULL, &fng_remedy_capabilities },
	{ "device-node", FNG_THREAT_PRIVILEGE, "T1611", "make a device node",
	  NULL, make_device, NULL, &fng_remedy_capabilities },
	{ "file-capability", FNG_THREAT_PRIVILEGE, "T1548.001",
	  "give capabilities to a program", make_file, grant_capability, NULL,
	  &fng_remedy_capabilities },
	{ "many-privileges", FNG_THREAT_PRIVILEGE, "T1548",
	  "try one privilege after the other", hold_socket, try_all, NULL,
	  &fng_remedy_capabilities },
	{ "host-name", FNG_THREAT_PRIVILEGE, NULL, "set the host's name", NULL,
	  set_host_name, NULL, &fng_remedy_capabilities },
	{ "settimeofday", FNG_THREAT_PRIVILEGE, NULL,
	  "set the clock (settimeofday)", NULL, set_time, NULL,
	  &fng_remedy_privileges },
	{ "adjtimex", FNG_THREAT_PRIVILEGE, NULL, "set the clock (adjtimex)",
	  NULL, set_clock, NULL, &fng_remedy_capabilities },
	{ "packet-mark", FNG_THREAT_PRIVILEGE, "T1562.004",
	  "mark packets so that other firewall rules apply", hold_socket,
	  mark_packets, NULL, &fng_remedy_capabilities },
	{ "interface", FNG_THREAT_PRIVILEGE, "T1562.004",
	  "configure a network interface", hold_socket, set_interface, NULL,
	  &fng_remedy_capabilities },
	{ "low-port", FNG_THREAT_PRIVILEGE, NULL,
	  "pose as a service on a privileged port", hold_socket, bind_low_port,
	  NULL, &fng_remedy_capabilities },
	{ "kernel-log", FNG_THREAT_LEAK, "T1082", "read the log of the kernel",
	  NULL, read_log, NULL, &fng_remedy_capabilities },
	{ 0 },
};
