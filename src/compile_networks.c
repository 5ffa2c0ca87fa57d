// SPDX-License-Identifier: GPL-2.0-only
/*
 * The networks that the WebUI answers: what their names mean on this machine.
 *
 * Owns: turning each word of [webui] allow into prefixes on interfaces. Must never give a network
 * on the tunnel, one that covers the tunnel's own address or the resolver, or one that its
 * interface does not carry (but for PREFIX@IFACE, where the user vouches for it).
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "compile_parts.h"
#include "connected.h"
#include "lan.h"
#include "notes.h"

#define NAMED_TEXT (IP_TEXT + WGF_IFNAME)

/* One word of the list, and what became of it. */
struct word {
	const struct compilation *x;
	const struct config_network *named;
	bool found;    /* it means something now, even if that had to be withdrawn */
	bool overflow; /* not all of what it means fits */
};

static const char *named_print(const struct config_network *n, char out[NAMED_TEXT])
{
	char text[IP_TEXT];

	switch (n->kind) {
	case NETWORK_LOCALHOST:
		return "localhost";
	case NETWORK_LAN:
		return "lan";
	case NETWORK_INTERFACE:
		return n->ifname;
	case NETWORK_PREFIX:
		return prefix_print(&n->prefix, out);
	case NETWORK_ROUTED:
		break;
	}
	snprintf(out, NAMED_TEXT, "%s@%s", prefix_print(&n->prefix, text), n->ifname);
	return out;
}

static void remark(const struct word *w, enum note_kind kind, const char *text)
{
	char named[NAMED_TEXT];

	note_add(w->x->notes, kind, w->named->line, "%s: %s", named_print(w->named, named), text);
}

static void add(struct word *w, u32 ifindex, const struct prefix *p)
{
	struct wgf_policy *policy = w->x->p;
	struct wgf_network n = {.mask = ip_mask(p->len), .ifindex = ifindex};

	n.addr = ip_and(&p->addr, &n.mask);
	for (u32 i = 0; i < policy->n_networks; i++)
		if (memcmp(&policy->networks[i], &n, sizeof(n)) == 0)
			return;
	if (policy->n_networks == WGF_MAX_NETWORKS)
		w->overflow = true;
	else
		policy->networks[policy->n_networks++] = n;
}

/* A word that stands for prefixes is told which of them. */
static void withdraw(const struct word *w, const struct prefix *p, const char *what,
		     const union wgf_ip *ip)
{
	bool stands_for = w->named->kind == NETWORK_LAN || w->named->kind == NETWORK_INTERFACE;
	char text[192], network[IP_TEXT], address[IP_TEXT];

	snprintf(text, sizeof(text), "%s%scovers %s %s", stands_for ? prefix_print(p, network) : "",
		 stands_for ? " " : "", what, ip_print(ip, address));
	remark(w, NOTE_CONFLICT, text);
}

/*
 * Does it cover what only the tunnel may lead to? Link-local addresses are on every link, the
 * tunnel's too, and contradict nothing.
 */
static bool conflicts(const struct word *w, const struct prefix *p)
{
	const struct compilation *x = w->x;

	for (unsigned i = 0; i < x->inv->n_addrs; i++) {
		const struct addr *a = &x->inv->addrs[i];

		if (is_tunnel(x, a->ifindex) && !is_link_local(&a->local) &&
		    prefix_covers(p, &a->local)) {
			withdraw(w, p, "the tunnel's own address", &a->local);
			return true;
		}
	}
	for (unsigned i = 0; i < x->c->n_servers; i++) {
		if (prefix_covers(p, &x->c->servers[i])) {
			withdraw(w, p, "the resolver", &x->c->servers[i]);
			return true;
		}
	}
	return false;
}

static void offer(struct word *w, const struct link *l, const struct prefix *p)
{
	w->found = true;
	if (!conflicts(w, p))
		add(w, l->ifindex, p);
}

