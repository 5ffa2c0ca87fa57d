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

/* Headers are 4-byte aligned in an skb and in our own buffers; may_alias for the latter. */
typedef u32 __attribute__((may_alias)) wgf_word;

WGF_INLINE u32 wgf_word_at(const u8 *p, u32 offset)
{
	return *(const wgf_word *)(p + offset);
}

WGF_INLINE void wgf_v4_mapped(union wgf_ip *ip, u32 be)
{
	ip->q[0] = 0;
	ip->w[2] = WGF_BE32(0xffff);
	ip->w[3] = be;
}

WGF_INLINE void wgf_v6_at(union wgf_ip *ip, const u8 *p)
{
	ip->w[0] = wgf_word_at(p, 0);
	ip->w[1] = wgf_word_at(p, 4);
	ip->w[2] = wgf_word_at(p, 8);
	ip->w[3] = wgf_word_at(p, 12);
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

WGF_INLINE void wgf_parse_v4(struct wgf_facts *f, const u8 *h, int egress)
{
	u32 first = WGF_BE32(wgf_word_at(h, 0)), source, destination;

	f->family = WGF_IPV4;
	f->proto = h[9];
	source = wgf_word_at(h, 12);
	destination = wgf_word_at(h, 16);
	wgf_v4_mapped(&f->local, egress ? source : destination);
	wgf_v4_mapped(&f->remote, egress ? destination : source);
	if (first >> 28 != 4 || ((first >> 24) & 15) < 5)
		f->problem = WGF_MALFORMED;
	else if (((first >> 24) & 15) > 5)
		f->problem = WGF_IP_OPTIONS;
	else if (wgf_word_at(h, 4) & WGF_BE32(0x3fff)) /* more to come, or not the first */
		f->problem = WGF_FRAGMENT;
	else if (f->proto != WGF_TCP && f->proto != WGF_UDP)
		f->problem = WGF_TRANSPORT;
	else
		wgf_parse_ports(f, h + WGF_V4_LEN, egress);
}

WGF_INLINE int wgf_is_extension(u32 next)
{
	return next == 0 || next == 43 || next == 50 || next == 51 || next == 60 || next == 135 ||
	       next == 139 || next == 140;
}

WGF_INLINE void wgf_parse_v6(struct wgf_facts *f, const u8 *h, int egress)
{
	f->family = WGF_IPV6;
	f->proto = h[6];
	wgf_v6_at(&f->local, egress ? h + 8 : h + 24);
	wgf_v6_at(&f->remote, egress ? h + 24 : h + 8);
	/* An IPv4 address inside an IPv6 packet would pass for the IPv4 address in the policy. */
	if (h[0] >> 4 != 6 || wgf_is_v4(&f->local) || wgf_is_v4(&f->remote))
		f->problem = WGF_MALFORMED;
	else if (f->proto == 44)
		f->problem = WGF_FRAGMENT;
	else if (wgf_is_extension(f->proto))
		f->problem = WGF_EXTENSION_HEADER;
	else if (f->proto != WGF_TCP && f->proto != WGF_UDP)
		f->problem = WGF_TRANSPORT;
	else
		wgf_parse_ports(f, h + WGF_V6_LEN, egress);
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
