/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connected prefixes: the networks that a link carries.
 *
 * Owns: what counts as one. Pure.
 */
#ifndef WGF_CONNECTED_H
#define WGF_CONNECTED_H

#include "inventory.h"

/* The next one; *at begins at 0. One may come twice. */
bool connected_next(const struct inventory *inv, const struct link *l, unsigned *at,
		    struct prefix *ret);

/* Too short to be a network that anybody is on. */
bool connected_too_wide(const struct prefix *p);

/* fe80::/10: on every link that has such an address, and nowhere beyond it. */
bool is_link_local(const union wgf_ip *ip);

#endif
