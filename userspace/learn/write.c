// SPDX-License-Identifier: MIT
/*
 * The policy that allows a set of acts, as text.
 */
#include <stdlib.h>
#include <string.h>

#include <learn/check.h>
#include <learn/egress.h>
#include <learn/rules.h>
#include <learn/templates.h>
#include <learn/text.h>

/* Rounds in which what files win by their new names is allowed under the old. */
#define ROUNDS	4

/**
 * struct writer - a policy that is being written
 * @options: how
 * @acts: all that has to be allowed
 * @left: what its templates do not allow
 * @templates: what it extends
 * @arena: for texts
 */
struct writer {
	const struct fngl_options *options;
	struct fngl_acts acts;
	struct fngl_acts left;
	struct fngl_templates templates;
	struct fngc_arena arena;
};

/* With anything, if @target is NULL. */
static bool was_done_to(const struct fngl_acts *acts, const char *verb,
			const char *target)
{
	for (size_t i = 0; i < acts->nr; i++)
		if (!strcmp(acts->v[i].verb, verb) &&
		    (!target || !strcmp(acts->v[i].target, target)))
			return true;
	return false;
}

static bool was_done(const struct fngl_acts *acts, const char *verb)
{
	return was_done_to(acts, verb, NULL);
}

static void write_words(FILE *out, const char *key,
			const char *const *words)
{
	fprintf(out, "%s: [", key);
	for (size_t i = 0; words && words[i]; i++)
		fprintf(out, "%s%s", i ? ", " : "", words[i]);
	fputs("]", out);
}

static void write_attach(const struct fngl_options *options, FILE *out)
{
	if (!options->cgroups || !*options->cgroups)
		return;
	fputs("attach:\n  cgroup:\n", out);
	for (size_t i = 0; options->cgroups[i]; i++) {
		fputs("    - ", out);
		fngl_put_quoted(out, options->cgroups[i]);
		fputc('\n', out);
	}
}

/* So that nobody has to give them again. */
static void write_params(const char *const *params, FILE *out)
{
	if (!params || !*params)
		return;
	fputs("params:\n", out);
	for (; *params; params++) {
		size_t len = strcspn(*params, "=");

		fprintf(out, "  %.*s: ", (int)len, *params);
		fngl_put_quoted(out, *params + len + ((*params)[len] == '='));
		fputc('\n', out);
	}
}

static void write_head(const struct writer *w, FILE *out)
{
	const struct fngl_options *options = w->options;

	fputs("# What was done while fnguard learned. Read it before it is enforced: what an attacker did is in here as well.\n",
	      out);
	if (w->acts.unkept)
		fprintf(out, "# It is not complete: %llu times something was done that found no room.\n",
			(unsigned long long)w->acts.unkept);
	fprintf(out, "policy: %s\nversion: 1\n", options->name);
	if (w->templates.nr) {
		write_words(out, "extends", w->templates.names);
		fputc('\n', out);
		write_params(options->compile.params, out);
	}
	write_attach(options, out);
}

static void write_reason(FILE *out, const struct fngl_rule *rule)
{
	fprintf(out, rule->reason ? "  # %s\n" : "\n", rule->reason);
}

static void write_list(struct writer *w, FILE *out, const char *key,
		       const char *verb, u32 access, bool literal)
{
	struct fngl_rules rules = { 0 };

	fngl_rules_make(&rules, &w->left, verb, access, literal, &w->arena);
	if (rules.nr)
		fprintf(out, "  %s:\n", key);
	for (size_t i = 0; i < rules.nr; i++) {
		fputs("    - ", out);
		fngl_put_quoted(out, rules.v[i].pattern);
		write_reason(out, &rules.v[i]);
	}
	free(rules.v);
}

static void write_effect(const struct writer *w, FILE *out, const char *key,
			 const char *verb)
{
	fprintf(out, "  %s: %s\n", key,
		was_done(&w->acts, verb) ? "allow" : "deny");
}

