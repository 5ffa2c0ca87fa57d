// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard's fast way lets pass no packet that has a tunnel's address as source, behind Ethernet
 * and without a link header: any address of which the line in a sound policy is sound, which is
 * each of its sources (fast_line.c). Members' own frames it is not asked about. (Behind another
 * link header it is not proved: nothing is known of what is there.)
 *
 * prove: -DV6=0 -DLINK=WGF_ETH_LEN
 * prove: -DV6=0 -DLINK=0
 * prove: -DV6=1 -DLINK=WGF_ETH_LEN
 * prove: -DV6=1 -DLINK=0
 */
#include "bit.h"

/* As long as the program makes sure that the frame is. */
#define FRAME (V6 ? WGF_ETH_V6_SOURCE + 16 : WGF_ETH_V4_SOURCE + 4)

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	struct wgf_facts f = {.ifindex = nondet_u32()};
	struct wgf_bytes all = nondet_bytes();
	union wgf_ip own = nondet_ip();
	u8 frame[FRAME];
	bool passes;

	assume(guard_asks(&policy.fast, &own));
	if (LINK) {
		all.byte[LINK - 2] = V6 ? 0x86 : 0x08;
		all.byte[LINK - 1] = V6 ? 0xdd : 0x00;
	}
	for (u32 i = 0; i < FRAME; i++)
		frame[i] = all.byte[i];
	if (V6) {
		passes = wgf_fast_guard_v6(&policy, frame);
		wgf_parse_v6(&f, all.byte + LINK, 1);
	} else {
		passes = wgf_fast_guard_v4(&policy, frame);
		wgf_parse_v4(&f, all.byte + LINK, 1);
	}
	claim(!passes || wgf_ip_differs(&own, &f.local), "nothing passes in the tunnel's name");
	return 0;
}
