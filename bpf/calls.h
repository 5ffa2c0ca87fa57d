/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a socket option does, as far as the fence cares.
 *
 * Owns: the numbers of the options that join a multicast or anycast group (linux/in.h,
 * linux/in6.h), and of those by which a packet socket sends past tc (linux/if_packet.h,
 * linux/if_xdp.h). A join makes the kernel itself send IGMP or MLD reports, which meet no cgroup
 * hook; which interface it means cannot be known at setsockopt. Must never decide.
 */
#ifndef WGF_CALLS_H
#define WGF_CALLS_H

#include "types.h"

#define WGF_SOL_IP     0
#define WGF_SOL_IPV6   41
#define WGF_SOL_PACKET 263
#define WGF_SOL_XDP    283

WGF_INLINE u8 wgf_joins(u32 level, u32 option)
{
	if (level != WGF_SOL_IP && level != WGF_SOL_IPV6)
		return 0;
	switch (option) {
	case 42: /* MCAST_JOIN_GROUP */
	case 46: /* MCAST_JOIN_SOURCE_GROUP */
	case 48: /* MCAST_MSFILTER */
		return 1;
	case 35: /* IP_ADD_MEMBERSHIP */
	case 39: /* IP_ADD_SOURCE_MEMBERSHIP */
	case 41: /* IP_MSFILTER */
		return level == WGF_SOL_IP;
	case 20: /* IPV6_ADD_MEMBERSHIP */
	case 27: /* IPV6_JOIN_ANYCAST */
		return level == WGF_SOL_IPV6;
	default:
		return 0;
	}
}

/*
 * What it sends would meet no hook, not even the guard's. An AF_XDP socket cannot send before it
 * has rings, and has them by options alone.
 */
WGF_INLINE u8 wgf_passes_guard(u32 level, u32 option)
{
	return level == WGF_SOL_XDP ||
	       (level == WGF_SOL_PACKET && option == 20 /* PACKET_QDISC_BYPASS */);
}

#endif
