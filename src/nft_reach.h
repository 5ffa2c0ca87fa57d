/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a packet of a member come to what a rule does?
 *
 * Owns: the way from where the kernel asks, by jumps, to the rule, as far as interfaces decide it.
 * Pure.
 */
#ifndef WGF_NFT_REACH_H
#define WGF_NFT_REACH_H

#include "nft.h"

enum nft_way {
	NFT_WAY_OUT,	/* what a member sends into the tunnel, in clear */
	NFT_WAY_IN,	/* what comes by the tunnel */
	NFT_WAY_ANY_IN, /* what comes by any interface, before its destination is looked up */
};

/* The chain in which the kernel begins; NULL where no such packet comes to it. */
const struct nft_chain *nft_reaches(const struct nft *n, const struct nft_act *a, enum nft_way way,
				    u32 tunnel, const char *name);

/* Is there a rule that lets the tunnel's pass, whatever `a` beside it would say? */
bool nft_passes(const struct nft *n, const struct nft_act *a, u32 tunnel, const char *name);

#endif
