// SPDX-License-Identifier: GPL-2.0-only
/*
 * From rtnetlink messages to the inventory.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Must never decide what a
 * thing means for a policy; what it leaves out is only what the inventory cannot express.
 */
#include "inventory_parse.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "rtattr.h"

/* A name that is cut off would be another name. */
static bool read_name(const struct nlattr *a, char ret[WGF_IFNAME])
{
	size_t len = mnl_attr_get_payload_len(a);
	const char *text = mnl_attr_get_payload(a);

	if (len < 2 || len > WGF_IFNAME || strnlen(text, len) != len - 1)
		return false;
	memcpy(ret, text, len);
	return true;
}

/* A kind that is cut off is still not empty, and equals none that anybody asks for. */
static bool read_kind(const struct nlattr *linkinfo, char *ret, size_t size)
{
	const struct nlattr *info[IFLA_INFO_KIND + 1] = {NULL};
	const struct nlattr *kind;
	size_t len;

	if (!rtattr_all(mnl_attr_get_payload(linkinfo), mnl_attr_get_payload_len(linkinfo), info,
			IFLA_INFO_KIND + 1))
		return false;
	kind = info[IFLA_INFO_KIND];
	if (!kind)
		return true; /* only a port's kind (IFLA_INFO_SLAVE_KIND) */
	len = strnlen(mnl_attr_get_payload(kind), mnl_attr_get_payload_len(kind));
	if (len == 0)
		return false;
	memcpy(ret, mnl_attr_get_payload(kind), len < size ? len : size - 1);
	return true;
}

int inventory_parse_link(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFLA_LINKINFO + 1] = {NULL};
	const struct ifinfomsg *m =
		rtattr_message(nlh, RTM_NEWLINK, sizeof(*m), a, IFLA_LINKINFO + 1);
	struct link l = {0}, *more;

	if (!m || m->ifi_index <= 0 || !a[IFLA_IFNAME])
		return rtattr_garbled(e, "a link");
	l.ifindex = (u32)m->ifi_index;
	l.flags = m->ifi_flags;
	l.type = m->ifi_type;
	if (!read_name(a[IFLA_IFNAME], l.name) ||
	    (a[IFLA_MASTER] && !rtattr_u32(a[IFLA_MASTER], &l.master)) ||
	    (a[IFLA_LINKINFO] && !read_kind(a[IFLA_LINKINFO], l.kind, sizeof(l.kind))))
		return rtattr_garbled(e, "a link");
	more = grown(inv->links, inv->n_links, sizeof(*more), e);
	if (!more)
		return -1;
	inv->links = more;
	more[inv->n_links++] = l;
	return 0;
}

/*
 * IFA_ADDRESS is the peer's where there is one and IFA_LOCAL the own; without a peer IPv4 has both
 * the same and IPv6 has IFA_ADDRESS alone (inet_fill_ifaddr, inet6_fill_ifaddr).
 */
static bool read_addr(const struct ifaddrmsg *m, const struct nlattr **a, struct addr *ret)
{
	const struct nlattr *local = a[IFA_LOCAL] ? a[IFA_LOCAL] : a[IFA_ADDRESS];
	const struct nlattr *address = a[IFA_ADDRESS] ? a[IFA_ADDRESS] : local;
	union wgf_ip ip;

	if (!m->ifa_index || !local)
		return false;
	ret->ifindex = m->ifa_index;
	if (!rtattr_ip(local, m->ifa_family, &ret->local) ||
	    !rtattr_ip(address, m->ifa_family, &ip) ||
	    !rtattr_prefix(&ip, m->ifa_family, m->ifa_prefixlen, &ret->network))
		return false;
	if (!a[IFA_BROADCAST])
		return true;
	ret->has_broadcast = true;
	return rtattr_u32(a[IFA_BROADCAST], &ret->broadcast);
}

int inventory_parse_addr(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFA_BROADCAST + 1] = {NULL};
	const struct ifaddrmsg *m =
		rtattr_message(nlh, RTM_NEWADDR, sizeof(*m), a, IFA_BROADCAST + 1);
	struct addr addr = {0}, *more;

	if (!m)
		return rtattr_garbled(e, "an address");
	if (m->ifa_family != AF_INET && m->ifa_family != AF_INET6)
		return 0;
	if (!read_addr(m, a, &addr))
		return rtattr_garbled(e, "an address");
	/* The kernel lets an interface have IPv4-mapped ones; here they would be taken for IPv4. */
	if (m->ifa_family == AF_INET6 && (wgf_is_v4(&addr.local) || wgf_is_v4(&addr.network.addr)))
		return 0;
	more = grown(inv->addrs, inv->n_addrs, sizeof(*more), e);
	if (!more)
		return -1;
	inv->addrs = more;
	more[inv->n_addrs++] = addr;
	return 0;
}

/*
 * A unicast route of the main table that leads onto one link, with no gateway on the way. (Tables
 * above 255 have RT_TABLE_COMPAT in the header.)
 */
static bool is_onlink(const struct rtmsg *m, const struct nlattr **a)
{
	return m->rtm_family == AF_INET6 && m->rtm_table == RT_TABLE_MAIN &&
	       m->rtm_type == RTN_UNICAST && m->rtm_src_len == 0 &&
	       !(m->rtm_flags & RTM_F_CLONED) && a[RTA_OIF] && !a[RTA_GATEWAY] &&
	       !a[RTA_MULTIPATH] && !a[RTA_ENCAP_TYPE];
}

int inventory_parse_route(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[RTA_MAX + 1] = {NULL};
	const struct rtmsg *m = rtattr_message(nlh, RTM_NEWROUTE, sizeof(*m), a, RTA_MAX + 1);
	struct onlink onlink = {0}, *more;
	union wgf_ip dst = {0};

	if (!m)
		return rtattr_garbled(e, "a route");
	if (!is_onlink(m, a))
		return 0;
	/* The default route has no RTA_DST. */
	if (!rtattr_u32(a[RTA_OIF], &onlink.ifindex) || !onlink.ifindex ||
	    (a[RTA_DST] ? !rtattr_ip(a[RTA_DST], AF_INET6, &dst) : m->rtm_dst_len != 0) ||
	    !rtattr_prefix(&dst, AF_INET6, m->rtm_dst_len, &onlink.network))
		return rtattr_garbled(e, "a route");
	if (wgf_is_v4(&onlink.network.addr)) /* as for addresses */
		return 0;
	more = grown(inv->onlinks, inv->n_onlinks, sizeof(*more), e);
	if (!more)
		return -1;
	inv->onlinks = more;
	more[inv->n_onlinks++] = onlink;
	return 0;
}
