// SPDX-License-Identifier: MIT
/*
 * fnguard events: what happens, as it happens.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <client/event.h>
#include <client/names.h>
#include "output.h"
#include "session.h"

/**
 * struct printer - where events go
 * @stream: where they come from
 * @left: events still wanted; 0 means all
 * @kinds: bits of those of enum fng_event_kind that are wanted; 0 means all
 * @done: @left have been printed
 */
struct printer {
	struct fng_stream stream;
	unsigned long left;
	u32 kinds;
	bool done;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static const char *member(const json_t *event, const char *key)
{
	return json_string_value(json_object_get(event, key)) ?: "";
}

static void print_member(const json_t *event, const char *before,
			 const char *key)
{
	const json_t *value = json_object_get(event, key);

	if (!value)
		return;
	fputs(before, stdout);
	if (json_is_integer(value))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		fng_output_text(json_string_value(value) ?: "",
				json_string_length(value));
}

static void print_access(const json_t *event)
{
	const json_t *list = json_object_get(event, "access"), *word;
	size_t i;

	json_array_foreach(list, i, word)
		printf("%c%s", i ? ',' : ' ', json_string_value(word));
}

static void print_refusal(const json_t *event)
{
	print_access(event);
	print_member(event, " ", "object");
	print_member(event, " ", "addr");
	print_member(event, " port ", "port");
	print_member(event, "/", "proto");
	print_member(event, " host ", "host");
	print_member(event, " -> ", "errno");
	if (json_object_get(event, "killed"))
		fputs(" and killed", stdout);
	print_member(event, " by ", "policy");
	print_member(event, " phase ", "phase");
	print_member(event, " rule ", "rule");
	print_member(event, " at ", "rule_file");
	print_member(event, ":", "rule_line");
	print_member(event, " pid ", "pid");
	print_member(event, " ", "comm");
	print_member(event, " exe ", "exe");
	print_member(event, " in ", "cgroup");
	print_member(event, " activation ", "activation");
	print_member(event, " at device ", "device");
	print_member(event, " times ", "repeat");
}

static void print_notice(const json_t *event)
{
	print_member(event, " ", "state");
	print_member(event, " policy ", "policy");
	print_member(event, " phase ", "phase");
	print_member(event, " version ", "version");
	print_member(event, " cgroup ", "cgroup");
	print_member(event, " activation ", "activation");
	print_member(event, " device ", "device");
	print_member(event, " seconds ", "seconds");
	print_member(event, ": ", "reason");
	print_member(event, " by ", "comm");
	print_member(event, " pid ", "pid");
	print_member(event, " loginuid ", "loginuid");
}

static void print_text(const json_t *event)
{
	const char *kind = member(event, "kind");
	enum fng_colour colour = !strcmp(kind, "denied") ? FNG_BAD :
				 !strcmp(kind, "would-deny") ? FNG_WARN :
				 !strncmp(kind, "candidate-would-", 16) ?
				 FNG_WARN :
				 !strcmp(kind, "observed") ? FNG_PLAIN :
							     FNG_BOLD;

	print_member(event, "", "time");
	printf(" %s%s%s", fng_output_escape(colour), kind,
	       fng_output_escape(FNG_PLAIN));
	print_member(event, " ", "hook");
	if (colour == FNG_BOLD)
		print_notice(event);
	else
		print_refusal(event);
	putchar('\n');
}

static bool is_wanted(const struct printer *printer,
		      const struct fng_event *event)
{
	u64 kind = fng_attr_number(&event->attrs, FNG_A_KIND);

	return !printer->kinds || (kind < 32 && printer->kinds >> kind & 1);
}

/* Bit of a kind by its name, 0 if there is none of it. */
static u32 kind_by_name(const char *name)
{
	for (u32 kind = 1; kind < FNG_NR_EVENT_KINDS; kind++) {
		if (!strcmp(name, fng_event_kind_name(kind)))
			return 1u << kind;
	}
	return 0;
}

static void print_event(const struct fng_event *event, u64 missed, void *data)
{
	static char line[FNG_EVENT_JSON_SIZE];
	struct printer *printer = data;
	struct fng_json json;
	json_t *object;

	if (missed)
		fng_output_note("%" PRIu64 " events were missed", missed);
	if (!event || printer->done || !is_wanted(printer, event))
		return;
	fng_json_init(&json, line, sizeof(line));
	fng_event_json(event, &json);
	if (fng_output_json) {
		printf("%.*s\n", (int)json.len, line);
	} else {
		object = json_loadb(line, json.len, JSON_ALLOW_NUL, NULL);
		if (object)
			print_text(object);
		json_decref(object);
	}
	if (printer->left && !--printer->left)
		printer->done = true;
}

/* Returns 0 to go on. */
static int print_pending(struct printer *printer)
{
	int n;

	do {
		n = fng_stream_read(&printer->stream, print_event, printer);
		if (n == -ENOBUFS)
			fng_output_note("events were lost: they came faster than they could be printed; fnguard counters has the exact counts");
	} while (n >= 0 || n == -ENOBUFS);
	fflush(stdout);
	return n == -EAGAIN || n == -EINTR ? 0 : n;
}

static int follow(struct printer *printer, int timeout)
{
	struct pollfd fd = { fng_stream_fd(&printer->stream), POLLIN, 0 };
	int n, err;

	while (!interrupted && !printer->done && !ferror(stdout)) {
		n = poll(&fd, 1, timeout);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return 0;
		err = print_pending(printer);
		if (err)
			return err;
	}
	return 0;
}

static int run(struct fng_client *client, struct printer *printer, int timeout)
{
	int err = fng_stream_open(&printer->stream, client->group);

	if (err) {
		fng_output_error("cannot subscribe to events: %s",
				 strerror(-err));
		return err == -EPERM ? FNG_EXIT_ABSENT : FNG_EXIT_FAILED;
	}
	signal(SIGINT, interrupt);
	signal(SIGTERM, interrupt);
	fng_output_note("waiting for events");
	err = follow(printer, timeout);
	fng_stream_close(&printer->stream);
	if (err)
		fng_output_error("cannot read events: %s", strerror(-err));
	return err ? FNG_EXIT_FAILED : FNG_EXIT_DONE;
}

int fng_cmd_events(int argc, char **argv)
{
	static const struct option options[] = {
		{ "follow", no_argument, NULL, 'f' },
		{ "count", required_argument, NULL, 'n' },
		{ "timeout", required_argument, NULL, 't' },
		{ "kind", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	struct printer printer = { .left = 0 };
	struct fng_client client;
	int result, timeout = -1, c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'n')
			printer.left = strtoul(optarg, NULL, 10);
		else if (c == 't')
			timeout = 1000 * atoi(optarg);
		else if (c == 'k' && !kind_by_name(optarg))
			return fng_cli_usage(argv, "no event is of the kind \"%s\"",
					     optarg);
		else if (c == 'k')
			printer.kinds |= kind_by_name(optarg);
	}
	fng_cli_args(argc, argv, 0, 0);
	result = fng_session_open(&client);
	if (!result)
		result = run(&client, &printer, timeout);
	fng_client_close(&client);
	return result;
}
