// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interfaces, AllowedIPs and wg-quick's DNS: which link is a tunnel, which networks are offered,
 * whether prefixes cover everything, which words are resolvers.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init_net.h"
#include "table.h"
#include "wg.h"

static struct err e;

static struct link links[] = {
	{1, IFF_LOOPBACK, ARPHRD_LOOPBACK, 0, "lo", ""},
	{2, 0, ARPHRD_ETHER, 0, "eth0", ""},
	{3, 0, ARPHRD_NONE, 0, "wg0", "wireguard"},
	{4, 0, ARPHRD_NONE, 0, "wg1", "tun"},
	{5, 0, ARPHRD_NONE, 0, "tailscale0", "tun"},
	{6, 0, ARPHRD_ETHER, 0, "docker0", "bridge"},
	{7, 0, ARPHRD_ETHER, 0, "br-0123456789ab", "bridge"},
	{8, 0, ARPHRD_ETHER, 0, "br-lan", "bridge"},
	{9, 0, ARPHRD_ETHER, 8, "eth1", ""},
	{10, 0, ARPHRD_ETHER, 0, "podman1", "bridge"},
	{11, 0, ARPHRD_ETHER, 0, "virbr0", "bridge"},
	{12, 0, ARPHRD_ETHER, 0, "docker1", "dummy"},
	{13, 0, ARPHRD_ETHER, 0, "br-#x", "bridge"},
};
static const struct inventory inv = {.links = links, .n_links = N(links)};

static void assert_joined(struct list *l, const char *wanted)
{
	char joined[512] = "";

	for (unsigned i = 0; i < l->n; i++) {
		strcat(joined, i ? " " : "");
		strcat(joined, l->v[i]);
	}
	assert_string_equal(joined, wanted);
	list_free(l);
}

static void test_tunnels(void **state)
{
	struct list sockets = {0}, there = {0};

	(void)state;
	assert_int_equal(net_tunnels(&inv, &sockets, &there, &e), 0);
	assert_joined(&there, "wg0");
	/* A tun is wireguard-go's where it has a socket; other things are not, socket or no. */
	assert_int_equal(list_add(&sockets, &e, "wg1"), 0);
	assert_int_equal(list_add(&sockets, &e, "eth0"), 0);
	assert_int_equal(net_tunnels(&inv, &sockets, &there, &e), 0);
	assert_joined(&there, "wg0 wg1");
	list_free(&sockets);
}

static void test_networks(void **state)
{
	struct list networks = {0};

	(void)state;
	assert_int_equal(net_networks(&inv, "wg0", &networks, &e), 0);
	assert_joined(&networks, "localhost lan tailscale0 docker0 br-0123456789ab podman1");
	assert_int_equal(net_networks(&inv, "tailscale0", &networks, &e), 0);
	assert_joined(&networks, "localhost lan docker0 br-0123456789ab podman1");
}

static const struct cover_row {
	const char *name;
	const char *prefixes[5];
	bool ipv4, ipv6;
} cover_rows[] = {
	{"all", {"0.0.0.0/0", "::/0"}, true, true},
	{"IPv4", {"0.0.0.0/0"}, true, false},
	{"halves", {"0.0.0.0/1", "128.0.0.0/1"}, true, false},
	{"halves of halves", {"128.0.0.0/2", "0.0.0.0/1", "192.0.0.0/2"}, true, false},
	{"one address too few", {"0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"}, false, false},
	{"the same half twice", {"0.0.0.0/1", "0.0.0.0/1"}, false, false},
	{"private", {"10.0.0.0/8"}, false, false},
	{"what IPv6 has", {"2000::/3"}, false, true},
	{"half of it", {"2000::/4"}, false, false},
	{"one host of each", {"10.0.0.1/32", "2001:db8::1/128"}, false, false},
	{"none", {NULL}, false, false},
};

static void test_cover(void **state)
{
	const struct cover_row *row = *state;
	char text[1024] = "";
	static struct wg wg;
	size_t n = 0;

	for (unsigned i = 0; row->prefixes[i]; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "allowed_ip=%s\n",
				      row->prefixes[i]);
	snprintf(text + n, sizeof(text) - n, "errno=0\n\n");
	assert_int_equal(wg_parse_answer(text, &wg, &e), 0);
	assert_int_equal(net_covers_all(wg.allowed, wg.n_allowed, true), row->ipv4);
	assert_int_equal(net_covers_all(wg.allowed, wg.n_allowed, false), row->ipv6);
}

static const struct dns_row {
	const char *name, *text, *servers;
} dns_rows[] = {
	{"one", "[Interface]\nDNS = 10.2.0.1\n", "10.2.0.1"},
	{"a list", "[Interface]\nDNS=10.2.0.1,fd00::53 , example.org\n", "10.2.0.1 fd00::53"},
	{"several lines", "[Interface]\nDNS = 10.2.0.1\ndns = 10.2.0.2\nDNS = 10.2.0.1\n",
	 "10.2.0.1 10.2.0.2"},
	{"a comment", "[Interface]\nDNS = 10.2.0.1 # 10.2.0.2\n#DNS = 10.2.0.3\n", "10.2.0.1"},
	{"of a peer", "[Peer]\nDNS = 10.2.0.1\n", ""},
	{"another key", "[Interface]\nDNSX = 10.2.0.1\nDN = 10.2.0.2\n", ""},
	{"what asks outside the fence", "[Interface]\nDNS = 100.100.100.100, 127.0.0.53, ::1\n",
	 ""},
	{"four", "[Interface]\nDNS = 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4\n",
	 "10.0.0.1 10.0.0.2 10.0.0.3"},
	{"a line of a configuration", "[Interface]\nDNS = 10.2.0.1\r[rules]\n", "10.2.0.1"},
	{"nothing behind it", "[Interface]\nDNS", ""},
	{"no value", "[Interface]\nDNS =", ""},
};

static void test_dns(void **state)
{
	const struct dns_row *row = *state;
	struct list servers = {0};
	char *text = strdup(row->text);

	assert_int_equal(net_wg_quick_dns(text, &servers, &e), 0);
	assert_joined(&servers, row->servers);
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[N(cover_rows) + N(dns_rows) + 2], *end;

	end = TABLE_ADD(tests, cover_rows, test_cover, NULL);
	end = TABLE_ADD(end, dns_rows, test_dns, NULL);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_tunnels);
	*end++ = (struct CMUnitTest)cmocka_unit_test(test_networks);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("init_net", tests, (size_t)(end - tests), NULL, NULL);
}
