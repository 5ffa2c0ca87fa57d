// SPDX-License-Identifier: GPL-2.0-only
/*
 * What iptables puts into nf_tables, and messages that are not whole.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <stdlib.h>

#include "nft_scene.h"

static void test_tee(void **state)
{
	struct {
		union nf_inet_addr gateway;
		char device[16];
		void *private;
	} tee = {.gateway = {.ip = WGF_BE32(0x0a000001)}, .device = "eth0"};

	(void)state;
	add_chain(NFPROTO_IPV4, "OUTPUT", NF_INET_LOCAL_OUT, NULL);
	begin_rule(NFPROTO_IPV4, "OUTPUT");
	compat("target", "TEE", 1, &tee, sizeof(tee));
	add_rule();
	assert_int_equal(nft.acts[0].kind, NFT_COPIES);
	assert_string_equal(nft.acts[0].device_name, "eth0");
	assert_true(nft.acts[0].to.w[3] == WGF_BE32(0x0a000001) && wgf_is_v4(&nft.acts[0].to));
	assert_true(reached(NFT_WAY_OUT));
}

static void test_compat_nat(void **state)
{
	struct nf_nat_ipv4_multi_range_compat first = {
		.rangesize = 1,
		.range = {{.flags = NF_NAT_RANGE_PROTO_SPECIFIED, .min.all = WGF_BE16(8080)}}};
	struct nf_nat_range2 range = {.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
				      .min_addr = {.ip = WGF_BE32(0xac110002)},
				      .min_proto = {.all = WGF_BE16(80)}};

	(void)state;
	add_chain(NFPROTO_IPV4, "PREROUTING", NF_INET_PRE_ROUTING, NULL);
	begin_rule(NFPROTO_IPV4, "PREROUTING");
	compat("target", "REDIRECT", 0, &first, sizeof(first));
	add_rule();
	begin_rule(NFPROTO_IPV4, "PREROUTING");
	compat("target", "DNAT", 2, &range, sizeof(range));
	add_rule();
	assert_int_equal(nft.n_acts, 2);
	assert_true(nft.acts[0].port == 8080 && !nft.acts[0].has_to);
	assert_true(nft.acts[1].port == 80 && nft.acts[1].has_to &&
		    nft.acts[1].to.w[3] == WGF_BE32(0xac110002));
	range.flags = NF_NAT_RANGE_MAP_IPS;
	begin_rule(NFPROTO_IPV4, "PREROUTING");
	compat("target", "DNAT", 2, &range, sizeof(range));
	compat("target", "MASQUERADE", 0, &first, sizeof(first));
	add_rule();
	assert_int_equal(nft.n_acts, 2);
}

static void test_compat_looks_back(void **state)
{
	struct xt_rpfilter_info info = {.flags = XT_RPFILTER_LOOSE};

	(void)state;
	add_chain(NFPROTO_IPV4, "PREROUTING", NF_INET_PRE_ROUTING, NULL);
	begin_rule(NFPROTO_IPV4, "PREROUTING");
	compat("match", "rpfilter", 0, &info, sizeof(info));
	add_rule();
	assert_int_equal(nft.n_acts, 0);
	info.flags = XT_RPFILTER_VALID_MARK;
	begin_rule(NFPROTO_IPV4, "PREROUTING");
	compat("match", "comment", 0, "a", 2);
	compat("match", "rpfilter", 0, &info, sizeof(info));
	add_rule();
	assert_true(nft.n_acts == 1 && nft.acts[0].kind == NFT_LOOKS_BACK && !nft.acts[0].narrow);
}

/* Whatever its length is cut to: read as it is, or refused, and never beyond its end. */
static void test_cut(void **state)
{
	u32 whole, to = 3;

	(void)state;
	add_chain(NFPROTO_NETDEV, "c", NF_NETDEV_EGRESS, "wg0");
	begin_rule(NFPROTO_NETDEV, "c");
	device_is(NFT_META_OIFNAME, NFT_CMP_EQ, "wg0");
	immediate(NFT_REG_1, &to, 4);
	NUMBERS("dup", NFTA_DUP_SREG_DEV, NFT_REG_1);
	verdict(NFT_JUMP, "c");
	whole = rule_end()->nlmsg_len;
	for (u32 len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *copy = malloc(len);

		assert_non_null(copy);
		memcpy(copy, nft_buffer, len);
		copy->nlmsg_len = len;
		nft_parse_rule(copy, &nft, &err);
		free(copy);
	}
	assert_int_equal(nft_parse_rule((struct nlmsghdr *)nft_buffer, &nft, &err), 0);
}

static void test_wrong(void **state)
{
	char long_name[300];

	(void)state;
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(nft_parse_chain(chain_message(NFPROTO_INET, "t", long_name, -1, NULL),
					 &nft, &err),
			 -1);
	assert_int_equal(nft.n_chains, 0);
	add_chain(NFPROTO_INET, "c", NF_INET_LOCAL_OUT, NULL);
	/* A rule of a chain that came meanwhile; a register beyond the last. */
	begin_rule(NFPROTO_INET, "other");
	dup_to(1);
	add_rule();
	begin_rule(NFPROTO_INET, "c");
	immediate(NFT_REG32_15, "12345678", 8);
	immediate(99, "1", 1);
	NUMBERS("fwd", NFTA_FWD_SREG_DEV, NFT_REG32_15);
	add_rule();
	assert_true(nft.n_acts == 1 && nft.acts[0].device == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_tee, set_up),
		cmocka_unit_test_setup(test_compat_nat, set_up),
		cmocka_unit_test_setup(test_compat_looks_back, set_up),
		cmocka_unit_test_setup(test_cut, set_up),
		cmocka_unit_test_setup(test_wrong, set_up),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	nft_free(&nft);
	return failed;
}
