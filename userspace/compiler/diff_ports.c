// SPDX-License-Identifier: MIT
/*
 * Ports, and who may be reached on them.
 */
#include <stdlib.h>

#include <compiler/differ.h>

#define NR_PORTS	65536u
#define DNS_PORT	53

void fngc_cuts_add(fngc_cuts *cuts, const struct fng_image *part,
		   const struct fng_image_portset *set, u32 proto)
{
	if (!set || !fngc_has_ports(proto))
		return;
	for (u32 i = set->start[proto]; i < set->start[proto + 1]; i++) {
		*FNGC_PUSH(cuts) = part->ports[i].first;
		*FNGC_PUSH(cuts) = part->ports[i].last + 1u;
	}
}

void fngc_cuts_sort(fngc_cuts *cuts)
{
	size_t nr = 0;

	*FNGC_PUSH(cuts) = 0;
	qsort(cuts->v, cuts->nr, sizeof(*cuts->v), fngc_compare_u32);
	for (size_t i = 0; i < cuts->nr; i++) {
		if (cuts->v[i] < NR_PORTS &&
		    (!nr || cuts->v[i] != cuts->v[nr - 1]))
			cuts->v[nr++] = cuts->v[i];
	}
	cuts->nr = nr;
}

struct fngc_span fngc_cuts_span(const fngc_cuts *cuts, size_t at)
{
	return (struct fngc_span){
		cuts->v[at],
		at + 1 < cuts->nr ? cuts->v[at + 1] - 1 : NR_PORTS - 1,
	};
}

static const struct fng_image_portset *
listen_set(const struct fng_image *image)
{
	return image->classes[FNG_CLASS_LISTEN].present ?
	       &image->portsets[image->meta->listen] : NULL;
}

void fngc_cuts_listen(fngc_cuts *cuts, const struct fngc_differ *differ,
		      u32 proto)
{
	for (u32 side = 0; side < 2; side++)
		fngc_cuts_add(cuts, differ->image[side],
			      listen_set(differ->image[side]), proto);
	*FNGC_PUSH(cuts) = DNS_PORT;
	*FNGC_PUSH(cuts) = DNS_PORT + 1;
	fngc_cuts_sort(cuts);
}

/*
 * A guest behind a device may answer from a port that a rule names, wherever that
 * goes. It makes a difference where egress would refuse it, and to who speaks as a
 * name server.
 */
static bool matters(const struct fngc_differ *differ, u32 proto, u16 port,
		    const bool named[2])
{
	const struct fng_image *other = differ->image[named[0]];

	return named[0] != named[1] &&
	       (other->classes[FNG_CLASS_EGRESS].present ||
		(proto == FNG_PROTO_UDP && port == DNS_PORT));
}

static void compare_named(struct fngc_differ *differ, u32 proto, u16 port)
{
	static const char *const words[] = { "not named", "named" };
	struct fngc_difference *found, difference = {
		.about = FNGC_ABOUT_NAMED,
		.class = FNG_CLASS_LISTEN,
		.bits = 1u << proto,
	};
	bool named[2];

	for (u32 side = 0; side < 2; side++) {
		struct fng_decision decision;

		fng_listen_decide(differ->image[side], proto, port, &decision);
		named[side] = fng_listen_names(differ->image[side], proto,
					       port);
		difference.answer[side] = (struct fngc_answer){
			words[named[side]], decision.rule };
	}
	if (!matters(differ, proto, port, named))
		return;
	difference.change = named[1] ? FNGC_CHANGE_ALLOWED :
			    FNGC_CHANGE_REFUSED;
	found = fngc_differ_add(differ, &difference, 0);
	if (!found)
		return;
	found->example.endpoint.proto = proto;
	found->example.endpoint.port = port;
}

static void compare_span(struct fngc_differ *differ, u32 proto,
			 struct fngc_span span)
{
	u16 port = fngc_span_port(span);
	struct fng_decision decisions[2];
	struct fngc_difference *found;

	for (u32 side = 0; side < 2; side++)
		fng_listen_decide(differ->image[side], proto, port,
				  &decisions[side]);
	if (decisions[0].refused == decisions[1].refused) {
		compare_named(differ, proto, port);
		return;
	}
	found = fngc_differ_decided(differ, FNGC_ABOUT_LISTEN, decisions,
				    1u << proto, 0);
	if (!found)
		return;
	found->example.endpoint.proto = proto;
	found->example.endpoint.port = port;
}

void fngc_diff_listen(struct fngc_differ *differ)
{
	for (u32 proto = 0; proto < FNG_NR_PROTOS; proto++) {
		fngc_cuts cuts = { 0 };

		fngc_cuts_listen(&cuts, differ, proto);
		for (size_t i = 0; i < cuts.nr; i++) {
			struct fngc_span span = fngc_cuts_span(&cuts, i);

			compare_span(differ, proto, span);
		}
		free(cuts.v);
	}
}
