// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the word `lan` means.
 *
 * Owns: which interfaces are on a local network and which of their networks are local. Must never
 * take in what merely looks like Ethernet: TAP, VXLAN, dummies and the bridges of containers and
 * virtual machines are other people's networks.
 */
#include "lan.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "connected.h"

#define V6_MIN 64 /* shorter is no link's own prefix */

static bool among(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (strcmp(kind, *kinds) == 0)
			return true;
	return false;
}

static const char *kind_of(const struct inventory *inv, u32 ifindex)
{
	const struct link *l = ifindex ? inventory_link(inv, ifindex) : NULL;

	return l ? l->kind : NULL;
}

/* A driver of hardware has no rtnl kind, but for switch ports; the others stand on hardware. */
static bool is_hardware(const struct link *l)
{
	static const char *const kinds[] = {"", "dsa", "bond", "team", "vlan", NULL};

	return among(l->kind, kinds);
}

static bool bridges_hardware(const struct inventory *inv, const struct link *bridge)
{
	for (unsigned i = 0; i < inv->n_links; i++)
		if (inv->links[i].master == bridge->ifindex && is_hardware(&inv->links[i]))
			return true;
	return false;
}

/* What is plugged into one of these has no traffic of its own: the master receives it. */
static bool is_port(const struct inventory *inv, const struct link *l)
{
	static const char *const masters[] = {"bridge", "bond", "team", "openvswitch", NULL};
	const char *kind = kind_of(inv, l->master);

	return kind && among(kind, masters);
}

bool lan_has_link(const struct inventory *inv, const struct link *l)
{
	static const char *const virtual[] = {"veth", "macvlan", "ipvlan", NULL};

	if (l->type != ARPHRD_ETHER || l->flags & (IFF_LOOPBACK | IFF_POINTOPOINT))
		return false;
	if (is_port(inv, l))
		return false;
	if (strcmp(l->kind, "bridge") == 0)
		return bridges_hardware(inv, l);
	return is_hardware(l) || among(l->kind, virtual);
}

bool lan_has_network(const struct prefix *p)
{
	static const struct prefix private[] = {
		{{.b = {[10] = 0xff, [11] = 0xff, 10}}, 96 + 8},
		{{.b = {[10] = 0xff, [11] = 0xff, 172, 16}}, 96 + 12},
		{{.b = {[10] = 0xff, [11] = 0xff, 192, 168}}, 96 + 16},
	};

	if (!wgf_is_v4(&p->addr))
		return p->len >= V6_MIN || is_link_local(&p->addr);
	for (unsigned i = 0; i < sizeof(private) / sizeof(private[0]); i++)
		if (p->len >= private[i].len && prefix_covers(&private[i], &p -> addr))
			return true;
	return false;
}
