// SPDX-License-Identifier: MIT
/*
 * Parts of the fixed floor that a policy takes away, and capabilities that it
 * names in vain.
 */
#include <compiler/lint.h>
#include <compiler/schema.h>

/* What a function can do then, by enum fng_floor. */
static const char *const opened[FNG_NR_FLOORS] = {
	[FNG_FLOOR_MODULE] = "it can load kernel modules, and so remove the guard",
	[FNG_FLOOR_REBOOT] = "it can reboot, or start another kernel",
	[FNG_FLOOR_BPF] = "it can load programs into the kernel",
	[FNG_FLOOR_KMEM] = "it can write to the kernel's memory",
	[FNG_FLOOR_TRACING] = "it can trace and disturb the kernel",
	[FNG_FLOOR_IO_URING] = "its requests may run in a thread of whoever made "
			       "the ring, and use capabilities unjudged",
	[FNG_FLOOR_MOUNT] = "it can give a file another path, and so another rule",
	[FNG_FLOOR_CHROOT] = "it can give a file another path, and so another "
			     "rule",
	[FNG_FLOOR_USERNS] = "it gets every capability in a namespace of its own",
	[FNG_FLOOR_SOCKET] = "it can send what egress rules do not see, or change "
			     "where packets go",
	[FNG_FLOOR_HELPER] = "it can have the kernel run programs outside of "
			     "every cgroup",
	[FNG_FLOOR_PTRACE_OUTSIDE] = "it can take over processes that no policy "
				     "applies to",
};

static void lint_lifted(struct fngc_compile *c)
{
	const struct fngc_scalar *allowed = &c->model.privileges;

	for (size_t i = 0; allowed->set && fngc_privilege_words[i]; i++) {
		u32 bit = fngc_privilege_values[i];

		if (bit < FNGC_LIFT || !(allowed->value >> bit & 1))
			continue;
		fngc_warning(c, &allowed->place, NULL,
			     "privileges allow %s, which the fixed floor refuses "
			     "otherwise: %s", fngc_privilege_words[i],
			     opened[bit - FNGC_LIFT]);
	}
}

/* What the section's own list does not refuse, something else may. */
static void lint_capabilities(struct fngc_compile *c)
{
	const struct fngc_scalar *listed = &c->model.capabilities;
	struct fngc_origin origin;
	struct fng_decision d;

	for (size_t i = 0; listed->set && fngc_capability_words[i]; i++) {
		u32 cap = fngc_capability_values[i];

		fng_capability_decide(&c->result.view, cap, &d);
		if (!(listed->value >> cap & 1) || !d.refused)
			continue;
		fngc_origin(&c->result.view, d.rule, &origin);
		fngc_warning(c, &listed->place,
			     "allow what it is for in privileges.allow, or "
			     "leave it out",
			     "capabilities name %s in vain: %s refuses it",
			     fngc_capability_words[i], origin.text);
	}
}

void fngc_lint_privileges(struct fngc_compile *c)
{
	lint_lifted(c);
	lint_capabilities(c);
}
