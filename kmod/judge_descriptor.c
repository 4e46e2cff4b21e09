// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging descriptors that a task did not open itself: what another process
 * passes, and what the program that ends a launch inherits from the launcher.
 *
 * A file is judged as if it were opened now, a socket as if it were made now, and
 * one that somebody outside has connected, or listens on, as if that were done
 * now. What has no name is left to whoever passes it, but for what a policy may
 * refuse to make.
 */
#include <linux/bits.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/net.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include <fnguard/hooks.h>
#include "compat.h"
#include "judge_descriptor.h"
#include "judge_egress.h"
#include "judge_floor.h"
#include "judge_listen.h"
#include "judge_open.h"
#include "judge_path.h"
#include "judge_privilege.h"
#include "judge_socket.h"
#include "learn.h"
#include "sock_endpoint.h"

/* Standard input, output and error. */
#define NR_STANDARD	3

/**
 * struct incoming - a descriptor to be judged
 * @file: what it refers to
 * @inherited: by the program that ends a launch
 * @standard: one of those that a program is started with on purpose: what file
 *	it is, is decided by who starts it
 */
struct incoming {
	struct file *file;
	bool inherited;
	bool standard;
};

/**
 * struct refused_kind - what is refused when it is made, and has no name
 * @name: what the kernel calls it
 * @part: enum fng_floor, or enum fng_privilege
 * @privilege: the latter
 */
struct refused_kind {
	const char *name;
	u8 part;
	bool privilege;
};

static const struct refused_kind refused_kinds[] = {
	{ "[io_uring]", FNG_FLOOR_IO_URING, false },
	{ "bpf-map", FNG_FLOOR_BPF, false },
	{ "bpf-prog", FNG_FLOOR_BPF, false },
	{ "bpf_link", FNG_FLOOR_BPF, false },
	{ "[perf_event]", FNG_PRIVILEGE_PERF, true },
	{ "[userfaultfd]", FNG_PRIVILEGE_USERFAULTFD, true },
};

static const struct refused_kind *kind_of(const struct path *path)
{
	u32 i;

	if (path->dentry->d_sb->s_magic != ANON_INODE_FS_MAGIC)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(refused_kinds); i++)
		if (!strcmp(path->dentry->d_name.name, refused_kinds[i].name))
			return &refused_kinds[i];
	return NULL;
}

static void judge_kind(struct fng_judgement *judgement,
		       const struct refused_kind *kind)
{
	if (kind->privilege)
		fng_judge_privilege(judgement, kind->part);
	else
		fng_judge_floor(judgement, kind->part);
}

/* It has a port that datagrams can be sent to. */
static bool receives(const struct sock *sk)
{
	return fng_listen_applies(sk) && sk->sk_type == SOCK_DGRAM &&
	       sk->sk_userlocks & SOCK_BINDPORT_LOCK;
}

static void judge_connected(struct fng_judgement *judgement, u8 policy,
			    const struct sock *sk)
{
	const struct fng_image *image =
		&judgement->subject->policies[policy]->image;
	struct fng_endpoint end = fng_sock_peer(sk);
	int state = READ_ONCE(sk->sk_state);
	struct fng_decision decision;

	/* A datagram socket that is connected is called established, too. */
	if (state != TCP_LISTEN && (end.port || state == TCP_ESTABLISHED)) {
		fng_egress_decide(image, &end, &decision);
	} else if (state == TCP_LISTEN || receives(sk)) {
		end.proto = fng_listen_proto(sk);
		end.port = fng_listen_port(sk);
		fng_listen_decide(image, end.proto, end.port, &decision);
	} else {
		return;
	}
	if (!decision.refused ||
	    fng_learn_endpoint(judgement, policy, &decision, &end))
		return;
	fng_judge_add(judgement, policy, &decision);
}

/*
 * Of some sockets only packets tell where they send to, and packets are judged
 * by the cgroup that made the socket. So are those of another network, in which
 * the same addresses are somebody else's. Who listens for connections does not
 * send, and is passed to another network on purpose.
 */
static bool cannot_be_judged(const struct sock *sk)
{
	if (sk->sk_type == SOCK_STREAM && READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return false;
	if (!current->nsproxy ||
	    !net_eq(sock_net(sk), current->nsproxy->net_ns))
		return true;
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return sk->sk_type == SOCK_RAW;
	default:
		return true;
	}
}

/*
 * What the function's own tasks have connected was judged when they did. A
 * program's output may be a Unix socket whatever sockets it may make.
 */
