// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of sockets and ancillary data that choose another way, another source, or hide the
 * destination.
 *
 * Owns: the options' numbers and values, and that each is tried with one datagram past the tunnel,
 * or with one to where the tunnel leads that the option should turn elsewhere.
 */
#include "attack.h"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define SOL_IP_	  0
#define SOL_IPV6_ 41

/* What the value is made of. */
enum kind {
	BYTES,
	NUMBER,
	DEVICE,
	INDEX,
	INDEX_NET,
	MREQN,
	PKTINFO,
	PKTINFO_SOURCE,
	ROUTING,
	SEGMENTS,
	NEXT_HOP
};

struct option {
	int level, name;
	enum kind kind;
	int number;
	const char *bytes; /* of `number` many */
};

struct value {
	unsigned char bytes[256];
	socklen_t len;
};

static void put(struct value *v, const void *data, size_t len)
{
	memcpy(v->bytes + v->len, data, len);
	v->len += (socklen_t)len;
}

static void put_v4_info(struct value *v, bool source)
{
	struct in_pktinfo info = {.ipi_ifindex = source ? 0 : (int)world.home_index};

	if (source)
		info.ipi_spec_dst = world.home[0].v4.sin_addr;
	put(v, &info, sizeof(info));
}

static void put_v6_info(struct value *v, bool source)
{
	struct in6_pktinfo info = {.ipi6_ifindex = source ? 0 : world.home_index};

	if (source)
		info.ipi6_addr = world.home[1].v6.sin6_addr;
	put(v, &info, sizeof(info));
}

/* Of type 4, or 2; the first to go to is the last of type 4, and the packet's destination. */
static void put_routing(struct value *v, unsigned char type)
{
	unsigned char head[8] = {0, 2, type, type == 4 ? 0 : 1};

	put(v, head, sizeof(head));
	put(v, &world.past[1].v6.sin6_addr, 16);
}

static struct value make(const struct option *o)
{
	unsigned net = htonl(world.home_index);
	struct ip_mreqn mreqn = {.imr_ifindex = (int)world.home_index};
	struct value v = {.len = 0};

	switch (o->kind) {
	case BYTES:
		put(&v, o->bytes, (size_t)o->number);
		break;
	case NUMBER:
		put(&v, &o->number, sizeof(o->number));
		break;
	case DEVICE:
		put(&v, world.home_if, strlen(world.home_if));
		break;
	case INDEX:
		put(&v, &world.home_index, sizeof(world.home_index));
		break;
	case INDEX_NET:
		put(&v, &net, sizeof(net));
		break;
	case MREQN:
		put(&v, &mreqn, sizeof(mreqn));
		break;
	case PKTINFO:
	case PKTINFO_SOURCE:
		if (o->level == SOL_IP_)
			put_v4_info(&v, o->kind == PKTINFO_SOURCE);
		else
			put_v6_info(&v, o->kind == PKTINFO_SOURCE);
		break;
	case ROUTING:
		put_routing(&v, 2);
		break;
	case SEGMENTS:
		put_routing(&v, 4);
		break;
	case NEXT_HOP:
		put(&v, &world.router[1].v6, sizeof(world.router[1].v6));
		break;
	}
	return v;
}

