/* SPDX-License-Identifier: MIT */
/*
 * What one policy allows and another does not, found in their images: every way
 * in which the engine could answer differently is looked at, none is sampled.
 */
#ifndef COMPILER_DIFF_H
#define COMPILER_DIFF_H

#include <compiler/compiler.h>

/**
 * enum fngc_change - what became of an answer
 * @FNGC_CHANGE_ALLOWED: it was refused and is allowed, or only reported
 * @FNGC_CHANGE_REFUSED: the other way round
 * @FNGC_CHANGE_OTHER: neither: it is refused in another way, or the policy
 *	applies to others
 * @FNGC_NR_CHANGES: number of these
 */
enum fngc_change {
	FNGC_CHANGE_ALLOWED,
	FNGC_CHANGE_REFUSED,
	FNGC_CHANGE_OTHER,
	FNGC_NR_CHANGES
};

/**
 * enum fngc_about - what a difference is about
 * @FNGC_ABOUT_NAME: access to a name
 * @FNGC_ABOUT_DIRECTORY: another name for a directory, or none
 * @FNGC_ABOUT_MOVE: another name for a directory, by what is below both
 * @FNGC_ABOUT_NAMELESS: access to a file that has lost its name
 * @FNGC_ABOUT_CONNECT: an address
 * @FNGC_ABOUT_HOST: an address that a name has
 * @FNGC_ABOUT_ANSWER: a datagram to who has sent one
 * @FNGC_ABOUT_RESOLVE: a name that a name server is asked for
 * @FNGC_ABOUT_RESOLVER: a name server that is believed
 * @FNGC_ABOUT_LISTEN: a port to be reached on
 * @FNGC_ABOUT_NAMED: a port that a rule, and no default, allows to be reached on,
 *	so that guests behind devices may answer from there
 * @FNGC_ABOUT_SOCKET: a family and type of sockets
 * @FNGC_ABOUT_CAPABILITY: a capability
 * @FNGC_ABOUT_PRIVILEGE: a privilege
 * @FNGC_ABOUT_FLOOR: a part of the floor
 * @FNGC_ABOUT_FILELESS: code without a file
 * @FNGC_ABOUT_MODIFIED: code in a file that changed
 * @FNGC_ABOUT_WRITE_EXEC: code in memory that was written
 * @FNGC_ABOUT_DIGEST: what a file has to be to become code
 * @FNGC_ABOUT_LIMIT: how much of something
 * @FNGC_ABOUT_MODE: whether a section enforces
 * @FNGC_ABOUT_ERRNO: what is said to who is refused
 * @FNGC_ABOUT_KILL: whether who is refused something is killed
 * @FNGC_ABOUT_QUARANTINE: after how many refusals nothing is executed or sent
 * @FNGC_ABOUT_OBSERVE: what is reported when it is allowed
 * @FNGC_ABOUT_CGROUP: cgroups that the policy applies to by itself
 * @FNGC_ABOUT_DEVICE: network devices, the same
 */
enum fngc_about {
	FNGC_ABOUT_NAME,
	FNGC_ABOUT_DIRECTORY,
	FNGC_ABOUT_MOVE,
	FNGC_ABOUT_NAMELESS,
	FNGC_ABOUT_CONNECT,
	FNGC_ABOUT_HOST,
	FNGC_ABOUT_ANSWER,
	FNGC_ABOUT_RESOLVE,
	FNGC_ABOUT_RESOLVER,
	FNGC_ABOUT_LISTEN,
	FNGC_ABOUT_NAMED,
	FNGC_ABOUT_SOCKET,
	FNGC_ABOUT_CAPABILITY,
	FNGC_ABOUT_PRIVILEGE,
	FNGC_ABOUT_FLOOR,
	FNGC_ABOUT_FILELESS,
	FNGC_ABOUT_MODIFIED,
	FNGC_ABOUT_WRITE_EXEC,
	FNGC_ABOUT_DIGEST,
	FNGC_ABOUT_LIMIT,
	FNGC_ABOUT_MODE,
	FNGC_ABOUT_ERRNO,
	FNGC_ABOUT_KILL,
	FNGC_ABOUT_QUARANTINE,
	FNGC_ABOUT_OBSERVE,
	FNGC_ABOUT_CGROUP,
	FNGC_ABOUT_DEVICE,
};

/**
 * struct fngc_answer - what one of the policies says
 * @word: allow, deny or audit, which would deny; or another word for it
 * @rule: rule id in that policy; FNG_RULE_NONE if it is no rule's
 */
struct fngc_answer {
	const char *word;
	u32 rule;
};

/**
 * struct fngc_example - one of those that are answered differently
 * @name: a path, a name of a host, cgroup or device, as the engine takes it; or
 *	NULL
 * @to: FNGC_ABOUT_MOVE: the name that it gets
 * @endpoint: address, protocol and port
 * @family: AF_*
 * @type: SOCK_*
 * @part: number of a capability, privilege, part of the floor, or limit;
 *	FNGC_ABOUT_ANSWER: the port that it is from
 * @access: one of FNG_ACCESS_*
 * @sha256: FNGC_ABOUT_DIGEST: digest of the file's content, or NULL: it is none
 *	that either policy names
 */
struct fngc_example {
	const char *name;
	const char *to;
	struct fng_endpoint endpoint;
	u32 family;
	u32 type;
	u32 part;
	u32 access;
	const u8 *sha256;
};

/**
 * struct fngc_difference - all that changed alike, by the same rules
 * @change: what became of it
 * @about: what it is about
 * @class: enum fng_class
 * @bits: what it is true of: FNG_ACCESS_*, each of them, of names; else, by
 *	number, protocols, capabilities, privileges or parts of the floor, each of
 *	them for some example
 * @answer: of the policy before and the one after
 * @example: one of them; the shortest, if it has a name
 * @section: the section in words
 * @operation: what is done, in words
 * @what: the rule that made the difference, or what it is in words; may be empty
 * @text: @example in words; may be empty
 */
struct fngc_difference {
	enum fngc_change change;
	enum fngc_about about;
	u8 class;
	u64 bits;
	struct fngc_answer answer[2];
	struct fngc_example example;
	const char *section;
	const char *operation;
	const char *what;
	const char *text;
};

/**
 * struct fngc_diff - how two policies differ
 * @differences: what is newly allowed, then what is newly refused, then the rest
 * @nr: number of @differences
 * @error: why there is no answer, or NULL
 *
 * Everything belongs to it, or to the images, and lives until fngc_diff_free().
 */
struct fngc_diff {
	const struct fngc_difference *differences;
	size_t nr;
	const char *error;
};

/* Pairs of states, and of rules, that are looked at before it is given up. */
#define FNGC_MAX_PAIRS	(16u << 20)

/**
 * fngc_diff() - compare two policies
 * @before: a verified image
 * @after: another; both must outlive the result
 * @diff: set in every case, to be freed by the caller
 *
 * There is no difference that is not in one of those listed: a rename of a file is
 * a matter of what both of its names allow, and in those.
 *
 * Return: 0, or -E2BIG if the policies are too large to be compared.
 */
int fngc_diff(const struct fng_image *before, const struct fng_image *after,
	      struct fngc_diff **diff);

/* Frees it and all that it points to; may be NULL. */
void fngc_diff_free(struct fngc_diff *diff);

#endif /* COMPILER_DIFF_H */
