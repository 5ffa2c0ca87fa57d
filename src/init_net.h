/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machine's interfaces mean for a new fence.
 *
 * Owns: which of them is the tunnel, which networks the WebUI is offered to, whether AllowedIPs
 * cover the internet, and what wg-quick was told of DNS. Pure.
 */
#ifndef WGF_INIT_NET_H
#define WGF_INIT_NET_H

#include "inventory.h"
#include "list.h"

/* The names of all links that are WireGuard's: the kernel's, or a tun of those in `sockets`. */
int net_tunnels(const struct inventory *inv, const struct list *sockets, struct list *ret,
		struct err *e);

/* localhost, lan, tailscale0 and container bridges, as they are there; never the tunnel. */
int net_networks(const struct inventory *inv, const char *tunnel, struct list *ret, struct err *e);

/* Do the prefixes together hold every address of the family? */
bool net_covers_all(const struct prefix *prefixes, unsigned n, bool ipv4);

/* The addresses of wg-quick's DNS= lines that a fence can have as resolver, at most four. */
int net_wg_quick_dns(const char *text, struct list *ret, struct err *e);

#endif