/* Who may execute a file may map it. */
static void drop_executed(struct fngl_acts *acts)
{
	size_t nr = 0;

	for (size_t i = 0; i < acts->nr; i++)
		if (strcmp(acts->v[i].verb, "map") ||
		    !was_done_to(acts, "exec", acts->v[i].target))
			acts->v[nr++] = acts->v[i];
	acts->nr = nr;
}

/* What runs is never guessed. */
static void write_code(struct writer *w, FILE *out)
{
	fputs("exec:\n  default: deny\n", out);
	write_list(w, out, "allow", "exec", FNG_ACCESS_EXEC, true);
	write_list(w, out, "map", "map", FNG_ACCESS_MAP, true);
	write_effect(w, out, "fileless", "fileless");
	fputs("memory:\n", out);
	write_effect(w, out, "write-exec", "write-exec");
}

static void write_files(struct writer *w, FILE *out)
{
	char access[FNGC_ACCESS_NAMES_SIZE];
	struct fngl_rules rules = { 0 };

	fputs("files:\n  default: deny\n", out);
	fngl_rules_make(&rules, &w->left, "open", 0, false, &w->arena);
	if (rules.nr)
		fputs("  rules:\n", out);
	for (size_t i = 0; i < rules.nr; i++) {
		fputs("    - { path: ", out);
		fngl_put_quoted(out, rules.v[i].pattern);
		fprintf(out, ", allow: [%s] }",
			fngc_access_names(rules.v[i].access, access));
		write_reason(out, &rules.v[i]);
	}
	free(rules.v);
}

static void write_targets(const struct fngl_acts *acts, FILE *out,
			  const char *const *verbs)
{
	const char *mark = "";

	for (size_t i = 0; i < acts->nr; i++) {
		for (size_t v = 0; verbs[v]; v++) {
			if (strcmp(acts->v[i].verb, verbs[v]))
				continue;
			fprintf(out, "%s%s", mark, acts->v[i].target);
			mark = ", ";
		}
	}
}

static void write_reached(struct writer *w, FILE *out)
{
	static const char *const listen[] = { "listen", NULL };

	fputs("listen:\n  default: deny\n", out);
	if (was_done(&w->left, "listen")) {
		fputs("  allow: [", out);
		write_targets(&w->left, out, listen);
		fputs("]\n", out);
	}
	fputs("unix:\n  default: deny\n", out);
	write_list(w, out, "allow", "unix", FNG_ACCESS_UNIX, false);
}

/* One half of each "family/type", each of them once; returns of how many pairs. */
static size_t find_halves(const struct fngl_acts *acts, bool type,
			  struct fngl_acts *halves)
{
	size_t nr = 0;
	char *half;

	for (size_t i = 0; i < acts->nr; i++) {
		if (strcmp(acts->v[i].verb, "socket"))
			continue;
		half = strdup(acts->v[i].target);
		half[strcspn(half, "/")] = '\0';
		fngl_add(halves, &(struct fngl_act) {
			.verb = "", .more = "",
			.target = type ? half + strlen(half) + 1 : half,
		});
		free(half);
		nr++;
	}
	fngl_settle(halves);
	return nr;
}

static void write_half(struct fngl_acts *halves, FILE *out, const char *key,
		       const char *remark)
{
	const char *const verbs[] = { "", NULL };

	fprintf(out, "  %s: [", key);
	write_targets(halves, out, verbs);
	fprintf(out, "]%s\n", remark);
	fngl_free(halves);
}

static void write_sockets(const struct writer *w, FILE *out)
{
	struct fngl_acts families = { 0 }, types = { 0 };
	size_t nr = find_halves(&w->acts, false, &families);
	const char *remark = "";

	find_halves(&w->acts, true, &types);
	if (families.nr * types.nr > nr)
		remark = "  # of every family, which is more than was done";
	fputs("sockets:\n", out);
	write_half(&families, out, "families", "");
	write_half(&types, out, "types", remark);
}

static void write_privileges(const struct writer *w, FILE *out)
{
	static const char *const capability[] = { "capability", NULL };
	struct fngl_acts allowed = { 0 };
	const char *const verbs[] = { "", NULL };

	fputs("privileges:\n  capabilities: [", out);
	write_targets(&w->acts, out, capability);
	fngl_privileges(&w->acts, &allowed);
	fputs("]\n  allow: [", out);
	write_targets(&allowed, out, verbs);
	fprintf(out, "]%s\n", fngl_privileges_imply(&w->acts) ?
		"  # also what capabilities that were used are for" : "");
	fngl_free(&allowed);
}

