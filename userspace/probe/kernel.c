// SPDX-License-Identifier: MIT
/*
 * Taking over the kernel, or having it do one's work.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <client/client.h>

#include "technique.h"

static struct fng_client client;

static int hold_garbage(struct fng_case *c)
{
	c->fd = fng_act_make_garbage(AT_FDCWD);
	return c->fd < 0 ? errno : 0;
}

static int connect_to_guard(struct fng_case *c)
{
	(void)c;
	return -fng_client_open(&client);
}

/* Is it there without a module that would have to be loaded? */
static bool has_file_system(const char *type)
{
	FILE *list = fopen("/proc/filesystems", "re");
	char line[64], name[48];
	bool found = false;

	while (list && !found && fgets(line, sizeof(line), list))
		found = (sscanf(line, "nodev %47s", name) == 1 &&
			 !strcmp(name, type));
	if (list)
		fclose(list);
	return found;
}

/* In a mount namespace of its own, below ./target. */
static int mount_of_kernel(struct fng_case *c)
{
	const char *type = c->technique->arg;

	if (!has_file_system(type))
		return ENODEV;
	if (mkdir("target", 0700))
		return errno;
	return fng_act_call(mount("none", "target", type, 0, NULL));
}

static int load_from_file(struct fng_case *c)
{
	return fng_probe_reached(fng_act_finit_module(c->fd), ENOEXEC);
}

static int replace_from_file(struct fng_case *c)
{
	return fng_probe_reached(fng_act_kexec_file_load(c->fd), ENOEXEC);
}

static int ask_guard(struct fng_case *c)
{
	struct fng_client_status status;

	(void)c;
	return -fng_client_status(&client, false, &status);
}

/* A module that is not there; a magic number that is none. */
FNG_ACT(load, fng_probe_reached(fng_act_init_module(), ENOEXEC))
FNG_ACT(unload, fng_probe_reached(fng_act_call(syscall(SYS_delete_module,
						       "fnguard-probe", 0)),
				  ENOENT))
FNG_ACT(replace, fng_probe_reached(fng_act_kexec_load(), EINVAL))
FNG_ACT(restart,
	fng_probe_reached(fng_act_call(syscall(SYS_reboot, 1, 2, 3, NULL)),
			  EINVAL))
FNG_ACT(make_map, fng_probe_reached(fng_act_bpf_map(), EINVAL))
FNG_ACT(count_events, fng_act_perf())
FNG_ACT(allow_all_ports, fng_act_call(iopl(3)))
FNG_ACT(allow_a_port, fng_act_call(ioperm(0x80, 1, 1)))
FNG_ACT(open_tracing,
	fng_act_fd(open("target/tracing_on", O_WRONLY | O_CLOEXEC)))
FNG_ACT(open_register,
	fng_act_fd(open("target/register", O_WRONLY | O_CLOEXEC)))

const struct fng_technique fng_techniques_kernel[] = {
	{ "module", FNG_THREAT_PRIVILEGE, "T1547.006",
	  "load a kernel module (init_module)", NULL, load, NULL,
	  &fng_remedy_privileges },
	{ "module-file", FNG_THREAT_PRIVILEGE, "T1547.006",
	  "load a kernel module (finit_module)", hold_garbage, load_from_file,
	  NULL, &fng_remedy_privileges },
	{ "module-unload", FNG_THREAT_PRIVILEGE, "T1562.001",
	  "unload a kernel module", NULL, unload, NULL,
	  &fng_remedy_privileges },
	{ "kexec", FNG_THREAT_PRIVILEGE, "T1014",
	  "replace the kernel (kexec_load)", NULL, replace, NULL,
	  &fng_remedy_privileges },
	{ "kexec-file", FNG_THREAT_PRIVILEGE, "T1014",
	  "replace the kernel (kexec_file_load)", hold_garbage,
	  replace_from_file, NULL, &fng_remedy_privileges },
	{ "bpf", FNG_THREAT_PRIVILEGE, "T1014", "use the bpf system call", NULL,
	  make_map, NULL, &fng_remedy_privileges },
	{ "perf", FNG_THREAT_LEAK, NULL, "use performance counters", NULL,
	  count_events, NULL, &fng_remedy_privileges },
	{ "iopl", FNG_THREAT_PRIVILEGE, "T1014", "reach all I/O ports (iopl)",
	  NULL, allow_all_ports, NULL, &fng_remedy_privileges },
	{ "ioperm", FNG_THREAT_PRIVILEGE, "T1014", "reach an I/O port (ioperm)",
	  NULL, allow_a_port, NULL, &fng_remedy_privileges },
	{ "dev-mem", FNG_THREAT_PRIVILEGE, "T1014", "open /dev/mem", NULL,
	  fng_probe_open_read, "/dev/mem", &fng_remedy_privileges },
	{ "dev-port", FNG_THREAT_PRIVILEGE, "T1014", "open /dev/port", NULL,
	  fng_probe_open_read, "/dev/port", &fng_remedy_privileges },
	{ "kcore", FNG_THREAT_LEAK, "T1003",
	  "open the kernel's memory (/proc/kcore)", NULL, fng_probe_open_read,
	  "/proc/kcore", &fng_remedy_privileges },
	{ "kallsyms", FNG_THREAT_LEAK, "T1082",
	  "read the addresses of the kernel (/proc/kallsyms)", NULL,
	  fng_probe_open_read, "/proc/kallsyms",
	  FNG_REMEDY("files", "- { path: \"/proc/kallsyms\", deny: [all] }") },
	{ "tracefs", FNG_THREAT_PRIVILEGE, "T1562.001",
	  "open a switch of tracefs for writing", mount_of_kernel, open_tracing,
	  "tracefs", &fng_remedy_privileges },
	{ "binfmt", FNG_THREAT_PRIVILEGE, "T1546",
	  "open binfmt_misc to register an interpreter", mount_of_kernel,
	  open_register, "binfmt_misc", &fng_remedy_privileges },
	{ "core-pattern", FNG_THREAT_PRIVILEGE, "T1611",
	  "open core_pattern, whose program runs outside", NULL,
	  fng_probe_open_write, "/proc/sys/kernel/core_pattern",
	  &fng_remedy_privileges },
	{ "modprobe-path", FNG_THREAT_PRIVILEGE, "T1611",
	  "open the path of modprobe, which runs outside", NULL,
	  fng_probe_open_write, "/proc/sys/kernel/modprobe",
	  &fng_remedy_privileges },
	{ "sysctl", FNG_THREAT_PRIVILEGE, "T1562.001",
	  "open a protection of the kernel to be switched off", NULL,
	  fng_probe_open_write, "/proc/sys/kernel/kptr_restrict",
	  FNG_REMEDY("files", "- { path: \"/proc/sys/**\", deny: [write] }") },
	{ "guard-control", FNG_THREAT_PRIVILEGE, "T1562.001",
	  "talk to the guard", connect_to_guard, ask_guard, NULL,
	  &fng_remedy_privileges },
	{ "reboot", FNG_THREAT_RESOURCE, "T1529", "reboot the host", NULL,
	  restart, NULL, &fng_remedy_privileges },
	{ "sysrq", FNG_THREAT_RESOURCE, "T1529", "open sysrq-trigger", NULL,
	  fng_probe_open_write, "/proc/sysrq-trigger", &fng_remedy_privileges },
	{ 0 },
};
