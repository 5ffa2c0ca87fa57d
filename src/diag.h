/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Internet sockets, as the kernel tells of them: by sock_diag, and by who holds them.
 *
 * Owns: the two dialogues. sock_diag tells a socket's cgroup (Linux 5.8), but of no socket before
 * it is bound or has sent, and of none that is neither TCP nor UDP; /proc tells of all that a
 * process holds, and no cgroup.
 */
#ifndef WGF_DIAG_H
#define WGF_DIAG_H

#include <linux/netlink.h>

#include "err.h"
#include "types.h"

#define DIAG_PROTO 32

/* Calls f with each TCP and UDP socket that has a cgroup; stops where it does not return 0: -1. */
int diag_each(int (*f)(u64 inode, u64 cgroup_id, void *context), void *context, struct err *e);

/*
 * Calls f with each internet socket that a process holds, and its protocol's name ("UDPv6"); stops
 * where it does not return 0, and returns that. A process that has gone holds none.
 */
int diag_held(u64 pid, int (*f)(u64 inode, const char *proto, void *context), void *context);

/* Pure: the cgroup of a socket that sock_diag tells of, and its inode; 0 where it does not say. */
u64 diag_parse(const struct nlmsghdr *nlh, u32 *ret_inode);

#endif
