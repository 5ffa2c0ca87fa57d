// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>

#include "nft.h"

#define READ_TRIES 5

static int take_chain(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return nft_parse_chain(nlh, context, e);
}

static int take_rule(void *context, const struct nlmsghdr *nlh, struct err *e)
{
	return nft_parse_rule(nlh, context, e);
}

static int dump(struct rtnl *nl, u16 type, rtnl_take take, struct nft *n, struct err *e)
{
	const struct nfgenmsg all = {.nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0};

	return rtnl_dump(nl, (NFNL_SUBSYS_NFTABLES << 8) | type, &all, sizeof(all), take, n, e);
}

/* A kernel without nf_tables has no such messages (EINVAL), and no rules. */
int nft_read(struct rtnl *nl, struct nft *ret, struct err *e)
{
	for (int i = 1;; i++) {
		*ret = (struct nft){.n_chains = 0};
		nl->interrupted = false;
		if (dump(nl, NFT_MSG_GETCHAIN, take_chain, ret, e) ||
		    dump(nl, NFT_MSG_GETRULE, take_rule, ret, e)) {
			nft_free(ret);
			return nl->error == EINVAL || nl->error == EOPNOTSUPP ? 0 : -1;
		}
		if (!nl->interrupted)
			return 0;
		nft_free(ret);
		if (i == READ_TRIES)
			return err_set(e, EXIT_FAILED,
				       "the rules change faster than they are read");
	}
}

void nft_free(struct nft *n)
{
	free(n->chains);
	free(n->acts);
	*n = (struct nft){.n_chains = 0};
}
