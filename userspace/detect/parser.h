/* SPDX-License-Identifier: MIT */
/*
 * What the parsers of a rule file share.
 */
#ifndef DETECT_PARSER_H
#define DETECT_PARSER_H

#include <compiler/glob.h>
#include <compiler/schema.h>
#include <detect/rule.h>

typedef FNGC_ARRAY(struct fngc_glob) fng_detect_glob_array;

/**
 * struct fng_detect_draft - a condition while it is read
 * @match: what has a place of its own
 * @objects: patterns so far, as are the arrays below
 * @exes: same
 * @cgroups: same
 * @hosts: same
 * @ranges: addresses so far
 * @ports: ports so far
 * @policies: names so far
 * @reasons: reasons so far
 * @rules: ids so far
 */
struct fng_detect_draft {
	struct fng_detect_match match;
	fng_detect_glob_array objects;
	fng_detect_glob_array exes;
	fng_detect_glob_array cgroups;
	fng_detect_glob_array hosts;
	FNGC_ARRAY(struct fngc_range) ranges;
	FNGC_ARRAY(struct fngc_ports) ports;
	FNGC_ARRAY(const char *) policies;
	FNGC_ARRAY(const char *) reasons;
	FNGC_ARRAY(u32) rules;
};

/**
 * struct fng_detect_file - a file while it is read
 * @rules: where its rules go
 * @rule: the rule that is being read
 * @first: index of the first rule of this file
 */
struct fng_detect_file {
	struct fng_detect_rules *rules;
	struct fng_detect_rule *rule;
	size_t first;
};

/* keys.c: the table of keys, and words */
extern const struct fngc_key fng_detect_keys[];
extern const char *const fng_detect_kind_words[];

/* parse_match.c: reads a mapping of conditions; false after reporting. */
bool fng_detect_parse_match(const struct fngc_scope *scope,
			    const struct fngc_node *node,
			    struct fng_detect_match *match);

/* parse_rule.c: the parsers of the keys of a rule */
FNGC_PARSER(fng_detect_parse_name);
FNGC_PARSER(fng_detect_parse_rule);
FNGC_PARSER(fng_detect_parse_rule_name);
FNGC_PARSER(fng_detect_parse_about);
FNGC_PARSER(fng_detect_parse_severity);
FNGC_PARSER(fng_detect_parse_attack);
FNGC_PARSER(fng_detect_parse_action);
FNGC_PARSER(fng_detect_parse_step);
FNGC_PARSER(fng_detect_parse_unless);
FNGC_PARSER(fng_detect_parse_what);
FNGC_PARSER(fng_detect_parse_count);
FNGC_PARSER(fng_detect_parse_after);
FNGC_PARSER(fng_detect_parse_time);
FNGC_PARSER(fng_detect_parse_interval);
FNGC_PARSER(fng_detect_parse_jitter);
/* parse_match.c: those of a condition */
FNGC_PARSER(fng_detect_parse_stdio);
FNGC_PARSER(fng_detect_parse_kind);
FNGC_PARSER(fng_detect_parse_bits);
FNGC_PARSER(fng_detect_parse_paths);
FNGC_PARSER(fng_detect_parse_object);
FNGC_PARSER(fng_detect_parse_host);
FNGC_PARSER(fng_detect_parse_to);
FNGC_PARSER(fng_detect_parse_ports);
FNGC_PARSER(fng_detect_parse_policy);
FNGC_PARSER(fng_detect_parse_reason);
FNGC_PARSER(fng_detect_parse_own_rule);

#endif /* DETECT_PARSER_H */
