/* SPDX-License-Identifier: MIT */
/*
 * The policy compiler: from policy text to a verified image, and answers about
 * the image from the engine that the kernel runs.
 *
 * Nothing here needs privilege, the kernel module or the network. All functions
 * may be used from several threads as long as each has its own objects. Running
 * out of memory ends the process with a message, as in other compilers.
 */
#ifndef COMPILER_COMPILER_H
#define COMPILER_COMPILER_H

#include <stdio.h>

#include <engine/engine.h>

/* jansson's json_t; only those who want JSON include its header. */
struct json_t;

/**
 * struct fngc_options - how to compile; all zero is the default
 * @policy_path: directories to look for templates and sets in, instead of those
 *	of FNGUARD_POLICY_PATH, or if that is unset, of the default: beside the
 *	policy file, ./policy and /usr/share/fnguard/policy. NULL-terminated,
 *	NULL for the default.
 * @params: "name=value" strings that set parameters, NULL-terminated, or NULL
 * @root: resolve literal paths below this directory and warn of symbolic links,
 *	or NULL
 * @isolated: open no file at all: every template and set is unknown
 * @rename: name that the policy gets instead of its own, without its attach
 *	templates: a copy that can be tried beside the policy; or NULL
 * @always_share: divide each policy that extends a template with rules into a
 *	base and its own part, also where that spares little; for tests
 */
struct fngc_options {
	const char *const *policy_path;
	const char *const *params;
	const char *root;
	const char *rename;
	bool isolated;
	bool always_share;
};

/**
 * enum fngc_severity - how serious a diagnostic is
 * @FNGC_ERROR: the policy is invalid, there is no image
 * @FNGC_WARNING: the policy is valid and probably not what was meant
 * @FNGC_LOOSENING: the policy takes back what one of its templates refuses
 * @FNGC_NOTE: worth knowing
 */
enum fngc_severity {
	FNGC_ERROR,
	FNGC_WARNING,
	FNGC_LOOSENING,
	FNGC_NOTE,
};

/**
 * struct fngc_diag - one diagnostic
 * @severity: how serious
 * @file: name of the source file as given or found
 * @line: line from 1, or 0 if it is about the file as a whole
 * @column: column from 1, in characters
 * @width: characters to underline, at least 1
 * @message: what is wrong, in one sentence
 * @help: what to do about it, or NULL
 * @source: the source line, or NULL
 */
struct fngc_diag {
	enum fngc_severity severity;
	const char *file;
	u32 line;
	u32 column;
	u32 width;
	const char *message;
	const char *help;
	const char *source;
};

/**
 * struct fngc_rule - one effective rule, after templates and overrides
 * @class: enum fng_class
 * @effect: enum fng_effect
 * @access: FNG_ACCESS_* bits it speaks about; 0 if it is not about paths
 * @file: source file as given or found; the image has its last component only
 * @line: line in it
 * @column: column in it
 * @width: characters of it, from @column
 * @text: the rule as a reader would recognise it
 * @template: name of the template it comes from, NULL if from the policy itself
 *
 * A rule's index is its rule id in the image.
 */
struct fngc_rule {
	u8 class;
	u8 effect;
	u32 access;
	const char *file;
	u32 line;
	u32 column;
	u32 width;
	const char *text;
	const char *template;
};

/**
 * struct fngc_stats - sizes, for humans and for tests that watch them
 * @path_states: states of the path automaton
 * @path_trans: slots of its transition table
 * @path_subsets: states before minimisation
 * @accepts: accept entries
 * @cgroup_states: states of the automaton of attach templates
 * @device_states: the same of templates of network devices
 * @v4: IPv4 ranges
 * @v6: IPv6 ranges
 * @portsets: port sets
 * @ports: port ranges
 */
struct fngc_stats {
	u32 path_states;
	u32 path_trans;
	u32 path_subsets;
	u32 accepts;
	u32 cgroup_states;
	u32 device_states;
	u32 v4;
	u32 v6;
	u32 portsets;
	u32 ports;
};

