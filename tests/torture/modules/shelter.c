// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps injected faults out of functions of the kernel that do not stand them: a
 * task that enters one takes its count up again where it was when it returns.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

#define MAX_FUNCTIONS	4

static char *functions[MAX_FUNCTIONS];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "Names of functions; those that do not exist are left out");

static struct kretprobe probes[MAX_FUNCTIONS];

#ifdef CONFIG_FAULT_INJECTION
static int enter(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	*(unsigned int *)instance->data = current->fail_nth;
	current->fail_nth = 0;
	return 0;
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	current->fail_nth = *(unsigned int *)instance->data;
	return 0;
}

static int shelter(struct kretprobe *probe, const char *function)
{
	probe->kp.symbol_name = function;
	probe->entry_handler = enter;
	probe->handler = leave;
	probe->data_size = sizeof(unsigned int);
	return register_kretprobe(probe);
}
#else
static int shelter(struct kretprobe *probe, const char *function)
{
	return -EOPNOTSUPP;
}
#endif

static void __exit shelter_exit(void)
{
	int i;

	for (i = 0; i < nr_functions; i++)
		if (probes[i].kp.addr)
			unregister_kretprobe(&probes[i]);
}

static int __init shelter_init(void)
{
	int nr = 0, err, i;

	for (i = 0; i < nr_functions; i++) {
		err = shelter(&probes[i], functions[i]);
		if (err)
			probes[i].kp.addr = NULL;
		else
			nr++;
	}
	return nr ? 0 : -ENOENT;
}

module_init(shelter_init);
module_exit(shelter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Keeps injected faults out of functions");
