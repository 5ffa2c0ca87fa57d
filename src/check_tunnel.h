/* SPDX-License-Identifier: GPL-2.0-only */
/* Owns: what of check_tunnel.c is pure, for its test. */
#ifndef WGF_CHECK_TUNNEL_H
#define WGF_CHECK_TUNNEL_H

#include "ip.h"

/* Do AllowedIPs hold all that is the internet, whatever else they leave out? n: WG_MAX_ALLOWED. */
bool tunnel_covers(const struct prefix *allowed, unsigned n, bool ipv4);

#endif
