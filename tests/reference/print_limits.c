// SPDX-License-Identifier: MIT
/*
 * A section of limits, as somebody would write it.
 */
#include "printer.h"

/* The first key of a section is where that begins. */
void ref_put_key(struct ref_printer *p, struct ref_section *section,
		 const char *name)
{
	if (!section->line[p->file]) {
		ref_put_end(p);
		section->line[p->file] = p->line;
	}
	ref_put(p, "  %s:", name);
}

static void put_rate(struct ref_printer *p, struct ref_rate rate)
{
	ref_put(p, " %u/%c", rate.number, rate.period);
	if (rate.burst)
		ref_put(p, " burst %u", rate.burst);
}

void ref_put_limits(struct ref_printer *p, struct ref_section *section)
{
	struct ref_setting *connect = &p->policy->connect[p->file];
	struct ref_setting *label = &p->policy->label[p->file];

	if (connect->said) {
		ref_put_key(p, section, "connect");
		connect->line = p->line;
		put_rate(p, ref_rate_of(connect->value));
		ref_put_end(p);
	}
	if (label->said) {
		ref_put_key(p, section, "dns-label");
		label->line = p->line;
		ref_put(p, " %u", label->value + 1);
		ref_put_end(p);
	}
}
