// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What names of hosts lead to, and whose answers are believed.
 */
#include "verify.h"

static int check_host(const struct fng_verifier *v,
		      const struct fng_image_host *host)
{
	if (host->portset >= v->image.nr_portsets)
		return fng_refuse(v, &host->portset,
				  "a host has no set of ports");
	if (host->special != FNG_HOST_NO_PORTS &&
	    host->special >= v->image.nr_portsets)
		return fng_refuse(v, &host->special,
				  "a host has no set of ports");
	return 0;
}

static int check_resolver(const struct fng_verifier *v,
			  const struct fng_image_resolver *resolver)
{
	u32 i;

	if (resolver->family != 4 && resolver->family != 6)
		return fng_refuse(v, &resolver->family,
				  "a resolver has no address");
	for (i = 0; i < sizeof(resolver->reserved); i++)
		if (resolver->reserved[i])
			return fng_refuse(v, &resolver->reserved[i],
					  "a reserved field is not zero");
	for (i = 4; i < sizeof(resolver->addr) && resolver->family == 4; i++)
		if (resolver->addr[i])
			return fng_refuse(v, &resolver->addr[i],
					  "a resolver's address is too long");
	return 0;
}

static int check_resolvers(const struct fng_verifier *v)
{
	const struct fng_image_resolver *resolver = v->image.resolvers;
	u32 i;
	int err;

	for (i = 0; i < v->image.nr_resolvers; i++, resolver++) {
		err = check_resolver(v, resolver);
		if (err)
			return err;
		if (i && memcmp(resolver, resolver - 1, sizeof(*resolver)) <= 0)
			return fng_refuse(v, resolver,
					  "resolvers are out of order");
	}
	return 0;
}

static int check_absent(const struct fng_verifier *v)
{
	if (v->image.classes[FNG_CLASS_EGRESS].present)
		return 0;
	if (v->image.nr_hosts)
		return fng_refuse(v, v->image.hosts,
				  "an absent class has hosts");
	if (v->image.nr_resolvers)
		return fng_refuse(v, v->image.resolvers,
				  "an absent class has resolvers");
	return 0;
}

/**
 * fng_verify_hosts() - verify hosts and resolvers
 * @v: verifier that has seen shape and tables, of an image and no base
 *
 * Return: 0 or a negative errno.
 */
int fng_verify_hosts(const struct fng_verifier *v)
{
	u32 i;
	int err;

	err = check_absent(v);
	if (err)
		return err;
	for (i = 0; i < v->image.nr_hosts; i++) {
		err = check_host(v, &v->image.hosts[i]);
		if (err)
			return err;
	}
	return check_resolvers(v);
}
