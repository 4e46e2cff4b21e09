/* SPDX-License-Identifier: MIT */
/*
 * Destinations by address and by name, which meet where an address is left open.
 */
#ifndef COMPILER_DIFF_EGRESS_H
#define COMPILER_DIFF_EGRESS_H

#include <compiler/differ.h>

/**
 * struct fngc_stretch - ports of one protocol that addresses are decided alike on
 * @special: the addresses mean something else on each network
 * @proto: enum fng_proto
 * @span: the ports
 * @open: per side, names may still allow it
 * @decision: per side
 * @endpoint: one of the addresses, on one of the ports
 */
struct fngc_stretch {
	bool special;
	u8 proto;
	struct fngc_span span;
	bool open[2];
	struct fng_decision decision[2];
	struct fng_endpoint endpoint;
};

/**
 * struct fngc_open - stretches that are open on a side
 * @ids: what tells one from another
 * @v: one of each kind
 */
struct fngc_open {
	struct fngc_intern ids;
	FNGC_ARRAY(struct fngc_stretch) v;
};

/* diff_addresses.c: compares addresses without names; adds what they leave open. */
void fngc_diff_addresses(struct fngc_differ *differ, struct fngc_open *open);

/* diff_answers.c: compares answers to where nothing but an answer may go. */
int fngc_diff_answers(struct fngc_differ *differ, const struct fngc_open *open);

#endif /* COMPILER_DIFF_EGRESS_H */
