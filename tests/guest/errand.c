// SPDX-License-Identifier: GPL-2.0-only
/*
 * A name is asked for, and then an address talked to.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

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

static void listen_there(void)
{
	net_listen(ERRAND_PORT);
	net_listen(ERRAND_PORT + 1);
}

void errand_prepare(void)
{
	resolver_addresses();
	resolver_start();
	listen_there();
}

void errand_prepare_alone(void)
{
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	net_loopback_up();
	resolver_addresses();
	listen_there();
}

static void translate(const char *protocol, u16 port)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "iptables -t nat -A OUTPUT -d %s -p %s --dport 53 -j DNAT --to %s:%u",
		 ELSEWHERE, protocol, RESOLVER, port);
	if (system(command))
		die("no address translation");
}

void errand_translate(u16 port)
{
	translate("udp", port);
	translate("tcp", port);
}

int errand_hold(const void *target)
{
	net_hold_connected(target);
	return 0;
}

static int held_error(const void *arg)
{
	(void)arg;
	return net_held_error();
}

bool errand_has_ended(const void *worker)
{
	return worker_do(worker, held_error, NULL);
}

void bench_start(struct bench *bench, const char *policy)
{
	group_make(&bench->group, NULL);
	worker_start(&bench->worker);
	worker_move(&bench->worker, &bench->group);
	group_bind(&bench->group, policy);
}

int bench_run(const struct bench *bench, const struct errand *errand)
{
	return worker_do(&bench->worker, errand_run, errand);
}

void bench_end(struct bench *bench)
{
	worker_end(&bench->worker);
	group_remove(&bench->group);
}

int errand_execute(const void *path)
{
	char *const argv[] = { (char *)path, NULL }, *const envp[] = { NULL };
	volatile int err = 0;
	pid_t pid = vfork();

	if (!pid) {
		execve(path, argv, envp);
		err = errno;
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	return err;
}
