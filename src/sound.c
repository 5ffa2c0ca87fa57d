// SPDX-License-Identifier: GPL-2.0-only
#include "sound.h"

#include "../bpf/fast.h"

#define NONE (~0u)

static bool counts_fit(const struct wgf_policy *p)
{
	return p->n_tunnels <= WGF_MAX_TUNNELS && p->n_sources <= WGF_MAX_SOURCES &&
	       p->n_networks <= WGF_MAX_NETWORKS && p->n_rules <= WGF_MAX_RULES &&
	       p->n_broadcasts <= WGF_MAX_BROADCASTS;
}

static bool is_tunnel(const struct wgf_policy *p, u32 ifindex)
{
	bool is = false;

	for (u32 i = 0; i < WGF_MAX_TUNNELS; i++)
		is |= p->tunnels[i] == ifindex;
	return is && ifindex;
}

/*
 * Egress asks for a source and not whether a tunnel can be used; and it looks at all sources, so
 * those behind the last must be on no interface.
 */
static bool sources_are_sound(const struct wgf_policy *p)
{
	bool sound = p->n_tunnels || !p->n_sources;

	for (u32 i = 0; i < WGF_MAX_SOURCES; i++) {
		u32 ifindex = p->sources[i].ifindex;

		sound &= i < p->n_sources ? is_tunnel(p, ifindex) : ifindex == 0;
	}
	return sound;
}

/* The loops over these are longer than they are: what is behind the last must match nothing. */
static bool networks_are_sound(const struct wgf_policy *p)
{
	bool sound = true;

	for (u32 i = 0; i < WGF_MAX_NETWORKS; i++)
		sound &= i < p->n_networks || p->networks[i].ifindex == 0;
	return sound;
}

static bool broadcasts_are_sound(const struct wgf_policy *p)
{
	bool sound = true;

	for (u32 i = 0; i < WGF_MAX_BROADCASTS; i++)
		sound &= i < p->n_broadcasts || p->broadcasts[i] == 0;
	return sound;
}

static bool rules_are_sound(const struct wgf_policy *p)
{
	bool sound = true;

	for (u32 i = 0; i < WGF_MAX_RULES; i++) {
		const struct wgf_rule *r = &p->rules[i];

		sound &= i < p->n_rules ? r->ifmask == 0 || r->ifmask == NONE
					: r->kind == WGF_NO_RULE;
	}
	return sound;
}

/*
 * The guard's fast way passes nothing that has this source, neither behind Ethernet nor without a
 * link header, where a part of the source stands in the ethertype's place.
 */
static bool guard_asks(const struct wgf_fast *fast, const union wgf_ip *a)
{
	bool v4 = wgf_is_v4(a);
	u64 bit = wgf_guard_bit(v4 ? a->w[3] : a->q[0] ^ a->q[1]);

	if (v4 ? a->h[6] == WGF_BE16(WGF_ETH_IPV4) : a->h[2] == WGF_BE16(WGF_ETH_IPV6))
		return fast->others == ~0ull;
	if (v4 ? a->w[3] == fast->source4
	       : a->q[0] == fast->source6.q[0] && a->q[1] == fast->source6.q[1])
		return true;
	return fast->others & bit;
}

/* It says nothing that the sources and the WebUI's port do not say. */
static bool fast_is_sound(const struct wgf_policy *p)
{
	const struct wgf_fast *fast = &p->fast;
	bool v4 = fast->tunnel4 == NONE, v6 = fast->tunnel6 == NONE;
	bool sound = fast->webui == (p->webui ? WGF_BE16(p->webui_port) : NONE);

	for (u32 i = 0; i < WGF_MAX_SOURCES && i < p->n_sources; i++) {
		const struct wgf_source *s = &p->sources[i];

		if (wgf_is_v4(&s->addr))
			v4 |= s->ifindex == fast->tunnel4 && s->addr.w[3] == fast->source4;
		else
			v6 |= s->ifindex == fast->tunnel6 && s->addr.q[0] == fast->source6.q[0] &&
			      s->addr.q[1] == fast->source6.q[1];
		sound &= guard_asks(fast, &s->addr);
	}
	return sound && v4 && v6;
}

/* Port 0 means "any" to connect, so it cannot be the WebUI's. */
bool policy_is_sound(const struct wgf_policy *p)
{
	return p->layout == WGF_LAYOUT && counts_fit(p) && (!p->webui || p->webui_port) &&
	       sources_are_sound(p) && networks_are_sound(p) && broadcasts_are_sound(p) &&
	       rules_are_sound(p) && fast_is_sound(p);
}
