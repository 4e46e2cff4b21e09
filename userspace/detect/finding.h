/* SPDX-License-Identifier: MIT */
/*
 * Findings as JSON, the same from the agent and from a replay.
 */
#ifndef DETECT_FINDING_H
#define DETECT_FINDING_H

#include <client/event.h>
#include <detect/engine.h>

/* Room for any finding, with its event. */
#define FNG_FINDING_JSON_SIZE	(FNG_EVENT_JSON_SIZE + (32 << 10))

/**
 * fng_finding_json() - append a finding as a JSON object
 * @finding: the finding
 * @outcome: what became of its action, or NULL
 * @json: where to
 */
void fng_finding_json(const struct fng_finding *finding, const char *outcome,
		      struct fng_json *json);

#endif /* DETECT_FINDING_H */
