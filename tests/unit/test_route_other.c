// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of others: how they are written for ip(8), and which packet of a member would meet them.
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
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "check_tunnel.h"
#include "route_meet.h"
#include "special.h"

#define MARK 0x1000000

static char buffer[1024] __attribute__((aligned(8)));
static struct nlmsghdr *nlh;
static struct fib_rule_hdr *head;
static struct err err;

static union wgf_ip ip(const char *text)
{
	union wgf_ip ret;

	assert_true(ip_parse(text, &ret));
	return ret;
}

static struct prefix prefix(const char *text)
{
	struct prefix ret;
	char buf[128];

	assert_null(prefix_parse(text, &ret, buf, sizeof(buf)));
	return ret;
}

static void begin(u8 family, u8 action, u32 table)
{
	memset(buffer, 0, sizeof(buffer));
	nlh = mnl_nlmsg_put_header(buffer);
	head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));
	nlh->nlmsg_type = RTM_NEWRULE;
	head->family = family;
	head->action = action;
	mnl_attr_put_u32(nlh, FRA_PRIORITY, 100);
	mnl_attr_put_u32(nlh, FRA_TABLE, table);
	mnl_attr_put_u32(nlh, FRA_SUPPRESS_PREFIXLEN, ~0u); /* as the kernel writes it */
}

static struct other_rule parsed(void)
{
	struct other_rule o;

	assert_int_equal(other_parse_rule(nlh, &o, &err), 1);
	return o;
}

static void is(const char *wanted)
{
	struct other_rule o = parsed();
	char text[OTHER_TEXT];

	assert_string_equal(other_rule_text(&o, text), wanted);
}

static void test_text(void **state)
{
	const struct fib_rule_uid_range uids = {1000, 1001};
	const struct fib_rule_port_range ports = {80, 81};
	const u32 v4 = 0x0000000a;

	(void)state;
	begin(AF_INET, FR_ACT_TO_TBL, 52);
	is("lookup 52");
	/* wg-quick's two */
	begin(AF_INET, FR_ACT_TO_TBL, 51820);
	head->flags = FIB_RULE_INVERT;
	mnl_attr_put_u32(nlh, FRA_FWMARK, 51820);
	mnl_attr_put_u32(nlh, FRA_FWMASK, ~0u);
	is("not fwmark 0xca6c/0xffffffff lookup 51820");
	begin(AF_INET6, FR_ACT_TO_TBL, 254);
	mnl_attr_put_u32(nlh, FRA_SUPPRESS_PREFIXLEN, 0);
	is("lookup 254 suppress_prefixlength 0");
	begin(AF_INET, FR_ACT_PROHIBIT, 0);
	head->src_len = 8;
	mnl_attr_put(nlh, FRA_SRC, 4, &v4);
	mnl_attr_put_strz(nlh, FRA_IIFNAME, "lo");
	mnl_attr_put_strz(nlh, FRA_OIFNAME, "a;b");
	mnl_attr_put(nlh, FRA_UID_RANGE, sizeof(uids), &uids);
	mnl_attr_put_u8(nlh, FRA_IP_PROTO, 6);
	mnl_attr_put(nlh, FRA_DPORT_RANGE, sizeof(ports), &ports);
	is("from 10.0.0.0/8 iif lo oif 'a;b' uidrange 1000-1001 ipproto 6 dport 80-81 prohibit");
}

static void test_route_text(void **state)
{
	char text[OTHER_TEXT];

	(void)state;
	assert_string_equal(other_route_text(&(struct other_route){.ipv4 = true,
								   .to.len = 96,
								   .type = RTN_UNICAST},
					     text),
			    "default");
	assert_string_equal(other_route_text(&(struct other_route){.to = prefix("fd00::/8"),
								   .type = RTN_BLACKHOLE},
					     text),
			    "blackhole fd00::/8");
}

