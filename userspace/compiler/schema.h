/* SPDX-License-Identifier: MIT */
/*
 * The keys of the policy language: one table that drives parsing, messages,
 * documentation and the JSON Schema.
 */
#ifndef COMPILER_SCHEMA_H
#define COMPILER_SCHEMA_H

#include <compiler/model.h>

/**
 * enum fngc_type - what a key's value is
 * @FNGC_TYPE_TEXT: one value
 * @FNGC_TYPE_NUMBER: a whole number
 * @FNGC_TYPE_WORD: one of the key's words
 * @FNGC_TYPE_TEXTS: a list of values
 * @FNGC_TYPE_WORDS: a list of the key's words
 * @FNGC_TYPE_MAP: a mapping with the keys of the child section
 * @FNGC_TYPE_MAPS: a list of such mappings
 * @FNGC_TYPE_FREE: a mapping with keys that the author invents
 */
enum fngc_type {
	FNGC_TYPE_TEXT,
	FNGC_TYPE_NUMBER,
	FNGC_TYPE_WORD,
	FNGC_TYPE_TEXTS,
	FNGC_TYPE_WORDS,
	FNGC_TYPE_MAP,
	FNGC_TYPE_MAPS,
	FNGC_TYPE_FREE,
};

/* The key is not for templates; it must be there; its list has an item at least. */
#define FNGC_KEY_POLICY_ONLY	0x1u
#define FNGC_KEY_REQUIRED	0x2u
#define FNGC_KEY_NOT_EMPTY	0x4u

struct fngc_key;

/**
 * struct fngc_scope - what a key's parser works on
 * @c: compilation
 * @layer: file
 * @class: enum fng_class of the section around, where it has one
 * @out: where the parser of the section around wants the values
 * @keys: table of keys, or NULL for that of policies
 */
struct fngc_scope {
	struct fngc_compile *c;
	const struct fngc_layer *layer;
	u8 class;
	void *out;
	const struct fngc_key *keys;
};

/**
 * typedef fngc_parse_fn - parser of one key
 * @scope: where
 * @key: the key's entry in the table
 * @node: its value, of the right kind; for FNGC_TYPE_MAPS, each item
 */
typedef void (*fngc_parse_fn)(const struct fngc_scope *scope,
			      const struct fngc_key *key,
			      const struct fngc_node *node);

/**
 * struct fngc_key - one key
 * @section: section that it belongs to; "" is the top of a policy
 * @name: the key
 * @type: enum fngc_type
 * @flags: FNGC_KEY_*
 * @child: FNGC_TYPE_MAP and FNGC_TYPE_MAPS: section of the inner keys
 * @words: FNGC_TYPE_WORD and FNGC_TYPE_WORDS: words, NULL-terminated
 * @class: enum fng_class, for the sections that are one
 * @parse: parser, NULL where another stage reads the key
 * @doc: one sentence for readers
 */
struct fngc_key {
	const char *section;
	const char *name;
	u8 type;
	u8 flags;
	u8 class;
	const char *child;
	const char *const *words;
	fngc_parse_fn parse;
	const char *doc;
};

/* The table, terminated by a NULL section. */
extern const struct fngc_key fngc_keys[];

/* walk.c */

/* Parses all keys of a mapping; false if some were wrong. */
bool fngc_walk(const struct fngc_scope *scope, const char *section,
	       const struct fngc_node *map);
/* Text of a scalar with its parameters put in; NULL after reporting. */
const char *fngc_text(const struct fngc_scope *scope,
		      const struct fngc_node *node);
/* Index of a word; -1 after reporting. */
int fngc_word(const struct fngc_scope *scope, const struct fngc_node *node,
	      const char *const *words);
/* A number from @min to @max; false after reporting. */
bool fngc_number(const struct fngc_scope *scope, const struct fngc_node *node,
		 u64 min, u64 max, u64 *value);
/* A name: [a-z0-9][a-z0-9._-]*, not longer than @max. */
bool fngc_is_name(const char *text, size_t max);

/* Words of several keys. */
extern const char *const fngc_effect_words[];
extern const char *const fngc_mode_words[];
extern const char *const fngc_access_words[];
extern const char *const fngc_errno_words[];
extern const char *const fngc_dns_words[];
extern const char *const fngc_answer_words[];
extern const char *const fngc_family_words[];
extern const char *const fngc_type_words[];
extern const char *const fngc_privilege_words[];
extern const char *const fngc_capability_words[];
extern const char *const fngc_kill_words[];
extern const char *const fngc_phase_mode_words[];
extern const char *const fngc_observable_words[];

