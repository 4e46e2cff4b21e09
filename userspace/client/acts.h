/* SPDX-License-Identifier: MIT */
/*
 * Acts that reach a hook and do no harm if they are allowed: what the canary
 * proves hooks with, and what the probe attacks with.
 *
 * Unless said otherwise, each returns 0 or the errno of its call. Where only
 * something that the kernel cannot use is harmless, that errno is what the kernel
 * says of it.
 */
#ifndef CLIENT_ACTS_H
#define CLIENT_ACTS_H

/* Errno of a call that returns -1 on failure; closes what it opened. */
int fng_act_call(long result);
int fng_act_fd(int fd);

/*
 * Does it in a child: if it is allowed, the caller stays what it is. Returns the
 * child's exit status, which is what @act returned; -1 without a child, and
 * FNG_ACT_SIGNAL and more if a signal ended it.
 */
#define FNG_ACT_SIGNAL	1000
int fng_act_apart(int (*act)(void *data), void *data);

/* A file that is no image of anything, in a directory; -1 with errno. */
int fng_act_make_garbage(int dir);

/* A mount that is attached nowhere; -1 with errno. */
int fng_act_make_mount(void);

int fng_act_execute(int program);
int fng_act_init_module(void);			/* ENOEXEC */
int fng_act_finit_module(int garbage);		/* ENOEXEC */
int fng_act_kexec_load(void);			/* EINVAL */
int fng_act_kexec_file_load(int garbage);	/* ENOEXEC */
int fng_act_bpf_map(void);			/* EINVAL */
int fng_act_io_uring(void);
int fng_act_userfaultfd(void);
int fng_act_perf(void);
int fng_act_clone_into(int cgroup);
int fng_act_leave(int procs);
int fng_act_move_mount(int mount, const char *target);
int fng_act_host_name(void);			/* EINVAL */

/* These change the caller, and are to be done apart. */
int fng_act_be_traced(void *data);
int fng_act_user_namespace(void *data);
int fng_act_leave_groups(void *data);
int fng_act_make_keyring(void *data);

#endif /* CLIENT_ACTS_H */
