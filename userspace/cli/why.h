/* SPDX-License-Identifier: MIT */
/*
 * What the parts of fnguard why share.
 */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include <learn/learn.h>
#include "chain.h"

/* Of an event in JSON; empty, or 0, if there is nothing of the kind. */
const char *fng_why_text(const json_t *object, const char *key);
json_int_t fng_why_number(const json_t *object, const char *key);

/**
 * struct fng_why_target - whose refusals are asked for
 * @id: id of the cgroup; 0 if those of all are
 * @path: its path, empty if it is gone; those below it count, too
 */
struct fng_why_target {
	u64 id;
	char path[4096];
};

/**
 * fng_why_find() - find the cgroup that is meant
 * @client: connection
 * @what: its path or id, a label of its binding, or a process in it
 * @target: filled
 *
 * Return: an enum fng_exit; what is wrong has been said, with all that could be
 * meant where that is more than one.
 */
int fng_why_find(struct fng_client *client, const char *what,
		 struct fng_why_target *target);

/**
 * fng_why_act() - what was done, as rules and questions have it
 * @event: the refusal, as an event in JSON
 * @image: of the policy that refused it, or NULL if that is gone
 * @acts: empty; gets one act
 */
void fng_why_act(const json_t *event, const struct fng_image *image,
		 struct fngl_acts *acts);

/* Is it refused for what would be won by a new name? No access to the old was tried. */
bool fng_why_gains(const json_t *event);

/* May more be asked than what is done to a name, as of what is below a directory? */
bool fng_why_moves(const json_t *event);

/**
 * fng_why_answer() - add what the policies say, now and when it was refused
 * @denial: gets policies, and now if the cgroup is still there; if any of those
 *	that have refused it was replaced since, and it would be refused again,
 *	policies_now
 * @shelf: of policies
 * @event: the refusal, as an event in JSON
 * @act: what was done
 */
void fng_why_answer(json_t *denial, struct fng_shelf *shelf,
		    const json_t *event, const struct fngl_act *act);

/* Prints one refusal, from what is its JSON. */
void fng_why_print(const json_t *denial);

#endif /* CLI_WHY_H */
