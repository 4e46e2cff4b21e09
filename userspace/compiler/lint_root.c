// SPDX-License-Identifier: MIT
/*
 * Paths as the kernel will see them: a rule on a symbolic link never matches,
 * since the object that is opened decides.
 */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <compiler/glob.h>
#include <compiler/intern.h>
#include <compiler/lint.h>

/* Directories whose content is not that of the image. */
static const char *const live[] = { "/proc/", "/sys/", "/dev/", "/run/", NULL };

/**
 * struct resolver - the root that paths are resolved in
 * @fd: open directory
 * @path: its real path
 * @seen: prefixes that have been looked at
 */
struct resolver {
	int fd;
	char path[FNG_MAX_PATH];
	struct fngc_intern seen;
};

/* The path below the root that @path leads to; 0 or a negative errno. */
static int resolve(const struct resolver *r, const char *path, char *out)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	char link[64], seen[FNG_MAX_PATH];
	size_t root = strcmp(r->path, "/") ? strlen(r->path) : 0;
	ssize_t len;
	int fd;

	fd = syscall(SYS_openat2, r->fd, path, &how, sizeof(how));
	if (fd < 0)
		return -errno;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, seen, sizeof(seen) - 1);
	close(fd);
	if (len < 0 || (size_t)len < root)
		return -EIO;
	seen[len] = '\0';
	strcpy(out, seen[root] ? seen + root : "/");
	return 0;
}

/* The part of a glob that has no wildcards, up to a '/' unless it is all. */
static const char *prefix_of(struct fngc_compile *c,
			     const struct fngc_glob *glob, bool *whole)
{
	char *text = fngc_alloc(&c->arena, glob->nr + 1);
	size_t nr = 0, slash = 0;

	while (nr < glob->nr && glob->items[nr].kind == FNGC_BYTE) {
		text[nr] = glob->items[nr].byte;
		if (text[nr] == '/')
			slash = nr;
		nr++;
	}
	*whole = nr == glob->nr;
	text[*whole ? nr : slash] = '\0';
	return text;
}

static bool is_live(const char *path)
{
	for (const char *const *dir = live; *dir; dir++) {
		if (!strncmp(path, *dir, strlen(*dir)))
			return true;
	}
	return false;
}

static bool is_new(struct resolver *r, const char *path)
{
	FNGC_ARRAY(u32) bytes = { 0 };
	u32 known = r->seen.nr, id;

	for (; *path; path++)
		*FNGC_PUSH(&bytes) = (u8)*path;
	id = fngc_intern(&r->seen, bytes.v, bytes.nr);
	free(bytes.v);
	return id == known;
}

static void lint_glob(struct fngc_compile *c, struct resolver *r,
		      const struct fngc_entry *entry,
		      const struct fngc_glob *glob)
{
	char seen[FNG_MAX_PATH];
	const char *path;
	bool whole;
	int err;

	path = prefix_of(c, glob, &whole);
	/* Names of Unix sockets need not be paths of the function's. */
	if (*path != '/' || is_live(path) || strlen(path) >= FNG_MAX_PATH ||
	    !is_new(r, path))
		return;
	err = resolve(r, path, seen);
	if (err == -ENOENT || err == -ENOTDIR)
		fngc_report(c, FNGC_NOTE, &entry->place, NULL,
			    "there is no %s below %s", path, c->options.root);
	else if (err)
		fngc_report(c, FNGC_NOTE, &entry->place, NULL,
			    "cannot look at %s below %s: %s", path,
			    c->options.root, strerror(-err));
	else if (strcmp(path, seen))
		fngc_warning(c, &entry->place,
			     fngc_sprintf(&c->arena, "write %s%s", seen,
					  whole ? "" : "/..."),
			     "%s leads through a symbolic link: the kernel "
			     "will see %s, and the rule never matches", path,
			     seen);
}

void fngc_lint_root(struct fngc_compile *c)
{
	const struct fngc_layer *top = c->layers.v[c->layers.nr - 1];
	const struct fngc_place whole = { .source = top->source };
	struct resolver r = { 0 };

	r.fd = open(c->options.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r.fd < 0 || !realpath(c->options.root, r.path)) {
		fngc_warning(c, &whole, NULL, "--root %s: %s",
			     c->options.root, strerror(errno));
	} else {
		for (size_t i = 0; i < c->model.entries.nr; i++) {
			const struct fngc_entry *e = &c->model.entries.v[i];

			for (size_t g = 0; g < e->nr_globs; g++)
				lint_glob(c, &r, e, &e->globs[g]);
		}
	}
	if (r.fd >= 0)
		close(r.fd);
	fngc_intern_free(&r.seen);
}
