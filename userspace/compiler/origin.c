// SPDX-License-Identifier: MIT
/*
 * Rule ids in words.
 */
#include <compiler/compiler.h>

static const char *const floor_texts[] = {
	"floor module", "floor reboot", "floor bpf", "floor kmem",
	"floor tracing", "floor io_uring", "floor cgroup", "floor control",
	"floor mount", "floor chroot", "floor userns", "floor socket",
	"floor helper", "floor ptrace-outside",
};

static const char *const guard_texts[] = {
	"guard too-many-policies", "guard no-state", "guard undecidable",
	"guard entering", "guard canary", "guard not-ip",
	"guard poses-as-resolver", "guard quarantine",
};

static_assert(sizeof(floor_texts) / sizeof(*floor_texts) == FNG_NR_FLOORS,
	      "floor");
static_assert(sizeof(guard_texts) / sizeof(*guard_texts) ==
	      FNG_NR_GUARD_RULES, "guard");

void fngc_origin(const struct fng_image *image, u32 rule,
		 struct fngc_origin *origin)
{
	u32 index = rule & FNG_RULE_INDEX_MASK;
	const struct fng_image_rule *written;
	const char *strings;

	*origin = (struct fngc_origin){ .file = "", .text = "unknown rule" };
	if (rule == FNG_RULE_NONE) {
		origin->text = "unrestricted";
	} else if (rule & FNG_RULE_FLOOR) {
		if (index < FNG_NR_FLOORS)
			origin->text = floor_texts[index];
	} else if (rule & FNG_RULE_GUARD) {
		if (index < FNG_NR_GUARD_RULES)
			origin->text = guard_texts[index];
	} else {
		written = fng_rule_find(image, rule, &strings);
		if (!written)
			return;
		origin->file = strings + written->file;
		origin->line = written->line;
		origin->text = strings + written->text;
	}
}
