// SPDX-License-Identifier: MIT
#include "printer.h"

static void put_closed(struct ref_printer *p, u8 class)
{
	static const char *const lists_of[REF_NR_SECTIONS] = {
		[REF_EXEC] = "allow: [], map: []",
		[REF_FILES] = "rules: []",
		[REF_EGRESS] = "rules: [], resolvers: []",
		[REF_LISTEN] = "allow: []",
		[REF_UNIX] = "allow: []",
	};

	p->policy->closed_line[class] = p->line;
	ref_put(p, "    %s: { default: deny, %s }", ref_class_names[class],
		lists_of[class]);
	ref_put_end(p);
}

void ref_put_phase(struct ref_printer *p)
{
	if (!p->policy->closed)
		return;
	ref_put(p, "phases:");
	ref_put_end(p);
	ref_put(p, "  " REF_PHASE ":");
	ref_put_end(p);
	for (u8 class = 0; class < REF_NR_SECTIONS; class++) {
		if (p->policy->closed >> class & 1)
			put_closed(p, class);
	}
}
