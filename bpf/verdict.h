/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict: policy and facts in, a reason out.
 *
 * Owns: every decision of the fence, for all hooks, so that they cannot drift apart. Must never
 * include the kernel or libc, do I/O, or loop without a constant bound: it is compiled for BPF, for
 * the unit tests, for the fuzzer and for `wgfence explain`, and simple enough for a model checker.
 *
 * Comparisons in loops are arithmetic instead of branches: with a branch a comparison the verifier
 * walks every combination of outcomes (a million instructions at 64 rules), without it walks one.
 */
#ifndef WGF_VERDICT_H
#define WGF_VERDICT_H

#include "facts.h"
#include "reasons.h"

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

#define WGF_PORT_DNS	 53
#define WGF_PORT_DNS_TLS 853
#define WGF_PORT_SSDP	 1900
#define WGF_PORT_NAT_PMP 5351
#define WGF_PORT_MDNS	 5353
#define WGF_PORT_LSD	 6771

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

WGF_INLINE int wgf_is_source(const struct wgf_policy *p, const union wgf_ip *ip, u32 ifindex)
{
	for (u32 i = 0; i < WGF_MAX_SOURCES && i < p->n_sources; i++) {
		const struct wgf_source *s = &p->sources[i];

		if ((wgf_ip_differs(ip, &s->addr) | (ifindex ^ s->ifindex)) == 0)
			return 1;
	}
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

WGF_INLINE int wgf_is_named_network(const struct wgf_policy *p, const union wgf_ip *ip, u32 ifindex)
{
	u32 hit = 0;

	WGF_EACH(i, WGF_MAX_NETWORKS, p->n_networks)
	{
		const struct wgf_network *n = &p->networks[i];

		hit |= wgf_is_zero(wgf_ip_outside(ip, &n->addr, &n->mask) | (ifindex ^ n->ifindex));
	}
	return hit && ifindex != 0;
}

/* Of one of the host's IPv4 networks. */
WGF_INLINE int wgf_is_broadcast(const struct wgf_policy *p, const struct wgf_facts *f)
{
	u32 hit = 0, be = f->remote.w[3];

	WGF_EACH(i, WGF_MAX_BROADCASTS, p->n_broadcasts)
	hit |= wgf_is_zero(be ^ p->broadcasts[i]);
	return hit && be != 0 && f->family == WGF_IPV4;
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

/* What the scope alone says of a destination; WGF_NO_POLICY where it says nothing. */
WGF_INLINE u32 wgf_not_unicast(u32 scope)
{
	switch (scope) {
	case WGF_LOOPED:
		return WGF_LOOPBACK;
	case WGF_GROUP:
		return WGF_MULTICAST;
	case WGF_EVERYONE:
		return WGF_BROADCAST;
	case WGF_NOWHERE:
		return WGF_UNSPECIFIED;
	default:
		return WGF_NO_POLICY;
	}
}

/* Noise and leak are told apart: destinations that have a reason of their own. */
WGF_INLINE u32 wgf_noise(const struct wgf_facts *f, u32 scope, int broadcast)
{
	u32 port = f->remote_port;

	if (f->proto == WGF_UDP && (port == WGF_PORT_NAT_PMP || port == WGF_PORT_SSDP))
		return WGF_PORT_MAPPING;
	if (f->proto == WGF_UDP && (port == WGF_PORT_LSD || port == WGF_PORT_MDNS))
		return WGF_LOCAL_DISCOVERY;
	if (scope == WGF_GROUP)
		return WGF_MULTICAST;
	if (scope == WGF_EVERYONE || broadcast)
		return WGF_BROADCAST;
	if (port == WGF_PORT_DNS || port == WGF_PORT_DNS_TLS)
		return WGF_DNS;
	return WGF_NO_POLICY;
}

/* The last word, where nothing admitted it. */
WGF_INLINE u32 wgf_leak(const struct wgf_policy *p, const struct wgf_facts *f, int looped)
{
	if (looped)
		return WGF_LOOPBACK;
	if (p->n_tunnels == 0)
		return WGF_NO_TUNNEL;
	return f->family == WGF_IPV4 ? WGF_PAST_TUNNEL_IPV4 : WGF_PAST_TUNNEL_IPV6;
}

/*
 * A packet that leaves or came by a tunnel (wgf_is_tunnel). Apart from wgf_verdict() because the
 * programs' fast way begins here. Broadcast addresses of the host's other networks are ordinary
 * ones at the tunnel's far end.
 */
WGF_INLINE u32 wgf_tunnel_verdict(const struct wgf_policy *p, const struct wgf_facts *f, u32 hook)
{
	u32 reason;

	if (hook == WGF_EGRESS && !wgf_is_source(p, &f->local, f->ifindex))
		return WGF_WRONG_SOURCE;
	if (wgf_is_webui(p, f))
		return WGF_WEBUI_TUNNEL;
	reason = hook == WGF_EGRESS ? wgf_not_unicast(wgf_scope(f)) : WGF_NO_POLICY;
	return reason != WGF_NO_POLICY ? reason : WGF_TUNNEL;
}

/* Packets by any other interface. */
WGF_INLINE u32 wgf_egress(const struct wgf_policy *p, const struct wgf_facts *f)
{
	u32 reason, rules, scope;
	int broadcast;

	if (wgf_is_webui(p, f)) {
		if (f->opens)
			return WGF_WEBUI_OPENS;
		return wgf_is_named_network(p, &f->remote, f->ifindex) ? WGF_WEBUI
								       : WGF_WEBUI_NETWORK;
	}
	/* All loops before the first branch that does not need them: each path would walk them. */
	rules = wgf_rules(p, f, 0, 0);
	broadcast = wgf_is_broadcast(p, f);
	if (rules & WGF_CONNECTS)
		return WGF_RULE;
	scope = wgf_scope(f);
	reason = wgf_noise(f, scope, broadcast);
	if (reason != WGF_NO_POLICY)
		return reason;
	if (rules & WGF_SERVES && !f->opens)
		return WGF_RULE;
	return wgf_leak(p, f, f->ifindex == p->lo || scope == WGF_LOOPED);
}

WGF_INLINE u32 wgf_ingress(const struct wgf_policy *p, const struct wgf_facts *f)
{
	u32 rules;

	if (wgf_is_webui(p, f))
		return wgf_is_named_network(p, &f->remote, f->ifindex) ? WGF_WEBUI
								       : WGF_WEBUI_NETWORK;
	rules = wgf_rules(p, f, 0, 0);
	if (rules & WGF_SERVES || (rules & WGF_CONNECTS && !f->opens))
		return WGF_RULE;
	return WGF_UNEXPECTED_INBOUND;
}

/*
 * connect(2): refuses only what egress would drop on every interface, from every source address
 * and, where the own port is not chosen yet, from every port. A TCP connect sends a bare SYN, which
 * no serve rule admits. Connecting to the unspecified address means this host; whoever gathers the
 * facts has turned it into loopback. (A socket bound to an address reaches that instead: a rule for
 * it is named by connecting to it, not to the unspecified address.)
 */
WGF_INLINE u32 wgf_connect(const struct wgf_policy *p, const struct wgf_facts *f)
{
	u32 reason, rules, scope;
	int broadcast;

	if (f->proto != WGF_TCP && f->proto != WGF_UDP)
		return WGF_TRANSPORT;
	if (wgf_is_webui(p, f))
		return WGF_WEBUI_OPENS;
	rules = wgf_rules(p, f, ~0u, 0 - wgf_is_zero(f->local_port));
	broadcast = wgf_is_broadcast(p, f);
	scope = wgf_scope(f);
	if (rules & WGF_CONNECTS)
		return WGF_RULE;
	if (p->n_tunnels && scope == WGF_UNICAST)
		return WGF_TUNNEL;
	reason = wgf_noise(f, scope, broadcast);
	if (reason != WGF_NO_POLICY)
		return reason;
	if (rules & WGF_SERVES && f->proto == WGF_UDP)
		return WGF_RULE;
	if (scope == WGF_NOWHERE)
		return WGF_UNSPECIFIED;
	return wgf_leak(p, f, scope == WGF_LOOPED);
}

/* bind(2): nothing that would make the application believe in another interface's address. */
WGF_INLINE u32 wgf_bind(const struct wgf_policy *p, const struct wgf_facts *f)
{
	int wildcard = wgf_is_v4(&f->local) ? f->local.w[3] == 0
					    : f->local.q[0] == 0 && f->local.q[1] == 0;

	if (wildcard)
		return WGF_CALL;
	if (wgf_is_webui(p, f) || wgf_is_tunnel_address(p, &f->local))
		return WGF_CALL;
	return f->local_port && wgf_is_served_port(p, f->proto, f->local_port) ? WGF_CALL
									       : WGF_BIND_REFUSED;
}

WGF_INLINE u32 wgf_sock_create(const struct wgf_policy *p, const struct wgf_facts *f)
{
	if (f->netns != p->netns)
		return WGF_FOREIGN_NAMESPACE;
	if (f->proto == WGF_TCP && f->type == WGF_SOCK_STREAM)
		return WGF_CALL;
	return f->proto == WGF_UDP && f->type == WGF_SOCK_DGRAM ? WGF_CALL : WGF_SOCKET_TYPE;
}

/*
 * `hook` is a constant in each program, which leaves one branch of the switch. A hook that is not
 * known here admits nothing.
 */
WGF_INLINE u32 wgf_verdict(const struct wgf_policy *p, const struct wgf_facts *f, u32 hook)
{
	if (!WGF_LIKELY(p->layout == WGF_LAYOUT))
		return WGF_NO_POLICY;
	if (!WGF_LIKELY(f->problem == 0))
		return f->problem;
	if ((hook == WGF_EGRESS || hook == WGF_INGRESS) && wgf_is_tunnel(p, f->ifindex))
		return wgf_tunnel_verdict(p, f, hook);
	switch (hook) {
	case WGF_EGRESS:
		return wgf_egress(p, f);
	case WGF_INGRESS:
		return wgf_ingress(p, f);
	case WGF_CONNECT:
		return wgf_connect(p, f);
	case WGF_BIND:
		return wgf_bind(p, f);
	case WGF_SOCK_CREATE:
		return wgf_sock_create(p, f);
	case WGF_SETSOCKOPT:
		return f->joins ? WGF_MULTICAST_JOIN : WGF_CALL;
	default:
		return WGF_NO_POLICY;
	}
}

#endif
