// SPDX-License-Identifier: MIT
/*
 * fnguard top: what each guarded cgroup is refused, again and again.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <client/names.h>
#include "session.h"
#include "top.h"

/* Seconds between two rounds. */
#define LEAST_DELAY	0.1
#define MOST_DELAY	3600

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static char *rate_text(const json_t *value)
{
	char *text = NULL;

	if (asprintf(&text, "%.1f", json_real_value(value)) < 0)
		return NULL;
	return text;
}

static enum fng_colour denied_colour(const json_t *value)
{
	return json_integer_value(value) ? FNG_BAD : FNG_PLAIN;
}

static const struct fng_column columns[] = {
	{ "denied", "DENIED", NULL, denied_colour },
	{ "denied_rate", "/S", rate_text, NULL },
	{ "would_deny", "WOULD", NULL, NULL },
	{ "observed", "OBSERVED", NULL, NULL },
	{ "observed_rate", "/S", rate_text, NULL },
	{ "limited", "LIMITED", NULL, NULL },
	{ "mode", "MODE", NULL, NULL },
	{ "policy", "POLICY", NULL, NULL },
	{ "cgroup", "CGROUP", NULL, NULL },
	{ "last", "LAST REFUSAL", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static json_t *object_of(const struct fng_top_row *row)
{
	json_t *object = json_object();

	for (size_t i = 0; fng_top_columns[i].name; i++)
		json_object_set_new(object, fng_top_columns[i].name,
				    fng_top_value(row, i));
	json_object_set_new(object, "cgroup_id", json_integer(row->id));
	return object;
}

static void print_round(struct fng_top *top)
{
	size_t nr = fng_top_order(top);
	json_t *rows = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(rows, object_of(&top->row[i]));
	if (!fng_output_json)
		printf("fnguard top: %s, %u policies, %zu rows, %" PRIu64
		       " denied\n", fng_state_name(top->status.state),
		       top->status.nr_policies, nr, top->status.denied);
	fng_output_table(rows, columns);
	if (!fng_output_json)
		putchar('\n');
	fflush(stdout);
}

/* Takes events in for so long. */
static void wait_for(struct fng_top *top, double delay)
{
	struct pollfd fd = { fng_stream_fd(&top->stream), POLLIN, 0 };
	double end = top->time + delay, left = delay;

	while (left > 0 && !interrupted) {
		poll(&fd, 1, (int)ceil(left * 1000));
		fng_top_listen(top);
		left = end - fng_top_now();
	}
}

/* The first round is that of rates of nothing. */
static int print_rounds(struct fng_top *top, double delay, unsigned long count)
{
	unsigned long n = 0;
	int err;

	signal(SIGINT, interrupt);
	signal(SIGTERM, interrupt);
	for (;;) {
		fng_top_listen(top);
		err = fng_top_refresh(top);
		if (err)
			return err;
		print_round(top);
		if ((count && ++n == count) || ferror(stdout))
			return 0;
		wait_for(top, delay);
		if (interrupted)
			return 0;
	}
}

/**
 * struct wishes - what the command line asks for
 * @batch: text, not a screen
 * @count: so many rounds; 0: no end
 * @delay: seconds between them
 */
struct wishes {
	bool batch;
	unsigned long count;
	double delay;
};

static int run(struct fng_top *top, const struct wishes *wishes)
{
	int result = fng_session_open(&top->client), err;

	if (result)
		return result;
	err = fng_stream_open(&top->stream, top->client.group);
	if (err) {
		fng_output_error("cannot subscribe to events: %s",
				 strerror(-err));
		return FNG_EXIT_FAILED;
	}
	err = wishes->batch ? print_rounds(top, wishes->delay, wishes->count) :
			      fng_top_screen(top, wishes->delay);
	if (err == -ENOTTY) {
		fng_output_error("this is no terminal that a screen can be "
				 "drawn on; try --batch");
		return FNG_EXIT_FAILED;
	}
	return fng_session_failed(&top->client, err);
}

static bool is_column(const char *key)
{
	for (size_t i = 0; fng_top_columns[i].name; i++) {
		if (key[0] && key[0] == fng_top_columns[i].key && !key[1])
			return true;
	}
	return false;
}

static int check(char **argv, const struct wishes *wishes, const char *sort)
{
	if (!(wishes->delay >= LEAST_DELAY && wishes->delay <= MOST_DELAY))
		return fng_cli_usage(argv, "--delay is from 0.1 to 3600 seconds");
	if (!is_column(sort))
		return fng_cli_usage(argv, "--sort is one of c p m d r w o a l");
	return 0;
}

int fng_cmd_top(int argc, char **argv)
{
	static const struct option options[] = {
		{ "batch", no_argument, NULL, 'b' },
		{ "count", required_argument, NULL, 'n' },
		{ "delay", required_argument, NULL, 'd' },
		{ "sort", required_argument, NULL, 's' },
		{ "reverse", no_argument, NULL, 'r' },
		{ "filter", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	struct wishes wishes = { .delay = 2 };
	struct fng_top top = { .sort = 'd' };
	const char *sort = "d";
	int result, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'b')
			wishes.batch = true;
		else if (c == 'n')
			wishes.count = strtoul(optarg, NULL, 10);
		else if (c == 'd')
			wishes.delay = strtod(optarg, NULL);
		else if (c == 's')
			sort = optarg;
		else if (c == 'r')
			top.reverse = true;
		else
			snprintf(top.filter, sizeof(top.filter), "%s", optarg);
	}
	fng_cli_args(argc, argv, 0, 0);
	wishes.batch |= fng_output_json || wishes.count;
	result = check(argv, &wishes, sort);
	if (result)
		return result;
	top.sort = sort[0];
	result = run(&top, &wishes);
	fng_top_free(&top);
	return result;
}
