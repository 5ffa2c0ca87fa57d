/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's rules and routes, as far as they concern a fence.
 *
 * Owns: reading them, and adding or removing one. What is not ours is never removed.
 */
#ifndef WGF_ROUTE_KERNEL_H
#define WGF_ROUTE_KERNEL_H

#include "route.h"
#include "rtnl.h"

/*
 * Ours, of these numbers. Others' that are in the way, a rule at one of our priorities or a route
 * in our table, are named in `conflict` (the first; "" where there is none).
 */
int route_read(struct rtnl *nl, const struct route_numbers *n, struct route_set *ret,
	       char conflict[256], struct err *e);

int route_add_rule(struct rtnl *nl, const struct route_rule *r, struct err *e);
int route_remove_rule(struct rtnl *nl, const struct route_rule *r, struct err *e);
int route_add_default(struct rtnl *nl, const struct route_default *d, struct err *e);
int route_remove_default(struct rtnl *nl, const struct route_default *d, struct err *e);

#endif
