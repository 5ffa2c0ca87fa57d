// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sockets and packets that most attempts begin with.
 *
 * Owns: nothing but that each begins alike.
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <poll.h>
#include <unistd.h>

union address at(const union address *a)
{
	union address ret = *a;

	ret.v4.sin_port = htons(mark.port); /* sin6_port lies in the same place */
	return ret;
}

socklen_t size_of(const union address *a)
{
	return a->sa.sa_family == AF_INET ? sizeof(a->v4) : sizeof(a->v6);
}

int udp(int v)
{
	int fd = socket(FAMILY(v), SOCK_DGRAM | SOCK_CLOEXEC, 0);

	step("socket", fd);
	return fd;
}

int tcp(int v)
{
	int fd = socket(FAMILY(v), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	step("socket", fd);
	return fd;
}

bool send_to(int fd, const union address *to)
{
	union address a = at(to);

	return step("sendto", sendto(fd, mark.text, mark.len, MSG_NOSIGNAL, &a.sa, size_of(&a)));
}

bool begin(int fd, const union address *to)
{
	union address a = at(to);
	int r = connect(fd, &a.sa, size_of(&a));

	return step("connect", r && errno == EINPROGRESS ? 0 : r);
}

int connected(int v)
{
	union address a = world.inner[v];
	struct pollfd p = {.events = POLLOUT};
	socklen_t len = sizeof(int);
	int err = 0;

	a.v4.sin_port = htons(7000);
	p.fd = tcp(v);
	if (p.fd < 0)
		return -1;
	if (connect(p.fd, &a.sa, size_of(&a)) && errno != EINPROGRESS) {
		step("connect", -1);
		return -1;
	}
	errno = ETIMEDOUT;
	if (poll(&p, 1, 3000) == 1 && getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0)
		errno = err;
	step("connect", errno ? -1 : 0);
	return errno ? -1 : p.fd;
}

static unsigned sum16(const unsigned char *p, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (unsigned)p[i] << 8 | p[i + 1];
	return sum;
}

static uint16_t folded(unsigned sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static size_t forge_v4(unsigned char *ret, const union address *from, const union address *to,
		       size_t len)
{
	struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP};

	ip.tot_len = htons((uint16_t)(sizeof(ip) + len));
	ip.saddr = from->v4.sin_addr.s_addr;
	ip.daddr = to->v4.sin_addr.s_addr;
	ip.check = folded(sum16((unsigned char *)&ip, sizeof(ip)));
	memcpy(ret, &ip, sizeof(ip));
	return sizeof(ip);
}

static size_t forge_v6(unsigned char *ret, const union address *from, const union address *to,
		       size_t len)
{
	struct ipv6hdr ip = {.version = 6, .hop_limit = 64, .nexthdr = IPPROTO_UDP};

	ip.payload_len = htons((uint16_t)len);
	ip.saddr = from->v6.sin6_addr;
	ip.daddr = to->v6.sin6_addr;
	memcpy(ret, &ip, sizeof(ip));
	return sizeof(ip);
}

/* Without the transport's checksum: no one is there to look at it. */
size_t forge(unsigned char *ret, const union address *from, const union address *to)
{
	struct udphdr udp = {.source = htons(40000), .dest = htons(mark.port)};
	size_t len = sizeof(udp) + mark.len, at;

	udp.len = htons((uint16_t)len);
	at = from->sa.sa_family == AF_INET ? forge_v4(ret, from, to, len)
					   : forge_v6(ret, from, to, len);
	memcpy(ret + at, &udp, sizeof(udp));
	memcpy(ret + at + sizeof(udp), mark.text, mark.len);
	return at + len;
}

void hand_over(int to, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec iov = {&byte, 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	sendmsg(to, &msg, MSG_NOSIGNAL);
}