// clang-format off
static const struct option set[] = {
	{SOL_IP_, IP_OPTIONS, BYTES, 4, "\1\1\1\1"},                        /* 0: no-operations */
	{SOL_IP_, IP_OPTIONS, BYTES, 8, "\7\7\4\0\0\0\0\0"},                /* 1: record route */
	{SOL_IP_, IP_OPTIONS, BYTES, 8, "\104\10\5\0\0\0\0\0"},             /* 2: timestamp */
	{SOL_IP_, IP_OPTIONS, BYTES, 8, "\203\7\4\306\63\144\143\0"},       /* 3: loose source route */
	{SOL_IP_, IP_OPTIONS, BYTES, 4, "\224\4\0\0"},                      /* 4: router alert */
	{SOL_SOCKET, SO_BINDTODEVICE, DEVICE, 0, NULL},                     /* 5 */
	{SOL_SOCKET, 62 /* SO_BINDTOIFINDEX */, INDEX, 0, NULL},            /* 6 */
	{SOL_SOCKET, SO_MARK, NUMBER, 51820, NULL},                         /* 7 */
	{SOL_SOCKET, SO_MARK, NUMBER, 0, NULL},                             /* 8 */
	{SOL_SOCKET, SO_PRIORITY, NUMBER, 6, NULL},                         /* 9 */
	{SOL_SOCKET, SO_DONTROUTE, NUMBER, 1, NULL},                        /* 10 */
	{SOL_IP_, 50 /* IP_UNICAST_IF */, INDEX_NET, 0, NULL},              /* 11 */
	{SOL_IP_, IP_TRANSPARENT, NUMBER, 1, NULL},                         /* 12 */
	{SOL_IP_, IP_FREEBIND, NUMBER, 1, NULL},                            /* 13 */
	{SOL_IP_, IP_TOS, NUMBER, 0x10, NULL},                              /* 14 */
	{SOL_IP_, IP_TTL, NUMBER, 1, NULL},                                 /* 15 */
	{SOL_IP_, IP_MTU_DISCOVER, NUMBER, 3, NULL},                        /* 16 */
	{SOL_IP_, IP_HDRINCL, NUMBER, 1, NULL},                             /* 17 */
	{SOL_IPV6_, IPV6_HOPOPTS, BYTES, 8, "\0\0\1\4\0\0\0\0"},            /* 18 */
	{SOL_IPV6_, IPV6_DSTOPTS, BYTES, 8, "\0\0\1\4\0\0\0\0"},            /* 19 */
	{SOL_IPV6_, IPV6_RTHDRDSTOPTS, BYTES, 8, "\0\0\1\4\0\0\0\0"},       /* 20 */
	{SOL_IPV6_, IPV6_RTHDR, SEGMENTS, 0, NULL},                         /* 21 */
	{SOL_IPV6_, IPV6_RTHDR, ROUTING, 0, NULL},                          /* 22 */
	{SOL_IPV6_, 76 /* IPV6_UNICAST_IF */, INDEX_NET, 0, NULL},          /* 23 */
	{SOL_IPV6_, IPV6_PKTINFO, PKTINFO, 0, NULL},                        /* 24 */
	{SOL_IPV6_, IPV6_NEXTHOP, NEXT_HOP, 0, NULL},                       /* 25 */
	{SOL_IPV6_, IPV6_TRANSPARENT, NUMBER, 1, NULL},                     /* 26 */
	{SOL_IPV6_, 78 /* IPV6_FREEBIND */, NUMBER, 1, NULL},               /* 27 */
	{SOL_IPV6_, IPV6_MTU_DISCOVER, NUMBER, 3, NULL},                    /* 28 */
	{SOL_IPV6_, 33 /* IPV6_FLOWINFO_SEND */, NUMBER, 1, NULL},          /* 29 */
	{SOL_IP_, 17 /* IP_XFRM_POLICY */, BYTES, 64, (const char[64]){0}}, /* 30 */
	{SOL_SOCKET, SO_MAX_PACING_RATE, NUMBER, 1000000, NULL},            /* 31 */
};

static const struct option ancillary[] = {
	{SOL_IP_, IP_PKTINFO, PKTINFO, 0, NULL},                            /* 0 */
	{SOL_IP_, IP_PKTINFO, PKTINFO_SOURCE, 0, NULL},                     /* 1 */
	{SOL_IPV6_, IPV6_PKTINFO, PKTINFO, 0, NULL},                        /* 2 */
	{SOL_IPV6_, IPV6_PKTINFO, PKTINFO_SOURCE, 0, NULL},                 /* 3 */
	{SOL_IP_, IP_RETOPTS, BYTES, 4, "\1\1\1\1"},                        /* 4 */
	{SOL_IP_, IP_RETOPTS, BYTES, 8, "\203\7\4\306\63\144\143\0"},       /* 5 */
	{SOL_IPV6_, IPV6_RTHDR, SEGMENTS, 0, NULL},                         /* 6 */
	{SOL_IPV6_, IPV6_HOPOPTS, BYTES, 8, "\0\0\1\4\0\0\0\0"},            /* 7 */
	{SOL_IPV6_, IPV6_DSTOPTS, BYTES, 8, "\0\0\1\4\0\0\0\0"},            /* 8 */
	{SOL_SOCKET, SO_MARK, NUMBER, 51820, NULL},                         /* 9 */
	{SOL_SOCKET, SO_PRIORITY, NUMBER, 6, NULL},                         /* 10 */
	{SOL_IP_, IP_TTL, NUMBER, 1, NULL},                                 /* 11 */
	{SOL_IP_, IP_TOS, NUMBER, 0x10, NULL},                              /* 12 */
};
// clang-format on

