// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inventory: addresses and on-link routes as the kernel tells of them.
 */
#include "messages.h"
#include "table.h"

struct addr_row {
	const char *name, *own, *address, *broadcast;
	u8 family, len;
	const char *local, *network; /* NULL: not in the inventory */
	int result;
};

static const struct addr_row addr_rows[] = {
	/* clang-format off */
	{"IPv4", "10.1.2.3", "10.1.2.3", NULL, AF_INET, 24, "10.1.2.3", "10.1.2.0/24", 0},
	{"IPv4, with a broadcast address", "10.1.2.3", "10.1.2.3", "10.1.2.255", AF_INET, 24,
	 "10.1.2.3", "10.1.2.0/24", 0},
	{"IPv4, own address alone", "10.1.2.3", NULL, NULL, AF_INET, 32, "10.1.2.3", "10.1.2.3", 0},
	{"IPv4, with a peer", "10.8.0.2", "10.9.0.1", NULL, AF_INET, 30, "10.8.0.2", "10.9.0.0/30", 0},
	{"IPv6", NULL, "2001:db8::5", NULL, AF_INET6, 64, "2001:db8::5", "2001:db8::/64", 0},
	{"IPv6, with a peer", "fd00::2", "fd01::1", NULL, AF_INET6, 128, "fd00::2", "fd01::1", 0},
	{"another family", "10.1.2.3", "10.1.2.3", NULL, 12, 24, NULL, NULL, 0},
	{"IPv4 of 33 bits", "10.1.2.3", "10.1.2.3", NULL, AF_INET, 33, NULL, NULL, -1},
	{"IPv6 of 129 bits", NULL, "2001:db8::5", NULL, AF_INET6, 129, NULL, NULL, -1},
	{"IPv4 with an IPv6 address", "2001:db8::5", NULL, NULL, AF_INET, 24, NULL, NULL, -1},
	{"IPv6 with an IPv4 address", NULL, "10.1.2.3", NULL, AF_INET6, 24, NULL, NULL, -1},
	{"IPv4 with an IPv6 peer", "10.1.2.3", "2001:db8::5", NULL, AF_INET, 24, NULL, NULL, -1},
	{"IPv4 with an IPv6 broadcast address", "10.1.2.3", "10.1.2.3", "::1", AF_INET, 24, NULL, NULL,
	 -1},
	{"no address", NULL, NULL, NULL, AF_INET, 24, NULL, NULL, -1},
	/* clang-format on */
};

static void test_addr(void **state)
{
	const struct addr_row *row = *state;
	struct nlmsghdr *nlh = begin_addr(row->family, row->len, 3);
	char text[IP_TEXT];

	if (row->own)
		put_ip(nlh, IFA_LOCAL, row->own);
	if (row->address)
		put_ip(nlh, IFA_ADDRESS, row->address);
	if (row->broadcast)
		put_ip(nlh, IFA_BROADCAST, row->broadcast);
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), row->result);
	assert_int_equal(inv.n_addrs, row->local != NULL);
	if (!row->local)
		return;
	assert_int_equal(inv.addrs[0].ifindex, 3);
	assert_string_equal(ip_print(&inv.addrs[0].local, text), row->local);
	assert_string_equal(prefix_print(&inv.addrs[0].network, text), row->network);
	assert_int_equal(inv.addrs[0].has_broadcast, row->broadcast != NULL);
	assert_int_equal(inv.addrs[0].broadcast, row->broadcast ? WGF_BE32(0x0a0102ff) : 0);
}

/* Interfaces may have IPv4-mapped IPv6 addresses; in the inventory they would be IPv4. */
static void test_mapped(void **state)
{
	const union wgf_ip mapped = {.w = {0, 0, WGF_BE32(0xffff), WGF_BE32(0x0a000001)}};
	struct nlmsghdr *nlh = begin_addr(AF_INET6, 128, 3);

	(void)state;
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(mapped), &mapped);
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), 0);
	nlh = begin_addr(AF_INET6, 128, 3);
	put_ip(nlh, IFA_LOCAL, "fd00::1");
	mnl_attr_put(nlh, IFA_ADDRESS, sizeof(mapped), &mapped);
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), 0);
	nlh = begin_addr(AF_INET6, 128, 3);
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(mapped), &mapped);
	put_ip(nlh, IFA_ADDRESS, "fd00::1");
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), 0);
	assert_int_equal(inv.n_addrs, 0);
}

static void test_address_of_no_link(void **state)
{
	struct nlmsghdr *nlh = begin_addr(AF_INET, 24, 0);

	(void)state;
	put_ip(nlh, IFA_LOCAL, "10.1.2.3");
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), -1);
}

struct route_row {
	const char *name;
	struct rtmsg m;
	const char *dst;
	u32 oif, table; /* 0: none such */
	u16 extra;	/* an attribute more */
	const char *network;
	int result;
};

#define MAIN .rtm_family = AF_INET6, .rtm_type = RTN_UNICAST, .rtm_table = RT_TABLE_MAIN

