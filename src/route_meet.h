/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packet of a member would meet somebody else's rule?
 *
 * Owns: making of a rule's conditions the question that is put to the kernel. Pure.
 */
#ifndef WGF_ROUTE_MEET_H
#define WGF_ROUTE_MEET_H

#include "route_ask.h"
#include "route_other.h"

/* Somewhere in the internet; nothing is ever sent there. */
extern const union wgf_ip far_away[2][2]; /* by family: [0] IPv6, [1] IPv4 */

/*
 * `by` is a packet as it would be without the rule, with the tunnel's address as `from` also where
 * has_from is not set. False: none meets it, or only one that the fence does not let pass anyway.
 */
bool route_meet(const struct other_rule *o, const struct route_question *by,
		struct route_question *ret);

/* Is this what the rule would have done? */
bool route_did(const struct other_rule *o, const struct route_answer *a);

#endif
