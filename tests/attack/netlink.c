// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink: changes of addresses, routes, rules, interfaces, traffic control, filters, IPsec,
 * WireGuard.
 *
 * Owns: the messages, each as small as the kernel takes it far enough to ask who may. An answer
 * other than EPERM says that it was let so far.
 */
#include "attack.h"

#include <linux/genetlink.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <unistd.h>

#define TRIED "only the change is tried; the answer tells who may"

struct message {
	struct nlmsghdr head;
	unsigned char body[512];
};

static void add(struct message *m, const void *data, size_t len)
{
	memcpy((char *)m + NLMSG_ALIGN(m->head.nlmsg_len), data, len);
	m->head.nlmsg_len = NLMSG_ALIGN(m->head.nlmsg_len) + (unsigned)len;
}

static void attribute(struct message *m, unsigned short type, const void *data, size_t len)
{
	struct rtattr a = {.rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(len)};

	add(m, &a, sizeof(a));
	memcpy((char *)m + m->head.nlmsg_len, data, len);
	m->head.nlmsg_len += (unsigned)len;
}

static struct message message(unsigned short type, unsigned short flags)
{
	struct message m = {.head = {.nlmsg_len = NLMSG_HDRLEN,
				     .nlmsg_type = type,
				     .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags}};

	return m;
}

/* The kernel's error, as a system call would say it. */
static bool exchange(int proto, struct message *m, const char *what)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	struct timeval limit = {.tv_sec = 1};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr err;
		char rest[4096];
	} answer = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, proto);

	step("socket", fd);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (!step("sendto", sendto(fd, m, m->head.nlmsg_len, 0, (struct sockaddr *)&kernel,
				   sizeof(kernel))) ||
	    !step("recv", recv(fd, &answer, sizeof(answer), 0)))
		return false;
	errno = answer.head.nlmsg_type == NLMSG_ERROR ? -answer.err.error : 0;
	return step(what, errno ? -1 : 0);
}

static void new_address(int arg)
{
	struct ifaddrmsg body = {
		.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = world.home_index};
	struct message m = message(RTM_NEWADDR, NLM_F_CREATE);

	(void)arg;
	add(&m, &body, sizeof(body));
	attribute(&m, IFA_LOCAL, &world.lan[0].v4.sin_addr, 4);
	exchange(NETLINK_ROUTE, &m, "RTM_NEWADDR");
	m.head.nlmsg_type = RTM_DELADDR;
	exchange(NETLINK_ROUTE, &m, "RTM_DELADDR");
}

static void new_route(int arg)
{
	struct rtmsg body = {.rtm_family = AF_INET,
			     .rtm_dst_len = 32,
			     .rtm_table = RT_TABLE_MAIN,
			     .rtm_protocol = RTPROT_STATIC,
			     .rtm_type = RTN_UNICAST};
	struct message m = message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);

	(void)arg;
	add(&m, &body, sizeof(body));
	attribute(&m, RTA_DST, &world.inner[0].v4.sin_addr, 4);
	attribute(&m, RTA_GATEWAY, &world.router[0].v4.sin_addr, 4);
	if (exchange(NETLINK_ROUTE, &m, "RTM_NEWROUTE"))
		send_to(udp(0), &world.inner[0]);
	m.head.nlmsg_type = RTM_DELROUTE;
	exchange(NETLINK_ROUTE, &m, "RTM_DELROUTE");
}

/* All that is a member's by the home line, as the lab's table 77 has it. */
static void new_rule(int arg)
{
	struct rtmsg body = {
		.rtm_family = AF_INET, .rtm_table = 77, .rtm_type = 1 /* FR_ACT_TO_TBL */};
	struct message m = message(RTM_NEWRULE, NLM_F_CREATE);
	unsigned first = 1;

	(void)arg;
	add(&m, &body, sizeof(body));
	attribute(&m, 6 /* FRA_PRIORITY */, &first, sizeof(first));
	if (exchange(NETLINK_ROUTE, &m, "RTM_NEWRULE"))
		send_to(udp(0), &world.inner[0]);
	m.head.nlmsg_type = RTM_DELRULE;
	exchange(NETLINK_ROUTE, &m, "RTM_DELRULE");
}

static void new_link(int arg)
{
	struct ifinfomsg body = {.ifi_family = AF_UNSPEC};
	struct message m = message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	unsigned char info[12] = {12, 0, IFLA_INFO_KIND, 0, 'i', 'f', 'b', 0};

	(void)arg;
	info[0] = 8;
	add(&m, &body, sizeof(body));
	attribute(&m, IFLA_IFNAME, "attack0", 8);
	attribute(&m, IFLA_LINKINFO, info, 8);
	exchange(NETLINK_ROUTE, &m, "RTM_NEWLINK");
	m.head.nlmsg_type = RTM_DELLINK;
	exchange(NETLINK_ROUTE, &m, "RTM_DELLINK");
}