static const struct route_row route_rows[] = {
	/* clang-format off */
	{"on-link", {MAIN, .rtm_dst_len = 64}, "fd00::", 3, 0, 0, "fd00::/64", 0},
	{"on-link, table told twice", {MAIN, .rtm_dst_len = 64}, "fd00::", 3, RT_TABLE_MAIN, 0,
	 "fd00::/64", 0},
	{"default", {MAIN, .rtm_dst_len = 0}, NULL, 3, 0, 0, "::/0", 0},
	{"by a gateway", {MAIN, .rtm_dst_len = 64}, "fd00::", 3, 0, RTA_GATEWAY, NULL, 0},
	{"by several", {MAIN, .rtm_dst_len = 64}, "fd00::", 3, 0, RTA_MULTIPATH, NULL, 0},
	{"in a capsule", {MAIN, .rtm_dst_len = 64}, "fd00::", 3, 0, RTA_ENCAP_TYPE, NULL, 0},
	{"by no link", {MAIN, .rtm_dst_len = 64}, "fd00::", 0, 0, 0, NULL, 0},
	{"by a source", {MAIN, .rtm_dst_len = 64, .rtm_src_len = 64}, "fd00::", 3, 0, 0, NULL, 0},
	{"a cached one", {MAIN, .rtm_dst_len = 128, .rtm_flags = RTM_F_CLONED}, "fd00::1", 3, 0, 0,
	 NULL, 0},
	{"local", {.rtm_family = AF_INET6, .rtm_type = RTN_LOCAL, .rtm_table = RT_TABLE_MAIN,
	  .rtm_dst_len = 64}, "fd00::", 3, 0, 0, NULL, 0},
	{"unreachable", {.rtm_family = AF_INET6, .rtm_type = RTN_UNREACHABLE,
	  .rtm_table = RT_TABLE_MAIN, .rtm_dst_len = 64}, "fd00::", 3, 0, 0, NULL, 0},
	{"another table", {.rtm_family = AF_INET6, .rtm_type = RTN_UNICAST, .rtm_table = 7,
	  .rtm_dst_len = 64}, "fd00::", 3, 0, 0, NULL, 0},
	{"a table above 255", {.rtm_family = AF_INET6, .rtm_type = RTN_UNICAST,
	  .rtm_table = RT_TABLE_COMPAT, .rtm_dst_len = 64}, "fd00::", 3, 1000, 0, NULL, 0},
	{"IPv4", {.rtm_family = AF_INET, .rtm_type = RTN_UNICAST, .rtm_table = RT_TABLE_MAIN,
	  .rtm_dst_len = 24}, "10.1.2.0", 3, 0, 0, NULL, 0},
	{"without its destination", {MAIN, .rtm_dst_len = 64}, NULL, 3, 0, 0, NULL, -1},
	{"to an IPv4 address", {MAIN, .rtm_dst_len = 24}, "10.1.2.0", 3, 0, 0, NULL, -1},
	{"of 129 bits", {MAIN, .rtm_dst_len = 129}, "fd00::", 3, 0, 0, NULL, -1},
	/* clang-format on */
};

static struct nlmsghdr *begin_route(const struct route_row *row)
{
	struct nlmsghdr *nlh = begin(RTM_NEWROUTE, &row->m, sizeof(row->m));

	if (row->dst)
		put_ip(nlh, RTA_DST, row->dst);
	if (row->oif)
		mnl_attr_put_u32(nlh, RTA_OIF, row->oif);
	if (row->table)
		mnl_attr_put_u32(nlh, RTA_TABLE, row->table);
	if (row->extra)
		mnl_attr_put(nlh, row->extra, 0, NULL);
	return nlh;
}

static void test_route(void **state)
{
	const struct route_row *row = *state;
	char text[IP_TEXT];

	assert_int_equal(parse_exact(inventory_parse_route, begin_route(row)), row->result);
	assert_int_equal(inv.n_onlinks, row->network != NULL);
	if (row->network) {
		assert_int_equal(inv.onlinks[0].ifindex, 3);
		assert_string_equal(prefix_print(&inv.onlinks[0].network, text), row->network);
	}
}

static void test_mapped_route(void **state)
{
	const union wgf_ip mapped = {.w = {0, 0, WGF_BE32(0xffff), 0}};
	struct route_row row = {.m = {MAIN, .rtm_dst_len = 96}, .oif = 3};
	struct nlmsghdr *nlh = begin_route(&row);

	(void)state;
	mnl_attr_put(nlh, RTA_DST, sizeof(mapped), &mapped);
	assert_int_equal(parse_exact(inventory_parse_route, nlh), 0);
	assert_int_equal(inv.n_onlinks, 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test_teardown(test_mapped, clear),
		cmocka_unit_test_teardown(test_address_of_no_link, clear),
		cmocka_unit_test_teardown(test_mapped_route, clear),
	};
	struct CMUnitTest tests[N(addr_rows) + N(route_rows) + N(others)], *t = tests;

	t = TABLE_ADD(t, addr_rows, test_addr, clear);
	t = TABLE_ADD(t, route_rows, test_route, clear);
	memcpy(t, others, sizeof(others));
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
