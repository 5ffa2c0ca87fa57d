// SPDX-License-Identifier: GPL-2.0-only
#include "route_other.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "grow.h"
#include "route_parse.h"
#include "rtattr.h"

static bool read_name(const struct nlattr *a, char ret[WGF_IFNAME])
{
	if (!a)
		return true;
	if (mnl_attr_get_payload_len(a) > WGF_IFNAME)
		return false;
	snprintf(ret, WGF_IFNAME, "%.*s", mnl_attr_get_payload_len(a),
		 (const char *)mnl_attr_get_payload(a));
	return true;
}

static bool read_uids(const struct nlattr *a, struct other_rule *o)
{
	struct fib_rule_uid_range range;

	o->has_uid = a;
	if (!a)
		return true;
	if (mnl_attr_get_payload_len(a) != sizeof(range))
		return false;
	memcpy(&range, mnl_attr_get_payload(a), sizeof(range));
	o->uid_first = range.start;
	o->uid_last = range.end;
	return true;
}

/* route_parse_any() has seen that its length is right. */
static u16 last_port(const struct nlattr *a)
{
	struct fib_rule_port_range range = {0};

	if (a)
		memcpy(&range, mnl_attr_get_payload(a), sizeof(range));
	return range.end;
}

int other_parse_rule(const struct nlmsghdr *nlh, struct other_rule *ret, struct err *e)
{
	const struct nlattr *a[ROUTE_ATTRS];
	const struct fib_rule_hdr *h;
	int parsed;

	*ret = (struct other_rule){.suppress = ~0u};
	parsed = route_parse_any(nlh, &ret->r, &ret->protocol, a, e);
	if (parsed <= 0)
		return parsed;
	h = mnl_nlmsg_get_payload(nlh);
	ret->action = h->action;
	ret->inverted = h->flags & FIB_RULE_INVERT;
	ret->odd =
		h->tos || a[FRA_L3MDEV] || a[FRA_TUN_ID] || a[FRA_FLOW] || a[FRA_SUPPRESS_IFGROUP];
	ret->from_port_last = last_port(a[FRA_SPORT_RANGE]);
	ret->to_port_last = last_port(a[FRA_DPORT_RANGE]);
	if (!read_name(a[FRA_IIFNAME], ret->in) || !read_name(a[FRA_OIFNAME], ret->out) ||
	    !read_uids(a[FRA_UID_RANGE], ret) ||
	    (a[FRA_SUPPRESS_PREFIXLEN] && !rtattr_u32(a[FRA_SUPPRESS_PREFIXLEN], &ret->suppress)))
		return rtattr_garbled(e, "a rule");
	ret->suppresses = ret->suppress != ~0u; /* -1: it does not */
	return 1;
}

int other_parse_route(const struct nlmsghdr *nlh, u32 table, struct other_route *ret, struct err *e)
{
	const struct nlattr *a[RTA_MAX + 1] = {NULL};
	const struct rtmsg *m = rtattr_message(nlh, RTM_NEWROUTE, sizeof(*m), a, RTA_MAX + 1);
	union wgf_ip to = {0};
	u32 of;

	if (!m)
		return rtattr_garbled(e, "a route");
	of = m->rtm_table;
	if (a[RTA_TABLE] && !rtattr_u32(a[RTA_TABLE], &of))
		return rtattr_garbled(e, "a route");
	if (of != table || m->rtm_flags & RTM_F_CLONED ||
	    (m->rtm_family != AF_INET && m->rtm_family != AF_INET6))
		return 0;
	*ret = (struct other_route){
		.ipv4 = m->rtm_family == AF_INET, .type = m->rtm_type, .protocol = m->rtm_protocol};
	to.h[5] = ret->ipv4 ? 0xffff : 0;
	if ((a[RTA_DST] ? !rtattr_ip(a[RTA_DST], m->rtm_family, &to) : m->rtm_dst_len != 0) ||
	    !rtattr_prefix(&to, m->rtm_family, m->rtm_dst_len, &ret->to))
		return rtattr_garbled(e, "a route");
	return 1;
}

static int take_rule(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	struct others *o = context;
	struct other_rule rule, *more;
	int parsed = other_parse_rule(nlh, &rule, e);

	if (parsed <= 0)
		return parsed;
	more = grown(o->rules, o->n_rules, sizeof(rule), e);
	if (!more)
		return -1;
	o->rules = more;
	more[o->n_rules++] = rule;
	return 0;
}

struct route_taking {
	struct others *o;
	u32 table;
};

static int take_route(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	const struct route_taking *t = context;
	struct other_route route = {0}, *more;
	int parsed = other_parse_route(nlh, t->table, &route, e);

	if (parsed <= 0)
		return parsed;
	if (route.protocol == ROUTE_PROTOCOL && !route.to.len)
		return 0;
	if (route.protocol == ROUTE_PROTOCOL && route.ipv4 && route.to.len == 96)
		return 0;
	more = grown(t->o->routes, t->o->n_routes, sizeof(route), e);
	if (!more)
		return -1;
	t->o->routes = more;
	more[t->o->n_routes++] = route;
	return 0;
}

/* What a strict socket is told of a table that is not there, or of a family, is no failure. */
static bool is_nothing(const struct rtnl *nl)
{
	return nl->error == ENOENT || nl->error == EAFNOSUPPORT || nl->error == EOPNOTSUPP;
}

static int read_family(struct rtnl *nl, u8 family, struct route_taking *t, struct err *e)
{
	const struct fib_rule_hdr rules = {.family = family};
	struct {
		struct rtmsg m;
		struct nlattr a;
		u32 table; // cppcheck-suppress unusedStructMember ; the kernel reads it
	} routes = {.m = {.rtm_family = family},
		    .a = {.nla_len = sizeof(struct nlattr) + 4, .nla_type = RTA_TABLE},
		    .table = t->table};

	if (rtnl_dump(nl, RTM_GETRULE, &rules, sizeof(rules), take_rule, t->o, e) < 0)
		return is_nothing(nl) ? 0 : -1;
	if (t->table && rtnl_dump(nl, RTM_GETROUTE, &routes, sizeof(routes), take_route, t, e) < 0)
		return is_nothing(nl) ? 0 : -1;
	return 0;
}

int other_read(struct rtnl *nl, u32 table, struct others *ret, struct err *e)
{
	struct route_taking t = {ret, table};

	*ret = (struct others){.n_rules = 0};
	if (read_family(nl, AF_INET, &t, e) == 0 && read_family(nl, AF_INET6, &t, e) == 0)
		return 0;
	other_free(ret);
	return -1;
}

void other_free(struct others *o)
{
	free(o->rules);
	free(o->routes);
	*o = (struct others){.n_rules = 0};
}
