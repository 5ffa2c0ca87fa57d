// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inventory: links as the kernel tells of them, messages that no kernel writes, and looking
 * things up. (Addresses and routes are in test_inventory_addrs.c, the dialogue with the kernel in
 * test_inventory_read.c.)
 */
#include "messages.h"

static struct nlmsghdr *begin_link(int ifindex, const char *name)
{
	const struct ifinfomsg m = {
		.ifi_index = ifindex, .ifi_type = ARPHRD_ETHER, .ifi_flags = 0x1043};
	struct nlmsghdr *nlh = begin(RTM_NEWLINK, &m, sizeof(m));

	if (name)
		mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return nlh;
}

static void put_kind(struct nlmsghdr *nlh, u16 type, const char *kind)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);

	mnl_attr_put_strz(nlh, type, kind);
	mnl_attr_nest_end(nlh, nest);
}

static void test_link(void **state)
{
	struct nlmsghdr *nlh = begin_link(7, "fifteen-letters");

	(void)state;
	mnl_attr_put_u32(nlh, IFLA_MTU, 1500);
	mnl_attr_put_u32(nlh, IFLA_MASTER, 9);
	put_kind(nlh, IFLA_INFO_KIND, "veth");
	assert_int_equal(parse_exact(inventory_parse_link, nlh), 0);
	assert_int_equal(inv.n_links, 1);
	assert_int_equal(inv.links[0].ifindex, 7);
	assert_int_equal(inv.links[0].flags, 0x1043);
	assert_int_equal(inv.links[0].type, ARPHRD_ETHER);
	assert_int_equal(inv.links[0].master, 9);
	assert_string_equal(inv.links[0].name, "fifteen-letters");
	assert_string_equal(inv.links[0].kind, "veth");
}

static void test_link_of_hardware(void **state)
{
	struct nlmsghdr *nlh = begin_link(2, "eth0");

	(void)state;
	put_kind(nlh, IFLA_INFO_SLAVE_KIND, "bridge");
	assert_int_equal(parse_exact(inventory_parse_link, nlh), 0);
	assert_string_equal(inv.links[0].kind, "");
	assert_int_equal(inv.links[0].master, 0);
}

static void test_long_kind(void **state)
{
	struct nlmsghdr *nlh = begin_link(2, "x0");

	(void)state;
	put_kind(nlh, IFLA_INFO_KIND, "a-kind-that-nobody-thought-of");
	assert_int_equal(parse_exact(inventory_parse_link, nlh), 0);
	assert_string_equal(inv.links[0].kind, "a-kind-that-nob");
}

static void test_links_that_are_none(void **state)
{
	struct nlmsghdr *nlh;

	(void)state;
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(1, NULL)), -1);
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(0, "eth0")), -1);
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(-1, "eth0")), -1);
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(1, "")), -1);
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(1, "sixteen--letters")), -1);
	nlh = begin_link(1, NULL);
	mnl_attr_put(nlh, IFLA_IFNAME, 4, "eth0"); /* no zero at its end */
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	nlh = begin_link(1, NULL);
	mnl_attr_put(nlh, IFLA_IFNAME, 6, "et\0h0"); /* one in its middle */
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	nlh = begin_link(1, "eth0");
	mnl_attr_put_u16(nlh, IFLA_MASTER, 9);
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	nlh = begin_link(1, "eth0");
	put_kind(nlh, IFLA_INFO_KIND, ""); /* would be taken for hardware */
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	nlh = begin_link(1, "eth0");
	mnl_attr_put_u32(nlh, IFLA_MTU, 1500);
	nlh->nlmsg_len -= 4; /* its last attribute is cut short */
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	nlh = begin_link(1, "eth0");
	nlh->nlmsg_type = RTM_DELLINK;
	assert_int_equal(parse_exact(inventory_parse_link, nlh), -1);
	assert_string_equal(err.text, "rtnetlink: a message about a link that cannot be read");
	assert_int_equal(inv.n_links, 0);
}

static void test_many(void **state)
{
	char name[16];

	(void)state;
	for (int i = 1; i <= 1000; i++) {
		snprintf(name, sizeof(name), "e%d", i);
		assert_int_equal(parse_exact(inventory_parse_link, begin_link(i, name)), 0);
	}
	assert_int_equal(inv.n_links, 1000);
	for (u32 i = 1; i <= 1000; i++)
		assert_int_equal(inv.links[i - 1].ifindex, i);
	assert_int_equal(inventory_link_by_name(&inv, "e700")->ifindex, 700);
	assert_string_equal(inventory_link(&inv, 700)->name, "e700");
	assert_null(inventory_link(&inv, 1001));
	assert_null(inventory_link_by_name(&inv, "e"));
}

