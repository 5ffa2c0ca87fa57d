/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child that may never come to its end: it waits for a file system, or its cgroup is frozen.
 *
 * Owns: how long it is waited for, and that it is killed then.
 */
#ifndef WGF_CHILD_H
#define WGF_CHILD_H

#include <sys/types.h>

/* Its exit status; -1 where it has not exited by itself after so many milliseconds. */
int child_ended(pid_t child, int msec);

#endif
