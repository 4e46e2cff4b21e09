/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies with nothing but privileges.
 */
#ifndef TESTS_GUEST_PRIVILEGES_H
#define TESTS_GUEST_PRIVILEGES_H

/* A user and a group that own nothing. */
#define NOBODY		65534
/* Of the settings, in all policies here. */
#define SETTINGS_LINE	2

/* Makes the place where things are tried, with a directory and a file. */
void privileges_setup(void);

/**
 * privileges_load() - load a policy
 * @policy: its name
 * @settings: of its privileges, up to the list that the last of them is
 * @words: in that list
 * @rest: further sections
 */
void privileges_load(const char *policy, const char *settings,
		     const char *words, const char *rest);

#endif /* TESTS_GUEST_PRIVILEGES_H */
