/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parser: the bytes of a packet in, facts out.
 *
 * Owns: what is read of an IP packet, and which packets cannot be judged. Must never decide, and
 * never read a byte behind wgf_need(), which the caller has made sure of.
 *
 * Anything but plain TCP and UDP directly behind a plain header is a problem, not a guess: options,
 * extension headers and fragments are where the real destination or the ports can hide.
 */
#ifndef WGF_PARSE_H
#define WGF_PARSE_H

#include "facts.h"
#include "reasons.h"

#define WGF_V4_LEN    20
#define WGF_V6_LEN    40
#define WGF_PORTS_LEN 8	 /* a UDP header; as much of a TCP header as UDP has */
#define WGF_FLAGS_LEN 14 /* a TCP header up to its flags */

#define WGF_ETH_IPV4 0x0800
#define WGF_ETH_IPV6 0x86dd

/*
 * Headers are 4-byte aligned in an skb and in our own buffers. For BPF the longs pretend to be
 * aligned as well, or clang would take them apart; the verifier lets that pass where the processor
 * does (CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS: amd64, arm64).
 */
typedef u16 __attribute__((may_alias)) wgf_half;
typedef u32 __attribute__((may_alias)) wgf_word;
#ifdef __bpf__
typedef u64 __attribute__((may_alias)) wgf_long;
#else
typedef u64 __attribute__((may_alias, aligned(4))) wgf_long;
#endif

WGF_INLINE u32 wgf_word_at(const u8 *p, u32 offset)
{
	return *(const wgf_word *)(p + offset);
}

WGF_INLINE u32 wgf_half_at(const u8 *p, u32 offset)
{
	return *(const wgf_half *)(p + offset);
}

WGF_INLINE u64 wgf_long_at(const u8 *p, u32 offset)
{
	return *(const wgf_long *)(p + offset);
}

WGF_INLINE void wgf_v4_mapped(union wgf_ip *ip, u32 be)
{
	ip->q[0] = 0;
	ip->w[2] = WGF_BE32(0xffff);
	ip->w[3] = be;
}

WGF_INLINE void wgf_v6_at(union wgf_ip *ip, const u8 *p)
{
	ip->q[0] = wgf_long_at(p, 0);
	ip->q[1] = wgf_long_at(p, 8);
}

/* connect(2) to the unspecified address reaches this host, as loopback does. */
WGF_INLINE void wgf_this_host(union wgf_ip *ip)
{
	if (wgf_is_v4(ip) && ip->w[3] == 0)
		ip->w[3] = WGF_BE32(0x7f000001);
	else if (ip->q[0] == 0 && ip->q[1] == 0)
		ip->q[1] = WGF_BE64(1);
}

/* SYN without ACK: the one predicate for "opens a connection"; a legal reset may carry no ACK. */
WGF_INLINE u8 wgf_opens(u8 tcp_flags)
{
	return (tcp_flags & 0x12) == 0x02;
}

WGF_INLINE void wgf_parse_ports(struct wgf_facts *f, const u8 *l4, int egress)
{
	u32 ports = WGF_BE32(wgf_word_at(l4, 0));
	u16 source = (u16)(ports >> 16), destination = (u16)ports;

	f->local_port = egress ? source : destination;
	f->remote_port = egress ? destination : source;
	if (f->proto == WGF_TCP)
		f->opens = wgf_opens(l4[13]);
}

/* Why an IPv4 header is not a plain one of 20 bytes in front of TCP or UDP. */
WGF_INLINE u8 wgf_v4_problem(const u8 *h)
{
	u32 words = h[0] & 15;

	if (h[0] >> 4 != 4 || words < 5)
		return WGF_MALFORMED;
	if (words > 5)
		return WGF_IP_OPTIONS;
	return (wgf_word_at(h, 4) & WGF_BE32(0x3fff)) ? WGF_FRAGMENT : WGF_TRANSPORT;
}

/* Fragments: more to come, or not the first. */
WGF_INLINE void wgf_parse_v4(struct wgf_facts *f, const u8 *h, int egress)
{
	u32 source = wgf_word_at(h, 12), destination = wgf_word_at(h, 16);

	f->family = WGF_IPV4;
	f->proto = h[9];
	wgf_v4_mapped(&f->local, egress ? source : destination);
	wgf_v4_mapped(&f->remote, egress ? destination : source);
	if (WGF_LIKELY(h[0] == 0x45 && !(wgf_word_at(h, 4) & WGF_BE32(0x3fff)) &&
		       (f->proto == WGF_TCP || f->proto == WGF_UDP)))
		wgf_parse_ports(f, h + WGF_V4_LEN, egress);
	else
		f->problem = wgf_v4_problem(h);
}

WGF_INLINE int wgf_is_extension(u32 next)
{
	return next == 0 || next == 43 || next == 50 || next == 51 || next == 60 || next == 135 ||
	       next == 139 || next == 140;
}

/* Why an IPv6 header cannot be judged; an IPv4 address in it would pass for the policy's IPv4. */
WGF_INLINE u8 wgf_v6_problem(const struct wgf_facts *f, const u8 *h)
{
	if (h[0] >> 4 != 6 || wgf_is_v4(&f->local) || wgf_is_v4(&f->remote))
		return WGF_MALFORMED;
	if (f->proto == 44)
		return WGF_FRAGMENT;
	return wgf_is_extension(f->proto) ? WGF_EXTENSION_HEADER : WGF_TRANSPORT;
}

WGF_INLINE void wgf_parse_v6(struct wgf_facts *f, const u8 *h, int egress)
{
	f->family = WGF_IPV6;
	f->proto = h[6];
	wgf_v6_at(&f->local, egress ? h + 8 : h + 24);
	wgf_v6_at(&f->remote, egress ? h + 24 : h + 8);
	if (WGF_LIKELY(h[0] >> 4 == 6 && !wgf_is_v4(&f->local) && !wgf_is_v4(&f->remote) &&
		       (f->proto == WGF_TCP || f->proto == WGF_UDP)))
		wgf_parse_ports(f, h + WGF_V6_LEN, egress);
	else
		f->problem = wgf_v6_problem(f, h);
}

WGF_INLINE u32 wgf_transport_need(u32 proto)
{
	if (proto == WGF_TCP)
		return WGF_FLAGS_LEN;
	return proto == WGF_UDP ? WGF_PORTS_LEN : 0;
}

/*
 * How many bytes wgf_parse() reads of this packet, told by its first WGF_V4_LEN; 0 where the
 * protocol that the kernel names is neither IPv4 nor IPv6. The kernel's word decides, not the
 * version in the header, which a raw socket can forge.
 */
WGF_INLINE u32 wgf_need(u32 ethertype, const u8 *h)
{
	if (ethertype == WGF_ETH_IPV4)
		return WGF_V4_LEN + wgf_transport_need(h[9]);
	if (ethertype == WGF_ETH_IPV6)
		return WGF_V6_LEN + wgf_transport_need(h[6]);
	return 0;
}

WGF_INLINE void wgf_parse(struct wgf_facts *f, u32 ethertype, const u8 *h, int egress)
{
	if (ethertype == WGF_ETH_IPV4)
		wgf_parse_v4(f, h, egress);
	else
		wgf_parse_v6(f, h, egress);
}

#endif
