/* SPDX-License-Identifier: MIT */
/*
 * What fnguard probe prints.
 */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include <probe/probe.h>

/* The techniques that there are, as a table. */
void fng_probe_print_list(void);

/**
 * fng_probe_report() - print findings, the score, and what would close the rest
 * @findings: of all techniques
 * @nr: number of them
 *
 * Return: FNG_EXIT_DONE if something was refused, nothing is open, and events told
 * of each refusal; else FNG_EXIT_FAILED.
 */
int fng_probe_report(const struct fng_finding *findings, size_t nr);

#endif /* CLI_PROBE_H */
