// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast way says yes only where the whole verdict says that the packet goes through the tunnel.
 * It is given the bytes that the programs make sure of, and reads none behind them.
 *
 * prove: -DV6=0 -DEGRESS=1
 * prove: -DV6=0 -DEGRESS=0
 * prove: -DV6=1 -DEGRESS=1
 * prove: -DV6=1 -DEGRESS=0
 */
#include "fast.h"
#include "prove.h"

#define LEN (V6 ? WGF_V6_LEN + WGF_FLAGS_LEN : WGF_V4_LEN + WGF_FLAGS_LEN)

int main(void)
{
	struct wgf_policy policy = nondet_policy();
	struct wgf_facts f = {.ifindex = nondet_u32()};
	u8 h[LEN];
	int yes;

	for (u32 i = 0; i < LEN; i++)
		h[i] = nondet_u8();
	assume(policy.layout != WGF_LAYOUT || policy_is_sound(&policy));
	assume(is_interface(f.ifindex));
	yes = V6 ? wgf_fast_v6(&policy, f.ifindex, h, EGRESS)
		 : wgf_fast_v4(&policy, f.ifindex, h, EGRESS);
	wgf_parse(&f, V6 ? WGF_ETH_IPV6 : WGF_ETH_IPV4, h, EGRESS);
	claim(!yes || wgf_verdict(&policy, &f, EGRESS ? WGF_EGRESS : WGF_INGRESS) == WGF_TUNNEL,
	      "the whole verdict agrees");
	return 0;
}
