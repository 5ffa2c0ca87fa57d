// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which rules and routes there should be for a policy, and what of the kernel's is taken for ours.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "route_parse.h"

static const struct route_numbers numbers = {
	.table = 22001, .priority = 4604, .mark = 0x1000000, .mask = 0x7f000000};
static struct route_set set;
static struct wgf_policy policy;
static char conflict[256];
static struct err err;

static union wgf_ip ip(const char *text)
{
	union wgf_ip ret;

	assert_true(ip_parse(text, &ret));
	return ret;
}

static int set_up(void **state)
{
	(void)state;
	memset(&policy, 0, sizeof(policy));
	memset(&set, 0, sizeof(set));
	conflict[0] = '\0';
	policy.lo = 1;
	policy.n_tunnels = 1;
	policy.tunnels[0] = 7;
	policy.n_sources = 2;
	policy.sources[0] = (struct wgf_source){.addr = ip("10.0.0.2"), .ifindex = 7};
	policy.sources[1] = (struct wgf_source){.addr = ip("fd00::2"), .ifindex = 7};
	return 0;
}

/* "4 4604 from 10.0.0.2 lookup 22001" */
static const char *rule_text(const struct route_rule *r)
{
	static char text[256];
	char from[IP_TEXT], to[IP_TEXT], ports[64] = "";
	static const char *const actions[] = {"lookup", "goto", "nop"};

	if (r->proto)
		snprintf(ports, sizeof(ports), " proto %u %u>%u", r->proto, r->from_port,
			 r->to_port);
	snprintf(text, sizeof(text), "%d %u%s%s%s%s%s%s %s %u", r->ipv4 ? 4 : 6, r->priority,
		 r->from.len ? " from " : "", r->from.len ? prefix_print(&r->from, from) : "",
		 r->to.len ? " to " : "", r->to.len ? prefix_print(&r->to, to) : "",
		 r->mask ? " marked" : "", ports, actions[r->action], r->target);
	return text;
}

static bool plan_has(const char *text)
{
	for (unsigned i = 0; i < set.n_rules; i++)
		if (strcmp(rule_text(&set.rules[i]), text) == 0)
			return true;
	return false;
}

static bool plan_leads(bool ipv4, u32 ifindex)
{
	return route_has_default(&set, &(struct route_default){ipv4, numbers.table, ifindex});
}

static void assert_plan(const char *const *wanted, unsigned n)
{
	route_plan(&numbers, &policy, &set);
	for (unsigned i = 0; i < n; i++)
		if (!plan_has(wanted[i]))
			fail_msg("not planned: %s", wanted[i]);
	if (set.n_rules != n)
		fail_msg("%u rules are planned, the last: %s", set.n_rules,
			 rule_text(&set.rules[set.n_rules - 1]));
}

#define ASSERT_PLAN(...)                                                 \
	do {                                                             \
		static const char *const wanted[] = {__VA_ARGS__};       \
		assert_plan(wanted, sizeof(wanted) / sizeof(wanted[0])); \
	} while (0)

#define LOOKUP "4 4606 marked lookup 22001", "6 4606 marked lookup 22001"
#define NOP    "4 4607 nop 0", "6 4607 nop 0"
#define FROM   "4 4604 from 10.0.0.2 lookup 22001", "6 4604 from fd00::2 lookup 22001"

static void test_tunnel(void **state)
{
	(void)state;
	ASSERT_PLAN(LOOKUP, NOP, FROM);
	assert_true(plan_leads(true, 7) && plan_leads(false, 7));
	assert_true(plan_leads(true, 0) && plan_leads(false, 0));
	assert_int_equal(set.n_defaults, 4);
}

/* No address of IPv6: that fails at once, and is not sent into a tunnel that has no way back. */
static void test_one_family(void **state)
{
	(void)state;
	policy.n_sources = 1;
	ASSERT_PLAN(LOOKUP, NOP, "4 4604 from 10.0.0.2 lookup 22001");
	assert_true(plan_leads(true, 7) && !plan_leads(false, 7) && plan_leads(false, 0));
}

