/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tunnel's readiness: could a member use it now?
 *
 * Owns: what is asked for, in this order: the interface is up, has an address that the policy in
 * force admits, a route leads by it, and where it is WireGuard, hands were shaken less than three
 * minutes ago (what is older the peer no longer takes). Provokes that by a packet.
 */
#ifndef WGF_TUNNEL_H
#define WGF_TUNNEL_H

#include "inventory.h"

struct tunnel_look {
	bool ready;
	char lacks[512]; /* where not: the first thing that is missing */
	char what[128];	 /* where ready: what was found */
	u64 asked_msec;	 /* kept from look to look: when the last packet was sent */
};

/* One look, by the policy in force. */
int tunnel_look(const struct wgf_policy *policy, u64 now_msec, struct tunnel_look *ret,
		struct err *e);

#endif
