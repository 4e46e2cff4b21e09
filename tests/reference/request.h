/* SPDX-License-Identifier: MIT */
/*
 * Questions to a policy, most of them about what its rules only just cover.
 */
#ifndef REFERENCE_REQUEST_H
#define REFERENCE_REQUEST_H

#include <stdio.h>

#include "model.h"
#include "source.h"

#define REF_PATH_SIZE	192
#define REF_BELOW_SIZE	48
#define REF_MAX_BELOW	20

/**
 * enum ref_kind - what is asked
 * @REF_ASK_PATH: use of a path
 * @REF_ASK_RENAME: another name for a file
 * @REF_ASK_RENAME_PEER: another name for a socket
 * @REF_ASK_REMOVE_TREE: a directory's going away under its name
 * @REF_ASK_MOVE_TREE: another name for a directory
 * @REF_ASK_NAMELESS: use of a file that has lost its name
 * @REF_ASK_CONNECT: a destination
 * @REF_ASK_HOST: a destination that has a name
 * @REF_ASK_NAME: a name, before its addresses are known
 * @REF_ASK_RESOLVE: a name that is asked for
 * @REF_ASK_RESOLVER: an address that may be believed
 * @REF_ASK_USE: so many connections at once
 * @REF_ASK_LISTEN: a port to be reached on
 * @REF_ASK_SOCKET: a socket's family and type
 * @REF_ASK_CAPABILITY: use of a capability
 * @REF_ASK_PRIVILEGE: use of a privilege
 * @REF_ASK_DEFAULT: the default of a section
 * @REF_ASK_FILELESS: code without a file
 * @REF_ASK_MODIFIED: code in a file that changed
 * @REF_ASK_WRITE_EXEC: code in memory that was written
 * @REF_ASK_FLOOR: a part of the floor
 * @REF_ASK_CGROUP: a cgroup that may be one of those in attach
 * @REF_ASK_DEVICE: a network device that may be one of those in attach; audit
 *	says that its name is written out
 * @REF_NR_KINDS: number of kinds
 */
enum ref_kind {
	REF_ASK_PATH,
	REF_ASK_RENAME,
	REF_ASK_RENAME_PEER,
	REF_ASK_REMOVE_TREE,
	REF_ASK_MOVE_TREE,
	REF_ASK_NAMELESS,
	REF_ASK_CONNECT,
	REF_ASK_HOST,
	REF_ASK_NAME,
	REF_ASK_RESOLVE,
	REF_ASK_RESOLVER,
	REF_ASK_USE,
	REF_ASK_LISTEN,
	REF_ASK_SOCKET,
	REF_ASK_CAPABILITY,
	REF_ASK_PRIVILEGE,
	REF_ASK_DEFAULT,
	REF_ASK_FILELESS,
	REF_ASK_MODIFIED,
	REF_ASK_WRITE_EXEC,
	REF_ASK_FLOOR,
	REF_ASK_CGROUP,
	REF_ASK_DEVICE,
	REF_NR_KINDS
};

extern const char *const ref_kind_names[REF_NR_KINDS];

/**
 * struct ref_request - a question; what is used depends on the kind
 * @kind: enum ref_kind
 * @served: in the policy's phase; what it binds is no matter of one
 * @path: path, without a '/' at the end where it is a directory's, or name of a
 *	device
 * @to: the new one
 * @access: REF_* bits, all of one section
 * @family: 4 or 6
 * @proto: enum ref_proto
 * @port: port; of REF_ASK_USE, how many
 * @addr: address in network order; for IPv4 the first 4 bytes
 * @name: of a host; as the kernel has it for REF_ASK_HOST, else as people write it
 * @domain: AF_*
 * @type: SOCK_*
 * @capability: CAP_*
 * @privilege: index in ref_grants, below REF_NR_PRIVILEGES
 * @class: enum ref_class
 * @part: index in ref_floor_parts
 * @nr_below: number of @below
 * @below: names below a directory that rules may be about
 */
struct ref_request {
	u8 kind;
	bool served;
	char path[REF_PATH_SIZE];
	char to[REF_PATH_SIZE];
	u32 access;
	u8 family;
	u8 proto;
	u16 port;
	u8 addr[16];
	char name[2 * REF_HOST_SIZE];
	u32 domain;
	u32 type;
	u32 capability;
	u8 privilege;
	u8 class;
	u8 part;
	u32 nr_below;
	char below[REF_MAX_BELOW][REF_BELOW_SIZE];
};

/* A directory's path with a '/' at its end. */
static inline void ref_directory(const char *path, char out[REF_PATH_SIZE + 1])
{
	strcpy(stpcpy(out, path), path[1] ? "/" : "");
}

/* Some question to this policy. */
void ref_request_choose(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_request *request);

/* The parts that are about paths and about addresses. */
void ref_request_paths(struct ref_source *source,
		       const struct ref_policy *policy,
		       struct ref_request *request);
void ref_request_below(struct ref_source *source,
		       const struct ref_policy *policy,
		       struct ref_request *request);
void ref_request_device(struct ref_source *source, struct ref_request *request);
void ref_request_connect(struct ref_source *source,
			 const struct ref_policy *policy,
			 struct ref_request *request);
void ref_choose_form(struct ref_source *source, const u8 addr[16],
		     struct ref_request *request);
void ref_request_host(struct ref_source *source,
		      const struct ref_policy *policy,
		      struct ref_request *request);
void ref_request_listen(struct ref_source *source,
			const struct ref_policy *policy,
			struct ref_request *request);

/* One line, without its end; what is not ASCII as \xff. */
void ref_request_print(const struct ref_request *request, FILE *out);

#endif /* REFERENCE_REQUEST_H */