static void test_away(void **state)
{
	const struct route_rule last = {.ipv4 = true,
					.action = ROUTE_LOOKUP,
					.priority = 4604,
					.target = 22001,
					.from = {ip("10.0.0.2"), 128}};
	struct route_rule other = last;

	(void)state;
	assert_false(route_keep(&numbers, &policy, &last));
	policy.n_tunnels = policy.n_sources = 0;
	ASSERT_PLAN(LOOKUP, NOP);
	assert_false(plan_leads(true, 7) || plan_leads(false, 7));
	assert_true(plan_leads(true, 0) && plan_leads(false, 0));
	assert_true(route_keep(&numbers, &policy, &last));
	other.target = 22002;
	assert_false(route_keep(&numbers, &policy, &other));
	other = last;
	other.from.len = 0;
	assert_false(route_keep(&numbers, &policy, &other));
}

static void add_network(const char *addr, unsigned len, u32 ifindex)
{
	policy.networks[policy.n_networks++] =
		(struct wgf_network){.addr = ip(addr), .mask = ip_mask(len), .ifindex = ifindex};
}

static void test_networks(void **state)
{
	(void)state;
	add_network("192.168.1.0", 120, 2);
	add_network("fd01::", 64, 2);
	add_network("192.168.1.0", 120, 3); /* on two interfaces: one rule */
	add_network("::", 0, 1);	    /* localhost */
	ASSERT_PLAN(LOOKUP, NOP, FROM, "4 4605 to 192.168.1.0/24 marked goto 4607",
		    "6 4605 to fd01::/64 marked goto 4607");
}

static void add_exception(u8 kind, const char *addr, unsigned len, u8 proto, u16 port)
{
	policy.rules[policy.n_rules++] = (struct wgf_rule){
		.addr = ip(addr), .mask = ip_mask(len), .kind = kind, .proto = proto, .port = port};
}

/* Only what the rule names goes past the tunnel, also where it names every address. */
static void test_rules(void **state)
{
	(void)state;
	add_exception(WGF_CONNECT_RULE, "192.168.1.9", 128, WGF_TCP, 8096);
	add_exception(WGF_SERVE_RULE, "fd01::", 64, WGF_UDP, 53);
	add_exception(WGF_CONNECT_RULE, "0.0.0.0", 96, WGF_UDP, 123);
	add_exception(WGF_CONNECT_RULE, "127.0.0.1", 128, WGF_TCP, 1);
	add_exception(WGF_CONNECT_RULE, "::1", 128, WGF_TCP, 1);
	ASSERT_PLAN(LOOKUP, NOP, FROM, "4 4605 to 192.168.1.9 marked proto 6 0>8096 goto 4607",
		    "6 4605 to fd01::/64 marked proto 17 53>0 goto 4607",
		    "4 4605 marked proto 17 0>123 goto 4607");
}

static void test_link_local(void **state)
{
	(void)state;
	policy.sources[1].addr = ip("fe80::2");
	ASSERT_PLAN(LOOKUP, NOP, "4 4604 from 10.0.0.2 lookup 22001");
	assert_true(plan_leads(true, 7) && !plan_leads(false, 7));
}

/* What the host says from an address that another interface has is not the tunnel's to take. */
static void test_shared(void **state)
{
	(void)state;
	policy.sources[0].shared = 1;
	ASSERT_PLAN(LOOKUP, NOP, "6 4604 from fd00::2 lookup 22001");
	assert_true(plan_leads(true, 7) && plan_leads(false, 7));
}

static void test_meet(void **state)
{
	const struct route_numbers far = {
		.table = 22002, .priority = 4608, .mark = 0x2000000, .mask = 0x7f000000};
	struct route_numbers other = far;

	(void)state;
	assert_false(route_numbers_meet(&numbers, &far));
	other.table = numbers.table;
	assert_true(route_numbers_meet(&numbers, &other));
	other = far;
	other.priority = numbers.priority + 3;
	assert_true(route_numbers_meet(&numbers, &other) && route_numbers_meet(&other, &numbers));
	other = far;
	other.mark = numbers.mark;
	assert_true(route_numbers_meet(&numbers, &other));
	/* A mark may have both where the masks have no bit in common. */
	other.mark = other.mask = 1;
	assert_true(route_numbers_meet(&numbers, &other));
}

