// SPDX-License-Identifier: MIT
/*
 * fnguard policy test: the tests written in policies, by the kernel's engine.
 */
#include <stdio.h>

#include "output.h"
#include "policy_offline.h"

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "verbose", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static const char *verdict(const struct fngc_test *test)
{
	return fngc_effect_name(test->decision.refused ? FNG_EFFECT_DENY :
				FNG_EFFECT_ALLOW);
}

static json_t *describe(const struct fngc_test *test)
{
	json_t *object = json_pack("{s:s, s:I, s:s, s:s, s:s, s:b}",
				   "file", test->file,
				   "line", (json_int_t)test->line,
				   "test", test->text,
				   "expect", fngc_effect_name(test->expect),
				   "verdict", verdict(test),
				   "passed", test->passed);

	json_object_set_new(object, "rule", json_string(test->origin.text));
	if (*test->origin.file) {
		json_object_set_new(object, "rule_file",
				    json_string(test->origin.file));
		json_object_set_new(object, "rule_line",
				    json_integer(test->origin.line));
	}
	return object;
}

static void print_test(const struct fngc_test *test)
{
	printf("%s%s%s %s:%u: %s: ",
	       fng_output_escape(test->passed ? FNG_GOOD : FNG_BAD),
	       test->passed ? "ok  " : "FAIL",
	       fng_output_escape(FNG_PLAIN), test->file, test->line,
	       test->text);
	if (test->passed)
		printf("%s", verdict(test));
	else
		printf("expected %s%s%s, got %s",
		       fngc_effect_name(test->expect),
		       test->rule ? " by " : "", test->rule ? test->rule : "",
		       verdict(test));
	printf(" by '%s'", test->origin.text);
	if (*test->origin.file)
		printf(" (%s:%u)", test->origin.file, test->origin.line);
	putchar('\n');
}

static int run_tests(struct fng_offline *offline, const char *path,
		     bool verbose, json_t *all)
{
	const struct fngc_test *tests;
	size_t nr, failed = 0;

	nr = fngc_tests(offline->result, &tests);
	for (size_t i = 0; i < nr; i++) {
		failed += !tests[i].passed;
		if (fng_output_json)
			json_array_append_new(all, describe(&tests[i]));
		else if (verbose || !tests[i].passed)
			print_test(&tests[i]);
	}
	if (!fng_output_json)
		printf("%s: %zu of %zu tests passed\n", path, nr - failed, nr);
	return failed ? FNG_EXIT_FAILED : FNG_EXIT_DONE;
}

static int test_one(struct fng_offline *offline, const char *path,
		    bool verbose, json_t *all)
{
	int status = fng_offline_read(offline, path);

	if (!status && !offline->result) {
		fng_output_error("%s is an image: tests are in the text", path);
		status = FNG_EXIT_FAILED;
	}
	if (!status)
		status = run_tests(offline, path, verbose, all);
	fng_offline_free(offline);
	return status;
}

int fng_cmd_policy_test(int argc, char **argv)
{
	struct fng_offline offline = { 0 };
	int option, status = FNG_EXIT_DONE;
	bool verbose = false;
	json_t *all;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == 'v')
			verbose = true;
		else
			fng_offline_option(&offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, -1);
	all = json_array();
	for (; optind < argc; optind++) {
		int one = test_one(&offline, argv[optind], verbose, all);

		if (one > status)
			status = one;
	}
	if (fng_output_json && status != FNG_EXIT_POLICY)
		fng_output_value(all);
	else
		json_decref(all);
	return status;
}