static void check_sane(void)
{
	for (unsigned i = 0; i < inv.n_links; i++) {
		assert_true(inv.links[i].ifindex && inv.links[i].name[0]);
		assert_true(memchr(inv.links[i].name, 0, sizeof(inv.links[i].name)) != NULL);
		assert_true(memchr(inv.links[i].kind, 0, sizeof(inv.links[i].kind)) != NULL);
	}
	for (unsigned i = 0; i < inv.n_addrs + inv.n_onlinks; i++) {
		const struct prefix *p = i < inv.n_addrs ? &inv.addrs[i].network
							 : &inv.onlinks[i - inv.n_addrs].network;
		union wgf_ip mask = ip_mask(p->len), under = ip_and(&p->addr, &mask);

		assert_true(p->len <= 128 && ip_equal(&under, &p->addr));
	}
}

/* Cut at every byte, then with random bytes: refused or sane, and never read behind its end. */
static void garble(parse_fn parse, const struct nlmsghdr *nlh)
{
	struct nlmsghdr *copy = malloc(nlh->nlmsg_len);

	for (u32 len = sizeof(*nlh); len <= nlh->nlmsg_len; len++) {
		memcpy(copy, nlh, nlh->nlmsg_len);
		copy->nlmsg_len = len;
		(void)parse_exact(parse, copy);
	}
	srand(1);
	for (unsigned i = 0; i < 20000; i++) {
		memcpy(copy, nlh, nlh->nlmsg_len);
		for (int k = rand() % 4; k >= 0; k--) {
			size_t at = sizeof(*nlh) + (size_t)rand() % (nlh->nlmsg_len - sizeof(*nlh));

			((u8 *)copy)[at] = (u8)(rand() % 2 ? rand() : rand() % 8);
		}
		(void)parse_exact(parse, copy);
	}
	free(copy);
	check_sane();
}

static void test_garbled(void **state)
{
	const struct rtmsg route = {.rtm_family = AF_INET6,
				    .rtm_type = RTN_UNICAST,
				    .rtm_table = RT_TABLE_MAIN,
				    .rtm_dst_len = 64};
	struct nlmsghdr *nlh = begin_link(2, "eth0");

	(void)state;
	mnl_attr_put_u32(nlh, IFLA_MASTER, 9);
	put_kind(nlh, IFLA_INFO_KIND, "veth");
	garble(inventory_parse_link, nlh);
	nlh = begin_addr(AF_INET, 24, 3);
	put_ip(nlh, IFA_ADDRESS, "10.1.2.3");
	put_ip(nlh, IFA_LOCAL, "10.1.2.3");
	put_ip(nlh, IFA_BROADCAST, "10.1.2.255");
	garble(inventory_parse_addr, nlh);
	nlh = begin(RTM_NEWROUTE, &route, sizeof(route));
	put_ip(nlh, RTA_DST, "fd00::");
	mnl_attr_put_u32(nlh, RTA_OIF, 3);
	mnl_attr_put_u32(nlh, RTA_TABLE, RT_TABLE_MAIN);
	garble(inventory_parse_route, nlh);
	assert_true(inv.n_links > 100 && inv.n_addrs > 100 && inv.n_onlinks > 100);
}

static void test_tunnel_up(void **state)
{
	struct nlmsghdr *nlh;

	(void)state;
	assert_int_equal(parse_exact(inventory_parse_link, begin_link(4, "wg0")), 0);
	assert_false(inventory_tunnel_up(&inv, "wg0"));
	nlh = begin_addr(AF_INET, 32, 4);
	put_ip(nlh, IFA_LOCAL, "10.64.0.2");
	assert_int_equal(parse_exact(inventory_parse_addr, nlh), 0);
	assert_true(inventory_tunnel_up(&inv, "wg0"));
	assert_false(inventory_tunnel_up(&inv, "wg1"));
	inv.links[0].flags &= ~1U;
	assert_false(inventory_tunnel_up(&inv, "wg0"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_link, clear),
		cmocka_unit_test_teardown(test_link_of_hardware, clear),
		cmocka_unit_test_teardown(test_long_kind, clear),
		cmocka_unit_test_teardown(test_links_that_are_none, clear),
		cmocka_unit_test_teardown(test_many, clear),
		cmocka_unit_test_teardown(test_garbled, clear),
		cmocka_unit_test_teardown(test_tunnel_up, clear),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