/**
 * struct fngc_phase - one phase of a policy
 * @name: name
 * @enter: enum fng_enter
 * @enter_after: of FNG_ENTER_TIME, after how many seconds
 * @tells: it only tells what it would refuse
 * @result: what its image is, and which rules it has
 */
struct fngc_phase {
	const char *name;
	u32 enter;
	u32 enter_after;
	bool tells;
	struct fngc_result *result;
};

/**
 * struct fngc_result - what a compilation gives
 * @image: the image, and behind it those of its phases; NULL if @nr_errors is not
 *	0; 8-aligned
 * @image_size: bytes of @image
 * @view: the image of what the policy starts in, as the engine's verifier
 *	accepted it
 * @diags: diagnostics in source order
 * @nr_diags: number of @diags
 * @nr_errors: number of those that are errors
 * @nr_warnings: number of those that are warnings
 * @rules: effective rules
 * @nr_rules: number of @rules
 * @stats: sizes
 * @phases: phases, in order
 * @nr_phases: number of @phases
 *
 * Everything belongs to the result and lives until fngc_result_free().
 */
struct fngc_result {
	const void *image;
	size_t image_size;
	struct fng_image view;
	const struct fngc_diag *diags;
	size_t nr_diags;
	size_t nr_errors;
	size_t nr_warnings;
	const struct fngc_rule *rules;
	size_t nr_rules;
	struct fngc_stats stats;
	struct fngc_phase phases[FNG_MAX_PHASES];
	size_t nr_phases;
};

/* The image of a phase; NULL if there is none of the name. */
const struct fng_image *fngc_phase_view(const struct fngc_result *result,
					const char *name);

/**
 * struct fngc_part - an image as it is stored
 * @image: the image
 * @base: its base, if it has one
 */
struct fngc_part {
	struct fng_image image;
	struct fng_image base;
};

/**
 * struct fngc_parts - the images of a policy
 * @nr: number of @part that are there
 * @part: that of what the policy starts in, then those of its phases, in order
 */
struct fngc_parts {
	size_t nr;
	struct fngc_part part[1 + FNG_MAX_PHASES];
};

/**
 * fngc_parts_verify() - verify a policy that was compiled, and all of its phases
 * @blob: the policy, aligned to FNG_IMAGE_ALIGN
 * @size: bytes of @blob
 * @parts: filled; points into @blob and to itself
 * @error: why not, with the byte offset
 *
 * Return: as fng_image_verify().
 */
int fngc_parts_verify(const void *blob, size_t size, struct fngc_parts *parts,
		      struct fng_image_error *error);

/* The image of a phase; NULL if there is none of the name. */
const struct fng_image *fngc_parts_phase(const struct fngc_parts *parts,
					 const char *name);

/**
 * fngc_compile_file() - compile a policy file
 * @options: how, or NULL
 * @path: file to read; "-" reads standard input
 * @result: set in every case, to be freed by the caller
 *
 * Return: 0, -EINVAL if the policy is invalid (the diagnostics say why), or the
 * negative errno of reading @path, which has a diagnostic too.
 */
int fngc_compile_file(const struct fngc_options *options, const char *path,
		      struct fngc_result **result);

/**
 * fngc_compile_text() - compile a policy from memory
 * @options: how, or NULL
 * @name: file name to use in diagnostics, rules and for finding templates
 * @text: the policy; need not end in NUL
 * @size: bytes of @text
 * @result: set in every case, to be freed by the caller
 *
 * Return: 0, or -EINVAL if the policy is invalid.
 */
int fngc_compile_text(const struct fngc_options *options, const char *name,
		      const char *text, size_t size,
		      struct fngc_result **result);

/**
 * fngc_result_free() - free a result and everything that it points to
 * @result: result of a compilation, or NULL
 */
void fngc_result_free(struct fngc_result *result);