static void test_cut(void **state)
{
	const struct fib_rule_uid_range uids = {1000, 1001};
	u32 whole;

	(void)state;
	begin(AF_INET, FR_ACT_TO_TBL, 52);
	mnl_attr_put(nlh, FRA_UID_RANGE, sizeof(uids), &uids);
	mnl_attr_put_strz(nlh, FRA_IIFNAME, "eth0");
	whole = nlh->nlmsg_len;
	for (u32 len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *copy = malloc(len);
		struct other_rule o;

		assert_non_null(copy);
		memcpy(copy, buffer, len);
		copy->nlmsg_len = len;
		other_parse_rule(copy, &o, &err);
		free(copy);
	}
	begin(AF_INET, FR_ACT_TO_TBL, 52);
	mnl_attr_put_strz(nlh, FRA_IIFNAME, "a-name-that-is-too-long");
	assert_int_equal(other_parse_rule(nlh, &(struct other_rule){0}, &err), -1);
}

/* --- what a member's packet meets ----------------------------------------------------------------
 */

static const struct {
	const char *name;
	struct other_rule o;
	const char *from, *to;
	bool meets, has_from;
	const char *asks; /* for; NULL: as without it */
} rows[] = {
	{"everything", {.action = FR_ACT_TO_TBL}, NULL, NULL, true, false, NULL},
	{"a nop", {.action = FR_ACT_NOP}, NULL, NULL, false, false, NULL},
	{"what came in by eth0", {.action = FR_ACT_TO_TBL, .in = "eth0"}, 0, 0, false, false, NULL},
	{"what this host sends", {.action = FR_ACT_TO_TBL, .in = "lo"}, 0, 0, true, false, NULL},
	{"bound to eth0", {.action = FR_ACT_TO_TBL, .out = "eth0"}, 0, 0, false, false, NULL},
	{"somebody else's mark",
	 {.action = FR_ACT_TO_TBL, .r = {.mark = 0x80000, .mask = 0xff0000}},
	 NULL,
	 NULL,
	 false,
	 false,
	 NULL},
	{"no mark in these bits",
	 {.action = FR_ACT_TO_TBL, .r = {.mark = 0, .mask = 0xff0000}},
	 NULL,
	 NULL,
	 true,
	 false,
	 NULL},
	{"wg-quick's: not its mark",
	 {.action = FR_ACT_TO_TBL, .inverted = true, .r = {.mark = 51820, .mask = ~0u}},
	 NULL,
	 NULL,
	 true,
	 false,
	 NULL},
	{"not our mark",
	 {.action = FR_ACT_TO_TBL, .inverted = true, .r = {.mark = MARK, .mask = 0x7f000000}},
	 NULL,
	 NULL,
	 false,
	 false,
	 NULL},
	{"from the tunnel's address",
	 {.action = FR_ACT_TO_TBL},
	 "10.0.0.2",
	 NULL,
	 true,
	 true,
	 NULL},
	{"from another", {.action = FR_ACT_TO_TBL}, "192.168.1.0/24", NULL, false, false, NULL},
	{"to the LAN", {.action = FR_ACT_TO_TBL}, NULL, "192.168.0.0/16", false, false, NULL},
	{"to a part of the internet",
	 {.action = FR_ACT_TO_TBL},
	 NULL,
	 "5.5.0.0/16",
	 true,
	 false,
	 "5.5.0.1"},
	{"to one half", {.action = FR_ACT_TO_TBL}, NULL, "0.0.0.0/1", true, false, "45.45.45.45"},
	{"to the other",
	 {.action = FR_ACT_TO_TBL},
	 NULL,
	 "128.0.0.0/1",
	 true,
	 false,
	 "145.145.145.145"},
	{"a user's",
	 {.action = FR_ACT_TO_TBL, .has_uid = true, .uid_first = 5, .uid_last = 9},
	 NULL,
	 NULL,
	 false,
	 false,
	 NULL},
	{"all users'",
	 {.action = FR_ACT_TO_TBL, .has_uid = true, .uid_last = ~0u},
	 NULL,
	 NULL,
	 true,
	 false,
	 NULL},
	{"ICMP", {.action = FR_ACT_TO_TBL, .r = {.proto = 1}}, NULL, NULL, false, false, NULL},
	{"by a tos", {.action = FR_ACT_TO_TBL, .odd = true}, NULL, NULL, false, false, NULL},
};

