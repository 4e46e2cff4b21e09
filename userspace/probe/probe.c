// SPDX-License-Identifier: MIT
/*
 * The runner: each technique is tried unguarded, as the control, and then under
 * the policy. What does not work unguarded says nothing about a policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <client/cgroup.h>
#include <client/names.h>

#include "probe.h"

static bool make_dir(struct fng_probe *probe)
{
	static const char *const places[] = { "/run", "/tmp", "/var/tmp" };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(probe->dir, sizeof(probe->dir),
			 "%s/fnguard-probe-XXXXXX", places[i]);
		if (mkdtemp(probe->dir))
			return true;
	}
	probe->dir[0] = '\0';
	return false;
}

static int make_cgroup(const struct fng_probe *probe, const char *name,
		       const char *suffix, char *path, size_t size)
{
	int fd;

	snprintf(path, size, "%s/%s%s", probe->cgroup, name, suffix);
	fd = fng_cgroup_create(path);
	if (fd < 0)
		errno = -fd;
	return fd;
}

static bool make_cgroups(struct fng_probe *probe)
{
	char path[128];

	snprintf(probe->cgroup, sizeof(probe->cgroup), "/fnguard.probe-%d",
		 getpid());
	probe->outside = make_cgroup(probe, "outside", "", path, sizeof(path));
	return probe->outside >= 0;
}

/* It has descriptors, an environment and memory, and nothing to do. */
static bool start_victim(struct fng_probe *probe)
{
	probe->victim = fork();
	if (!probe->victim) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return probe->victim > 0;
}

const char *fng_probe_open(struct fng_probe *probe)
{
	int err;

	probe->outside = -1;
	if (!make_dir(probe))
		return "make a directory";
	if (!make_cgroups(probe))
		return "make a cgroup";
	if (!start_victim(probe))
		return "start a process";
	if (!probe->client)
		return NULL;
	err = fng_stream_open(&probe->stream, probe->client->group);
	errno = -err;
	return err ? "subscribe to events" : NULL;
}

void fng_probe_close(struct fng_probe *probe)
{
	char path[128];

	if (probe->client)
		fng_stream_close(&probe->stream);
	if (probe->victim > 0) {
		kill(probe->victim, SIGKILL);
		waitpid(probe->victim, NULL, 0);
	}
	if (probe->outside >= 0)
		close(probe->outside);
	if (*probe->cgroup) {
		snprintf(path, sizeof(path), "%s/outside", probe->cgroup);
		fng_cgroup_destroy(path);
		fng_cgroup_destroy(probe->cgroup);
	}
	if (*probe->dir)
		rmdir(probe->dir);
}

const char *fng_answer_name(int err, char *buf, size_t size)
{
	if (err >= FNG_ACT_SIGNAL)
		snprintf(buf, size, "SIG%s",
			 sigabbrev_np(err - FNG_ACT_SIGNAL) ?: "?");
	else
		snprintf(buf, size, "%s", fng_errno_name(err) ?: "an error");
	return buf;
}

/* Why a trial does not count as one that worked; false if it did. */
static bool complain(const struct fng_trial *trial, const char *when,
		     struct fng_finding *finding)
{
	size_t size = sizeof(finding->reason);
	char buf[32];

	if (trial->failed)
		snprintf(finding->reason, size, "%s: %.120s", when,
			 trial->failed);
	else if (trial->died)
		snprintf(finding->reason, size, "%s it died of %s", when,
			 fng_answer_name(FNG_ACT_SIGNAL + trial->died, buf,
					 sizeof(buf)));
	else if (trial->stuck)
		snprintf(finding->reason, size, "%s it took too long", when);
	else if (!trial->prepared)
		snprintf(finding->reason, size, "%s it cannot be prepared: %s",
			 when, fng_answer_name(trial->err, buf, sizeof(buf)));
	else if (trial->err)
		snprintf(finding->reason, size, "%s it fails with %s", when,
			 fng_answer_name(trial->err, buf, sizeof(buf)));
	else
		return false;
	return true;
}

/**
 * struct place - a cgroup for one trial
 * @path: from the v2 root
 * @fd: its directory
 */
struct place {
	char path[128];
	int fd;
};

static bool run_in_place(struct fng_probe *probe,
			 const struct fng_technique *technique, bool guarded,
			 struct place *place, struct fng_trial *trial)
{
	place->fd = make_cgroup(probe, technique->name,
				guarded ? "" : "-control", place->path,
				sizeof(place->path));
	if (place->fd < 0) {
		*trial = (struct fng_trial){ .failed = "cannot make a cgroup" };
		return false;
	}
	fng_probe_run(probe, technique, place->fd, guarded, trial);
	return true;
}

/* A binding would live on with what sockets are left, and keep the policy loaded. */
static void leave_place(struct fng_probe *probe, struct place *place)
{
	const struct fng_client_binding binding = { .cgroup_fd = place->fd };

	if (probe->client)
		fng_client_unbind(probe->client, &binding);
	close(place->fd);
	fng_cgroup_destroy(place->path);
}

static bool works_unguarded(struct fng_probe *probe,
			    const struct fng_technique *technique,
			    struct fng_finding *finding)
{
	struct fng_trial trial;
	struct place place;

	if (run_in_place(probe, technique, false, &place, &trial))
		leave_place(probe, &place);
	finding->err = trial.err;
	return !complain(&trial, "unguarded", finding);
}

/* It is refused if it came to nothing, and the guard says that this was its doing. */
static void try_guarded(struct fng_probe *probe,
			const struct fng_technique *technique,
			struct fng_finding *finding)
{
	struct fng_trial trial;
	struct place place;
	bool heard = false, stopped;

	if (run_in_place(probe, technique, true, &place, &trial)) {
		heard = fng_probe_heard(probe, fng_cgroup_id(place.fd),
					finding);
		leave_place(probe, &place);
	}
	finding->err = trial.died  ? FNG_ACT_SIGNAL + trial.died :
		       trial.stuck ? ETIMEDOUT :
				     trial.err;
	stopped = trial.prepared && finding->err;
	if (stopped && heard)
		finding->outcome = FNG_OUTCOME_REFUSED;
	else if (complain(&trial, "guarded", finding) && stopped)
		strncat(finding->reason, ", but the guard counted nothing",
			sizeof(finding->reason) - strlen(finding->reason) - 1);
	else if (!stopped && heard)
		strcpy(finding->reason, "it works, in spite of a refusal");
}

void fng_probe_try(struct fng_probe *probe,
		   const struct fng_technique *technique,
		   struct fng_finding *finding)
{
	*finding = (struct fng_finding){
		.technique = technique,
		.outcome = FNG_OUTCOME_OPEN,
	};
	if (!works_unguarded(probe, technique, finding))
		finding->outcome = FNG_OUTCOME_SKIPPED;
	else if (probe->client)
		try_guarded(probe, technique, finding);
}
