/* SPDX-License-Identifier: MIT */
/*
 * The control client: what the kernel module can be asked to do.
 *
 * Every call returns 0 or a negative errno. On failure, client->error holds one
 * sentence: the kernel's own where it gave one, with the attribute that it
 * complained about.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <fnguard/access.h>
#include <fnguard/hooks.h>
#include <fnguard/image.h>
#include <fnguard/limits.h>
#include <fnguard/types.h>
#include <uapi/fnguard.h>

struct fng_client_candidate;
struct nl_sock;

#define FNG_CLIENT_TEXT_SIZE	320

/**
 * struct fng_client - a connection to the kernel module
 * @sock: libnl's socket
 * @family: number of the generic netlink family, 0 if there is none
 * @group: number of the multicast group of events
 * @error: why the last failed call failed
 * @warning: what the kernel remarked about a call that succeeded, or ""
 */
struct fng_client {
	struct nl_sock *sock;
	int family;
	int group;
	char error[FNG_CLIENT_TEXT_SIZE];
	char warning[FNG_CLIENT_TEXT_SIZE];
};

/**
 * fng_client_open() - connect to the kernel module
 * @client: filled in; to be closed in every case
 *
 * Return: 0, -ENOENT if the module is not loaded or this is not the initial
 * network namespace, or another negative errno.
 */
int fng_client_open(struct fng_client *client);

/* Closes the connection; @client->error stays readable. */
void fng_client_close(struct fng_client *client);

/**
 * struct fng_client_status - state of the guard
 * @state: enum fng_state
 * @reason: why, for states that have a reason
 * @policy_gen: generation of the loaded policies
 * @binding_gen: generation of the explicit bindings
 * @image_abi: newest image format that the module takes
 * @module_version: version of the module
 * @nr_policies: loaded policies
 * @nr_bindings: explicit bindings of cgroups
 * @nr_devices: bound network devices
 * @nr_exempt: cgroups that are exempt from their rules for a while
 * @nr_quarantined: cgroups in quarantine
 * @nr_subjects: cgroups with cached policies
 * @nr_entering: tasks that are entering
 * @seq: number of the last event
 * @events_lost: sample events that found no room
 * @denied: refusals since the module was loaded
 * @kills: processes that were killed for them
 * @phases: how often a cgroup has entered a phase
 * @unheard: of them, those that no event could tell in time
 * @unconfirmed: a load waits to be confirmed
 * @confirm_left: seconds that are left for it
 * @sealed: until reboot, what is enforced can only be added to
 * @proven: per hook, it was proven to refuse
 * @absent: per hook, this kernel does not have it
 */
struct fng_client_status {
	u32 state;
	char reason[128];
	u64 policy_gen;
	u64 binding_gen;
	u32 image_abi;
	char module_version[32];
	u32 nr_policies;
	u32 nr_bindings;
	u32 nr_devices;
	u32 nr_exempt;
	u32 nr_quarantined;
	u32 nr_subjects;
	u32 nr_entering;
	u64 seq;
	u64 events_lost;
	u64 denied;
	u64 kills;
	u64 phases;
	u64 unheard;
	bool unconfirmed;
	u32 confirm_left;
	bool sealed;
	bool proven[FNG_NR_HOOKS];
	bool absent[FNG_NR_HOOKS];
};

/**
 * fng_client_status() - ask for the state of the guard
 * @client: connection
 * @agent: declare that the caller is the agent
 * @status: filled in
 */
int fng_client_status(struct fng_client *client, bool agent,
		      struct fng_client_status *status);

/**
 * fng_client_arm() - attach the hooks, or move a running proof on
 * @client: connection
 * @canary_fd: cgroup whose tasks are to be refused
 * @hook: enum fng_hook that is to refuse them, or -1 for every hook
 */
int fng_client_arm(struct fng_client *client, int canary_fd, int hook);

/**
 * fng_client_prove() - end a proof
 * @client: connection
 *
 * Return: 0, -ENOMSG if a hook was not reached, or another negative errno.
 */
int fng_client_prove(struct fng_client *client);

