// SPDX-License-Identifier: GPL-2.0-only
/*
 * From nf_tables messages to chains and what rules do.
 *
 * Owns: reading what the kernel wrote, and believing none of its lengths. Pure.
 */
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "grow.h"
#include "nft_attr.h"
#include "rtattr.h"

#define MESSAGE(type) ((NFNL_SUBSYS_NFTABLES << 8) | (type))

static bool add_device(struct nft_chain *c, const struct nlattr *name)
{
	if (c->n_devices == NFT_DEVICES) {
		c->more_devices = true;
		return true;
	}
	return nft_text(name, c->devices[c->n_devices++], WGF_IFNAME);
}

static bool read_devices(const struct nlattr *devices, struct nft_chain *c)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, devices) if (!add_device(c, a)) return false;
	return true;
}

static bool read_hook(const struct nlattr *hook, struct nft_chain *c)
{
	const struct nlattr *a[NFTA_HOOK_MAX + 1] = {NULL};

	c->base = true;
	if (!rtattr_nested(hook, a, NFTA_HOOK_MAX + 1) || !a[NFTA_HOOK_HOOKNUM] ||
	    !nft_u32(a[NFTA_HOOK_HOOKNUM], &c->hook))
		return false;
	/* Of a single device the kernel tells both ways. */
	if (a[NFTA_HOOK_DEVS])
		return read_devices(a[NFTA_HOOK_DEVS], c);
	return !a[NFTA_HOOK_DEV] || add_device(c, a[NFTA_HOOK_DEV]);
}

int nft_parse_chain(const struct nlmsghdr *nlh, struct nft *n, struct err *e)
{
	const struct nlattr *a[NFTA_CHAIN_MAX + 1] = {NULL};
	const struct nfgenmsg *m =
		rtattr_message(nlh, MESSAGE(NFT_MSG_NEWCHAIN), sizeof(*m), a, NFTA_CHAIN_MAX + 1);
	struct nft_chain *c;

	if (!m || !a[NFTA_CHAIN_TABLE] || !a[NFTA_CHAIN_NAME])
		return rtattr_garbled(e, "a chain");
	c = grown(n->chains, n->n_chains, sizeof(*c), e);
	if (!c)
		return -1;
	n->chains = c;
	c += n->n_chains;
	memset(c, 0, sizeof(*c));
	c->family = m->nfgen_family;
	if (!nft_text(a[NFTA_CHAIN_TABLE], c->table, NFT_NAME) ||
	    !nft_text(a[NFTA_CHAIN_NAME], c->name, NFT_NAME) ||
	    (a[NFTA_CHAIN_HOOK] && !read_hook(a[NFTA_CHAIN_HOOK], c)))
		return rtattr_garbled(e, "a chain");
	n->n_chains++;
	return 0;
}

/* Rules come chain by chain, so it is mostly the last one's. */
static bool find_chain(const struct nft *n, u8 family, const struct nlattr *table,
		       const struct nlattr *chain, unsigned *ret)
{
	unsigned last = n->n_acts ? n->acts[n->n_acts - 1].chain : 0;

	for (unsigned i = 0; i < n->n_chains; i++) {
		const struct nft_chain *c = &n->chains[(last + i) % n->n_chains];

		if (c->family == family && rtattr_is(table, c->table) &&
		    rtattr_is(chain, c->name)) {
			*ret = (last + i) % n->n_chains;
			return true;
		}
	}
	return false;
}

int nft_parse_rule(const struct nlmsghdr *nlh, struct nft *n, struct err *e)
{
	const struct nlattr *a[NFTA_RULE_MAX + 1] = {NULL}, *expression;
	const struct nfgenmsg *m =
		rtattr_message(nlh, MESSAGE(NFT_MSG_NEWRULE), sizeof(*m), a, NFTA_RULE_MAX + 1);
	struct nft_rule r = {.n = n, .e = e};

	if (!m || !a[NFTA_RULE_TABLE] || !a[NFTA_RULE_CHAIN] || !a[NFTA_RULE_HANDLE] ||
	    !nft_u64(a[NFTA_RULE_HANDLE], &r.seen.handle))
		return rtattr_garbled(e, "a rule of nf_tables");
	r.family = m->nfgen_family;
	if (!a[NFTA_RULE_EXPRESSIONS] ||
	    !find_chain(n, r.family, a[NFTA_RULE_TABLE], a[NFTA_RULE_CHAIN], &r.seen.chain))
		return 0;
	e->text[0] = '\0';
	mnl_attr_for_each_nested(expression, a[NFTA_RULE_EXPRESSIONS])
	{
		if (!nft_parse_expression(&r, expression))
			return e->text[0] ? -1 : rtattr_garbled(e, "a rule of nf_tables");
	}
	return 0;
}
