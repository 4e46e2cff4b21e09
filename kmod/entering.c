// SPDX-License-Identifier: GPL-2.0-only
/*
 * Container runtimes and systemd set a sandbox up from inside its cgroup. A task
 * that an unguarded writer puts into a guarded cgroup is entering, and so are
 * its children, until it executes a file that is not a launcher: it has entered
 * as soon as that is allowed, so that whatever is loaded with it is judged. A
 * task that was guarded and was moved out by the host is barred from ever entering again.
 *
 * There is no storage of ours in a task, so the tasks are kept in a table that
 * is allocated with the module. A full table means that a task is not marked: it
 * is then fully guarded, or, where it would have to be barred, its move is
 * refused. Entries go when their task exits.
 *
 * The tracepoints are those of the scheduler; their probes run with preemption
 * disabled. sched_process_fork comes after the child was put into its cgroup and
 * before it runs for the first time.
 */
#include <linux/binfmts.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "entering.h"
#include "subject.h"

#define TABLE_BITS	10

/**
 * struct entry - one marked task
 * @node: in the table or in the list of free entries
 * @task: compared only, never followed; its exit removes the entry before its
 *	memory can be another task's
 * @barred: may never enter; otherwise it is entering
 */
struct entry {
	struct hlist_node node;
	const struct task_struct *task;
	bool barred;
};

static struct entry entries[FNG_MAX_ENTERING];
static struct hlist_head table[1 << TABLE_BITS];
static HLIST_HEAD(unused);
static DEFINE_SPINLOCK(table_lock);

/* Entries in use; lets every other task pass without the lock. */
static u32 nr_entries;
static u32 nr_entering;

static struct hlist_head *bucket_of(const struct task_struct *task)
{
	return &table[hash_ptr(task, TABLE_BITS)];
}

static struct entry *find(const struct task_struct *task)
{
	struct entry *entry;

	lockdep_assert_held(&table_lock);
	hlist_for_each_entry(entry, bucket_of(task), node)
		if (entry->task == task)
			return entry;
	return NULL;
}

static bool mark(const struct task_struct *task, bool barred)
{
	struct entry *entry = find(task);

	if (entry) {
		if (barred && !entry->barred) {
			entry->barred = true;
			WRITE_ONCE(nr_entering, nr_entering - 1);
		}
		return true;
	}
	entry = hlist_entry_safe(unused.first, struct entry, node);
	if (!entry)
		return false;
	hlist_del(&entry->node);
	entry->task = task;
	entry->barred = barred;
	hlist_add_head(&entry->node, bucket_of(task));
	WRITE_ONCE(nr_entries, nr_entries + 1);
	if (!barred)
		WRITE_ONCE(nr_entering, nr_entering + 1);
	return true;
}

static void forget(struct entry *entry)
{
	hlist_del(&entry->node);
	hlist_add_head(&entry->node, &unused);
	entry->task = NULL;
	WRITE_ONCE(nr_entries, nr_entries - 1);
	if (!entry->barred)
		WRITE_ONCE(nr_entering, nr_entering - 1);
}

/**
 * fng_entering() - is the task still setting its sandbox up?
 * @task: any
 */
bool fng_entering(struct task_struct *task)
{
	struct entry *entry;
	unsigned long flags;
	bool entering;

	if (likely(!READ_ONCE(nr_entering)))
		return false;
	spin_lock_irqsave(&table_lock, flags);
	entry = find(task);
	entering = entry && !entry->barred;
	spin_unlock_irqrestore(&table_lock, flags);
	return entering;
}

/**
 * fng_entering_known() - may the task have been unguarded and be guarded now?
 * @task: any
 *
 * Return: true also for one that is barred from entering, and for any if the
 *	table is too full to know.
 */
bool fng_entering_known(struct task_struct *task)
{
	unsigned long flags;
	bool known;

	if (likely(!READ_ONCE(nr_entries)))
		return false;
	spin_lock_irqsave(&table_lock, flags);
	known = find(task) || nr_entries == FNG_MAX_ENTERING;
	spin_unlock_irqrestore(&table_lock, flags);
	return known;
}

/* Number of tasks that are entering. */
u32 fng_entering_count(void)
{
	return READ_ONCE(nr_entering);
}

/* One that has passed its exit's tracepoint would never be forgotten. */
static bool is_living(const struct task_struct *task)
{
	return !(task->flags & PF_EXITING);
}

static u32 entries_needed(struct task_struct *leader)
{
	struct task_struct *thread;
	u32 nr = 0;

	fng_for_each_thread(leader, thread)
		nr += is_living(thread) && !find(thread);
	return nr;
}

/* All threads or none: marks that are left behind by half would fill the table. */
static bool mark_group(struct task_struct *leader, bool barred)
{
	struct task_struct *thread;

	if (entries_needed(leader) > FNG_MAX_ENTERING - nr_entries)
		return false;
	fng_for_each_thread(leader, thread)
		if (is_living(thread))
			mark(thread, barred);
	return true;
}

