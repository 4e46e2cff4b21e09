// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is recorded of a refusal at the moment it happens: only what cannot be
 * found out later. Names of policies and cgroups are looked up by the worker.
 */
#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mm_types.h>
#include <linux/net.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/xxhash.h>

#include <fnguard/hooks.h>
#include "event_record.h"
#include "judge_egress.h"
#include "row.h"

/* Standard input, output and error. */
#define NR_STANDARD	3

/* One per CPU: only tasks use it, with preemption disabled. */
static char __percpu *exe_buffer;

/**
 * fng_actor_fill() - note who current is
 * @actor: filled
 *
 * The name is copied without task_lock(), which a hooked function may hold.
 */
void fng_actor_fill(struct fng_actor *actor)
{
	rcu_read_lock();
	actor->pid = task_pid_nr(current);
	actor->tgid = task_tgid_nr(current);
	actor->ppid = task_tgid_nr(rcu_dereference(current->real_parent));
	actor->start = current->group_leader->start_boottime;
	rcu_read_unlock();
	actor->uid = from_kuid(&init_user_ns, current_uid());
	actor->loginuid = from_kuid(&init_user_ns,
				    audit_get_loginuid(current));
	strscpy(actor->comm, current->comm, sizeof(actor->comm));
}

/* A macro where files are freed by RCU, a function where they are reused. */
static struct file *get_exe(struct mm_struct *mm)
{
#ifdef get_file_rcu
	struct file *file = rcu_dereference(mm->exe_file);

	return file && get_file_rcu(file) ? file : NULL;
#else
	return get_file_rcu(&mm->exe_file);
#endif
}

/*
 * d_path() waits for writers of mount_lock and rename_lock. A capability is also
 * checked by the mount code, which is such a writer; who asks to be traced holds
 * tasklist_lock for writing, for which an interrupt of such a writer may wait.
 */
static bool may_wait_for_names(u8 hook)
{
	return hook != FNG_HOOK_CAPABLE && hook != FNG_HOOK_TRACEME;
}

/*
 * If this fput() drops the last reference, it leaves the work to the task's
 * return to user space or to a kernel thread: it never sleeps here.
 */
static void fill_exe(struct fng_record *record)
{
	char *buffer = this_cpu_ptr(exe_buffer);
	struct file *file;
	char *path;

	if (!may_wait_for_names(record->hook) || !current->mm || !current->fs)
		return;
	file = get_exe(current->mm);
	if (!file)
		return;
	path = d_path(&file->f_path, buffer, PATH_MAX);
	if (!IS_ERR(path)) {
		record->exe_kept = strnlen(path, sizeof(record->exe));
		memcpy(record->exe, path, record->exe_kept);
	}
	fput(file);
}

/* Under the lock of the table. What is closed is not passed on. */
static bool is_connection(struct files_struct *files, unsigned int fd)
{
	struct file *file = files_lookup_fd_locked(files, fd);
	struct socket *sock;

	if (!file || test_bit(fd, files_fdtable(files)->close_on_exec))
		return false;
	sock = sock_from_file(file);
	return sock && sock->sk && fng_sock_is_inet(sock->sk);
}

/*
 * Whose input is a connection, somebody else types. Only where a program is executed
 * is it known that nobody holds the lock of the table. No more of that is looked at:
 * it may be as long as the function likes.
 */
static u8 stdio_of(const struct fng_record *record)
{
	struct files_struct *files = current->files;
	unsigned int fd;
	u8 found = 0;

	if (record->hook != FNG_HOOK_BPRM_CHECK)
		return 0;
	spin_lock(&files->file_lock);
	for (fd = 0; fd < NR_STANDARD; fd++)
		found |= is_connection(files, fd) << fd;
	spin_unlock(&files->file_lock);
	return found;
}

static bool is_known(const struct fng_object *object)
{
	return !object->no_task && in_task();
}

static void fill_task(struct fng_record *record,
		      const struct fng_object *object)
{
	record->exe_kept = 0;
	record->actor.pid = 0;
	record->stdio = 0;
	if (is_known(object))
		fng_actor_fill(&record->actor);
}

static void fill_object(struct fng_record *record,
			const struct fng_object *object)
{
	record->object = object->kind;
	record->name_len = object->name_len;
	record->name_kept = min_t(u32, object->name_len, sizeof(record->name));
	memcpy(record->name, object->name, record->name_kept);
	if (object->kind == FNG_OBJECT_NAME)
		record->name_hash = xxh64(object->name, object->name_len, 0);
	else if (object->kind == FNG_OBJECT_ENDPOINT)
		record->endpoint = object->endpoint;
}

static void fill_verdicts(struct fng_record *record,
			  const struct fng_judgement *judgement)
{
	const struct fng_subject *subject = judgement->subject;
	u8 refusing = judgement->refused_mask | judgement->audit_mask;
	u8 i;

	record->nr = subject->nr;
	record->refused_mask = judgement->refused_mask;
	record->audit_mask = judgement->audit_mask;
	record->candidates = subject->candidates;
	for (i = 0; i < subject->nr; i++) {
		record->policies[i] = subject->policies[i]->id;
		record->rules[i] = refusing & BIT(i) ? judgement->decisions[i].rule :
						       FNG_RULE_NONE;
	}
}

static void fill_decision(struct fng_record *record,
			  const struct fng_judgement *judgement, u8 policy)
{
	const struct fng_decision *decision = &judgement->decisions[policy];

	record->policy_id = policy < record->nr ? record->policies[policy] : 0;
	record->class = decision->class;
	record->err = decision->err;
	record->rule = decision->rule;
	record->access = decision->access;
}

/**
 * fng_record_fill() - write a record
 * @record: the caller's
 * @judgement: the verdicts
 * @object: what the access was to
 * @policy: which of them it is about
 *
 * The row, and the verdict that it counts, are the caller's to fill in.
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_record_fill(struct fng_record *record,
		     const struct fng_judgement *judgement,
		     const struct fng_object *object, u8 policy)
{
	record->cgroup_id = judgement->subject->cgroup_id;
	record->activation = judgement->subject->activation;
	record->hook = judgement->hook;
	record->entering = judgement->entering;
	fill_object(record, object);
	fng_record_renew(record, judgement, object, policy);
}

/**
 * fng_record_renew() - write anew what may differ when the same happens again
 * @record: filled before, with the same access to the same object in the same cgroup
 * @judgement: the verdicts
 * @object: what the access was to
 * @policy: which of them it is about
 *
 * Context: any, inside rcu_read_lock().
 */
void fng_record_renew(struct fng_record *record,
		      const struct fng_judgement *judgement,
		      const struct fng_object *object, u8 policy)
{
	record->killed = judgement->killed &&
			 record->verdict == FNG_VERDICT_DENIED;
	record->boot = ktime_get_boottime_ns();
	record->cookie = object->cookie;
	fill_verdicts(record, judgement);
	fill_decision(record, judgement, policy);
	fill_task(record, object);
}

/**
 * fng_record_fill_program() - add which program acts, and on what it stands
 * @record: filled in so far
 * @object: what the access was to
 *
 * Context: any, preemption disabled, but not under a lock: names are looked up.
 */
void fng_record_fill_program(struct fng_record *record,
			     const struct fng_object *object)
{
	if (!is_known(object))
		return;
	fill_exe(record);
	record->stdio = stdio_of(record);
}

int fng_record_init(void)
{
	exe_buffer = __alloc_percpu(PATH_MAX, 1);
	return exe_buffer ? 0 : -ENOMEM;
}

void fng_record_exit(void)
{
	free_percpu(exe_buffer);
}