/**
 * fngc_diags_print() - print diagnostics as file:line:col, source line and caret
 * @result: result of a compilation
 * @out: where to
 * @colour: use terminal colours
 */
void fngc_diags_print(const struct fngc_result *result, FILE *out, bool colour);

/**
 * fngc_diags_json() - diagnostics as a JSON array
 * @result: result of a compilation
 *
 * Return: a new reference.
 */
struct json_t *fngc_diags_json(const struct fngc_result *result);

/**
 * struct fngc_origin - where a rule id of an image was written
 * @file: file name; empty for the guard's own rules
 * @line: line; 0 for the guard's own rules
 * @text: the rule; "floor mount", "guard undecidable" and the like for the
 *	guard's own; "unrestricted" if no rule applies
 */
struct fngc_origin {
	const char *file;
	u32 line;
	const char *text;
};

/**
 * fngc_origin() - describe a rule id of an image
 * @image: a verified image
 * @rule: rule id from a decision, an event or a counter
 * @origin: filled in; points into the image or to constants
 */
void fngc_origin(const struct fng_image *image, u32 rule,
		 struct fngc_origin *origin);

/**
 * enum fngc_verb - what a query asks about
 * @FNGC_ACCESS: access to a name: open, read, write, create, delete, attr,
 *	link, exec, map or unix
 * @FNGC_CONNECT: a destination
 * @FNGC_RESOLVE: a name that a name server is asked for
 * @FNGC_LISTEN: a port to be reached on
 * @FNGC_SOCKET: a socket's family and type
 * @FNGC_FILELESS: code without a file name
 * @FNGC_MODIFIED: code in a file that changed since the policy was bound
 * @FNGC_UNDIGESTED: code in a file that nobody has digested, or that is another
 * @FNGC_WRITE_EXEC: memory that was writable and becomes executable
 * @FNGC_CAPABILITY: the use of a capability
 * @FNGC_PRIVILEGE: what privileges.allow names, but for parts of the floor
 * @FNGC_FLOOR: a part of the fixed floor
 * @FNGC_MOVE: a file or directory gets another name, or a file one more; nothing
 *	has that name yet
 * @FNGC_LIMIT: how much is allowed
 */
enum fngc_verb {
	FNGC_ACCESS,
	FNGC_CONNECT,
	FNGC_RESOLVE,
	FNGC_LISTEN,
	FNGC_SOCKET,
	FNGC_FILELESS,
	FNGC_MODIFIED,
	FNGC_UNDIGESTED,
	FNGC_WRITE_EXEC,
	FNGC_CAPABILITY,
	FNGC_PRIVILEGE,
	FNGC_FLOOR,
	FNGC_MOVE,
	FNGC_LIMIT,
};

/**
 * struct fngc_query - a question to a policy
 * @verb: what about
 * @path: FNGC_ACCESS, FNGC_UNDIGESTED and FNGC_MOVE: absolute path; for the first
 *	also name of a Unix socket as in a rule; the caller's memory
 * @to: FNGC_MOVE: the new name, as @path
 * @access: FNGC_ACCESS: FNG_ACCESS_* bits; FNGC_MOVE: what is done to @path
 * @tree: FNGC_MOVE: it is a directory
 * @host: FNGC_RESOLVE: the name; FNGC_CONNECT: name of the destination, empty for
 *	one that is an address
 * @endpoint: FNGC_CONNECT: the destination, or one that anybody may have;
 *	FNGC_LISTEN: protocol and port
 * @family: FNGC_SOCKET: AF_*
 * @type: FNGC_SOCKET: SOCK_*
 * @part: FNGC_CAPABILITY: CAP_*; FNGC_PRIVILEGE: enum fng_privilege;
 *	FNGC_FLOOR: enum fng_floor; FNGC_LIMIT: enum fng_limit
 */
