/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chains and rules, read one message at a time.
 *
 * Owns: what the tests of nf_tables share.
 */
#ifndef TEST_NFT_SCENE_H
#define TEST_NFT_SCENE_H

#include "nft_messages.h"
#include "nft_reach.h"

#define TUNNEL 7

static struct nft nft;
static struct err err;

static inline int set_up(void **state)
{
	(void)state;
	nft_free(&nft);
	err.text[0] = '\0';
	return 0;
}

static inline void add_chain(u8 family, const char *name, int hook, const char *device)
{
	assert_int_equal(
		nft_parse_chain(chain_message(family, "t", name, hook, device), &nft, &err), 0);
}

static inline void add_rule(void)
{
	assert_int_equal(nft_parse_rule(rule_end(), &nft, &err), 0);
}

static inline void begin_rule(u8 family, const char *chain)
{
	rule_begin(family, "t", chain, 42);
}

static inline void dup_to(u32 ip)
{
	immediate(NFT_REG_1, &ip, 4);
	NUMBERS("dup", NFTA_DUP_SREG_ADDR, NFT_REG_1);
}

static inline bool reached(enum nft_way way)
{
	return nft_reaches(&nft, &nft.acts[nft.n_acts - 1], way, TUNNEL, "wg0");
}

#endif
