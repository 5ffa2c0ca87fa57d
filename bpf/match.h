/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy's entries match.
 *
 * Owns: the comparisons, each a question with yes or no: is this a tunnel, one of its addresses, a
 * named network, a rule's traffic? Must never decide (verdict.h), include the kernel or libc, do
 * I/O, or loop without a constant bound.
 *
 * Comparisons in loops are arithmetic instead of branches: with a branch a comparison the verifier
 * walks every combination of outcomes (a million instructions at 64 rules), without it walks one.
 */
#ifndef WGF_MATCH_H
#define WGF_MATCH_H

#include "facts.h"

/*
 * A loop over the first n of max entries, in one of three lengths: none, 8, all. The verifier then
 * walks three loops of constant length instead of one for each n. Empty entries match nothing.
 */
#define WGF_FEW		    8
#define WGF_EACH(i, max, n) for (u32 i = 0, i##_end = wgf_length(n, max); i < i##_end; i++)

WGF_INLINE u32 wgf_length(u32 n, u32 max)
{
	if (n == 0)
		return 0;
	return n <= WGF_FEW ? WGF_FEW : max;
}

enum wgf_scope { WGF_UNICAST, WGF_LOOPED, WGF_GROUP, WGF_EVERYONE, WGF_NOWHERE };

/* 0 where equal, anything else where not. */
WGF_INLINE u64 wgf_ip_differs(const union wgf_ip *a, const union wgf_ip *b)
{
	return (a->q[0] ^ b->q[0]) | (a->q[1] ^ b->q[1]);
}

WGF_INLINE u64 wgf_ip_outside(const union wgf_ip *ip, const union wgf_ip *addr,
			      const union wgf_ip *mask)
{
	return ((ip->q[0] & mask->q[0]) ^ addr->q[0]) | ((ip->q[1] & mask->q[1]) ^ addr->q[1]);
}

/* One of 64 bits for an address, by all of it. */
WGF_INLINE u64 wgf_guard_bit(u64 address)
{
	u32 folded = (u32)(address ^ address >> 32);

	return 1ull << ((folded * 0x9e3779b1u) >> 26);
}

/* Clang sees through arithmetic that means x == 0, and makes a branch of it. */
#ifdef __bpf__
#define WGF_OPAQUE(x) asm("" : "+r"(x))
#else
#define WGF_OPAQUE(x) ((void)0)
#endif

/* 1 where x is 0, else 0, without a branch. */
WGF_INLINE u32 wgf_is_zero(u64 x)
{
	u64 negative = 0 - x;

	WGF_OPAQUE(negative);
	return (u32)(1 ^ ((x | negative) >> 63));
}

WGF_INLINE u32 wgf_scope_v4(u32 be)
{
	u32 first = WGF_BE32(be) >> 24;

	if (WGF_LIKELY(first - 1 < 126 || first - 128 < 96))
		return WGF_UNICAST;
	if ((be & WGF_BE32(0xff000000)) == WGF_BE32(0x7f000000))
		return WGF_LOOPED;
	if ((be & WGF_BE32(0xf0000000)) == WGF_BE32(0xe0000000))
		return WGF_GROUP;
	if (be == WGF_BE32(0xffffffff))
		return WGF_EVERYONE;
	if ((be & WGF_BE32(0xff000000)) == 0)
		return WGF_NOWHERE;
	return WGF_UNICAST;
}

WGF_INLINE u32 wgf_scope_v6(const union wgf_ip *ip)
{
	if (ip->b[0] == 0xff)
		return WGF_GROUP;
	if (ip->q[0] != 0)
		return WGF_UNICAST;
	if (ip->q[1] == WGF_BE64(1))
		return WGF_LOOPED;
	if (ip->q[1] == 0)
		return WGF_NOWHERE;
	return WGF_UNICAST;
}

WGF_INLINE u32 wgf_scope(const struct wgf_facts *f)
{
	return f->family == WGF_IPV4 ? wgf_scope_v4(f->remote.w[3]) : wgf_scope_v6(&f->remote);
}

/* Interface 0 is no interface: it must not match a tunnel that is not there. */
WGF_INLINE int wgf_is_tunnel(const struct wgf_policy *p, u32 ifindex)
{
	return ifindex != 0 && (p->tunnels[0] == ifindex || p->tunnels[1] == ifindex ||
				p->tunnels[2] == ifindex || p->tunnels[3] == ifindex);
}

WGF_INLINE u64 wgf_source_differs(const struct wgf_source *s, const union wgf_ip *ip, u32 ifindex)
{
	return wgf_ip_differs(ip, &s->addr) | (ifindex ^ s->ifindex);
}