/* Drops all policies and detaches the hooks; @reason goes into the event. */
int fng_client_disarm(struct fng_client *client, const char *reason);

/**
 * struct fng_client_certificate - somebody whose signatures are to count
 * @data: X.509, in DER
 * @size: bytes of it
 */
struct fng_client_certificate {
	const void *data;
	size_t size;
};

/**
 * fng_client_seal() - let what is enforced only be added to, until reboot
 * @client: connection
 * @certificates: of who may sign policies from then on
 * @nr: number of them, at most FNG_MAX_CERTIFICATES
 *
 * Return: 0, -EINVAL if the guard is not enforcing, -EPERM if it is sealed already,
 * -EOPNOTSUPP if the kernel cannot check signatures, or another negative errno.
 */
int fng_client_seal(struct fng_client *client,
		    const struct fng_client_certificate *certificates, size_t nr);

/**
 * struct fng_client_image - an image to load
 * @data: the image, as the compiler made it
 * @size: bytes of it
 * @signature: detached PKCS#7 over @data in DER, or NULL
 * @signature_size: bytes of it
 */
struct fng_client_image {
	const void *data;
	size_t size;
	const void *signature;
	size_t signature_size;
};

/**
 * fng_client_policy_load() - load policies, all or none
 * @client: connection
 * @generation: generation of policies that the caller has seen; set to the new
 * @images: the policies
 * @nr: number of them, at most FNG_MAX_TRANSACTION
 *
 * Return: 0, -ESTALE if somebody else changed the policies meanwhile, or another
 * negative errno.
 */
int fng_client_policy_load(struct fng_client *client, u64 *generation,
			   const struct fng_client_image *images, size_t nr);

/**
 * fng_client_policy_unload() - unload a policy
 * @client: connection
 * @generation: as for fng_client_policy_load()
 * @name: policy
 * @replace_with: loaded policy that takes over its bindings, or NULL
 */
int fng_client_policy_unload(struct fng_client *client, u64 *generation,
			     const char *name, const char *replace_with);

/**
 * struct fng_client_policy - a loaded policy
 * @name: name
 * @version: the author's number
 * @mode: enum fng_mode of its floor class
 * @image_size: bytes of its image
 * @image_hash: hash of its image
 * @nr_rules: rules
 * @nr_bindings: explicit bindings to it
 * @candidate: what may take its place, see client/load.h; or NULL
 */
struct fng_client_policy {
	const char *name;
	u32 version;
	u32 mode;
	u32 image_size;
	u64 image_hash;
	u32 nr_rules;
	u32 nr_bindings;
	const struct fng_client_candidate *candidate;
};

/* Called for each row of a list; a non-zero result ends it and is returned. */
typedef int (*fng_client_policy_fn)(const struct fng_client_policy *policy,
				    void *data);

/* Calls @fn for every loaded policy. */
int fng_client_policy_list(struct fng_client *client, fng_client_policy_fn fn,
			   void *data);

/* Calls @fn for one loaded policy; -ENOENT if there is none of that name. */
int fng_client_policy_get(struct fng_client *client, const char *name,
			  fng_client_policy_fn fn, void *data);

/*
 * Gives the image that a loaded policy came as, to be freed; -ENOENT if there is
 * none of that name.
 */
int fng_client_policy_image(struct fng_client *client, const char *name,
			    void **data, size_t *size);

/**
 * struct fng_client_moment - when something was, by the kernel's clock
 * @wall: nanoseconds
 * @steps: how often it had been set back
 */
struct fng_client_moment {
	u64 wall;
	u32 steps;
};

/**
 * fng_client_attest_begin() - say that a file is about to be digested
 * @client: connection
 * @fd: the file
 * @moment: set to what has to be handed on
 *
 * Return: 0, -ETXTBSY or -EOPNOTSUPP if it is being written or its file system
 * cannot be relied on, -EAGAIN if pages of it are in use, or another negative
 * errno.
 */
int fng_client_attest_begin(struct fng_client *client, int fd,
			    struct fng_client_moment *moment);

