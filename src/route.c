// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include <string.h>

#include "connected.h"

#define NAMES	 127   /* marks that names lead to */
#define TABLE	 22000 /* and tables behind it */
#define PRIORITY 4600  /* 4 a fence, all before Tailscale's (5210) */

/* Not the name's bytes in sum: a-1 and b-0 must differ. FNV-1a. */
static u32 hash(const char *name)
{
	u32 h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h ^ (h >> 16);
}

void route_numbers(const struct config *c, struct route_numbers *ret)
{
	const struct config_route *r = &c->route;
	u32 n = 1 + hash(c->name) % NAMES;

	*ret = (struct route_numbers){
		.table = r->table ? r->table : TABLE + n,
		.priority = r->priority ? r->priority : PRIORITY + 4 * n,
		.mark = r->mask ? r->mark : n << 24,
		.mask = r->mask ? r->mask : 0x7f000000,
	};
}

struct route_numbers route_numbers_of(const struct wgf_policy *p)
{
	return (struct route_numbers){
		.table = p->table, .priority = p->priority, .mark = p->mark, .mask = p->mark_mask};
}

bool route_numbers_meet(const struct route_numbers *a, const struct route_numbers *b)
{
	return a->table == b->table ||
	       (a->priority < b->priority + ROUTE_PRIORITIES &&
		b->priority < a->priority + ROUTE_PRIORITIES) ||
	       ((a->mark ^ b->mark) & a->mask & b->mask) == 0;
}

static const struct prefix any = {.len = 0};

static void add_rule(struct route_set *s, const struct route_rule *r)
{
	if (s->n_rules < ROUTE_MAX && !route_has_rule(s, r))
		s->rules[s->n_rules++] = *r;
}

static unsigned mask_len(const union wgf_ip *mask)
{
	unsigned len = 0;

	while (len < 128 && mask->b[len / 8] & (0x80 >> len % 8))
		len++;
	return len;
}

/* What is on loopback is found in the kernel's local table, which comes first. */
static bool is_loopback(const struct prefix *p)
{
	static const union wgf_ip v6 = {.b = {[15] = 1}};

	return p->len >= 96 && wgf_is_v4(&p->addr) ? p->len >= 104 && p->addr.b[12] == 127
						   : p->len == 128 && ip_equal(&p->addr, &v6);
}

/* A remote prefix of a rule: the whole of IPv6 holds for IPv4 as little as in the verdict. */
static void add_near(struct route_set *s, const struct route_numbers *n, const union wgf_ip *addr,
		     const union wgf_ip *mask, const struct wgf_rule *exact)
{
	struct route_rule r = {.action = ROUTE_GOTO,
			       .priority = n->priority + 1,
			       .target = n->priority + 3,
			       .mark = n->mark,
			       .mask = n->mask,
			       .to = {*addr, mask_len(mask)}};

	r.ipv4 = r.to.len >= 96 && wgf_is_v4(addr);
	if (is_loopback(&r.to))
		return;
	if (r.ipv4 && r.to.len == 96)
		r.to = any; /* as the kernel has it */
	if (exact) {
		r.proto = exact->proto;
		*(exact->kind == WGF_CONNECT_RULE ? &r.to_port : &r.from_port) = exact->port;
	}
	add_rule(s, &r);
}

static void plan_sources(struct route_set *s, const struct route_numbers *n,
			 const struct wgf_policy *p)
{
	for (u32 i = 0; i < p->n_sources; i++) {
		const union wgf_ip *a = &p->sources[i].addr;
		struct route_rule r = {.ipv4 = wgf_is_v4(a),
				       .action = ROUTE_LOOKUP,
				       .priority = n->priority,
				       .target = n->table,
				       .from = {*a, 128}};

		/*
		 * Every link has a link-local one. And what the host says from an address that is
		 * another interface's, too, is its own.
		 */
		if (!is_link_local(a) && !p->sources[i].shared)
			add_rule(s, &r);
	}
}

static bool has_source(const struct wgf_policy *p, bool ipv4)
{
	for (u32 i = 0; i < p->n_sources; i++)
		if (wgf_is_v4(&p->sources[i].addr) == ipv4 && !is_link_local(&p->sources[i].addr))
			return true;
	return false;
}

static void plan_family(struct route_set *s, const struct route_numbers *n,
			const struct wgf_policy *p, bool ipv4)
{
	const struct route_rule lookup = {.ipv4 = ipv4,
					  .action = ROUTE_LOOKUP,
					  .priority = n->priority + 2,
					  .target = n->table,
					  .mark = n->mark,
					  .mask = n->mask};
	const struct route_rule nop = {
		.ipv4 = ipv4, .action = ROUTE_NOP, .priority = n->priority + 3};

	add_rule(s, &lookup);
	add_rule(s, &nop);
	s->defaults[s->n_defaults++] = (struct route_default){ipv4, n->table, 0};
	if (p->n_tunnels && has_source(p, ipv4))
		s->defaults[s->n_defaults++] =
			(struct route_default){ipv4, n->table, p->tunnels[0]};
}

void route_plan(const struct route_numbers *n, const struct wgf_policy *p, struct route_set *ret)
{
	memset(ret, 0, sizeof(*ret));
	plan_family(ret, n, p, true);
	plan_family(ret, n, p, false);
	plan_sources(ret, n, p);
	for (u32 i = 0; i < p->n_networks; i++)
		if (p->networks[i].ifindex != p->lo)
			add_near(ret, n, &p->networks[i].addr, &p->networks[i].mask, NULL);
	for (u32 i = 0; i < p->n_rules; i++)
		add_near(ret, n, &p->rules[i].addr, &p->rules[i].mask, &p->rules[i]);
}

static bool same_prefix(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && (!a->len || ip_equal(&a->addr, &b->addr));
}

bool route_has_rule(const struct route_set *s, const struct route_rule *r)
{
	for (unsigned i = 0; i < s->n_rules; i++) {
		const struct route_rule *o = &s->rules[i];

		if (o->ipv4 == r->ipv4 && o->action == r->action && o->priority == r->priority &&
		    o->target == r->target && o->mark == r->mark && o->mask == r->mask &&
		    same_prefix(&o->from, &r->from) && same_prefix(&o->to, &r->to) &&
		    o->from_port == r->from_port && o->to_port == r->to_port &&
		    o->proto == r->proto)
			return true;
	}
	return false;
}

bool route_has_default(const struct route_set *s, const struct route_default *d)
{
	for (unsigned i = 0; i < s->n_defaults; i++)
		if (s->defaults[i].ipv4 == d->ipv4 && s->defaults[i].table == d->table &&
		    s->defaults[i].ifindex == d->ifindex)
			return true;
	return false;
}

bool route_keep(const struct route_numbers *n, const struct wgf_policy *p,
		const struct route_rule *r)
{
	return p->n_sources == 0 && r->priority == n->priority && r->action == ROUTE_LOOKUP &&
	       r->target == n->table && !same_prefix(&r->from, &any);
}
