// SPDX-License-Identifier: MIT
/*
 * Reading what is secret, and changing what others trust.
 *
 * A stand-in is what is read or changed: in the case's mount namespace, an empty
 * file system covers the directory that the file is in, on every host alike.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "technique.h"

/**
 * struct target - a file to attack
 * @cover: directory that is covered
 * @path: the file in it
 */
struct target {
	const char *cover;
	const char *path;
};

static const struct target *target_of(const struct fng_case *c)
{
	return c->technique->arg;
}

/* Directories between the cover and the file. */
static int make_parents(const struct target *target)
{
	char path[PATH_MAX], *slash;

	snprintf(path, sizeof(path), "%s", target->path);
	slash = path + strlen(target->cover) + 1;
	while ((slash = strchr(slash, '/'))) {
		*slash = '\0';
		if (mkdir(path, 0755))
			return errno;
		*slash++ = '/';
	}
	return 0;
}

static int cover(struct fng_case *c)
{
	const struct target *target = target_of(c);

	if (mount("fnguard-probe", target->cover, "tmpfs", 0,
		  "size=1m,mode=0755"))
		return errno;
	return make_parents(target);
}

static int stand_in(struct fng_case *c)
{
	return cover(c) ?:
			  fng_probe_make_file(target_of(c)->path,
					      "this is a stand-in\n", 0600);
}

static int link_to_it(struct fng_case *c)
{
	return stand_in(c) ?: fng_act_call(symlink(target_of(c)->path, "link"));
}

static int read_it(struct fng_case *c)
{
	return fng_act_fd(open(target_of(c)->path, O_RDONLY | O_CLOEXEC));
}

static int read_it_often(struct fng_case *c)
{
	int err = 0;

	for (int i = 0; i < 400; i++)
		err = read_it(c);
	return err;
}

static int append_to_it(struct fng_case *c)
{
	return fng_act_fd(
		open(target_of(c)->path, O_WRONLY | O_APPEND | O_CLOEXEC));
}

static int create_it(struct fng_case *c)
{
	return fng_act_fd(open(target_of(c)->path,
			       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

static int read_link(struct fng_case *c)
{
	(void)c;
	return fng_act_fd(open("link", O_RDONLY | O_CLOEXEC));
}

static int truncate_it(struct fng_case *c)
{
	return fng_act_call(truncate(target_of(c)->path, 0));
}

static int remove_it(struct fng_case *c)
{
	return fng_act_call(unlink(target_of(c)->path));
}

static int open_to_all(struct fng_case *c)
{
	return fng_act_call(chmod(target_of(c)->path, 0666));
}

/* A name beside it. */
static const char *other_name(const struct fng_case *c)
{
	static char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s.fnguard-probe", target_of(c)->path);
	return name;
}

static int rename_it(struct fng_case *c)
{
	return fng_act_call(rename(target_of(c)->path, other_name(c)));
}

static int link_it(struct fng_case *c)
{
	return fng_act_call(link(target_of(c)->path, other_name(c)));
}

#define TARGET(cover, path) (&(const struct target){ cover, path })
#define DENY(path, access) \
	FNG_REMEDY("files", "- { path: \"" path "\", deny: [" access "] }")
#define SECRET(cover, path) TARGET(cover, path), DENY(path, "all")

const struct fng_technique fng_techniques_files[] = {
	{ "shadow", FNG_THREAT_LEAK, "T1003.008", "read /etc/shadow", stand_in,
	  read_it, SECRET("/etc", "/etc/shadow") },
	{ "shadow-often", FNG_THREAT_LEAK, "T1003.008",
	  "try to read /etc/shadow again and again", stand_in, read_it_often,
	  SECRET("/etc", "/etc/shadow") },
	{ "shadow-by-link", FNG_THREAT_LEAK, "T1003.008",
	  "read /etc/shadow through a symbolic link", link_to_it, read_link,
	  SECRET("/etc", "/etc/shadow") },
	{ "shadow-hard-link", FNG_THREAT_LEAK, "T1003.008",
	  "give /etc/shadow another name (link)", stand_in, link_it,
	  SECRET("/etc", "/etc/shadow") },
	{ "host-key", FNG_THREAT_LEAK, "T1552.004",
	  "read the host's private SSH key", stand_in, read_it,
	  SECRET("/etc", "/etc/ssh/ssh_host_ed25519_key") },
	{ "user-key", FNG_THREAT_LEAK, "T1552.004",
	  "read root's private SSH key", stand_in, read_it,
	  SECRET("/root", "/root/.ssh/id_ed25519") },
	{ "cloud-credentials", FNG_THREAT_LEAK, "T1552.001",
	  "read root's credentials for a cloud", stand_in, read_it,
	  SECRET("/root", "/root/.aws/credentials") },
	{ "service-token", FNG_THREAT_LEAK, "T1528",
	  "read the token of a Kubernetes service account", stand_in, read_it,
	  SECRET("/run", "/run/secrets/kubernetes.io/serviceaccount/token") },
	{ "passwd", FNG_THREAT_PRIVILEGE, "T1136.001",
	  "open /etc/passwd to add a user", stand_in, append_to_it,
	  TARGET("/etc", "/etc/passwd"), DENY("/etc/passwd", "write") },
	{ "sudoers", FNG_THREAT_PRIVILEGE, "T1548.003",
	  "open /etc/sudoers to add a user", stand_in, append_to_it,
	  SECRET("/etc", "/etc/sudoers") },
	{ "authorized-keys", FNG_THREAT_PRIVILEGE, "T1098.004",
	  "create root's authorized_keys", cover, create_it,
	  SECRET("/root", "/root/.ssh/authorized_keys") },
	{ "preload", FNG_THREAT_CODE, "T1574.006",
	  "create /etc/ld.so.preload, which every program loads", cover,
	  create_it, SECRET("/etc", "/etc/ld.so.preload") },
	{ "cron", FNG_THREAT_CODE, "T1053.003", "create a cron job", cover,
	  create_it, SECRET("/etc", "/etc/cron.d/fnguard-probe") },
	{ "unit", FNG_THREAT_CODE, "T1543.002", "create a service of systemd",
	  cover, create_it,
	  SECRET("/etc", "/etc/systemd/system/fnguard-probe.service") },
	{ "shell-profile", FNG_THREAT_CODE, "T1546.004",
	  "open root's .bashrc to add a command", stand_in, append_to_it,
	  TARGET("/root", "/root/.bashrc"), DENY("/root/.bashrc", "write") },
	{ "host-program", FNG_THREAT_CODE, "T1554",
	  "rename a program of the host to replace it", stand_in, rename_it,
	  TARGET("/usr/bin", "/usr/bin/env"),
	  DENY("/usr/bin/*", "write, create, delete") },
	{ "log-removal", FNG_THREAT_LEAK, "T1070.002",
	  "remove a log that tells what was leaked", stand_in, remove_it,
	  TARGET("/var/log", "/var/log/auth.log"),
	  DENY("/var/log/**", "write, delete") },
	{ "log-truncation", FNG_THREAT_LEAK, "T1070.002",
	  "empty a log that tells what was leaked", stand_in, truncate_it,
	  TARGET("/var/log", "/var/log/auth.log"),
	  DENY("/var/log/**", "write, delete") },
	{ "open-to-all", FNG_THREAT_LEAK, "T1222.002",
	  "let everybody read a secret (chmod)", stand_in, open_to_all,
	  SECRET("/etc", "/etc/shadow") },
	{ 0 },
};