/* Any address on lo: a host reaches its own LAN address by lo, with that address as source. */
static void name_localhost(struct word *w)
{
	const struct prefix any = {.len = 0};

	w->found = w->x->p->lo != 0;
	if (w->found)
		add(w, w->x->p->lo, &any);
	else
		remark(w, NOTE_ABSENT, "there is no loopback interface");
}

static void name_lan(struct word *w)
{
	const struct inventory *inv = w->x->inv;
	struct prefix p;

	for (unsigned i = 0; i < inv->n_links; i++) {
		const struct link *l = &inv->links[i];
		unsigned at = 0;

		if (is_tunnel(w->x, l->ifindex) || !lan_has_link(inv, l))
			continue;
		while (connected_next(inv, l, &at, &p))
			if (lan_has_network(&p))
				offer(w, l, &p);
	}
	if (!w->found)
		remark(w, NOTE_ABSENT, "no Ethernet interface has a private network");
}

/* The interface that is named; NULL where it is not there or may not be named. */
static const struct link *named_link(const struct word *w)
{
	const struct link *l = inventory_link_by_name(w->x->inv, w->named->ifname);

	if (!l)
		remark(w, NOTE_ABSENT, "no such interface");
	else if (is_tunnel(w->x, l->ifindex))
		remark(w, NOTE_CONFLICT, "that is the tunnel");
	else
		return l;
	return NULL;
}

static void name_interface(struct word *w)
{
	const struct link *l = named_link(w);
	unsigned at = 0;
	struct prefix p;

	if (!l)
		return;
	while (connected_next(w->x->inv, l, &at, &p))
		offer(w, l, &p);
	if (!w->found)
		remark(w, NOTE_ABSENT, "the interface has no network");
}

/* Where interfaces carry it, or a part of it. */
static void name_prefix(struct word *w)
{
	const struct inventory *inv = w->x->inv;
	struct prefix p;

	if (conflicts(w, &w->named->prefix))
		return;
	for (unsigned i = 0; i < inv->n_links; i++) {
		const struct link *l = &inv->links[i];
		unsigned at = 0;

		if (is_tunnel(w->x, l->ifindex) || l->flags & IFF_LOOPBACK)
			continue;
		while (connected_next(inv, l, &at, &p)) {
			if (prefix_intersect(&p, &w->named->prefix, &p)) {
				w->found = true;
				add(w, l->ifindex, &p);
			}
		}
	}
	if (!w->found)
		remark(w, NOTE_ABSENT, "no interface carries it");
}

static void name_routed(struct word *w)
{
	const struct link *l = named_link(w);

	if (l)
		offer(w, l, &w->named->prefix);
}

/* PREFIX alone is cut down to what interfaces carry, so only "everything" is too wide there. */
static bool too_wide(const struct config_network *n)
{
	unsigned all = wgf_is_v4(&n->prefix.addr) ? 96 : 0;

	if (n->kind == NETWORK_ROUTED)
		return connected_too_wide(&n->prefix);
	return n->kind == NETWORK_PREFIX && n->prefix.len <= all;
}

static void name(struct word *w)
{
	if (too_wide(w->named)) {
		remark(w, NOTE_CONFLICT, "too wide to be a network");
		return;
	}
	switch (w->named->kind) {
	case NETWORK_LOCALHOST:
		name_localhost(w);
		break;
	case NETWORK_LAN:
		name_lan(w);
		break;
	case NETWORK_INTERFACE:
		name_interface(w);
		break;
	case NETWORK_PREFIX:
		name_prefix(w);
		break;
	case NETWORK_ROUTED:
		name_routed(w);
		break;
	}
}

void compile_networks(const struct compilation *x)
{
	for (unsigned i = 0; i < x->c->n_networks; i++) {
		struct word w = {.x = x, .named = &x->c->networks[i]};

		name(&w);
		if (w.overflow)
			remark(&w, NOTE_OVERFLOW, "more networks than there is room for");
	}
}
