/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inventory: the interfaces, addresses and networks that exist now.
 *
 * Owns: the picture of the machine that a policy is compiled against, read by rtnetlink. Must never
 * decide what a thing means for a policy.
 */
#ifndef WGF_INVENTORY_H
#define WGF_INVENTORY_H

#include <stdbool.h>

#include "err.h"
#include "ip.h"

struct link {
	u32 ifindex;
	u32 flags;  /* IFF_* */
	u16 type;   /* ARPHRD_* */
	u32 master; /* ifindex of the bridge or bond above, or 0 */
	char name[WGF_IFNAME];
	char kind[16]; /* rtnl kind: "wireguard", "tun", "veth", "bridge" ...; empty: hardware */
};

struct addr {
	u32 ifindex;
	union wgf_ip local;
	struct prefix network; /* the connected prefix; of a point-to-point address the peer's */
	bool has_broadcast;
	u32 broadcast; /* IPv4, network byte order */
};

/* An IPv6 prefix that a route without a gateway puts on a link (RA, DHCPv6 with /128 addresses). */
struct onlink {
	u32 ifindex;
	struct prefix network;
};

struct inventory {
	struct link *links;
	struct addr *addrs;
	struct onlink *onlinks;
	unsigned n_links, n_addrs, n_onlinks;
};

/* One consistent dump (repeated where the kernel says that it was interrupted by a change). */
int inventory_read(struct inventory *ret, struct err *e);
void inventory_free(struct inventory *inv);

const struct link *inventory_link_by_name(const struct inventory *inv, const char *name);
const struct link *inventory_link(const struct inventory *inv, u32 ifindex);
/* Up, and with at least one address. */
bool inventory_tunnel_up(const struct inventory *inv, const char *name);

#endif
