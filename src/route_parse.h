/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From rtnetlink messages to rules and routes.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Pure.
 */
#ifndef WGF_ROUTE_PARSE_H
#define WGF_ROUTE_PARSE_H

#include <linux/fib_rules.h>
#include <linux/netlink.h>

#include "route.h"

struct route_reading {
	const struct route_numbers *n;
	struct route_set *set; /* ours */
	char *conflict;	       /* of 256: the first of others that is in the way */
};

/* 1: any rule, with its attributes by type (FRA_*); 0: none of IPv4 or IPv6; -1: not a whole one.
 */
#define ROUTE_ATTRS (FRA_DPORT_RANGE + 1)
int route_parse_any(const struct nlmsghdr *nlh, struct route_rule *ret, u8 *ret_protocol,
		    const struct nlattr *attrs[ROUTE_ATTRS], struct err *e);

/* What one message of a dump says. -1 where it is not a whole message, or there are too many. */
int route_parse_rule(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e);
int route_parse_route(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e);

#endif
