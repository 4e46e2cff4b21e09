/* SPDX-License-Identifier: MIT */
/*
 * The log: JSON lines in a file or a pipe. It never blocks and never gives up:
 * what cannot be written is counted, and told once there is room again.
 */
#ifndef AGENT_LOG_H
#define AGENT_LOG_H

#include <client/json.h>

/**
 * struct fng_log - where events go
 * @path: file, or NULL for standard output
 * @fd: open file, or -1
 * @unwritten: lines that could not be written since the last that could
 * @why: errno of the first of them
 * @torn: the last line in the file has no end
 */
struct fng_log {
	const char *path;
	int fd;
	u64 unwritten;
	int why;
	bool torn;
};

/* Returns 0 or a negative errno. */
int fng_log_open(struct fng_log *log, const char *path);
void fng_log_close(struct fng_log *log);

/* Opens the file by its name again, after it was rotated away. */
void fng_log_reopen(struct fng_log *log);

/* Begins a line of the agent's own, in a buffer that the next line reuses. */
struct fng_json *fng_log_begin(const char *kind);

/* Ends the line that fng_log_begin() began, and writes it. */
void fng_log_end(struct fng_log *log);

/* An empty line to be filled by the caller, and its end. */
struct fng_json *fng_log_line(void);
void fng_log_write(struct fng_log *log);

/* Writes a line from a buffer with a byte of room on either side of it. */
void fng_log_put(struct fng_log *log, const struct fng_json *json);

/* Tries again to tell what could not be written; to be called now and then. */
void fng_log_settle(struct fng_log *log);

#endif /* AGENT_LOG_H */
