// SPDX-License-Identifier: MIT
/*
 * What the compiler makes of files: those that it reads, and those that rules
 * speak of.
 */
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <compiler/compiler.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Relative to the directory in which the tests run. */
static const char *const directories[] = { "real", "etc", "templates" };
static const struct {
	const char *name;
	const char *text;
} files[] = {
	{ "real/file", "" },
	{ "etc/conf", "" },
	{ "templates/own.yaml", "template: own\nexec: { allow: [/a] }\n" },
	{ "templates/folder.yaml", NULL },
};

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	static char directory[] = "/tmp/compiler_files.XXXXXX";

	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	for (size_t i = 0; i < NR(directories); i++)
		assert_int_equal(mkdir(directories[i], 0700), 0);
	for (size_t i = 0; i < NR(files); i++) {
		if (files[i].text)
			write_file(files[i].name, files[i].text);
		else
			assert_int_equal(mkdir(files[i].name, 0700), 0);
	}
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(symlink("file", "real/again"), 0);
	*state = directory;
	return 0;
}

static int tear_down(void **state)
{
	unlink("link");
	unlink("real/again");
	for (size_t i = 0; i < NR(files); i++)
		remove(files[i].name);
	for (size_t i = 0; i < NR(directories); i++)
		rmdir(directories[i]);
	return rmdir(*state);
}

static struct fngc_result *compile(const struct fngc_options *options,
				   const char *text)
{
	struct fngc_result *result;

	fngc_compile_text(options, "t.yaml", text, strlen(text), &result);
	return result;
}

/* Those that are about the whole file have line 0. */
static const struct fngc_diag *find(const struct fngc_result *result, u32 line,
				    const char *part)
{
	for (size_t i = 0; i < result->nr_diags; i++) {
		if (result->diags[i].line == line &&
		    strstr(result->diags[i].message, part))
			return &result->diags[i];
	}
	return NULL;
}

static const char rooted[] =
	"policy: t\n"
	"attach: { cgroup: [/fn] }\n"
	"exec: { allow: [/real/file] }\n"
	"files:\n"
	"  rules:\n"
	"    - { path: /link/file, allow: [read] }\n"
	"    - { path: /real/again, allow: [read] }\n"
	"    - { path: '/link/*', allow: [read] }\n"
	"    - { path: /etc/none, allow: [read] }\n"
	"    - { path: /etc/conf/x, allow: [read] }\n"
	"    - { path: /proc/none, allow: [read] }\n"
	"    - { path: '/etc/none', allow: [write] }\n"
	"    - { path: '/*', deny: [link] }\n";

static void rules_are_looked_up_below_a_root(void **state)
{
	const struct fngc_options options = { .root = "." };
	struct fngc_result *r = compile(&options, rooted);
	static const struct {
		u32 line;
		const char *help;
	} links[] = {
		{ 6, "write /real/file" },
		{ 7, "write /real/file" },
		{ 8, "write /real/..." },
	};

	(void)state;
	assert_int_equal(r->nr_errors, 0);
	for (size_t i = 0; i < NR(links); i++) {
		const struct fngc_diag *diag = find(r, links[i].line,
						    "symbolic link");

		assert_non_null(diag);
		assert_int_equal(diag->severity, FNGC_WARNING);
		assert_string_equal(diag->help, links[i].help);
	}
	assert_non_null(find(r, 9, "there is no /etc/none below ."));
	assert_non_null(find(r, 10, "there is no /etc/conf/x below ."));
	/* What is there, what only runs there, and what was said before. */
	assert_null(find(r, 3, "below"));
	assert_null(find(r, 11, "below"));
	assert_null(find(r, 12, "below"));
	assert_null(find(r, 13, "below"));
	fngc_result_free(r);
}

static void a_root_that_is_not_there_is_said(void **state)
{
	const struct fngc_options options = { .root = "none" };
	struct fngc_result *r = compile(&options, rooted);

	(void)state;
	assert_int_equal(r->nr_errors, 0);
	assert_non_null(find(r, 0, "--root none: No such file"));
	fngc_result_free(r);
}

