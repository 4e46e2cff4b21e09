// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that somebody leads elsewhere, by translating their destination.
 */
#include <net/net_namespace.h>
#include <net/sock.h>

#include "names.h"
#include "translate.h"

/**
 * fng_translation_original() - the destination that a connection was made to
 * @ct: the connection
 * @sample: of its family and protocol
 */
struct fng_endpoint fng_translation_original(const struct nf_conn *ct,
					     const struct fng_endpoint *sample)
{
	const struct nf_conntrack_tuple *tuple =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct fng_endpoint original = {
		.family = sample->family,
		.proto = sample->proto,
	};

	memcpy(original.addr, &tuple->dst.u3, sample->family == 4 ? 4 : 16);
	if (sample->proto < FNG_PROTO_ICMP)
		original.port = ntohs(tuple->dst.u.all);
	return original;
}

static bool known_to_all(const struct fng_subject *subject,
			 const struct fng_endpoint *resolver)
{
	const struct fng_endpoint plain = fng_names_plain(resolver);
	u8 i;

	for (i = 0; i < fng_subject_in_force(subject); i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (image->classes[FNG_CLASS_EGRESS].present &&
		    !fng_resolver_known(image, &plain))
			return false;
	}
	return true;
}

static bool asks_resolver(const struct fng_subject *subject,
			  const struct fng_endpoint *original)
{
	return subject->resolves && original->port == FNG_DNS_PORT &&
	       (original->proto == FNG_PROTO_UDP ||
		original->proto == FNG_PROTO_TCP) &&
	       known_to_all(subject, original);
}

/**
 * fng_translation_trusted() - is what a packet is translated to none of ours?
 * @subject: the cgroup's
 * @sk: the packet's socket
 * @original: where it was sent
 *
 * In its own namespace the host leads to the ends of services as it likes. In
 * that of a sandbox, the sandbox may have done it; but name servers are led to
 * there as well, and are the resolvers of a policy by what they are called.
 */
bool fng_translation_trusted(const struct fng_subject *subject,
			     const struct sock *sk,
			     const struct fng_endpoint *original)
{
	return net_eq(sock_net(sk), &init_net) ||
	       asks_resolver(subject, original);
}
