/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in the maps: the contract between the program and who fills them.
 */
#ifndef TESTS_BENCH_BPF_MAPS_H
#define TESTS_BENCH_BPF_MAPS_H

#include <linux/types.h>

/* Bytes of a path with its terminating NUL: the key of a trie has no room for more. */
#define PATH_BYTES	252
#define MAX_RANGES	2

enum access {
	ACCESS_READ	= 1 << 0,
	ACCESS_WRITE	= 1 << 1,
	ACCESS_CREATE	= 1 << 2,
	ACCESS_DELETE	= 1 << 3,
	ACCESS_EXEC	= 1 << 4,
	ACCESS_MAP	= 1 << 5,
};

/**
 * struct path_key - key of the trie of paths
 * @bits: that count, of what follows
 * @policy: number of the policy
 * @path: with its NUL for a rule on exactly this path, without for a prefix
 */
struct path_key {
	__u32 bits;
	__u32 policy;
	char path[PATH_BYTES];
};

/* What the longest rule on a path says: bits of enum access. */
struct path_rule {
	__u32 allowed;
	__u32 denied;
};

/* Keys of the tries of addresses, as struct path_key. */
struct net4_key {
	__u32 bits;
	__u32 policy;
	__u8 address[4];
};

struct net6_key {
	__u32 bits;
	__u32 policy;
	__u8 address[16];
};

struct port_range {
	__u16 protocol;
	__u16 first;
	__u16 last;
};

/**
 * struct net_rule - what the longest rule on an address says
 * @allow: or deny
 * @nr: ranges of ports, of which one has to match; 0 for all ports
 * @ranges: the ranges
 */
struct net_rule {
	__u16 allow;
	__u16 nr;
	struct port_range ranges[MAX_RANGES];
};

/* What is told of a refusal. */
struct event {
	__u64 cgroup;
	__u32 policy;
	__u32 wanted;
	__u32 pid;
	char comm[16];
};

#endif /* TESTS_BENCH_BPF_MAPS_H */
