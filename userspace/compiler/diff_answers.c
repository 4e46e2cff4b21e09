// SPDX-License-Identifier: MIT
/*
 * Datagrams of guests behind devices that go back to who has sent one: they need no
 * rule of egress, unless one denies it, if a rule of listen names the port that he
 * came to.
 */
#include <stdlib.h>

#include <compiler/diff_egress.h>

/* What the policy says of an answer from a port, to where the address is decided. */
static bool decide(const struct fng_image *image,
		   const struct fngc_stretch *stretch, u32 side, u16 port,
		   struct fng_decision *decision)
{
	struct fng_decision listen;
	bool answers = stretch->open[side] &&
		       fng_listen_names(image, stretch->proto, port);

	*decision = stretch->decision[side];
	if (!answers)
		return false;
	fng_listen_decide(image, stretch->proto, port, &listen);
	decision->refused = false;
	decision->rule = listen.rule;
	return true;
}

static void compare_answer(struct fngc_differ *differ,
			   const struct fngc_stretch *stretch, u16 port)
{
	struct fng_decision decisions[2];
	struct fngc_difference *found;
	bool answers = false;

	for (u32 side = 0; side < 2; side++)
		answers |= decide(differ->image[side], stretch, side, port,
				  &decisions[side]);
	if (!answers)
		return;
	found = fngc_differ_decided(differ, FNGC_ABOUT_ANSWER, decisions,
				    1u << stretch->proto, 0);
	if (!found)
		return;
	found->example.endpoint = stretch->endpoint;
	found->example.part = port;
}

static void compare_from(struct fngc_differ *differ,
			 const struct fngc_open *open, u32 proto,
			 const fngc_cuts *cuts)
{
	for (size_t i = 0; i < open->v.nr; i++) {
		if (open->v.v[i].proto != proto)
			continue;
		for (size_t j = 0; j < cuts->nr; j++)
			compare_answer(differ, &open->v.v[i],
				       fngc_span_port(fngc_cuts_span(cuts, j)));
	}
}

int fngc_diff_answers(struct fngc_differ *differ, const struct fngc_open *open)
{
	/* Connections are not judged again, and a guest's are by listen alone. */
	static const u8 protos[] = { FNG_PROTO_UDP, FNG_PROTO_SCTP };
	bool complete = true;

	for (size_t i = 0; i < ARRAY_SIZE(protos) && complete; i++) {
		fngc_cuts cuts = { 0 };

		fngc_cuts_listen(&cuts, differ, protos[i]);
		complete = open->v.nr <= FNGC_MAX_PAIRS / cuts.nr;
		if (complete)
			compare_from(differ, open, protos[i], &cuts);
		free(cuts.v);
	}
	return complete ? 0 :
	       fngc_differ_fail(differ, "there are more than 16,777,216 pairs of ports to listen on and rules on addresses");
}
