/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What /proc says of a process.
 *
 * Owns: reading it. A process that has gone meanwhile says nothing: false, or an empty name.
 */
#ifndef WGF_CHECK_PROCESS_H
#define WGF_CHECK_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "check_tree.h"

#define PROCESS_NAME 64

void process_name(pid_t pid, char ret[PROCESS_NAME]);

/* Seconds since 1970, by the clock as it is now. */
bool process_start(pid_t pid, double *ret);

/* Pure half: the time since boot, in ticks, from the text of /proc/PID/stat. */
bool process_start_ticks(const char *stat, unsigned long long *ret);

/* May it leave a fence: CAP_SYS_ADMIN or CAP_NET_ADMIN in effect, in the first user namespace? */
bool process_is_mighty(pid_t pid);

/* A number behind "KEY:" in the text of /proc/PID/status. */
bool process_status(const char *status, const char *key, int base, unsigned long long *ret);

/* Processes of the users that are in the tree, but outside of it; root's are not counted. */
struct neighbours {
	unsigned outside;
	pid_t pid; /* the first of them */
	char name[PROCESS_NAME];
};
int neighbours_read(const struct tree *t, struct neighbours *ret, struct err *e);

#endif
