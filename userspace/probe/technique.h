/* SPDX-License-Identifier: MIT */
/*
 * Techniques of attack, each a small case that a policy should stop.
 *
 * A case runs in a process, a cgroup, a mount namespace and a directory of its
 * own. It prepares while nothing guards it, and then acts. An act leaves the
 * machine as it is where it is allowed; if that can only be had by handing over
 * what the kernel cannot use, it has worked if that is what the kernel complains
 * about.
 */
#ifndef PROBE_TECHNIQUE_H
#define PROBE_TECHNIQUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <client/acts.h>

/**
 * enum fng_threat - what an attacker is after
 * @FNG_THREAT_CODE: to run code that was not deployed
 * @FNG_THREAT_PRIVILEGE: to become more than the function
 * @FNG_THREAT_RESOURCE: to use up what belongs to all
 * @FNG_THREAT_LEAK: to read what is secret, and to carry it out
 * @FNG_NR_THREATS: number of threats
 */
enum fng_threat {
	FNG_THREAT_CODE,
	FNG_THREAT_PRIVILEGE,
	FNG_THREAT_RESOURCE,
	FNG_THREAT_LEAK,
	FNG_NR_THREATS
};

/**
 * struct fng_case - a technique that is being tried
 * @technique: which
 * @dir: path of its directory, which is the working directory
 * @pid: the process that tries it
 * @victim: a process outside of the cgroup
 * @outside: descriptor of a cgroup that nobody guards
 * @fd: what the preparation left open, or -1
 * @page: a page that it left mapped
 */
struct fng_case {
	const struct fng_technique *technique;
	const char *dir;
	pid_t pid;
	pid_t victim;
	int outside;
	int fd;
	void *page;
};

#define FNG_PROBE_PAGE 4096

/**
 * struct fng_remedy - a line of a policy that stops a technique
 * @section: section that it belongs in
 * @line: a setting, or an item of the section's rules if it begins with a dash
 */
struct fng_remedy {
	const char *section;
	const char *line;
};

/**
 * struct fng_technique - a way to attack
 * @name: unique, in lower case
 * @threat: enum fng_threat
 * @attack_id: MITRE ATT&CK technique, or NULL if none fits
 * @summary: what is done, as an order
 * @prepare: makes what it needs, or NULL; 0 or the errno of what is missing
 * @act: does it; 0 if it worked, the errno that the kernel answered, or
 *	FNG_ACT_SIGNAL and more if the kernel killed it
 * @arg: for both
 * @remedy: closes it
 */
struct fng_technique {
	const char *name;
	enum fng_threat threat;
	const char *attack_id;
	const char *summary;
	int (*prepare)(struct fng_case *c);
	int (*act)(struct fng_case *c);
	const void *arg;
	const struct fng_remedy *remedy;
};

/* Each ends with one that has no name. */
extern const struct fng_technique fng_techniques_code[];
extern const struct fng_technique fng_techniques_memory[];
extern const struct fng_technique fng_techniques_trace[];
extern const struct fng_technique fng_techniques_privilege[];
extern const struct fng_technique fng_techniques_kernel[];
extern const struct fng_technique fng_techniques_escape[];
extern const struct fng_technique fng_techniques_resource[];
extern const struct fng_technique fng_techniques_files[];
extern const struct fng_technique fng_techniques_sockets[];
extern const struct fng_technique fng_techniques_egress[];
extern const struct fng_technique fng_techniques_reach[];
extern const struct fng_technique fng_techniques_receive[];

/* The technique of that number, in a fixed order; NULL behind the last. */
const struct fng_technique *fng_technique_at(size_t index);

const char *fng_threat_name(enum fng_threat threat);

/* Remedies that several techniques have. */
extern const struct fng_remedy fng_remedy_exec;
extern const struct fng_remedy fng_remedy_fileless;
extern const struct fng_remedy fng_remedy_modified;
extern const struct fng_remedy fng_remedy_write_exec;
extern const struct fng_remedy fng_remedy_capabilities;
extern const struct fng_remedy fng_remedy_privileges;
extern const struct fng_remedy fng_remedy_egress;

#define FNG_REMEDY(section, line) (&(const struct fng_remedy){ section, line })

/* An act that needs nothing but what it is. */
#define FNG_ACT(name, expression)           \
	static int name(struct fng_case *c) \
	{                                   \
		(void)c;                    \
		return expression;          \
	}

/*
 * Has a process make something outside of the cgroup, and stay as long as the case:
 * what @make returned, 0 or an errno.
 */
int fng_probe_have_outside(struct fng_case *c, int (*make)(struct fng_case *c));

/* What the kernel complains about where it cannot use what it was handed. */
int fng_probe_reached(int result, int complaint);

/* Opens @arg, and closes it again without reading or writing. */
int fng_probe_open_read(struct fng_case *c);
int fng_probe_open_write(struct fng_case *c);

/* A file of the case's directory with that content; an errno. */
int fng_probe_make_file(const char *name, const char *text, mode_t mode);

/* A program without libraries that ends at once: its bytes into a file; held, in memory. */
int fng_probe_write_program(int fd);
int fng_probe_hold_memfd(struct fng_case *c);
int fng_probe_make_program(const char *name, mode_t mode);

#endif /* PROBE_TECHNIQUE_H */
