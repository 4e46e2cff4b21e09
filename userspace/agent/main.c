// SPDX-License-Identifier: MIT
/*
 * fnguardd: writes down what the kernel module reports.
 *
 * It changes nothing that the kernel enforces, neither by starting nor by
 * stopping nor by failing.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include <client/names.h>
#include "watch.h"

/* How often the module is asked for its state, in microseconds. */
#define PERIOD	1000000

/**
 * struct agent - everything
 * @loop: the event loop
 * @input: source of events of the module; NULL while there is no module
 * @log: where everything goes
 * @watch: the module
 * @sentry: what looks for attacks
 * @waiting: it has been said that there is no module
 */
struct agent {
	sd_event *loop;
	sd_event_source *input;
	struct fng_log log;
	struct fng_watch watch;
	struct fng_sentry sentry;
	bool waiting;
};

static void tell_agent(struct agent *agent, const char *what)
{
	struct fng_json *json = fng_log_begin("agent");

	fng_json_string(json, "state", what);
	fng_json_string(json, "version", FNG_VERSION);
	if (agent->watch.connected)
		fng_json_string(json, "guard",
				fng_state_name(agent->watch.status.state));
	fng_log_end(&agent->log);
}

static void notify(const struct agent *agent)
{
	const struct fng_watch *watch = &agent->watch;

	if (!watch->connected) {
		sd_notifyf(0, "STATUS=waiting: %s", watch->client.error);
		return;
	}
	sd_notifyf(0, "STATUS=%s, %u policies, %" PRIu64 " denied, %" PRIu64 " events, %" PRIu64 " findings, %" PRIu64 " lines not written",
		   fng_state_name(watch->status.state),
		   watch->status.nr_policies, watch->status.denied,
		   watch->events, agent->sentry.detect.findings,
		   agent->log.unwritten);
}

static void disconnect(struct agent *agent)
{
	agent->input = sd_event_source_disable_unref(agent->input);
	fng_watch_disconnect(&agent->watch);
	tell_agent(agent, "disconnected");
}

static int on_input(sd_event_source *source, int fd, uint32_t events,
		    void *data)
{
	struct agent *agent = data;

	(void)source;
	(void)fd;
	(void)events;
	if (fng_watch_read(&agent->watch))
		disconnect(agent);
	return 0;
}

static void connect_module(struct agent *agent)
{
	int err;

	err = fng_watch_connect(&agent->watch);
	if (!err)
		err = sd_event_add_io(agent->loop, &agent->input,
				      fng_stream_fd(&agent->watch.stream),
				      EPOLLIN, on_input, agent);
	if (err >= 0) {
		agent->waiting = false;
		tell_agent(agent, "connected");
		return;
	}
	fng_watch_disconnect(&agent->watch);
	if (!agent->waiting)
		fprintf(stderr, "fnguardd: waiting: %s\n",
			agent->watch.client.error);
	agent->waiting = true;
}

static void check_module(struct agent *agent)
{
	if (!agent->watch.connected)
		connect_module(agent);
	else if (fng_watch_check(&agent->watch))
		disconnect(agent);
}

static int on_time(sd_event_source *source, uint64_t now, void *data)
{
	struct agent *agent = data;

	check_module(agent);
	fng_sentry_settle(&agent->sentry);
	fng_log_settle(&agent->log);
	notify(agent);
	sd_event_source_set_time(source, now + PERIOD);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info,
		   void *data)
{
	(void)info;
	(void)data;
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int on_reopen(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *data)
{
	struct agent *agent = data;

	(void)source;
	(void)info;
	fng_log_reopen(&agent->log);
	if (agent->sentry.nr_paths)
		tell_agent(agent, fng_sentry_load(&agent->sentry) ?
			   "kept the rules" : "read the rules");
	return 0;
}

static int add_signal(struct agent *agent, int signal,
		      sd_event_signal_handler_t handler)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return sd_event_add_signal(agent->loop, NULL, signal, handler, agent);
}

static int set_up(struct agent *agent)
{
	int err;

	signal(SIGPIPE, SIG_IGN);
	agent->watch.log = &agent->log;
	agent->watch.sentry = &agent->sentry;
	agent->sentry.log = &agent->log;
	err = sd_event_default(&agent->loop);
	if (err >= 0)
		err = add_signal(agent, SIGTERM, on_stop);
	if (err >= 0)
		err = add_signal(agent, SIGINT, on_stop);
	if (err >= 0)
		err = add_signal(agent, SIGHUP, on_reopen);
	if (err >= 0)
		err = sd_event_add_time_relative(agent->loop, NULL,
						 CLOCK_MONOTONIC, PERIOD, 0,
						 on_time, agent);
	if (err >= 0)
		err = sd_event_set_watchdog(agent->loop, true);
	return err < 0 ? err : 0;
}

static int run(struct agent *agent)
{
	int err = set_up(agent);

	if (err) {
		fprintf(stderr, "fnguardd: cannot start: %s\n", strerror(-err));
		return 1;
	}
	connect_module(agent);
	sd_notify(0, "READY=1");
	notify(agent);
	err = sd_event_loop(agent->loop);
	sd_notify(0, "STOPPING=1");
	if (agent->watch.connected)
		fng_watch_read(&agent->watch);
	fng_log_settle(&agent->log);
	tell_agent(agent, "stopped");
	if (agent->watch.connected)
		disconnect(agent);
	sd_event_unref(agent->loop);
	return err < 0;
}

static const char usage[] =
	"Usage: fnguardd [--log FILE] [--detect FILE|DIR]... [--detect-act]\n\n"
	"Writes the events of the kernel module as JSON lines, to FILE or to\n"
	"standard output, and what rules of detection find in them. With\n"
	"--detect-act, their actions are taken. SIGHUP opens FILE again, and\n"
	"reads the rules again. Details: man fnguardd\n";

static int misused(void)
{
	fputs(usage, stderr);
	return 2;
}

/* Returns an exit status, or -1 to go on. */
static int take_option(struct agent *agent, int option, const char **log)
{
	struct fng_sentry *sentry = &agent->sentry;

	switch (option) {
	case 'l':
		*log = optarg;
		return -1;
	case 'd':
		if (sentry->nr_paths == FNG_SENTRY_PATHS)
			return misused();
		sentry->paths[sentry->nr_paths++] = optarg;
		return -1;
	case 'a':
		sentry->act = true;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return 0;
	case 'V':
		puts("fnguardd " FNG_VERSION);
		return 0;
	default:
		return misused();
	}
}

static int take_options(struct agent *agent, int argc, char **argv,
			const char **log)
{
	static const struct option options[] = {
		{ "log", required_argument, NULL, 'l' },
		{ "detect", required_argument, NULL, 'd' },
		{ "detect-act", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status = -1;

	while (status < 0 &&
	       (c = getopt_long(argc, argv, "l:d:hV", options, NULL)) != -1)
		status = take_option(agent, c, log);
	if (status < 0 && optind < argc)
		status = misused();
	return status;
}

int main(int argc, char **argv)
{
	static struct agent agent;
	const char *log = NULL;
	int err, status;

	status = take_options(&agent, argc, argv, &log);
	if (status >= 0)
		return status;
	err = fng_sentry_load(&agent.sentry);
	if (err)
		return err == -EINVAL ? 3 : 1;
	err = fng_log_open(&agent.log, log);
	if (err) {
		fprintf(stderr, "fnguardd: cannot open %s: %s\n",
			log ?: "standard output", strerror(-err));
		return 1;
	}
	err = run(&agent);
	fng_log_close(&agent.log);
	fng_sentry_free(&agent.sentry);
	return err;
}
