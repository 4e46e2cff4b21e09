// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds a kernel function as a live patch does, so that nobody else can redirect
 * it; it changes nothing itself.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/string.h>

static char *function;
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "Name of the function");

static void notrace pass(unsigned long ip, unsigned long parent_ip,
			 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = pass,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT,
};

static int __init occupy_init(void)
{
	int err;

	if (!function)
		return -EINVAL;
	err = ftrace_set_filter(&ops, function, strlen(function), 1);
	if (err)
		return err;
	err = register_ftrace_function(&ops);
	if (err)
		ftrace_free_filter(&ops);
	return err;
}

static void __exit occupy_exit(void)
{
	WARN_ON(unregister_ftrace_function(&ops));
	ftrace_free_filter(&ops);
}

module_init(occupy_init);
module_exit(occupy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Holds a kernel function");