static void test_numbers(void **state)
{
	struct config c = {.name = "q"};
	struct route_numbers a, b;

	(void)state;
	route_numbers(&c, &a);
	assert_true(a.table > 255 && a.priority < 5210 - 4 && a.mark && !(a.mark & ~a.mask));
	assert_false(a.mask & 0x00ffffff);
	strcpy(c.name, "q-b");
	route_numbers(&c, &b);
	assert_true(a.table != b.table && a.mark != b.mark && a.priority != b.priority);
	c.route = (struct config_route){.table = 300, .priority = 9, .mark = 2, .mask = 3};
	route_numbers(&c, &b);
	assert_true(b.table == 300 && b.priority == 9 && b.mark == 2 && b.mask == 3);
}

/* --- messages -----------------------------------------------------------------------------------
 */

static char buffer[1024] __attribute__((aligned(8)));

static struct nlmsghdr *rule_message(u8 protocol, u32 priority, u32 table, u8 action)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct fib_rule_hdr *h = mnl_nlmsg_put_extra_header(nlh, sizeof(*h));

	nlh->nlmsg_type = RTM_NEWRULE;
	*h = (struct fib_rule_hdr){.family = AF_INET, .action = action};
	mnl_attr_put_u32(nlh, FRA_PRIORITY, priority);
	mnl_attr_put_u32(nlh, FRA_TABLE, table);
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, protocol);
	return nlh;
}

static int read_rule(const struct nlmsghdr *nlh)
{
	const struct route_reading reading = {&numbers, &set, conflict};

	return route_parse_rule(&reading, nlh, &err);
}

static void test_parse_rule(void **state)
{
	struct nlmsghdr *nlh = rule_message(ROUTE_PROTOCOL, 4606, 22001, FR_ACT_TO_TBL);

	(void)state;
	mnl_attr_put_u32(nlh, FRA_FWMARK, numbers.mark);
	mnl_attr_put_u32(nlh, FRA_FWMASK, numbers.mask);
	assert_int_equal(read_rule(nlh), 0);
	assert_int_equal(set.n_rules, 1);
	assert_string_equal(rule_text(&set.rules[0]), "4 4606 marked lookup 22001");
	/* Somebody else's elsewhere is nobody's business; at our priorities it is in the way. */
	assert_int_equal(read_rule(rule_message(3, 100, 22001, FR_ACT_TO_TBL)), 0);
	assert_string_equal(conflict, "");
	assert_int_equal(read_rule(rule_message(3, 4607, 254, FR_ACT_TO_TBL)), 0);
	assert_non_null(strstr(conflict, "an ip rule at priority 4607"));
	/* A rule for our mark, too, wherever it is; one for other bits is not. */
	conflict[0] = '\0';
	nlh = rule_message(3, 100, 254, FR_ACT_TO_TBL);
	mnl_attr_put_u32(nlh, FRA_FWMARK, 0x80000);
	mnl_attr_put_u32(nlh, FRA_FWMASK, 0xff0000);
	assert_int_equal(read_rule(nlh), 0);
	assert_string_equal(conflict, "");
	nlh = rule_message(3, 100, 254, FR_ACT_TO_TBL);
	mnl_attr_put_u32(nlh, FRA_FWMARK, numbers.mark | 0x6f);
	mnl_attr_put_u32(nlh, FRA_FWMASK, 0xffffffff);
	assert_int_equal(read_rule(nlh), 0);
	assert_non_null(strstr(conflict, "an ip rule for the mark 0x100006f/0xffffffff"));
	/* Another fence's has our protocol, and neither our table nor our priorities. */
	assert_int_equal(read_rule(rule_message(ROUTE_PROTOCOL, 4610, 22002, FR_ACT_TO_TBL)), 0);
	assert_int_equal(set.n_rules, 1);
}

