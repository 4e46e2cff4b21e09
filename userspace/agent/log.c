// SPDX-License-Identifier: MIT
/*
 * The log.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>

#include <client/event.h>
#include <client/names.h>
#include "log.h"

/* Room for the end of the previous line and of this one. */
static char buffer[FNG_EVENT_JSON_SIZE + 2];
static struct fng_json line;

/* A description of our own, so that not blocking concerns nobody else. */
static int open_output(const char *path)
{
	const int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC;
	int fd;

	if (path)
		fd = open(path, flags | O_CREAT, 0640);
	else
		fd = open("/proc/self/fd/1", flags);
	if (fd < 0 && !path) {
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		if (fd >= 0)
			fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	}
	return fd < 0 ? -errno : fd;
}

int fng_log_open(struct fng_log *log, const char *path)
{
	memset(log, 0, sizeof(*log));
	log->path = path;
	log->fd = open_output(path);
	return log->fd < 0 ? log->fd : 0;
}

void fng_log_close(struct fng_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

/* If the new one cannot be opened, the old one is better than none. */
void fng_log_reopen(struct fng_log *log)
{
	int fd;

	if (!log->path)
		return;
	fd = open_output(log->path);
	if (fd < 0)
		return;
	fng_log_close(log);
	log->fd = fd;
	log->torn = false;
}

struct fng_json *fng_log_line(void)
{
	fng_json_init(&line, buffer + 1, sizeof(buffer) - 2);
	return &line;
}

static void begin(struct fng_json *json, const char *kind)
{
	char text[FNG_TIME_SIZE];
	struct timespec now;
	u64 ns;

	clock_gettime(CLOCK_REALTIME, &now);
	ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	fng_json_open(json, NULL, '{');
	fng_json_string(json, "time", fng_time_text(ns, text));
	fng_json_number(json, "time_ns", ns);
	fng_json_string(json, "kind", kind);
}

struct fng_json *fng_log_begin(const char *kind)
{
	begin(fng_log_line(), kind);
	return &line;
}

/* Half a line is taken back; where it cannot be, the next starts a new one. */
static void undo(struct fng_log *log, off_t size)
{
	if (size < 0 || ftruncate(log->fd, size))
		log->torn = true;
}

static int write_bytes(struct fng_log *log, const char *bytes, size_t size)
{
	struct stat stat;
	off_t before = -1;
	ssize_t n;

	if (!fstat(log->fd, &stat) && S_ISREG(stat.st_mode))
		before = stat.st_size;
	do
		n = write(log->fd, bytes, size);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)size)
		return 0;
	if (n < 0)
		return errno;
	if (n)
		undo(log, before);
	return ENOSPC;
}

/* Writes a line that has a byte of room on either side; returns an errno. */
static int flush(struct fng_log *log, const struct fng_json *json)
{
	char *start = json->buf;
	int err;

	if (json->overflow)
		return EMSGSIZE;
	start[json->len] = '\n';
	if (log->torn)
		*--start = '\n';
	err = write_bytes(log, start, json->buf + json->len + 1 - start);
	if (!err)
		log->torn = false;
	return err;
}

/* In a buffer of its own: a line may be waiting in the other. */
void fng_log_settle(struct fng_log *log)
{
	static char own[512];
	struct fng_json json;

	if (!log->unwritten)
		return;
	fng_json_init(&json, own + 1, sizeof(own) - 2);
	begin(&json, "lost");
	fng_json_string(&json, "where", "log");
	fng_json_number(&json, "count", log->unwritten);
	fng_json_string(&json, "reason", fng_errno_name(log->why) ?: "unknown");
	fng_json_close(&json, '}');
	if (!flush(log, &json))
		log->unwritten = 0;
}

/* What is missing is told before what comes after it. */
void fng_log_put(struct fng_log *log, const struct fng_json *json)
{
	int err;

	fng_log_settle(log);
	err = log->unwritten ? log->why : flush(log, json);
	if (err && !log->unwritten++)
		log->why = err;
}

void fng_log_write(struct fng_log *log)
{
	fng_log_put(log, &line);
}

void fng_log_end(struct fng_log *log)
{
	fng_json_close(&line, '}');
	fng_log_write(log);
}
