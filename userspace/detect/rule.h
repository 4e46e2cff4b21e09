/* SPDX-License-Identifier: MIT */
/*
 * Rules of detection: what of the guard's events is worth a finding.
 *
 * Rules are read from YAML by the means of the policy compiler, with its
 * diagnostics, and do not change afterwards.
 */
#ifndef DETECT_RULE_H
#define DETECT_RULE_H

#include <compiler/compiler.h>
#include <uapi/fnguard.h>

struct fngc_glob;
struct fngc_ports;
struct fngc_range;

/* Rules in all files together. */
#define FNG_DETECT_MAX_RULES	256
/* Steps of a sequence. */
#define FNG_DETECT_MAX_STEPS	8
/* Different things, or beats, that one rule can wait for. */
#define FNG_DETECT_MAX_KEPT	64
/* What one rule can wait for if it only counts. */
#define FNG_DETECT_MAX_COUNT	1000000
/* Nanoseconds of the longest window. */
#define FNG_DETECT_MAX_WINDOW	(24ull * 3600 * 1000000000)

/* Bits of struct fng_detect_match.kinds. */
#define FNG_DETECT_KIND(kind)	(1u << (kind))
#define FNG_DETECT_REFUSED	(FNG_DETECT_KIND(FNG_EVENT_DENIED) | \
				 FNG_DETECT_KIND(FNG_EVENT_WOULD_DENY))

/**
 * enum fng_detect_what - what of an event is told apart
 * @FNG_DETECT_NOTHING: events are not told apart
 * @FNG_DETECT_OBJECT: the object's name
 * @FNG_DETECT_DESTINATION: address, protocol and port
 * @FNG_DETECT_ADDRESS: address alone
 * @FNG_DETECT_PORT: protocol and port
 * @FNG_DETECT_HOST: name of the host
 * @FNG_DETECT_EXE: program of the task
 * @FNG_DETECT_PROCESS: process of the task
 * @FNG_DETECT_HOOK: hook
 * @FNG_DETECT_RULE: policy and its rule
 * @FNG_DETECT_POLICY: policy
 */
enum fng_detect_what {
	FNG_DETECT_NOTHING,
	FNG_DETECT_OBJECT,
	FNG_DETECT_DESTINATION,
	FNG_DETECT_ADDRESS,
	FNG_DETECT_PORT,
	FNG_DETECT_HOST,
	FNG_DETECT_EXE,
	FNG_DETECT_PROCESS,
	FNG_DETECT_HOOK,
	FNG_DETECT_RULE,
	FNG_DETECT_POLICY,
};

/**
 * enum fng_detect_severity - how much a finding matters
 * @FNG_DETECT_LOW: worth a look when there is time
 * @FNG_DETECT_MEDIUM: unusual for a function that does what it should
 * @FNG_DETECT_HIGH: most likely an attack
 * @FNG_DETECT_CRITICAL: an attack on what guards, or one that goes on
 */
enum fng_detect_severity {
	FNG_DETECT_LOW,
	FNG_DETECT_MEDIUM,
	FNG_DETECT_HIGH,
	FNG_DETECT_CRITICAL,
};

/**
 * enum fng_detect_action - what the agent does about a finding
 * @FNG_DETECT_REPORT: writes it down
 * @FNG_DETECT_FREEZE: stops all tasks of the cgroup, until somebody thaws it
 * @FNG_DETECT_KILL: kills all tasks of the cgroup
 */
enum fng_detect_action {
	FNG_DETECT_REPORT,
	FNG_DETECT_FREEZE,
	FNG_DETECT_KILL,
};

/**
 * struct fng_detect_globs - patterns, one of which has to match
 * @v: the patterns, without braces
 * @nr: number of @v; 0 if anything will do
 */
struct fng_detect_globs {
	const struct fngc_glob *v;
	size_t nr;
};

/**
 * struct fng_detect_match - a condition on one event
 * @kinds: FNG_DETECT_KIND() bits
 * @classes: bits of enum fng_class; of this and of all below, 0 or nothing
 *	means any
 * @hooks: bits of enum fng_hook
 * @access: FNG_ACCESS_* bits, one of which has to be asked for
 * @states: bits of enum fng_state
 * @stdio: some standard descriptor has to be a socket of the network
 * @objects: names of the object
 * @exes: programs of the task
 * @cgroups: paths of the cgroup
 * @hosts: names of hosts, as the paths that they are matched as
 * @ranges: addresses
 * @nr_ranges: number of @ranges
 * @ports: ports
 * @nr_ports: number of @ports
 * @policies: names of policies
 * @nr_policies: number of @policies
 * @reasons: why the guard has come to a state
 * @nr_reasons: number of @reasons
 * @rules: ids of the guard's own rules
 * @nr_rules: number of @rules
 * @any: nothing but @kinds was written
 */
