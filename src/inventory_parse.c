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

static int garbled(struct err *e, const char *what)
{
	return err_set(e, EXIT_FAILED, "rtnetlink: a message about %s that cannot be read", what);
}

/*
 * The array with room for one element more. It doubles whenever its number reaches a power of two,
 * so that no capacity needs to be kept.
 */
static void *grown(void *array, unsigned n, size_t size, struct err *e)
{
	void *more = array;

	if ((n & (n - 1)) == 0) {
		more = reallocarray(array, n ? (size_t)n * 2 : 1, size);
		if (!more)
			err_errno(e, "rtnetlink");
	}
	return more;
}

/* Attributes by type, the last of each; false where one is cut short. */
static bool attributes(const void *from, size_t len, const struct nlattr **ret, unsigned n)
{
	const char *end = (const char *)from + len;
	const struct nlattr *a = from;

	for (; mnl_attr_ok(a, (int)(end - (const char *)a)); a = mnl_attr_next(a))
		if (mnl_attr_get_type(a) < n)
			ret[mnl_attr_get_type(a)] = a;
	return (const char *)a >= end;
}

/* The fixed part and the attributes behind it; NULL where either is cut short. */
static const void *message(const struct nlmsghdr *nlh, u16 type, size_t fixed,
			   const struct nlattr **ret, unsigned n)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh), head = MNL_ALIGN(fixed);
	const char *payload = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type != type || len < fixed)
		return NULL;
	return len <= head || attributes(payload + head, len - head, ret, n) ? payload : NULL;
}

static bool read_u32(const struct nlattr *a, u32 *ret)
{
	if (mnl_attr_get_payload_len(a) != sizeof(*ret))
		return false;
	memcpy(ret, mnl_attr_get_payload(a), sizeof(*ret));
	return true;
}

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

	if (!attributes(mnl_attr_get_payload(linkinfo), mnl_attr_get_payload_len(linkinfo), info,
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

static bool read_ip(const struct nlattr *a, u8 family, union wgf_ip *ret)
{
	size_t len = family == AF_INET ? 4 : 16;

	if (mnl_attr_get_payload_len(a) != len)
		return false;
	memset(ret, 0, sizeof(*ret));
	if (family == AF_INET)
		ret->h[5] = 0xffff;
	memcpy(&ret->b[16 - len], mnl_attr_get_payload(a), len);
	return true;
}

static bool make_prefix(const union wgf_ip *ip, u8 family, u8 len, struct prefix *ret)
{
	union wgf_ip mask;

	if (len > (family == AF_INET ? 32 : 128))
		return false;
	ret->len = family == AF_INET ? 96U + len : len;
	mask = ip_mask(ret->len);
	ret->addr = ip_and(ip, &mask);
	return true;
}

int inventory_parse_link(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFLA_LINKINFO + 1] = {NULL};
	const struct ifinfomsg *m = message(nlh, RTM_NEWLINK, sizeof(*m), a, IFLA_LINKINFO + 1);
	struct link l = {0}, *more;

	if (!m || m->ifi_index <= 0 || !a[IFLA_IFNAME])
		return garbled(e, "a link");
	l.ifindex = (u32)m->ifi_index;
	l.flags = m->ifi_flags;
	l.type = m->ifi_type;
	if (!read_name(a[IFLA_IFNAME], l.name) ||
	    (a[IFLA_MASTER] && !read_u32(a[IFLA_MASTER], &l.master)) ||
	    (a[IFLA_LINKINFO] && !read_kind(a[IFLA_LINKINFO], l.kind, sizeof(l.kind))))
		return garbled(e, "a link");
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
	if (!read_ip(local, m->ifa_family, &ret->local) || !read_ip(address, m->ifa_family, &ip) ||
	    !make_prefix(&ip, m->ifa_family, m->ifa_prefixlen, &ret->network))
		return false;
	if (!a[IFA_BROADCAST])
		return true;
	ret->has_broadcast = true;
	return read_u32(a[IFA_BROADCAST], &ret->broadcast);
}

int inventory_parse_addr(struct inventory *inv, const struct nlmsghdr *nlh, struct err *e)
{
	const struct nlattr *a[IFA_BROADCAST + 1] = {NULL};
	const struct ifaddrmsg *m = message(nlh, RTM_NEWADDR, sizeof(*m), a, IFA_BROADCAST + 1);
	struct addr addr = {0}, *more;

	if (!m)
		return garbled(e, "an address");
	if (m->ifa_family != AF_INET && m->ifa_family != AF_INET6)
		return 0;
	if (!read_addr(m, a, &addr))
		return garbled(e, "an address");
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
	const struct rtmsg *m = message(nlh, RTM_NEWROUTE, sizeof(*m), a, RTA_MAX + 1);
	struct onlink onlink = {0}, *more;
	union wgf_ip dst = {0};

	if (!m)
		return garbled(e, "a route");
	if (!is_onlink(m, a))
		return 0;
	/* The default route has no RTA_DST. */
	if (!read_u32(a[RTA_OIF], &onlink.ifindex) || !onlink.ifindex ||
	    (a[RTA_DST] ? !read_ip(a[RTA_DST], AF_INET6, &dst) : m->rtm_dst_len != 0) ||
	    !make_prefix(&dst, AF_INET6, m->rtm_dst_len, &onlink.network))
		return garbled(e, "a route");
	if (wgf_is_v4(&onlink.network.addr)) /* as for addresses */
		return 0;
	more = grown(inv->onlinks, inv->n_onlinks, sizeof(*more), e);
	if (!more)
		return -1;
	inv->onlinks = more;
	more[inv->n_onlinks++] = onlink;
	return 0;
}
