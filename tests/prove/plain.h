/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may pass, stated plainly: the README's sentences over a policy and a packet's facts.
 *
 * Owns: the questions that the claims are made of. Must share no line with bpf/match.h or
 * bpf/verdict.h: what both got wrong in the same way would be proved.
 */
#ifndef WGF_PLAIN_H
#define WGF_PLAIN_H

#include <stdbool.h>

#include "facts.h"

static inline bool plain_same(const union wgf_ip *a, const union wgf_ip *b)
{
	bool same = true;

	for (u32 i = 0; i < 4; i++)
		same &= a->w[i] == b->w[i];
	return same;
}

static inline bool plain_inside(const union wgf_ip *ip, const union wgf_ip *addr,
				const union wgf_ip *mask)
{
	bool inside = true;

	for (u32 i = 0; i < 4; i++)
		inside &= (ip->w[i] & mask->w[i]) == addr->w[i];
	return inside;
}

/* By a tunnel's interface, whether the tunnel can be used or not. */
static inline bool plain_tunnel(const struct wgf_policy *p, const struct wgf_facts *f)
{
	for (u32 i = 0; i < WGF_MAX_TUNNELS; i++)
		if (f->ifindex && p->tunnels[i] == f->ifindex)
			return true;
	return false;
}

/* With an address of the tunnel by which it goes. */
static inline bool plain_source(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_SOURCES; i++)
		is |= i < p->n_sources && p->sources[i].ifindex == f->ifindex &&
		      plain_same(&p->sources[i].addr, &f->local);
	return is;
}

static inline bool plain_webui(const struct wgf_policy *p, const struct wgf_facts *f)
{
	return p->webui && f->proto == WGF_TCP && f->local_port == p->webui_port;
}

/* To or from a network that is named, by the interface that it lives on. */
static inline bool plain_named(const struct wgf_policy *p, const struct wgf_facts *f)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_NETWORKS; i++)
		is |= i < p->n_networks && p->networks[i].ifindex == f->ifindex &&
		      plain_inside(&f->remote, &p->networks[i].addr, &p->networks[i].mask);
	return is && f->ifindex;
}

/* Of one of the host's networks. */
static inline bool plain_broadcast(const struct wgf_policy *p, const union wgf_ip *to)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_BROADCASTS; i++)
		is |= i < p->n_broadcasts && to->w[3] && to->w[3] == p->broadcasts[i];
	return is;
}

/* By whatever interface. */
static inline bool plain_rule_anywhere(const struct wgf_rule *r, const struct wgf_facts *f)
{
	u16 port = r->kind == WGF_SERVE_RULE ? f->local_port : f->remote_port;

	return r->proto == f->proto && r->port == port &&
	       plain_inside(&f->remote, &r->addr, &r->mask);
}

static inline bool plain_rule(const struct wgf_rule *r, const struct wgf_facts *f)
{
	return (r->ifmask == 0 || r->ifindex == f->ifindex) && plain_rule_anywhere(r, f);
}

static inline bool plain_ruled(const struct wgf_policy *p, const struct wgf_facts *f, u8 kind)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_RULES; i++)
		is |= i < p->n_rules && p->rules[i].kind == kind && plain_rule(&p->rules[i], f);
	return is;
}

#endif
