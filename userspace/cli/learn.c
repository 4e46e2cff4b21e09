// SPDX-License-Identifier: MIT
/*
 * fnguard learn: let functions do what they do, and write the policy that allows
 * it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "file.h"
#include "learn.h"
#include "load.h"
#include "output.h"
#include "session.h"

/* Files that are merged at once, each of them of so many bytes at most. */
#define MAX_FILES	4096
#define MAX_DUMP	(64u << 20)

/**
 * struct request - what the command line asks for
 * @options: how to compile
 * @write: what to write
 * @cgroups: --cgroup, NULL-terminated
 * @nr_cgroups: number of @cgroups
 * @templates: --extends, NULL-terminated
 * @nr_templates: number of @templates
 * @file: where to write it
 */
struct request {
	struct fng_offline options;
	struct fngl_options write;
	const char *cgroups[FNG_OFFLINE_MAX + 1];
	size_t nr_cgroups;
	const char *templates[FNG_MAX_EXTENDS + 1];
	size_t nr_templates;
	const char *file;
};

enum { OPT_CGROUP = FNG_OFFLINE_OWN, OPT_EXTENDS, OPT_NAME };

static const struct option start_options[] = {
	{ "cgroup", required_argument, NULL, OPT_CGROUP },
	{ NULL, 0, NULL, 0 },
};

static const struct option write_options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "cgroup", required_argument, NULL, OPT_CGROUP },
	{ "extends", required_argument, NULL, OPT_EXTENDS },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static bool append(const char **list, size_t *nr, size_t most, const char *text)
{
	if (*nr == most)
		return false;
	list[(*nr)++] = text;
	return true;
}

/* Returns false if there are too many of them. */
static bool read_option(struct request *request, int option, char **argv)
{
	switch (option) {
	case OPT_CGROUP:
		return append(request->cgroups, &request->nr_cgroups,
			      FNG_OFFLINE_MAX, optarg);
	case OPT_EXTENDS:
		return append(request->templates, &request->nr_templates,
			      FNG_MAX_EXTENDS, optarg);
	case OPT_NAME:
		request->write.name = optarg;
		return true;
	case 'o':
		request->file = optarg;
		return true;
	default:
		fng_offline_option(&request->options, option, argv);
		return true;
	}
}

static int read_options(int argc, char **argv, const struct option *options,
			struct request *request)
{
	int c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1)
		if (!read_option(request, c, argv))
			return fng_cli_usage(argv, "too many options");
	request->write.compile = request->options.options;
	request->write.cgroups = request->cgroups;
	if (request->nr_templates)
		request->write.templates = request->templates;
	return FNG_EXIT_DONE;
}

/* A section may have a mode of its own, or more to it than what learns. */
static bool only_learns(const struct fng_image *image)
{
	u32 class;

	for (class = 0; class < FNG_NR_CLASSES; class++)
		if (image->classes[class].present &&
		    image->classes[class].mode != FNG_MODE_LEARN)
			return false;
	return true;
}

static int check_learns(struct fng_offline *loaded, const char *name)
{
	bool learns = only_learns(&loaded->image);

	fng_offline_free(loaded);
	if (learns)
		return FNG_EXIT_DONE;
	fng_output_error("a policy %s is loaded that does more than learn; choose another name",
			 name);
	return FNG_EXIT_FAILED;
}

/*
 * One that enforces must not end because somebody wants to learn. @generation is
 * set to that of before it was looked for: who loads one meanwhile is not undone.
 */
static int check_free(struct fng_client *client, const char *name,
		      u64 *generation)
{
	struct fng_offline loaded = { .blob = NULL };
	struct fng_client_status status;
	void *image;
	size_t size;
	int result;
	int err = fng_client_status(client, false, &status);

	if (err)
		return fng_session_failed(client, err);
	*generation = status.policy_gen;
	err = fng_client_policy_image(client, name, &image, &size);
	if (err == -ENOENT)
		return FNG_EXIT_DONE;
	if (err)
		return fng_session_failed(client, err);
	result = fng_offline_take(&loaded, name, image, size);
	return result ?: check_learns(&loaded, name);
}

static int compile_learner(struct request *request)
{
	struct fng_offline *offline = &request->options;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return FNG_EXIT_FAILED;
	fngl_write_learner(&request->write, out);
	fclose(out);
	err = fngc_compile_text(&offline->options, request->write.name, text,
				size, &offline->result);
	free(text);
	if (err) {
		fngc_diags_print(offline->result, stderr,
				 fng_output_colour(2));
		return FNG_EXIT_POLICY;
	}
	offline->image = offline->result->view;
	return FNG_EXIT_DONE;
}

