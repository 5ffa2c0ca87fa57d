// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections past the tunnel: begun in every way, from every port. (Those of the tunnel that are
 * turned are in remains.c.)
 *
 * Owns: TCP.
 */
#include "attack.h"

#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#define IP_LOCAL_PORT_RANGE_OPTION 51

static void by_connect(int v)
{
	begin(tcp(v), &world.past[v]);
}

static void by_fastopen(int v)
{
	union address a = at(&world.past[v]);
	int fd = tcp(v);
	ssize_t n =
		sendto(fd, mark.text, mark.len, MSG_FASTOPEN | MSG_NOSIGNAL, &a.sa, size_of(&a));

	step("sendto", n < 0 && errno == EINPROGRESS ? 0 : n);
}

static void by_fastopen_connect(int v)
{
	int fd = tcp(v), one = 1;
	ssize_t n;

	step("setsockopt", setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof(one)));
	begin(fd, &world.past[v]);
	n = send(fd, mark.text, mark.len, MSG_NOSIGNAL);
	step("send", n < 0 && (errno == EINPROGRESS || errno == EAGAIN) ? 0 : n);
}

static void by_proto(int proto)
{
	int fd = socket(AF_INET,
			(proto == IPPROTO_SCTP ? SOCK_STREAM
			 : proto == 33	       ? 6
					       : SOCK_STREAM) |
				SOCK_NONBLOCK,
			proto);

	step("socket", fd);
	begin(fd, &world.past[0]);
}

static void by_device(int v)
{
	int fd = tcp(v);

	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, world.home_if,
				      (socklen_t)strlen(world.home_if)));
	begin(fd, &world.past[v]);
}

static void reconnected(int v)
{
	union address nowhere = {.sa = {.sa_family = AF_UNSPEC}};
	int fd = connected(v);

	step("disconnect", connect(fd, &nowhere.sa, sizeof(nowhere.sa)));
	begin(fd, &world.past[v]);
}

/* A connection without a handshake, and data on it. */
static void repaired(int v)
{
	int fd = tcp(v), one = 1, off = 0;

	step("setsockopt", setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &one, sizeof(one)));
	begin(fd, &world.past[v]);
	step("setsockopt", setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off)));
	step("send", send(fd, mark.text, mark.len, MSG_NOSIGNAL));
}

static void signed_md5(int v)
{
	union address a = at(&world.past[v]);
	struct tcp_md5sig sig = {.tcpm_keylen = 4, .tcpm_key = "key"};
	int fd = tcp(v);

	memcpy(&sig.tcpm_addr, &a, size_of(&a));
	step("setsockopt", setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig)));
	begin(fd, &world.past[v]);
}

static int at_webui(int v, const union address *own, int option)
{
	union address a = {.sa = {.sa_family = (sa_family_t)FAMILY(v)}};
	int fd = tcp(v), one = 1;

	if (own)
		a = *own;
	a.v4.sin_port = htons(world.webui);
	step("setsockopt", setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	if (option)
		step("setsockopt", setsockopt(fd, SOL_SOCKET, option, &one, sizeof(one)));
	step("bind", bind(fd, &a.sa, size_of(&a)));
	return fd;
}

static void from_webui(int v)
{
	begin(at_webui(v, NULL, 0), &world.past[v]);
}

static void from_webui_at_home(int v)
{
	begin(at_webui(v, &world.home[v], 0), &world.past[v]);
}

static void from_webui_beside(int v)
{
	int listener = at_webui(v, NULL, SO_REUSEPORT);

	step("listen", listen(listener, 4));
	begin(at_webui(v, &world.home[v], SO_REUSEPORT), &world.past[v]);
}

static void from_webui_fastopen(int v)
{
	union address a = at(&world.past[v]);
	ssize_t n = sendto(at_webui(v, NULL, 0), mark.text, mark.len, MSG_FASTOPEN | MSG_NOSIGNAL,
			   &a.sa, size_of(&a));

	step("sendto", n < 0 && errno == EINPROGRESS ? 0 : n);
}

/* At connect(2) it has no port yet, and the range leaves one. */
static void from_webui_by_range(int v)
{
	unsigned range = (unsigned)world.webui << 16 | world.webui;
	int fd = tcp(v);

	step("setsockopt",
	     setsockopt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE_OPTION, &range, sizeof(range)));
	begin(fd, &world.past[v]);
}

/* Both open at once: there is a SYN of its own for each that comes. The suite sends them. */
static void crossed(int v)
{
	int listener = at_webui(v, NULL, SO_REUSEPORT);

	/* Somebody listens there, or the kernel would answer by itself what comes in. */
	step("listen", listen(listener, 4));
	begin(at_webui(v, &world.home[v], SO_REUSEPORT), &world.past[v]);
	usleep(4000000); /* longer than three SYNs take, emulated */
}

static void to_itself(int v)
{
	union address a = world.home[v];
	int listener = at_webui(v, NULL, 0);

	step("listen", listen(listener, 4));
	a.v4.sin_port = htons(world.webui);
	step("connect", connect(tcp(v), &a.sa, size_of(&a)) && errno != EINPROGRESS ? -1 : 0);
}

static void at_home(int v)
{
	union address a = world.home[v];
	int fd = tcp(v);

	a.v4.sin_port = 0;
	step("bind", bind(fd, &a.sa, size_of(&a)));
	begin(fd, &world.past[v]);
}

#define BOTH(title, function)                                            \
	{.name = "TCP, " title, .run = (function)},                      \
	{                                                                \
		.name = "TCP, IPv6, " title, .run = (function), .arg = 1 \
	}

const struct attempt stream_attempts[] = {
	BOTH("connect", by_connect),
	BOTH("MSG_FASTOPEN", by_fastopen),
	BOTH("TCP_FASTOPEN_CONNECT", by_fastopen_connect),
	{.name = "MPTCP", .run = by_proto, .arg = IPPROTO_MPTCP},
	{.name = "SCTP", .run = by_proto, .arg = IPPROTO_SCTP},
	{.name = "DCCP", .run = by_proto, .arg = 33},
	{.name = "SMC over TCP", .run = by_proto, .arg = 256, .since = "6.11"},
	BOTH("bound to the home line's device", by_device),
	BOTH("from the home line's address", at_home),
	BOTH("disconnected and connected elsewhere", reconnected),
	BOTH("TCP_REPAIR: no handshake", repaired),
	{.name = "TCP, signed (TCP_MD5SIG)", .run = signed_md5},
	BOTH("from the WebUI's port", from_webui),
	BOTH("from the WebUI's port at the home line's address", from_webui_at_home),
	BOTH("from the WebUI's port beside a listener (SO_REUSEPORT)", from_webui_beside),
	BOTH("from the WebUI's port by fast open", from_webui_fastopen),
	{.name = "TCP, from the WebUI's port by IP_LOCAL_PORT_RANGE",
	 .run = from_webui_by_range,
	 .since = "6.3"},
	{.name = "TCP, from the WebUI's port, crossed with a SYN that comes in", .run = crossed},
	{.name = "TCP, to the own WebUI", .run = to_itself},
	{.name = NULL},
};
