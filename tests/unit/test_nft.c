// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is read of the host's packet filter, and whether a member's packet comes to it.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "nft_scene.h"

/* A copy, behind what a rule asks of interfaces; in which chain; does a member's packet come? */
static const struct {
	const char *name;
	int hook;
	u32 key, op;
	const char *device;
	bool out;
} copies[] = {
	{"output", NF_INET_LOCAL_OUT, 0, 0, NULL, true},
	{"postrouting", NF_INET_POST_ROUTING, 0, 0, NULL, true},
	{"prerouting: what comes in", NF_INET_PRE_ROUTING, 0, 0, NULL, false},
	{"input", NF_INET_LOCAL_IN, 0, 0, NULL, false},
	{"forward: what others send", NF_INET_FORWARD, 0, 0, NULL, false},
	{"oifname wg0", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_EQ, "wg0", true},
	{"oifname wg*", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_EQ, "wg*", true},
	{"oifname wg", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_EQ, "wg", false},
	{"oifname wg00", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_EQ, "wg00", false},
	{"oifname eth0", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_EQ, "eth0", false},
	{"oifname != eth0", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_NEQ, "eth0", true},
	{"oifname != wg0", NF_INET_LOCAL_OUT, NFT_META_OIFNAME, NFT_CMP_NEQ, "wg0", false},
	{"iifname eth0", NF_INET_POST_ROUTING, NFT_META_IIFNAME, NFT_CMP_EQ, "eth0", true},
};

static void test_copies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
		nft_free(&nft);
		add_chain(NFPROTO_INET, "c", copies[i].hook, NULL);
		begin_rule(NFPROTO_INET, "c");
		if (copies[i].device)
			device_is(copies[i].key, copies[i].op, copies[i].device);
		dup_to(WGF_BE32(0x0a000001));
		add_rule();
		assert_int_equal(nft.n_acts, 1);
		assert_int_equal(nft.acts[0].kind, NFT_COPIES);
		assert_int_equal(nft.acts[0].handle, 42);
		if (reached(NFT_WAY_OUT) != copies[i].out)
			fail_msg("%s", copies[i].name);
	}
}

static void test_number_of_interface(void **state)
{
	u32 index = TUNNEL;

	(void)state;
	for (int other = 0; other < 2; other++, index++) {
		nft_free(&nft);
		add_chain(NFPROTO_IPV4, "c", NF_INET_LOCAL_OUT, NULL);
		begin_rule(NFPROTO_IPV4, "c");
		meta(NFT_META_OIF);
		compare(NFT_CMP_EQ, &index, 4);
		dup_to(WGF_BE32(0x0a000001));
		add_rule();
		assert_true(reached(NFT_WAY_OUT) == !other);
	}
	assert_true(nft.acts[0].has_to && nft.acts[0].to.w[3] == WGF_BE32(0x0a000001));
}

