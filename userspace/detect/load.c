// SPDX-License-Identifier: MIT
/*
 * Rule files.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include <detect/parser.h>

static void parse(struct fngc_compile *c, struct fngc_source *source,
		  struct fng_detect_file *file)
{
	struct fngc_layer layer = { .source = source };
	const struct fngc_scope scope = { .c = c, .layer = &layer, .out = file,
					  .keys = fng_detect_keys };

	layer.root = fngc_yaml_parse(c, source);
	if (layer.root && layer.root->kind != FNGC_MAP)
		fngc_error(c, &layer.root->place, NULL,
			   "a file of rules must be a mapping");
	else if (layer.root)
		fngc_walk(&scope, "", layer.root);
}

static void keep_result(struct fng_detect_rules *rules,
			struct fngc_result *result)
{
	rules->results = fngc_grow(rules->results, &rules->results_room,
				   rules->nr_results + 1,
				   sizeof(*rules->results));
	rules->results[rules->nr_results++] = result;
}

/* Ends the compilation @c, of @source or of what could not be read. */
static int read_source(struct fng_detect_rules *rules, struct fngc_compile *c,
		       struct fngc_source *source)
{
	struct fng_detect_file file = { .rules = rules, .first = rules->nr };
	struct fngc_result *result;
	int err;

	if (source)
		parse(c, source, &file);
	err = fngc_finish(c, &result);
	if (err)
		rules->nr = file.first;
	keep_result(rules, result);
	return err;
}

int fng_detect_read(struct fng_detect_rules *rules, const char *path)
{
	struct fngc_compile *c = fngc_start(NULL, path);
	int unread = 0;
	int err = read_source(rules, c, fngc_open(c, path, &unread));

	return unread ? unread : err;
}

int fng_detect_read_text(struct fng_detect_rules *rules,
			 const struct fngc_options *options, const char *name,
			 const char *text, size_t size)
{
	struct fngc_compile *c = fngc_start(options, name);

	return read_source(rules, c, fngc_source_new(c, name, text, size));
}

static int is_rule_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return *entry->d_name != '.' && len > 5 &&
	       !strcmp(entry->d_name + len - 5, ".yaml");
}

static int read_entry(struct fng_detect_rules *rules, const char *dir,
		      const char *name)
{
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	err = fng_detect_read(rules, path);
	free(path);
	return err;
}

int fng_detect_read_all(struct fng_detect_rules *rules, const char *path)
{
	struct dirent **entries;
	int nr = scandir(path, &entries, is_rule_file, alphasort);
	int err = nr ? 0 : -ENOENT;

	if (nr < 0)
		return fng_detect_read(rules, path);
	for (int i = 0; i < nr; i++) {
		int one = read_entry(rules, path, entries[i]->d_name);

		if (!err)
			err = one;
		free(entries[i]);
	}
	free(entries);
	return err;
}

void fng_detect_rules_free(struct fng_detect_rules *rules)
{
	for (size_t i = 0; i < rules->nr_results; i++)
		fngc_result_free(rules->results[i]);
	free(rules->results);
	free(rules->v);
	*rules = (struct fng_detect_rules){ 0 };
}
