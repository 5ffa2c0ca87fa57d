/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One packet into the tunnel: where to, by which route, and sending it.
 *
 * Owns: the choice of an address that can take no harm. WireGuard shakes hands only when there is
 * something to send.
 */
#ifndef WGF_PROBE_H
#define WGF_PROBE_H

#include "inventory.h"

/*
 * The neighbour of the tunnel's own address, where `allowed` (what the peers stand for; none:
 * anything) covers it, else the first address of a network that they stand for. Pure. False where
 * there is none.
 */
bool probe_address(const struct addr *own, const struct prefix *allowed, unsigned n_allowed,
		   union wgf_ip *ret);

/* 1: a route to `to` leads by that interface, for what has this mark, as members have. 0: none. */
int probe_route(const union wgf_ip *to, u32 ifindex, u32 mark, struct err *e);

/* An empty datagram to the discard port, from the tunnel's address, bound to the interface. */
int probe_send(const struct link *tunnel, const struct addr *own, const union wgf_ip *to,
	       struct err *e);

#endif
