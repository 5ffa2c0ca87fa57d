// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DISCARD 9

static bool may_be_asked(const struct addr *own, const union wgf_ip *ip,
			 const struct prefix *allowed, unsigned n_allowed)
{
	union wgf_ip mask = ip_mask(own->network.len), first = ip_and(&own->local, &mask);

	if (ip_equal(ip, &own->local) || ip_equal(ip, &first) ||
	    (own->has_broadcast && ip->w[3] == own->broadcast))
		return false;
	for (unsigned i = 0; i < n_allowed; i++)
		if (wgf_is_v4(&allowed[i].addr) == wgf_is_v4(ip) && prefix_covers(&allowed[i], ip))
			return true;
	return n_allowed == 0;
}

/* Addresses that end with 0 or 255 are those of whole networks more often than not. */
static bool neighbour(const struct addr *own, const struct prefix *allowed, unsigned n_allowed,
		      union wgf_ip *ret)
{
	for (int step = -1; step <= 1; step += 2) {
		int last = own->local.b[15] + step;

		if (last < 1 || last > 254)
			continue;
		*ret = own->local;
		ret->b[15] = (u8)last;
		if (may_be_asked(own, ret, allowed, n_allowed))
			return true;
	}
	return false;
}

bool probe_address(const struct addr *own, const struct prefix *allowed, unsigned n_allowed,
		   union wgf_ip *ret)
{
	bool v4 = wgf_is_v4(&own->local);

	if (neighbour(own, allowed, n_allowed, ret))
		return true;
	for (unsigned i = 0; i < n_allowed; i++) {
		if (wgf_is_v4(&allowed[i].addr) != v4 || allowed[i].len == (v4 ? 96 : 0))
			continue;
		*ret = allowed[i].addr;
		if (allowed[i].len < 127)
			ret->b[15] |= 1;
		if (may_be_asked(own, ret, allowed, n_allowed))
			return true;
	}
	return false;
}

static int on_route(const struct nlmsghdr *nlh, void *context)
{
	const struct nlattr *a;
	u32 *ifindex = context;

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_OK;
	mnl_attr_for_each(a, nlh, sizeof(struct rtmsg)) if (mnl_attr_get_type(a) == RTA_OIF &&
							    mnl_attr_validate(a, MNL_TYPE_U32) ==
								    0) *ifindex =
		mnl_attr_get_u32(a);
	return MNL_CB_STOP;
}

static void put_question(struct nlmsghdr *nlh, const union wgf_ip *to, u32 ifindex, u32 mark)
{
	bool v4 = wgf_is_v4(to);
	struct rtmsg *route;

	nlh->nlmsg_type = RTM_GETROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	route = mnl_nlmsg_put_extra_header(nlh, sizeof(*route));
	route->rtm_family = v4 ? AF_INET : AF_INET6;
	route->rtm_dst_len = v4 ? 32 : 128;
	/* Without it IPv4 takes a destination for a neighbour where no route leads there. */
	route->rtm_flags = RTM_F_FIB_MATCH;
	mnl_attr_put(nlh, RTA_DST, v4 ? 4 : 16, to->b + (v4 ? 12 : 0));
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	mnl_attr_put_u32(nlh, RTA_MARK, mark);
}

static int ask_route(struct mnl_socket *nl, const union wgf_ip *to, u32 ifindex, u32 mark,
		     struct err *e)
{
	char buf[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	u32 by = 0;
	ssize_t n;

	put_question(nlh, to, ifindex, mark);
	nlh->nlmsg_seq = (u32)time(NULL);
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return err_errno(e, "rtnetlink: asking for a route");
	n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (n < 0)
		return err_errno(e, "rtnetlink: receiving");
	/* An error is the answer that there is none, in one of many ways. */
	if (mnl_cb_run(buf, (size_t)n, 0, 0, on_route, &by) < 0)
		return 0;
	return by == ifindex;
}

int probe_route(const union wgf_ip *to, u32 ifindex, u32 mark, struct err *e)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int r;

	if (!nl)
		return err_errno(e, "rtnetlink: preparing a socket");
	r = ask_route(nl, to, ifindex, mark, e);
	mnl_socket_close(nl);
	return r;
}

static socklen_t socket_address(const union wgf_ip *ip, u16 port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	if (wgf_is_v4(ip)) {
		*v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
		memcpy(&v4->sin_addr, ip->b + 12, 4);
		return sizeof(*v4);
	}
	*v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
	memcpy(&v6->sin6_addr, ip->b, 16);
	return sizeof(*v6);
}

int probe_send(const struct link *tunnel, const struct addr *own, const union wgf_ip *to,
	       struct err *e)
{
	struct sockaddr_storage from, dest;
	socklen_t len = socket_address(&own->local, 0, &from);
	int fd = socket(from.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), r = 0;

	socket_address(to, DISCARD, &dest);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, tunnel->name,
		       (socklen_t)strlen(tunnel->name)) ||
	    bind(fd, (struct sockaddr *)&from, len) ||
	    sendto(fd, "", 0, 0, (struct sockaddr *)&dest, len) < 0)
		r = err_errno(e, "a packet into %s", tunnel->name);
	if (fd >= 0)
		close(fd);
	return r;
}