static int family_of(const struct option *o)
{
	return o->level == SOL_IPV6_;
}

static int with(const struct option *o)
{
	struct value v = make(o);
	int fd = udp(family_of(o));

	step("setsockopt", setsockopt(fd, o->level, o->name, v.bytes, v.len));
	return fd;
}

/* Sent whatever came of the option. */
static void by_option(int i)
{
	send_to(with(&set[i]), &world.past[family_of(&set[i])]);
}

static void to_neighbour(int i)
{
	send_to(with(&set[i]), &world.lan[family_of(&set[i])]);
}

/* To where the tunnel leads: without the option it would go there. */
static void turning(int i)
{
	int fd = with(&set[i]);

	if (step("setsockopt", 0))
		send_to(fd, &world.inner[family_of(&set[i])]);
}

static void with_control(const struct option *o, const union address *to)
{
	union address a = at(to);
	unsigned char control[320] __attribute__((aligned(8))) = {0};
	struct iovec iov = {mark.text, mark.len};
	struct value v = make(o);
	struct msghdr msg = {.msg_name = &a,
			     .msg_namelen = size_of(&a),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = CMSG_SPACE(v.len)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = o->level;
	c->cmsg_type = o->name;
	c->cmsg_len = CMSG_LEN(v.len);
	memcpy(CMSG_DATA(c), v.bytes, v.len);
	step("sendmsg", sendmsg(udp(family_of(o)), &msg, 0));
}

static void by_control(int i)
{
	with_control(&ancillary[i], &world.past[family_of(&ancillary[i])]);
}

static void turning_control(int i)
{
	with_control(&ancillary[i], &world.inner[family_of(&ancillary[i])]);
}

/* A source that is not the host's. */
static void from_nowhere(int option)
{
	union address own = world.lan[0];
	int fd = udp(0), one = 1;

	step("setsockopt", setsockopt(fd, SOL_IP_, option, &one, sizeof(one)));
	step("bind", bind(fd, &own.sa, sizeof(own.v4)));
	send_to(fd, &world.past[0]);
}

/* An IPv6 socket that becomes one of IPv4. */
static void becomes_v4(int arg)
{
	union address a = {.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(mark.port)}};
	int fd = udp(1), four = AF_INET;

	(void)arg;
	a.v6.sin6_addr.s6_addr[10] = a.v6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(&a.v6.sin6_addr.s6_addr[12], &world.past[0].v4.sin_addr, 4);
	step("connect", connect(fd, &a.sa, sizeof(a.v6)));
	step("setsockopt", setsockopt(fd, SOL_IPV6_, IPV6_ADDRFORM, &four, sizeof(four)));
	send_to(fd, &world.past[0]);
}

static void with_filter(int option)
{
	struct sock_filter all = {BPF_RET | BPF_K, 0, 0, 0xffffffff};
	struct sock_fprog program = {1, &all};
	int fd = udp(0), one = 1;

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)));
	step("setsockopt", setsockopt(fd, SOL_SOCKET, option, &program, sizeof(program)));
	send_to(fd, &world.past[0]);
}

#define INSIDE	"in the tunnel, with a source that is not its own"
#define REFUSED "the kernel takes no such header here"

#define AS(title, function, i)                                 \
	{                                                      \
		.name = (title), .run = (function), .arg = (i) \
	}

