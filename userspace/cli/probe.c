// SPDX-License-Identifier: MIT
/*
 * fnguard probe: attack a policy, to see what it stops.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"
#include "output.h"
#include "probe.h"
#include "session.h"

/**
 * struct attack - a run of the probe
 * @client: connection, closed if nothing is guarded
 * @options: how to compile
 * @target: what the user wants to be attacked, or NULL
 * @policy: name of the policy that is attacked
 * @loaded: it was loaded for this
 * @own: name for a policy that is loaded for this
 * @timeout: seconds for a step
 * @names: techniques to try, NULL-terminated; all if there is none
 */
struct attack {
	struct fng_client client;
	struct fng_offline options;
	const char *target;
	const char *policy;
	bool loaded;
	char own[FNG_MAX_POLICY_NAME + 1];
	int timeout;
	char **names;
};

/* Most techniques that there is room for. */
#define MAX_FINDINGS 256

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	stopped = signal;
}

static int load(struct attack *attack, const struct fng_offline *policy)
{
	struct fng_client_load how = { .generation = 0 };
	int result = fng_load(&attack->client, policy, 1, &how);

	attack->policy = attack->own;
	attack->loaded = !result;
	return result;
}

/* An image has its name, and places that it attaches itself to, in it. */
static int load_file(struct attack *attack)
{
	struct fng_offline policy;
	int result;

	attack->options.options.rename = attack->own;
	result = fng_load_read(&policy, &attack->options, attack->target);
	if (!result && policy.blob) {
		fng_output_error(
			"%s is compiled already; give the policy itself, or load it and give its name",
			attack->target);
		result = FNG_EXIT_USAGE;
	}
	if (!result)
		result = load(attack, &policy);
	fng_offline_free(&policy);
	return result;
}

static int unknown(const struct attack *attack,
		   const struct fng_offline *policy)
{
	if (policy->result && !fng_output_json)
		fng_offline_print(policy->result, 1u << FNGC_ERROR, 2);
	fng_output_error(
		"there is no file, no loaded policy and no valid template \"%s\"",
		attack->target);
	return FNG_EXIT_FAILED;
}

/* A policy that says nothing but what the template says. */
static int load_template(struct attack *attack)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	struct fng_offline policy = attack->options;
	char text[256];
	int n, result;

	if (attack->target[strspn(attack->target, letters)])
		return unknown(attack, &policy);
	n = snprintf(text, sizeof(text), "policy: %s\nextends: [\"%.100s\"]\n",
		     attack->own, attack->target);
	if (fngc_compile_text(&policy.options, attack->own, text, n,
			      &policy.result)) {
		result = unknown(attack, &policy);
	} else {
		policy.image = policy.result->view;
		result = load(attack, &policy);
	}
	fng_offline_free(&policy);
	return result;
}

static int seen(const struct fng_client_policy *policy, void *data)
{
	(void)policy;
	(void)data;
	return 0;
}

static int find_policy(struct attack *attack)
{
	int err;

	if (fng_load_is_file(attack->target))
		return load_file(attack);
	err = fng_client_policy_get(&attack->client, attack->target, seen,
				    NULL);
	if (err == -ENOENT)
		return load_template(attack);
	attack->policy = attack->target;
	return fng_session_failed(&attack->client, err);
}

/* Somebody else may change the policies at any time. */
static void unload(struct attack *attack)
{
	struct fng_client_status status;
	int err, tries = 10;

	if (!attack->loaded)
		return;
	do {
		err = fng_client_status(&attack->client, false, &status);
		if (!err)
			err = fng_client_policy_unload(&attack->client,
						       &status.policy_gen,
						       attack->policy, NULL);
	} while (err == -ESTALE && --tries);
	if (err)
		fng_output_note("cannot unload the policy %s: %s",
				attack->policy, attack->client.error);
}

static bool is_wanted(char *const *names, const char *name)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static size_t try_all(struct fng_probe *probe, char *const *names,
		      struct fng_finding *findings)
{
	const struct fng_technique *technique;
	size_t i, n = 0;

	for (i = 0; !stopped && (technique = fng_technique_at(i)); i++)
		if (is_wanted(names, technique->name))
			fng_probe_try(probe, technique, &findings[n++]);
	return n;
}

static struct fng_finding *room_for_all(void)
{
	size_t n = 0;

	while (fng_technique_at(n))
		n++;
	return calloc(n, sizeof(struct fng_finding));
}

/* The first of the names that is none, or NULL. */
static const char *find_unknown(char *const *names)
{
	const struct fng_technique *technique = NULL;
	size_t i;

	for (; *names; names++) {
		for (i = 0; (technique = fng_technique_at(i)); i++)
			if (!strcmp(technique->name, *names))
				break;
		if (!technique)
			return *names;
	}
	return NULL;
}

static int attack_and_report(struct attack *attack,
			     struct fng_finding *findings)
{
	struct fng_probe probe = {
		.client = attack->policy ? &attack->client : NULL,
		.policy = attack->policy,
		.timeout = 1000 * attack->timeout,
		.stop = &stopped,
	};
	const char *missing = fng_probe_open(&probe);
	size_t nr = 0;

	if (missing)
		fng_output_error("cannot %s: %s", missing, strerror(errno));
	else
		nr = try_all(&probe, attack->names, findings);
	fng_probe_close(&probe);
	if (missing || stopped)
		return FNG_EXIT_FAILED;
	return fng_probe_report(findings, nr);
}

static int attack(struct attack *attack)
{
	struct fng_finding *findings = room_for_all();
	int result = FNG_EXIT_FAILED;

	if (findings)
		result = attack_and_report(attack, findings);
	else
		fng_output_error("%s", strerror(ENOMEM));
	free(findings);
	return result;
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	const struct sigaction action = { .sa_handler = stop };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	/* A case that dies is an answer, not a reason to die with it. */
	signal(SIGPIPE, SIG_IGN);
}

static int run(struct attack *a)
{
	int result = FNG_EXIT_DONE;

	snprintf(a->own, sizeof(a->own), "probe-%d", getpid());
	catch_signals();
	if (a->target)
		result = fng_session_open(&a->client);
	if (!result && a->target)
		result = find_policy(a);
	if (!result)
		result = attack(a);
	unload(a);
	fng_client_close(&a->client);
	if (!stopped)
		return result;
	fflush(stdout);
	signal(stopped, SIG_DFL);
	raise(stopped);
	return FNG_EXIT_FAILED;
}

int fng_cmd_probe(int argc, char **argv)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "list", no_argument, NULL, 'l' },
		{ "timeout", required_argument, NULL, 't' },
		FNG_OFFLINE_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct attack a = { .timeout = 10 };
	const char *unknown_name;
	bool list = false;
	int c;

	while ((c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'p')
			a.target = optarg;
		else if (c == 'l')
			list = true;
		else if (c == 't')
			a.timeout = atoi(optarg);
		else
			fng_offline_option(&a.options, c, argv);
	}
	fng_cli_args(argc, argv, 0, -1);
	a.names = argv + optind;
	unknown_name = find_unknown(a.names);
	if (unknown_name)
		return fng_cli_usage(argv, "there is no technique \"%s\"",
				     unknown_name);
	if (a.timeout < 1 || a.timeout > 3600)
		return fng_cli_usage(argv,
				     "--timeout is from 1 to 3600 seconds");
	if (!list)
		return run(&a);
	fng_probe_print_list();
	return FNG_EXIT_DONE;
}
