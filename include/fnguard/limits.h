/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Every bound of fnguard. The compiler refuses what exceeds one with a
 * file:line:col diagnostic, the kernel's verifier refuses it again.
 */
#ifndef FNGUARD_LIMITS_H
#define FNGUARD_LIMITS_H

/* Bytes of a policy name, without its terminating NUL. */
#define FNG_MAX_POLICY_NAME	63
/* Bytes of the labels of one binding, without the terminating NUL. */
#define FNG_MAX_LABELS		256
/* Phases of one policy behind that it starts in, and bytes of the name of one. */
#define FNG_MAX_PHASES		4
#define FNG_MAX_PHASE_NAME	31
/* Seconds after which one is entered by itself: at most a year. */
#define FNG_MAX_PHASE_TIME	(365u * 86400)
/* Activations whose names are kept, and bytes of the name of one. */
#define FNG_MAX_ACTIVATIONS	16384
#define FNG_MAX_ACTIVATION	63
/* Policies that may apply to one cgroup, its ancestors' included. */
#define FNG_MAX_APPLIED		8
/* Policies that the kernel holds at once. */
#define FNG_MAX_POLICIES	16384
/* Policies in one load transaction. */
#define FNG_MAX_TRANSACTION	256
/* Explicit bindings that the kernel holds at once. */
#define FNG_MAX_BINDINGS	65536
/* Network devices that are bound at once. */
#define FNG_MAX_DEVICES		4096
/* Cgroups that are exempt from their rules at once. */
#define FNG_MAX_EXEMPTIONS	64
/* Seconds for which one may be, and bytes of the reason, without its NUL. */
#define FNG_MAX_EXEMPTION	86400
#define FNG_MAX_EXEMPTION_REASON	95
/* Seconds in which a load may have to be confirmed. */
#define FNG_MAX_TRIAL		86400
/* Tasks that may be entering guarded cgroups at once. */
#define FNG_MAX_ENTERING	4096
/* Certificates that the guard is sealed with, and bytes of one, in DER. */
#define FNG_MAX_CERTIFICATES	8
#define FNG_MAX_CERTIFICATE	4096
/* Bytes of the signature of one image, with the certificates in it. */
#define FNG_MAX_SIGNATURE	16384
/* Files declared as launchers of functions. */
#define FNG_MAX_LAUNCHERS	16

/* Bytes of one compiled image. */
#define FNG_MAX_IMAGE_SIZE	(64u << 20)
/* Bytes of the string section. */
#define FNG_MAX_STRINGS		(8u << 20)
/* Rules of one policy, the ones taken from templates included. */
#define FNG_MAX_RULES		65536
/* States and transitions of one automaton. */
#define FNG_MAX_STATES		(1u << 21)
#define FNG_MAX_TRANSITIONS	(1u << 22)
/* Distinct results an automaton can give: a state has 16 bits for one. */
#define FNG_MAX_ACCEPTS		65536
/* Address ranges of one family. */
#define FNG_MAX_RANGES		131072
/* Port sets, and port ranges of all sets together. */
#define FNG_MAX_PORTSETS	65536
#define FNG_MAX_PORTS		262144
/* Different verdicts on names of hosts: a state has 16 bits for one. */
#define FNG_MAX_HOSTS		65535
/* Name servers that one policy believes. */
#define FNG_MAX_RESOLVERS	16
/* Bytes of a host's name, labels with dots between, none at the end. */
#define FNG_MAX_HOST_NAME	253

/* Files of one policy whose content is known by its digest. */
#define FNG_MAX_DIGESTS		256
/* Files that the kernel knows the digest of; the oldest make room. */
#define FNG_MAX_ATTESTED	65536

/* Bytes of a path that the kernel judges; longer is undecidable: denied. */
#define FNG_MAX_PATH		4096
/* Bytes of a policy source file, and files that one policy may extend. */
#define FNG_MAX_SOURCE		(16u << 20)
#define FNG_MAX_EXTENDS		16

/*
 * What one is worth of a rate, in 2^-FNG_LIMIT_SHIFT ns: at most an hour. What a
 * full bucket is worth, in ns: at most a year.
 */
#define FNG_LIMIT_SHIFT		20
#define FNG_MAX_LIMIT_COST	(3600ull * 1000000000 << FNG_LIMIT_SHIFT)
#define FNG_MAX_LIMIT_BURST	(365ull * 86400 * 1000000000)
/* Bytes that a policy may let leave in all. */
#define FNG_MAX_LIMIT_TOTAL	((1ull << 63) - 1)
/* Addresses of which a policy may let something be sent to each. */
#define FNG_MAX_DESTINATIONS	1024
/* Bytes of a label of a host's name. */
#define FNG_MAX_LABEL		63

/* Records of one DNS answer; with more, none of it is believed. */
#define FNG_MAX_DNS_RECORDS	256
/*
 * Aliases from the name that was asked about to the one with the addresses; an
 * answer may have twice as many in all.
 */
#define FNG_MAX_DNS_CHAIN	8

/* Acts that a policy which learns remembers, and bytes of all of them. */
#define FNG_MAX_ACTS		16384
#define FNG_MAX_ACTS_SIZE	(4u << 20)

/* Refusals after which a policy has a cgroup in quarantine, and in how many seconds. */
#define FNG_MAX_QUARANTINE	1024
#define FNG_MAX_QUARANTINE_TIME	3600

/* Allowed operations of one policy and cgroup that are reported at once. */
#define FNG_MAX_OBSERVE_BURST	65536

/* Sample objects that are reported for one row of the ledger. */
#define FNG_MAX_SAMPLES		8
/* Bytes of an object's name that an event carries. */
#define FNG_MAX_EVENT_OBJECT	256

#endif /* FNGUARD_LIMITS_H */
