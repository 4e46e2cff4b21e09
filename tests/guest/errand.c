// SPDX-License-Identifier: GPL-2.0-only
/*
 * A name is asked for, and then an address talked to.
 */
#include <errno.h>

#include "common.h"
#include "errand.h"

static int ask(const struct errand *errand)
{
	return resolver_ask(errand->server ?: RESOLVER, errand->tcp,
			    errand->name, errand->type ?: DNS_A, NULL);
}

int errand_run(const void *arg)
{
	const struct errand *errand = arg;
	int err = errand->name ? ask(errand) : 0;

	if (err && err != ETIMEDOUT && err != EPIPE)
		return ENDED_STATUS + err;
	return net_connect(&errand->to);
}

void errand_prepare(void)
{
	resolver_addresses();
	resolver_start();
	net_listen(ERRAND_PORT);
	net_listen(ERRAND_PORT + 1);
}
