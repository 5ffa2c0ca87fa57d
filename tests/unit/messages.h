/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtnetlink messages made by hand, for the tests of the inventory.
 *
 * Owns: one message at a time (the next one overwrites it) and the inventory that it is parsed
 * into.
 */
#ifndef WGF_TEST_MESSAGES_H
#define WGF_TEST_MESSAGES_H

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inventory_parse.h"

typedef int (*parse_fn)(struct inventory *, const struct nlmsghdr *, struct err *);

static char buf[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
static struct inventory inv;
static struct err err;

static inline int clear(void **state)
{
	(void)state;
	inventory_free(&inv);
	return 0;
}

/* A copy of exactly its length, so that the sanitizer sees every byte that is read behind it. */
static inline int parse_exact(parse_fn parse, const struct nlmsghdr *nlh)
{
	void *copy = malloc(nlh->nlmsg_len);
	int r;

	assert_non_null(copy);
	memcpy(copy, nlh, nlh->nlmsg_len);
	r = parse(&inv, copy, &err);
	free(copy);
	return r;
}

static inline struct nlmsghdr *begin(u16 type, const void *head, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(memset(buf, 0, sizeof(buf)));

	nlh->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), head, size);
	return nlh;
}

static inline void put_ip(struct nlmsghdr *nlh, u16 type, const char *text)
{
	union wgf_ip ip;

	assert_true(ip_parse(text, &ip));
	if (wgf_is_v4(&ip))
		mnl_attr_put_u32(nlh, type, ip.w[3]);
	else
		mnl_attr_put(nlh, type, sizeof(ip), &ip);
}

static inline struct nlmsghdr *begin_addr(u8 family, u8 len, u32 ifindex)
{
	const struct ifaddrmsg m = {
		.ifa_family = family, .ifa_prefixlen = len, .ifa_index = ifindex};

	return begin(RTM_NEWADDR, &m, sizeof(m));
}

#endif
