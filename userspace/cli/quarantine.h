/* SPDX-License-Identifier: MIT */
/*
 * Cgroups in quarantine.
 */
#ifndef CLI_QUARANTINE_H
#define CLI_QUARANTINE_H

#include <jansson.h>

#include <client/client.h>

/**
 * fng_quarantined_read() - ask which cgroups are in quarantine
 * @client: connection
 * @cgroups: array; an object with cgroup and id is added for each
 *
 * Return: 0 or a negative errno.
 */
int fng_quarantined_read(struct fng_client *client, json_t *cgroups);

/* Their paths, for a line. */
char *fng_quarantined_text(const json_t *cgroups);

#endif /* CLI_QUARANTINE_H */
