// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fnguard/limits.h>
#include <compiler/model.h>

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* "strict" for "policy/templates/strict.yaml". */
static const char *name_of(struct fngc_compile *c, const char *base)
{
	static const char *const suffixes[] = { ".yaml", ".yml", ".json" };
	size_t len = strlen(base);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && !strcmp(base + len - n, suffixes[i]))
			return fngc_strndup(&c->arena, base, len - n);
	}
	return base;
}

static void index_lines(struct fngc_compile *c, struct fngc_source *source)
{
	u32 nr = 1;
	u32 *lines;

	for (size_t i = 0; i < source->size; i++)
		nr += source->text[i] == '\n';
	lines = fngc_alloc(&c->arena, nr * sizeof(*lines));
	nr = 1;
	for (size_t i = 0; i < source->size; i++) {
		if (source->text[i] == '\n')
			lines[nr++] = i + 1;
	}
	source->lines = lines;
	source->nr_lines = nr;
}

struct fngc_source *fngc_source_new(struct fngc_compile *c, const char *path,
				    const char *text, size_t size)
{
	struct fngc_source *source = fngc_alloc(&c->arena, sizeof(*source));

	source->path = fngc_strdup(&c->arena, path);
	source->base = base_of(source->path);
	source->name = name_of(c, source->base);
	source->order = c->nr_sources++;
	if (size > FNG_MAX_SOURCE)
		size = FNG_MAX_SOURCE + 1;
	source->text = fngc_strndup(&c->arena, text, size);
	source->size = size;
	index_lines(c, source);
	return source;
}

/* Reads to the end, or to one byte more than a source may have. */
static int read_all(int fd, char **text, size_t *size)
{
	size_t room = 0;
	char *buf = NULL;
	ssize_t n;

	*size = 0;
	do {
		buf = fngc_grow(buf, &room, *size + 4096, 1);
		n = read(fd, buf + *size, room - *size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			*size += n;
	} while (n > 0 && *size <= FNG_MAX_SOURCE);
	*text = buf;
	return n < 0 ? -errno : 0;
}

static int open_source(const char *path)
{
	struct stat st;
	int fd;

	if (!strcmp(path, "-"))
		return dup(STDIN_FILENO);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		close(fd);
		return -EISDIR;
	}
	return fd;
}

struct fngc_source *fngc_source_read(struct fngc_compile *c, const char *path,
				     int *err)
{
	struct fngc_source *source = NULL;
	char *text = NULL;
	size_t size;
	int fd;

	fd = open_source(path);
	if (fd < 0) {
		*err = fd;
		return NULL;
	}
	*err = read_all(fd, &text, &size);
	close(fd);
	if (!*err)
		source = fngc_source_new(c, strcmp(path, "-") ? path : "stdin",
					 text, size);
	free(text);
	return source;
}

static const char *try_path(struct fngc_compile *c, const char *dir,
			    const char *sub, const char *name)
{
	bool here = !strcmp(dir, ".");
	const char *path = fngc_sprintf(&c->arena, "%s%s%s%s%s.yaml",
					here ? "" : dir, here ? "" : "/",
					sub, *sub ? "/" : "", name);

	return access(path, F_OK) ? NULL : path;
}

const char *fngc_source_find(struct fngc_compile *c, const char *kind,
			     const char *name)
{
	const char *path = NULL;

	if (c->options.isolated)
		return NULL;
	for (const char *const *dir = c->search; *dir && !path; dir++) {
		path = try_path(c, *dir, "", name);
		if (!path)
			path = try_path(c, *dir, kind, name);
	}
	return path;
}

const char *fngc_source_line(struct fngc_compile *c,
			     const struct fngc_source *source, u32 line)
{
	const char *start, *end;

	if (!line || line > source->nr_lines)
		return NULL;
	start = source->text + source->lines[line - 1];
	end = memchr(start, '\n', source->text + source->size - start);
	if (!end)
		end = source->text + source->size;
	if (end > start && end[-1] == '\r')
		end--;
	return fngc_strndup(&c->arena, start, end - start);
}

struct fngc_place fngc_source_place(const struct fngc_source *source,
				    size_t offset)
{
	struct fngc_place place = { .source = source, .column = 1, .width = 1 };
	u32 low = 0, high = source->nr_lines;

	while (high - low > 1) {
		u32 mid = low + (high - low) / 2;

		if (source->lines[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	place.line = low + 1;
	for (size_t i = source->lines[low]; i < offset; i++)
		place.column += (source->text[i] & 0xc0) != 0x80;
	return place;
}
