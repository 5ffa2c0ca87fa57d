// SPDX-License-Identifier: GPL-2.0-only
#include "route_kernel.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "route_parse.h"

#define BENEATH 0xffffffffu /* metric: after every other route of the table */

static u8 family_of(bool ipv4)
{
	return ipv4 ? AF_INET : AF_INET6;
}

static const void *address(const union wgf_ip *ip, bool ipv4)
{
	return ipv4 ? &ip->b[12] : &ip->b[0];
}

static u8 length(const struct prefix *p, bool ipv4)
{
	return (u8)(p->len && ipv4 ? p->len - 96 : p->len);
}

static void put_prefix(struct nlmsghdr *nlh, u16 type, const struct prefix *p, bool ipv4)
{
	if (p->len)
		mnl_attr_put(nlh, type, ipv4 ? 4 : 16, address(&p->addr, ipv4));
}

static void put_port(struct nlmsghdr *nlh, u16 type, u16 port)
{
	const struct fib_rule_port_range range = {port, port};

	if (port)
		mnl_attr_put(nlh, type, sizeof(range), &range);
}

/* A table above 255 has its number in an attribute only. */
static u8 short_table(u32 table)
{
	return table < 256 ? (u8)table : RT_TABLE_COMPAT;
}

static int change_rule(struct rtnl *nl, u16 type, u16 flags, const struct route_rule *r,
		       struct err *e)
{
	static const u8 actions[] = {[ROUTE_LOOKUP] = FR_ACT_TO_TBL,
				     [ROUTE_GOTO] = FR_ACT_GOTO,
				     [ROUTE_NOP] = FR_ACT_NOP};
	char buf[512] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct fib_rule_hdr *h = mnl_nlmsg_put_extra_header(nlh, sizeof(*h));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	*h = (struct fib_rule_hdr){.family = family_of(r->ipv4),
				   .dst_len = length(&r->to, r->ipv4),
				   .src_len = length(&r->from, r->ipv4),
				   .action = actions[r->action]};
	put_prefix(nlh, FRA_DST, &r->to, r->ipv4);
	put_prefix(nlh, FRA_SRC, &r->from, r->ipv4);
	mnl_attr_put_u32(nlh, FRA_PRIORITY, r->priority);
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, ROUTE_PROTOCOL);
	if (r->mask) {
		mnl_attr_put_u32(nlh, FRA_FWMARK, r->mark);
		mnl_attr_put_u32(nlh, FRA_FWMASK, r->mask);
	}
	if (r->action == ROUTE_LOOKUP) {
		h->table = short_table(r->target);
		mnl_attr_put_u32(nlh, FRA_TABLE, r->target);
	}
	if (r->action == ROUTE_GOTO)
		mnl_attr_put_u32(nlh, FRA_GOTO, r->target);
	if (r->proto)
		mnl_attr_put_u8(nlh, FRA_IP_PROTO, r->proto);
	put_port(nlh, FRA_SPORT_RANGE, r->from_port);
	put_port(nlh, FRA_DPORT_RANGE, r->to_port);
	return rtnl_change(nl, nlh, e);
}

/* What failed is as good as done. */
static int forgive(struct err *e)
{
	e->text[0] = '\0';
	return 0;
}

/* Where the kernel has no IPv6 there is nothing to route. */
static bool no_family(const struct rtnl *nl, bool ipv4)
{
	return !ipv4 && (nl->error == EAFNOSUPPORT || nl->error == EOPNOTSUPP);
}

int route_add_rule(struct rtnl *nl, const struct route_rule *r, struct err *e)
{
	/* NLM_F_EXCL: the kernel would else add the same once more. */
	if (change_rule(nl, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, r, e) == 0)
		return 0;
	return nl->error == EEXIST ? forgive(e) : -1;
}

int route_remove_rule(struct rtnl *nl, const struct route_rule *r, struct err *e)
{
	if (change_rule(nl, RTM_DELRULE, 0, r, e) == 0)
		return 0;
	return nl->error == ENOENT ? forgive(e) : -1;
}

static int change_default(struct rtnl *nl, u16 type, u16 flags, const struct route_default *d,
			  struct err *e)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	*m = (struct rtmsg){.rtm_family = family_of(d->ipv4),
			    .rtm_table = short_table(d->table),
			    .rtm_protocol = ROUTE_PROTOCOL,
			    .rtm_scope = d->ifindex && d->ipv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
			    .rtm_type = d->ifindex ? RTN_UNICAST : RTN_UNREACHABLE};
	mnl_attr_put_u32(nlh, RTA_TABLE, d->table);
	if (d->ifindex)
		mnl_attr_put_u32(nlh, RTA_OIF, d->ifindex);
	else
		mnl_attr_put_u32(nlh, RTA_PRIORITY, BENEATH);
	return rtnl_change(nl, nlh, e);
}

/* In the place of one that leads elsewhere. */
int route_add_default(struct rtnl *nl, const struct route_default *d, struct err *e)
{
	return change_default(nl, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, d, e);
}

/* With its interface it went by itself. */
int route_remove_default(struct rtnl *nl, const struct route_default *d, struct err *e)
{
	if (change_default(nl, RTM_DELROUTE, 0, d, e) == 0)
		return 0;
	return nl->error == ESRCH || nl->error == ENODEV || nl->error == ENOENT ? forgive(e) : -1;
}

static int take_rule(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return route_parse_rule(context, nlh, e);
}

static int take_route(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return route_parse_route(context, nlh, e);
}

/*
 * Of one family. A strict socket filters by table in the kernel; one that does not exist yet is
 * ENOENT there. What changes meanwhile is told of, and read again.
 */
static int read_family(struct rtnl *nl, u8 family, struct route_reading *reading, struct err *e)
{
	const struct fib_rule_hdr rules = {.family = family};
	struct {
		struct rtmsg m;
		struct nlattr a;
		u32 table; // cppcheck-suppress unusedStructMember ; the kernel reads it
	} routes = {.m = {.rtm_family = family},
		    .a = {.nla_len = sizeof(struct nlattr) + 4, .nla_type = RTA_TABLE},
		    .table = reading->n->table};

	if (rtnl_dump(nl, RTM_GETRULE, &rules, sizeof(rules), take_rule, reading, e) < 0) {
		if (!no_family(nl, family == AF_INET))
			return -1;
		/* Such a kernel takes every table for the main one: it must not get a route. */
		reading->set->no_ipv6 = true;
		return forgive(e);
	}
	if (rtnl_dump(nl, RTM_GETROUTE, &routes, sizeof(routes), take_route, reading, e) < 0)
		return nl->error == ENOENT ? forgive(e) : -1;
	return 0;
}

int route_read(struct rtnl *nl, const struct route_numbers *n, struct route_set *ret,
	       char conflict[256], struct err *e)
{
	struct route_reading reading = {n, ret, conflict};

	memset(ret, 0, sizeof(*ret));
	conflict[0] = '\0';
	return read_family(nl, AF_INET, &reading, e) || read_family(nl, AF_INET6, &reading, e) ? -1
											       : 0;
}
