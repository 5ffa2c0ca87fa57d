/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the word `lan` means.
 *
 * Owns: which interfaces are on a local network and which of their networks are local. Pure.
 */
#ifndef WGF_LAN_H
#define WGF_LAN_H

#include "inventory.h"

bool lan_has_link(const struct inventory *inv, const struct link *l);
bool lan_has_network(const struct prefix *p);

#endif
