// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes of kernel functions that only count, as tracers set them.
 */
#include <linux/kprobes.h>
#include <linux/module.h>

#define MAX_PROBES	16

static char *functions[MAX_PROBES];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "Names of the functions");

static ulong hits;
module_param(hits, ulong, 0444);
MODULE_PARM_DESC(hits, "Calls that were seen, roughly");

static struct kprobe probes[MAX_PROBES];
static struct kprobe *pointers[MAX_PROBES];

static int count(struct kprobe *probe, struct pt_regs *regs)
{
	data_race(hits++);
	return 0;
}

static int __init probe_init(void)
{
	int i;

	for (i = 0; i < nr_functions; i++) {
		probes[i].symbol_name = functions[i];
		probes[i].pre_handler = count;
		pointers[i] = &probes[i];
	}
	return register_kprobes(pointers, nr_functions);
}

static void __exit probe_exit(void)
{
	unregister_kprobes(pointers, nr_functions);
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts calls of kernel functions");
