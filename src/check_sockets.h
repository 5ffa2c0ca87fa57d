/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The internet sockets that the processes of a tree hold, and the cgroup that each was made in.
 *
 * Owns: putting the two together. Of a socket that is bound to nothing yet, and of other than TCP
 * and UDP, the kernel does not tell a cgroup.
 */
#ifndef WGF_CHECK_SOCKETS_H
#define WGF_CHECK_SOCKETS_H

#include "check_tree.h"
#include "diag.h"

struct held {
	pid_t pid;
	u64 inode, cgroup_id;	/* cgroup_id 0: not told */
	char proto[DIAG_PROTO]; /* as the kernel calls it: TCP, TCPv6, UDP ... */
};

struct holdings {
	struct held *v;
	unsigned n, untold;
};

int holdings_read(const struct tree *t, struct holdings *ret, struct err *e);
void holdings_free(struct holdings *h);

/* The path of a cgroup, for people; "a cgroup that was removed" where it was. */
void cgroup_name(u64 id, char *ret, size_t size);

#endif
