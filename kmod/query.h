/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions that guarded cgroups have asked name servers, until they are answered.
 */
#ifndef FNGUARD_KMOD_QUERY_H
#define FNGUARD_KMOD_QUERY_H

#include "engine/dns.h"
#include "engine/engine.h"

struct net;

/**
 * struct fng_conversation - between whom a question and its answer go
 * @net: cookie of the network namespace of the one who asks
 * @client: its address, port and protocol
 * @server: those of the name server, as the client knows it
 *
 * Without holes, so that it can be compared by its bytes.
 */
struct fng_conversation {
	u64 net;
	struct fng_endpoint client;
	struct fng_endpoint server;
};

void fng_query_add(const struct fng_conversation *between, u64 cgroup_id,
		   const struct fng_dns_question *question, bool aside);
bool fng_query_take(const struct fng_conversation *between,
		    const struct fng_dns_question *question, u64 *cgroup_id,
		    bool *aside);
void fng_query_forget(u64 cgroup_id);
void fng_query_clear(void);

#endif /* FNGUARD_KMOD_QUERY_H */
