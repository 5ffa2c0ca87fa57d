/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the readers of nf_tables messages share.
 *
 * Owns: numbers in network byte order, names, and the registers that a rule's expressions hand
 * values on by. Pure.
 */
#ifndef WGF_NFT_ATTR_H
#define WGF_NFT_ATTR_H

#include "nft.h"
#include "rtattr.h"

/* While a rule is read. */
struct nft_rule {
	struct nft *n;
	struct nft_act seen; /* what is known of it up to now; copied for each thing that it does */
	u8 family;
	u8 data[64]; /* registers: 16 of 4 bytes, or 4 of 16 */
	u8 known[64];
	u32 meta_register, meta_key; /* what was loaded last; 0: nothing of interfaces */
	struct err *e;
};

bool nft_u32(const struct nlattr *a, u32 *ret);
bool nft_u64(const struct nlattr *a, u64 *ret);
/* False where it would be cut short. */
bool nft_text(const struct nlattr *a, char *ret, size_t size);
/* The value in a register that the attribute names; false where it is not known. */
bool nft_register(const struct nft_rule *r, const struct nlattr *a, void *ret, size_t size);

void nft_store(struct nft_rule *r, u32 reg, const void *value, size_t size);

/* The rule does this, with what is in r->seen. */
bool nft_add_act(struct nft_rule *r, enum nft_act_kind kind);

/* One expression; false where it is cut short, or e says what failed. */
bool nft_parse_expression(struct nft_rule *r, const struct nlattr *expression);

/* The expressions of iptables, which hand on its own structures: false where they are cut short. */
bool nft_compat_target(struct nft_rule *r, const struct nlattr *data);
bool nft_compat_match(struct nft_rule *r, const struct nlattr *data);

#endif
