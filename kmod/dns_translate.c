// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name servers that the host leads their clients to by translating addresses.
 */
#include "dns_translate.h"
#include "names.h"

static bool known_to_all(const struct fng_subject *subject,
			 const struct fng_endpoint *resolver)
{
	const struct fng_endpoint plain = fng_names_plain(resolver);
	u8 i;

	for (i = 0; i < subject->nr; i++) {
		const struct fng_image *image = &subject->policies[i]->image;

		if (image->classes[FNG_CLASS_EGRESS].present &&
		    !fng_resolver_known(image, &plain))
			return false;
	}
	return true;
}

/**
 * fng_dns_untranslate() - judge what goes to a resolver by what it is called
 * @skb: a packet that leaves
 * @subject: the cgroup's
 * @packet: what was read of it; gets the destination from before a translation,
 *	if that is a resolver of every policy
 *
 * Who may translate is the host: a function has no CAP_NET_ADMIN.
 */
noinline void fng_dns_untranslate(const struct sk_buff *skb,
				  const struct fng_subject *subject,
				  struct fng_packet *packet)
{
	const struct nf_conn *ct = fng_dns_translation(skb);
	struct fng_endpoint original;

	if (!ct || fng_dns_answers(skb) || packet->hidden ||
	    (packet->endpoint.proto != FNG_PROTO_UDP &&
	     packet->endpoint.proto != FNG_PROTO_TCP))
		return;
	original = fng_dns_original(ct, &packet->endpoint);
	if (known_to_all(subject, &original))
		packet->endpoint = original;
}
