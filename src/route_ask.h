/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the kernel which way a packet would take.
 *
 * Owns: the question and the answer (RTM_GETROUTE). The kernel walks its own rules, tables and
 * reverse-path filter for it, and sends nothing.
 */
#ifndef WGF_ROUTE_ASK_H
#define WGF_ROUTE_ASK_H

#include "ip.h"
#include "rtnl.h"

struct route_question {
	bool ipv4, has_from;
	union wgf_ip to, from;
	u32 in; /* as if it came in by this interface; 0: this host sends it */
	u32 mark, uid;
	u8 proto; /* 0: not asked, nor are ports */
	u16 from_port, to_port;
};

enum route_end {
	ROUTE_OUT,     /* by `ifindex` */
	ROUTE_HERE,    /* to this host */
	ROUTE_REFUSED, /* `error` says how, an errno */
};

struct route_answer {
	enum route_end end;
	u32 ifindex, table;
	int error;
};

int route_ask(struct rtnl *nl, const struct route_question *q, struct route_answer *ret,
	      struct err *e);

/* Pure: what the kernel's message says. */
int route_parse_answer(const struct nlmsghdr *nlh, struct route_answer *ret, struct err *e);

#endif
