/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Members: the sockets and processes of a fence that there are now.
 *
 * Owns: counting them before a fence is taken down: by sock_diag, which tells a socket's cgroup but
 * not of every socket, and by the descriptors of the processes in cgroup.procs. Sockets whose
 * cgroup is gone count too, for nobody can say whose they were; but not the kernel's own.
 */
#ifndef WGF_SOCKETS_H
#define WGF_SOCKETS_H

#include "err.h"
#include "types.h"

struct members {
	unsigned sockets; /* of the cgroup and those below it; internet sockets of any type */
	unsigned orphans; /* sockets of a cgroup that was removed, anybody's */
	unsigned processes;
};

/* `cgroup` is the directory's fd; -1 where it is gone, and only orphans can be counted. */
int members_count(int cgroup, struct members *ret, struct err *e);

#endif