struct fng_detect_match {
	u32 kinds;
	u32 classes;
	u64 hooks;
	u32 access;
	u32 states;
	bool stdio;
	struct fng_detect_globs objects;
	struct fng_detect_globs exes;
	struct fng_detect_globs cgroups;
	struct fng_detect_globs hosts;
	const struct fngc_range *ranges;
	size_t nr_ranges;
	const struct fngc_ports *ports;
	size_t nr_ports;
	const char *const *policies;
	size_t nr_policies;
	const char *const *reasons;
	size_t nr_reasons;
	const u32 *rules;
	size_t nr_rules;
	bool any;
};

/**
 * struct fng_detect_rule - one rule
 * @name: its name
 * @about: one sentence for who reads the finding
 * @severity: enum fng_detect_severity
 * @action: enum fng_detect_action
 * @attack: id of MITRE ATT&CK, or NULL
 * @file: source file as given or found
 * @line: line in it
 * @step: conditions, one after the other
 * @nr_steps: number of @step
 * @unless: events that are none of this rule's; not if @excepts is false
 * @excepts: there is an @unless
 * @distinct: what @count counts the different ones of
 * @by: what of an event has to be the same in all of them, beside the cgroup
 * @count: how many it takes
 * @within: in which time, in ns; 0 if one is enough
 * @quiet: how long after a finding there is no other of the same, in ns
 * @beat_min: least time between two of them, in ns, if they have to come at
 *	regular intervals; else 0
 * @beat_max: longest time between them
 * @jitter: how much the intervals may differ, in percent of their mean
 * @first: what has to be seen of a policy for the first time, or
 *	FNG_DETECT_NOTHING
 * @after: in how many cgroups of the policy others were seen before
 */
struct fng_detect_rule {
	const char *name;
	const char *about;
	u8 severity;
	u8 action;
	const char *attack;
	const char *file;
	u32 line;
	struct fng_detect_match step[FNG_DETECT_MAX_STEPS];
	u32 nr_steps;
	struct fng_detect_match unless;
	bool excepts;
	u8 distinct;
	u8 by;
	u32 count;
	u64 within;
	u64 quiet;
	u64 beat_min;
	u64 beat_max;
	u32 jitter;
	u8 first;
	u32 after;
};

/**
 * struct fng_detect_rules - the rules of all files
 * @v: the rules
 * @nr: number of @v
 * @room: room in @v
 * @results: what the rules point into, one for each file that was read
 * @nr_results: number of @results
 * @results_room: room in @results
 */
struct fng_detect_rules {
	struct fng_detect_rule *v;
	size_t nr;
	size_t room;
	struct fngc_result **results;
	size_t nr_results;
	size_t results_room;
};

/**
 * fng_detect_read() - add the rules of a file
 * @rules: zeroed before the first
 * @path: the file, "-" for standard input
 *
 * Its diagnostics are the last of @rules->results in every case. If there are
 * errors, none of its rules is added.
 *
 * Return: 0, -EINVAL if the file is invalid, or the errno of reading it.
 */
int fng_detect_read(struct fng_detect_rules *rules, const char *path);

/**
 * fng_detect_read_text() - add rules from memory
 * @rules: as above
 * @options: how, or NULL
 * @name: name of the file for diagnostics
 * @text: the rules; need not end in NUL
 * @size: bytes of @text
 *
 * Return: 0 or -EINVAL.
 */
int fng_detect_read_text(struct fng_detect_rules *rules,
			 const struct fngc_options *options, const char *name,
			 const char *text, size_t size);

/**
 * fng_detect_read_all() - add the rules of a file, or of a directory's *.yaml
 * @rules: as above
 * @path: file or directory
 *
 * Reads on after errors, so that all diagnostics are there.
 *
 * Return: 0, or the first error; -ENOENT also if a directory has no rules.
 */
int fng_detect_read_all(struct fng_detect_rules *rules, const char *path);

void fng_detect_rules_free(struct fng_detect_rules *rules);

/* Words of the language, for everything that prints. */
const char *fng_detect_severity_name(u32 severity);
const char *fng_detect_action_name(u32 action);

#endif /* DETECT_RULE_H */
