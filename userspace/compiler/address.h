/* SPDX-License-Identifier: MIT */
/*
 * Addresses, networks, named sets of them, and ports.
 */
#ifndef COMPILER_ADDRESS_H
#define COMPILER_ADDRESS_H

#include <compiler/schema.h>

/* Ranges of one rule or set while it is read. */
typedef FNGC_ARRAY(struct fngc_range) fngc_ranges;

/**
 * struct fngc_set - a named set of addresses
 * @name: name, without '@'
 * @ranges: addresses
 * @nr_ranges: number of @ranges
 */
struct fngc_set {
	const char *name;
	const struct fngc_range *ranges;
	size_t nr_ranges;
};

/*
 * Parses "10.0.0.1" or "10.0.0.0/8". IPv6 networks of IPv4 addresses become
 * IPv4. Returns what is wrong, or NULL.
 */
const char *fngc_network_parse(struct fngc_compile *c, const char *text,
			       struct fngc_range *range);

/* A bare address, for queries; false if it is none. */
bool fngc_address_parse(const char *text, u8 addr[16], u8 *family);

/* Looks a set up, reading its file if it has to; NULL after reporting. */
const struct fngc_set *fngc_set_find(const struct fngc_scope *scope,
				     const struct fngc_place *place,
				     const char *name);

/*
 * Parses an item of ports, of which @lowest is 1, or 0 where that stands for any
 * that the kernel chooses. Returns what is wrong, or NULL.
 */
const char *fngc_ports_parse(struct fngc_compile *c, const char *text,
			     int lowest, struct fngc_ports *ports);

/* Number of a protocol that rules can name, or -1. */
int fngc_proto(const char *name, size_t len);

#endif /* COMPILER_ADDRESS_H */