/**
 * struct fng_client_attestation - what a file was found to be
 * @fd: the file
 * @size: bytes of it
 * @ctime: its change time in nanoseconds, like @size from before it was read
 * @moment: from fng_client_attest_begin(), even earlier
 * @sha256: digest of all of it
 */
struct fng_client_attestation {
	int fd;
	u64 size;
	u64 ctime;
	struct fng_client_moment moment;
	u8 sha256[FNG_SHA256_SIZE];
};

/**
 * fng_client_attest() - say what is in a file
 * @client: connection
 * @attestation: what was found
 *
 * Return: 0, -ESTALE or -EAGAIN if it has changed meanwhile, or another negative
 * errno.
 */
int fng_client_attest(struct fng_client *client,
		      const struct fng_client_attestation *attestation);

/**
 * struct fng_client_binding - a binding
 * @cgroup_fd: cgroup directory, when binding and unbinding; or -1
 * @cgroup_id: id of the cgroup; when unbinding, used if @cgroup_fd is -1
 * @cgroup: path from the v2 root, or NULL
 * @policy: policy; NULL when unbinding: all of the cgroup
 * @labels: "key=value,key=value", or NULL
 * @template: made by a policy's attach.cgroup
 * @partial: the cgroup holds tasks that are older than the binding
 * @dead: the cgroup was removed, but sockets of it live on
 */
struct fng_client_binding {
	int cgroup_fd;
	u64 cgroup_id;
	const char *cgroup;
	const char *policy;
	const char *labels;
	bool template;
	bool partial;
	bool dead;
};

/**
 * fng_client_bind() - bind a cgroup and all below it to a policy
 * @client: connection
 * @binding: @cgroup_fd, @policy and @labels are read, @cgroup_id and @partial
 *	set
 */
int fng_client_bind(struct fng_client *client,
		    struct fng_client_binding *binding);

/* Removes the bindings that @binding describes. */
int fng_client_unbind(struct fng_client *client,
		      const struct fng_client_binding *binding);

typedef int (*fng_client_binding_fn)(const struct fng_client_binding *binding,
				     void *data);

/* Calls @fn for every binding. */
int fng_client_binding_list(struct fng_client *client,
			    fng_client_binding_fn fn, void *data);

/**
 * struct fng_client_exemption - a cgroup that is exempt from its rules for a while
 * @cgroup_fd: cgroup directory, when it begins
 * @cgroup_id: id of the cgroup; of lists only, as is @cgroup
 * @cgroup: path from the v2 root, or NULL if it is gone
 * @seconds: for how long, or, in lists, for how much longer
 * @reason: why
 */
struct fng_client_exemption {
	int cgroup_fd;
	u64 cgroup_id;
	const char *cgroup;
	u32 seconds;
	const char *reason;
};

/**
 * fng_client_exempt() - let rules refuse nothing in a cgroup, and all below it
 * @client: connection
 * @exemption: @cgroup_fd, @seconds and @reason
 *
 * Return: 0, -ENOENT if no policy applies to the cgroup, -EPERM if the guard is
 * sealed, or another negative errno.
 */
int fng_client_exempt(struct fng_client *client,
		      const struct fng_client_exemption *exemption);

/* Ends it; -ENOENT if there is none. */
int fng_client_exempt_end(struct fng_client *client, int cgroup_fd);

typedef int (*fng_client_exemption_fn)(const struct fng_client_exemption *exemption,
				       void *data);

/* Calls @fn for every exempt cgroup. */
int fng_client_exemption_list(struct fng_client *client,
			      fng_client_exemption_fn fn, void *data);

/**
 * fng_client_release() - let a cgroup out of quarantine
 * @client: connection
 * @cgroup_fd: cgroup directory
 *
 * Return: 0, -ENOENT if it is in none, -EPERM if the guard is sealed, or another
 * negative errno.
 */
int fng_client_release(struct fng_client *client, int cgroup_fd);

/* Told the id and path of each, NULL if it is gone. */
typedef int (*fng_client_quarantined_fn)(u64 cgroup_id, const char *cgroup,
					 void *data);

