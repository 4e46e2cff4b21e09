/* SPDX-License-Identifier: MIT */
/*
 * Cgroups that are exempt from their rules for a while.
 */
#ifndef CLI_EXEMPTION_H
#define CLI_EXEMPTION_H

#include <jansson.h>

#include <client/client.h>

/**
 * fng_exemptions_read() - ask which cgroups are exempt
 * @client: connection
 * @exemptions: array; an object with cgroup, id, left and reason is added for each
 *
 * Return: 0 or a negative errno.
 */
int fng_exemptions_read(struct fng_client *client, json_t *exemptions);

/* The one of them that a cgroup is in, and that ends last; or NULL. */
json_t *fng_exemption_of(const json_t *exemptions, const char *cgroup);

/* "14m 31s: why", for a column; and the same of several, with their cgroups. */
char *fng_exemption_text(const json_t *exemption);
char *fng_exemptions_text(const json_t *exemptions);

#endif /* CLI_EXEMPTION_H */
