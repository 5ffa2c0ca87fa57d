// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy compiler: configuration and inventory in, policy out.
 *
 * Owns: the tunnel, its addresses, and the order of the parts. Must never do I/O, nor give two
 * policies for one input: the whole struct is cleared first, and entries stand in the order of the
 * inventory.
 */
#include "compile.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "compile_parts.h"
#include "notes.h"
#include "route.h"

static u32 loopback(const struct inventory *inv)
{
	for (unsigned i = 0; i < inv->n_links; i++)
		if (inv->links[i].flags & IFF_LOOPBACK)
			return inv->links[i].ifindex;
	return 0;
}

/* Why there is no tunnel now; NULL where there is one. */
static const char *tunnel_absence(const struct compilation *x)
{
	if (!x->tunnel)
		return "no such interface";
	if (!(x->tunnel->flags & IFF_UP))
		return "the interface is down";
	return inventory_tunnel_up(x->inv, x->c->tunnel) ? NULL : "the interface has no address";
}

static bool is_shared(const struct inventory *inv, const struct addr *a)
{
	for (unsigned i = 0; i < inv->n_addrs; i++)
		if (inv->addrs[i].ifindex != a->ifindex &&
		    ip_equal(&inv->addrs[i].local, &a->local))
			return true;
	return false;
}

static void add_source(struct wgf_policy *p, const struct addr *a, bool shared, bool *overflow)
{
	for (u32 i = 0; i < p->n_sources; i++)
		if (ip_equal(&p->sources[i].addr, &a->local))
			return;
	if (p->n_sources == WGF_MAX_SOURCES) {
		*overflow = true;
		return;
	}
	p->sources[p->n_sources].addr = a->local;
	p->sources[p->n_sources].shared = shared;
	p->sources[p->n_sources++].ifindex = a->ifindex;
}

static void compile_sources(const struct compilation *x)
{
	bool overflow = false;

	for (unsigned i = 0; i < x->inv->n_addrs; i++)
		if (is_tunnel(x, x->inv->addrs[i].ifindex))
			add_source(x->p, &x->inv->addrs[i], is_shared(x->inv, &x->inv->addrs[i]),
				   &overflow);
	if (overflow)
		note_add(x->notes, NOTE_OVERFLOW, 0,
			 "%s: more addresses than there is room for, members use the first %d",
			 x->c->tunnel, WGF_MAX_SOURCES);
}

static void compile_tunnel(const struct compilation *x)
{
	const char *absence = tunnel_absence(x);

	snprintf(x->p->names[0], sizeof(x->p->names[0]), "%s", x->c->tunnel);
	if (x->tunnel && x->tunnel->flags & IFF_LOOPBACK) {
		note_add(x->notes, NOTE_CONFLICT, 0, "%s: the loopback interface is no tunnel",
			 x->c->tunnel);
		return;
	}
	/* Also while it cannot be used: a rule without `dev` must not hold on it. */
	if (x->tunnel)
		x->p->tunnels[0] = x->tunnel->ifindex;
	if (absence) {
		note_add(x->notes, NOTE_ABSENT, 0, "%s: %s", x->c->tunnel, absence);
		return;
	}
	if (x->tunnel->type == ARPHRD_ETHER)
		note_add(x->notes, NOTE_WARNING, 0, "%s: an Ethernet device, not a tunnel",
			 x->c->tunnel);
	x->p->n_tunnels = 1;
	compile_sources(x);
}

static void set_mark(const struct config *c, struct wgf_policy *p)
{
	struct route_numbers n;

	if (c->route.off)
		return;
	route_numbers(c, &n);
	p->mark = n.mark;
	p->mark_mask = n.mask;
	p->table = n.table;
	p->priority = n.priority;
}

void policy_compile(const struct config *c, const struct inventory *inv, u64 netns, u64 cgroup,
		    struct wgf_policy *ret, struct notes *ret_notes)
{
	const struct compilation x = {c, inv, inventory_link_by_name(inv, c->tunnel), ret,
				      ret_notes};

	memset(ret, 0, sizeof(*ret));
	memset(ret_notes, 0, sizeof(*ret_notes));
	ret->layout = WGF_LAYOUT;
	ret->mode = c->mode;
	ret->netns = netns;
	ret->cgroup = c->guard_off ? 0 : cgroup;
	ret->lo = loopback(inv);
	set_mark(c, ret);
	compile_tunnel(&x);
	if (c->webui) {
		ret->webui = 1;
		ret->webui_port = c->webui_port;
		compile_networks(&x);
	}
	compile_broadcasts(&x);
	compile_rules(&x);
	policy_set_fast(ret);
}

bool policy_same(const struct wgf_policy *a, const struct wgf_policy *b)
{
	struct wgf_policy same = *b;

	same.generation = a->generation;
	return memcmp(a, &same, sizeof(same)) == 0;
}
