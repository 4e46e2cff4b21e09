/* SPDX-License-Identifier: MIT */
/*
 * The canary: a child that drives hooks; internal to the proof.
 */
#ifndef CLIENT_CANARY_H
#define CLIENT_CANARY_H

#include "acts.h"
#include "client.h"

/* Answers of a step that are not an errno of the call. */
#define FNG_CANARY_UNTRIED	(-1)

/**
 * struct fng_canary - what the steps need, made before any hook refuses
 * @client: connection of its own
 * @cgroup: the canary cgroup
 * @outside: cgroup.procs of the root cgroup
 * @dir: directory of its own, in a file system of its own
 * @file: regular file in @dir, writable
 * @image: regular file that is no module, readable, nobody writes to it
 * @program: an executable file
 * @page: a page of anonymous memory
 * @loose: unconnected UDP socket
 * @connected: UDP socket that is connected to @receiver
 * @receiver: UDP socket on the loopback address
 * @listener: TCP socket that is bound there, and not listening yet
 * @unix_listener: listening stream socket
 * @unix_caller: stream socket that is not connected
 * @unix_receiver: datagram socket
 * @unix_sender: another, not connected
 * @mount: a mount that is attached nowhere
 * @no_modules: the kernel refuses modules by itself
 * @no_io_uring: the kernel refuses io_uring by itself
 */
struct fng_canary {
	struct fng_client client;
	int cgroup;
	int outside;
	int dir;
	int file;
	int image;
	int program;
	void *page;
	int loose;
	int connected;
	int receiver;
	int listener;
	int unix_listener;
	int unix_caller;
	int unix_receiver;
	int unix_sender;
	int mount;
	bool no_modules;
	bool no_io_uring;
};

/**
 * fng_canary_prepare() - make what the steps need
 * @canary: filled in
 * @cgroup: the canary cgroup, which the caller is in
 * @dir: empty directory to mount a file system of its own on
 *
 * Return: NULL, or what could not be made, with errno set.
 */
const char *fng_canary_prepare(struct fng_canary *canary, int cgroup,
			       const char *dir);

/**
 * fng_canary_step() - do what reaches a hook
 * @canary: the caller
 * @hook: enum fng_hook
 *
 * Return: 0 if it was allowed, the errno it was refused with, or
 * FNG_CANARY_UNTRIED.
 */
int fng_canary_step(struct fng_canary *canary, int hook);

/* Steps by what they are about, each as fng_canary_step(). */
int fng_canary_code(struct fng_canary *canary, int hook);
int fng_canary_file(struct fng_canary *canary, int hook);
int fng_canary_socket(struct fng_canary *canary, int hook);
int fng_canary_privilege(struct fng_canary *canary, int hook);
int fng_canary_mount(struct fng_canary *canary, int hook);
int fng_canary_user(int hook);
int fng_canary_peer(struct fng_canary *canary, int hook);

/* The sockets that the last of these needs. */
bool fng_canary_make_peers(struct fng_canary *canary);

/* fng_act_apart(), but a child that does not say how it went was not tried. */
int fng_canary_apart(int (*act)(void *data), void *data);

#endif /* CLIENT_CANARY_H */