/* By jumps, and not where the jump asks for another interface; a map may lead anywhere. */
static void test_jumps(void **state)
{
	(void)state;
	add_chain(NFPROTO_IPV4, "out", NF_INET_LOCAL_OUT, NULL);
	add_chain(NFPROTO_IPV4, "pre", NF_INET_PRE_ROUTING, NULL);
	add_chain(NFPROTO_IPV4, "a", -1, NULL);
	add_chain(NFPROTO_IPV4, "b", -1, NULL);
	begin_rule(NFPROTO_IPV4, "pre");
	verdict(NFT_JUMP, "a");
	add_rule();
	begin_rule(NFPROTO_IPV4, "a");
	verdict(NFT_GOTO, "b");
	add_rule();
	begin_rule(NFPROTO_IPV4, "b");
	verdict(NFT_JUMP, "a"); /* the kernel refuses a loop; no reader hangs in one */
	add_rule();
	begin_rule(NFPROTO_IPV4, "b");
	dup_to(1);
	add_rule();
	assert_false(reached(NFT_WAY_OUT));
	begin_rule(NFPROTO_IPV4, "out");
	device_is(NFT_META_OIFNAME, NFT_CMP_EQ, "eth0");
	verdict(NFT_JUMP, "a");
	add_rule();
	assert_false(nft_reaches(&nft, &nft.acts[3], NFT_WAY_OUT, TUNNEL, "wg0"));
	begin_rule(NFPROTO_IPV4, "out");
	NUMBERS("lookup", NFTA_LOOKUP_SREG, NFT_REG_1, NFTA_LOOKUP_DREG, NFT_REG32_00);
	add_rule();
	assert_false(nft_reaches(&nft, &nft.acts[3], NFT_WAY_OUT, TUNNEL, "wg0"));
	begin_rule(NFPROTO_IPV4, "out");
	expression_begin("lookup");
	put_be32(NFTA_LOOKUP_SREG, NFT_REG_1);
	put_be32(NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	expression_end();
	add_rule();
	assert_true(nft_reaches(&nft, &nft.acts[3], NFT_WAY_OUT, TUNNEL, "wg0"));
}

static void test_netdev(void **state)
{
	static const struct {
		const char *device;
		int hook;
		bool out;
	} rows[] = {{"wg0", NF_NETDEV_EGRESS, true},
		    {"eth0", NF_NETDEV_EGRESS, false},
		    {"wg0", NF_NETDEV_INGRESS, false}};
	const u32 to = 3;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		nft_free(&nft);
		add_chain(NFPROTO_NETDEV, "c", rows[i].hook, rows[i].device);
		begin_rule(NFPROTO_NETDEV, "c");
		immediate(NFT_REG32_00, &to, 4);
		NUMBERS("fwd", NFTA_FWD_SREG_DEV, NFT_REG_1);
		add_rule();
		assert_int_equal(nft.acts[0].kind, NFT_FORWARDS);
		assert_int_equal(nft.acts[0].device, 3);
		assert_true(reached(NFT_WAY_OUT) == rows[i].out);
	}
}

