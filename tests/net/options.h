/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Socket options by name, for talk.
 *
 * Owns: the numbers and structures of the options that tests set: plain ones, group memberships,
 * and ancillary data.
 */
#ifndef WGF_TEST_OPTIONS_H
#define WGF_TEST_OPTIONS_H

#include "net.h"

#include <linux/if_packet.h>
#include <linux/ipv6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#define UDP_SEGMENT_OPTION 103 /* linux/udp.h, which contradicts netinet/udp.h */

struct talker {
	int fd, family, type;
};

struct option {
	const char *name;
	int level, number;
};

/* Those whose value is a number. */
static const struct option options[] = {
	{"broadcast", SOL_SOCKET, SO_BROADCAST},   {"mark", SOL_SOCKET, SO_MARK},
	{"keepalive", SOL_SOCKET, SO_KEEPALIVE},   {"keepidle", IPPROTO_TCP, TCP_KEEPIDLE},
	{"keepintvl", IPPROTO_TCP, TCP_KEEPINTVL}, {"nodelay", IPPROTO_TCP, TCP_NODELAY},
	{"cork", IPPROTO_UDP, UDP_CORK},	   {"segment", IPPROTO_UDP, UDP_SEGMENT_OPTION},
	{"v6only", IPPROTO_IPV6, IPV6_V6ONLY},	   {"bypass", SOL_PACKET, PACKET_QDISC_BYPASS},
};

/* Those whose value is bytes: mostly headers that the kernel puts into the packet. */
static const struct option headers[] = {
	{"ip_options", IPPROTO_IP, IP_OPTIONS},
	{"hopopts", IPPROTO_IPV6, IPV6_HOPOPTS},
	{"dstopts", IPPROTO_IPV6, IPV6_DSTOPTS},
	{"rthdr", IPPROTO_IPV6, IPV6_RTHDR},
	{"icmp_filter", SOL_RAW, 1 /* ICMP_FILTER: a bit for each type not to hear */},
	{"icmp6_filter", IPPROTO_ICMPV6, 1 /* ICMP6_FILTER, the same */},
};

/* As ancillary data IP_OPTIONS is called IP_RETOPTS. */
#define ANCILLARY_NUMBER(o) ((o)->number == IP_OPTIONS ? IP_RETOPTS : (o)->number)

static inline const struct option *option_find(const struct option *table, size_t n,
					       const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

#define FIND(table, name) option_find(table, sizeof(table) / sizeof((table)[0]), name)

static inline int set_multicast_if(const struct talker *t, const char *ifname)
{
	int index = (int)if_nametoindex(ifname);
	struct ip_mreqn v4 = {.imr_ifindex = index};

	if (t->family == AF_INET6)
		return setsockopt(t->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index));
	return setsockopt(t->fd, IPPROTO_IP, IP_MULTICAST_IF, &v4, sizeof(v4));
}

