// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live patch of a function that the guard hooks, whose new version asks no
 * security module.
 */
#include <linux/livepatch.h>
#include <linux/module.h>

static int patched_path_chroot(const struct path *path)
{
	return 0;
}

static struct klp_func functions[] = {
	{ .old_name = "security_path_chroot", .new_func = patched_path_chroot },
	{}
};

static struct klp_object objects[] = {
	{ .funcs = functions },
	{}
};

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

/* Nothing is left to do: it has been disabled, or could not be removed. */
static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A live patch");
MODULE_INFO(livepatch, "Y");