static void test_translations(void **state)
{
	const u16 port = WGF_BE16(8080);
	const u32 to = WGF_BE32(0xac110002);

	(void)state;
	add_chain(NFPROTO_IPV4, "pre", NF_INET_PRE_ROUTING, NULL);
	begin_rule(NFPROTO_IPV4, "pre");
	immediate(NFT_REG_1, &port, 2);
	NUMBERS("redir", NFTA_REDIR_REG_PROTO_MIN, NFT_REG_1);
	add_rule();
	assert_true(nft.acts[0].kind == NFT_TRANSLATES && nft.acts[0].port == 8080);
	assert_false(nft.acts[0].has_to);
	assert_true(reached(NFT_WAY_ANY_IN));
	begin_rule(NFPROTO_IPV4, "pre");
	immediate(NFT_REG_1, &to, 4);
	immediate(NFT_REG_2, &port, 2);
	NUMBERS("nat", NFTA_NAT_TYPE, NFT_NAT_DNAT, NFTA_NAT_FAMILY, NFPROTO_IPV4,
		NFTA_NAT_REG_ADDR_MIN, NFT_REG_1, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	add_rule();
	assert_int_equal(nft.n_acts, 2);
	assert_true(nft.acts[1].has_to && nft.acts[1].to.w[3] == to && nft.acts[1].port == 8080);
	assert_true(wgf_is_v4(&nft.acts[1].to));
}

/* Nothing is made up: no port, a port that a map gives, a register that was loaded over, snat. */
static void test_no_translation(void **state)
{
	const u32 to = WGF_BE32(0x7f000001);
	const u16 port = WGF_BE16(8080);

	(void)state;
	add_chain(NFPROTO_IPV4, "pre", NF_INET_PRE_ROUTING, NULL);
	begin_rule(NFPROTO_IPV4, "pre");
	NUMBERS("redir", NFTA_REDIR_FLAGS, 1);
	add_rule();
	begin_rule(NFPROTO_IPV4, "pre");
	immediate(NFT_REG_1, &port, 2);
	NUMBERS("lookup", NFTA_LOOKUP_SREG, NFT_REG_1, NFTA_LOOKUP_DREG, NFT_REG_1);
	NUMBERS("redir", NFTA_REDIR_REG_PROTO_MIN, NFT_REG_1);
	add_rule();
	begin_rule(NFPROTO_IPV4, "pre");
	immediate(NFT_REG_1, &to, 4);
	immediate(NFT_REG_2, &port, 2);
	meta(NFT_META_MARK);
	NUMBERS("nat", NFTA_NAT_TYPE, NFT_NAT_DNAT, NFTA_NAT_FAMILY, NFPROTO_IPV4,
		NFTA_NAT_REG_ADDR_MIN, NFT_REG_1, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	add_rule();
	begin_rule(NFPROTO_IPV4, "pre");
	immediate(NFT_REG_1, &to, 4);
	immediate(NFT_REG_2, &port, 2);
	expression_begin("nat");
	mnl_attr_put_u32(nft_message, NFTA_NAT_TYPE, 0); /* NFT_NAT_SNAT */
	put_be32(NFTA_NAT_FAMILY, NFPROTO_IPV4);
	put_be32(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	put_be32(NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	expression_end();
	add_rule();
	assert_int_equal(nft.n_acts, 0);
}

static void looks_back(u32 flags, u32 result)
{
	NUMBERS("fib", NFTA_FIB_DREG, NFT_REG_1, NFTA_FIB_RESULT, result, NFTA_FIB_FLAGS, flags);
}

static void test_looks_back(void **state)
{
	(void)state;
	add_chain(NFPROTO_INET, "rpfilter", NF_INET_PRE_ROUTING, NULL);
	add_chain(NFPROTO_INET, "allow", -1, NULL);
	begin_rule(NFPROTO_INET, "rpfilter");
	looks_back(NFTA_FIB_F_DADDR | NFTA_FIB_F_IIF, NFT_FIB_RESULT_OIF);
	looks_back(NFTA_FIB_F_SADDR | NFTA_FIB_F_IIF, NFT_FIB_RESULT_ADDRTYPE);
	looks_back(NFTA_FIB_F_SADDR, NFT_FIB_RESULT_OIF); /* loose */
	add_rule();
	assert_int_equal(nft.n_acts, 0);
	begin_rule(NFPROTO_INET, "rpfilter");
	looks_back(NFTA_FIB_F_SADDR | NFTA_FIB_F_MARK | NFTA_FIB_F_IIF, NFT_FIB_RESULT_OIF);
	verdict(NF_ACCEPT, NULL);
	add_rule();
	assert_true(nft.n_acts == 1 && nft.acts[0].kind == NFT_LOOKS_BACK);
	assert_true(reached(NFT_WAY_IN));
	assert_false(nft_passes(&nft, &nft.acts[0], TUNNEL, "wg0"));
	/* Another interface, or something more that is asked, lets nothing of the tunnel pass. */
	begin_rule(NFPROTO_INET, "allow");
	device_is(NFT_META_IIFNAME, NFT_CMP_EQ, "eth0");
	verdict(NF_ACCEPT, NULL);
	add_rule();
	begin_rule(NFPROTO_INET, "allow");
	device_is(NFT_META_IIFNAME, NFT_CMP_EQ, "wg0");
	NUMBERS("payload", 1, 1);
	verdict(NF_ACCEPT, NULL);
	add_rule();
	assert_false(nft_passes(&nft, &nft.acts[0], TUNNEL, "wg0"));
	begin_rule(NFPROTO_INET, "allow");
	device_is(NFT_META_IIFNAME, NFT_CMP_EQ, "wg0");
	NUMBERS("counter", 3, 1);
	verdict(NF_ACCEPT, NULL);
	add_rule();
	assert_false(nft_passes(&nft, &nft.acts[0], TUNNEL, "wg0")); /* nothing leads there */
	begin_rule(NFPROTO_INET, "rpfilter");
	verdict(NFT_JUMP, "allow");
	add_rule();
	assert_true(nft_passes(&nft, &nft.acts[0], TUNNEL, "wg0"));
	assert_false(nft_passes(&nft, &nft.acts[0], 3, "wlan0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_copies, set_up),
		cmocka_unit_test_setup(test_number_of_interface, set_up),
		cmocka_unit_test_setup(test_jumps, set_up),
		cmocka_unit_test_setup(test_netdev, set_up),
		cmocka_unit_test_setup(test_translations, set_up),
		cmocka_unit_test_setup(test_no_translation, set_up),
		cmocka_unit_test_setup(test_looks_back, set_up),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	nft_free(&nft);
	return failed;
}
