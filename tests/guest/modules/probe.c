// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes of kernel functions that only count, as tracers set them: before the
 * function, around its first instruction, or when it returns.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

#define MAX_PROBES	16

static char *functions[MAX_PROBES];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "Names of the functions");

static char *when = "before";
module_param(when, charp, 0444);
MODULE_PARM_DESC(when, "before, around or return");

static ulong hits;
module_param(hits, ulong, 0444);
MODULE_PARM_DESC(hits, "Calls that were seen, roughly");

static struct kprobe probes[MAX_PROBES];
static struct kprobe *pointers[MAX_PROBES];
static struct kretprobe returns[MAX_PROBES];
static struct kretprobe *return_pointers[MAX_PROBES];

static int count(struct kprobe *probe, struct pt_regs *regs)
{
	data_race(hits++);
	return 0;
}

/* Who has this may redirect the call, as far as ftrace knows. */
static void count_after(struct kprobe *probe, struct pt_regs *regs,
			unsigned long flags)
{
	data_race(hits++);
}

static int count_return(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	data_race(hits++);
	return 0;
}

static bool at_return(void)
{
	return !strcmp(when, "return");
}

static int __init probe_init(void)
{
	int i;

	for (i = 0; i < nr_functions; i++) {
		probes[i].symbol_name = functions[i];
		probes[i].pre_handler = count;
		if (!strcmp(when, "around"))
			probes[i].post_handler = count_after;
		pointers[i] = &probes[i];
		returns[i].kp.symbol_name = functions[i];
		returns[i].handler = count_return;
		return_pointers[i] = &returns[i];
	}
	if (at_return())
		return register_kretprobes(return_pointers, nr_functions);
	return register_kprobes(pointers, nr_functions);
}

static void __exit probe_exit(void)
{
	if (at_return())
		unregister_kretprobes(return_pointers, nr_functions);
	else
		unregister_kprobes(pointers, nr_functions);
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts calls of kernel functions");
