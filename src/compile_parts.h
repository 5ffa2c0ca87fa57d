/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy compiler's parts, which only policy_compile() calls.
 *
 * Owns: what they hand each other.
 */
#ifndef WGF_COMPILE_PARTS_H
#define WGF_COMPILE_PARTS_H

#include "compile.h"

struct compilation {
	const struct config *c;
	const struct inventory *inv;
	const struct link *tunnel; /* NULL where there is none of that name; it may be down */
	struct wgf_policy *p;	   /* lo is filled */
	struct notes *notes;
};

static inline bool is_tunnel(const struct compilation *x, u32 ifindex)
{
	return x->tunnel && x->tunnel->ifindex == ifindex;
}

void compile_networks(const struct compilation *x);
void compile_broadcasts(const struct compilation *x);
void compile_rules(const struct compilation *x); /* after the broadcasts */

#endif
