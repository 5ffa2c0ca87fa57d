// SPDX-License-Identifier: GPL-2.0-only
#include "nft_reach.h"

#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 16 /* NFT_JUMP_STACK_SIZE */

struct search {
	const struct nft *n;
	enum nft_way way;
	u32 tunnel;
	const char *name;
	bool *seen; /* chains */
};

static bool is_on(const struct nft_chain *c, const char *ifname)
{
	for (unsigned i = 0; i < c->n_devices; i++)
		if (strcmp(c->devices[i], ifname) == 0)
			return true;
	return c->more_devices;
}

static bool is_ip(const struct nft_chain *c)
{
	return c->family == NFPROTO_IPV4 || c->family == NFPROTO_IPV6 || c->family == NFPROTO_INET;
}

/* Where the kernel asks it, does a packet that goes this way pass? */
static bool is_asked(const struct search *s, const struct nft_chain *c)
{
	switch (s->way) {
	case NFT_WAY_OUT:
		return (is_ip(c) &&
			(c->hook == NF_INET_LOCAL_OUT || c->hook == NF_INET_POST_ROUTING)) ||
		       (c->family == NFPROTO_NETDEV && c->hook == NF_NETDEV_EGRESS &&
			is_on(c, s->name));
	case NFT_WAY_IN:
		return (is_ip(c) &&
			(c->hook == NF_INET_PRE_ROUTING || c->hook == NF_INET_LOCAL_IN)) ||
		       (c->hook ==
				(c->family == NFPROTO_INET ? NF_INET_INGRESS : NF_NETDEV_INGRESS) &&
			(c->family == NFPROTO_INET || c->family == NFPROTO_NETDEV) &&
			is_on(c, s->name));
	case NFT_WAY_ANY_IN:
		return is_ip(c) && c->hook == NF_INET_PRE_ROUTING;
	}
	return false;
}

static bool allows(const struct search *s, const struct nft_act *a)
{
	if (s->way == NFT_WAY_OUT)
		return nft_allows(&a->out, s->tunnel, s->name);
	return s->way == NFT_WAY_ANY_IN || nft_allows(&a->in, s->tunnel, s->name);
}

static bool leads_to(const struct nft *n, const struct nft_act *a, const struct nft_chain *to)
{
	const struct nft_chain *from = &n->chains[a->chain];

	return a->kind == NFT_JUMPS && from->family == to->family &&
	       strcmp(from->table, to->table) == 0 &&
	       (!*a->target || strcmp(a->target, to->name) == 0);
}

static const struct nft_chain *reach(struct search *s, unsigned chain, unsigned depth)
{
	const struct nft_chain *c = &s->n->chains[chain], *base = NULL;

	if (s->seen[chain] || depth > DEEPEST)
		return NULL;
	s->seen[chain] = true;
	if (c->base)
		return is_asked(s, c) ? c : NULL;
	for (unsigned i = 0; !base && i < s->n->n_acts; i++) {
		const struct nft_act *a = &s->n->acts[i];

		if (leads_to(s->n, a, c) && allows(s, a))
			base = reach(s, a->chain, depth + 1);
	}
	return base;
}

/* Without memory for the search it is taken to. */
const struct nft_chain *nft_reaches(const struct nft *n, const struct nft_act *a, enum nft_way way,
				    u32 tunnel, const char *name)
{
	struct search s = {n, way, tunnel, name, calloc(n->n_chains, sizeof(*s.seen))};
	const struct nft_chain *base;

	if (!s.seen)
		return &n->chains[a->chain];
	base = allows(&s, a) ? reach(&s, a->chain, 0) : NULL;
	free(s.seen);
	return base;
}

/*
 * Before the rule that looks back or behind it, where it only accepts what has a way back (NixOS):
 * who writes such a one means the tunnel.
 */
bool nft_passes(const struct nft *n, const struct nft_act *a, u32 tunnel, const char *name)
{
	const struct nft_chain *base = nft_reaches(n, a, NFT_WAY_IN, tunnel, name);

	for (unsigned i = 0; i < n->n_acts; i++)
		if (n->acts[i].kind == NFT_PASSES &&
		    nft_reaches(n, &n->acts[i], NFT_WAY_IN, tunnel, name) == base)
			return true;
	return false;
}
