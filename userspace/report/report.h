/* SPDX-License-Identifier: MIT */
/*
 * A report of what was recorded: what each function did, and what it was refused.
 *
 * Everything is bounded, however long the records are: what finds no room is
 * counted with the others, and the report says so.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

#include <fnguard/types.h>

/* Functions, different things that they did or were refused, and findings. */
#define FNG_REPORT_MAX_FUNCTIONS	1024
#define FNG_REPORT_MAX_ROWS		65536
#define FNG_REPORT_MAX_NOTES		1024

/* Parts that the time line of a function has. */
#define FNG_REPORT_SLICES		96

/* No entry of an index. */
#define FNG_REPORT_NONE			0xffffffffu

/**
 * enum fng_report_verdict - what became of something
 * @FNG_REPORT_DENIED: it was refused
 * @FNG_REPORT_WOULD_DENY: it would have been
 * @FNG_REPORT_OBSERVED: it was allowed
 * @FNG_REPORT_VERDICTS: number of these
 */
enum fng_report_verdict {
	FNG_REPORT_DENIED,
	FNG_REPORT_WOULD_DENY,
	FNG_REPORT_OBSERVED,
	FNG_REPORT_VERDICTS
};

/**
 * struct fng_report_slice - a part of a time line
 * @count: by enum fng_report_verdict
 */
struct fng_report_slice {
	u64 count[FNG_REPORT_VERDICTS];
};

/**
 * struct fng_report_function - a cgroup, or what is behind a device
 * @place: path, or name
 * @policies: names of those that have decided, with commas
 * @count: by enum fng_report_verdict
 * @killed: refusals for which somebody was killed
 * @findings: of detection
 * @first: when something was first told of it, in ns since 1970
 * @last: when last
 * @slice: its time line
 */
struct fng_report_function {
	char *place;
	char *policies;
	u64 count[FNG_REPORT_VERDICTS];
	u64 killed;
	u64 findings;
	u64 first;
	u64 last;
	struct fng_report_slice slice[FNG_REPORT_SLICES];
};

/**
 * struct fng_report_row - one thing that a function did, or was refused
 * @function: index of the function
 * @verdict: enum fng_report_verdict
 * @what: what was done
 * @object: with what; NULL in what was only told as a number
 * @rule: rule that has decided, with its place; NULL if none did
 * @network: it was a program whose input or output is a connection
 * @count: how often
 * @killed: how often who did it was killed
 * @first: when first, in ns since 1970
 * @last: when last
 */
struct fng_report_row {
	u32 function;
	u8 verdict;
	char *what;
	char *object;
	char *rule;
	bool network;
	u64 count;
	u64 killed;
	u64 first;
	u64 last;
};

/**
 * struct fng_report_note - a finding of detection, or an event of the guard's own
 * @time: when, in ns since 1970
 * @finding: the former
 * @severity: of a finding; else the kind of event
 * @title: rule of the finding; else what it is about
 * @text: what the rule is about, or the reason
 * @attack: id of MITRE ATT&CK, or NULL
 * @place: cgroup or device, or NULL
 * @count: events that it took
 */
struct fng_report_note {
	u64 time;
	bool finding;
	char *severity;
	char *title;
	char *text;
	char *attack;
	char *place;
	u64 count;
};

/**
 * struct fng_report_index - finds what has a key
 * @slot: numbers, or FNG_REPORT_NONE
 * @key: key of each
 * @room: number of slots, a power of two
 */
struct fng_report_index {
	u32 *slot;
	u64 *key;
	u32 room;
};

/**
 * struct fng_report - what was recorded
 * @since: what is earlier does not count, in ns since 1970
 * @function: functions, in the order in which they were met
 * @nr_functions: number of @function
 * @row: what they did, the same
 * @nr_rows: number of @row
 * @note: findings and events of the guard
 * @nr_notes: number of @note
 * @functions: finds functions
 * @rows: finds rows
 * @width: of a slice, in ns
 * @origin: number of the first slice, from 1970 on
 * @first: when the first event was, 0 if there is none
 * @last: when the last was
 * @events: how many events there were
 * @strange: lines that are no JSON
 * @lost: events that somebody knows were lost
 * @gaps: numbers of events that are missing between others
 * @seq: number of the last event
 * @unkept: events that found no function or row
 * @unnoted: findings and events of the guard that found no room
 */
struct fng_report {
	u64 since;
	struct fng_report_function *function;
	u32 nr_functions;
	struct fng_report_row *row;
	u32 nr_rows;
	struct fng_report_note *note;
	u32 nr_notes;
	struct fng_report_index functions;
	struct fng_report_index rows;
	u64 width;
	u64 origin;
	u64 first;
	u64 last;
	u64 events;
	u64 strange;
	u64 lost;
	u64 gaps;
	u64 seq;
	u64 unkept;
	u64 unnoted;
};

/* False without memory; fng_report_free() is right in both cases. */
bool fng_report_init(struct fng_report *report, u64 since);
void fng_report_free(struct fng_report *report);

/* Takes a line in, as the agent and `fnguard --json events` write it. */
void fng_report_line(struct fng_report *report, const char *line, size_t size);

/* timeline.c: counts something in a function's time line. */
void fng_report_count(struct fng_report *report,
		      struct fng_report_function *function, u64 time,
		      enum fng_report_verdict verdict, u64 count);

/* index.c */
bool fng_report_index_init(struct fng_report_index *index, u32 room);
void fng_report_index_free(struct fng_report_index *index);
u32 fng_report_index_find(const struct fng_report_index *index, u64 key);
void fng_report_index_add(struct fng_report_index *index, u64 key, u32 number);

/**
 * fng_report_print() - write the report as one file of HTML
 * @report: what was recorded
 * @now: time of the report, in ns since 1970
 * @out: where to
 *
 * The file asks for nothing else, and has no scripts.
 */
void fng_report_print(const struct fng_report *report, u64 now, FILE *out);

#endif /* REPORT_REPORT_H */
