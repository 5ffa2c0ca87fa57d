/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which network namespace this is.
 *
 * Owns: asking the kernel for the cookie that bpf_get_netns_cookie() gives in sock_create.
 */
#ifndef WGF_NETNS_H
#define WGF_NETNS_H

#include "err.h"
#include "types.h"

int netns_cookie(u64 *ret, struct err *e);

/*
 * The way of kernels before 5.14; apart so that newer kernels test it too. It asks in a cgroup of
 * its own for a moment, and so fails where sockets do not belong to their process's cgroup2 cgroup.
 */
int netns_cookie_by_program(u64 *ret, struct err *e);

#endif