const struct attempt header_attempts[] = {
	AS("IP_OPTIONS, no-operations", by_option, 0),
	AS("IP_OPTIONS, record route", by_option, 1),
	AS("IP_OPTIONS, timestamp", by_option, 2),
	AS("IP_OPTIONS, loose source route to where the tunnel leads", turning, 3),
	AS("IP_OPTIONS, router alert", by_option, 4),
	AS("SO_BINDTODEVICE to the home line", turning, 5),
	AS("SO_BINDTOIFINDEX to the home line", turning, 6),
	AS("SO_MARK, WireGuard's", turning, 7),
	AS("SO_MARK, none", by_option, 8),
	AS("SO_PRIORITY", by_option, 9),
	AS("SO_DONTROUTE, to a neighbour", to_neighbour, 10),
	AS("IP_UNICAST_IF to the home line", turning, 11),
	AS("IP_TRANSPARENT", by_option, 12),
	AS("IP_TRANSPARENT, from another's address", from_nowhere, IP_TRANSPARENT),
	{.name = "IP_FREEBIND, from another's address",
	 .run = from_nowhere,
	 .arg = IP_FREEBIND,
	 .unseen = "the kernel routes nothing from an address that is not its own"},
	AS("IP_TOS", by_option, 14),
	AS("IP_TTL of 1", by_option, 15),
	AS("IP_MTU_DISCOVER, probing", by_option, 16),
	AS("IP_HDRINCL", by_option, 17),
	AS("IP_XFRM_POLICY", by_option, 30),
	AS("SO_MAX_PACING_RATE", by_option, 31),
	AS("SO_ATTACH_FILTER", with_filter, SO_ATTACH_FILTER),
	AS("SO_ATTACH_REUSEPORT_CBPF", with_filter, 51),
	AS("IPV6_HOPOPTS", by_option, 18),
	AS("IPV6_DSTOPTS", by_option, 19),
	AS("IPV6_RTHDRDSTOPTS", by_option, 20),
	AS("IPV6_RTHDR, segment routing, to where the tunnel leads", turning, 21),
	{.name = "IPV6_RTHDR, type 2, to where the tunnel leads",
	 .run = turning,
	 .arg = 22,
	 .unseen = "without Mobile IPv6 the kernel takes no such header"},
	AS("IPV6_UNICAST_IF to the home line", turning, 23),
	AS("IPV6_PKTINFO to the home line", turning, 24),
	AS("IPV6_NEXTHOP, the router", turning, 25),
	AS("IPV6_TRANSPARENT", by_option, 26),
	AS("IPV6_FREEBIND", by_option, 27),
	AS("IPV6_MTU_DISCOVER, probing", by_option, 28),
	AS("IPV6_FLOWINFO_SEND", by_option, 29),
	AS("IPV6_ADDRFORM", becomes_v4, 0),
	AS("ancillary IP_PKTINFO to the home line", turning_control, 0),
	AS("ancillary IP_PKTINFO, the home line's address", by_control, 1),
	{.name = "ancillary IP_PKTINFO, the home line's address, into the tunnel",
	 .run = turning_control,
	 .arg = 1,
	 .unseen = INSIDE},
	AS("ancillary IPV6_PKTINFO to the home line", turning_control, 2),
	AS("ancillary IPV6_PKTINFO, the home line's address", by_control, 3),
	{.name = "ancillary IPV6_PKTINFO, the home line's address, into the tunnel",
	 .run = turning_control,
	 .arg = 3,
	 .unseen = INSIDE},
	AS("ancillary IP_RETOPTS, no-operations", by_control, 4),
	AS("ancillary IP_RETOPTS, loose source route", turning_control, 5),
	{.name = "ancillary IPV6_RTHDR", .run = turning_control, .arg = 6, .unseen = REFUSED},
	AS("ancillary IPV6_HOPOPTS", by_control, 7),
	AS("ancillary IPV6_DSTOPTS", by_control, 8),
	AS("ancillary SO_MARK", turning_control, 9),
	{.name = "ancillary SO_PRIORITY", .run = by_control, .arg = 10, .since = "6.14"},
	AS("ancillary IP_TTL", by_control, 11),
	AS("ancillary IP_TOS", by_control, 12),
	{.name = NULL},
};
