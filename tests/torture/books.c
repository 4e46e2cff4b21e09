// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do the books of the kernel agree with what attackers have seen?
 */
#include <string.h>

#include <guest/control.h>

#include "books.h"
#include "torture.h"

/* Summaries are told each second. */
#define TELL_SECONDS	10

void books_open(struct books *books)
{
	struct fng_client_status status = control_status();

	memset(books, 0, sizeof(*books));
	books->denied = status.denied;
	books->unheard = status.unheard;
	hearer_start(&books->hearer);
}

/**
 * struct wait - refusals that are waited for
 * @heard: by whom
 * @seen: number of them
 */
struct wait {
	const volatile struct heard *heard;
	u64 seen;
};

static bool are_told(const void *data)
{
	const struct wait *wait = data;

	return wait->heard->refusals >= wait->seen;
}

static void compare_events(const volatile struct heard *heard, u64 seen)
{
	const struct wait wait = { .heard = heard, .seen = seen };

	torture_await(are_told, &wait, TELL_SECONDS);
	torture_check(heard->refusals == seen,
		      "%llu refusals should be told, and %llu were in %llu events",
		      (unsigned long long)seen,
		      (unsigned long long)heard->refusals,
		      (unsigned long long)heard->events);
	torture_check(!heard->malformed, "%llu events are malformed",
		      (unsigned long long)heard->malformed);
	torture_work("refusals told", heard->refusals);
	torture_work("events heard", heard->events);
}

void books_close(struct books *books, u64 seen, u64 again)
{
	struct fng_client_status status = control_status();

	torture_check(status.denied - books->denied == seen,
		      "%llu refusals were seen and %llu counted",
		      (unsigned long long)seen,
		      (unsigned long long)(status.denied - books->denied));
	compare_events(books->hearer.heard, seen + again);
	status = control_status();
	torture_check(status.unheard == books->unheard,
		      "nobody heard of %llu refusals, though somebody listens",
		      (unsigned long long)(status.unheard - books->unheard));
	hearer_stop(&books->hearer);
}

static int add(const struct fng_client_counter *counter, void *data)
{
	*(u64 *)data += counter->count;
	return 0;
}

u64 books_total(const char *policy)
{
	const u64 totals = 0;
	u64 sum = 0;

	if (fng_client_counters(guard_client(), policy, &totals, add, &sum))
		die("no counters: %s", guard_client()->error);
	return sum;
}
