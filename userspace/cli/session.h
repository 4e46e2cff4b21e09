/* SPDX-License-Identifier: MIT */
/*
 * What verbs that talk to the kernel module share.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <jansson.h>

#include <client/client.h>
#include "cli.h"
#include "output.h"

/* Connects, or says why not; returns an enum fng_exit. Close it in every case. */
int fng_session_open(struct fng_client *client);

/**
 * fng_session_failed() - say why a call failed, and pass on what was remarked
 * @client: connection
 * @err: result of a call to the client
 *
 * Return: FNG_EXIT_DONE if @err is 0, else the exit status to end with.
 */
int fng_session_failed(const struct fng_client *client, int err);

/**
 * fng_session_arm() - make sure that hooks are attached and proven
 * @client: connection
 *
 * Does nothing if they already are.
 *
 * Return: an enum fng_exit.
 */
int fng_session_arm(struct fng_client *client);

/**
 * fng_session_cgroup() - open a cgroup, or say why not
 * @path: from the v2 root, or as the file system shows it
 *
 * Return: a file descriptor, or -1.
 */
int fng_session_cgroup(const char *path);

/**
 * fng_label_add() - append a label of the command line
 * @labels: FNG_MAX_LABELS + 1 bytes
 * @label: "key=value"
 *
 * Return: NULL, or what is wrong with it.
 */
const char *fng_label_add(char *labels, const char *label);

/**
 * fng_labels_read() - read the options of a verb whose only one is --label
 * @argc: as handed to the verb
 * @argv: as handed to the verb
 * @labels: empty, with room for FNG_MAX_LABELS and a NUL; filled
 *
 * Ends the process as fng_cli_getopt() does.
 *
 * Return: @labels, or NULL if there are none.
 */
const char *fng_labels_read(int argc, char **argv, char *labels);

/**
 * fng_session_list() - a verb without arguments that prints a table
 * @argc: of the verb
 * @argv: the same
 * @list: appends an object for each row; 0 or a negative errno
 * @columns: of the table
 *
 * Return: an enum fng_exit.
 */
int fng_session_list(int argc, char **argv,
		     int (*list)(struct fng_client *client, json_t *rows),
		     const struct fng_column *columns);

/* Labels of a binding, or NULL, as an object. */
json_t *fng_labels_object(const char *labels);

/* A string that may hold anything, as JSON; what is no UTF-8 is replaced. */
json_t *fng_text(const char *text);

/* Sets a key unless the text is absent or empty. */
void fng_set_text(json_t *object, const char *key, const char *text);

#endif /* CLI_SESSION_H */
