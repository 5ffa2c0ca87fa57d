// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules and the broadcast addresses that limit them.
 *
 * Owns: both arrays of the policy. Must never let a rule reach what a full array failed to forbid.
 */
#include "compile_parts.h"
#include "connected.h"
#include "notes.h"

#define V4_NEVER_BROADCAST (96 + 31) /* RFC 3021: /31 and /32 have no broadcast address */

static bool has_broadcast(const struct wgf_policy *p, u32 be)
{
	for (u32 i = 0; i < p->n_broadcasts; i++)
		if (p->broadcasts[i] == be)
			return true;
	return false;
}

/*
 * The one that the interface was given, and the one that its prefix implies. A tunnel's as well:
 * the kernel makes no difference (fib_add_ifaddr()), and has this host's programs hear what goes
 * there.
 */
static unsigned broadcasts_of(const struct addr *a, u32 ret[2])
{
	unsigned n = 0;

	if (!wgf_is_v4(&a->local))
		return 0;
	if (a->has_broadcast)
		ret[n++] = a->broadcast;
	if (a->network.len < V4_NEVER_BROADCAST)
		ret[n++] = a->network.addr.w[3] | ~ip_mask(a->network.len).w[3];
	return n;
}

void compile_broadcasts(const struct compilation *x)
{
	bool overflow = false;
	u32 be[2];

	for (unsigned i = 0; i < x->inv->n_addrs; i++) {
		for (unsigned k = broadcasts_of(&x->inv->addrs[i], be); k-- > 0;) {
			if (has_broadcast(x->p, be[k]))
				continue;
			if (x->p->n_broadcasts == WGF_MAX_BROADCASTS)
				overflow = true;
			else
				x->p->broadcasts[x->p->n_broadcasts++] = be[k];
		}
	}
	if (overflow)
		note_add(x->notes, NOTE_OVERFLOW, 0,
			 "this host has more broadcast addresses than there is room for (%d)",
			 WGF_MAX_BROADCASTS);
}

/*
 * A serve rule for UDP lets a member send to its whole prefix but for the broadcast addresses in
 * the policy. One that did not fit is reached only by rules that cover it: those are left out.
 */
static bool reaches_lost_broadcast(const struct compilation *x, const struct config_rule *r,
				   u32 ifindex)
{
	u32 be[2];

	if (r->kind != WGF_SERVE_RULE || r->proto != WGF_UDP)
		return false;
	for (unsigned i = 0; i < x->inv->n_addrs; i++) {
		const struct addr *a = &x->inv->addrs[i];

		if (ifindex && ifindex != a->ifindex)
			continue;
		for (unsigned k = broadcasts_of(a, be); k-- > 0;) {
			const union wgf_ip ip = {.w = {0, 0, WGF_BE32(0xffff), be[k]}};

			if (!has_broadcast(x->p, be[k]) && prefix_covers(&r->remote, &ip))
				return true;
		}
	}
	return false;
}

/* Multicast, link-local and unique local addresses are wide and yet not the internet. */
static bool is_internet(const struct prefix *p)
{
	if (wgf_is_v4(&p->addr))
		return p->addr.b[12] < 224;
	return p->addr.b[0] < 0xfc;
}

static void add(struct wgf_policy *p, const struct config_rule *r, u32 ifindex)
{
	struct wgf_rule *rule = &p->rules[p->n_rules++];

	rule->mask = ip_mask(r->remote.len);
	rule->addr = ip_and(&r->remote.addr, &rule->mask);
	rule->ifindex = ifindex;
	rule->ifmask = ifindex ? ~0U : 0;
	rule->port = r->port;
	rule->proto = r->proto;
	rule->kind = r->kind;
	rule->line = r->line;
}

static void compile_rule(const struct compilation *x, const struct config_rule *r)
{
	const struct link *l = NULL;
	char text[IP_TEXT];

	if (r->ifname[0]) {
		l = inventory_link_by_name(x->inv, r->ifname);
		if (!l) {
			note_add(x->notes, NOTE_ABSENT, r->line, "%s: no such interface",
				 r->ifname);
			return;
		}
	}
	if (reaches_lost_broadcast(x, r, l ? l->ifindex : 0)) {
		note_add(x->notes, NOTE_OVERFLOW, r->line,
			 "%s: covers a broadcast address that does not fit; the rule is left out",
			 prefix_print(&r->remote, text));
		return;
	}
	if (connected_too_wide(&r->remote) && is_internet(&r->remote))
		note_add(x->notes, NOTE_WARNING, r->line, "%s: this names most of the internet",
			 prefix_print(&r->remote, text));
	add(x->p, r, l ? l->ifindex : 0);
}

void compile_rules(const struct compilation *x)
{
	for (unsigned i = 0; i < x->c->n_rules; i++)
		compile_rule(x, &x->c->rules[i]);
}
