// SPDX-License-Identifier: GPL-2.0-only
#include "route_ask.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "rtattr.h"

int route_parse_answer(const struct nlmsghdr *nlh, struct route_answer *ret, struct err *e)
{
	const struct nlattr *a[RTA_MAX + 1] = {NULL};
	const struct rtmsg *m = rtattr_message(nlh, RTM_NEWROUTE, sizeof(*m), a, RTA_MAX + 1);

	*ret = (struct route_answer){.end = ROUTE_OUT};
	if (!m || (a[RTA_OIF] && !rtattr_u32(a[RTA_OIF], &ret->ifindex)) ||
	    (a[RTA_TABLE] && !rtattr_u32(a[RTA_TABLE], &ret->table)))
		return rtattr_garbled(e, "a route");
	/* IPv6 answers with a route that refuses, IPv4 with an error. */
	switch (m->rtm_type) {
	case RTN_LOCAL:
		ret->end = ROUTE_HERE;
		break;
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
	case RTN_BLACKHOLE:
	case RTN_THROW:
		ret->end = ROUTE_REFUSED;
		ret->error = m->rtm_type == RTN_PROHIBIT    ? EACCES
			     : m->rtm_type == RTN_BLACKHOLE ? EINVAL
							    : EHOSTUNREACH;
	}
	return 0;
}

static int take_answer(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return route_parse_answer(nlh, context, e);
}

static void put_address(struct nlmsghdr *nlh, u16 type, const union wgf_ip *ip, bool ipv4)
{
	mnl_attr_put(nlh, type, ipv4 ? 4 : 16, ipv4 ? &ip->b[12] : ip->b);
}

static void put_ports(struct nlmsghdr *nlh, const struct route_question *q)
{
	mnl_attr_put_u8(nlh, RTA_IP_PROTO, q->proto);
	if (q->from_port)
		mnl_attr_put_u16(nlh, RTA_SPORT, WGF_BE16(q->from_port));
	if (q->to_port)
		mnl_attr_put_u16(nlh, RTA_DPORT, WGF_BE16(q->to_port));
}

/* IPv6 tells the table unasked, and refuses the flag. */
int route_ask(struct rtnl *nl, const struct route_question *q, struct route_answer *ret,
	      struct err *e)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	u8 len = q->ipv4 ? 32 : 128;

	nlh->nlmsg_type = RTM_GETROUTE;
	*m = (struct rtmsg){.rtm_family = q->ipv4 ? AF_INET : AF_INET6,
			    .rtm_dst_len = len,
			    .rtm_src_len = q->has_from ? len : 0,
			    .rtm_flags = q->ipv4 ? RTM_F_LOOKUP_TABLE : 0};
	put_address(nlh, RTA_DST, &q->to, q->ipv4);
	if (q->has_from)
		put_address(nlh, RTA_SRC, &q->from, q->ipv4);
	if (q->in)
		mnl_attr_put_u32(nlh, RTA_IIF, q->in);
	if (q->mark)
		mnl_attr_put_u32(nlh, RTA_MARK, q->mark);
	mnl_attr_put_u32(nlh, RTA_UID, q->uid);
	if (q->proto)
		put_ports(nlh, q);
	*ret = (struct route_answer){.end = ROUTE_REFUSED};
	if (rtnl_ask(nl, nlh, take_answer, ret, e) == 0)
		return 0;
	if (!nl->error)
		return -1;
	ret->end = ROUTE_REFUSED;
	ret->error = nl->error;
	return 0;
}
