// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same destinations in other clothes, and own addresses and ports that are not the tunnel's.
 *
 * Owns: the spellings of addresses that the kernel takes.
 */
#include "attack.h"

#include <netdb.h>
#include <unistd.h>

static union address mapped(const union address *v4)
{
	union address a = {.v6 = {.sin6_family = AF_INET6}};

	a.v6.sin6_addr.s6_addr[10] = a.v6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(&a.v6.sin6_addr.s6_addr[12], &v4->v4.sin_addr, 4);
	return a;
}

static void mapped_send(int arg)
{
	union address a = mapped(&world.past[0]);

	(void)arg;
	send_to(udp(1), &a);
}

static void mapped_connect(int stream)
{
	union address a = mapped(&world.past[0]);
	int fd = stream ? tcp(1) : udp(1);

	begin(fd, &a);
	if (!stream)
		step("send", send(fd, mark.text, mark.len, 0));
}

/* An IPv6 socket takes an IPv4 address, and a family of 0 is taken for IPv4. */
static void v4_on_v6(int family)
{
	union address a = at(&world.past[0]);

	a.sa.sa_family = (sa_family_t)family;
	step("sendto", sendto(udp(family == AF_INET), mark.text, mark.len, 0, &a.sa, sizeof(a.v4)));
}

static void to_text(const char *text, bool scoped)
{
	union address a;

	address_need(text, "0", &a);
	if (scoped)
		a.v6.sin6_scope_id = world.home_index;
	send_to(udp(a.sa.sa_family == AF_INET6), &a);
}

static const char *const texts[] = {
	"255.255.255.254",
	"240.0.0.1",
	"169.254.7.7",
	"0.1.2.3",
	"127.0.0.1",
	"127.0.0.53",
	"::1",
	"fe80::7777",
	"64:ff9b::c633:6463",
	"2002:c633:6463::1",
	"::198.51.100.99",
	"fec0::7",
};

static void to_listed(int i)
{
	to_text(texts[i], strncmp(texts[i], "fe80", 4) == 0);
}

static void to_world(int which)
{
	const union address *all[] = {&world.lan[0],	&world.lan[1],	&world.router[0],
				      &world.router[1], &world.home[0], &world.home[1]};

	send_to(udp(which % 2), all[which]);
}

static void service(int fd, const union address *to, unsigned short port)
{
	union address a = *to;

	a.v4.sin_port = htons(port);
	step("sendto", sendto(fd, mark.text, mark.len, 0, &a.sa, size_of(&a)));
}

static void name_server(int v)
{
	service(udp(v), &world.router[v], 53);
}

static void name_server_stub(int arg)
{
	union address a;

	(void)arg;
	address_need("127.0.0.53", "0", &a);
	service(udp(0), &a, 53);
}

static void port_mapper(int v)
{
	service(udp(v), &world.router[v], 5351);
}

static void by_libc(int arg)
{
	struct addrinfo *list = NULL, hints = {.ai_family = AF_INET};
	char name[64];
	int r;

	(void)arg;
	snprintf(name, sizeof(name), "attack-%u.example", mark.number);
	alarm(2); /* it would wait for an answer much longer */
	r = getaddrinfo(name, NULL, &hints, &list);
	say("getaddrinfo %s", r ? gai_strerror(r) : "ok");
}

static void bound(int v)
{
	union address own = world.home[v];
	int fd = udp(v);

	own.v4.sin_port = 0;
	step("bind", bind(fd, &own.sa, size_of(&own)));
	send_to(fd, &world.past[v]);
}

static void bound_mapped(int arg)
{
	union address own = mapped(&world.home[0]), to = mapped(&world.past[0]);
	int fd = udp(1);

	(void)arg;
	step("bind", bind(fd, &own.sa, sizeof(own.v6)));
	send_to(fd, &to);
}

static void at_webui_port(int v)
{
	union address own = world.home[v];
	int fd = udp(v);

	own.v4.sin_port = htons(world.webui);
	step("bind", bind(fd, &own.sa, size_of(&own)));
	send_to(fd, &world.past[v]);
}

