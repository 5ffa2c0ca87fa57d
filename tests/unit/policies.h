/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies that the tests of the decision run under.
 *
 * Owns: one imagined machine (four interfaces, with the numbers that tests/bpf gives to real ones)
 * and one configuration with its variants, compiled by the real parser and the real compiler. Must
 * never write a policy by hand, but for the two that no compiler makes: the empty and the foreign.
 */
#ifndef TEST_POLICIES_H
#define TEST_POLICIES_H

#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum { LO = 1, ETH0 = 2, WG0 = 3, ETH1 = 4 };

enum which {
	FULL,	      /* everything there */
	NO_TUNNEL,    /* the interface is gone */
	NO_ADDRESS,   /* the interface is there and up, without an address */
	NO_WEBUI,     /* no [webui] section */
	NO_LOCALHOST, /* [webui] without the word */
	NO_RULES,     /* no [rules] section */
	NO_GUARD,     /* guard = off */
	AUDIT,	      /* FULL with mode = audit */
	EMPTY,	      /* a slot that was never written */
	FOREIGN,      /* FULL in a layout that is not known here, and in audit mode */
	N_WHICH
};

#define TEST_NETNS  4711
#define TEST_CGROUP 815

#define TEST_NETWORKS "192.168.1.0/24 fd01::/64"

static const char test_rules[] = "[rules]\n"
				 "allow = connect tcp 192.168.1.30 8096\n"
				 "allow = connect tcp fd01::30 8096\n"
				 "allow = connect udp 192.168.1.53 53\n"
				 "allow = connect udp fd01::53 53\n"
				 "allow = connect udp 239.1.2.3 5000\n"
				 "allow = connect udp ff05::5000 5000\n"
				 "allow = connect tcp 127.0.0.1 9117\n"
				 "allow = connect tcp ::1 9117\n"
				 "allow = connect tcp 198.51.100.0/25 443 dev eth1\n"
				 "allow = connect tcp 2001:db8:5:8000::/49 443 dev eth1\n"
				 "allow = connect tcp 198.51.100.200 443 dev gone0\n"
				 "allow = connect tcp 2001:db8:5::200 443 dev gone0\n"
				 "allow = serve tcp 192.168.1.0/24 9091\n"
				 "allow = serve tcp fd01::/64 9091\n"
				 "allow = serve udp 192.168.1.0/24 6882\n"
				 "allow = serve udp fd01::/64 6882\n";

static inline const char *test_config(enum which which, char *text, size_t size)
{
	static const char no_webui[] = "", localhost[] = "localhost " TEST_NETWORKS;
	const char *allow = which == NO_WEBUI	    ? no_webui
			    : which == NO_LOCALHOST ? TEST_NETWORKS
						    : localhost;

	snprintf(text, size,
		 "[fence]\ncgroup = /test\ntunnel = wg0\nmode = %s\nguard = %s\n%s%s%s%s",
		 which == AUDIT || which == FOREIGN ? "audit" : "enforce",
		 which == NO_GUARD ? "off" : "on", *allow ? "[webui]\nport = 8080\nallow = " : "",
		 allow, "\n", which == NO_RULES ? "" : test_rules);
	return text;
}

static inline struct addr test_addr(u32 ifindex, const char *text, unsigned len,
				    const char *broadcast)
{
	struct addr a = {.ifindex = ifindex, .has_broadcast = broadcast != NULL};
	union wgf_ip ip, mask;

	if (!ip_parse(text, &a.local) || (broadcast && !ip_parse(broadcast, &ip)))
		abort();
	if (broadcast)
		a.broadcast = ip.w[3];
	a.network.len = len + (wgf_is_v4(&a.local) ? 96 : 0);
	mask = ip_mask(a.network.len);
	a.network.addr = ip_and(&a.local, &mask);
	return a;
}

/* Without a tunnel, wg0 and its addresses stand last in both lists and are cut off. */
static inline void test_compile(const struct config *c, enum which which, struct wgf_policy *ret)
{
	struct link links[] = {
		{LO, IFF_UP | IFF_LOOPBACK, ARPHRD_LOOPBACK, 0, "lo", ""},
		{ETH0, IFF_UP | IFF_BROADCAST, ARPHRD_ETHER, 0, "eth0", ""},
		{ETH1, IFF_UP | IFF_BROADCAST, ARPHRD_ETHER, 0, "eth1", ""},
		{WG0, IFF_UP | IFF_POINTOPOINT, ARPHRD_NONE, 0, "wg0", "wireguard"},
	};
	struct addr addrs[] = {
		test_addr(LO, "127.0.0.1", 8, NULL),
		test_addr(LO, "::1", 128, NULL),
		test_addr(ETH0, "192.168.1.10", 24, "192.168.1.255"),
		test_addr(ETH0, "fd01::10", 64, NULL),
		test_addr(ETH1, "172.20.0.10", 16, "172.20.255.255"),
		test_addr(ETH1, "fd02::10", 64, NULL),
		test_addr(ETH1, "10.8.9.9", 32, NULL),
		test_addr(ETH1, "fd08::9:9", 128, NULL),
		test_addr(WG0, "10.8.0.2", 32, NULL),
		test_addr(WG0, "fd08::2", 128, NULL),
		test_addr(WG0, "10.8.7.4", 32, NULL),
		test_addr(WG0, "fd08::7:4", 128, NULL),
		test_addr(WG0, "10.8.9.9", 32, NULL),
		test_addr(WG0, "fd08::9:9", 128, NULL),
	};
	const struct inventory inv = {
		.links = links,
		.n_links = which == NO_TUNNEL ? 3 : 4,
		.addrs = addrs,
		.n_addrs = which == NO_TUNNEL || which == NO_ADDRESS ? 8 : 14,
	};
	struct notes notes;

	policy_compile(c, &inv, TEST_NETNS, TEST_CGROUP, ret, &notes);
}

static inline void test_policy(enum which which, struct wgf_policy *ret)
{
	struct config c = {0};
	struct err e = {0};
	char text[4096];

	memset(ret, 0, sizeof(*ret));
	if (which == EMPTY)
		return;
	test_config(which, text, sizeof(text));
	if (config_parse(text, strlen(text), "test.conf", "test", &c, &e)) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	test_compile(&c, which, ret);
	if (which == FOREIGN)
		ret->layout = WGF_LAYOUT + 1;
}

#endif
