// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connected prefixes: the networks that a link carries.
 *
 * Owns: what counts as one. Must never let a route to the world pass for a network: an exit node on
 * tailscale0, or ::/0 on a point-to-point link, would open the WebUI to the internet.
 */
#include "connected.h"

#include <string.h>

#define V4_MIN	       (96 + 8)
#define V6_MIN	       32
#define LINK_LOCAL_LEN 10

static const struct prefix link_local = {{.b = {0xfe, 0x80}}, LINK_LOCAL_LEN};

/*
 * Tailscale routes its peers in a table of its own (52) and gives the interface a /32 only; these
 * are the ranges that it takes every address from.
 */
static const char tailscale[] = "tailscale0";
static const struct prefix tailnet[] = {
	{{.b = {[10] = 0xff, [11] = 0xff, 100, 64}}, 96 + 10},
	{{.b = {0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0}}, 48},
};

bool is_link_local(const union wgf_ip *ip)
{
	return ip->b[0] == 0xfe && (ip->b[1] & 0xc0) == 0x80;
}

/* ::/64 is no link's either, but it would cover ::ffff:0:0/96, and with it all of IPv4. */
bool connected_too_wide(const struct prefix *p)
{
	if (wgf_is_v4(&p->addr))
		return p->len < V4_MIN;
	if (is_link_local(&p->addr))
		return p->len < LINK_LOCAL_LEN;
	return p->len < V6_MIN || (p->len < 96 && p->addr.q[0] == 0);
}

static bool counts(const struct prefix *p)
{
	return !is_link_local(&p->addr) && !connected_too_wide(p);
}

static bool of_address(const struct addr *a, struct prefix *ret)
{
	*ret = is_link_local(&a->local) ? link_local : a->network;
	return is_link_local(&a->local) || counts(ret);
}

bool connected_next(const struct inventory *inv, const struct link *l, unsigned *at,
		    struct prefix *ret)
{
	if (strcmp(l->name, tailscale) == 0) {
		if (*at == sizeof(tailnet) / sizeof(tailnet[0]))
			return false;
		*ret = tailnet[(*at)++];
		return true;
	}
	while (*at < inv->n_addrs) {
		const struct addr *a = &inv->addrs[(*at)++];

		if (a->ifindex == l->ifindex && of_address(a, ret))
			return true;
	}
	while (*at < inv->n_addrs + inv->n_onlinks) {
		const struct onlink *o = &inv->onlinks[(*at)++ - inv->n_addrs];

		*ret = o->network;
		if (o->ifindex == l->ifindex && counts(ret))
			return true;
	}
	return false;
}