int fng_cmd_learn_start(int argc, char **argv)
{
	struct request request = { .file = NULL };
	struct fng_client client = { .sock = NULL };
	struct fng_client_load how = { .generation = 0 };
	int result;

	result = read_options(argc, argv, start_options, &request);
	if (result)
		return result;
	fng_cli_args(argc, argv, 1, 1);
	request.write.name = argv[optind];
	result = compile_learner(&request);
	if (!result)
		result = fng_session_open(&client);
	if (!result)
		result = check_free(&client, request.write.name, &how.generation);
	if (!result)
		result = fng_load(&client, &request.options, 1, &how);
	if (!result)
		fng_output_done(json_pack("{s:s, s:I}", "learning",
					  request.write.name, "generation",
					  (json_int_t)how.generation),
				"Learning as %s: nothing that it applies to is refused by it.",
				request.write.name);
	fng_client_close(&client);
	fng_offline_free(&request.options);
	return result;
}

static const struct fng_column columns[] = {
	{ "verb", "ACT", NULL, NULL },
	{ "target", "TARGET", NULL, NULL },
	{ "access", "ACCESS", NULL, NULL },
	{ "host", "HOST", NULL, NULL },
	{ "resolver", "RESOLVER", NULL, NULL },
	{ "to", "TO", NULL, NULL },
	{ "why", "WHY", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

int fng_cmd_learn_show(int argc, char **argv)
{
	static const struct option options[] = {
		{ NULL, 0, NULL, 0 },
	};
	struct fngl_acts acts = { 0 };
	json_t *dump;
	int result;

	while (fng_cli_getopt(argc, argv, options) != -1)
		;
	fng_cli_args(argc, argv, 1, 1);
	result = fng_learn_fetch(&acts, argv[optind]);
	if (!result) {
		fng_learn_remark(&acts);
		dump = fngl_dump(&acts, argv[optind]);
		if (fng_output_json)
			fng_output_value(json_incref(dump));
		else
			fng_output_table(json_incref(json_object_get(dump,
								     "acts")),
					 columns);
		json_decref(dump);
	}
	fngl_free(&acts);
	return result;
}

static int write_file(const struct request *request, const char *text,
		      size_t size)
{
	int err = fng_file_write(request->file ?: "-", text, size);

	if (!err)
		return FNG_EXIT_DONE;
	fng_output_error("cannot write %s: %s", request->file, strerror(-err));
	return FNG_EXIT_FAILED;
}

static int write_policy(const struct request *request,
			const struct fngl_acts *acts)
{
	struct fngc_result *wrong = NULL;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int result, written;

	if (!out)
		return FNG_EXIT_FAILED;
	fng_learn_remark(acts);
	result = fngl_write(&request->write, acts, out, &wrong) ?
		 FNG_EXIT_POLICY : FNG_EXIT_DONE;
	fclose(out);
	if (result)
		fngc_diags_print(wrong, stderr, fng_output_colour(2));
	/* What does not compile can be made shorter by who has it. */
	written = write_file(request, text, size);
	if (!result)
		result = written;
	fngc_result_free(wrong);
	free(text);
	return result;
}

int fng_cmd_learn_write(int argc, char **argv)
{
	struct request request = { .file = NULL };
	struct fngl_acts acts = { 0 };
	int result;

	result = read_options(argc, argv, write_options, &request);
	if (result)
		return result;
	fng_cli_args(argc, argv, 1, 1);
	request.write.name = request.write.name ?: argv[optind];
	result = fng_learn_fetch(&acts, argv[optind]);
	if (!result)
		result = write_policy(&request, &acts);
	fngl_free(&acts);
	return result;
}

static json_t *load_json(const char *path)
{
	json_t *dump = NULL;
	size_t size = 0;
	void *bytes;

	if (fng_file_read(path, MAX_DUMP, &bytes, &size))
		return NULL;
	dump = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
	free(bytes);
	return dump;
}

/* @name is set to that of the first. */
static int read_dump(struct fngl_acts *acts, const char *path, char **name)
{
	json_t *dump = load_json(path);
	const char *policy = dump ? fngl_read(acts, dump) : NULL;

	if (policy && !*name)
		*name = strdup(policy);
	json_decref(dump);
	if (policy)
		return FNG_EXIT_DONE;
	fng_output_error("%s is not what fnguard learn show --json prints",
			 path);
	return FNG_EXIT_FAILED;
}

int fng_cmd_learn_merge(int argc, char **argv)
{
	struct request request = { .file = NULL };
	struct fngl_acts acts = { 0 };
	char *name = NULL;
	int result;

	result = read_options(argc, argv, write_options, &request);
	if (result)
		return result;
	fng_cli_args(argc, argv, 1, MAX_FILES);
	for (int i = optind; i < argc && !result; i++)
		result = read_dump(&acts, argv[i], &name);
	fngl_settle(&acts);
	request.write.name = request.write.name ?: name;
	if (!result)
		result = write_policy(&request, &acts);
	fngl_free(&acts);
	free(name);
	return result;
}
