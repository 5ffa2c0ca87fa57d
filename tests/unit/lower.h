/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The naive statement's fences and packets in the form of the real one.
 *
 * Owns: the translation. It is the only place that knows both.
 */
#ifndef TEST_LOWER_H
#define TEST_LOWER_H

#include "compile.h"
#include "facts.h"
#include "naive.h"

static inline union wgf_ip lower_address(const struct address *a)
{
	union wgf_ip ip = {.b = {[10] = 0xff, [11] = 0xff}};

	if (a->v6)
		memcpy(ip.b, a->byte, 16);
	else
		memcpy(ip.b + 12, a->byte, 4);
	return ip;
}

static inline union wgf_ip lower_mask(const struct network *n)
{
	unsigned len = n->len + (n->first.v6 ? 0 : 96);
	union wgf_ip mask = {.q = {0, 0}};

	for (unsigned i = 0; i < len; i++)
		mask.b[i / 8] |= (u8)(0x80 >> i % 8);
	return mask;
}

static inline void lower_fence(const struct fence_spec *s, struct wgf_policy *p)
{
	memset(p, 0, sizeof(*p));
	p->layout = WGF_LAYOUT;
	p->webui = s->webui;
	p->webui_port = (u16)s->webui_port;
	p->lo = s->lo;
	p->netns = 1;
	p->cgroup = !s->unguarded;
	p->n_tunnels = s->unusable ? 0 : s->n_tunnels;
	p->n_sources = s->n_own;
	p->n_networks = s->n_networks;
	p->n_rules = s->n_exceptions;
	p->n_broadcasts = s->n_broadcasts;
	memcpy(p->tunnels, s->tunnel, sizeof(p->tunnels));
	for (unsigned i = 0; i < s->n_own; i++)
		p->sources[i] = (struct wgf_source){lower_address(&s->own[i].address),
						    s->own[i].dev, s->own[i].shared};
	for (unsigned i = 0; i < s->n_networks; i++) {
		const struct network *n = &s->network[i];

		p->networks[i].ifindex = n->dev;
		if (n->localhost)
			continue;
		p->networks[i].addr = lower_address(&n->first);
		p->networks[i].mask = lower_mask(n);
	}
	for (unsigned i = 0; i < s->n_exceptions; i++) {
		const struct exception *e = &s->exception[i];

		p->rules[i] = (struct wgf_rule){
			.addr = lower_address(&e->remote.first),
			.mask = lower_mask(&e->remote),
			.ifindex = e->remote.dev,
			.ifmask = e->remote.dev ? ~0U : 0,
			.port = (u16)e->port,
			.proto = e->tcp ? WGF_TCP : WGF_UDP,
			.kind = e->serve ? WGF_SERVE_RULE : WGF_CONNECT_RULE,
		};
	}
	for (unsigned i = 0; i < s->n_broadcasts; i++)
		memcpy(&p->broadcasts[i], s->broadcast[i].byte, 4);
	policy_set_fast(p);
}

static inline struct wgf_facts lower_flight(const struct flight *f)
{
	return (struct wgf_facts){
		.local = lower_address(&f->local),
		.remote = lower_address(&f->remote),
		.ifindex = f->dev,
		.local_port = (u16)f->local_port,
		.remote_port = (u16)f->remote_port,
		.proto = f->tcp ? WGF_TCP : WGF_UDP,
		.family = f->local.v6 ? WGF_IPV6 : WGF_IPV4,
		.opens = f->tcp && f->syn && !f->ack,
	};
}

#endif
