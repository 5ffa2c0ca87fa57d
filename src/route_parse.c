// SPDX-License-Identifier: GPL-2.0-only
#include "route_parse.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "rtattr.h"

#define CONFLICT 256

/* What is not there is 0. */
static bool read_number(const struct nlattr *a, void *ret, size_t size)
{
	if (!a)
		return true;
	if (mnl_attr_get_payload_len(a) != size)
		return false;
	memcpy(ret, mnl_attr_get_payload(a), size);
	return true;
}

static bool read_prefix(const struct nlattr *a, u8 family, u8 len, struct prefix *ret)
{
	union wgf_ip ip;

	if (!len)
		return true;
	return a && rtattr_ip(a, family, &ip) && rtattr_prefix(&ip, family, len, ret);
}

/* A single port; a range of several is nothing that we make. */
static bool read_port_range(const struct nlattr *a, u16 *ret)
{
	struct fib_rule_port_range range = {0};

	if (!read_number(a, &range, sizeof(range)))
		return false;
	*ret = range.start;
	return true;
}

static bool read_rule(const struct fib_rule_hdr *h, const struct nlattr **a, struct route_rule *r)
{
	u32 table = h->table;

	r->ipv4 = h->family == AF_INET;
	if (!read_number(a[FRA_PRIORITY], &r->priority, 4) ||
	    !read_number(a[FRA_TABLE], &table, 4) || !read_number(a[FRA_FWMARK], &r->mark, 4) ||
	    !read_number(a[FRA_FWMASK], &r->mask, 4) ||
	    !read_number(a[FRA_IP_PROTO], &r->proto, 1) ||
	    !read_port_range(a[FRA_SPORT_RANGE], &r->from_port) ||
	    !read_port_range(a[FRA_DPORT_RANGE], &r->to_port) ||
	    !read_prefix(a[FRA_SRC], h->family, h->src_len, &r->from) ||
	    !read_prefix(a[FRA_DST], h->family, h->dst_len, &r->to))
		return false;
	r->action = h->action == FR_ACT_GOTO  ? ROUTE_GOTO
		    : h->action == FR_ACT_NOP ? ROUTE_NOP
					      : ROUTE_LOOKUP;
	r->target = table;
	if (r->action == ROUTE_NOP)
		r->target = 0;
	return r->action != ROUTE_GOTO || read_number(a[FRA_GOTO], &r->target, 4);
}

int route_parse_any(const struct nlmsghdr *nlh, struct route_rule *ret, u8 *ret_protocol,
		    const struct nlattr *a[ROUTE_ATTRS], struct err *e)
{
	const struct fib_rule_hdr *h;

	for (unsigned i = 0; i < ROUTE_ATTRS; i++)
		a[i] = NULL;
	*ret = (struct route_rule){0};
	*ret_protocol = 0;
	h = rtattr_message(nlh, RTM_NEWRULE, sizeof(*h), a, ROUTE_ATTRS);
	if (!h)
		return rtattr_garbled(e, "a rule");
	if (h->family != AF_INET && h->family != AF_INET6)
		return 0;
	if (!read_number(a[FRA_PROTOCOL], ret_protocol, 1) || !read_rule(h, a, ret))
		return rtattr_garbled(e, "a rule");
	return 1;
}

static bool is_among(const struct route_numbers *n, u32 priority)
{
	return priority >= n->priority && priority < n->priority + ROUTE_PRIORITIES;
}

/* Another's rule for marks such as ours would be met by members, or ours by what has its mark. */
static bool takes_mark(const struct route_numbers *n, const struct route_rule *r)
{
	return (r->mask & n->mask) == n->mask && (r->mark & n->mask) == n->mark;
}

/* Ours have our protocol, and one of our priorities. */
int route_parse_rule(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[ROUTE_ATTRS];
	struct route_rule rule;
	bool own, among;
	u8 protocol;
	int parsed = route_parse_any(nlh, &rule, &protocol, a, e);

	if (parsed <= 0)
		return parsed;
	own = protocol == ROUTE_PROTOCOL;
	among = is_among(r->n, rule.priority);
	if (own && among) {
		if (r->set->n_rules == ROUTE_MAX)
			return err_set(e, EXIT_FAILED, "more than %d rules of ours", ROUTE_MAX);
		r->set->rules[r->set->n_rules++] = rule;
	} else if (among && !*r->conflict) {
		snprintf(r->conflict, CONFLICT,
			 "somebody else has an ip%s rule at priority %u: another priority = in "
			 "[route] would be right",
			 rule.ipv4 ? "" : " -6", rule.priority);
	} else if (!own && takes_mark(r->n, &rule) && !*r->conflict) {
		snprintf(r->conflict, CONFLICT,
			 "somebody else has an ip%s rule for the mark 0x%x/0x%x: another mark = in "
			 "[route] would be right",
			 rule.ipv4 ? "" : " -6", rule.mark, rule.mask);
	}
	return 0;
}

/* Without strict checking (NETLINK_GET_STRICT_CHK) the dump has all tables. */
int route_parse_route(const struct route_reading *r, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[RTA_MAX + 1] = {NULL};
	const struct rtmsg *m = rtattr_message(nlh, RTM_NEWROUTE, sizeof(*m), a, RTA_MAX + 1);
	struct route_default d = {0};

	if (!m)
		return rtattr_garbled(e, "a route");
	d.table = m->rtm_table;
	d.ipv4 = m->rtm_family == AF_INET;
	if (!read_number(a[RTA_TABLE], &d.table, 4) || !read_number(a[RTA_OIF], &d.ifindex, 4))
		return rtattr_garbled(e, "a route");
	if (d.table != r->n->table || m->rtm_flags & RTM_F_CLONED)
		return 0;
	if (m->rtm_protocol != ROUTE_PROTOCOL || m->rtm_dst_len) {
		if (!*r->conflict)
			snprintf(
				r->conflict, CONFLICT,
				"somebody else has a route in table %u: another table = in [route] "
				"would be right",
				d.table);
		return 0;
	}
	/* IPv6 shows an unreachable route on lo. */
	if (m->rtm_type == RTN_UNREACHABLE)
		d.ifindex = 0;
	if (r->set->n_defaults == ROUTE_MAX)
		return err_set(e, EXIT_FAILED, "more than %d routes of ours", ROUTE_MAX);
	r->set->defaults[r->set->n_defaults++] = d;
	return 0;
}