static void short_length(int v)
{
	union address a = at(&world.past[v]);

	step("sendto", sendto(udp(v), mark.text, mark.len, 0, &a.sa, v ? 24 : 8));
}

static void reconnected(int v)
{
	union address nowhere = {.sa = {.sa_family = AF_UNSPEC}};
	int fd = udp(v);

	begin(fd, &world.inner[v]);
	step("disconnect", connect(fd, &nowhere.sa, sizeof(nowhere.sa)));
	begin(fd, &world.past[v]);
	step("send", send(fd, mark.text, mark.len, 0));
}

#define ROUTED "in the tunnel, where that is the default route"

#define TO_LISTED(text, i, why)                                                       \
	{                                                                             \
		.name = "UDP to " text, .run = to_listed, .arg = (i), .unseen = (why) \
	}

const struct attempt address_attempts[] = {
	{.name = "UDP, v4-mapped, sendto", .run = mapped_send},
	{.name = "UDP, v4-mapped, connected", .run = mapped_connect},
	{.name = "TCP, v4-mapped", .run = mapped_connect, .arg = 1},
	{.name = "UDP, an IPv4 address on an IPv6 socket", .run = v4_on_v6, .arg = AF_INET},
	{.name = "UDP, an address of family 0", .run = v4_on_v6, .arg = AF_UNSPEC},
	TO_LISTED("the last address before everybody's", 0, ROUTED),
	TO_LISTED("class E", 1, ROUTED),
	TO_LISTED("169.254", 2, ROUTED),
	TO_LISTED("the network 0", 3, ROUTED),
	TO_LISTED("loopback", 4, NULL),
	TO_LISTED("the resolver stub's address", 5, NULL),
	TO_LISTED("IPv6 loopback", 6, NULL),
	TO_LISTED("a link-local address", 7, NULL),
	TO_LISTED("an IPv4 address by NAT64", 8, ROUTED),
	TO_LISTED("an IPv4 address by 6to4", 9, ROUTED),
	TO_LISTED("an IPv4-compatible address", 10, ROUTED),
	TO_LISTED("a site-local address", 11, ROUTED),
	{.name = "UDP to the LAN", .run = to_world},
	{.name = "UDP to the LAN, IPv6", .run = to_world, .arg = 1},
	{.name = "UDP to the router", .run = to_world, .arg = 2},
	{.name = "UDP to the router, IPv6", .run = to_world, .arg = 3},
	{.name = "UDP to the own address on the home line", .run = to_world, .arg = 4},
	{.name = "UDP to the own address on the home line, IPv6", .run = to_world, .arg = 5},
	{.name = "a name query to the router", .run = name_server},
	{.name = "a name query to the router, IPv6", .run = name_server, .arg = 1},
	{.name = "a name query to the resolver stub", .run = name_server_stub},
	{.name = "a name asked by libc", .run = by_libc, .unseen = ROUTED},
	{.name = "NAT-PMP", .run = port_mapper},
	{.name = "PCP, IPv6", .run = port_mapper, .arg = 1},
	{.name = "UDP, bound to the home line's address", .run = bound},
	{.name = "UDP, IPv6, bound to the home line's address", .run = bound, .arg = 1},
	{.name = "UDP, bound to the home line's address, v4-mapped", .run = bound_mapped},
	{.name = "UDP from the WebUI's number", .run = at_webui_port},
	{.name = "UDP, IPv6, from the WebUI's number", .run = at_webui_port, .arg = 1},
	{.name = "UDP, an address that is cut short",
	 .run = short_length,
	 .unseen = "the kernel refuses it"},
	{.name = "UDP, IPv6, an address that is cut short", .run = short_length, .arg = 1},
	{.name = "UDP, disconnected and connected elsewhere", .run = reconnected},
	{.name = "UDP, IPv6, disconnected and connected elsewhere", .run = reconnected, .arg = 1},
	{.name = NULL},
};