static void set_link(int arg)
{
	struct ifinfomsg body = {.ifi_family = AF_UNSPEC, .ifi_index = (int)world.home_index};
	struct message m = message(RTM_SETLINK, 0);

	(void)arg;
	add(&m, &body, sizeof(body));
	exchange(NETLINK_ROUTE, &m, "RTM_SETLINK");
}

static void new_neighbour(int arg)
{
	struct ndmsg body = {.ndm_family = AF_INET,
			     .ndm_ifindex = (int)world.home_index,
			     .ndm_state = 1 /* incomplete */,
			     .ndm_flags = 1 /* NTF_USE */};
	struct message m = message(RTM_NEWNEIGH, NLM_F_CREATE);

	(void)arg;
	add(&m, &body, sizeof(body));
	attribute(&m, 1 /* NDA_DST */, &world.lan[0].v4.sin_addr, 4);
	exchange(NETLINK_ROUTE, &m, "RTM_NEWNEIGH");
}

/* The guard's own place. The kernel asks who it is before what is there. */
static void filters_gone(int arg)
{
	struct tcmsg body = {.tcm_ifindex = (int)world.home_index,
			     .tcm_parent = TC_H_CLSACT,
			     .tcm_handle = TC_H_MAKE(0xfff00000, 1)};
	struct message m = message(RTM_DELQDISC, 0);

	(void)arg;
	add(&m, &body, sizeof(body));
	exchange(NETLINK_ROUTE, &m, "RTM_DELQDISC");
}

static void new_state(int arg)
{
	struct xfrm_usersa_info body = {.family = AF_INET,
					.id = {.proto = IPPROTO_ESP, .spi = htonl(7)}};
	struct message m = message(XFRM_MSG_NEWSA, NLM_F_CREATE);

	(void)arg;
	add(&m, &body, sizeof(body));
	exchange(NETLINK_XFRM, &m, "XFRM_MSG_NEWSA");
}

static void new_table(int arg)
{
	struct nfgenmsg body = {.nfgen_family = AF_INET};
	struct message m = message((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN, 0);

	(void)arg;
	add(&m, &body, sizeof(body));
	exchange(NETLINK_NETFILTER, &m, "NFT_MSG_GETGEN");
}

/* SOCK_DESTROY of a connection of anybody's. */
static void destroyed(int arg)
{
	struct inet_diag_req_v2 body = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP};
	struct message m = message(21 /* SOCK_DESTROY */, 0);

	(void)arg;
	add(&m, &body, sizeof(body));
	exchange(NETLINK_SOCK_DIAG, &m, "SOCK_DESTROY");
}

static const char *const generic[] = {"wireguard", "ethtool", "mptcp_pm", "TASKSTATS",
				      "nl80211",   "macsec",  "l2tp",	  "tcp_metrics"};

static void family_of_generic(int i)
{
	struct genlmsghdr body = {.cmd = CTRL_CMD_GETFAMILY, .version = 1};
	struct message m = message(GENL_ID_CTRL, 0);

	add(&m, &body, sizeof(body));
	attribute(&m, CTRL_ATTR_FAMILY_NAME, generic[i], strlen(generic[i]) + 1);
	exchange(NETLINK_GENERIC, &m, "CTRL_CMD_GETFAMILY");
}

const struct attempt netlink_attempts[] = {
	{.name = "an address is added", .run = new_address, .unseen = TRIED},
	{.name = "a route past the tunnel", .run = new_route},
	{.name = "a rule past the tunnel", .run = new_rule},
	{.name = "an interface is made", .run = new_link, .unseen = TRIED},
	{.name = "an interface is changed", .run = set_link, .unseen = TRIED},
	{.name = "a neighbour is asked for", .run = new_neighbour, .unseen = TRIED},
	{.name = "an IPsec state", .run = new_state, .unseen = TRIED},
	{.name = "nftables is asked", .run = new_table, .unseen = TRIED},
	{.name = "a connection is destroyed", .run = destroyed, .unseen = TRIED},
	{.name = "generic netlink: WireGuard", .run = family_of_generic, .unseen = TRIED},
	{.name = "generic netlink: ethtool", .run = family_of_generic, .arg = 1, .unseen = TRIED},
	{.name = "generic netlink: MPTCP's addresses",
	 .run = family_of_generic,
	 .arg = 2,
	 .unseen = TRIED},
	{.name = "generic netlink: TASKSTATS", .run = family_of_generic, .arg = 3, .unseen = TRIED},
	{.name = "generic netlink: nl80211", .run = family_of_generic, .arg = 4, .unseen = TRIED},
	{.name = "generic netlink: L2TP", .run = family_of_generic, .arg = 6, .unseen = TRIED},
	{.name = "the filters of the home line are removed", .run = filters_gone, .unseen = TRIED},
	{.name = NULL},
};
