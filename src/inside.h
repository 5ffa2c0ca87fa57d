/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a process sees at a path: a file's text, or whether it may connect to a socket.
 *
 * Owns: looking through /proc/PID/root as that process would, by a child that has its user and
 * groups for files, and that is not waited for longer than INSIDE_MSEC: the process may be hostile,
 * what it shows may be a pipe, a device, a link to anywhere or a file system that never answers.
 */
#ifndef WGF_INSIDE_H
#define WGF_INSIDE_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"
#include "types.h"

#define INSIDE_TEXT    16384
#define INSIDE_SOCKETS 32
#define INSIDE_MSEC    2000

struct inside {
	bool has_text; /* of the file: it is a regular one, and was read whole */
	char text[INSIDE_TEXT];
	bool reachable[INSIDE_SOCKETS]; /* of the paths, in their order */
};

/* `sockets` ends with NULL. 0, or -1 with e where the process has gone or nothing answers. */
int inside_look(pid_t pid, const char *file, const char *const *sockets, struct inside *ret,
		struct err *e);

#define INSIDE_GROUPS 64
struct inside_user {
	uid_t uid;
	gid_t gid, groups[INSIDE_GROUPS];
	unsigned n_groups;
};

/* Pure: from /proc/PID/status, what files are accessed with. False where it is not all there. */
bool inside_user_parse(const char *status, struct inside_user *ret);

#endif