/*
 * Numbers of errno, family, type, privilege and capability words, by index. From
 * FNGC_LIFT on, a privilege is a part of the floor.
 */
extern const u32 fngc_errno_values[];
extern const u32 fngc_family_values[];
extern const u32 fngc_type_values[];
extern const u32 fngc_privilege_values[];
extern const u32 fngc_capability_values[];

/* bits.c */
void fngc_bits_add(const struct fngc_scope *scope, struct fngc_scalar *bits,
		   const struct fngc_node *node, u32 bit);
void fngc_bits_replace(const struct fngc_scope *scope,
		       struct fngc_scalar *bits, const struct fngc_node *node,
		       u32 bit);
/* A list without items allows nothing: that is not the same as no list. */
bool fngc_list_empty(const struct fngc_node *list);
void fngc_bits_empty(const struct fngc_scope *scope, struct fngc_scalar *bits,
		     const struct fngc_node *list);

/* The parsers, by the file that has them. */
#define FNGC_PARSER(name) \
	void name(const struct fngc_scope *scope, const struct fngc_key *key, \
		  const struct fngc_node *node)
/* section_top.c */
FNGC_PARSER(fngc_parse_name);
FNGC_PARSER(fngc_parse_version);
FNGC_PARSER(fngc_parse_mode);
FNGC_PARSER(fngc_parse_class);
FNGC_PARSER(fngc_parse_class_mode);
FNGC_PARSER(fngc_parse_default);
FNGC_PARSER(fngc_parse_attach_cgroup);
FNGC_PARSER(fngc_parse_attach_interface);
FNGC_PARSER(fngc_parse_override);
FNGC_PARSER(fngc_parse_text_out);
/* section_code.c */
FNGC_PARSER(fngc_parse_exec_paths);
FNGC_PARSER(fngc_parse_fileless);
FNGC_PARSER(fngc_parse_modified);
FNGC_PARSER(fngc_parse_write_exec);
/* section_digest.c */
FNGC_PARSER(fngc_parse_sha256);
/* section_files.c */
FNGC_PARSER(fngc_parse_files_rule);
FNGC_PARSER(fngc_parse_files_path);
FNGC_PARSER(fngc_parse_files_access);
/* section_egress.c */
FNGC_PARSER(fngc_parse_egress_rule);
FNGC_PARSER(fngc_parse_egress_effect);
FNGC_PARSER(fngc_parse_egress_to);
FNGC_PARSER(fngc_parse_egress_ports);
FNGC_PARSER(fngc_parse_egress_host);
FNGC_PARSER(fngc_parse_egress_answers);
/* section_names.c */
FNGC_PARSER(fngc_parse_resolvers);
FNGC_PARSER(fngc_parse_dns);
/* section_sockets.c */
FNGC_PARSER(fngc_parse_families);
FNGC_PARSER(fngc_parse_types);
FNGC_PARSER(fngc_parse_errno);
void fngc_sockets_empty(const struct fngc_scope *scope,
			const struct fngc_node *map);
/* section_privileges.c */
FNGC_PARSER(fngc_parse_privileges);
FNGC_PARSER(fngc_parse_capabilities);
void fngc_privileges_empty(const struct fngc_scope *scope,
			   const struct fngc_node *map);
/* section_limits.c */
FNGC_PARSER(fngc_parse_limit);
/* A rate as it is written: what one costs, and how many at once. */
bool fngc_read_rate(const struct fngc_scope *scope,
		    const struct fngc_node *node, u64 *cost, u64 *burst);
/* section_observe.c */
FNGC_PARSER(fngc_parse_observe);
FNGC_PARSER(fngc_parse_observe_rate);
/* section_response.c */
FNGC_PARSER(fngc_parse_kill);
FNGC_PARSER(fngc_parse_quarantine);
/* section_phases.c */
FNGC_PARSER(fngc_parse_phases);
FNGC_PARSER(fngc_parse_phase_enter);
FNGC_PARSER(fngc_parse_phase_mode);
FNGC_PARSER(fngc_parse_phase_section);
/* section_peers.c */
FNGC_PARSER(fngc_parse_listen_ports);
FNGC_PARSER(fngc_parse_unix_peers);
/* section_tests.c */
FNGC_PARSER(fngc_parse_test);
FNGC_PARSER(fngc_parse_test_question);
FNGC_PARSER(fngc_parse_test_access);
FNGC_PARSER(fngc_parse_test_expect);
FNGC_PARSER(fngc_parse_test_phase);
FNGC_PARSER(fngc_parse_test_rule);
/* sets.c */
FNGC_PARSER(fngc_parse_set_name);
FNGC_PARSER(fngc_parse_set_addresses);

#endif /* COMPILER_SCHEMA_H */