/* `ifindex` is a tunnel's, so never 0, and entries that hold nothing match nothing. */
WGF_INLINE int wgf_is_source(const struct wgf_policy *p, const union wgf_ip *ip, u32 ifindex)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES; i++)
		if (wgf_source_differs(&p->sources[i], ip, ifindex) == 0)
			return 1;
	return 0;
}

/* An address that members may bind, whichever tunnel it belongs to. */
WGF_INLINE int wgf_is_tunnel_address(const struct wgf_policy *p, const union wgf_ip *ip)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES && i < p->n_sources; i++)
		if (wgf_ip_differs(ip, &p->sources[i].addr) == 0)
			return 1;
	return 0;
}

/* A tunnel's alone, of which nothing may come by another interface. */
WGF_INLINE int wgf_is_own_address(const struct wgf_policy *p, const union wgf_ip *ip)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES && i < p->n_sources; i++)
		if (wgf_ip_differs(ip, &p->sources[i].addr) == 0)
			return !p->sources[i].shared;
	return 0;
}

WGF_INLINE u64 wgf_network_differs(const struct wgf_network *n, const union wgf_ip *ip, u32 ifindex)
{
	return wgf_ip_outside(ip, &n->addr, &n->mask) | (ifindex ^ n->ifindex);
}

WGF_INLINE int wgf_is_named_network(const struct wgf_policy *p, const union wgf_ip *ip, u32 ifindex)
{
	u32 hit = 0;

	WGF_EACH(i, WGF_MAX_NETWORKS, p->n_networks)
	hit |= wgf_is_zero(wgf_network_differs(&p->networks[i], ip, ifindex));
	return hit && ifindex != 0;
}

/* Of one of the host's IPv4 networks. */
WGF_INLINE int wgf_is_broadcast_v4(const struct wgf_policy *p, u32 be)
{
	u32 hit = 0;

	WGF_EACH(i, WGF_MAX_BROADCASTS, p->n_broadcasts)
	hit |= wgf_is_zero(be ^ p->broadcasts[i]);
	return hit && be != 0;
}

WGF_INLINE int wgf_is_broadcast(const struct wgf_policy *p, const struct wgf_facts *f)
{
	return wgf_is_broadcast_v4(p, f->remote.w[3]) && f->family == WGF_IPV4;
}

/*
 * Does this rule match? `any_dev` and `any_port` are all ones or 0: a connect call does not know
 * its interface yet, nor always its own port.
 */
WGF_INLINE u32 wgf_rule_matches(const struct wgf_rule *r, const struct wgf_facts *f, u32 kind,
				u32 any_dev, u32 any_port)
{
	u32 port = kind == WGF_CONNECT_RULE ? f->remote_port : f->local_port;

	return wgf_is_zero(wgf_ip_outside(&f->remote, &r->addr, &r->mask) | (r->kind ^ kind) |
			   (r->proto ^ f->proto) | ((r->port ^ port) & ~any_port) |
			   ((r->ifindex ^ f->ifindex) & r->ifmask & ~any_dev));
}

/* Which kinds of rule match: WGF_CONNECTS, WGF_SERVES, both or neither. */
#define WGF_CONNECTS (1u << WGF_CONNECT_RULE)
#define WGF_SERVES   (1u << WGF_SERVE_RULE)

WGF_INLINE u32 wgf_rules(const struct wgf_policy *p, const struct wgf_facts *f, u32 any_dev,
			 u32 any_port)
{
	u32 kinds = 0;

	WGF_EACH(i, WGF_MAX_RULES, p->n_rules)
	{
		const struct wgf_rule *r = &p->rules[i];

		kinds |= wgf_rule_matches(r, f, WGF_CONNECT_RULE, any_dev, 0) << WGF_CONNECT_RULE;
		kinds |= wgf_rule_matches(r, f, WGF_SERVE_RULE, any_dev, any_port)
			 << WGF_SERVE_RULE;
	}
	return kinds;
}

/* A port that a serve rule names, for bind: who will ask is not known there. */
WGF_INLINE int wgf_is_served_port(const struct wgf_policy *p, u32 proto, u32 port)
{
	u32 hit = 0;

	WGF_EACH(i, WGF_MAX_RULES, p->n_rules)
	{
		const struct wgf_rule *r = &p->rules[i];

		hit |= wgf_is_zero((r->kind ^ WGF_SERVE_RULE) | (r->proto ^ proto) |
				   (r->port ^ port));
	}
	return hit != 0;
}

WGF_INLINE int wgf_is_webui(const struct wgf_policy *p, const struct wgf_facts *f)
{
	return f->proto == WGF_TCP && p->webui && f->local_port == p->webui_port;
}

#endif
