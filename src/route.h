/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routing: what carries members into the tunnel.
 *
 * Owns: the form of rules and routes, and which there should be:
 *
 *   priority P      from a tunnel's address       lookup T   what the kernel says in its name
 *   priority P+1    marked, to a named network    goto P+3   the host's own rules decide
 *   priority P+2    marked                        lookup T   everything else of a member
 *   priority P+3    nop                                      what goto leads to
 *   table T         default dev TUNNEL, and beneath it: unreachable
 *
 * Routing is not what holds: the programs drop what goes elsewhere, whatever the routes are. Pure.
 */
#ifndef WGF_ROUTE_H
#define WGF_ROUTE_H

#include "config.h"
#include "policy.h"

#define ROUTE_PROTOCOL	 119 /* whose a rule or a route is (RTPROT_*): nobody else's, ours */
#define ROUTE_MAX	 512
#define ROUTE_PRIORITIES 4 /* from P on */

/* Those of the configuration, and where it has none, those that the fence's name gives. */
struct route_numbers {
	u32 table, priority, mark, mask;
};
void route_numbers(const struct config *c, struct route_numbers *ret);
/* Those of a policy; a mask of 0 where it has none. */
struct route_numbers route_numbers_of(const struct wgf_policy *p);
/* Could a rule or a route, or a member's mark, be taken for the other's? */
bool route_numbers_meet(const struct route_numbers *a, const struct route_numbers *b);

enum route_action { ROUTE_LOOKUP, ROUTE_GOTO, ROUTE_NOP };

struct route_rule {
	bool ipv4;
	enum route_action action;
	u32 priority, target; /* a table, or a priority */
	u32 mark, mask;	      /* mask 0: whatever the mark is */
	struct prefix from, to;
	u16 from_port, to_port; /* 0: any */
	u8 proto;		/* 0: any */
};

struct route_default {
	bool ipv4;
	u32 table, ifindex; /* 0: unreachable */
};

struct route_set {
	bool no_ipv6; /* this kernel has no rules for it, so nothing of it is carried */
	unsigned n_rules, n_defaults;
	struct route_rule rules[ROUTE_MAX];
	struct route_default defaults[ROUTE_MAX];
};

/* Where the policy has no tunnel, the rules of its last addresses are not in it: see route_keep().
 */
void route_plan(const struct route_numbers *n, const struct wgf_policy *p, struct route_set *ret);

bool route_has_rule(const struct route_set *s, const struct route_rule *r);
bool route_has_default(const struct route_set *s, const struct route_default *d);

/*
 * Should this rule stay, which is there and not wanted? While there is no tunnel, those of its last
 * addresses do: connections that have not ended still speak in its name.
 */
bool route_keep(const struct route_numbers *n, const struct wgf_policy *p,
		const struct route_rule *r);

#endif
