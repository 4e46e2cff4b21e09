// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that say what storms may do.
 */
#include <stdio.h>
#include <stdlib.h>

#include <fnguard/image.h>

#include "deeds.h"
#include "torture.h"

/* Enough for what a policy adds to be little beside them. */
#define NR_FILLERS	200

const char *const rules_templates[NR_TEMPLATES] = { "torture-0", "torture-1" };

static void make_template(const char *name)
{
	char path[64];
	FILE *out;
	u32 i;

	snprintf(path, sizeof(path), WORK "/%s.yaml", name);
	out = fopen(path, "w");
	if (!out)
		die("cannot make %s", path);
	fprintf(out, "template: %s\nexec:\n  deny: [\"" WORK "/run-bad\"]\n"
		"files:\n  rules:\n"
		"    - { path: \"" WORK "/bad\", deny: [read, delete] }\n"
		"    - { path: \"" WORK "/bad-dir\", deny: [read, delete] }\n",
		name);
	for (i = 0; i < NR_FILLERS; i++)
		fprintf(out, "    - { path: \"/%s/%u/*\", allow: [read] }\n",
			name, i);
	fprintf(out, "egress:\n  rules:\n    - { deny: { to: [127.0.0.2] } }\n");
	if (fclose(out))
		die("cannot write %s", path);
}

void rules_setup(void)
{
	u32 i;

	setenv("FNGUARD_POLICY_PATH", WORK, 1);
	for (i = 0; i < NR_TEMPLATES; i++)
		make_template(rules_templates[i]);
}

static void print_exec(FILE *out, const struct rules *rules)
{
	const char *flip = rules->lenient == rules->flipped ?
			   ", \"" WORK "/run-flip\"" : "";

	if (rules->lenient)
		fprintf(out, "exec:\n  default: allow\n"
			"  deny: [\"" WORK "/run-bad\"%s]\n", flip);
	else
		fprintf(out, "exec:\n  default: deny\n"
			"  allow: [\"" WORK "/run-good\"%s]\n", flip);
}

static void print_file(FILE *out, const struct rules *rules, const char *name)
{
	fprintf(out, "    - { path: \"" WORK "/%s\", %s }\n", name,
		rules->lenient ? "deny: [read, delete]" : "allow: [read]");
}

static void print_files(FILE *out, const struct rules *rules)
{
	u32 i;

	fprintf(out, "files:\n  default: %s\n  rules:\n"
		"    - { path: \"" WORK "/own/*\", allow: [write, create, delete] }\n",
		rules->lenient ? "allow" : "deny");
	print_file(out, rules, rules->lenient ? "bad" : "good");
	if (rules->lenient)
		print_file(out, rules, "bad-dir");
	if (rules->lenient == rules->flipped)
		print_file(out, rules, "flip");
	for (i = 0; i < rules->extra; i++)
		fprintf(out, "    - { path: \"/extra/%u/*\", allow: [read] }\n",
			torture_random(1000000));
}

static void print_destination(FILE *out, const struct rules *rules,
			      const char *address)
{
	fprintf(out, "    - { %s: { to: [%s] } }\n",
		rules->lenient ? "deny" : "allow", address);
}

static void print_egress(FILE *out, const struct rules *rules)
{
	u32 i;

	fprintf(out, "egress:\n  default: %s\n  rules:\n",
		rules->lenient ? "allow" : "deny");
	print_destination(out, rules, rules->lenient ? "127.0.0.2" :
			  "127.0.0.1");
	if (rules->lenient == rules->flipped)
		print_destination(out, rules, "127.0.0.3");
	for (i = 0; i < rules->extra; i++)
		fprintf(out, "    - { allow: { to: [10.%u.%u.0/24] } }\n",
			torture_random(256), torture_random(256));
}

/* A policy that extends a template is about what is shared with others. */
static void check_base(const struct rules *rules, const struct blob *blob)
{
	const struct fng_image_header *header = (const void *)blob->data;

	if (rules->template && !header->section[FNG_SECTION_BASE].size)
		die("%s shares nothing with other policies", rules->name);
}

struct blob rules_compile(const struct rules *rules)
{
	struct blob blob;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("no memory for a policy");
	fprintf(out, "policy: %s\n%s", rules->name, rules->head ?: "");
	if (rules->template)
		fprintf(out, "extends: [%s]\n", rules->template);
	print_exec(out, rules);
	print_files(out, rules);
	print_egress(out, rules);
	if (fclose(out))
		die("no memory for a policy");
	blob = control_compile(text);
	free(text);
	check_base(rules, &blob);
	return blob;
}

void rules_load(const struct rules *rules)
{
	struct blob blob = rules_compile(rules);

	if (control_load(&blob))
		die("%s was not loaded: %s", rules->name,
		    guard_client()->error);
	free(blob.data);
}
