/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From rtnetlink messages to rules and routes.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Pure.
 */
#ifndef WGF_ROUTE_PARSE_H
#define WGF_ROUTE_PARSE_H

#include <linux/netlink.h>

#include "route.h"

struct route_reading {
	const struct route_numbers *n;
	struct route_set *set; /* ours */
	char *conflict;	       /* of 256: the first of others that is in the way */
};

/* What one message of a dump says. -1 where it is not a whole message, or there are too many. */
int route_parse_rule(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e);
int route_parse_route(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e);

#endif
