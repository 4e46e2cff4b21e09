/* SPDX-License-Identifier: MIT */
/*
 * What the agent does about a finding, if it may.
 */
#ifndef AGENT_ACT_H
#define AGENT_ACT_H

#include <detect/engine.h>

/* Room for an outcome. */
#define FNG_OUTCOME_SIZE	96

/**
 * fng_act() - freeze or kill the cgroup of a finding
 * @finding: the finding, whose rule says which
 * @outcome: set to what became of it; FNG_OUTCOME_SIZE bytes
 *
 * Takes only the very cgroup that the event is of, found by its path and known
 * by its id; never one that holds the agent or PID 1, nor for what was allowed
 * because the policy only audits.
 */
void fng_act(const struct fng_finding *finding, char *outcome);

#endif /* AGENT_ACT_H */
