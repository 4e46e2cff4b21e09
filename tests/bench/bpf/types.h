/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's structures, as far as the program reads them: libbpf finds the
 * members where the running kernel has them.
 */
#ifndef TESTS_BENCH_BPF_TYPES_H
#define TESTS_BENCH_BPF_TYPES_H

#include <stdbool.h>
#include <linux/bpf.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	unsigned int f_mode;
	unsigned int f_flags;
	struct path f_path;
};

struct linux_binprm {
	struct file *file;
};

struct sock {
	__u16 sk_protocol;
};

struct socket {
	struct sock *sk;
};

struct msghdr {
	void *msg_name;
};

#pragma clang attribute pop

/* What it shares with user space, which includes other headers for it. */
struct sockaddr;

struct sockaddr_any {
	__u16 family;
	__u16 port;
	__u8 v4[4];
	__u8 v6[16];
};

#define AF_INET		2
#define AF_INET6	10
#define EPERM		1
#define PROT_EXEC	4
#define FMODE_READ	1
#define FMODE_WRITE	2
#define FMODE_EXEC	0x20

#endif /* TESTS_BENCH_BPF_TYPES_H */