static void write_all(struct writer *w, FILE *out)
{
	write_head(w, out);
	write_code(w, out);
	write_files(w, out);
	fngl_write_egress(&w->acts, &w->left, out);
	write_reached(w, out);
	write_sockets(w, out);
	write_privileges(w, out);
}

/* What the policy is so far; to be freed. */
static char *text_of(struct writer *w, size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	write_all(w, out);
	if (fclose(out))
		abort();
	return text;
}

static void copy_acts(struct fngl_acts *to, const struct fngl_acts *from)
{
	for (size_t i = 0; i < from->nr; i++)
		fngl_add(to, &from->v[i]);
	to->unkept = from->unkept;
}

static bool was_deleted(const struct fngl_acts *acts, const char *name)
{
	for (size_t i = 0; i < acts->nr; i++)
		if (!strcmp(acts->v[i].verb, "open") &&
		    acts->v[i].access & FNG_ACCESS_DELETE &&
		    !strcmp(acts->v[i].target, name))
			return true;
	return false;
}

/*
 * What was put in its place by a rename is replaced by the next one, for which it
 * has to be deleted; a link leaves the old name where it is.
 */
static void add_replaced(struct fngl_acts *acts, const struct fngl_acts *done)
{
	for (size_t i = 0; i < done->nr; i++) {
		const struct fngl_act *act = &done->v[i];

		if (strcmp(act->verb, FNGL_RENAME) ||
		    !was_deleted(done, act->target))
			continue;
		fngl_add(acts, &(struct fngl_act) {
			.verb = "open", .target = act->more, .more = "",
			.access = FNG_ACCESS_DELETE,
		});
	}
}

static void begin(struct writer *w, const struct fngl_acts *acts)
{
	copy_acts(&w->acts, acts);
	add_replaced(&w->acts, acts);
	fngl_settle(&w->acts);
	fngl_templates_choose(&w->templates, w->options, acts);
	fngl_templates_left(&w->templates, &w->acts, &w->left);
	drop_executed(&w->left);
}

/* Returns false once nothing more has to be allowed. */
static bool go_on(struct writer *w, const struct fng_image *image)
{
	size_t before = w->left.nr;

	fngl_check_moves(&w->acts, image, &w->left);
	if (w->left.nr == before)
		return false;
	fngl_settle(&w->left);
	return true;
}

static int finish(struct writer *w, FILE *out, struct fngc_result **result)
{
	size_t size;
	char *text;
	int err;

	for (int round = 0;; round++) {
		text = text_of(w, &size);
		err = fngc_compile_text(&w->options->compile, w->options->name,
					text, size, result);
		if (err || round == ROUNDS || !go_on(w, &(*result)->view))
			break;
		free(text);
		fngc_result_free(*result);
	}
	fwrite(text, 1, size, out);
	free(text);
	if (err)
		return err;
	fngl_check(&w->acts, &(*result)->view, out);
	fngc_result_free(*result);
	*result = NULL;
	return 0;
}

int fngl_write(const struct fngl_options *options, const struct fngl_acts *acts,
	       FILE *out, struct fngc_result **result)
{
	struct writer w = { .options = options };
	int err;

	begin(&w, acts);
	err = finish(&w, out, result);
	fngl_templates_free(&w.templates);
	fngl_free(&w.acts);
	fngl_free(&w.left);
	fngc_arena_free(&w.arena);
	return err;
}

void fngl_write_learner(const struct fngl_options *options, FILE *out)
{
	struct writer w = { .options = options };

	fprintf(out, "policy: %s\nmode: learn\n", options->name);
	write_attach(options, out);
	write_code(&w, out);
	write_files(&w, out);
	fputs("egress: { default: deny }\n", out);
	write_reached(&w, out);
	write_sockets(&w, out);
	write_privileges(&w, out);
}
