/* SPDX-License-Identifier: MIT */
/* The guest as a machine: what process 1 sets up, and what is asked of the kernel at the end. */
#ifndef MACHINE_H
#define MACHINE_H

/* Mounts, host name, loopback. What is missing on a kernel is reported on the console and is not fatal: tests skip. */
void set_up_machine(void);

/* On a kernel with kmemleak, let it look for leaks, unless the command did: its report in the kernel log fails the run. */
void check_leaks(void);

/* The first line of a small file, to be freed, or NULL. */
char *read_file_line(const char *path);

#endif
