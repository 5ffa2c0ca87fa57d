/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fast ways: is this an ordinary packet through the tunnel? Is it none of the guard's business?
 *
 * Owns: saying yes to what a service behind a VPN sends and receives all day, from the packet's
 * bytes and one cache line of the policy. A yes means that the verdict is WGF_TUNNEL; a no means
 * nothing, the whole verdict is asked. Must never include the kernel or libc, nor say yes where
 * wgf_verdict() would not (tests/unit/test_invariants.c).
 *
 * Written to fall through: what costs here is fetching code, not running it.
 */
#ifndef WGF_FAST_H
#define WGF_FAST_H

#include "match.h"
#include "parse.h"

/* UDP, or TCP that is not the WebUI's. */
WGF_INLINE int wgf_fast_ports(const struct wgf_fast *fast, u32 proto, const u8 *l4, int egress)
{
	if (proto == WGF_UDP)
		return 1;
	return proto == WGF_TCP && wgf_half_at(l4, egress ? 0 : 2) != fast->webui;
}

/* `h`: an IPv4 header and what follows, WGF_V4_LEN + WGF_FLAGS_LEN bytes. */
WGF_INLINE int wgf_fast_v4(const struct wgf_policy *p, u32 ifindex, const u8 *h, int egress)
{
	const struct wgf_fast *fast = &p->fast;
	u32 first = h[16], odd = (p->layout ^ WGF_LAYOUT) | (ifindex ^ fast->tunnel4) |
				 (h[0] ^ 0x45u) | (wgf_word_at(h, 4) & WGF_BE32(0x3fff));

	if (egress)
		odd |= wgf_word_at(h, 12) ^ fast->source4;
	if (!WGF_LIKELY(odd == 0))
		return 0;
	/* Unicast: 1 to 126, 128 to 223. */
	if (egress && (!WGF_LIKELY(first - 1 < 223) || !WGF_LIKELY(first != 127)))
		return 0;
	return wgf_fast_ports(fast, h[9], h + WGF_V4_LEN, egress);
}

/*
 * `h`: an IPv6 header and what follows, WGF_V6_LEN + WGF_FLAGS_LEN bytes. Addresses that begin with
 * eight zero bytes are loopback, unspecified, IPv4 inside IPv6 or nobody's.
 */
WGF_INLINE int wgf_fast_v6(const struct wgf_policy *p, u32 ifindex, const u8 *h, int egress)
{
	const struct wgf_fast *fast = &p->fast;
	u64 odd = (p->layout ^ WGF_LAYOUT) | (ifindex ^ fast->tunnel6) | ((h[0] & 0xf0u) ^ 0x60u);
	u64 from = wgf_long_at(h, 8), to = wgf_long_at(h, 24);

	if (egress)
		odd |= (from ^ fast->source6.q[0]) | (wgf_long_at(h, 16) ^ fast->source6.q[1]);
	if (!WGF_LIKELY(odd == 0) || !WGF_LIKELY(from != 0) || !WGF_LIKELY(to != 0))
		return 0;
	if (egress && !WGF_LIKELY(h[24] != 0xff)) /* multicast */
		return 0;
	return wgf_fast_ports(fast, h[6], h + WGF_V6_LEN, egress);
}

#define WGF_ETH_LEN	  14
#define WGF_ETH_V4_SOURCE (WGF_ETH_LEN + 12)
#define WGF_ETH_V6_SOURCE (WGF_ETH_LEN + 8)

/*
 * The guard, which sees everybody's packets. `frame`: up to the source's end, if there is Ethernet
 * before it. Then the ethertype stands where it stands there. Without a link header a part of the
 * source stands in its place; where a tunnel's address has such a part, policy_set_fast() sets
 * every bit.
 */
WGF_INLINE int wgf_fast_guard_v4(const struct wgf_policy *p, const u8 *frame)
{
	u32 from = wgf_word_at(frame, WGF_ETH_V4_SOURCE);

	return wgf_half_at(frame, 12) == WGF_BE16(WGF_ETH_IPV4) && from != p->fast.source4 &&
	       !(p->fast.others & wgf_guard_bit(from));
}

/* IPv4 inside IPv6 is IPv4 to the guard; it begins with eight zero bytes. */
WGF_INLINE int wgf_fast_guard_v6(const struct wgf_policy *p, const u8 *frame)
{
	u64 high = wgf_long_at(frame, WGF_ETH_V6_SOURCE);
	u64 low = wgf_long_at(frame, WGF_ETH_V6_SOURCE + 8);

	return wgf_half_at(frame, 12) == WGF_BE16(WGF_ETH_IPV6) && high != 0 &&
	       ((high ^ p->fast.source6.q[0]) | (low ^ p->fast.source6.q[1])) != 0 &&
	       !(p->fast.others & wgf_guard_bit(high ^ low));
}

#endif