struct fngc_query {
	enum fngc_verb verb;
	const char *path;
	const char *to;
	u32 access;
	bool tree;
	char host[FNG_MAX_HOST_NAME + 1];
	struct fng_endpoint endpoint;
	u32 family;
	u32 type;
	u32 part;
};

/**
 * fngc_query_parse() - read a query as written on the command line and in tests
 * @verb: "open", "exec", "map", "connect", "socket", ...
 * @target: path, "1.2.3.4:443/tcp", "[::1]:53/udp", "8080/tcp", "@name", ...
 * @access: for "open": words such as "read,write", NULL means read; for "rename",
 *	"rename-dir" and "link": the new name, without which "link" is an access
 * @query: filled in; keeps @target, and a new name
 * @reason: on failure, what was wrong
 * @size: bytes of @reason
 *
 * Return: 0 or -EINVAL.
 */
int fngc_query_parse(const char *verb, const char *target, const char *access,
		     struct fngc_query *query, char *reason, size_t size);

/**
 * fngc_decide() - answer a query by the engine
 * @image: a verified image
 * @query: the question
 * @decision: filled in
 */
void fngc_decide(const struct fng_image *image, const struct fngc_query *query,
		 struct fng_decision *decision);

/**
 * fngc_decide_gain() - may a file be known by a new name, for what it would win?
 * @image: a verified image
 * @from: name that it has
 * @to: name that it gets
 * @tree: it is a directory, so that the same holds of all below
 * @decision: filled in
 */
void fngc_decide_gain(const struct fng_image *image, const char *from,
		      const char *to, bool tree, struct fng_decision *decision);

/**
 * struct fngc_test - one inline test of a policy, after it has been run
 * @file: source file
 * @line: line of the test
 * @column: column of the test
 * @text: the question as written, "open /etc/shadow read"
 * @query: the question
 * @expect: enum fng_effect that the author expects
 * @phase: the phase that is asked, or NULL for what the policy starts in
 * @rule: rule that the author expects to decide, as "name:line", or NULL
 * @decision: what the engine said
 * @origin: rule that decided
 * @passed: the decision is what the author expects
 */
struct fngc_test {
	const char *file;
	u32 line;
	u32 column;
	const char *text;
	struct fngc_query query;
	u8 expect;
	const char *phase;
	const char *rule;
	struct fng_decision decision;
	struct fngc_origin origin;
	bool passed;
};

/**
 * fngc_tests() - run the inline tests of a policy
 * @result: a compilation without errors
 * @tests: set to the tests, which belong to @result
 *
 * Return: number of tests.
 */
size_t fngc_tests(struct fngc_result *result, const struct fngc_test **tests);

/**
 * fngc_schema_json() - JSON Schema of the policy language
 *
 * Return: a new reference.
 */
struct json_t *fngc_schema_json(void);

/**
 * fngc_schema_print() - the keys of the policy language, for readers
 * @out: where to
 */
void fngc_schema_print(FILE *out);

/* Short names of enums, for everything that prints. */
const char *fngc_class_name(u32 class);
const char *fngc_mode_name(u32 mode);
const char *fngc_effect_name(u32 effect);
const char *fngc_errno_name(u32 err);
const char *fngc_severity_name(enum fngc_severity severity);

/**
 * fngc_access_names() - write access bits as words
 * @access: FNG_ACCESS_* bits
 * @buf: at least FNGC_ACCESS_NAMES_SIZE bytes
 *
 * Return: @buf, "read,write" for example.
 */
char *fngc_access_names(u32 access, char *buf);

#define FNGC_ACCESS_NAMES_SIZE	64

/* Writes what a policy kills for as words, "exec,fileless" for example. */
#define FNGC_KILL_NAMES_SIZE	96
char *fngc_kill_names(u32 kill, char *buf);

/* The same of what it observes: "exec,connect, one in 10ms, 100 at once". */
#define FNGC_OBSERVE_TEXT_SIZE	96
char *fngc_observe_text(const struct fng_image_meta *meta, char *buf);

#endif /* COMPILER_COMPILER_H */
