/* SPDX-License-Identifier: MIT */
/*
 * What the verbs of the command line share: exit statuses, options and the
 * table of verbs.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <getopt.h>

#include <fnguard/types.h>

/**
 * enum fng_exit - exit statuses, for every verb
 * @FNG_EXIT_DONE: done
 * @FNG_EXIT_FAILED: it could not be done, or the answer is no
 * @FNG_EXIT_USAGE: the command line makes no sense
 * @FNG_EXIT_POLICY: a policy is invalid
 * @FNG_EXIT_ABSENT: the kernel module is not loaded, or may not be talked to
 * @FNG_EXIT_DEGRADED: the guard is degraded
 * @FNG_EXIT_DIFFERS: policies differ, and nothing is newly allowed
 * @FNG_EXIT_ALLOWS: one policy allows what another does not
 */
enum fng_exit {
	FNG_EXIT_DONE,
	FNG_EXIT_FAILED,
	FNG_EXIT_USAGE,
	FNG_EXIT_POLICY,
	FNG_EXIT_ABSENT,
	FNG_EXIT_DEGRADED,
	FNG_EXIT_DIFFERS = 10,
	FNG_EXIT_ALLOWS,
};

/**
 * struct fng_verb - one command
 * @noun: first word
 * @verb: second word, or NULL if the noun stands alone
 * @run: does it; argv[0] is all words of the command, for messages
 * @args: what follows on the command line
 * @summary: one line for the help
 */
struct fng_verb {
	const char *noun;
	const char *verb;
	int (*run)(int argc, char **argv);
	const char *args;
	const char *summary;
};

extern const struct fng_verb fng_verbs[];

/**
 * fng_cli_getopt() - getopt_long() that knows the options of every verb
 * @argc: as handed to the verb
 * @argv: as handed to the verb
 * @options: the verb's own long options, zero-terminated, or NULL
 *
 * Handles --json, --color and --help itself. Long options only need unique
 * values of @val; a @val that is a letter or digit is a short option, too.
 * Ends the process with FNG_EXIT_USAGE if the command line makes no sense.
 *
 * Return: the @val of the next option of @options, or -1 at the end.
 */
int fng_cli_getopt(int argc, char **argv, const struct option *options);

/**
 * fng_cli_usage() - say what is wrong with the command line
 * @argv: as handed to the verb
 * @format: what is wrong, one sentence without a full stop
 *
 * Return: FNG_EXIT_USAGE.
 */
int fng_cli_usage(char **argv, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * fng_cli_args() - check the number of arguments that are not options
 * @argc: as handed to the verb, after the options have been read
 * @argv: same
 * @min: least number
 * @max: greatest number, or -1
 *
 * Ends the process with FNG_EXIT_USAGE if there are too few or too many.
 */
void fng_cli_args(int argc, char **argv, int min, int max);

/* Seconds of "15m" or "1h30m"; 0 if it is no time, or a longer one than @max. */
u32 fng_cli_time(const char *text, u32 max);

/* What is said if it is none of a day at most. */
#define FNG_CLI_NO_TIME "\"%s\" is no time of 1s to 24h, such as 15m or 1h30m"

/* The verbs; each returns an enum fng_exit. */
int fng_cmd_policy_check(int argc, char **argv);
int fng_cmd_policy_compile(int argc, char **argv);
int fng_cmd_policy_sign(int argc, char **argv);
int fng_cmd_policy_explain(int argc, char **argv);
int fng_cmd_policy_diff(int argc, char **argv);
int fng_cmd_policy_test(int argc, char **argv);
int fng_cmd_policy_show(int argc, char **argv);
/* What `policy show` hands over to if its argument is a name. */
int fng_policy_show_loaded(const char *name);
int fng_cmd_policy_load(int argc, char **argv);
int fng_cmd_policy_promote(int argc, char **argv);
int fng_cmd_policy_confirm(int argc, char **argv);
int fng_cmd_policy_rollback(int argc, char **argv);
int fng_cmd_policy_attest(int argc, char **argv);
int fng_cmd_policy_unload(int argc, char **argv);
int fng_cmd_policy_list(int argc, char **argv);
int fng_cmd_cgroup_bind(int argc, char **argv);
int fng_cmd_cgroup_unbind(int argc, char **argv);
int fng_cmd_cgroup_list(int argc, char **argv);
int fng_cmd_cgroup_audit(int argc, char **argv);
int fng_cmd_cgroup_release(int argc, char **argv);
int fng_cmd_cgroup_phase(int argc, char **argv);
int fng_cmd_cgroup_activate(int argc, char **argv);
int fng_cmd_netdev_bind(int argc, char **argv);
int fng_cmd_netdev_unbind(int argc, char **argv);
int fng_cmd_netdev_list(int argc, char **argv);
int fng_cmd_run(int argc, char **argv);
int fng_cmd_events(int argc, char **argv);
int fng_cmd_counters(int argc, char **argv);
int fng_cmd_why(int argc, char **argv);
int fng_cmd_top(int argc, char **argv);
int fng_cmd_report(int argc, char **argv);
int fng_cmd_egress_show(int argc, char **argv);
int fng_cmd_learn_start(int argc, char **argv);
int fng_cmd_learn_show(int argc, char **argv);
int fng_cmd_learn_write(int argc, char **argv);
int fng_cmd_learn_merge(int argc, char **argv);
int fng_cmd_detect_check(int argc, char **argv);
int fng_cmd_detect_replay(int argc, char **argv);
int fng_cmd_probe(int argc, char **argv);
int fng_cmd_status(int argc, char **argv);
int fng_cmd_arm(int argc, char **argv);
int fng_cmd_disarm(int argc, char **argv);
int fng_cmd_seal(int argc, char **argv);
int fng_cmd_version(int argc, char **argv);
int fng_cmd_help(int argc, char **argv);

#endif /* CLI_CLI_H */