static inline int option_set(const struct talker *t, const char *name, const char *value)
{
	const struct option *plain = FIND(options, name), *header = FIND(headers, name);
	struct linger linger = {.l_onoff = 1, .l_linger = atoi(value)};
	unsigned char bytes[256];
	int number = atoi(value), len;

	if (strcmp(name, "linger") == 0)
		return setsockopt(t->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	if (strcmp(name, "multicast_if") == 0)
		return set_multicast_if(t, value);
	if (plain)
		return setsockopt(t->fd, plain->level, plain->number, &number, sizeof(number));
	len = hex_read(value, bytes, sizeof(bytes));
	errno = EINVAL;
	if (!header || len < 0)
		return -1;
	return setsockopt(t->fd, header->level, header->number, bytes, (socklen_t)len);
}

/* The ways to join with a group_req, a group_source_req or a group_filter, in either family. */
static inline int join_generic(const struct talker *t, int level, const char *name,
			       const union address *group, unsigned index)
{
	struct sockaddr_storage address = {0}, any = {.ss_family = group->sa.sa_family};

	memcpy(&address, group, sizeof(*group));
	if (strcmp(name, "group_req") == 0)
		return setsockopt(t->fd, level, MCAST_JOIN_GROUP,
				  &(struct group_req){index, address}, sizeof(struct group_req));
	if (strcmp(name, "source_req") == 0)
		return setsockopt(t->fd, level, MCAST_JOIN_SOURCE_GROUP,
				  &(struct group_source_req){index, address, any},
				  sizeof(struct group_source_req));
	return setsockopt(t->fd, level, MCAST_MSFILTER,
			  &(struct group_filter){index, address, MCAST_EXCLUDE, 0,
						 .gf_slist = {any}},
			  sizeof(struct group_filter));
}

static inline int join_v4(const struct talker *t, const char *name, const union address *group,
			  unsigned index)
{
	struct in_addr a = group->v4.sin_addr;

	if (strcmp(name, "membership") == 0)
		return setsockopt(t->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP,
				  &(struct ip_mreqn){.imr_multiaddr = a, .imr_ifindex = (int)index},
				  sizeof(struct ip_mreqn));
	if (strcmp(name, "source_membership") == 0)
		return setsockopt(t->fd, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP,
				  &(struct ip_mreq_source){.imr_multiaddr = a,
							   .imr_sourceaddr = {htonl(0x0a4d0101)}},
				  sizeof(struct ip_mreq_source));
	if (strcmp(name, "msfilter") == 0)
		return setsockopt(t->fd, IPPROTO_IP, IP_MSFILTER,
				  &(struct ip_msfilter){.imsf_multiaddr = a,
							.imsf_fmode = MCAST_EXCLUDE},
				  IP_MSFILTER_SIZE(0));
	return join_generic(t, IPPROTO_IP, name, group, index);
}

/* The group's family decides the level: an IPv6 UDP socket takes IPv4's options too. */
static inline int option_join(const struct talker *t, const char *name, const char *text,
			      const char *ifname)
{
	unsigned index = if_nametoindex(ifname);
	struct ipv6_mreq mreq = {.ipv6mr_interface = index};
	union address group;

	address_need(text, "0", &group);
	if (group.sa.sa_family == AF_INET)
		return join_v4(t, name, &group, index);
	mreq.ipv6mr_multiaddr = group.v6.sin6_addr;
	if (strcmp(name, "membership") == 0)
		return setsockopt(t->fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	if (strcmp(name, "anycast") == 0)
		return setsockopt(t->fd, IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &mreq, sizeof(mreq));
	return join_generic(t, IPPROTO_IPV6, name, &group, index);
}

static inline size_t put_cmsg(void *buffer, size_t size, int level, int type, const void *data,
			      size_t len)
{
	struct cmsghdr *c = buffer;

	if (CMSG_SPACE(len) > size)
		return 0;
	memset(c, 0, CMSG_SPACE(len));
	*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type};
	memcpy(CMSG_DATA(c), data, len);
	return CMSG_SPACE(len);
}

/* Fills the buffer with one item of ancillary data; its length, or 0. */
static inline size_t option_ancillary(const struct talker *t, const char *name, const char *value,
				      void *buffer, size_t size)
{
	const struct option *o = FIND(headers, name);
	struct in6_pktinfo v6 = {0};
	struct in_pktinfo v4 = {0};
	unsigned char bytes[256];
	union address a;
	int len;

	if (strcmp(name, "source") == 0) {
		address_need(value, "0", &a);
		v4.ipi_spec_dst = a.v4.sin_addr;
		v6.ipi6_addr = a.v6.sin6_addr;
		return t->family == AF_INET
			       ? put_cmsg(buffer, size, IPPROTO_IP, IP_PKTINFO, &v4, sizeof(v4))
			       : put_cmsg(buffer, size, IPPROTO_IPV6, IPV6_PKTINFO, &v6,
					  sizeof(v6));
	}
	len = hex_read(value, bytes, sizeof(bytes));
	if (!o || len < 0)
		return 0;
	return put_cmsg(buffer, size, o->level, ANCILLARY_NUMBER(o), bytes, (size_t)len);
}

#endif
