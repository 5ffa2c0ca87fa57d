// SPDX-License-Identifier: GPL-2.0-only
#include "noise.h"

/*
 * Discovery of neighbours and routers goes no further than the LAN, and libraries do it unasked; a
 * client that binds to each address of the host in turn is refused those outside the tunnel; and
 * what comes in unasked is others' doing.
 */
static const bool noise[WGF_N_REASONS] = {
	[WGF_PORT_MAPPING] = true,	 [WGF_LOCAL_DISCOVERY] = true, [WGF_MULTICAST] = true,
	[WGF_BROADCAST] = true,		 [WGF_MULTICAST_JOIN] = true,  [WGF_BIND_REFUSED] = true,
	[WGF_UNEXPECTED_INBOUND] = true,
};

bool reason_is_noise(enum wgf_reason reason)
{
	return noise[reason];
}