/* Whatever its length is cut to: read as it is, or refused, and never beyond its end. */
static void test_parse_cut(void **state)
{
	struct nlmsghdr *nlh = rule_message(ROUTE_PROTOCOL, 4604, 22001, FR_ACT_TO_TBL);
	const u32 v4 = 0x0200000a;
	u32 whole;

	(void)state;
	mnl_attr_put(nlh, FRA_SRC, 4, &v4);
	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(nlh))->src_len = 32;
	whole = nlh->nlmsg_len;
	assert_int_equal(read_rule(nlh), 0);
	assert_string_equal(rule_text(&set.rules[0]), "4 4604 from 10.0.0.2 lookup 22001");
	for (u32 len = NLMSG_HDRLEN; len < whole; len++) {
		char copy[1024] __attribute__((aligned(8)));

		memcpy(copy, buffer, len);
		((struct nlmsghdr *)copy)->nlmsg_len = len;
		set.n_rules = 0;
		assert_int_equal(read_rule((struct nlmsghdr *)copy), -1);
	}
}

static void test_parse_wrong(void **state)
{
	struct nlmsghdr *nlh = rule_message(ROUTE_PROTOCOL, 4604, 22001, FR_ACT_TO_TBL);

	(void)state;
	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(nlh))->src_len = 33;
	mnl_attr_put_u32(nlh, FRA_SRC, 0);
	assert_int_equal(read_rule(nlh), -1);
	nlh = rule_message(ROUTE_PROTOCOL, 4604, 22001, FR_ACT_TO_TBL);
	mnl_attr_put_u16(nlh, FRA_FWMARK, 1);
	assert_int_equal(read_rule(nlh), -1);
	nlh = rule_message(ROUTE_PROTOCOL, 4604, 22001, FR_ACT_TO_TBL);
	nlh->nlmsg_type = RTM_NEWROUTE;
	assert_int_equal(read_rule(nlh), -1);
}

static int read_route(u8 family, u8 protocol, u8 type, u8 dst_len, u32 table, u32 ifindex)
{
	const struct route_reading reading = {&numbers, &set, conflict};
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct rtmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = RTM_NEWROUTE;
	*m = (struct rtmsg){.rtm_family = family,
			    .rtm_protocol = protocol,
			    .rtm_type = type,
			    .rtm_dst_len = dst_len,
			    .rtm_table = RT_TABLE_COMPAT};
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	if (ifindex)
		mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	return route_parse_route(&reading, nlh, &err);
}

static void test_parse_route(void **state)
{
	(void)state;
	assert_int_equal(read_route(AF_INET, ROUTE_PROTOCOL, RTN_UNICAST, 0, 22001, 7), 0);
	assert_int_equal(read_route(AF_INET6, ROUTE_PROTOCOL, RTN_UNREACHABLE, 0, 22001, 1), 0);
	assert_true(plan_leads(true, 7) && plan_leads(false, 0));
	assert_int_equal(read_route(AF_INET, 3, RTN_UNICAST, 0, 254, 2), 0);
	assert_int_equal(set.n_defaults, 2);
	assert_string_equal(conflict, "");
	assert_int_equal(read_route(AF_INET, ROUTE_PROTOCOL, RTN_UNICAST, 24, 22001, 2), 0);
	assert_non_null(strstr(conflict, "a route in table 22001"));
	assert_int_equal(set.n_defaults, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_tunnel, set_up),
		cmocka_unit_test_setup(test_one_family, set_up),
		cmocka_unit_test_setup(test_away, set_up),
		cmocka_unit_test_setup(test_networks, set_up),
		cmocka_unit_test_setup(test_rules, set_up),
		cmocka_unit_test_setup(test_link_local, set_up),
		cmocka_unit_test_setup(test_shared, set_up),
		cmocka_unit_test_setup(test_meet, set_up),
		cmocka_unit_test_setup(test_numbers, set_up),
		cmocka_unit_test_setup(test_parse_rule, set_up),
		cmocka_unit_test_setup(test_parse_cut, set_up),
		cmocka_unit_test_setup(test_parse_wrong, set_up),
		cmocka_unit_test_setup(test_parse_route, set_up),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
