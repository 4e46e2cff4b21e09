/* SPDX-License-Identifier: MIT */
/*
 * fnguard top: what each guarded cgroup is refused, and what is seen of it.
 */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include <client/client.h>
#include <client/event.h>
#include <jansson.h>

#include "output.h"

/* Bytes of what is told of a row's last refusal, with the NUL. */
#define FNG_TOP_LAST	192

/**
 * enum fng_top_count - what is counted
 * @FNG_TOP_DENIED: refusals
 * @FNG_TOP_WOULD_DENY: what would be one
 * @FNG_TOP_OBSERVED: what was allowed, as far as it is observed
 * @FNG_TOP_LIMITED: of the refusals, those by limits
 * @FNG_TOP_COUNTS: number of these
 */
enum fng_top_count {
	FNG_TOP_DENIED,
	FNG_TOP_WOULD_DENY,
	FNG_TOP_OBSERVED,
	FNG_TOP_LIMITED,
	FNG_TOP_COUNTS
};

/**
 * struct fng_top_row - a cgroup, or a device, and one of its policies
 * @id: of the cgroup, or of the device's binding; 0 for what has no row
 * @place: path or name
 * @policy: name of the policy
 * @mode: name of its mode
 * @seen: in this round
 * @count: how many by now
 * @before: how many at the round before
 * @rate: how many in a second
 * @last: what was refused last, since this program was started
 * @next: number of the next row of its chain, or ~0
 */
struct fng_top_row {
	u64 id;
	char *place;
	char policy[FNG_MAX_POLICY_NAME + 1];
	const char *mode;
	bool seen;
	u64 count[FNG_TOP_COUNTS];
	u64 before[FNG_TOP_COUNTS];
	double rate[FNG_TOP_COUNTS];
	char last[FNG_TOP_LAST];
	u32 next;
};

/**
 * struct fng_top - all rows, and in which order they are wanted
 * @client: connection
 * @stream: events
 * @status: of the guard
 * @row: the rows
 * @chain: number of the first row of each chain, by the rows' ids, or ~0
 * @nr: number of rows
 * @room: room for rows, and number of chains
 * @time: of this round, in seconds
 * @sort: letter of the column that they are ordered by
 * @reverse: the other way round
 * @filter: only rows whose place or policy has this in it; or empty
 */
struct fng_top {
	struct fng_client client;
	struct fng_stream stream;
	struct fng_client_status status;
	struct fng_top_row *row;
	u32 *chain;
	size_t nr;
	size_t room;
	double time;
	char sort;
	bool reverse;
	char filter[64];
};

/**
 * struct fng_top_column - what there is to see, and to sort by
 * @key: letter that sorts by it
 * @name: key in JSON
 * @title: heading
 * @width: characters that it takes on a screen; 0: what is left, in equal parts
 */
struct fng_top_column {
	char key;
	const char *name;
	const char *title;
	int width;
};

extern const struct fng_top_column fng_top_columns[];

/* Seconds of a clock that nobody sets. */
double fng_top_now(void);

/* Reads everything anew; 0 or a negative errno. */
int fng_top_refresh(struct fng_top *top);

/* Takes in the events that are there. */
void fng_top_listen(struct fng_top *top);

/* Orders the rows, and returns how many pass the filter: they are the first. */
size_t fng_top_order(struct fng_top *top);

/* What a column has to say of a row; numbers are aligned to the right. */
json_t *fng_top_value(const struct fng_top_row *row, size_t column);

void fng_top_free(struct fng_top *top);

/**
 * fng_top_screen() - show the rows on a terminal until somebody has enough
 * @top: the rows
 * @delay: seconds between rounds
 *
 * Return: 0, or the negative errno of a round that failed.
 */
int fng_top_screen(struct fng_top *top, double delay);

#endif /* CLI_TOP_H */