static void judge_socket(struct fng_judgement *judgement, struct sock *sk,
			 bool standard)
{
	const struct fng_subject *subject = judgement->subject;
	struct cgroup *cgroup = sock_cgroup_ptr(&sk->sk_cgrp_data);
	struct cgroup *own = task_dfl_cgroup(current);
	int family = READ_ONCE(sk->sk_family);
	bool outside = false;
	u8 i;

	if (!standard || family != AF_UNIX)
		fng_judge_socket(judgement, family, sk->sk_type,
				 sk->sk_protocol);
	if (!fng_sock_is_inet(sk))
		return;
	for (i = 0; i < subject->nr; i++) {
		if (fng_subject_inside(subject, i, own, cgroup))
			continue;
		outside = true;
		judge_connected(judgement, i, sk);
	}
	if (outside && cannot_be_judged(sk))
		fng_judge_traffic(judgement, FNG_CLASS_EGRESS,
				  FNG_GUARD_UNDECIDABLE);
}

/* /dev/null and its like: nobody's, and left open by many who start programs. */
static bool is_nobodys(const struct inode *inode)
{
	static const unsigned int minors = BIT(3) | BIT(5) | BIT(7) | BIT(8) |
					   BIT(9);

	return S_ISCHR(inode->i_mode) && imajor(inode) == MEM_MAJOR &&
	       iminor(inode) < BITS_PER_TYPE(minors) &&
	       minors & BIT(iminor(inode));
}

/* Input and output may be any file, but no way to other files. */
static bool goes_by_name(const struct incoming *incoming)
{
	const struct inode *inode = file_inode(incoming->file);

	if (incoming->standard && !S_ISDIR(inode->i_mode))
		return false;
	return !is_nobodys(inode);
}

static void judge_file(struct fng_judgement *judgement,
		       const struct incoming *incoming)
{
	const struct file *file = incoming->file;
	struct fng_name name;
	u32 access = fng_open_access(file) &
		     (FNG_ACCESS_READ | FNG_ACCESS_WRITE);

	fng_judge_open_floor(judgement, file);
	if (!access || !goes_by_name(incoming) ||
	    !fng_path_rules_apply(judgement->subject, access))
		return;
	fng_name_of_path(&file->f_path, FNG_NAME_FIRST, &name);
	if (name.kind == FNG_NAME_PATH || name.kind == FNG_NAME_UNDECIDABLE)
		fng_judge_name(judgement, &name, access);
}

static void judge_opened(struct fng_judgement *judgement,
			 const struct incoming *incoming)
{
	struct socket *sock = sock_from_file(incoming->file);

	if (sock && sock->sk)
		judge_socket(judgement, sock->sk, incoming->standard);
	else
		judge_file(judgement, incoming);
}

static int report(struct fng_judgement *judgement, const struct file *file)
{
	struct fng_name name;

	fng_name_of_path(&file->f_path, FNG_NAME_FIRST, &name);
	return fng_judge_end_named(judgement, &name);
}

static int judge_incoming(const struct fng_subject *subject,
			  const struct incoming *incoming)
{
	struct fng_judgement judgement __uninitialized;
	const struct refused_kind *kind;
	struct file *file = incoming->file;
	int err = 0;

	kind = kind_of(&file->f_path);
	if (!kind && (IS_PRIVATE(file_inode(file)) ||
		      fng_file_is_backing(file)))
		return 0;
	fng_judge_begin(&judgement, subject, FNG_HOOK_FILE_RECEIVE);
	judgement.enters = incoming->inherited;
	fng_name_begin();
	if (kind)
		judge_kind(&judgement, kind);
	else
		judge_opened(&judgement, incoming);
	if (unlikely(fng_judge_refuses(&judgement)))
		err = report(&judgement, file);
	fng_name_end();
	return err;
}

/**
 * fng_judge_received() - judge a descriptor that another process passes
 * @subject: who gets it
 * @file: what it refers to
 *
 * Context: as a judge, see hooks.h.
 * Return: as fng_judge_end().
 */
int fng_judge_received(const struct fng_subject *subject, struct file *file)
{
	const struct incoming incoming = { .file = file };

	return judge_incoming(subject, &incoming);
}

static int judge_entry(const void *data, struct file *file, unsigned int fd)
{
	const struct incoming incoming = {
		.file = file,
		.inherited = true,
		.standard = fd < NR_STANDARD,
	};

	/* The caller of this holds the lock of the table. */
	if (test_bit(fd, files_fdtable(current->files)->close_on_exec))
		return 0;
	return judge_incoming(data, &incoming);
}

/**
 * fng_judge_inherited() - judge what current passes to the program it executes
 * @subject: who executes
 *
 * Whoever launches it is not a launcher to this any more. Stops at the first
 * descriptor that is refused.
 *
 * Context: as a judge, see hooks.h.
 * Return: as fng_judge_end().
 */
int fng_judge_inherited(const struct fng_subject *subject)
{
	return iterate_fd(current->files, 0, judge_entry, subject);
}