static void test_meets(void **state)
{
	const struct route_question by = {
		.ipv4 = true, .from = ip("10.0.0.2"), .to = far_away[1][0], .mark = MARK, .uid = 1};
	struct route_question q;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct other_rule o = rows[i].o;
		union wgf_ip asks = rows[i].asks ? ip(rows[i].asks) : by.to;

		o.r.ipv4 = true;
		if (rows[i].from)
			o.r.from = prefix(rows[i].from);
		if (rows[i].to)
			o.r.to = prefix(rows[i].to);
		if (route_meet(&o, &by, &q) != rows[i].meets)
			fail_msg("%s", rows[i].name);
		if (rows[i].meets && (q.has_from != rows[i].has_from || !ip_equal(&q.to, &asks)))
			fail_msg("%s: another question", rows[i].name);
	}
}

static void test_ports(void **state)
{
	const struct route_question by = {.ipv4 = true, .to = far_away[1][0]};
	const struct other_rule o = {.action = FR_ACT_TO_TBL, .r = {.ipv4 = true, .to_port = 53}};
	struct route_question q;

	(void)state;
	assert_true(route_meet(&o, &by, &q));
	assert_true(q.proto == 6 && q.to_port == 53 && q.from_port == 0);
}

static void test_did(void **state)
{
	const struct route_answer out = {.end = ROUTE_OUT, .ifindex = 2, .table = 254};
	const struct route_answer refused = {.end = ROUTE_REFUSED};

	(void)state;
	assert_true(
		route_did(&(struct other_rule){.action = FR_ACT_TO_TBL, .r.target = 254}, &out));
	assert_false(route_did(&(struct other_rule){.action = FR_ACT_TO_TBL, .r.target = 5}, &out));
	assert_true(route_did(&(struct other_rule){.action = FR_ACT_GOTO}, &out));
	assert_true(route_did(&(struct other_rule){.action = FR_ACT_PROHIBIT}, &refused));
	assert_false(route_did(&(struct other_rule){.action = FR_ACT_PROHIBIT}, &out));
}

/* --- AllowedIPs ----------------------------------------------------------------------------------
 */

/* What is not the internet may be left out, and nothing else. */
static void test_allowed(void **state)
{
	struct prefix p[64];
	unsigned n = 0;

	(void)state;
	p[0] = prefix("0.0.0.0/0");
	assert_true(tunnel_covers(p, 1, true));
	assert_false(tunnel_covers(p, 1, false));
	assert_false(tunnel_covers(p, 0, true));
	p[0] = prefix("0.0.0.0/1");
	assert_false(tunnel_covers(p, 1, true));
	p[1] = prefix("128.0.0.0/1");
	assert_true(tunnel_covers(p, 2, true));
	/* All but 192.168.0.0/16, as some providers write it. */
	p[n++] = prefix("0.0.0.0/1");
	p[n++] = prefix("128.0.0.0/2");
	p[n++] = prefix("192.0.0.0/9");
	p[n++] = prefix("192.128.0.0/11");
	p[n++] = prefix("192.160.0.0/13");
	p[n++] = prefix("192.169.0.0/16");
	p[n++] = prefix("192.170.0.0/15");
	p[n++] = prefix("192.172.0.0/14");
	p[n++] = prefix("192.176.0.0/12");
	p[n++] = prefix("192.192.0.0/10");
	p[n++] = prefix("193.0.0.0/8");
	p[n++] = prefix("194.0.0.0/7");
	p[n++] = prefix("196.0.0.0/6");
	p[n++] = prefix("200.0.0.0/5");
	p[n++] = prefix("208.0.0.0/4");
	assert_true(tunnel_covers(p, n, true));
	p[5] = prefix("192.169.0.0/17");
	assert_false(tunnel_covers(p, n, true));
	p[0] = prefix("2000::/3");
	assert_true(tunnel_covers(p, 1, false));
}

static void test_public(void **state)
{
	static const char *const others[] = {"10.1.2.3",    "127.0.0.1",   "224.0.0.1",
					     "192.168.0.1", "100.64.0.1",  "fd00::1",
					     "fe80::1",	    "2001:db8::1", "::1"};
	union wgf_ip a;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		a = ip(others[i]);
		assert_false(is_public(&a));
	}
	for (int i = 0; i < 4; i++)
		assert_true(is_public(&far_away[i / 2][i % 2]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	cmocka_unit_test(test_route_text),
		cmocka_unit_test(test_cut),	cmocka_unit_test(test_meets),
		cmocka_unit_test(test_ports),	cmocka_unit_test(test_did),
		cmocka_unit_test(test_allowed), cmocka_unit_test(test_public),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