static void templates_are_looked_for_where_the_environment_says(void **state)
{
	static const char text[] = "policy: t\nextends: [own]\n";
	char path[64];
	struct fngc_result *r;

	snprintf(path, sizeof(path), "/none::%s:", (const char *)*state);
	assert_int_equal(setenv("FNGUARD_POLICY_PATH", "/none", 1), 0);
	r = compile(NULL, text);
	assert_non_null(find(r, 2, "own"));
	assert_null(r->image);
	fngc_result_free(r);
	assert_int_equal(setenv("FNGUARD_POLICY_PATH", path, 1), 0);
	r = compile(NULL, text);
	assert_int_equal(r->nr_errors, 0);
	assert_string_equal(r->rules[r->nr_rules - 1].template, "own");
	fngc_result_free(r);
	assert_int_equal(unsetenv("FNGUARD_POLICY_PATH"), 0);
}

static void a_file_that_cannot_be_read_is_said(void **state)
{
	static const struct {
		const char *path;
		int err;
		const char *why;
	} rows[] = {
		{ "none.yaml", ENOENT, "cannot be read: No such file" },
		{ "etc", EISDIR, "cannot be read: Is a directory" },
	};
	struct fngc_result *r;

	(void)state;
	for (size_t i = 0; i < NR(rows); i++) {
		assert_int_equal(fngc_compile_file(NULL, rows[i].path, &r),
				 -rows[i].err);
		assert_int_equal(r->nr_errors, 1);
		assert_non_null(find(r, 0, rows[i].why));
		assert_null(r->image);
		fngc_result_free(r);
	}
	r = compile(NULL, "policy: t\nextends: [folder]\n");
	assert_non_null(find(r, 2, "cannot read"));
	fngc_result_free(r);
}

static void diagnostics_are_json(void **state)
{
	struct fngc_result *r;
	json_t *list, *first;

	(void)state;
	r = compile(NULL, "policy: t\nexek: {}\n");
	list = fngc_diags_json(r);
	assert_int_equal(json_array_size(list), r->nr_diags);
	first = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(first,
							      "severity")),
			    "error");
	assert_string_equal(json_string_value(json_object_get(first, "file")),
			    "t.yaml");
	assert_int_equal(json_integer_value(json_object_get(first, "line")), 2);
	assert_int_equal(json_integer_value(json_object_get(first, "column")),
			 1);
	assert_string_equal(json_string_value(json_object_get(first,
							      "message")),
			    r->diags[0].message);
	assert_string_equal(json_string_value(json_object_get(first, "help")),
			    r->diags[0].help);
	json_decref(list);
	fngc_result_free(r);
	/* What is about the whole file has no place in it. */
	fngc_compile_file(NULL, "none.yaml", &r);
	list = fngc_diags_json(r);
	assert_null(json_object_get(json_array_get(list, 0), "line"));
	json_decref(list);
	fngc_result_free(r);
}

static void colours_change_no_words(void **state)
{
	struct fngc_result *r = compile(NULL, "policy: t\nexek: {}\n");
	char *plain, *coloured, *to, *from;
	size_t size;
	FILE *out;

	(void)state;
	out = open_memstream(&plain, &size);
	fngc_diags_print(r, out, false);
	fclose(out);
	out = open_memstream(&coloured, &size);
	fngc_diags_print(r, out, true);
	fclose(out);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strstr(coloured, "\033[1;31merror:"));
	for (to = from = coloured; *from; from++) {
		if (*from == '\033')
			from += strcspn(from, "m");
		else
			*to++ = *from;
	}
	*to = '\0';
	assert_string_equal(coloured, plain);
	free(plain);
	free(coloured);
	fngc_result_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_looked_up_below_a_root),
		cmocka_unit_test(a_root_that_is_not_there_is_said),
		cmocka_unit_test(
			templates_are_looked_for_where_the_environment_says),
		cmocka_unit_test(a_file_that_cannot_be_read_is_said),
		cmocka_unit_test(diagnostics_are_json),
		cmocka_unit_test(colours_change_no_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