static bool mark_threads(struct task_struct *leader, bool threadgroup,
			 bool barred)
{
	unsigned long flags;
	bool marked;

	rcu_read_lock();
	spin_lock_irqsave(&table_lock, flags);
	if (threadgroup)
		marked = mark_group(leader, barred);
	else
		marked = !is_living(leader) || mark(leader, barred);
	spin_unlock_irqrestore(&table_lock, flags);
	rcu_read_unlock();
	return marked;
}

/**
 * fng_entering_admit() - an unguarded writer moves a task into a guarded cgroup
 * @leader: task that was never guarded, unless it is barred
 * @threadgroup: all its threads move
 *
 * Context: cgroup_threadgroup_rwsem is held, so no thread comes or begins to exit.
 */
void fng_entering_admit(struct task_struct *leader, bool threadgroup)
{
	mark_threads(leader, threadgroup, false);
}

/**
 * fng_entering_bar() - the host moves a guarded task out
 * @leader: guarded task
 * @threadgroup: all its threads move
 *
 * Context: as fng_entering_admit().
 * Return: false if there is no room to remember it.
 */
bool fng_entering_bar(struct task_struct *leader, bool threadgroup)
{
	return mark_threads(leader, threadgroup, true);
}

/* A child is what its parent is; one cloned into a guarded cgroup enters it. */
static void probe_fork(void *data, struct task_struct *parent,
		       struct task_struct *child)
{
	struct entry *entry;
	unsigned long flags;
	bool admitted;

	if (!READ_ONCE(nr_entries) &&
	    task_dfl_cgroup(parent) == task_dfl_cgroup(child))
		return;
	admitted = task_dfl_cgroup(parent) != task_dfl_cgroup(child) &&
		   !fng_task_guarded(parent) && fng_task_guarded(child);
	spin_lock_irqsave(&table_lock, flags);
	entry = find(parent);
	if (entry)
		mark(child, entry->barred);
	else if (admitted)
		mark(child, false);
	spin_unlock_irqrestore(&table_lock, flags);
}

/**
 * fng_entering_leave() - the task has entered
 * @task: current
 */
void fng_entering_leave(struct task_struct *task)
{
	struct entry *entry;
	unsigned long flags;

	if (!READ_ONCE(nr_entering))
		return;
	spin_lock_irqsave(&table_lock, flags);
	entry = find(task);
	if (entry && !entry->barred)
		forget(entry);
	spin_unlock_irqrestore(&table_lock, flags);
}

/* Guarded tasks have left in the hook on bprm_check; this is for the others. */
static void probe_exec(void *data, struct task_struct *task, pid_t old_pid,
		       struct linux_binprm *bprm)
{
	if (READ_ONCE(nr_entering) && !fng_launcher(bprm->file))
		fng_entering_leave(task);
}

static void probe_exit(void *data, struct task_struct *task)
{
	struct entry *entry;
	unsigned long flags;

	if (likely(!READ_ONCE(nr_entries)))
		return;
	spin_lock_irqsave(&table_lock, flags);
	entry = find(task);
	if (entry)
		forget(entry);
	spin_unlock_irqrestore(&table_lock, flags);
}

/**
 * struct probe - a tracepoint that is used
 * @name: its name
 * @function: our probe
 * @tracepoint: found by name; NULL until then
 */
struct probe {
	const char *name;
	void *function;
	struct tracepoint *tracepoint;
};

static struct probe probes[] = {
	{ "sched_process_fork", probe_fork },
	{ "sched_process_exec", probe_exec },
	{ "sched_process_exit", probe_exit },
};

static void find_probe(struct tracepoint *tracepoint, void *data)
{
	struct probe *probe = data;

	if (!strcmp(tracepoint->name, probe->name))
		probe->tracepoint = tracepoint;
}

static void stop_probes(unsigned int nr)
{
	while (nr--)
		tracepoint_probe_unregister(probes[nr].tracepoint,
					    probes[nr].function, NULL);
	tracepoint_synchronize_unregister();
}

static int start_probes(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		for_each_kernel_tracepoint(find_probe, &probes[i]);
		if (!probes[i].tracepoint)
			err = -ENOENT;
		else
			err = tracepoint_probe_register(probes[i].tracepoint,
							probes[i].function,
							NULL);
		if (err) {
			pr_err("cannot follow %s: %d\n", probes[i].name, err);
			stop_probes(i);
			return err;
		}
	}
	return 0;
}

/**
 * fng_entering_start() - begin to follow tasks
 *
 * Context: before the hooks are attached; sleeps.
 */
int fng_entering_start(void)
{
	unsigned int i;

	INIT_HLIST_HEAD(&unused);
	memset(table, 0, sizeof(table));
	nr_entries = 0;
	nr_entering = 0;
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		hlist_add_head(&entries[i].node, &unused);
	fng_launchers_resolve();
	return start_probes();
}

/* Stops following; the hooks are detached. Sleeps. */
void fng_entering_stop(void)
{
	stop_probes(ARRAY_SIZE(probes));
}
