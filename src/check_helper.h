/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A helper process inside the fence that tries calls which can send nothing.
 *
 * Owns: getting a process in and out again, and the calls. Each of them sends nothing even where no
 * fence is: connect(2) of a UDP socket only asks for a route, bind(2) and socket(2) touch no wire,
 * a join has an argument that the kernel refuses behind the hook, and the unix socket is nobody's.
 */
#ifndef WGF_CHECK_HELPER_H
#define WGF_CHECK_HELPER_H

#include <stdbool.h>

#include "err.h"
#include "facts.h"

enum call_kind {
	CALL_SOCKET,
	CALL_CONNECT,
	CALL_BIND,
	CALL_JOIN,
	CALL_UNIX,
	CALL_MARK,    /* no call of a member's: the mark that a socket was made with */
	CALL_FOREIGN, /* a socket in another network namespace; the helper stays there */
};

struct call {
	enum call_kind kind;
	int family, type, proto;
	union wgf_ip ip; /* connect, bind */
	u16 port;
	const char *what;
	bool refused; /* should it be? */
	int error;    /* an errno; 0: done; -1: could not be tried here */
	u32 mark;
};

/* In a cgroup below `cgroup`, which is removed again; fills `error` and `mark` of each. */
int helper_try(int cgroup, struct call *calls, unsigned n, struct err *e);

#endif
