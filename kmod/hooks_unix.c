// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks on Unix sockets: which others a task may connect and send to.
 *
 * Both are called under the spinlock of the other socket, which keeps its name
 * from changing.
 */
#include <linux/kernel.h>
#include <linux/security.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/un.h>
#include <net/af_unix.h>
#include <net/sock.h>

#include "hooks.h"
#include "judge_path.h"

/**
 * struct peer - a socket that somebody wants to talk to
 * @cgroup: of who created it
 * @path: that it is bound to
 * @own: its name for policies that its cgroup is inside of
 * @host: its name for the others
 *
 * A name without a text has not been looked for.
 */
struct peer {
	struct cgroup *cgroup;
	const struct path *path;
	struct fng_name own;
	struct fng_name host;
};

static const struct fng_name *name_for(struct peer *peer, bool inside)
{
	struct fng_name *name = inside ? &peer->own : &peer->host;

	if (name->text)
		return name;
	if (inside)
		fng_name_of_path(peer->path, FNG_NAME_FIRST, name);
	else
		fng_name_of_host(peer->path, FNG_NAME_SECOND, name);
	return name;
}

static bool is_inside(const struct fng_subject *subject, u8 policy,
		      const struct peer *peer)
{
	return fng_subject_inside(subject, policy, task_dfl_cgroup(current),
				  peer->cgroup);
}

/* The event has the name that the policy knows it by which decides. */
static const struct fng_name *reported(const struct fng_judgement *judgement,
				       struct peer *peer)
{
	u8 first = fng_judge_first(judgement, !judgement->refused_mask);

	return name_for(peer, is_inside(judgement->subject, first, peer));
}

static int judge_bound(const struct fng_subject *subject, u8 hook,
		       struct sock *other)
{
	struct peer peer = {
		.cgroup = sock_cgroup_ptr(&other->sk_cgrp_data),
		.path = &unix_sk(other)->path,
	};
	struct fng_judgement judgement __uninitialized;
	int err = 0;
	u8 i;

	fng_judge_begin(&judgement, subject, hook);
	fng_name_begin();
	for (i = 0; i < subject->nr; i++)
		fng_judge_peer(&judgement, i,
			       name_for(&peer, is_inside(subject, i, &peer)));
	if (unlikely(fng_judge_refuses(&judgement)))
		err = fng_judge_end_named(&judgement,
					  reported(&judgement, &peer));
	fng_name_end();
	return err;
}

/* Whose it is does not matter: an abstract name belongs to its network. */
static int judge_abstract(const struct fng_subject *subject, u8 hook,
			  const struct unix_address *address)
{
	char text[sizeof(address->name->sun_path)];
	const struct fng_name name = {
		.kind = FNG_NAME_PATH,
		.text = text,
		.len = address->len - offsetof(struct sockaddr_un, sun_path),
	};
	struct fng_judgement judgement __uninitialized;
	u8 i;

	text[0] = FNG_PEER_ABSTRACT;
	memcpy(text + 1, address->name->sun_path + 1, name.len - 1);
	fng_judge_begin(&judgement, subject, hook);
	for (i = 0; i < subject->nr; i++)
		fng_judge_peer(&judgement, i, &name);
	return fng_judge_end_named(&judgement, &name);
}

/*
 * One without a name is the other end of a pair, or has sent something itself:
 * who has its descriptor got that from somebody.
 */
static int judge_peer(const struct fng_subject *subject, u8 hook,
		      struct sock *other)
{
	const struct unix_address *address;

	if (!fng_path_rules_apply(subject, FNG_ACCESS_UNIX))
		return 0;
	/* Pairs with that of bind(), which has set the path before. */
	address = smp_load_acquire(&unix_sk(other)->addr);
	if (!address)
		return 0;
	return address->name->sun_path[0] ?
	       judge_bound(subject, hook, other) :
	       judge_abstract(subject, hook, address);
}

FNG_HOOK(UNIX_STREAM_CONNECT, security_unix_stream_connect,
	 judge_peer(subject, FNG_HOOK_UNIX_STREAM_CONNECT,
		    FNG_ARG(struct sock *, 1)),
	 struct sock *, struct sock *, struct sock *)
FNG_HOOK(UNIX_MAY_SEND, security_unix_may_send,
	 judge_peer(subject, FNG_HOOK_UNIX_MAY_SEND,
		    FNG_ARG(const struct socket *, 1)->sk),
	 struct socket *, struct socket *)

static const struct fng_hook_entry hooks[] = {
	FNG_HOOK_ENTRY(UNIX_STREAM_CONNECT, "security_unix_stream_connect"),
	FNG_HOOK_ENTRY(UNIX_MAY_SEND, "security_unix_may_send"),
};

const struct fng_hook_group fng_hooks_unix = { hooks, ARRAY_SIZE(hooks) };
