// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's answer about AllowedIPs, made by hand: whole, cut short at each byte, and with
 * lengths that are not true.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "init_wg.h"

static char buf[4096] __attribute__((aligned(NLMSG_ALIGNTO)));

static void put_allowed(struct nlmsghdr *nlh, u16 family, const void *addr, size_t size, u8 len)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, 0);

	mnl_attr_put_u16(nlh, WGALLOWEDIP_A_FAMILY, family);
	mnl_attr_put(nlh, WGALLOWEDIP_A_IPADDR, size, addr);
	mnl_attr_put_u8(nlh, WGALLOWEDIP_A_CIDR_MASK, len);
	mnl_attr_nest_end(nlh, nest);
}

/* Two peers: 10.0.0.0/8 and ::/0; then 128.0.0.0/1. */
static struct nlmsghdr *answer(void)
{
	static const unsigned char ten[4] = {10}, high[4] = {128}, zero[16];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(memset(buf, 0, sizeof(buf)));
	struct nlattr *peers, *peer, *list;

	mnl_nlmsg_put_extra_header(nlh, GENL_HDRLEN);
	mnl_attr_put_strz(nlh, WGDEVICE_A_IFNAME, "wg0");
	peers = mnl_attr_nest_start(nlh, WGDEVICE_A_PEERS);
	peer = mnl_attr_nest_start(nlh, 0);
	mnl_attr_put(nlh, WGPEER_A_PUBLIC_KEY, 16, zero);
	list = mnl_attr_nest_start(nlh, WGPEER_A_ALLOWEDIPS);
	put_allowed(nlh, AF_INET, ten, 4, 8);
	put_allowed(nlh, AF_INET6, zero, 16, 0);
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, peer);
	peer = mnl_attr_nest_start(nlh, 0);
	list = mnl_attr_nest_start(nlh, WGPEER_A_ALLOWEDIPS);
	put_allowed(nlh, AF_INET, high, 4, 1);
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, peers);
	return nlh;
}

/* A copy of exactly its length, so that the sanitizer sees every byte that is read behind it. */
static void read_exact(const struct nlmsghdr *nlh, struct wg_allowed *ret)
{
	struct nlmsghdr *copy = malloc(nlh->nlmsg_len);

	memcpy(copy, nlh, nlh->nlmsg_len);
	memset(ret, 0, sizeof(*ret));
	wg_allowed_message(copy, ret);
	free(copy);
}

static struct wg_allowed allowed;

static void test_whole(void **state)
{
	static const char *const wanted[] = {"10.0.0.0/8", "::/0", "128.0.0.0/1"};
	char text[IP_TEXT];

	(void)state;
	read_exact(answer(), &allowed);
	assert_int_equal(allowed.n, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_string_equal(prefix_print(&allowed.prefixes[i], text), wanted[i]);
}

static void test_cut(void **state)
{
	(void)state;
	for (u32 len = answer()->nlmsg_len; len >= MNL_NLMSG_HDRLEN + GENL_HDRLEN; len--) {
		struct nlmsghdr *nlh = answer();

		nlh->nlmsg_len = len;
		read_exact(nlh, &allowed);
		assert_in_range(allowed.n, 0, 3);
	}
}

static void test_bytes(void **state)
{
	(void)state;
	for (u32 i = MNL_NLMSG_HDRLEN; i < answer()->nlmsg_len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct nlmsghdr *nlh = answer();

			((unsigned char *)nlh)[i] ^= (unsigned char)(1U << bit);
			read_exact(nlh, &allowed);
			for (unsigned p = 0; p < allowed.n; p++)
				assert_in_range(allowed.prefixes[p].len, 0, 128);
		}
}

static void test_wrong(void **state)
{
	static const unsigned char zero[16];
	static const struct {
		u16 family;
		size_t size;
		u8 len;
	} wrong[] = {{AF_INET, 16, 0},	  {AF_INET6, 4, 0}, {AF_INET, 4, 33},
		     {AF_INET6, 16, 129}, {AF_UNIX, 4, 0},  {AF_INET, 0, 0}};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct nlmsghdr *nlh = mnl_nlmsg_put_header(memset(buf, 0, sizeof(buf)));
		struct nlattr *peers, *peer, *list;

		mnl_nlmsg_put_extra_header(nlh, GENL_HDRLEN);
		peers = mnl_attr_nest_start(nlh, WGDEVICE_A_PEERS);
		peer = mnl_attr_nest_start(nlh, 0);
		list = mnl_attr_nest_start(nlh, WGPEER_A_ALLOWEDIPS);
		put_allowed(nlh, wrong[i].family, zero, wrong[i].size, wrong[i].len);
		mnl_attr_nest_end(nlh, list);
		mnl_attr_nest_end(nlh, peer);
		mnl_attr_nest_end(nlh, peers);
		read_exact(nlh, &allowed);
		assert_int_equal(allowed.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_wrong),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
