/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of nf_tables, as the kernel writes them, for tests.
 *
 * Owns: building one at a time, in one buffer.
 */
#ifndef TEST_NFT_MESSAGES_H
#define TEST_NFT_MESSAGES_H

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "nft.h"

static char nft_buffer[4096] __attribute__((aligned(8)));
static struct nlmsghdr *nft_message;
static struct nlattr *nft_list, *nft_element, *nft_data;

static inline void put_be32(u16 type, u32 value)
{
	mnl_attr_put_u32(nft_message, type, WGF_BE32(value));
}

static inline struct nlmsghdr *begin_message(u8 type, u8 family)
{
	struct nfgenmsg *m;

	memset(nft_buffer, 0, sizeof(nft_buffer));
	nft_message = mnl_nlmsg_put_header(nft_buffer);
	nft_message->nlmsg_type = (u16)((NFNL_SUBSYS_NFTABLES << 8) | type);
	m = mnl_nlmsg_put_extra_header(nft_message, sizeof(*m));
	m->nfgen_family = family;
	return nft_message;
}

/* hook -1: no base chain; device NULL: none. */
static inline struct nlmsghdr *chain_message(u8 family, const char *table, const char *name,
					     int hook, const char *device)
{
	struct nlattr *nest, *devices;

	begin_message(NFT_MSG_NEWCHAIN, family);
	mnl_attr_put_strz(nft_message, NFTA_CHAIN_TABLE, table);
	mnl_attr_put_strz(nft_message, NFTA_CHAIN_NAME, name);
	if (hook < 0)
		return nft_message;
	nest = mnl_attr_nest_start(nft_message, NFTA_CHAIN_HOOK);
	put_be32(NFTA_HOOK_HOOKNUM, (u32)hook);
	put_be32(NFTA_HOOK_PRIORITY, 0);
	if (device) {
		mnl_attr_put_strz(nft_message, NFTA_HOOK_DEV, device);
		devices = mnl_attr_nest_start(nft_message, NFTA_HOOK_DEVS);
		mnl_attr_put_strz(nft_message, NFTA_DEVICE_NAME, device);
		mnl_attr_nest_end(nft_message, devices);
	}
	mnl_attr_nest_end(nft_message, nest);
	return nft_message;
}

static inline void rule_begin(u8 family, const char *table, const char *chain, u64 handle)
{
	begin_message(NFT_MSG_NEWRULE, family);
	mnl_attr_put_strz(nft_message, NFTA_RULE_TABLE, table);
	mnl_attr_put_strz(nft_message, NFTA_RULE_CHAIN, chain);
	mnl_attr_put_u64(nft_message, NFTA_RULE_HANDLE, WGF_BE64(handle));
	nft_list = mnl_attr_nest_start(nft_message, NFTA_RULE_EXPRESSIONS);
}

static inline struct nlmsghdr *rule_end(void)
{
	mnl_attr_nest_end(nft_message, nft_list);
	return nft_message;
}

static inline void expression_begin(const char *name)
{
	nft_element = mnl_attr_nest_start(nft_message, NFTA_LIST_ELEM);
	mnl_attr_put_strz(nft_message, NFTA_EXPR_NAME, name);
	nft_data = mnl_attr_nest_start(nft_message, NFTA_EXPR_DATA);
}

static inline void expression_end(void)
{
	mnl_attr_nest_end(nft_message, nft_data);
	mnl_attr_nest_end(nft_message, nft_element);
}

static inline void put_value(u16 type, const void *value, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start(nft_message, type);

	mnl_attr_put(nft_message, NFTA_DATA_VALUE, size, value);
	mnl_attr_nest_end(nft_message, nest);
}

static inline void meta(u32 key)
{
	expression_begin("meta");
	put_be32(NFTA_META_DREG, NFT_REG_1);
	put_be32(NFTA_META_KEY, key);
	expression_end();
}

static inline void compare(u32 op, const void *value, size_t size)
{
	expression_begin("cmp");
	put_be32(NFTA_CMP_SREG, NFT_REG_1);
	put_be32(NFTA_CMP_OP, op);
	put_value(NFTA_CMP_DATA, value, size);
	expression_end();
}

/* "wg0": as nft has it, with all its zeroes; "wg*": what it begins with. */
static inline void device_is(u32 key, u32 op, const char *name)
{
	char padded[16] = "";
	size_t len = strlen(name);

	memcpy(padded, name, len);
	meta(key);
	compare(op, padded, name[len - 1] == '*' ? len - 1 : sizeof(padded));
}

static inline void immediate(u32 reg, const void *value, size_t size)
{
	expression_begin("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, reg);
	put_value(NFTA_IMMEDIATE_DATA, value, size);
	expression_end();
}

static inline void verdict(int code, const char *chain)
{
	struct nlattr *data, *nest;

	expression_begin("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = mnl_attr_nest_start(nft_message, NFTA_IMMEDIATE_DATA);
	nest = mnl_attr_nest_start(nft_message, NFTA_DATA_VERDICT);
	put_be32(NFTA_VERDICT_CODE, (u32)code);
	if (chain)
		mnl_attr_put_strz(nft_message, NFTA_VERDICT_CHAIN, chain);
	mnl_attr_nest_end(nft_message, nest);
	mnl_attr_nest_end(nft_message, data);
	expression_end();
}

/* An expression whose attributes are numbers: type, value, type, value ..., and a 0. */
static inline void numbers(const char *name, const u32 *pairs)
{
	expression_begin(name);
	for (; *pairs; pairs += 2)
		put_be32((u16)pairs[0], pairs[1]);
	expression_end();
}
#define NUMBERS(name, ...) numbers(name, (const u32[]){__VA_ARGS__, 0})

static inline void compat(const char *expression, const char *name, u32 revision, const void *info,
			  size_t size)
{
	expression_begin(expression);
	mnl_attr_put_strz(nft_message, NFTA_TARGET_NAME, name);
	put_be32(NFTA_TARGET_REV, revision);
	mnl_attr_put(nft_message, NFTA_TARGET_INFO, size, info);
	expression_end();
}

#endif
