// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a name may be talked to: the host rules that match it, then the ports
 * behind them. Which addresses a name has is the caller's to find out.
 */
#include "decide.h"

static u32 walk_label(const struct fng_dfa *dfa, u32 state, const char *label,
		      size_t len)
{
	while (len-- && state != FNG_STATE_DEAD)
		state = fng_dfa_step(dfa, state, (u8)*label++);
	return state;
}

/**
 * fng_host_find() - what the rules say of a name
 * @image: whose rules
 * @name: in lower case, labels with dots between, none at the end
 * @len: bytes of @name
 *
 * The name is walked as a path, its last label first, so that rules for the same
 * domain begin alike.
 *
 * Return: what its addresses may be talked to, NULL if no rule allows anything.
 */
const struct fng_image_host *fng_host_find(const struct fng_image *image,
					   const char *name, size_t len)
{
	const struct fng_dfa *dfa = &image->host;
	u32 state = FNG_STATE_START;
	size_t start;
	u32 accept;

	while (len && state != FNG_STATE_DEAD) {
		start = len;
		while (start && name[start - 1] != '.')
			start--;
		state = fng_dfa_step(dfa, state, '/');
		state = walk_label(dfa, state, name + start, len - start);
		len = start ? start - 1 : 0;
	}
	accept = dfa->states[state].accept;
	return accept ? &image->hosts[accept - 1] : NULL;
}

/**
 * fng_host_decide() - decide on talking to an address that a name has
 * @image: whose decision
 * @host: what fng_host_find() has found for the name
 * @endpoint: the destination
 * @decision: what fng_egress_decide() has found for @endpoint, and left open;
 *	set if the host rules allow it
 */
void fng_host_decide(const struct fng_image *image,
		     const struct fng_image_host *host,
		     const struct fng_endpoint *endpoint,
		     struct fng_decision *decision)
{
	u32 set = fng_address_special(endpoint) ? host->special : host->portset;
	const struct fng_image_port *range;

	if (set == FNG_HOST_NO_PORTS || endpoint->proto >= FNG_PROTO_OTHER)
		return;
	range = fng_port_find(image, &image->portsets[set], endpoint->proto,
			      endpoint->port);
	if (range && range->effect == FNG_EFFECT_ALLOW)
		fng_decision_set(decision, image, FNG_CLASS_EGRESS, false,
				 range->rule);
}

/**
 * fng_dns_decide() - decide on asking for a name
 * @image: whose decision
 * @name: as fng_host_find() takes it
 * @len: bytes of @name
 * @decision: the decision
 */
void fng_dns_decide(const struct fng_image *image, const char *name, size_t len,
		    struct fng_decision *decision)
{
	bool refused = image->classes[FNG_CLASS_EGRESS].present &&
		       image->meta->dns == FNG_EFFECT_DENY &&
		       !fng_host_find(image, name, len);

	fng_decision_set(decision, image, FNG_CLASS_EGRESS, refused,
			 image->meta->dns_rule);
}

/**
 * fng_resolver_known() - are an address's answers believed?
 * @image: by whom
 * @addr: the address; its port and protocol do not matter
 */
bool fng_resolver_known(const struct fng_image *image,
			const struct fng_endpoint *addr)
{
	const struct fng_image_resolver *resolver = image->resolvers;
	u32 i;

	for (i = 0; i < image->nr_resolvers; i++, resolver++)
		if (resolver->family == addr->family &&
		    !memcmp(resolver->addr, addr->addr, sizeof(addr->addr)))
			return true;
	return false;
}