/* Calls @fn for every cgroup in quarantine. */
int fng_client_quarantined_list(struct fng_client *client,
				fng_client_quarantined_fn fn, void *data);

/**
 * struct fng_client_netdev - a bound network device
 * @netns_fd: network namespace when binding and unbinding, or -1: the initial one
 * @ifindex: number of the device there
 * @policy: policy; not needed to unbind
 * @labels: "key=value,key=value", or NULL
 * @id: stands for the cgroup in events and counters
 * @netns: inode of the namespace's file; of lists only
 * @name: of the device
 * @template: bound by a policy's attach.interface; of lists only
 */
struct fng_client_netdev {
	int netns_fd;
	u32 ifindex;
	const char *policy;
	const char *labels;
	u64 id;
	u32 netns;
	char name[16];
	bool template;
};

/**
 * fng_client_netdev_bind() - bind a policy to a network device
 * @client: connection
 * @netdev: @id and @name are set
 */
int fng_client_netdev_bind(struct fng_client *client,
			   struct fng_client_netdev *netdev);

/* Unbinds it; sets @id and @name. */
int fng_client_netdev_unbind(struct fng_client *client,
			     struct fng_client_netdev *netdev);

typedef int (*fng_client_netdev_fn)(const struct fng_client_netdev *netdev,
				    void *data);

/* Calls @fn for every bound device. */
int fng_client_netdev_list(struct fng_client *client, fng_client_netdev_fn fn,
			   void *data);

/**
 * struct fng_client_counter - a row of the ledger
 * @cgroup_id: cgroup; 0 in totals, in rests, and of devices
 * @cgroup: its path, or NULL if it is gone
 * @device_id: binding of a device, or 0
 * @device: name of the device, or NULL if it is gone
 * @policy: policy
 * @phase: the phase of it that has refused it; NULL for what it starts in
 * @activation: of which activation of the cgroup; NULL of none
 * @version: its version
 * @rest: what was refused to cgroups that did not fit in the table or are gone;
 *	no hook, class or rule is known
 * @hook: enum fng_hook
 * @class: enum fng_class
 * @rule: rule id
 * @rule_file: where the rule was written, or NULL
 * @rule_line: line in it
 * @rule_text: the rule, or NULL
 * @audit: counts what enforce mode would refuse
 * @observed: counts what is allowed, since a policy wants to know of it
 * @would_deny: counts what is allowed, and the policy's candidate would refuse; the
 *	rule is the candidate's
 * @would_allow: counts what is refused, and the policy's candidate would allow
 * @entering: by tasks that had not entered yet
 * @count: how often, exactly
 * @reported: of @count, those told in events
 */
struct fng_client_counter {
	u64 cgroup_id;
	const char *cgroup;
	u64 device_id;
	const char *device;
	const char *policy;
	const char *phase;
	const char *activation;
	u32 version;
	bool rest;
	u32 hook;
	u32 class;
	u32 rule;
	const char *rule_file;
	u32 rule_line;
	const char *rule_text;
	bool audit;
	bool observed;
	bool would_deny;
	bool would_allow;
	bool entering;
	u64 count;
	u64 reported;
};

/* Is it of refusals by what is in force, or of what enforce mode would refuse? */
static inline bool
fng_client_counter_refuses(const struct fng_client_counter *counter)
{
	return !counter->observed && !counter->would_deny &&
	       !counter->would_allow;
}

typedef int (*fng_client_counter_fn)(const struct fng_client_counter *counter,
				     void *data);

/**
 * fng_client_counters() - read the ledger
 * @client: connection
 * @policy: only rows of this policy, or NULL
 * @cgroup_id: only rows of this cgroup or binding of a device; 0 there: totals over all cgroups since the
 *	policy was loaded; NULL: rows of every cgroup
 * @fn: called for each row
 * @data: handed to @fn
 */
int fng_client_counters(struct fng_client *client, const char *policy,
			const u64 *cgroup_id, fng_client_counter_fn fn, void *data);

#endif /* CLIENT_CLIENT_H */
