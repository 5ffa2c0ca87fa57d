/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict: policy and facts in, a reason out.
 *
 * Owns: every decision of the fence, for all hooks, so that they cannot drift apart. Must never
 * include the kernel or libc, do I/O, or loop without a constant bound: it is compiled for BPF, for
 * the unit tests, for the fuzzer and for `wgfence explain`, and simple enough for a model checker.
 */
#ifndef WGF_VERDICT_H
#define WGF_VERDICT_H

#include "match.h"
#include "reasons.h"

#define WGF_PORT_DNS	 53
#define WGF_PORT_DNS_TLS 853
#define WGF_PORT_SSDP	 1900
#define WGF_PORT_NAT_PMP 5351
#define WGF_PORT_MDNS	 5353
#define WGF_PORT_LSD	 6771

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
 * A packet that leaves or came by a tunnel (wgf_is_tunnel). Broadcast addresses of the host's other
 * networks are ordinary ones at the tunnel's far end.
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
 * Must a datagram to there be judged in the call that sends it? Of what goes to a group or to
 * everybody on a network the kernel gives a copy to this host's own programs, and passes it on
 * where the host routes groups, in ip_mc_output(), before egress is asked; and the copy has no
 * socket, so it is never asked about. (IPv6 asks first: ip6_finish_output().)
 */
WGF_INLINE int wgf_comes_back(const struct wgf_policy *p, u32 to)
{
	u32 scope = wgf_scope_v4(to);

	return p->layout != WGF_LAYOUT || scope == WGF_GROUP || scope == WGF_EVERYONE ||
	       wgf_is_broadcast_v4(p, to);
}

/*
 * connect(2), and sends of what wgf_comes_back(): refuses only what egress would drop on every
 * interface, from every source address and, where the own port is not chosen yet, from every port;
 * and datagrams to the broadcast address of one of the host's networks, though a socket that is
 * bound to the tunnel could send one there, where it is ordinary. A TCP connect sends a bare SYN,
 * which no serve rule admits. Connecting to the unspecified address means this host; whoever
 * gathers the facts has turned it into loopback. (A socket bound to an address reaches that
 * instead: a rule for it is named by connecting to it, not to the unspecified address.)
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
	if (p->n_tunnels && scope == WGF_UNICAST && !(broadcast && f->proto == WGF_UDP))
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
 * A packet of anybody: without a policy, or with one that has no guard, it is nobody's business. An
 * interface may have become the tunnel while the guard is still on it. An address that another
 * interface has, too, is not the tunnel's alone.
 */
WGF_INLINE u32 wgf_guard(const struct wgf_policy *p, const struct wgf_facts *f)
{
	if (p->layout != WGF_LAYOUT || !p->cgroup || wgf_is_tunnel(p, f->ifindex))
		return WGF_CALL;
	if (f->frame)
		return WGF_PACKET_SOCKET;
	return wgf_is_own_address(p, &f->local) ? WGF_TUNNEL_ADDRESS : WGF_CALL;
}

/*
 * `hook` is a constant in each program, which leaves one branch of the switch. A hook that is not
 * known here admits nothing.
 */
WGF_INLINE u32 wgf_verdict(const struct wgf_policy *p, const struct wgf_facts *f, u32 hook)
{
	if (hook == WGF_GUARD)
		return wgf_guard(p, f);
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
		if (f->joins)
			return WGF_MULTICAST_JOIN;
		return f->frame ? WGF_PACKET_SOCKET : WGF_CALL;
	case WGF_UNIX:
		return f->named ? WGF_CALL : WGF_UNIX_SOCKET;
	default:
		return WGF_NO_POLICY;
	}
}

#endif
