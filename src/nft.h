/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nf_tables: the chains of this network namespace, and those rules that take a packet where no
 * program of the fence sees it.
 *
 * Owns: reading them by netlink, whoever made them (nft, iptables in its newer form, a container
 * engine), without any tool. What a rule asks besides interfaces is not read: it may match.
 */
#ifndef WGF_NFT_H
#define WGF_NFT_H

#include "ip.h"
#include "rtnl.h"

#define NFT_NAME    256
#define NFT_DEVICES 8

struct nft_chain {
	u8 family; /* NFPROTO_* */
	bool base; /* the kernel itself asks it, at `hook`; else it is jumped to */
	u32 hook;
	unsigned n_devices; /* of a netdev chain */
	bool more_devices;  /* than fit */
	char table[NFT_NAME], name[NFT_NAME];
	char devices[NFT_DEVICES][WGF_IFNAME];
};

/* What a rule asks of an interface: its number, or the beginning of its name. */
struct nft_device {
	bool asked, inverted, by_name;
	u8 len; /* of the name that is compared; its final zero is compared, too, where it is exact
		 */
	u32 ifindex;
	char name[WGF_IFNAME];
};

enum nft_act_kind {
	NFT_COPIES,	/* a copy is sent to `to`, or by `device` */
	NFT_FORWARDS,	/* the packet is sent by `device` instead */
	NFT_TRANSLATES, /* the packet's port becomes `port`, its destination `to`; none: this host
			 */
	NFT_LOOKS_BACK, /* asks whether a route leads back where the packet came from */
	NFT_JUMPS,	/* to `target`; empty: a map says where */
	NFT_PASSES, /* asks nothing but its interface: accepts, or goes back to where it came from
		     */
};

struct nft_act {
	enum nft_act_kind kind;
	unsigned chain; /* which of them */
	u64 handle;	/* of the rule */
	struct nft_device in, out;
	bool narrow; /* it asks for more than interfaces: it may match */
	bool has_to;
	union wgf_ip to;
	u16 port;
	u32 device;
	char device_name[WGF_IFNAME];
	char target[NFT_NAME];
};

struct nft {
	struct nft_chain *chains;
	struct nft_act *acts;
	unsigned n_chains, n_acts;
};

int nft_read(struct rtnl *nl, struct nft *ret, struct err *e);
void nft_free(struct nft *n);

/* Pure: adds what one message says. A rule of a chain that is not there is left out. */
int nft_parse_chain(const struct nlmsghdr *nlh, struct nft *n, struct err *e);
int nft_parse_rule(const struct nlmsghdr *nlh, struct nft *n, struct err *e);

/* Could a packet that leaves by (or came in by) this interface meet what is asked? */
bool nft_allows(const struct nft_device *d, u32 ifindex, const char *name);

#endif
