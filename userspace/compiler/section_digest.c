// SPDX-License-Identifier: MIT
/*
 * exec.sha256: files that may become code only as they are known.
 */
#include <ctype.h>

#include <compiler/schema.h>
#include <compiler/text.h>

#define HEX_SIZE	(2 * FNG_SHA256_SIZE)

static bool check_path(struct fngc_compile *c, const struct fngc_node *key)
{
	const char *wrong = NULL;

	if (*key->text != '/')
		wrong = "'%.64s' is not an absolute path";
	else if (strpbrk(key->text, "*?[]{}\\"))
		wrong = "'%.64s' is a pattern; sha256 takes the paths of "
			"single files";
	else if (!fngc_is_kernel_path(key->text) || !key->text[1])
		wrong = "'%.64s' is not a path of a file as the kernel sees it: "
			"no '//', '.', '..' or '/' at the end";
	else if (strlen(key->text) >= FNG_MAX_PATH)
		wrong = "'%.64s' is too long";
	if (wrong)
		fngc_error(c, &key->place, NULL, wrong, key->text);
	return !wrong;
}

static u8 digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

static bool read_hex(const struct fngc_scope *scope,
		     const struct fngc_node *node, u8 sha256[FNG_SHA256_SIZE])
{
	const char *text = fngc_text(scope, node);

	if (!text)
		return false;
	if (strlen(text) != HEX_SIZE ||
	    strspn(text, "0123456789abcdefABCDEF") != HEX_SIZE) {
		fngc_error(scope->c, &node->place, "sha256sum prints it",
			   "'%.64s' is not a SHA-256: %d hexadecimal digits",
			   text, HEX_SIZE);
		return false;
	}
	for (u32 i = 0; i < FNG_SHA256_SIZE; i++)
		sha256[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
	return true;
}

static struct fngc_digest *find(struct fngc_model *model, const char *path)
{
	for (size_t i = 0; i < model->digests.nr; i++) {
		if (!strcmp(model->digests.v[i].path, path))
			return &model->digests.v[i];
	}
	return NULL;
}

/* A later file has the last word, as on settings. */
static void set(const struct fngc_scope *scope, const struct fngc_digest *digest)
{
	struct fngc_compile *c = scope->c;
	struct fngc_digest *known = find(&c->model, digest->path);

	if (known && memcmp(known->sha256, digest->sha256, FNG_SHA256_SIZE))
		fngc_report(c, FNGC_LOOSENING, &digest->place, NULL,
			    "'%.64s' has another sha256 in a template",
			    digest->path);
	if (!known && c->model.digests.nr == FNG_MAX_DIGESTS) {
		fngc_error(c, &digest->place, NULL,
			   "more than %u files have a sha256", FNG_MAX_DIGESTS);
		return;
	}
	*(known ? known : FNGC_PUSH(&c->model.digests)) = *digest;
}

static void parse_item(const struct fngc_scope *scope,
		       const struct fngc_node *key)
{
	struct fngc_digest digest = {
		.path = key->text,
		.layer = scope->layer,
		.place = key->place,
	};

	if (!check_path(scope->c, key))
		return;
	if (key->value->kind != FNGC_SCALAR)
		fngc_error(scope->c, &key->value->place, NULL,
			   "a sha256 must be a single value, not %s",
			   fngc_kind_name(key->value));
	else if (read_hex(scope, key->value, digest.sha256))
		set(scope, &digest);
}

void fngc_parse_sha256(const struct fngc_scope *scope,
		       const struct fngc_key *key,
		       const struct fngc_node *node)
{
	(void)key;
	for (const struct fngc_node *i = node->child; i; i = i->next)
		parse_item(scope, i);
}
