/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules and routes whoever has made them, whole: for those who look at what others have.
 *
 * Owns: reading them, and writing them as `ip` takes them. Pure but for other_read().
 */
#ifndef WGF_ROUTE_OTHER_H
#define WGF_ROUTE_OTHER_H

#include "route.h"
#include "rtnl.h"

#define OTHER_TEXT 400

struct other_rule {
	struct route_rule r; /* its action is a look-up also where `action` is another one */
	u8 action;	     /* FR_ACT_* */
	u8 protocol;
	bool inverted; /* "not" */
	bool odd;      /* it asks for more than is told here (tos, l3mdev, a tunnel's id ...) */
	bool has_uid, suppresses;
	u32 uid_first, uid_last;
	u32 suppress; /* routes with prefixes up to this length are not taken */
	u16 from_port_last, to_port_last;
	char in[WGF_IFNAME], out[WGF_IFNAME]; /* empty: any */
};

struct other_route {
	bool ipv4;
	struct prefix to;
	u8 type, protocol; /* RTN_*, RTPROT_* */
};

struct others {
	struct other_rule *rules;   /* all of the machine, in the kernel's order */
	struct other_route *routes; /* of the one table, that are not ours */
	unsigned n_rules, n_routes;
};

/* A kernel that has no rules of a family has none. */
int other_read(struct rtnl *nl, u32 table, struct others *ret, struct err *e);
void other_free(struct others *o);

/* What one message says: 1 it is one, 0 it is none that is asked for, -1 e. */
int other_parse_rule(const struct nlmsghdr *nlh, struct other_rule *ret, struct err *e);
int other_parse_route(const struct nlmsghdr *nlh, u32 table, struct other_route *ret,
		      struct err *e);

/* "fwmark 0x1/0x1 lookup 52": what `ip rule add` takes, without the priority. */
const char *other_rule_text(const struct other_rule *o, char ret[OTHER_TEXT]);
/* "unreachable 10.0.0.0/8": what `ip route del` takes, without the table. */
const char *other_route_text(const struct other_route *o, char ret[OTHER_TEXT]);

#endif
