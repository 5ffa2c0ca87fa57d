// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicast and broadcast: what a member sends to groups, and what the kernel sends because it
 * joins one.
 *
 * Owns: the forms of joining.
 */
#include "attack.h"

#include <unistd.h>

/* A group of the attempt's own: its report is then told from others'. */
static struct in_addr group4(void)
{
	return (struct in_addr){htonl(0xef4d0000 | mark.number)};
}

static struct in6_addr group6(void)
{
	struct in6_addr a = {
		.s6_addr = {0xff,
			    5, [14] = (uint8_t)(mark.number >> 8), [15] = (uint8_t)mark.number}};

	return a;
}

static struct sockaddr_storage group(int v)
{
	struct sockaddr_storage ret = {0};
	union address a = {0};

	a.sa.sa_family = (sa_family_t)FAMILY(v);
	if (v)
		a.v6.sin6_addr = group6();
	else
		a.v4.sin_addr = group4();
	memcpy(&ret, &a, sizeof(a.v6));
	return ret;
}

static void joined(int fd, int level, int option, const void *value, size_t len)
{
	step("setsockopt", setsockopt(fd, level, option, value, (socklen_t)len));
	usleep(20000); /* IGMP waits for nothing at its first report, MLD for a moment */
}

static void membership(int v)
{
	struct ip_mreqn four = {.imr_multiaddr = group4(), .imr_ifindex = (int)world.home_index};
	struct ipv6_mreq six = {group6(), world.home_index};

	if (v)
		joined(udp(1), IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &six, sizeof(six));
	else
		joined(udp(0), IPPROTO_IP, IP_ADD_MEMBERSHIP, &four, sizeof(four));
}

static void short_membership(int arg)
{
	struct ip_mreq req = {group4(), world.home[0].v4.sin_addr};

	(void)arg;
	joined(udp(0), IPPROTO_IP, IP_ADD_MEMBERSHIP, &req, sizeof(req));
}

static void membership_on_v6(int arg)
{
	struct ip_mreqn req = {.imr_multiaddr = group4(), .imr_ifindex = (int)world.home_index};

	(void)arg;
	joined(udp(1), IPPROTO_IP, IP_ADD_MEMBERSHIP, &req, sizeof(req));
}

static void source_membership(int arg)
{
	struct ip_mreq_source req = {group4(), world.home[0].v4.sin_addr, world.lan[0].v4.sin_addr};

	(void)arg;
	joined(udp(0), IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &req, sizeof(req));
}

static void block_source(int arg)
{
	struct ip_mreq_source req = {group4(), world.home[0].v4.sin_addr, world.lan[0].v4.sin_addr};

	(void)arg;
	joined(udp(0), IPPROTO_IP, IP_BLOCK_SOURCE, &req, sizeof(req));
}

static void drop_membership(int arg)
{
	struct ip_mreqn req = {.imr_multiaddr = group4(), .imr_ifindex = (int)world.home_index};

	(void)arg;
	joined(udp(0), IPPROTO_IP, IP_DROP_MEMBERSHIP, &req, sizeof(req));
}

static int level_of(int v)
{
	return v ? IPPROTO_IPV6 : IPPROTO_IP;
}

static void group_request(int v)
{
	struct group_req req = {world.home_index, group(v)};

	joined(udp(v), level_of(v), MCAST_JOIN_GROUP, &req, sizeof(req));
}

static void group_source_request(int v)
{
	struct group_source_req req = {world.home_index, group(v), {0}};
	union address from = world.lan[v];

	memcpy(&req.gsr_source, &from, size_of(&from));
	joined(udp(v), level_of(v), MCAST_JOIN_SOURCE_GROUP, &req, sizeof(req));
}

static void group_filter(int v)
{
	struct group_filter req = {world.home_index, group(v), MCAST_EXCLUDE, 0, .gf_slist = {{0}}};

	joined(udp(v), level_of(v), MCAST_MSFILTER, &req, sizeof(req));
}

static void anycast(int arg)
{
	struct ipv6_mreq req = {world.past[1].v6.sin6_addr, world.home_index};

	(void)arg;
	joined(udp(1), IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &req, sizeof(req));
}

static void on_tcp(int v)
{
	struct group_req req = {world.home_index, group(v)};

	joined(tcp(v), level_of(v), MCAST_JOIN_GROUP, &req, sizeof(req));
}

static void through_interface(int v)
{
	struct ip_mreqn four = {.imr_ifindex = (int)world.home_index};
	int fd = udp(v), index = (int)world.home_index;
	struct sockaddr_storage to = group(v);

	step("setsockopt",
	     v ? setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index))
	       : setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &four, sizeof(four)));
	send_to(fd, (union address *)&to);
}

static void broadcast_to(int net)
{
	union address to = {.v4 = {.sin_family = AF_INET}};
	int fd = udp(0), one = 1;

	to.v4.sin_addr.s_addr =
		net ? world.home[0].v4.sin_addr.s_addr | htonl(255) : INADDR_BROADCAST;
	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)));
	if (!net)
		step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, world.home_if,
					      (socklen_t)strlen(world.home_if)));
	send_to(fd, &to);
}

static void routing(int arg)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_IGMP), one = 1;

	(void)arg;
	step("socket", fd);
	step("setsockopt", setsockopt(fd, IPPROTO_IP, 200 /* MRT_INIT */, &one, sizeof(one)));
}

#define MEMBERS "it takes a member of the group: joining is in the other rows"

#define BOTH(title, function)                                       \
	{.name = (title), .run = (function)},                       \
	{                                                           \
		.name = "IPv6, " title, .run = (function), .arg = 1 \
	}

const struct attempt group_attempts[] = {
	BOTH("a group is joined, ADD_MEMBERSHIP", membership),
	{.name = "a group is joined, by an address", .run = short_membership},
	{.name = "a group is joined, by an IPv6 socket", .run = membership_on_v6},
	{.name = "a group is joined, ADD_SOURCE_MEMBERSHIP", .run = source_membership},
	BOTH("a group is joined, MCAST_JOIN_GROUP", group_request),
	BOTH("a group is joined, MCAST_JOIN_SOURCE_GROUP", group_source_request),
	{.name = "a group is joined, MCAST_MSFILTER", .run = group_filter, .unseen = MEMBERS},
	{.name = "IPv6, a group is joined, MCAST_MSFILTER",
	 .run = group_filter,
	 .arg = 1,
	 .unseen = MEMBERS},
	BOTH("a group is joined, by a TCP socket", on_tcp),
	{.name = "an anycast group is joined",
	 .run = anycast,
	 .unseen = "the host would have to be a router"},
	{.name = "a source is blocked in a group that was not joined",
	 .run = block_source,
	 .unseen = "the kernel refuses it"},
	{.name = "a group is left that was not joined",
	 .run = drop_membership,
	 .unseen = "the kernel refuses it"},
	{.name = "MRT_INIT", .run = routing, .unseen = "only the option is tried"},
	BOTH("a datagram to a group, MULTICAST_IF", through_interface),
	{.name = "a datagram to everybody", .run = broadcast_to},
	{.name = "a datagram to a network's broadcast address", .run = broadcast_to, .arg = 1},
	{.name = NULL},
};
